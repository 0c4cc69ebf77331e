//! The record as a careful programmer writes it with serde: no untagged enums, one type for what may be `false`.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::DateTime;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

#[derive(serde::Deserialize)]
#[allow(dead_code, reason = "they are there to be read")]
pub struct Partner {
    id: i64,
    name: OrFalse<String>,
    display_name: OrFalse<String>,
    email: OrFalse<String>,
    phone: OrFalse<String>,
    street: OrFalse<String>,
    street2: OrFalse<String>,
    city: OrFalse<String>,
    zip: OrFalse<String>,
    website: OrFalse<String>,
    vat: OrFalse<String>,
    function: OrFalse<String>,
    barcode: OrFalse<String>,
    comment: OrFalse<String>,
    active: bool,
    is_company: bool,
    employee: bool,
    color: i64,
    customer_rank: i64,
    supplier_rank: i64,
    partner_latitude: f64,
    partner_longitude: f64,
    create_date: OrFalse<Datetime>,
    write_date: OrFalse<Datetime>,
    country_id: OrFalse<Many2one>,
    state_id: OrFalse<Many2one>,
    parent_id: OrFalse<Many2one>,
    user_id: OrFalse<Many2one>,
    category_id: Vec<i64>,
    child_ids: Vec<i64>,
}

#[allow(dead_code, reason = "it is there to be read")]
struct OrFalse<T>(Option<T>);

#[allow(dead_code, reason = "they are there to be read")]
struct Many2one {
    id: i64,
    name: String,
}

#[allow(dead_code, reason = "it is there to be read")]
struct Datetime(DateTime);

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
