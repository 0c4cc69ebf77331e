//! The code of a target that the compiler is asked with.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use odoo_codegen::diff::{Change, with_gone};
use odoo_codegen::{Rows, Schema, Settings, UsualRows, generate};

use super::packages::Packages;
use crate::store::Plan;
use crate::target::Target;

/// The files of a crate.
type Files = BTreeMap<String, String>;

/// Before the numbers of changes, in the note of what they are about.
pub(super) const NOTE: &str = "impact ";

/// Makes it.
pub(super) struct Maker<'a> {
    pub(super) target: &'a Target,
    pub(super) packages: &'a Packages,
    /// As for the crate of the target.
    pub(super) settings: Settings,
}

impl Maker<'_> {
    /// That of the pin as it is, in which what changes is deprecated, with the number of the change as the note.
    pub(super) fn as_it_is(&self, old: &Schema, changes: &[Change]) -> Result<Files> {
        let mut settings = self.settings.clone();
        for (at, change) in changes.iter().enumerate() {
            for item in change.code(old) {
                settings.deprecated.entry(item).or_insert_with(|| NOTE.to_owned()).push_str(&format!("{at} "));
            }
        }
        settings.rows = self.target.rows.of(old)?;
        settings.fixes = self.target.fixes.of(old)?;
        self.files(old, settings)
    }

    /// That of the other Odoo, in which what is gone is still there.
    pub(super) fn as_it_will_be(&self, old: &Schema, new: &Schema) -> Result<Files> {
        let both = with_gone(old, new);
        let mut settings = self.settings.clone();
        // What target.toml says of the pin may no longer be to the point.
        settings.rows = self.target.rows.of_any(&both);
        settings.fixes = self.target.fixes.of_any(&both);
        let (was_chosen, was, is) = (self.target.rows.of(old)?, UsualRows::of(old), UsualRows::of(&both));
        for (name, model) in &old.models {
            for (field, before) in &model.fields {
                let Some(now) = both.models.get(name).and_then(|model| model.fields.get(field)) else { continue };
                let path = format!("{name}.{field}");
                let was_in = holds(&was_chosen, &path, was.hold(name, field, before));
                let is_in = holds(&settings.rows, &path, is.hold(name, field, now));
                if was_in && !is_in && now.ttype != "binary" {
                    settings.rows.exclude.remove(&path);
                    settings.rows.include.insert(path);
                }
            }
        }
        self.files(&both, settings)
    }

    fn files(&self, schema: &Schema, settings: Settings) -> Result<Files> {
        let mut files = generate(schema, &settings).with_context(|| format!("the code of Odoo {}", schema.series))?;
        let manifest = &self.packages.crate_manifest;
        let text = fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
        files.insert("Cargo.toml".to_owned(), stands_in(&text, self.packages.client.as_deref()));
        Ok(files)
    }
}

fn holds(rows: &Rows, path: &str, is_usual: bool) -> bool {
    !rows.exclude.contains(path) && (is_usual || rows.include.contains(path))
}

/// The manifest of a crate, for one that lies elsewhere: cargo takes that in its place only if it is of the same version and has the
/// same dependencies, and packages name features of it.
fn stands_in(manifest: &str, client: Option<&Path>) -> String {
    let with_client = |line: &str| {
        let (before, rest) = line.split_once("path = \"").filter(|_| line.starts_with("odoo-client = "))?;
        let (_, after) = rest.split_once('"')?;
        // Of Windows too.
        Some(format!("{before}path = {:?}{after}\n", client?.to_string_lossy()))
    };
    manifest.lines().map(|line| with_client(line).unwrap_or_else(|| format!("{line}\n"))).collect()
}

/// Writes what differs.
pub(super) fn write(folder: &Path, files: Files) -> Result<()> {
    crate::store::recover(folder)?;
    Plan::new(folder, files)?.apply(folder)
}
