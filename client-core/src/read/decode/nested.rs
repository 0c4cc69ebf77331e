//! Records within the fields of records.

use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Collected, Row, Rows, Sink, read};
use crate::model::NamedId;
use crate::read::column::{Column, Columns};
use crate::read::error::{Failures, Mismatch, UNREADABLE_IN_LIST};
use crate::read::row::RowReader;
use crate::read::slot::NestedJson;
use crate::{Model, Record};

/// How deep records within records are read: a struct that contains itself would go on as long as the stack lasts.
pub(crate) const DEEPEST: usize = 16;

const RECORDS: &str = "a list of records";

const TOO_DEEP: Mismatch = Mismatch("records within records no deeper than 16 levels");

impl NestedJson<'_> {
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
