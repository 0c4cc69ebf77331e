//! Values that do not decode: what was expected, what is told of them, and of how many.

use std::fmt;

use odoo_visible::visible;

use crate::Error;

/// What a slot expected instead of what it was given: `a date`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch(pub &'static str);

/// Of a date and time in the last 26 hours of the year 9999.
pub(crate) const BEYOND_TIMESTAMP: Mismatch =
    Mismatch("a date and time that a `Timestamp` holds (an `odoo_client::Datetime` holds all)");

/// Of the id and the name of a record that could not be read.
pub(crate) const UNREADABLE: Mismatch = Mismatch(
    "a record that this user may read and that is still there (a `Readable<…>` holds the id and name of any other)",
);

/// Of a list with the id of a record that could not be read.
pub(crate) const UNREADABLE_IN_LIST: Mismatch = Mismatch(
    "records that this user may read and that are still there (a `Vec<Readable<…>>` holds the ids of any others)",
);

impl Mismatch {
    /// What to do about it.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            BEYOND_TIMESTAMP => "read the field into an `odoo_client::Datetime`",
            UNREADABLE => {
                "read the field into a `Readable<…>` (or an `Option` of one), or give the user the right to read the record"
            }
            UNREADABLE_IN_LIST => {
                "read the field into a `Vec<Readable<…>>`, or give the user the right to read the records"
            }
            _ => {
                "the server does not fit the pin: run `cargo odoo verify` to see where, `cargo odoo regen` to pin anew"
            }
        }
    }
}

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

/// How many offending values of an answer are kept. There may be as many as it has values.
const KEPT: usize = 100;

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
