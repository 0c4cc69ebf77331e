//! What people and scripts are told of a run.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use odoo_client::visible;
use odoo_codegen::Schema;
use serde::Serialize;

use crate::regen::Outcome;

/// How many lines of a kind are shown before the rest is counted.
const SHOWN: usize = 20;

/// Says things on standard error, for people, or at the end in JSON on standard output, for scripts.
pub(crate) struct Report {
    json: bool,
    coloured: bool,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        // https://no-color.org
        let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Self { json, coloured }
    }

    pub(crate) fn say(&self, line: &str) {
        eprintln!("{line}");
    }

    fn paint(&self, colour: u8, text: &str) -> String {
        if self.coloured { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn list(&self, label: &str, colour: u8, lines: &[String]) {
        for line in lines.iter().take(SHOWN) {
            self.say(&format!("  {} {line}", self.paint(colour, label)));
        }
        if lines.len() > SHOWN {
            self.say(&format!("  {} … and {} more (--json lists all)", self.paint(colour, label), lines.len() - SHOWN));
        }
    }

    pub(crate) fn outcome(&self, outcome: &Outcome, check: bool, differs: bool) {
        let (red, yellow) = (31, 33);
        self.list("note:", yellow, &outcome.notes);
        self.list("warning:", yellow, &outcome.warnings);
        self.list("schema:", yellow, &outcome.changes);
        let Outcome { target, source, series, models, fields, methods, written, removed, unchanged, .. } = outcome;
        if check && differs {
            self.list("would write", red, written);
            self.list("would remove", red, removed);
            let from = if *source == "server" { target.clone() } else { format!("{target} --offline") };
            self.say(&format!("{target}: out of date; run `cargo xtask regen {from}` and commit what it writes"));
        } else {
            let done = if check { "up to date" } else { "done" };
            self.say(&format!(
                "{target}: {done}: Odoo {series} from the {source}, {}, {}, {}; {} written, {} removed, {unchanged} \
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
            println!("{text}");
        }
        Ok(())
    }
}

/// So many of something: `1 model`, `2 models`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
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

/// Modules of which another version is installed than when the schema was pinned. No code depends on it.
pub(crate) fn updates(old: &Schema, new: &Schema) -> Vec<String> {
    let (Some(old), Some(new)) = (&old.modules, &new.modules) else { return Vec::new() };
    let both = old.iter().filter_map(|(name, was)| Some((name, was, new.get(name)?)));
    both.filter(|(_, was, is)| was != is)
        .map(|(name, was, is)| visible(&format!("{name} {was} -> {is}")).to_string())
        .collect()
}

/// What is different between two schemas: the series, modules, models, fields and methods that came or went, and attributes that
/// changed.
pub(crate) fn changes(old: &Schema, new: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    if old.series != new.series {
        lines.push(format!("the series was {} and is now {}", old.series, new.series));
    }
    match (&old.modules, &new.modules) {
        (Some(was), Some(is)) => {
            lines
                .extend(was.keys().filter(|name| !is.contains_key(*name)).map(|name| format!("module {name} is gone")));
            lines.extend(is.keys().filter(|name| !was.contains_key(*name)).map(|name| format!("module {name} is new")));
        }
        (Some(_), None) => lines.push("the list of modules is gone".to_owned()),
        (None, Some(_)) => lines.push("the modules are pinned for the first time".to_owned()),
        (None, None) => {}
    }
    for (name, model) in &old.models {
        let Some(now) = new.models.get(name) else {
            lines.push(format!("{name} is gone"));
            continue;
        };
        if model.label != now.label {
            let label = |label: &Option<String>| label.as_ref().map_or("none".to_owned(), |label| format!("{label:?}"));
            lines.push(format!("{name}: its label was {} and is now {}", label(&model.label), label(&now.label)));
        }
        if model.transient != now.transient {
            lines.push(format!("{name} is now {}", if now.transient { "transient" } else { "not transient" }));
        }
        for (field, was) in &model.fields {
            match now.fields.get(field) {
                None => lines.push(format!("{name}.{field} ({}) is gone", was.ttype)),
                Some(is) if is != was => lines.push(format!("{name}.{field} changed: {}", attributes(was, is))),
                Some(_) => {}
            }
        }
        for (field, is) in now.fields.iter().filter(|(field, _)| !model.fields.contains_key(*field)) {
            lines.push(format!("{name}.{field} ({}) is new", is.ttype));
        }
        let (was, is) = (&model.methods, &now.methods);
        if was.is_none() && is.as_ref().is_some_and(|is| !is.is_empty()) {
            lines.push(format!("{name}: its methods are pinned for the first time"));
        } else if let (Some(was), Some(is)) = (was, is) {
            let names: std::collections::BTreeSet<_> = was.keys().chain(is.keys()).collect();
            for method in names {
                match (was.get(method), is.get(method)) {
                    (Some(_), None) => lines.push(format!("{name}.{method}() is gone")),
                    (None, Some(_)) => lines.push(format!("{name}.{method}() is new")),
                    (was, is) if was != is => lines.push(format!("{name}.{method}() changed")),
                    _ => {}
                }
            }
        }
    }
    lines.extend(new.models.keys().filter(|name| !old.models.contains_key(*name)).map(|name| format!("{name} is new")));
    lines.iter().map(|line| visible(line).to_string()).collect()
}

/// The attributes in which two descriptions of a field differ, as the pin writes them.
fn attributes(was: &odoo_codegen::Field, is: &odoo_codegen::Field) -> String {
    let is_reordered = was.selection != is.selection;
    let (Ok(was), Ok(is)) = (serde_json::to_value(was), serde_json::to_value(is)) else { return String::new() };
    let names: std::collections::BTreeSet<_> =
        [&was, &is].iter().filter_map(|field| field.as_object()).flat_map(|field| field.keys()).collect();
    let differing = names.into_iter().filter(|name| was.get(name) != is.get(name)).map(|name| match &is[name] {
        // A selection can have hundreds of values.
        serde_json::Value::Object(_) => name.clone(),
        now => format!("{name} is now {now}"),
    });
    let mut differing: Vec<String> = differing.collect();
    // To JSON objects the order of their entries is nothing.
    if is_reordered && was.get("selection") == is.get("selection") {
        differing.push("the order of its selection".to_owned());
    }
    differing.join(", ")
}
