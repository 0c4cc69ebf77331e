//! Records within the fields of records: their JSON, not read yet.

use std::cell::Cell;
use std::fmt;

use odoo_visible::visible;

use crate::read::error::Failures;

/// The record in a field of another record, or the records, of which there are several in a `Vec`.
///
/// What does not decode in them goes to the failures of the record around them.
#[derive(Clone, Copy)]
pub struct NestedJson<'a> {
    pub(in crate::read) json: &'a str,
    pub(in crate::read) around: &'a Inner,
}

/// What a record tells those inside of its fields, and they tell it.
#[derive(Default)]
pub(in crate::read) struct Inner {
    /// How many records they are within, it included.
    pub(in crate::read) depth: usize,
    /// What did not decode in them.
    pub(in crate::read) failures: Cell<Failures>,
}

impl<'a> NestedJson<'a> {
    /// The text of the JSON.
    pub(crate) fn get(self) -> &'a str {
        self.json
    }
}

/// The JSON.
impl fmt::Debug for NestedJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        visible(self.json).fmt(f)
    }
}

/// Two are the same if their JSON is.
impl PartialEq for NestedJson<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}
