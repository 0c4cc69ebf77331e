//! What `[fields]` and `[[fix]]` of a `target.toml` say of fields: which are never pinned, and where the server is wrong.

use anyhow::{Result, bail};
use odoo_codegen::{Fix, Model, Schema, fix_problems};

use crate::read_toml::Section;
use crate::rows::Entry;

/// Names and globs of fields that are never pinned, as `model.field`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Excluded(Vec<Entry>);

impl Excluded {
    pub(crate) fn read(mut section: Section<'_>) -> Self {
        let exclude = Entry::listed(&mut section, "exclude");
        section.end();
        Self(exclude)
    }

    pub(crate) fn holds(&self, model: &str, field: &str) -> bool {
        !self.0.is_empty() && self.matching(model, field).next().is_some()
    }

    /// The places of the entries that a field matches.
    fn matching(&self, model: &str, field: &str) -> impl Iterator<Item = usize> {
        let path = format!("{model}.{field}");
        self.0.iter().enumerate().filter(move |(_, entry)| entry.pattern.matches(&path)).map(|(at, _)| at)
    }

    /// Whether a schema has one of the fields.
    pub(crate) fn is_in(&self, schema: &Schema) -> bool {
        let has = |(name, model): (&String, &Model)| model.fields.keys().any(|field| self.holds(name, field));
        !self.0.is_empty() && schema.models.iter().any(has)
    }

    /// A schema without the fields.
    pub(crate) fn without(&self, schema: &Schema) -> Schema {
        let mut schema = schema.clone();
        for (name, model) in &mut schema.models {
            model.fields.retain(|field, _| !self.holds(name, field));
        }
        schema
    }

    /// Looks for names that no model has: a typing error, or a field that is gone. That a glob matches nothing now
    /// is what globs are for.
    pub(crate) fn check(&self, schema: &Schema) -> Result<()> {
        let mut idle: Vec<bool> = self.0.iter().map(|entry| entry.pattern.as_name().is_some()).collect();
        if idle.contains(&true) {
            for (name, model) in &schema.models {
                for at in model.fields.keys().flat_map(|field| self.matching(name, field)) {
                    idle[at] = false;
                }
            }
        }
        let idle = self.0.iter().zip(idle).filter(|(_, is_idle)| *is_idle).map(|(Entry { place, pattern }, _)| {
            let text = pattern.text.escape_debug();
            format!(
                "{place}: in [fields], `{text}` is no field that this user sees on the server: mend or remove the entry"
            )
        });
        let idle: Vec<_> = idle.collect();
        if idle.is_empty() { Ok(()) } else { bail!(idle.join("\n")) }
    }
}

/// Where the server is wrong about a field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fixes {
    fixes: Vec<Fix>,
    /// `generated/acme/target.toml, line 7` of each.
    places: Vec<String>,
}

impl Fixes {
    pub(crate) fn read(sections: Vec<Section<'_>>) -> Self {
        let mut all = Self::default();
        for mut section in sections {
            let mut text = |key| section.text(key).map(|text| text.text.to_owned());
            let (field, because) = (text("field"), text("because"));
            let (name, ttype, help) = (text("name"), text("type"), text("help"));
            let [searchable, sortable, groupable] =
                ["searchable", "sortable", "groupable"].map(|key| section.flag(key));
            let wanted = [(&field, "field", "res.partner.x_note"), (&because, "because", "Studio named it")];
            for (_, key, example) in wanted.iter().filter(|(given, ..)| given.is_none()) {
                section
                    .problems
                    .add(section.at, format_args!("a [[fix]] without `{key}`: add one, such as {key} = \"{example}\""));
            }
            if let (Some(field), Some(because)) = (field, because) {
                let mut fix = Fix::new(field, because);
                (fix.name, fix.ttype, fix.help) = (name, ttype, help);
                (fix.searchable, fix.sortable, fix.groupable) = (searchable, sortable, groupable);
                all.fixes.push(fix);
                all.places.push(section.problems.place(section.at));
            }
            section.end();
        }
        all
    }

    /// The fixes that change something in a schema.
    pub(crate) fn of_any(&self, schema: &Schema) -> Vec<Fix> {
        let idle: Vec<usize> = fix_problems(schema, &self.fixes).into_iter().map(|(at, _)| at).collect();
        let kept = self.fixes.iter().enumerate().filter(|(at, _)| !idle.contains(at));
        kept.map(|(_, fix)| fix.clone()).collect()
    }

    /// The fixes, if each of them changes something in a schema.
    pub(crate) fn of(&self, schema: &Schema) -> Result<Vec<Fix>> {
        let problems = fix_problems(schema, &self.fixes);
        let lines = problems.iter().map(|(at, problem)| {
            let (place, field) = (&self.places[*at], self.fixes[*at].field.escape_debug());
            format!("{place}: in [[fix]], `{field}` {problem}")
        });
        let lines: Vec<_> = lines.collect();
        if lines.is_empty() { Ok(self.fixes.clone()) } else { bail!(lines.join("\n")) }
    }
}
