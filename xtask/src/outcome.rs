//! What `regen` did, for people and programs.

use std::collections::BTreeMap;

use odoo_client::error::visible;
use odoo_codegen::diff::{Change, What, diff};
use odoo_codegen::{Schema, Warning};
use serde::Serialize;

use crate::store::Plan;

/// What a run did with a target.
#[derive(Serialize)]
pub(crate) struct Outcome {
    pub(crate) target: String,
    /// `server`, `emulator` or `pin`: where the schema came from.
    pub(crate) source: &'static str,
    /// Whether the server said that nothing changed since it was last as pinned, and so was asked for nothing else.
    pub(crate) server_unchanged: bool,
    pub(crate) series: String,
    pub(crate) models: usize,
    pub(crate) fields: usize,
    pub(crate) methods: usize,
    /// What is different in the schema.
    pub(crate) changes: Vec<Change>,
    /// Modules of another version than pinned, which alone is no difference.
    pub(crate) updates: Vec<String>,
    pub(crate) written: Vec<String>,
    pub(crate) removed: Vec<String>,
    pub(crate) unchanged: usize,
    pub(crate) warnings: Vec<String>,
    pub(crate) notes: Vec<String>,
}

impl Outcome {
    pub(crate) fn of(
        target: &str,
        source: &'static str,
        pinned: Option<&Schema>,
        schema: &Schema,
        plan: &Plan,
        warnings: &[Warning],
        mut notes: Vec<String>,
    ) -> Self {
        let changes = pinned.map_or_else(Vec::new, |pinned| diff(pinned, schema));
        let (updates, changes): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| change.what == What::ModuleVersion);
        let updates: Vec<_> = updates.iter().map(update).collect();
        if !updates.is_empty() {
            notes.push(format!("modules of another version than pinned: {}", updates.join(", ")));
        }
        Self {
            target: target.to_owned(),
            source,
            server_unchanged: false,
            series: schema.series.clone(),
            models: schema.models.len(),
            fields: schema.models.values().map(|model| model.fields.len()).sum(),
            methods: schema.models.values().flat_map(|model| &model.methods).map(BTreeMap::len).sum(),
            changes,
            updates,
            written: plan.write.keys().cloned().collect(),
            removed: plan.remove.clone(),
            unchanged: plan.unchanged,
            warnings: warnings.iter().map(Warning::to_string).collect(),
            notes: notes.iter().map(|note| visible(note).to_string()).collect(),
        }
    }
}

/// `sale 19.0.1.2 -> 19.0.1.3`
fn update(change: &Change) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let text = format!("{} {} -> {}", change.items.concat(), part(&change.before), part(&change.after));
    visible(&text).to_string()
}
