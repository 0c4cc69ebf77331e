//! One value of an answer: from any JSON to the place of its field.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Inner, NestedJson, Sink};
use crate::record::Column;
use crate::slot::{Mismatch, Shape, Wire};

/// The most of an offending value that is kept for its error.
const SHOWN: usize = 200;

/// What did not decode in a row.
#[derive(Default)]
pub(super) struct Mismatches {
    /// The field, what it expected, and what came instead.
    pub(super) own: Vec<(&'static str, Mismatch, Option<String>)>,
    /// In records inside of the row's fields.
    pub(super) inner: Inner,
}

impl Mismatches {
    pub(super) fn is_empty(&mut self) -> bool {
        self.own.is_empty() && self.inner.get_mut().is_empty()
    }
}

/// Room for a list of ids or the name of a many2one while it is read.
#[derive(Default)]
pub(super) struct Scratch {
    ids: Vec<i64>,
    name: String,
    key: String,
}

/// Puts one value into a sink. What it does not take is no error here, or the rest of the answer would be lost.
///
/// Returns the value if it is a number: it may be the id.
pub(super) struct Into<'a> {
    pub(super) sink: &'a mut dyn Sink,
    pub(super) at: usize,
    pub(super) column: &'a Column,
    pub(super) scratch: &'a mut Scratch,
    pub(super) mismatches: &'a mut Mismatches,
}

impl Into<'_> {
    #[inline]
    fn put(self, wire: Wire<'_>) {
        if let Err(expected) = self.sink.put(self.at, wire) {
            note(self.mismatches, self.column.name, expected, wire);
        }
    }

    /// For lists and objects that the column's shape does not expect.
    fn put_odd(self, value: &Value) {
        self.put(Wire::Raw(&value.to_string()));
    }

    fn put_nested(self, json: &str) {
        let Self { sink, at, column, mismatches, .. } = self;
        let put = sink.put(at, Wire::Nested(NestedJson { json, failures: &mismatches.inner }));
        // What failed inside says more.
        if let Err(expected) = put
            && mismatches.inner.get_mut().is_empty()
        {
            mismatches.own.push((column.name, expected, Some(shorten(json.to_owned()))));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Into<'_> {
    type Value = Option<i64>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        match self.column.shape {
            Shape::Raw => self.put(Wire::Raw(<&RawValue>::deserialize(json)?.get())),
            Shape::Nested => self.put_nested(<&RawValue>::deserialize(json)?.get()),
            _ => return json.deserialize_any(self),
        }
        Ok(None)
    }
}

