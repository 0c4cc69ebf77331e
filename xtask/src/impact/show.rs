//! What was found, for people and programs.

use anyhow::Result;
use odoo_client::error::visible;
use odoo_codegen::diff::Change;
use serde::Serialize;

use super::compile::{Place, Said};
use super::packages::Packages;
use crate::report::{GRADES, counted, has_colours, print, proposal};

/// What another Odoo does to code.
#[derive(Serialize)]
pub(super) struct Found {
    from: Side,
    to: Side,
    /// The packages that were looked at.
    packages: Vec<String>,
    /// What stops compiling.
    pub(super) breaks: Vec<Entry>,
    /// What may, in code that the compiler did not come to.
    pub(super) may_break: Vec<Entry>,
    /// What compiles and may act differently.
    pub(super) dangerous: Vec<Entry>,
    /// What is gone and named in a text, which the compiler does not read.
    pub(super) in_texts: Vec<Entry>,
    /// What the compiler did not come to, or not to all of it.
    pub(super) incomplete: Vec<String>,
    /// What was not asked for: code behind features that are off, and packages whose models a build script makes.
    pub(super) not_looked_at: Vec<String>,
}

#[derive(Serialize)]
struct Side {
    name: String,
    series: String,
}

/// A place in code, and what touches it.
#[derive(Serialize)]
pub(super) struct Entry {
    /// As cargo names it; none for an error that is at no place.
    pub(super) file: Option<String>,
    pub(super) line: Option<usize>,
    column: Option<usize>,
    /// The cause; none, if no change of the schema is known to be.
    pub(super) change: Option<Change>,
    /// What the compiler says.
    compiler: Option<String>,
}

impl Entry {
    pub(super) fn new(place: Option<&Place>, change: Option<&Change>, error: Option<&Said>) -> Self {
        Self {
            file: place.map(|place| place.file.clone()),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            change: change.cloned(),
            compiler: error.map(|error| error.text.clone()),
        }
    }
}

impl Found {
    pub(super) fn new(sides: [(&String, &String); 2], packages: &Packages) -> Self {
        let [from, to] = sides.map(|(name, series)| Side { name: name.clone(), series: series.clone() });
        Self {
            from,
            to,
            packages: packages.members.values().cloned().collect(),
            breaks: Vec::new(),
            may_break: Vec::new(),
            dangerous: Vec::new(),
            in_texts: Vec::new(),
            incomplete: Vec::new(),
            not_looked_at: packages.not_looked_at.clone(),
        }
    }

    /// Whether any code is.
    pub(super) fn is_touched(&self) -> bool {
        ![&self.breaks, &self.may_break, &self.dangerous, &self.in_texts].into_iter().all(Vec::is_empty)
    }

    pub(super) fn sort(&mut self) {
        for entries in [&mut self.breaks, &mut self.may_break, &mut self.dangerous, &mut self.in_texts] {
            entries.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        }
    }
}

pub(super) fn list(found: &Found) -> Result<()> {
    let is_coloured = has_colours(&std::io::stdout());
    let paint = |colour: u8, text: &str| {
        if is_coloured { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    };
    let Found { from, to, packages, breaks, may_break, dangerous, in_texts, incomplete, not_looked_at } = found;
    let side = |side: &Side| visible(&format!("{} ({})", side.name, side.series)).to_string();
    let mut text = format!("{} to {} in {}: ", side(from), side(to), packages.join(" and "));
    if found.is_touched() {
        let places = |entries: &[Entry]| counted(entries.len(), "place");
        text += &format!("{} that will not compile, ", places(breaks));
        if !may_break.is_empty() {
            text += &format!("{} that may not, ", places(may_break));
        }
        text += &format!("{} that may act differently", places(dangerous));
        if !in_texts.is_empty() {
            text += &format!(", {} in texts", places(in_texts));
        }
        text.push('\n');
    } else {
        text += "nothing of it is touched\n";
    }
    let [(_, red), (_, yellow), _] = GRADES;
    for (title, colour, entries) in [
        ("Will not compile", red, breaks),
        ("May not compile: the compiler did not come to it", red, may_break),
        ("Compiles, and may act differently", yellow, dangerous),
        ("Named in a text, and may fail when it runs", yellow, in_texts),
    ] {
        if !entries.is_empty() {
            text += &format!("\n{}\n", paint(colour, title));
            text.extend(entries.iter().map(entry));
        }
    }
    for (title, units) in
        [("There may be more. The compiler did not come to all of:", incomplete), ("Not looked at:", not_looked_at)]
    {
        if !units.is_empty() {
            text += &format!("\n{title}\n");
            text.extend(units.iter().map(|unit| format!("  {}\n", visible(unit))));
        }
    }
    print(&text)
}

fn entry(entry: &Entry) -> String {
    let at = match (&entry.file, entry.line, entry.column) {
        (Some(file), Some(line), Some(column)) => format!("{}:{line}:{column}", visible(file)),
        _ => "at no place".to_owned(),
    };
    let mut text = format!("  {at}  ");
    match (&entry.change, &entry.compiler) {
        (Some(change), _) => text += &format!("{change}\n"),
        (None, _) => text += "no change of the schema is known to be the cause\n",
    }
    if let Some(rename) = entry.change.as_ref().and_then(|change| change.rename.as_ref()) {
        text += &format!("      {}\n", visible(&proposal(rename)));
    }
    if let Some(says) = &entry.compiler {
        text += &format!("      the compiler: {}\n", visible(says));
    }
    text
}
