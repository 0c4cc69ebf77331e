//! Rows in the form in which every Odoo writes them: what stands between the values is known, so only the values are
//! parsed. `serde_json` parses a key, and looks for space around it, for longer than most values.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, IgnoredAny};

use super::Row;
use super::value::ValueSeed;
use crate::read::row::RowReader;
use crate::read::slot::Shape;

/// After so many rows that have other keys than the row before, no more is expected.
const ODD_ROWS: usize = 16;

/// What is left of the text of a list of rows. In nothing that it reads it takes more for JSON than JSON is; what it does
/// not know may be JSON all the same.
pub(super) struct Usual<'de> {
    text: &'de str,
    is_begun: bool,
    odd_rows: usize,
}

impl<'de> Usual<'de> {
    pub(super) fn new(text: &'de str) -> Option<Self> {
        Some(Self { text: text.strip_prefix('[')?, is_begun: false, odd_rows: 0 })
    }

    /// Reads the next row, if it is wanted, and tells whether there was one; `None` if that is not clear.
    pub(super) fn next<'a>(&mut self, row: Option<&mut RowReader<'a>>) -> Option<bool>
    where
        'de: 'a,
    {
        if let Some(rest) = self.text.strip_prefix(']') {
            // The white space of JSON, which is less than that of ASCII.
            return rest.trim_matches([' ', '\t', '\n', '\r']).is_empty().then_some(false);
        }
        if self.is_begun {
            self.text = self.text.strip_prefix(", ")?;
        }
        self.is_begun = true;
        self.text = match row {
            None => value(self.text, PhantomData::<IgnoredAny>)?,
            Some(row) => match self.usual(row) {
                Some(rest) => rest,
                None => {
                    self.odd_rows += 1;
                    value(self.text, Row(row))?
                }
            },
        };
        Some(true)
    }

    /// Reads a row whose keys are in the order that is expected, and gives what is behind it.
    fn usual<'a>(&self, row: &mut RowReader<'a>) -> Option<&'de str>
    where
        'de: 'a,
    {
        if self.odd_rows > ODD_ROWS {
            return None;
        }
        row.clear();
        let columns = row.columns();
        let mut rest = self.text.strip_prefix("{\"")?;
        for nth in 0.. {
            let at = row.order.expected(nth);
            let (name, shape) = match columns.get(at) {
                Some(column) => (column.name, column.shape),
                None if at == row.id_at() => ("id", Shape::Scalar),
                None => return None,
            };
            rest = value(rest.strip_prefix(name)?.strip_prefix("\": ")?, ValueSeed { row: &mut *row, at, shape })?;
            match rest.strip_prefix(", \"") {
                Some(more) => rest = more,
                None => break,
            }
        }
        rest.strip_prefix('}')
    }
}

/// Reads the value that a text begins with, and gives what is behind it.
fn value<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Option<&'de str> {
    let mut json = serde_json::Deserializer::from_str(text);
    seed.deserialize(&mut json).ok()?;
    text.get(json.into_iter::<IgnoredAny>().byte_offset()..)
}
