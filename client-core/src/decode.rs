//! From the JSON of an answer to records, in one pass and without an intermediate tree.
//!
//! Nothing here is generic over models or records: it is compiled once, however many models a program uses.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::slot::{Mismatch, Shape, Slot, Wire};
use crate::{Page, Record, Slots};

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

/// The most of an offending value that is kept for its error.
const SHOWN: usize = 200;

/// Decodes a list of records, as `read` and `search_read` answer it.
///
/// # Errors
///
/// When the JSON is not a list of objects. A value that is of another type than its field is no error of the page: it
/// is in [`Page::failures`], and its record is left out.
pub fn records<R: Record>(json: &[u8]) -> Result<Page<R>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let page = Records::new().deserialize(&mut json)?;
    json.end()?;
    Ok(page)
}

/// The seed that decodes a list of records.
pub(crate) struct Records<R: Record>(Collected<R>);

impl<R: Record> Records<R> {
    pub(crate) fn new() -> Self {
        Self(Collected { current: R::Slots::default(), records: Vec::new() })
    }
}

impl<'de, R: Record> DeserializeSeed<'de> for Records<R> {
    type Value = Page<R>;

    fn deserialize<D: Deserializer<'de>>(mut self, json: D) -> Result<Page<R>, D::Error> {
        let mut failures = Vec::new();
        let model = <R::Model as crate::Model>::NAME;
        Rows { model, sink: &mut self.0, failures: &mut failures }.deserialize(json)?;
        Ok(Page { records: self.0.records, failures })
    }
}

/// Where decoded rows go.
trait Sink {
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

impl<R: Record> Sink for Collected<R> {
    fn slots(&mut self) -> &mut dyn Slots {
        &mut self.current
    }
    fn accept(&mut self) {
        self.records.push(R::from_slots(std::mem::take(&mut self.current)));
    }
    fn reject(&mut self) {
        self.current = R::Slots::default();
    }
}

struct Rows<'a> {
    model: &'static str,
    sink: &'a mut dyn Sink,
    failures: &'a mut Vec<DecodeError>,
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {} records", self.model)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut row = RowReader { mismatches: Vec::new(), seen: Vec::new(), ids: Vec::new() };
        while rows.next_element_seed(Row { reader: &mut row, slots: self.sink.slots() })?.is_some() {
            if row.mismatches.is_empty() {
                self.sink.accept();
                continue;
            }
            // `id` is the first of the fields, where there is one.
            let id = self.sink.slots().get(0).and_then(|slot| slot.as_id()).filter(|id| *id != 0);
            self.failures.extend(row.mismatches.drain(..).map(|(field, Mismatch(expected), found)| DecodeError {
                model: self.model.to_owned(),
                id,
                field: field.to_owned(),
                expected,
                found,
            }));
            self.sink.reject();
        }
        Ok(())
    }
}

/// What is kept from row to row to spare allocations.
struct RowReader {
    mismatches: Vec<(&'static str, Mismatch, Option<String>)>,
    seen: Vec<bool>,
    ids: Vec<i64>,
}

struct Row<'a> {
    reader: &'a mut RowReader,
    slots: &'a mut dyn Slots,
}

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let fields = self.slots.fields();
        let RowReader { mismatches, seen, ids } = self.reader;
        seen.clear();
        seen.resize(fields.len(), false);
        let mut next = 0;
        while let Some(at) = map.next_key_seed(Position { fields, next })? {
            let Some(slot) = at.and_then(|at| self.slots.slot(at)) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let at = at.unwrap_or_default();
            let mut mismatch = None;
            map.next_value_seed(Into { slot, ids, mismatch: &mut mismatch })?;
            if let Some((expected, found)) = mismatch {
                mismatches.push((fields[at], expected, Some(found)));
            }
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
struct Position {
    fields: &'static [&'static str],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Position {
    type Value = Option<usize>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Position {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        if self.fields.get(self.next) == Some(&name) {
            return Ok(Some(self.next));
        }
        Ok(self.fields.iter().position(|field| *field == name))
    }
}

/// Puts one value into a slot. What the slot does not take is no error here, or the rest of the answer would be lost.
struct Into<'a> {
    slot: &'a mut dyn Slot,
    ids: &'a mut Vec<i64>,
    mismatch: &'a mut Option<(Mismatch, String)>,
}

