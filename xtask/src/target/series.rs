//! Which series of Odoo a target is for: what `series` of its `target.toml` says.

use std::fmt;
use std::ops::Range;

use anyhow::{Result, bail};

use crate::pattern::Pattern;
use crate::read_toml::{Section, Text};

/// Names and globs of series: `18.0`, `saas~18.*`.
#[derive(Debug)]
pub(crate) struct Series {
    patterns: Vec<Pattern>,
    /// Where they are in the file.
    place: Range<usize>,
}

impl Series {
    /// What is wrong is remembered as a problem.
    pub(super) fn read(root: &mut Section<'_>) -> Self {
        let Some((texts, place)) = root.one_or_more("series") else {
            return Self { patterns: Vec::new(), place: 0..0 };
        };
        if texts.is_empty() {
            root.problems
                .add(place.start, "`series` names none: say which Odoo this is for, such as series = \"18.0\"");
        }
        let pattern = |Text { text, at }| match pattern(text) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                root.problems.add(at, format_args!("in `series`, {error:#}"));
                None
            }
        };
        Self { patterns: texts.into_iter().filter_map(pattern).collect(), place }
    }

    pub(crate) fn matches(&self, series: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(series))
    }

    /// Takes another series in place of all others, and gives the text that the file has then; none, if this is one of those it
    /// names.
    pub(crate) fn change(&mut self, text: &str, new: &str) -> Result<Option<String>> {
        let pattern = pattern(new)?;
        if self.matches(new) || self.patterns.iter().any(|pattern| pattern.text == new) {
            self.patterns = vec![pattern];
            return Ok(None);
        }
        let (Some(before), Some(after)) = (text.get(..self.place.start), text.get(self.place.end..)) else {
            bail!("target.toml changed while this ran: run it again");
        };
        self.patterns = vec![pattern];
        Ok(Some(format!("{before}\"{new}\"{after}")))
    }
}

/// One name or glob. What no series can be is more likely a typing error than a server.
fn pattern(text: &str) -> Result<Pattern> {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "~-+.*?[]{},!".contains(c);
    if text.is_empty() || !text.chars().all(is_valid) || !text.contains(['.', '*']) {
        bail!("{text:?} is no series of Odoo, such as \"18.0\", \"saas~18.2\" or \"saas~18.*\"");
    }
    Pattern::new(text)
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, pattern) in self.patterns.iter().enumerate() {
            write!(f, "{}{}", if at > 0 { " or " } else { "" }, pattern.text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::read_toml::Problems;

    fn read(text: &str) -> Result<Series, String> {
        let problems = Problems::of(Path::new("target.toml"), text);
        let table = problems.parse();
        let series = Series::read(&mut Section::root(&problems, &table));
        problems.end().map(|()| series).map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_a_list_or_a_glob() {
        for (text, matching, other) in [
            ("series = \"18.0\"", &["18.0"][..], &["18.1", "saas~18.0", "8.0"][..]),
            ("series = [\"18.0\", \"saas~18.*\"]", &["18.0", "saas~18.2"], &["saas~17.4", "19.0"]),
            ("series = \"saas~*\"", &["saas~18.2", "saas~19.1"], &["19.0"]),
        ] {
            let series = read(text).unwrap();
            assert!(matching.iter().all(|name| series.matches(name)), "{text}");
            assert!(!other.iter().any(|name| series.matches(name)), "{text}");
        }
    }

    #[test]
    fn what_is_no_series_is_named_with_its_line() {
        for (text, said) in [
            ("\nseries = \"eighteen\"", "target.toml, line 2: in `series`, \"eighteen\" is no series of Odoo, such as"),
            ("series = []", "line 1: `series` names none"),
            ("series = [\n\"18.0\",\n18]", "line 3: `series` takes a text in quotes or a list of them"),
            ("series = 18.0", "line 1: `series` takes a text in quotes or a list of them"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn another_series_takes_the_place_of_the_old_ones_and_nothing_else_changes() {
        let text =
            "# Ours.\nseries = [ \"18.0\", # the first\n  \"saas~18.*\" ] # all\r\n\n[models]\ninclude = [\"res.*\"]\n";
        assert_eq!(read(text).unwrap().change(text, "saas~18.3").unwrap(), None);
        let mut series = read(text).unwrap();
        let changed = series.change(text, "19.0").unwrap().unwrap();
        assert_eq!(changed, "# Ours.\nseries = \"19.0\" # all\r\n\n[models]\ninclude = [\"res.*\"]\n");
        assert!(series.matches("19.0") && !series.matches("18.0"));
        assert!(read(text).unwrap().change(text, "no series").is_err());
    }
}
