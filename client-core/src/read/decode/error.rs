//! Values that do not decode: what is told of them, and of how many.

use std::fmt;

use odoo_visible::{cut, visible};
use serde_json::Value;

use crate::Error;
use crate::read::slot::{Mismatch, Wire};

/// The most of an offending value that is kept for its error.
const SHOWN: usize = 200;

/// How many offending values of an answer are kept. There may be as many as it has values.
const KEPT: usize = 100;

/// A value of an answer that is not what the pin says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The technical name of the model.
    pub model: String,
    /// The id of the record, where the answer had it.
    pub id: Option<i64>,
    /// The technical name of the field.
    pub field: String,
    /// What the field's type would have had.
    pub expected: &'static str,
    /// The JSON that came instead, shortened if it is long. `None` where the answer did not have the field at all.
    pub found: Option<String>,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", visible(&self.model))?;
        if let Some(id) = self.id {
            write!(f, "({id})")?;
        }
        write!(f, ".{}: expected {}, ", visible(&self.field), self.expected)?;
        match &self.found {
            Some(found) => write!(f, "found {}", visible(found)),
            None => f.write_str("but the answer does not have it"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// An offending value as its error shows it.
pub(super) fn shown(wire: Wire<'_>) -> String {
    let text = match wire {
        Wire::Null => "null".to_owned(),
        Wire::Bool(value) => value.to_string(),
        Wire::Int(value) => value.to_string(),
        Wire::Float(value) => Value::from(value).to_string(),
        Wire::Text(value) => Value::from(value).to_string(),
        Wire::Pair(id, name) => format!("[{id}, {}]", name.map_or(Value::Bool(false), Value::from)),
        Wire::Ids(ids) => format!("{ids:?}"),
        Wire::Raw(text) => cut(text, SHOWN).into_owned(),
        Wire::Nested(nested) => cut(nested.get(), SHOWN).into_owned(),
        // No answer has these.
        Wire::Date(_) | Wire::Datetime(_) | Wire::Bytes(_) => wire.to_string(),
    };
    cut(&text, SHOWN).into_owned()
}

/// Values that did not decode: the first of them, and how many more there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failures {
    pub(crate) first: Vec<DecodeError>,
    pub(crate) more: usize,
}

impl Failures {
    pub(super) fn add(&mut self, failure: impl FnOnce() -> DecodeError) {
        if self.first.len() < KEPT { self.first.push(failure()) } else { self.more += 1 }
    }

    pub(super) fn append(&mut self, others: Self) {
        others.first.into_iter().for_each(|failure| self.add(|| failure));
        self.more += others.more;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}

/// The error that names the first of these values and says how many there are, if there are any.
pub(crate) fn failure(failures: &[DecodeError], more: usize) -> Option<Error> {
    let first = failures.first()?;
    let others = match failures.len() - 1 + more {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    let remedy = Mismatch(first.expected).remedy();
    Some(Error::decode(format!("{first}{others}")).with_remedy(remedy).with_source(first.clone()))
}