impl Into<'_> {
    fn put(self, wire: Wire<'_>) {
        if let Err(expected) = self.slot.put(wire) {
            *self.mismatch = Some((expected, shorten(show(wire))));
        }
    }

    /// For lists and objects that the slot's shape does not expect.
    fn put_odd(self, value: &Value) {
        self.put(Wire::Raw(&value.to_string()));
    }
}

impl<'de> DeserializeSeed<'de> for Into<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        if self.slot.shape() == Shape::Raw {
            let raw = <&RawValue>::deserialize(json)?;
            self.put(Wire::Raw(raw.get()));
            return Ok(());
        }
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Into<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(Wire::Bool(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(Wire::Int(value));
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits with sign there are only floats")]
    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(i64::try_from(value).map_or(Wire::Float(value as f64), Wire::Int));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.put(Wire::Float(value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.put(Wire::Text(value));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(Wire::Null);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        match self.slot.shape() {
            Shape::Ids => {
                self.ids.clear();
                while let Some(element) = list.next_element::<Element>()? {
                    if let Element::Int(id) = element {
                        self.ids.push(id);
                        continue;
                    }
                    let mut all: Vec<Value> = self.ids.iter().map(|id| Value::from(*id)).collect();
                    all.push(element.into_value());
                    return finish(self, all, list);
                }
                let Self { slot, ids, mismatch } = self;
                if let Err(expected) = slot.put(Wire::Ids(ids)) {
                    *mismatch = Some((expected, shorten(format!("{ids:?}"))));
                }
                Ok(())
            }
            Shape::Pair => {
                let id = list.next_element::<Element>()?;
                let name = list.next_element::<Element>()?;
                let beyond = list.next_element::<Element>()?;
                match (&id, &name, &beyond) {
                    (Some(Element::Int(id)), Some(Element::Text(name)), None) => self.put(Wire::Pair(*id, Some(name))),
                    // A name that the user may not read, or that is empty.
                    (Some(Element::Int(id)), Some(Element::False) | None, None) => self.put(Wire::Pair(*id, None)),
                    _ => {
                        let all = [id, name, beyond].into_iter().flatten().map(Element::into_value).collect();
                        return finish(self, all, list);
                    }
                }
                Ok(())
            }
            _ => finish(self, Vec::new(), list),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let object = Value::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        match (self.slot.shape(), object.get("id").and_then(Value::as_i64)) {
            // A many2one in an answer to a specification.
            (Shape::Pair, Some(id)) => self.put(Wire::Pair(id, object.get("display_name").and_then(Value::as_str))),
            _ => self.put_odd(&object),
        }
        Ok(())
    }
}

/// Reads the rest of a list that turned out not to be what was expected.
fn finish<'de, A: SeqAccess<'de>>(into: Into<'_>, mut all: Vec<Value>, mut list: A) -> Result<(), A::Error> {
    while let Some(value) = list.next_element()? {
        all.push(value);
    }
    into.put_odd(&Value::Array(all));
    Ok(())
}

/// An element of a list that should be ids or a many2one.
enum Element {
    Int(i64),
    Text(String),
    False,
    Other(Value),
}

impl Element {
    fn into_value(self) -> Value {
        match self {
            Self::Int(int) => int.into(),
            Self::Text(text) => text.into(),
            Self::False => false.into(),
            Self::Other(value) => value,
        }
    }
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(json)? {
            Value::Number(number) if number.is_i64() => Self::Int(number.as_i64().unwrap_or_default()),
            Value::String(text) => Self::Text(text),
            Value::Bool(false) => Self::False,
            other => Self::Other(other),
        })
    }
}

fn show(wire: Wire<'_>) -> String {
    match wire {
        Wire::Null => "null".to_owned(),
        Wire::Bool(value) => value.to_string(),
        Wire::Int(value) => value.to_string(),
        Wire::Float(value) => value.to_string(),
        Wire::Text(value) => Value::from(value).to_string(),
        Wire::Pair(id, name) => format!("[{id}, {}]", name.map_or(Value::Bool(false), Value::from)),
        Wire::Ids(ids) => format!("{ids:?}"),
        Wire::Raw(text) => text.to_owned(),
    }
}

fn shorten(mut text: String) -> String {
    if text.len() > SHOWN {
        let end = (0..=SHOWN).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
