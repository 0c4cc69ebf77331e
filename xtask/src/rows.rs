//! What `[rows]` of a `target.toml` says of the fields that whole rows have.

use anyhow::{Result, bail};
use odoo_codegen::{Rows, Schema, UsualRows};

use crate::pattern::Pattern;
use crate::read_toml::Section;

/// Names and globs of fields, as `model.field`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    include: Vec<Entry>,
    exclude: Vec<Entry>,
}

/// A name or a glob of fields.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// `generated/acme/target.toml, line 7`
    pub(crate) place: String,
    pub(crate) pattern: Pattern,
}

impl Entry {
    pub(crate) fn listed(section: &mut Section<'_>, key: &'static str) -> Vec<Self> {
        let listed = Pattern::listed(section, key).unwrap_or_default();
        listed.into_iter().map(|(text, pattern)| Self { place: section.problems.place(text.at), pattern }).collect()
    }
}

impl Choice {
    pub(crate) fn read(mut section: Section<'_>) -> Self {
        let (include, exclude) = (Entry::listed(&mut section, "include"), Entry::listed(&mut section, "exclude"));
        let choice = Self { include, exclude };
        section.end();
        choice
    }

    /// The fields of a schema that it is about, whatever entries make no difference.
    pub(crate) fn of_any(&self, schema: &Schema) -> Rows {
        self.chosen(schema).0
    }

    /// The fields of a schema that it is about. An entry that makes no difference is an error: it is a typing error, or of
    /// a field that is gone, or no longer needed.
    pub(crate) fn of(&self, schema: &Schema) -> Result<Rows> {
        let (rows, idle) = self.chosen(schema);
        if idle.is_empty() { Ok(rows) } else { bail!(idle.join("\n")) }
    }

    /// With what is wrong with entries.
    fn chosen(&self, schema: &Schema) -> (Rows, Vec<String>) {
        let mut rows = Rows::default();
        if self.include.is_empty() && self.exclude.is_empty() {
            return (rows, Vec::new());
        }
        let usual = UsualRows::of(schema);
        let mut effects = [vec![Err(NAMES_NOTHING); self.include.len()], vec![Err(NAMES_NOTHING); self.exclude.len()]];
        for (model_name, model) in &schema.models {
            for (name, field) in &model.fields {
                let path = format!("{model_name}.{name}");
                let matching = |entries: &[Entry]| -> Vec<usize> {
                    (0..entries.len()).filter(|at| entries[*at].pattern.matches(&path)).collect()
                };
                let matched = [matching(&self.include), matching(&self.exclude)];
                let [is_included, is_excluded] = [0, 1].map(|list: usize| !matched[list].is_empty());
                let is_usual = usual.hold(model_name, name, field);
                let effect = match () {
                    () if name == "id" => [Err("is the `id`, which every row has"); 2],
                    () if field.ttype == "binary" => [Err(BINARY); 2],
                    () => [
                        match () {
                            () if is_usual => Err("is in the row anyway: remove the entry"),
                            () if is_excluded => Err("is excluded as well: remove one of the two entries"),
                            () => Ok(()),
                        },
                        if is_usual || is_included {
                            Ok(())
                        } else {
                            Err("is not in the row anyway: remove the entry")
                        },
                    ],
                };
                for (list, matched) in matched.into_iter().enumerate() {
                    for at in matched {
                        effects[list][at] = effects[list][at].or(effect[list]);
                    }
                }
                match effect {
                    [_, Ok(())] if is_excluded => drop(rows.exclude.insert(path)),
                    [Ok(()), _] if is_included => drop(rows.include.insert(path)),
                    _ => {}
                }
            }
        }
        let effects = self.include.iter().chain(&self.exclude).zip(effects.into_iter().flatten());
        let idle = effects.filter_map(|(entry, effect)| {
            let text = entry.pattern.text.escape_debug();
            effect.err().map(|why| format!("{}: in [rows], `{text}` {why}", entry.place))
        });
        (rows, idle.collect())
    }
}

const NAMES_NOTHING: &str = "is no field of the pin: mend or remove the entry (names are `model.field`, and globs of such, as \
    `sale.*.x_studio_*`)";
const BINARY: &str = "is binary, and rows have no such fields: remove the entry, and read the field into a struct of your own \
    (`#[derive(Record)]`)";