impl<'de> Visitor<'de> for Into<'_> {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<i64>, E> {
        self.put(Wire::Bool(value));
        Ok(None)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<i64>, E> {
        self.put(Wire::Int(value));
        Ok(Some(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits with sign there are only floats")]
    fn visit_u64<E>(self, value: u64) -> Result<Option<i64>, E> {
        let int = i64::try_from(value);
        self.put(int.map_or(Wire::Float(value as f64), Wire::Int));
        Ok(int.ok())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<i64>, E> {
        self.put(Wire::Float(value));
        Ok(None)
    }

    fn visit_str<E>(self, value: &str) -> Result<Option<i64>, E> {
        self.put(Wire::Text(value));
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<i64>, E> {
        self.put(Wire::Null);
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<i64>, A::Error> {
        match self.column.shape {
            Shape::Ids => {
                let Self { sink, at, column, scratch, mismatches } = self;
                scratch.ids.clear();
                while let Some(element) = list.next_element_seed(Element(&mut scratch.name))? {
                    match element {
                        Found::Int(id) => scratch.ids.push(id),
                        odd => {
                            let mut all: Vec<Value> = scratch.ids.iter().map(|id| Value::from(*id)).collect();
                            all.push(odd.into_value(&scratch.name));
                            return finish(Self { sink, at, column, scratch, mismatches }, all, list);
                        }
                    }
                }
                let ids = Wire::Ids(&scratch.ids);
                if let Err(expected) = sink.put(at, ids) {
                    note(mismatches, column.name, expected, ids);
                }
                Ok(None)
            }
            Shape::Pair => {
                let Self { sink, at, column, scratch, mismatches } = self;
                let id = list.next_element_seed(Element(&mut scratch.name))?;
                // The name comes last, so that the room for it is not needed again.
                let is_int = matches!(id, Some(Found::Int(_)));
                let name = if is_int { list.next_element_seed(Element(&mut scratch.name))? } else { None };
                let beyond: Option<Value> = if is_int { list.next_element()? } else { None };
                let pair = match (&id, &name, &beyond) {
                    (Some(Found::Int(id)), Some(Found::Text), None) => Wire::Pair(*id, Some(&scratch.name)),
                    // A name that the user may not read, or that is empty.
                    (Some(Found::Int(id)), Some(Found::False) | None, None) => Wire::Pair(*id, None),
                    _ => {
                        let read = [id, name].into_iter().flatten().map(|found| found.into_value(&scratch.name));
                        let all = read.chain(beyond).collect();
                        return finish(Self { sink, at, column, scratch, mismatches }, all, list);
                    }
                };
                if let Err(expected) = sink.put(at, pair) {
                    note(mismatches, column.name, expected, pair);
                }
                Ok(None)
            }
            _ => finish(self, Vec::new(), list),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<i64>, A::Error> {
        if self.column.shape != Shape::Pair {
            self.put_odd(&Value::deserialize(MapAccessDeserializer::new(map))?);
            return Ok(None);
        }
        // A many2one in an answer to a specification.
        let Self { sink, at, column, scratch, mismatches } = self;
        let (mut id, mut is_named, mut others) = (None, false, Map::new());
        while map.next_key_seed(Element(&mut scratch.key))?.is_some() {
            if scratch.key == "display_name" {
                is_named = matches!(map.next_value_seed(Element(&mut scratch.name))?, Found::Text);
                continue;
            }
            match map.next_value()? {
                Value::Number(int) if scratch.key == "id" && int.is_i64() => id = int.as_i64(),
                other => drop(others.insert(scratch.key.clone(), other)),
            }
        }
        let Some(id) = id else {
            Self { sink, at, column, scratch, mismatches }.put_odd(&Value::Object(others));
            return Ok(None);
        };
        let name = is_named.then_some(&*scratch.name);
        if let Err(expected) = sink.put(at, Wire::Pair(id, name)) {
            note(mismatches, column.name, expected, Wire::Pair(id, name));
        }
        Ok(None)
    }
}

#[cold]
fn note(mismatches: &mut Mismatches, field: &'static str, expected: Mismatch, found: Wire<'_>) {
    mismatches.own.push((field, expected, Some(shorten(show(found)))));
}

/// Reads the rest of a list that turned out not to be what was expected.
fn finish<'de, A: SeqAccess<'de>>(into: Into<'_>, mut all: Vec<Value>, mut list: A) -> Result<Option<i64>, A::Error> {
    while let Some(value) = list.next_element()? {
        all.push(value);
    }
    into.put_odd(&Value::Array(all));
    Ok(None)
}

/// Reads an element of a list that should be ids or a many2one. A text goes into the string, whose room is used again.
struct Element<'a>(&'a mut String);

enum Found {
    Int(i64),
    Text,
    False,
    Other(Value),
}

impl Found {
    fn into_value(self, text: &str) -> Value {
        match self {
            Self::Int(int) => int.into(),
            Self::Text => text.into(),
            Self::False => false.into(),
            Self::Other(value) => value,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = Found;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Found, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Found, E> {
        Ok(if value { Found::Other(value.into()) } else { Found::False })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Found, E> {
        Ok(Found::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Found, E> {
        Ok(i64::try_from(value).map_or_else(|_| Found::Other(value.into()), Found::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Found, E> {
        Ok(Found::Other(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Found, E> {
        self.0.clear();
        self.0.push_str(value);
        Ok(Found::Text)
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Found, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(list)).map(Found::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Found, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Found::Other)
    }
}

fn show(wire: Wire<'_>) -> String {
    match wire {
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
