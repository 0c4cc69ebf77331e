//! What is known to differ, and why. The list is short, and each of its lines says what it is about.

use serde_json::Value;

use crate::compare::{Ids, same_words};
use crate::program::Step;

/// Which orders a series leaves open, so that PostgreSQL may answer as it likes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Open {
    /// Of the ids in a relation.
    pub(crate) links: bool,
    /// Of the whole answer.
    pub(crate) all: bool,
    /// How the domain of a group is written.
    pub(crate) domain: bool,
    /// When records were made and changed, and how the user is called.
    pub(crate) audit: bool,
    /// Of what an import says of the columns of a row.
    pub(crate) messages: bool,
}

/// Whether two errors, each an exception with its words, are not the same.
pub(crate) fn differ(live: (&str, &str), emulated: (&str, &str), ids: &Ids) -> bool {
    // A circle in a tree is found by the paths of the tree or by the model's own check, whichever Odoo comes to first: that hangs on
    // what it has not yet written to the database.
    if is_circle(live.1) && is_circle(emulated.1) {
        return false;
    }
    // 14 shows a constraint of the database by its name where the call does not say a language.
    if live.1 == "res_partner_check_name" {
        return live.0 != emulated.0;
    }
    // Of what the database says the first line is compared: those after it show the SQL.
    let lines = if live.0.starts_with("psycopg2") { 1 } else { usize::MAX };
    let [told, of_emulated] = [live.1, emulated.1].map(|text| text.lines().take(lines).collect::<Vec<_>>().join("\n"));
    live.0 != emulated.0 || !same_words(&told, &of_emulated, ids)
}

pub(crate) fn is_circle(words: &str) -> bool {
    words.to_lowercase().contains("recursi")
}

/// Up to 18 models are ordered by a name alone, and records may have the same: relations, searches by name and groups come in the
/// order of their model.
pub(crate) fn open(step: &Step, series: (u32, u32)) -> Open {
    let is_open = series < (19, 0);
    // 19 hands back a domain that it has made simpler; that of the emulator is as it was given.
    let domain = series >= (19, 0) && step.args.iter().any(|(name, value)| *name == "domain" && has_operators(value));
    let by_model = ["name_search", "read_group", "formatted_read_group"].contains(&step.method);
    // Fields that nobody names are all of them.
    let audit = step.method == "read" && step.args.iter().all(|(_, value)| value.as_array().is_none_or(Vec::is_empty));
    // They are converted in the order of a set of Python.
    let messages = is_open && step.method == "load";
    Open { links: is_open, all: is_open && by_model, domain, audit, messages }
}

fn has_operators(domain: &Value) -> bool {
    domain.as_array().is_some_and(|items| items.len() > 1)
}
