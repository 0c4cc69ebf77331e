//! What people and scripts are told of a run.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::{Context, Result};
use odoo_client::error::visible;
use odoo_codegen::Schema;
use odoo_codegen::diff::{Change, Grade, Rename, Sure, What};
use serde::Serialize;

use crate::outcome::Outcome;

/// How many lines of a kind are shown before the rest is counted.
const SHOWN: usize = 20;

const RED: u8 = 31;
const GREEN: u8 = 32;
const YELLOW: u8 = 33;

/// The grades, the heaviest first, and their colours.
pub(crate) const GRADES: [(Grade, u8); 3] = [(Grade::Breaking, RED), (Grade::Dangerous, YELLOW), (Grade::Safe, GREEN)];

/// Says things on standard error, for people, or at the end in JSON on standard output, for scripts.
pub(crate) struct Report {
    json: bool,
    coloured: bool,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, coloured: has_colours(&std::io::stderr()) }
    }

    pub(crate) fn say(&self, line: &str) {
        eprintln!("{}", crate::as_run(line));
    }

    fn paint(&self, colour: u8, text: &str) -> String {
        if self.coloured { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn list(&self, label: &str, colour: u8, lines: &[impl Display]) {
        for line in lines.iter().take(SHOWN) {
            self.say(&format!("  {} {line}", self.paint(colour, label)));
        }
        if lines.len() > SHOWN {
            self.say(&format!("  {} … and {} more (--json lists all)", self.paint(colour, label), lines.len() - SHOWN));
        }
    }

    pub(crate) fn outcome(&self, outcome: &Outcome, check: bool, differs: bool) {
        let (red, yellow) = (RED, YELLOW);
        self.list("note:", yellow, &outcome.notes);
        self.list("warning:", yellow, &outcome.warnings);
        for (grade, colour) in GRADES {
            let changes: Vec<_> = outcome.changes.iter().filter(|change| change.grade == grade).map(told).collect();
            self.list(&format!("{grade}:"), colour, &changes);
        }
        let Outcome { target, source, series, models, fields, methods, written, removed, unchanged, .. } = outcome;
        if check && differs {
            self.list("would write", red, written);
            self.list("would remove", red, removed);
            let from = match *source {
                // Without it, it may be the wrong server.
                "server" if outcome.changes.iter().any(|change| change.what == What::Series) => {
                    format!("{target} --series '{series}'")
                }
                "server" => target.clone(),
                "emulator" => format!("{target} --emulate"),
                _ => format!("{target} --offline"),
            };
            self.say(&format!("{target}: out of date; run `cargo odoo regen {from}` and commit what it writes"));
            if *source == "server" && outcome.changes.iter().any(|change| change.grade > Grade::Safe) {
                self.say(&format!(
                    "`cargo odoo impact {target} --to live` names the lines of your code that it touches"
                ));
            }
        } else {
            let done = if check { "up to date" } else { "done" };
            let unchanged_since = if outcome.server_unchanged { ", which has not changed since" } else { "" };
            self.say(&format!(
                "{target}: {done}: Odoo {series} from the {source}{unchanged_since}, {}, {}, {}; {} written, {} removed, {unchanged} \
                 unchanged",
                counted(*models, "model"),
                counted(*fields, "field"),
                counted(*methods, "method"),
                counted(written.len(), "file"),
                removed.len(),
            ));
        }
    }

    pub(crate) fn json(&self, value: &impl Serialize) -> Result<()> {
        if self.json {
            let text = serde_json::to_string_pretty(value).context("the report is not JSON")?;
            print(&(plain_json(&text) + "\n"))?;
        }
        Ok(())
    }
}

/// Whether what goes there is to have colours: <https://no-color.org>
pub(crate) fn has_colours(output: &impl IsTerminal) -> bool {
    output.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// To standard output. That the reader, such as `head`, has enough of it is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done.context("cannot write to standard output"),
    }
}

/// The same JSON, in which what a terminal would obey or a reader not see is escaped as JSON does: such characters are in
/// texts alone.
pub(crate) fn plain_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        if c == '\n'
            || c == ' '
            || c.is_ascii_graphic()
            || visible(c.encode_utf8(&mut [0; 4])).to_string().starts_with(c)
        {
            plain.push(c);
        } else {
            plain.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    plain
}

/// So many of something: `1 model`, `2 models`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A change, with the new name that is proposed.
pub(crate) fn told(change: &Change) -> String {
    let rename = change.rename.as_ref().map(|rename| format!(": {}", visible(&proposal(rename))));
    format!("{change}{}", rename.unwrap_or_default())
}

/// `likely tax_ids now (the same label, a like name); or taxes`
pub(crate) fn proposal(rename: &Rename) -> String {
    let Rename { to, sure, evidence, others, fields, .. } = rename;
    let sure = match sure {
        Sure::Likely => "likely",
        Sure::Possible => "possibly",
    };
    let mut text = format!("{sure} {to} now ({})", evidence.join(", "));
    if !others.is_empty() {
        text += &format!("; or {}", others.join(" or "));
    }
    if !fields.is_empty() {
        let fields: Vec<_> = fields.iter().map(|(from, rename)| format!("{from}: {}", rename.to)).collect();
        text += &format!("; in it {}", fields.join(", "));
    }
    text
}

/// How many fields that would be lost are named.
const NAMED: usize = 50;

/// What a pin has and a run for the same models has not seen, though that may only be for want of rights; in words.
pub(crate) fn losses(pinned: &Schema, read: &Schema, unseen: &[String]) -> Vec<String> {
    let both = || pinned.models.iter().filter_map(|(name, model)| Some((model, read.models.get(name)?)));
    let labels = both().filter(|(was, is)| was.label.is_some() && is.label.is_none()).count();
    let mut lost = Vec::new();
    if labels > 0 {
        lost.push(format!("the labels of {}", counted(labels, "model")));
    }
    if pinned.modules.is_some() && read.modules.is_none() {
        lost.push("the list of modules".to_owned());
    }
    lost.extend(unseen.iter().take(NAMED).map(|field| visible(field).to_string()));
    if unseen.len() > NAMED {
        lost.push(format!("{} more", counted(unseen.len() - NAMED, "field")));
    }
    lost
}
