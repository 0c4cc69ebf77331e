//! From the JSON of an answer to records, in one pass and without an intermediate tree.
//!
//! Nothing here is generic over models or records: it is compiled once, however many models a program uses.

mod row;
mod value;

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

pub use self::row::RowReader;
use self::value::Into;
use crate::record::Column;
use crate::slot::{Mismatch, Shape, Wire};
use crate::{Error, Model, Page, Record};

/// The most of an offending value that is kept for its error.
const SHOWN: usize = 200;

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
        write!(f, "{}", self.model)?;
        if let Some(id) = self.id {
            write!(f, "({id})")?;
        }
        write!(f, ".{}: expected {}, ", self.field, self.expected)?;
        match &self.found {
            Some(found) => write!(f, "found {}", found.escape_debug()),
            None => f.write_str("but the answer does not have it"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// An offending value as its error shows it.
fn shown(wire: Wire<'_>) -> String {
    let mut text = match wire {
        Wire::Null => "null".to_owned(),
        Wire::Bool(value) => value.to_string(),
        Wire::Int(value) => value.to_string(),
        Wire::Float(value) => Value::from(value).to_string(),
        Wire::Text(value) => Value::from(value).to_string(),
        Wire::Pair(id, name) => format!("[{id}, {}]", name.map_or(Value::Bool(false), Value::from)),
        Wire::Ids(ids) => format!("{ids:?}"),
        Wire::Raw(text) => text.to_owned(),
        Wire::Nested(nested) => nested.get().to_owned(),
        // No answer has these.
        Wire::Date(_) | Wire::Timestamp(_) | Wire::Bytes(_) => wire.to_string(),
    };
    if text.len() > SHOWN {
        let end = (0..=SHOWN).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Decodes a list of records, as `read` and `search_read` answer it.
///
/// # Errors
///
/// When the JSON is not a list of objects. A value that is of another type than its field is no error of the page: it
/// is in [`Page::failures`], and its record is left out.
pub fn records<R: Record>(json: &[u8]) -> Result<Page<R>, serde_json::Error> {
    let mut collected = Collected::<R>::new();
    rows(json, Rows::new(R::Model::NAME, &R::columns(), &mut collected))?;
    Ok(collected.page)
}

pub(crate) fn rows(json: &[u8], rows: Rows<'_>) -> Result<Read, serde_json::Error> {
    // All at once is faster than string by string.
    let text = std::str::from_utf8(json).map_err(serde::de::Error::custom)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = rows.deserialize(&mut json)?;
    json.end()?;
    Ok(read)
}

/// The error that names all of these values, if there are any.
pub(crate) fn failure(failures: &[DecodeError]) -> Option<Error> {
    let first = failures.first()?;
    let others = match failures.len() - 1 {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    let remedy =
        "the server does not fit the pin: run `cargo xtask verify` to see where, `cargo xtask regen` to pin anew";
    Some(Error::decode(format!("{first}{others}")).with_remedy(remedy).with_source(first.clone()))
}

/// What has been read of an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Read {
    /// How many records there were, with those that did not decode.
    pub(crate) rows: usize,
    /// The id of the last of them, where the answer had it.
    pub(crate) last: Option<i64>,
}

/// Where the rows of an answer go.
pub(crate) trait Sink {
    /// Takes a row whose values were read.
    fn take(&mut self, row: &mut RowReader<'_>);
}

pub(crate) struct Collected<R: Record> {
    blank: R::Blank,
    pub(crate) page: Page<R>,
}

impl<R: Record> Collected<R> {
    pub(crate) fn new() -> Self {
        Self { blank: R::blank(), page: Page { records: Vec::new(), failures: Vec::new() } }
    }
}

impl<R: Record> Sink for Collected<R> {
    fn take(&mut self, row: &mut RowReader<'_>) {
        match R::from_row(&self.blank, row) {
            Some(record) if row.is_sound() => self.page.records.push(record),
            _ => self.page.failures.append(&mut row.failures()),
        }
    }
}

/// The seed that decodes a list of rows into a sink.
pub(crate) struct Rows<'a> {
    model: &'a str,
    columns: &'a [Column],
    sink: &'a mut dyn Sink,
}

impl<'a> Rows<'a> {
    /// `columns` are those that the sink takes.
    pub(crate) fn new(model: &'a str, columns: &'a [Column], sink: &'a mut dyn Sink) -> Self {
        Self { model, columns, sink }
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
        let mut read = Read::default();
        let mut row = RowReader::new(self.model, self.columns);
        while rows.next_element_seed(Row(&mut row))?.is_some() {
            read = Read { rows: read.rows + 1, last: row.id() };
            self.sink.take(&mut row);
        }
        Ok(read)
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
        let mut next = 0;
        while let Some(key) = map.next_key_seed(Position { columns, next })? {
            match key {
                Key::At(at, shape) => {
                    map.next_value_seed(Into { row: &mut *row, at, shape })?;
                    next = at + 1;
                }
                // Odoo answers it whether it was asked for or not.
                Key::Id => {
                    let id = map.next_value::<Value>()?.as_i64();
                    row.set_id(id);
                }
                Key::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The record in a field of another record, or the records, of which there are several in a `Vec`.
///
/// What does not decode in them goes to the failures of the record around them.
#[derive(Clone, Copy)]
pub struct NestedJson<'a> {
    json: &'a str,
    failures: &'a Inner,
}

/// What did not decode inside of a record's fields.
type Inner = Cell<Vec<DecodeError>>;

impl<'a> NestedJson<'a> {
    /// The text of the JSON.
    pub(crate) fn get(self) -> &'a str {
        self.json
    }

    pub(crate) fn one<R: Record>(self) -> Result<R, Mismatch> {
        let mut collected = Collected::<R>::new();
        self.row(R::Model::NAME, &R::columns(), &mut collected);
        let Page { mut records, failures } = collected.page;
        self.note(failures);
        records.pop().ok_or(Mismatch("a record"))
    }

    pub(crate) fn many<R: Record>(self) -> Result<Vec<R>, Mismatch> {
        // Whether the parts are JSON was seen when the end of the whole was looked for.
        let Page { records, failures } = records(self.json.as_bytes()).map_err(|_| Mismatch("a list of records"))?;
        let is_sound = failures.is_empty();
        self.note(failures);
        if is_sound { Ok(records) } else { Err(Mismatch("a list of records")) }
    }

    fn row(self, model: &str, columns: &[Column], sink: &mut dyn Sink) {
        let mut row = RowReader::new(model, columns);
        // Anything but an object is no record.
        if Row(&mut row).deserialize(&mut serde_json::Deserializer::from_str(self.json)).is_ok() {
            sink.take(&mut row);
        }
    }

    fn note(self, failures: Vec<DecodeError>) {
        if !failures.is_empty() {
            let mut all = self.failures.take();
            all.extend(failures);
            self.failures.set(all);
        }
    }
}

/// The JSON.
impl fmt::Debug for NestedJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.json)
    }
}

/// Two are the same if their JSON is.
impl PartialEq for NestedJson<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

/// Finds the position of a key among the fields, trying the one that comes next first.
struct Position<'a> {
    columns: &'a [Column],
    next: usize,
}

/// What a key is.
enum Key {
    At(usize, Shape),
    /// The id, which was not asked for.
    Id,
    Other,
}

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = Key;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Key, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        if let Some(column) = self.columns.get(self.next)
            && is_same(column.name, name)
        {
            return Ok(Key::At(self.next, column.shape));
        }
        let found = self.columns.iter().enumerate().find(|(_, column)| column.name == name);
        Ok(match found {
            Some((at, column)) => Key::At(at, column.shape),
            None if name == "id" => Key::Id,
            None => Key::Other,
        })
    }
}

/// Whether two names are the same. They are short and nearly always are, and for that the library's comparison, which
/// is made for any length, costs a twentieth of all decoding.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match (one.first_chunk::<8>(), other.first_chunk::<8>(), one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(a), Some(b), Some(c), Some(d)) if one.len() <= 16 => a == b && c == d,
        (Some(_), ..) => one == other,
        _ => one.iter().zip(other).all(|(a, b)| a == b),
    }
}
