//! What the plain design needs beside its rows and enums: typed ids, and fields that understand Odoo's `false`.

use std::fmt;
use std::marker::PhantomData;

pub use jiff::civil::{Date, DateTime as Datetime};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, IntoDeserializer, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use serde_json::Value as Json;

/// The id of a record of `M`.
pub struct Id<M>(pub i64, PhantomData<fn() -> M>);

impl<M> Clone for Id<M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M> Copy for Id<M> {}
impl<M> Default for Id<M> {
    fn default() -> Self {
        Self(0, PhantomData)
    }
}
impl<M> fmt::Debug for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<M> Serialize for Id<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, M> Deserialize<'de> for Id<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(|id| Self(id, PhantomData))
    }
}

/// The ids of an x2many.
pub type Ids<M> = Vec<Id<M>>;

/// A many2one that may be empty.
pub type Link<M> = Option<Many2one<M>>;

/// A many2one: `[7, "name"]` on the wire.
pub struct Many2one<M> {
    pub id: Id<M>,
    pub name: Option<String>,
}

impl<M> Clone for Many2one<M> {
    fn clone(&self) -> Self {
        Self { id: self.id, name: self.name.clone() }
    }
}
impl<M> fmt::Debug for Many2one<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Many2one").field("id", &self.id).field("name", &self.name).finish()
    }
}
impl<M> Serialize for Many2one<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.id, &self.name).serialize(serializer)
    }
}
impl<'de, M> Deserialize<'de> for Many2one<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Many2oneVisitor).map(|(id, name)| Self { id: Id(id, PhantomData), name })
    }
}

struct Many2oneVisitor;

impl<'de> Visitor<'de> for Many2oneVisitor {
    type Value = (i64, Option<String>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a many2one (`[7, \"name\"]`)")
    }
    fn visit_i64<E: Error>(self, id: i64) -> Result<Self::Value, E> {
        Ok((id, None))
    }
    fn visit_u64<E: Error>(self, id: u64) -> Result<Self::Value, E> {
        i64::try_from(id).map(|id| (id, None)).map_err(|_| E::invalid_value(Unexpected::Unsigned(id), &self))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let id = list.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let name = list.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
        Ok((id, name))
    }
}

/// A reference: `res.partner,7` on the wire.
#[derive(Debug, Clone)]
pub struct Reference {
    pub model: String,
    pub id: i64,
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{},{}", self.model, self.id))
    }
}
impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parsed = text.split_once(',').and_then(|(model, id)| Some((model.to_owned(), id.parse().ok()?)));
        let (model, id) =
            parsed.ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &"a reference (`res.partner,7`)"))?;
        Ok(Self { model, id })
    }
}

/// A field that is `false` where it is empty, read without a buffer.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(Nullable(PhantomData))
}

struct Nullable<T>(PhantomData<fn() -> T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Nullable<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or `false`")
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        if value { Err(E::invalid_type(Unexpected::Bool(value), &self)) } else { Ok(None) }
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Some)
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Some)
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Some)
    }
    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Some)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(list)).map(Some)
    }
}

/// A date (`2026-01-31`) or `false`.
pub fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text: Option<String> = nullable(deserializer)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

/// A date and time in UTC (`2026-01-31 12:00:00`) or `false`.
pub fn datetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Datetime>, D::Error> {
    let text: Option<String> = nullable(deserializer)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}
