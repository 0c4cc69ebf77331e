//! Reads a `target.toml`, and goes on after a mistake: one run names them all.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;

use anyhow::{Result, bail};
use toml::de::{DeTable, DeValue};

/// What is wrong with a file, by line.
pub(crate) struct Problems<'t> {
    file: &'t Path,
    text: &'t str,
    found: RefCell<Vec<(usize, String)>>,
}

impl<'t> Problems<'t> {
    pub(crate) fn of(file: &'t Path, text: &'t str) -> Self {
        Self { file, text, found: RefCell::default() }
    }

    /// `generated/acme/target.toml, line 7`, of a place in the text.
    pub(crate) fn place(&self, at: usize) -> String {
        format!("{}, line {}", self.file.display(), self.line(at))
    }

    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
    }

    /// Remembers what is wrong at a place of the text, and what to do about it. It should not repeat a value that may be a
    /// secret in the wrong place.
    pub(crate) fn add(&self, at: usize, problem: impl Display) {
        self.found.borrow_mut().push((self.line(at), problem.to_string()));
    }

    /// The file's text, if it is TOML.
    pub(crate) fn parse(&self) -> DeTable<'t> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            self.add(error.span().map_or(0, |span| span.start), format_args!("{}: this is not TOML", error.message()));
        }
        table.into_inner()
    }

    /// All that was found, as one error.
    pub(crate) fn end(self) -> Result<()> {
        let mut found = self.found.into_inner();
        found.sort();
        let lines: Vec<_> =
            found.iter().map(|(line, problem)| format!("{}, line {line}: {problem}", self.file.display())).collect();
        if lines.is_empty() { Ok(()) } else { bail!(lines.join("\n")) }
    }
}

/// A text of the file, and where it is.
#[derive(Clone, Copy)]
pub(crate) struct Text<'p> {
    pub(crate) text: &'p str,
    pub(crate) at: usize,
}

/// A value's text, or where something else is.
fn as_text<'p>(value: &'p toml::Spanned<DeValue<'p>>) -> Result<Text<'p>, usize> {
    let at = value.span().start;
    value.get_ref().as_str().map(|text| Text { text, at }).ok_or(at)
}

/// A table of the file. Each entry is asked for by its name; what is left in the [`end`](Self::end) is a mistake.
pub(crate) struct Section<'p> {
    pub(crate) problems: &'p Problems<'p>,
    /// As it is written: `[models]`.
    pub(crate) name: &'static str,
    /// None where the file does not have it.
    table: Option<&'p DeTable<'p>>,
    pub(crate) at: usize,
    known: Vec<&'static str>,
}

impl<'p> Section<'p> {
    pub(crate) fn root(problems: &'p Problems<'p>, table: &'p DeTable<'p>) -> Self {
        Self { problems, name: "the file", table: Some(table), at: 0, known: Vec::new() }
    }

    fn value(&mut self, key: &'static str) -> Option<(&'p DeValue<'p>, usize)> {
        self.known.push(key);
        self.table?.get(key).map(|value| (value.get_ref(), value.span().start))
    }

