//! Records within the fields of records.

use std::cell::Cell;
use std::fmt;

use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_json::value::RawValue;

use super::row::RowReader;
use super::{Collected, Failures, Row, Rows, Sink, read};
use crate::model::NamedId;
use crate::read::record::{Column, Columns};
use crate::read::slot::{Mismatch, UNREADABLE_IN_LIST};
use crate::{Model, Record};
use odoo_visible::visible;

/// How deep records within records are read: a struct that contains itself would go on as long as the stack lasts.
pub(crate) const DEEPEST: usize = 16;

/// The record in a field of another record, or the records, of which there are several in a `Vec`.
///
/// What does not decode in them goes to the failures of the record around them.
#[derive(Clone, Copy)]
pub struct NestedJson<'a> {
    pub(super) json: &'a str,
    pub(super) around: &'a Inner,
}

/// What a record tells those inside of its fields, and they tell it.
#[derive(Default)]
pub(super) struct Inner {
    /// How many records they are within, it included.
    pub(super) depth: usize,
    /// What did not decode in them.
    pub(super) failures: Cell<Failures>,
}

const RECORDS: &str = "a list of records";

const TOO_DEEP: Mismatch = Mismatch("records within records no deeper than 16 levels");

impl<'a> NestedJson<'a> {
    /// The text of the JSON.
    pub(crate) fn get(self) -> &'a str {
        self.json
    }

    pub(crate) fn one<R: Record>(self) -> Result<R, Mismatch> {
        let mut collected = Collected::<R>::new();
        self.row(R::Model::ODOO_NAME, &R::columns(), &mut collected)?;
        self.note(collected.failures);
        collected.records.pop().ok_or(Mismatch("a record"))
    }

    pub(crate) fn many<R: Record>(self) -> Result<Vec<R>, Mismatch> {
        let mut collected = Collected::<R>::new();
        self.rows(R::Model::ODOO_NAME, &R::columns(), &mut collected)?;
        if self.note(collected.failures) { Ok(collected.records) } else { Err(Mismatch(RECORDS)) }
    }

    fn row(self, model: &str, columns: &[Column], sink: &mut dyn Sink) -> Result<(), Mismatch> {
        let mut row = RowReader::new(model, columns);
        row.nest(self.depth()?);
        // Anything but an object is no record.
        if Row(&mut row).deserialize(&mut serde_json::Deserializer::from_str(self.json)).is_ok() {
            sink.take(&mut row);
        }
        Ok(())
    }

    fn rows(self, model: &str, columns: &[Column], sink: &mut dyn Sink) -> Result<(), Mismatch> {
        let rows = Rows { depth: self.depth()?, ..Rows::new(model, columns, sink) };
        // Whether the parts are JSON was seen when the end of the whole was looked for.
        read(self.json, rows).map(drop).map_err(|_| match self.parts() {
            Ok(parts) if parts.iter().any(|part| part.json.parse::<i64>().is_ok()) => UNREADABLE_IN_LIST,
            _ => Mismatch(RECORDS),
        })
    }

    /// The elements of a list.
    pub(crate) fn parts(self) -> Result<Vec<Self>, Mismatch> {
        let parts: Vec<&RawValue> = serde_json::from_str(self.json).map_err(|_| Mismatch(RECORDS))?;
        Ok(parts.into_iter().map(|part| Self { json: part.get(), ..self }).collect())
    }

    /// What is known of the record, if it is one that could not be read. `columns` are those that were asked for.
    pub(crate) fn unread(self, columns: fn() -> Columns) -> Option<NamedId> {
        let unnamed = |id| NamedId { id, name: None };
        if self.json.starts_with('[') {
            let (id, name): (i64, Value) = serde_json::from_str(self.json).ok()?;
            return Some(NamedId { id, name: name.as_str().map(Box::from) });
        }
        if let Some(only_id) = self.json.strip_prefix("{\"id\":") {
            // What a specification's list has for it (17.0 and later, by their source).
            let id = only_id.strip_suffix('}')?.trim().parse().ok()?;
            return columns().iter().any(|column| column.name != "id").then_some(unnamed(id));
        }
        self.json.parse().ok().map(unnamed)
    }

    /// How deep the records in it are.
    fn depth(self) -> Result<usize, Mismatch> {
        if self.around.depth < DEEPEST || self.json == "[]" { Ok(self.around.depth + 1) } else { Err(TOO_DEEP) }
    }

    /// Whether there is nothing to be noted.
    fn note(self, failures: Failures) -> bool {
        let is_sound = failures.is_empty();
        if !is_sound {
            let mut all = self.around.failures.take();
            all.append(failures);
            self.around.failures.set(all);
        }
        is_sound
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
