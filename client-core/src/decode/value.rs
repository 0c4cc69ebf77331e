//! One value of an answer: from any JSON to the cell of its column.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::row::{Cell, RowReader, Span};
use crate::slot::{Shape, Wire};

/// Puts one value into its cell. Nothing that a column does not expect is an error here, or the rest of the answer
/// would be lost.
pub(super) struct Into<'r, 'a> {
    pub(super) row: &'r mut RowReader<'a>,
    pub(super) at: usize,
    pub(super) shape: Shape,
}

impl<'a> Into<'_, 'a> {
    #[inline]
    fn put<E>(self, wire: Wire<'a>) -> Result<(), E> {
        self.row.set(self.at, Cell::Wire(wire));
        Ok(())
    }

    /// For lists and objects that the column's shape does not expect.
    fn put_odd<E>(self, value: &Value) -> Result<(), E> {
        let json = self.row.keep_text(&value.to_string());
        self.row.set(self.at, Cell::Raw(json));
        Ok(())
    }

    fn put_pair<E>(self, id: i64, name: Option<Name<'a>>) -> Result<(), E> {
        let cell = match name {
            Some(Name::Copied(name)) => Cell::Pair(id, name),
            Some(Name::Borrowed(name)) => Cell::Wire(Wire::Pair(id, Some(name))),
            None => Cell::Wire(Wire::Pair(id, None)),
        };
        self.row.set(self.at, cell);
        Ok(())
    }

    /// Reads the rest of a list that turned out not to be what was expected.
    fn put_odd_list<'de, A: SeqAccess<'de>>(self, mut all: Vec<Value>, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element()? {
            all.push(value);
        }
        self.put_odd(&Value::Array(all))
    }
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for Into<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let cell = match self.shape {
            Shape::Raw => Cell::Wire(Wire::Raw(<&RawValue>::deserialize(json)?.get())),
            Shape::Nested => Cell::Nested(<&RawValue>::deserialize(json)?.get()),
            _ => return json.deserialize_any(self),
        };
        self.row.set(self.at, cell);
        Ok(())
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Into<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(Wire::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(Wire::Int(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond 64 bits with sign there are only floats")]
    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(i64::try_from(value).map_or(Wire::Float(value as f64), Wire::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.put(Wire::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<(), E> {
        self.put(Wire::Text(value))
    }

    /// With escapes in it, the text is not in the JSON as it is.
    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        let text = self.row.keep_text(value);
        self.row.set(self.at, Cell::Text(text));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(Wire::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        match self.shape {
            Shape::Ids => {
                let mut ids = None;
                while let Some(element) = list.next_element_seed(Element(self.row))? {
                    if let Found::Int(id) = element {
                        self.row.keep_id(&mut ids, id);
                        continue;
                    }
                    let read = ids.map_or(&[][..], |ids| self.row.ids_of(ids));
                    let mut all: Vec<Value> = read.iter().map(|id| Value::from(*id)).collect();
                    all.push(element.into_value(self.row));
                    return self.put_odd_list(all, list);
                }
                self.row.set(self.at, ids.map_or(Cell::Wire(Wire::Ids(&[])), Cell::Ids));
                Ok(())
            }
            Shape::Pair => {
                let id = list.next_element_seed(Element(self.row))?;
                let is_int = matches!(id, Some(Found::Int(_)));
                let name = if is_int { list.next_element_seed(Element(self.row))? } else { None };
                let beyond: Option<Value> = if is_int { list.next_element()? } else { None };
                match (id, name, beyond) {
                    (Some(Found::Int(id)), Some(Found::Text(name)), None) => self.put_pair(id, Some(name)),
                    // A name that the user may not read, or that is empty.
                    (Some(Found::Int(id)), Some(Found::False) | None, None) => self.put_pair(id, None),
                    (id, name, beyond) => {
                        let read = [id, name].into_iter().flatten().map(|found| found.into_value(self.row));
                        let all = read.chain(beyond).collect();
                        self.put_odd_list(all, list)
                    }
                }
            }
            _ => self.put_odd_list(Vec::new(), list),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.shape != Shape::Pair {
            return self.put_odd(&Value::deserialize(MapAccessDeserializer::new(map))?);
        }
        // A many2one in an answer to a specification.
        let (mut id, mut name, mut others) = (None, None, Map::new());
        while let Some(key) = map.next_key_seed(Element(self.row))? {
            let key = match key {
                Found::Text(Name::Borrowed(key)) => Cow::Borrowed(key),
                odd => Cow::Owned(odd.into_value(self.row).as_str().unwrap_or_default().to_owned()),
            };
            if key == "display_name" {
                name = match map.next_value_seed(Element(self.row))? {
                    Found::Text(name) => Some(name),
                    _ => None,
                };
                continue;
            }
            match map.next_value()? {
                Value::Number(int) if key == "id" && int.is_i64() => id = int.as_i64(),
                other => drop(others.insert(key.into_owned(), other)),
            }
        }
        match id {
            Some(id) => self.put_pair(id, name),
            None => self.put_odd(&Value::Object(others)),
        }
    }
}

/// Reads an element of a list that should be ids or a many2one.
struct Element<'r, 'a>(&'r mut RowReader<'a>);

enum Found<'a> {
    Int(i64),
    Text(Name<'a>),
    False,
    Other(Value),
}

/// A text of the JSON, or one that the row has.
enum Name<'a> {
    Borrowed(&'a str),
    Copied(Span),
}

impl Found<'_> {
    fn into_value(self, row: &RowReader<'_>) -> Value {
        match self {
            Self::Int(int) => int.into(),
            Self::Text(Name::Borrowed(text)) => text.into(),
            Self::Text(Name::Copied(text)) => row.text_of(text).into(),
            Self::False => false.into(),
            Self::Other(value) => value,
        }
    }
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for Element<'_, 'a> {
    type Value = Found<'a>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Found<'a>, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Element<'_, 'a> {
    type Value = Found<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Found<'a>, E> {
        Ok(if value { Found::Other(value.into()) } else { Found::False })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Found<'a>, E> {
        Ok(Found::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Found<'a>, E> {
        Ok(i64::try_from(value).map_or_else(|_| Found::Other(value.into()), Found::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Found<'a>, E> {
        Ok(Found::Other(value.into()))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Found<'a>, E> {
        Ok(Found::Text(Name::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Found<'a>, E> {
        Ok(Found::Text(Name::Copied(self.0.keep_text(value))))
    }

    fn visit_unit<E>(self) -> Result<Found<'a>, E> {
        Ok(Found::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Found<'a>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(list)).map(Found::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Found<'a>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Found::Other)
    }
}
