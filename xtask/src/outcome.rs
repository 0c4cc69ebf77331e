//! What `regen` did, for people and programs.

use odoo_codegen::diff::Change;
use serde::Serialize;

/// What a run did with a target.
#[derive(Serialize)]
pub(crate) struct Outcome {
    pub(crate) target: String,
    /// `server` or `pin`: where the schema came from.
    pub(crate) source: &'static str,
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
    /// Whether the files were made, rather than known from a former run.
    pub(crate) made: bool,
    pub(crate) warnings: Vec<String>,
    pub(crate) notes: Vec<String>,
}
