//! The same rows as a careful programmer writes them with `serde`: no untagged enums, no intermediate values, one type for what
//! may be `false`.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

type Text = OrFalse<String>;
type Boolean = bool;
type Integer = i64;
type Float = f64;
type Day = OrFalse<Date>;
type Moment = OrFalse<Datetime>;
type One = OrFalse<Many2one>;
type Many = Vec<i64>;

macro_rules! choices {
    ($($name:ident { $($at:literal $value:literal => $variant:ident,)* })*) => {
        mod choice {
            $(
                #[allow(dead_code, reason = "the values are there to be decoded")]
                pub(crate) enum $name { $($variant,)* Unknown(String) }
                impl super::Present for $name {
                    fn from_text<E: serde::de::Error>(text: &str) -> Result<Self, E> {
                        Ok(match text { $($value => Self::$variant,)* _ => Self::Unknown(text.to_owned()) })
                    }
                }
            )*
        }
        $(type $name = OrFalse<choice::$name>;)*
    };
}
with_choices! { choices }

macro_rules! records {
    ($($name:ident $model:literal { $($field:ident $constant:ident $kind:ident,)* })*) => {
        $(
            #[derive(serde_derive::Deserialize)]
            #[allow(dead_code, reason = "the fields are there to be decoded")]
            pub(crate) struct $name { id: i64, $($field: $kind,)* }
        )*
    };
}
with_records! { records }

#[allow(dead_code, reason = "it is there to be decoded")]
struct OrFalse<T>(Option<T>);

#[allow(dead_code, reason = "they are there to be decoded")]
struct Many2one {
    id: i64,
    name: String,
}

#[allow(dead_code, reason = "it is there to be decoded")]
struct Datetime(civil::DateTime);

#[allow(dead_code, reason = "it is there to be decoded")]
struct Date(civil::Date);

/// What can stand where `false` can.
trait Present: Sized {
    fn from_text<E: Error>(text: &str) -> Result<Self, E>;
    fn from_list<'de, A: SeqAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(A::Error::custom("a list"))
    }
}

impl Present for String {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        Ok(text.to_owned())
    }
}

impl Present for Datetime {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        text.parse().map(Self).map_err(E::custom)
    }
}

impl Present for Date {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        text.parse().map(Self).map_err(E::custom)
    }
}

impl Present for Many2one {
    fn from_text<E: Error>(_: &str) -> Result<Self, E> {
        Err(E::custom("text"))
    }
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let id = list.next_element()?.ok_or_else(|| A::Error::custom("no id"))?;
        let name = list.next_element()?.ok_or_else(|| A::Error::custom("no name"))?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
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
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        T::from_text(text).map(|value| OrFalse(Some(value)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        T::from_list(list).map(|value| OrFalse(Some(value)))
    }
}
