//! From the JSON of an answer to records, in one pass and without an intermediate tree.
//!
//! Nothing here is generic over models or records: it is compiled once, however many models a program uses.

mod nested;
mod usual;
mod value;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use tokio::time::Instant;

pub(crate) use self::nested::DEEPEST;
use self::usual::Usual;
use self::value::ValueSeed;
use crate::model::json;
use crate::read::Page;
use crate::read::column::Column;
use crate::read::error::Failures;
use crate::read::row::RowReader;
use crate::read::slot::Shape;
use crate::{Model, Record};

/// After so many rows comes a look at the clock.
const LOOK: usize = 1 << 12;

/// Decodes a list of records, as `read` and `search_read` answer it.
///
/// # Errors
///
/// When the JSON is not a list of objects. (Python's `NaN`, `Infinity` and `-Infinity` are taken for JSON, as Odoo sends
/// them.) A value that is of another type than its field is no error of the page: it
/// is in [`Page::failures`], and its record is left out.
pub fn records<R: Record>(json: &[u8]) -> Result<Page<R>, serde_json::Error> {
    let mut collected = Collected::<R>::new();
    rows(json, Rows::new(R::Model::ODOO_NAME, &R::columns(), &mut collected))?;
    Ok(collected.page())
}

/// One value of a row, from its JSON.
#[cfg(feature = "serde")]
pub(crate) fn value<T: crate::read::slot::Slot + Default>(
    json: &serde_json::Value,
) -> Result<T, crate::read::DecodeError> {
    let columns = [Column { name: "value", shape: T::shape(), types: &[], nested: None }];
    let text = format!("{{\"value\":{json}}}");
    let mut row = RowReader::new("a", &columns);
    // If it could not be read, it is missing.
    let _ = Row(&mut row).deserialize(&mut serde_json::Deserializer::from_str(&text));
    let value = row.value(&T::default());
    let mut failures = Failures::default();
    row.failures(&mut failures);
    failures.first.pop().map_or(Ok(value), Err)
}

pub(crate) fn rows(json: &[u8], mut rows: Rows<'_>) -> Result<Read, serde_json::Error> {
    // All at once is faster than string by string.
    let text = std::str::from_utf8(json).map_err(serde::de::Error::custom)?;
    read(text, rows.reborrow()).or_else(|error| match json::quoted(text) {
        Some(quoted) => read(&quoted, rows),
        None => Err(error),
    })
}

fn read(json: &str, mut rows: Rows<'_>) -> Result<Read, serde_json::Error> {
    if let Some(read) = rows.usual(json) {
        return Ok(read);
    }
    let mut json = serde_json::Deserializer::from_str(json);
    let read = rows.deserialize(&mut json)?;
    json.end()?;
    Ok(read)
}

/// What has been read of an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Read {
    /// How many records there were, with those that did not decode.
    pub(crate) rows: usize,
    /// The id of the last of them, where the answer had it.
    pub(crate) last: Option<i64>,
    /// Whether the time was over before the last of them.
    pub(crate) is_late: bool,
}

/// Where the rows of an answer go.
pub(crate) trait Sink {
    /// Forgets all rows: those of an answer come, perhaps for the second time.
    fn begin(&mut self);

    /// Takes a row whose values were read.
    fn take(&mut self, row: &mut RowReader<'_>);
}

pub(crate) struct Collected<R: Record> {
    blank: R::Blank,
    records: Vec<R>,
    failures: Failures,
}

impl<R: Record> Collected<R> {
    pub(crate) fn new() -> Self {
        Self { blank: R::blank(), records: Vec::new(), failures: Failures::default() }
    }

    pub(crate) fn page(self) -> Page<R> {
        let Failures { first, more } = self.failures;
        Page { records: self.records, failures: first, more_failures: more }
    }
}

impl<R: Record> Sink for Collected<R> {
    fn begin(&mut self) {
        self.records.clear();
        self.failures = Failures::default();
    }

