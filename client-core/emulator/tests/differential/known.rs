//! What is known to differ, and why. The list is short, and each of its lines says what it is about.

use serde_json::Value;

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
}

/// Up to 17 models are ordered by a name alone, and records may have the same: relations, searches by name and groups come in the
/// order of their model.
pub(crate) fn open(step: &Step, series: (u32, u32)) -> Open {
    let is_open = series < (18, 0);
    // 19 hands back a domain that it has made simpler; that of the emulator is as it was given.
    let domain = series >= (19, 0) && step.args.iter().any(|(name, value)| *name == "domain" && has_operators(value));
    let by_model = ["name_search", "read_group", "formatted_read_group"].contains(&step.method);
    Open { links: is_open, all: is_open && by_model, domain }
}

fn has_operators(domain: &Value) -> bool {
    domain.as_array().is_some_and(|items| items.len() > 1)
}
