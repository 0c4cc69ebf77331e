//! From the JSON of an answer to records, in one pass and without an intermediate tree.
//!
//! Nothing here is generic over models or records: it is compiled once, however many models a program uses.

mod value;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use self::value::{Into, Mismatches, Scratch};
use crate::slot::{Mismatch, Shape, Slot, Wire};
use crate::transport::Reply;
use crate::{Error, Model, Page, Record, Slots};

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

/// Decodes a list of records, as `read` and `search_read` answer it.
///
/// # Errors
///
/// When the JSON is not a list of objects. A value that is of another type than its field is no error of the page: it
/// is in [`Page::failures`], and its record is left out.
pub fn records<R: Record>(json: &[u8]) -> Result<Page<R>, serde_json::Error> {
    fn rows(json: &[u8], rows: Rows<'_>) -> Result<Vec<DecodeError>, serde_json::Error> {
        // All at once is faster than string by string.
        let text = std::str::from_utf8(json).map_err(serde::de::Error::custom)?;
        let mut json = serde_json::Deserializer::from_str(text);
        let failures = rows.deserialize(&mut json)?;
        json.end()?;
        Ok(failures)
    }
    let fields = crate::record::fields::<R>();
    let mut collected = Collected::<R>::new();
    let failures = rows(json, Rows::new(R::Model::NAME, &fields, &mut collected))?;
    Ok(Page { records: collected.records, failures })
}

/// Decodes the records of an answer.
pub(crate) fn page<R: Record>(reply: &Reply) -> Result<Page<R>, Error> {
    fn rows(reply: &Reply, rows: Rows<'_>) -> Result<Vec<DecodeError>, Error> {
        reply.read(rows)
    }
    let fields = crate::record::fields::<R>();
    let mut collected = Collected::<R>::new();
    let failures = rows(reply, Rows::new(R::Model::NAME, &fields, &mut collected))?;
    Ok(Page { records: collected.records, failures })
}

/// Where decoded rows go.
pub(crate) trait Sink {
    /// The slots of the row that is being read.
    fn slots(&mut self) -> &mut dyn Slots;
    /// The row is complete.
    fn accept(&mut self);
    /// The row has values that did not decode.
    fn reject(&mut self);
}

struct Collected<R: Record> {
    current: R::Slots,
    records: Vec<R>,
}

impl<R: Record> Collected<R> {
    fn new() -> Self {
        Self { current: R::Slots::empty(), records: Vec::new() }
    }
}

impl<R: Record> Sink for Collected<R> {
    fn slots(&mut self) -> &mut dyn Slots {
        &mut self.current
    }
    fn accept(&mut self) {
        self.records.push(R::from_slots(std::mem::replace(&mut self.current, R::Slots::empty())));
    }
    fn reject(&mut self) {
        self.current = R::Slots::empty();
    }
}

/// The seed that decodes a list of rows into a sink, and returns what did not decode.
pub(crate) struct Rows<'a> {
    model: &'a str,
    fields: &'a [&'static str],
    sink: &'a mut dyn Sink,
}

impl<'a> Rows<'a> {
    /// `fields` are those of the sink's slots.
    pub(crate) fn new(model: &'a str, fields: &'a [&'static str], sink: &'a mut dyn Sink) -> Self {
        Self { model, fields, sink }
    }
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Vec<DecodeError>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Vec<DecodeError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {} records", self.model)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Self::Value, A::Error> {
        let mut failures = Vec::new();
        let mut reader = Reader::new(self.fields);
        while rows.next_element_seed(Row { reader: &mut reader, slots: self.sink.slots() })?.is_some() {
            if reader.mismatches.is_empty() {
                self.sink.accept();
                continue;
            }
            // `id` is the first of the fields, where there is one.
            let id = self.sink.slots().get(0).and_then(id);
            failures.extend(reader.mismatches.drain(..).map(|(field, Mismatch(expected), found)| DecodeError {
                model: self.model.to_owned(),
                id,
                field: field.to_owned(),
                expected,
                found,
            }));
            self.sink.reject();
        }
        Ok(failures)
    }
}

/// The id of a record, in its first slot.
pub(crate) fn id(slot: &dyn Slot) -> Option<i64> {
    match slot.wire() {
        Wire::Int(id) if id != 0 => Some(id),
        _ => None,
    }
}

/// What is kept from row to row to spare allocations.
struct Reader<'a> {
    fields: &'a [&'static str],
    /// What each of them takes: the same in every row.
    shapes: Vec<Shape>,
    /// What did not decode in this row.
    mismatches: Mismatches,
    /// Which fields this row has had.
    seen: Vec<bool>,
    scratch: Scratch,
}

impl<'a> Reader<'a> {
    fn new(fields: &'a [&'static str]) -> Self {
        Self { fields, shapes: Vec::new(), mismatches: Vec::new(), seen: Vec::new(), scratch: Scratch::default() }
    }
}

struct Row<'r, 'a> {
    reader: &'r mut Reader<'a>,
    slots: &'r mut dyn Slots,
}

impl<'de> DeserializeSeed<'de> for Row<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Reader { fields, shapes, mismatches, seen, scratch } = self.reader;
        if shapes.is_empty() {
            shapes.extend((0..fields.len()).map(|at| self.slots.slot(at).map_or(Shape::Scalar, |slot| slot.shape())));
        }
        seen.clear();
        seen.resize(fields.len(), false);
        let mut next = 0;
        while let Some(at) = map.next_key_seed(Position { fields, next })? {
            let Some((at, slot)) = at.and_then(|at| Some((at, self.slots.slot(at)?))) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            map.next_value_seed(Into { slot, shape: shapes[at], scratch, field: fields[at], mismatches })?;
            seen[at] = true;
            next = at + 1;
        }
        for (field, _) in fields.iter().zip(seen).filter(|(_, seen)| !**seen) {
            mismatches.push((field, Mismatch("a value"), None));
        }
        Ok(())
    }
}

/// Finds the position of a key among the fields, trying the one that comes next first.
struct Position<'a> {
    fields: &'a [&'static str],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = Option<usize>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        if self.fields.get(self.next).is_some_and(|field| is_same(field, name)) {
            return Ok(Some(self.next));
        }
        Ok(self.fields.iter().position(|field| *field == name))
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