    fn wrong<T>(&self, at: usize, key: &str, wanted: &str) -> Option<T> {
        self.problems.add(at, format_args!("`{key}` takes {wanted}"));
        None
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<Text<'p>> {
        let (value, at) = self.value(key)?;
        value.as_str().map_or_else(|| self.wrong(at, key, "a text in quotes"), |text| Some(Text { text, at }))
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, key: &'static str) -> Option<Vec<Text<'p>>> {
        const WANTED: &str = "a list of texts, such as [\"sale.*\"]";
        let (value, at) = self.value(key)?;
        let Some(list) = value.as_array() else { return self.wrong(at, key, WANTED) };
        Some(
            list.iter()
                .filter_map(|value| as_text(value).map_or_else(|at| self.wrong(at, key, WANTED), Some))
                .collect(),
        )
    }

    /// A text or a list of texts, and where it is.
    pub(crate) fn one_or_more(&mut self, key: &'static str) -> Option<(Vec<Text<'p>>, Range<usize>)> {
        self.known.push(key);
        let value = self.table?.get(key)?;
        let texts = match value.get_ref() {
            DeValue::Array(list) => list.iter().map(as_text).collect::<Result<_, _>>(),
            _ => as_text(value).map(|text| vec![text]),
        };
        match texts {
            Ok(texts) => Some((texts, value.span())),
            Err(at) => self.wrong(at, key, "a text in quotes or a list of them"),
        }
    }

    /// A number above 0.
    pub(crate) fn number(&mut self, key: &'static str) -> Option<f64> {
        let (value, at) = self.value(key)?;
        let number = match value {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        number
            .filter(|number: &f64| number.is_finite() && *number > 0.0)
            .or_else(|| self.wrong(at, key, "a number above 0"))
    }

    /// Texts by names that the file chooses.
    pub(crate) fn named_texts(&mut self, key: &'static str) -> Vec<(&'p str, Text<'p>)> {
        const WANTED: &str = "names with texts in quotes, such as { Api-Key = \"ACME_KEY\" }";
        let Some((value, at)) = self.value(key) else { return Vec::new() };
        let Some(table) = value.as_table() else { return self.wrong(at, key, WANTED).unwrap_or_default() };
        let text = |(name, value): (&'p toml::Spanned<_>, &'p toml::Spanned<DeValue<'p>>)| {
            let (name, at): (&std::borrow::Cow<'p, str>, _) = (name.get_ref(), value.span().start);
            let text = value.get_ref().as_str().or_else(|| self.wrong(at, key, WANTED))?;
            Some((name.as_ref(), Text { text, at }))
        };
        table.iter().filter_map(text).collect()
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let (value, at) = self.value(key)?;
        value.as_bool().or_else(|| self.wrong(at, key, "true or false"))
    }

    /// The sections that are written with double brackets.
    pub(crate) fn sections(&mut self, key: &'static str, name: &'static str) -> Vec<Section<'p>> {
        let Some((value, at)) = self.value(key) else { return Vec::new() };
        let section = |value: &'p toml::Spanned<DeValue<'p>>| {
            let (table, at) = (value.get_ref().as_table()?, value.span().start);
            Some(Self { problems: self.problems, name, table: Some(table), at, known: Vec::new() })
        };
        let sections = value.as_array().and_then(|list| list.iter().map(section).collect());
        sections.or_else(|| self.wrong(at, key, &format!("sections: {name}"))).unwrap_or_default()
    }

    /// A section of its own, empty if the file has none of that name.
    pub(crate) fn section(&mut self, key: &'static str, name: &'static str) -> Section<'p> {
        let mut section = Self { problems: self.problems, name, table: None, at: self.at, known: Vec::new() };
        if let Some((value, at)) = self.value(key) {
            section.at = at;
            section.table = value.as_table().or_else(|| self.wrong(at, key, &format!("a section: {name}")));
        }
        section
    }

    /// Looks for entries that nobody asked for.
    pub(crate) fn end(self) {
        for (key, _) in self.table.into_iter().flatten() {
            if !self.known.contains(&key.get_ref().as_ref()) {
                let known: Vec<_> = self.known.iter().map(|key| format!("`{key}`")).collect();
                self.problems.add(
                    key.span().start,
                    format_args!(
                        "`{}` is nothing that {} can have: mend or remove it (there is {})",
                        key.get_ref().escape_debug(),
                        self.name,
                        known.join(", ")
                    ),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_toml() {
        for (text, number) in
            [("16", Some(16.0)), ("0x10", Some(16.0)), ("1_000", Some(1000.0)), ("0.5", Some(0.5)), ("-1", None)]
        {
            let text = format!("a = {text}");
            let problems = Problems::of(Path::new("target.toml"), &text);
            let table = problems.parse();
            assert_eq!(Section::root(&problems, &table).number("a"), number, "{text}");
        }
    }
}
