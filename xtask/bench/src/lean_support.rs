//! What the lean design needs beside its rows and enums: typed ids, and one type for fields that may be Odoo's `false`. Values are
//! read and nothing else: they are not shown, copied, compared or written.

use std::fmt;
use std::marker::PhantomData;

pub use jiff::civil::{Date, DateTime as Datetime};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
pub use serde_json::Value as Json;

/// The id of a record of `M`.
pub struct Id<M>(pub i64, PhantomData<fn() -> M>);

impl<'de, M> Deserialize<'de> for Id<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(|id| Self(id, PhantomData))
    }
}

/// The ids of an x2many.
pub type Ids<M> = Vec<Id<M>>;

/// A many2one: `[7, "name"]` on the wire.
pub struct Many2one<M> {
    pub id: Id<M>,
    pub name: String,
}

/// A many2one that may be empty.
pub type Link<M> = OrFalse<Many2one<M>>;

/// A reference: `res.partner,7` on the wire.
pub struct Reference {
    pub model: String,
    pub id: i64,
}

/// A field that is `false` where it is empty.
pub struct OrFalse<T>(pub Option<T>);

/// What can stand where `false` can.
pub trait Present: Sized {
    fn from_text<E: Error>(_: &str) -> Result<Self, E> {
        Err(E::custom("a text"))
    }
    fn from_number<E: Error>(_: i64) -> Result<Self, E> {
        Err(E::custom("a number"))
    }
    fn from_list<'de, A: SeqAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(A::Error::custom("a list"))
    }
}

impl Present for String {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        Ok(text.to_owned())
    }
}

impl Present for i64 {
    fn from_number<E: Error>(number: i64) -> Result<Self, E> {
        Ok(number)
    }
}

impl Present for Date {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        text.parse().map_err(E::custom)
    }
}

impl Present for Datetime {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        text.parse().map_err(E::custom)
    }
}

impl Present for Reference {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        let parsed = text.split_once(',').and_then(|(model, id)| Some((model.to_owned(), id.parse().ok()?)));
        parsed.map(|(model, id)| Self { model, id }).ok_or_else(|| E::custom("no reference"))
    }
}

impl<M> Present for Many2one<M> {
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let id = list.next_element()?.ok_or_else(|| A::Error::custom("no id"))?;
        let name = list.next_element()?.ok_or_else(|| A::Error::custom("no name"))?;
        Ok(Self { id, name })
    }
}

impl<'de, T: Present> Deserialize<'de> for OrFalse<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(OrFalseVisitor(PhantomData))
    }
}

struct OrFalseVisitor<T>(PhantomData<T>);

impl<'de, T: Present> Visitor<'de> for OrFalseVisitor<T> {
    type Value = OrFalse<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or `false`")
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        if value { Err(E::custom("true")) } else { Ok(OrFalse(None)) }
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        T::from_number(i64::try_from(value).map_err(E::custom)?).map(|value| OrFalse(Some(value)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        T::from_text(text).map(|value| OrFalse(Some(value)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        T::from_list(list).map(|value| OrFalse(Some(value)))
    }
}

/// Makes an enum with a variant `Unknown` of texts.
#[allow(unused_macros)]
macro_rules! selection {
    ($name:ident { $($value:literal => $variant:ident,)* }) => {
        impl $crate::plain_support::Present for $name {
            fn from_text<E: ::serde::de::Error>(text: &str) -> Result<Self, E> {
                Ok(match text {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(text.to_owned()),
                })
            }
        }
    };
}
#[allow(unused_imports)]
pub(crate) use selection;
