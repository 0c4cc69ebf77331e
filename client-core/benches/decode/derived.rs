//! The same row as a careful programmer writes it with `serde`: no untagged enums, no intermediate values.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::DateTime;
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use serde_derive::Deserialize;

#[derive(Deserialize)]
#[allow(dead_code, reason = "the fields are there to be decoded")]
pub(crate) struct Partner {
    id: i64,
    active: bool,
    category_id: Vec<i64>,
    child_ids: Vec<i64>,
    #[serde(deserialize_with = "or_false")]
    city: Option<String>,
    #[serde(deserialize_with = "or_false")]
    comment: Option<String>,
    #[serde(deserialize_with = "or_false")]
    company_id: Option<Many2one>,
    #[serde(deserialize_with = "or_false")]
    complete_name: Option<String>,
    #[serde(deserialize_with = "or_false")]
    country_id: Option<Many2one>,
    #[serde(deserialize_with = "or_false")]
    create_date: Option<Datetime>,
    #[serde(deserialize_with = "or_false")]
    create_uid: Option<Many2one>,
    #[serde(deserialize_with = "or_false")]
    email: Option<String>,
    #[serde(deserialize_with = "or_false")]
    function: Option<String>,
    is_company: bool,
    #[serde(deserialize_with = "or_false")]
    lang: Option<String>,
    #[serde(deserialize_with = "or_false")]
    name: Option<String>,
    #[serde(deserialize_with = "or_false")]
    parent_id: Option<Many2one>,
    partner_latitude: f64,
    #[serde(deserialize_with = "or_false")]
    phone: Option<String>,
    #[serde(deserialize_with = "or_false")]
    r#ref: Option<String>,
    #[serde(deserialize_with = "or_false")]
    state_id: Option<Many2one>,
    #[serde(deserialize_with = "or_false")]
    street: Option<String>,
    #[serde(deserialize_with = "or_false")]
    street2: Option<String>,
    #[serde(deserialize_with = "or_false")]
    r#type: Option<Kind>,
    #[serde(deserialize_with = "or_false")]
    tz: Option<String>,
    #[serde(deserialize_with = "or_false")]
    user_id: Option<Many2one>,
    #[serde(deserialize_with = "or_false")]
    vat: Option<String>,
    #[serde(deserialize_with = "or_false")]
    website: Option<String>,
    #[serde(deserialize_with = "or_false")]
    write_date: Option<Datetime>,
    #[serde(deserialize_with = "or_false")]
    zip: Option<String>,
}

#[allow(dead_code, reason = "the fields are there to be decoded")]
struct Many2one {
    id: i64,
    name: String,
}

#[allow(dead_code, reason = "the fields are there to be decoded")]
struct Datetime(DateTime);

enum Kind {
    Contact,
    Delivery,
    Invoice,
    Other,
    Unknown(#[allow(dead_code, reason = "it is there to be decoded")] String),
}

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

impl Present for Kind {
    fn from_text<E: Error>(text: &str) -> Result<Self, E> {
        Ok(match text {
            "contact" => Self::Contact,
            "delivery" => Self::Delivery,
            "invoice" => Self::Invoice,
            "other" => Self::Other,
            _ => Self::Unknown(text.to_owned()),
        })
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

fn or_false<'de, T: Present, D: Deserializer<'de>>(json: D) -> Result<Option<T>, D::Error> {
    struct OrFalse<T>(PhantomData<T>);
    impl<'de, T: Present> Visitor<'de> for OrFalse<T> {
        type Value = Option<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value or `false`")
        }
        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            if value { Err(E::custom("true")) } else { Ok(None) }
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            T::from_text(text).map(Some)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
            T::from_list(list).map(Some)
        }
    }
    json.deserialize_any(OrFalse(PhantomData))
}
