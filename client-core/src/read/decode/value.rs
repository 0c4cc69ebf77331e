//! One value of an answer: from any JSON to the cell of its column.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::read::row::{Cell, RowReader, Span};
use crate::read::slot::{Shape, Wire};

/// Puts one value into its cell. Nothing that a column does not expect is an error here, or the rest of the answer
/// would be lost.
pub(super) struct ValueSeed<'r, 'a> {
    pub(super) row: &'r mut RowReader<'a>,
    pub(super) at: usize,
    pub(super) shape: Shape,
}

impl<'a> ValueSeed<'_, 'a> {
    #[inline]
    fn put<E>(self, wire: Wire<'a>) -> Result<(), E> {
        self.row.set(self.at, Cell::Wire(wire));
        Ok(())
    }

    /// For lists and objects that the column's shape does not expect.
    fn put_odd<E>(self, json: &str) -> Result<(), E> {
        let json = self.row.keep_text(json);
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
}

impl<'de: 'a, 'a> DeserializeSeed<'de> for ValueSeed<'_, 'a> {
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

impl<'de: 'a, 'a> Visitor<'de> for ValueSeed<'_, 'a> {
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
                    let mut odd = Text::of('[');
                    for id in ids.map_or(&[][..], |ids| self.row.ids_of(ids)) {
                        odd.add(&id.to_string());
                    }
                    odd.add(&element.into_json(self.row));
                    return self.put_odd(&odd.with_rest(list)?);
                }
                self.row.set(self.at, ids.map_or(Cell::Wire(Wire::Ids(&[])), Cell::Ids));
                Ok(())
            }
            Shape::Pair => {
                let id = list.next_element_seed(Element(self.row))?;
                let is_int = matches!(id, Some(Found::Int(_)));
                let name = if is_int { list.next_element_seed(Element(self.row))? } else { None };
                let beyond = if is_int { list.next_element_seed(Element(self.row))? } else { None };
                match (id, name, beyond) {
                    (Some(Found::Int(id)), Some(Found::Text(name)), None) => self.put_pair(id, Some(name)),
                    // A name that the user may not read, or that is empty.
                    (Some(Found::Int(id)), Some(Found::False) | None, None) => self.put_pair(id, None),
                    (id, name, beyond) => {
                        let mut odd = Text::of('[');
                        for found in [id, name, beyond].into_iter().flatten() {
                            odd.add(&found.into_json(self.row));
                        }
                        self.put_odd(&odd.with_rest(list)?)
                    }
                }
            }
            _ => self.put_odd(&Text::of('[').with_rest(list)?),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.shape != Shape::Pair {
            return self.put_odd(&Text::of('{').with_entries(map)?);
        }
        // A many2one in an answer to a specification.
        let (mut id, mut name, mut is_odd, mut all) = (None, None, false, Text::of('{'));
        while let Some(key) = map.next_key_seed(Element(self.row))? {
            let key = match key {
                Found::Text(Name::Borrowed(key)) => Cow::Borrowed(key),
                Found::Text(Name::Copied(key)) => Cow::Owned(self.row.text_of(key).to_owned()),
                odd => Cow::Owned(odd.into_json(self.row)),
            };
            let value = map.next_value_seed(Element(self.row))?;
            match (&*key, value) {
                ("display_name", Found::Text(text)) => name = Some(text),
                ("display_name", _) => name = None,
                ("id", Found::Int(int)) if id.is_none() => id = Some(int),
                // No second one either.
                (key, value) => {
                    is_odd |= key == "id";
                    all.add_entry(key, &value.into_json(self.row));
                }
            }
        }
        match id {
            Some(id) if !is_odd => self.put_pair(id, name),
            _ => {
                id.into_iter().for_each(|id| all.add_entry("id", &id.to_string()));
                self.put_odd(&all.end('}'))
            }
        }
    }
}

/// A list or an object that nobody expected: its text is put together again. A tree of it would take many times as much.
struct Text(String);

impl Text {
    fn of(open: char) -> Self {
        Self(open.into())
    }

    fn add(&mut self, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(json);
    }

    fn add_entry(&mut self, key: &str, json: &str) {
        self.add(&Value::from(key).to_string());
        self.0.push(':');
        self.0.push_str(json);
    }

    fn with_rest<'de, A: SeqAccess<'de>>(mut self, mut list: A) -> Result<String, A::Error> {
        while let Some(json) = list.next_element::<&RawValue>()? {
            self.add(json.get());
        }
        Ok(self.end(']'))
    }

    fn with_entries<'de, A: MapAccess<'de>>(mut self, mut map: A) -> Result<String, A::Error> {
        while let Some((key, json)) = map.next_entry::<String, &RawValue>()? {
            self.add_entry(&key, json.get());
        }
        Ok(self.end('}'))
    }

    fn end(mut self, close: char) -> String {
        self.0.push(close);
        self.0
    }
}

/// Reads an element of a list that should be ids or a many2one.
struct Element<'r, 'a>(&'r mut RowReader<'a>);

enum Found<'a> {
    Int(i64),
    Text(Name<'a>),
    False,
    /// Anything else, as JSON.
    Other(String),
}

/// A text of the JSON, or one that the row has.
enum Name<'a> {
    Borrowed(&'a str),
    Copied(Span),
}

impl Found<'_> {
    fn into_json(self, row: &RowReader<'_>) -> String {
        match self {
            Self::Int(int) => int.to_string(),
            Self::Text(Name::Borrowed(text)) => Value::from(text).to_string(),
            Self::Text(Name::Copied(text)) => Value::from(row.text_of(text)).to_string(),
            Self::False => "false".to_owned(),
            Self::Other(json) => json,
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
        Ok(if value { Found::Other("true".to_owned()) } else { Found::False })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Found<'a>, E> {
        Ok(Found::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Found<'a>, E> {
        Ok(i64::try_from(value).map_or_else(|_| Found::Other(Value::from(value).to_string()), Found::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Found<'a>, E> {
        Ok(Found::Other(Value::from(value).to_string()))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Found<'a>, E> {
        Ok(Found::Text(Name::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Found<'a>, E> {
        Ok(Found::Text(Name::Copied(self.0.keep_text(value))))
    }

    fn visit_unit<E>(self) -> Result<Found<'a>, E> {
        Ok(Found::Other("null".to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Found<'a>, A::Error> {
        Text::of('[').with_rest(list).map(Found::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Found<'a>, A::Error> {
        Text::of('{').with_entries(map).map(Found::Other)
    }
}