    fn take(&mut self, row: &mut RowReader<'_>) {
        match R::from_row(&self.blank, row) {
            Some(record) if row.is_sound() => self.records.push(record),
            _ => row.failures(&mut self.failures),
        }
    }
}

/// The seed that decodes a list of rows into a sink.
pub(crate) struct Rows<'a> {
    model: &'a str,
    columns: &'a [Column],
    sink: &'a mut dyn Sink,
    /// How many records were asked for: of more, the sink gets none.
    pub(crate) at_most: Option<u64>,
    /// When the time for it is over: of what comes later, the sink gets nothing.
    pub(crate) until: Option<Instant>,
    depth: usize,
}

impl<'a> Rows<'a> {
    /// `columns` are those that the sink takes.
    pub(crate) fn new(model: &'a str, columns: &'a [Column], sink: &'a mut dyn Sink) -> Self {
        Self { model, columns, sink, at_most: None, until: None, depth: 1 }
    }

    /// To read an answer, and perhaps once more.
    pub(crate) fn reborrow(&mut self) -> Rows<'_> {
        Rows { sink: &mut *self.sink, ..*self }
    }

    /// Reads the text of a list in the form that Odoo gives it; `None` if it is in another, which may be JSON or not.
    pub(crate) fn usual(&mut self, json: &str) -> Option<Read> {
        let mut usual = Usual::new(json)?;
        self.reborrow().take(|row| usual.next(row).ok_or(())).ok()
    }

    /// Gives the rows to the sink: `next` reads one, if it is wanted, and tells whether there was one.
    fn take<'de, E>(self, mut next: impl FnMut(Option<&mut RowReader<'de>>) -> Result<bool, E>) -> Result<Read, E>
    where
        Self: 'de,
    {
        let mut read = Read::default();
        let mut row = RowReader::new(self.model, self.columns);
        row.nest(self.depth);
        let at_most = self.at_most.map_or(usize::MAX, |at_most| usize::try_from(at_most).unwrap_or(usize::MAX));
        self.sink.begin();
        loop {
            if read.rows % LOOK == LOOK - 1 {
                read.is_late |= self.until.is_some_and(|until| Instant::now() > until);
            }
            // Whoever asked is told; the rest is only to be JSON.
            let is_wanted = read.rows < at_most && !read.is_late;
            if !next(is_wanted.then_some(&mut row))? {
                return Ok(read);
            }
            read.rows += 1;
            if is_wanted {
                read.last = row.id();
                self.sink.take(&mut row);
            }
        }
    }

    /// Whether trees of values are made of any of them.
    pub(crate) fn have_trees(&self) -> bool {
        self.columns.iter().any(|column| matches!(column.shape, Shape::Raw | Shape::Nested))
    }
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Read;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Read, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {} records", self.model)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Read, A::Error> {
        self.take(|row| match row {
            Some(row) => rows.next_element_seed(Row(row)).map(|read| read.is_some()),
            None => rows.next_element::<IgnoredAny>().map(|read| read.is_some()),
        })
    }
}

/// The seed that reads the values of one row.
struct Row<'r, 'a>(&'r mut RowReader<'a>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for Row<'_, 'a> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Row<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let row = self.0;
        row.clear();
        let columns = row.columns();
        let (mut nth, mut expected) = (0, row.order.expected(0));
        while let Some(key) = map.next_key_seed(Position { columns, expected, id: row.id_at() })? {
            match key {
                Some((at, shape)) => {
                    if at != expected {
                        row.order.learn(nth, at, columns.len());
                    }
                    map.next_value_seed(ValueSeed { row: &mut *row, at, shape })?;
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
            nth += 1;
            expected = row.order.expected(nth);
        }
        Ok(())
    }
}

/// Finds the position of a key among the fields, trying the one that is expected first.
struct Position<'a> {
    columns: &'a [Column],
    expected: usize,
    /// Where the id goes, which Odoo answers whether it was asked for or not.
    id: usize,
}

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = Option<(usize, Shape)>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = Option<(usize, Shape)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        if let Some(column) = self.columns.get(self.expected)
            && column.name == name
        {
            return Ok(Some((self.expected, column.shape)));
        }
        let found = self.columns.iter().enumerate().find(|(_, column)| column.name == name);
        Ok(match found {
            Some((at, column)) => Some((at, column.shape)),
            None => (name == "id").then_some((self.id, Shape::Scalar)),
        })
    }
}

#[cfg(test)]
mod tests;
