//! Names and globs of models and fields.

use anyhow::{Context, Result};
use globset::{GlobBuilder, GlobMatcher};

use crate::read_toml::{Section, Text};

/// A name or a glob of names.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self> {
        // In a model's name the dot is what the slash is in a path, but Odoo's users write `sale.*` for all below.
        let glob = GlobBuilder::new(text).literal_separator(false).build();
        let matcher = glob.with_context(|| format!("`{text}` is not a name or a glob of names"))?;
        Ok(Self { text: text.to_owned(), matcher: matcher.compile_matcher() })
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        self.matcher.is_match(name)
    }

    pub(crate) fn all(texts: &[String]) -> Result<Vec<Self>> {
        texts.iter().map(|text| Self::new(text)).collect()
    }

    /// Those of a list of the file. What is none is remembered as a problem.
    pub(crate) fn listed<'p>(section: &mut Section<'p>, key: &'static str) -> Option<Vec<(Text<'p>, Self)>> {
        let texts = section.texts(key)?;
        let pattern = |text: Text<'p>| match Self::new(text.text) {
            Ok(pattern) => Some((text, pattern)),
            Err(error) => {
                section.problems.add(text.at, format_args!("in {}, {error:#}", section.name));
                None
            }
        };
        Some(texts.into_iter().filter_map(pattern).collect())
    }

    /// The name, if this is one rather than a glob.
    pub(crate) fn as_name(&self) -> Option<&str> {
        (!self.text.contains(['*', '?', '[', '{'])).then_some(self.text.as_str())
    }
}
