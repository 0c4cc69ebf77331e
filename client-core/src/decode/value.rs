//! One value of an answer: from any JSON to a slot.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::slot::{Mismatch, Shape, Slot, Wire};

/// The most of an offending value that is kept for its error.
const SHOWN: usize = 200;

/// What did not decode: the field, what it expected, and what came instead.
pub(super) type Mismatches = Vec<(&'static str, Mismatch, Option<String>)>;

/// Room for a list of ids or the name of a many2one while it is read.
#[derive(Default)]
pub(super) struct Scratch {
    ids: Vec<i64>,
    name: String,
}

/// Puts one value into a slot. What the slot does not take is no error here, or the rest of the answer would be lost.
pub(super) struct Into<'a> {
    pub(super) slot: &'a mut dyn Slot,
    pub(super) shape: Shape,
    pub(super) scratch: &'a mut Scratch,
    pub(super) field: &'static str,
    pub(super) mismatches: &'a mut Mismatches,
}

impl Into<'_> {
    #[inline]
    fn put(self, wire: Wire<'_>) {
        if let Err(expected) = self.slot.put(wire) {
            note(self.mismatches, self.field, expected, wire);
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
        if self.shape == Shape::Raw {
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
        match self.shape {
            Shape::Ids => {
                let Self { slot, shape, scratch, field, mismatches } = self;
                scratch.ids.clear();
                while let Some(element) = list.next_element_seed(Element(&mut scratch.name))? {
                    match element {
                        Found::Int(id) => scratch.ids.push(id),
                        odd => {
                            let mut all: Vec<Value> = scratch.ids.iter().map(|id| Value::from(*id)).collect();
                            all.push(odd.into_value(&scratch.name));
                            return finish(Self { slot, shape, scratch, field, mismatches }, all, list);
                        }
                    }
                }
                if let Err(expected) = slot.put(Wire::Ids(&scratch.ids)) {
                    note(mismatches, field, expected, Wire::Ids(&scratch.ids));
                }
                Ok(())
            }
            Shape::Pair => {
                let Self { slot, shape, scratch, field, mismatches } = self;
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
                        return finish(Self { slot, shape, scratch, field, mismatches }, all, list);
                    }
                };
                if let Err(expected) = slot.put(pair) {
                    note(mismatches, field, expected, pair);
                }
                Ok(())
            }
            _ => finish(self, Vec::new(), list),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let object = Value::deserialize(MapAccessDeserializer::new(map))?;
        match (self.shape, object.get("id").and_then(Value::as_i64)) {
            // A many2one in an answer to a specification.
            (Shape::Pair, Some(id)) => self.put(Wire::Pair(id, object.get("display_name").and_then(Value::as_str))),
            _ => self.put_odd(&object),
        }
        Ok(())
    }
}

#[cold]
fn note(mismatches: &mut Mismatches, field: &'static str, expected: Mismatch, found: Wire<'_>) {
    mismatches.push((field, expected, Some(shorten(show(found)))));
}

/// Reads the rest of a list that turned out not to be what was expected.
fn finish<'de, A: SeqAccess<'de>>(into: Into<'_>, mut all: Vec<Value>, mut list: A) -> Result<(), A::Error> {
    while let Some(value) = list.next_element()? {
        all.push(value);
    }
    into.put_odd(&Value::Array(all));
    Ok(())
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
