//! Rows and their values as JSON: what Odoo's wire has for them.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::error::Refusal;
use crate::read::decode;
use crate::read::record::{Slots, rows};
use crate::read::slot::{Slot, Wire};
use crate::read::{DecodeError, Properties};
use crate::write::values::{bytes, date, datetime, finite};
use crate::{Datetime, Id, Ids, Json, Link, Many2one, Model, Reference};

/// Writes a row as the object that Odoo answers.
///
/// # Errors
///
/// For a date that Odoo does not have, and those of the serializer.
#[inline]
pub fn row<R: Slots, S: Serializer>(row: &R, serializer: S) -> Result<S::Ok, S::Error> {
    match object(R::Model::ODOO_NAME, R::fields(), &|each| rows::tell(row, each)) {
        Ok(object) => object.serialize(serializer),
        Err(refusal) => Err(S::Error::custom(refusal)),
    }
}

fn object(model: &str, fields: &str, row: rows::Told<'_>) -> Result<Map<String, Value>, Refusal> {
    let mut values = Vec::new();
    row(&mut |value| values.push(json(value)));
    let named = fields.split_ascii_whitespace().zip(values);
    named.map(|(name, value)| Ok((name.to_owned(), value.map_err(|refusal| refusal.of(model, name))?))).collect()
}

/// Reads a row from such an object.
///
/// # Errors
///
/// Where a value is missing or is not what its field holds; it names all such fields.
#[inline]
pub fn row_from<'de, R: Slots, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    match Map::deserialize(deserializer) {
        Ok(object) => match decode::records::<R>(list(object).as_bytes()) {
            Ok(mut page) => page.records.pop().ok_or_else(|| D::Error::custom(told(&page.failures))),
            Err(error) => Err(D::Error::custom(error)),
        },
        Err(error) => Err(error),
    }
}

fn list(object: Map<String, Value>) -> String {
    Value::Array(vec![Value::Object(object)]).to_string()
}

fn told(failures: &[DecodeError]) -> String {
    failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A value as Odoo writes it.
fn json(wire: Wire<'_>) -> Result<Value, Refusal> {
    Ok(match wire {
        Wire::Null => false.into(),
        Wire::Bool(value) => value.into(),
        Wire::Int(value) => value.into(),
        // As the decoder takes them, for which JSON has no number.
        Wire::Float(value) => finite(value).unwrap_or_else(|_| odd(value).into()),
        Wire::Text(value) => value.into(),
        Wire::Pair(id, name) => Value::Array(vec![id.into(), name.map_or(Value::Bool(false), Value::from)]),
        Wire::Ids(ids) => ids.into(),
        Wire::Raw(text) => serde_json::from_str(text).map_err(|error| Refusal::new(error.to_string()))?,
        Wire::Nested(nested) => nested.get().into(),
        Wire::Date(day) => date(day.year().into(), day.month(), day.day())?,
        Wire::Datetime(time) => datetime(time)?,
        Wire::Bytes(content) => bytes(content)?,
    })
}

const fn odd(float: f64) -> &'static str {
    if float.is_nan() {
        "NaN"
    } else if float > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

fn write<S: Serializer>(wire: Wire<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    json(wire).map_err(S::Error::custom)?.serialize(serializer)
}

fn read<'de, T: Slot + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    decode::value(&value).map_err(D::Error::custom)
}

/// As on the wire, where the type is a [`Slot`] itself.
macro_rules! slots {
    ($([$($generics:tt)*] $value:ty;)*) => { $(
        impl<$($generics)*> Serialize for $value {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write(self.wire(), serializer)
            }
        }

        impl<'de, $($generics)*> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer)
            }
        }
    )* };
}

slots! {
    [M] Link<M>;
    [M] Ids<M>;
    [] Json;
}

impl<'de, M> Deserialize<'de> for Id<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::new)
    }
}

/// What a [`Slot`] has in an `Option`, and is never empty.
macro_rules! present {
    ($([$($generics:tt)*] $value:ty: $wire:expr, $expected:literal;)*) => { $(
        impl<$($generics)*> Serialize for $value {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let wire: fn(&Self) -> Wire<'_> = $wire;
                write(wire(self), serializer)
            }
        }

        impl<'de, $($generics)*> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read::<Option<Self>, D>(deserializer)?.ok_or_else(|| D::Error::custom($expected))
            }
        }
    )* };
}

present! {
    [M] Many2one<M>: |it| it.to.wire(), "expected a many2one, found none";
    [] Reference: |it| Wire::Text(it.as_wire()), "expected a reference, found none";
}

impl<'de> Deserialize<'de> for Datetime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read::<Option<Self>, D>(deserializer)?.ok_or_else(|| D::Error::custom("expected a date and time, found none"))
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::of)
    }
}
