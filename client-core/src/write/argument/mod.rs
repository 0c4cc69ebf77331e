//! What methods take.

mod serialized;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

pub use self::serialized::Serialized;
use crate::error::Refusal;
use crate::field::kind;
use crate::read::Properties;
use crate::write::ToField;
use crate::write::values::{self, finite};
use crate::{Binary, Command, Context, Datetime, Id, Ids, Json, Link, Many2one, Reference, Selection, Values};

/// What can be an argument of a method, a value of a [raw condition](crate::Domain::raw) or of a
/// [field by name](Values::set_raw): it becomes the JSON that Odoo reads as what it is.
///
/// | Rust | JSON |
/// | --- | --- |
/// | `bool`, integers, floats, text | the same |
/// | dates and times, also those of `chrono` and `time` with these features | `"2026-01-31"`, `"2026-01-31 12:00:00"` in UTC |
/// | `rust_decimal::Decimal` with the feature `decimal` | a number |
/// | a [selection](Selection) | its value |
/// | [`Id`], [`Many2one`], [`Link`] | the number; of a link to nothing `false` |
/// | [`Ids`] | a list of numbers |
/// | [`Reference`] | `"res.partner,7"` |
/// | `Vec<u8>`, `&[u8]`, [`Binary`] | text in base64 |
/// | [`Domain`](crate::Domain), [`Values`](struct@crate::Values), [`Command`], [`Context`], [`Json`], [`Properties`] | as on the wire |
/// | `Option` | `null` for `None`, which is Python's `None` |
/// | lists, sets, arrays, tuples | lists |
/// | maps with keys of text | objects |
/// | `serde_json::Value`, `RawValue` | itself |
/// | [`Serialized`] with any other type that serde writes | what that type writes |
///
/// All of it is what [`Values::set`] sends for the same value. A number that JSON does not have is a [`Refusal`], inside of
/// lists and of [`Serialized`] too. (Not in what was made a `serde_json::Value` before: `json!(f64::NAN)` is `null`.)
///
/// ```
/// use odoo_client::{Date, Id};
/// # enum Partner {}
/// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
///
/// fn takes(_: impl odoo_client::write::Argument) {}
/// takes(7);
/// takes("text");
/// takes([("a", Some(1.5))]);
/// takes(Date::constant(2026, 1, 31));
/// takes(Id::<Partner>::new(7));
/// takes(serde_json::json!({"limit": 3}));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of an Odoo method",
    note = "see `odoo_client::write::Argument` for the types that can; `odoo_client::write::Serialized(…)` takes any that `serde` serializes",
    note = "a reference to a selection or to a type of your own is not one: give the value, or its `as_str()`"
)]
pub trait Argument {
    /// The value as JSON on the wire. For a type of your own, this is all there is to implement.
    ///
    /// # Errors
    ///
    /// When it cannot be sent as it is.
    fn to_json(&self) -> Result<Value, Refusal>;

    /// Writes the JSON, without a tree of values in between where that would be big.
    #[doc(hidden)]
    fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
        write(&self.to_json()?, json)
    }
}

fn write(value: &(impl Serialize + ?Sized), json: &mut Vec<u8>) -> Result<(), Refusal> {
    serde_json::to_writer(json, value).map_err(serialized::refused)
}

/// Types that are written as the JSON of this expression, by value and by reference.
macro_rules! arguments {
    ($([$($generics:tt)*] $value:ty: |$it:ident| $json:expr;)*) => { $(
        impl<$($generics)*> Argument for $value {
            fn to_json(&self) -> Result<Value, Refusal> {
                let $it = self;
                $json
            }
        }

        impl<$($generics)*> Argument for &$value {
            fn to_json(&self) -> Result<Value, Refusal> {
                Argument::to_json(*self)
            }
            fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
                Argument::encode(*self, json)
            }
        }
    )* };
}

pub(crate) use arguments;

/// Types that are Rust's for the JSON that they are.
macro_rules! plain {
    ($($value:ty)*) => { arguments! { $([] $value: |it| Ok((*it).into());)* } };
}

plain! { bool i8 i16 i32 i64 isize u16 u32 u64 usize }

/// Types that are written as to a field of this kind.
macro_rules! fields {
    ($($value:ty => $kind:ident;)*) => {
        arguments! { $([] $value: |it| <$value as ToField<kind::$kind>>::to_json(it.clone());)* }
    };
}

fields! {
    Date => Date;
    Datetime => Datetime;
    Timestamp => Datetime;
    Reference => Reference;
    Json => Json;
    Properties => Properties;
}

#[cfg(feature = "decimal")]
fields! { rust_decimal::Decimal => Float; }

#[cfg(feature = "chrono")]
fields! { chrono::NaiveDate => Date; }

#[cfg(feature = "chrono")]
arguments! {
    [Z: chrono::TimeZone] chrono::DateTime<Z>: |it| ToField::<kind::Datetime>::to_json(it.clone());
}

#[cfg(feature = "time")]
fields! {
    time::Date => Date;
    time::OffsetDateTime => Datetime;
}

arguments! {
    [] (): |_it| Ok(Value::Null);
    [] f32: |it| finite(f64::from(*it)).and_then(|_| serde_json::to_value(*it).map_err(serialized::refused));
    [] f64: |it| finite(*it);
    [] String: |it| Ok(it.as_str().into());
    ['a] Cow<'a, str>: |it| Ok((**it).into());
    [] Map<String, Value>: |it| Ok(it.clone().into());
    [] Context: |it| it.refusal().map_or_else(|| Ok(it.as_map().clone().into()), |refusal| Err(refusal.clone()));
    ['a] Binary<'a>: |it| values::bytes(it.0);
    [M] Id<M>: |it| Ok(it.get().into());
    [M] Many2one<M>: |it| Ok(it.id().get().into());
    [M] Link<M>: |it| ToField::<kind::Many2one<M>>::to_json(it);
    [M] Ids<M>: |it| Ok(it.iter().map(Id::get).collect());
    [M] Command<M>: |it| it.triple();
    [T: Argument, const N: usize] [T; N]: |it| list(it);
}

impl Argument for str {
    fn to_json(&self) -> Result<Value, Refusal> {
        Ok(self.into())
    }
}

impl Argument for &str {
    fn to_json(&self) -> Result<Value, Refusal> {
        Ok((*self).into())
    }
    fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
        write(*self, json)
    }
}

/// By value and by reference, where the JSON is there already or can be big.
macro_rules! big {
    ($([$($generics:tt)*] $value:ty: |$it:ident, $json:ident| $tree:expr, $write:expr;)*) => { $(
        big! { [$($generics)*] $value, $value: |$it, $json| $tree, $write; }
        big! { [$($generics)*] $value, &$value: |$it, $json| $tree, $write; }
    )* };
    ([$($generics:tt)*] $value:ty, $self:ty: |$it:ident, $json:ident| $tree:expr, $write:expr;) => {
        impl<$($generics)*> Argument for $self {
            fn to_json(&self) -> Result<Value, Refusal> {
                let $it: &$value = self;
                $tree
            }
            fn encode(&self, $json: &mut Vec<u8>) -> Result<(), Refusal> {
                let $it: &$value = self;
                $write
            }
        }
    };
}

big! {
    [] Value: |it, json| Ok(it.clone()), write(it, json);
    [] Box<RawValue>: |it, json| serde_json::from_str(it.get()).map_err(serialized::refused), write(it, json);
    [M] Values<M>: |it, json| it.json().cloned().map(Value::Object), write(it.json()?, json);
    [T: Argument] Vec<T>: |it, json| list(it), write_list(it, json);
    [T: Argument] BTreeSet<T>: |it, json| list(it), write_list(it, json);
    [T: Argument, S] HashSet<T, S>: |it, json| list(it), write_list(it, json);
    [K: AsRef<str>, V: Argument] BTreeMap<K, V>: |it, json| map(it), write_map(it, json);
    [K: AsRef<str>, V: Argument, S] HashMap<K, V, S>: |it, json| map(it), write_map(it, json);
    [] Vec<u8>: |it, json| values::bytes(it), write(&Binary(it), json);
}

impl Argument for &RawValue {
    fn to_json(&self) -> Result<Value, Refusal> {
        serde_json::from_str(self.get()).map_err(serialized::refused)
    }
    fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
        write(*self, json)
    }
}

impl<T: Argument> Argument for &[T] {
    fn to_json(&self) -> Result<Value, Refusal> {
        list(*self)
    }
    fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
        write_list(*self, json)
    }
}

impl Argument for &[u8] {
    fn to_json(&self) -> Result<Value, Refusal> {
        values::bytes(self)
    }
}

macro_rules! through {
    ($($pointer:ident)*) => {
        $(impl<T: Argument + ?Sized> Argument for $pointer<T> {
            fn to_json(&self) -> Result<Value, Refusal> {
                (**self).to_json()
            }
            fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
                (**self).encode(json)
            }
        })*
    };
}

through! { Arc Rc }

impl<E: Selection> Argument for E {
    fn to_json(&self) -> Result<Value, Refusal> {
        Ok(self.as_str().into())
    }
}

impl<T: Argument> Argument for Option<T> {
    fn to_json(&self) -> Result<Value, Refusal> {
        self.as_ref().map_or(Ok(Value::Null), Argument::to_json)
    }
    fn encode(&self, json: &mut Vec<u8>) -> Result<(), Refusal> {
        match self {
            Some(value) => value.encode(json),
            None => write(&(), json),
        }
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => { $(
        #[allow(non_snake_case)]
        impl<$($name: Argument),+> Argument for ($($name,)+) {
            fn to_json(&self) -> Result<Value, Refusal> {
                let ($($name,)+) = self;
                Ok(Value::Array(vec![$($name.to_json()?),+]))
            }
        }
    )* };
}

tuples! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) }

fn list<'a, T: Argument + 'a>(items: impl IntoIterator<Item = &'a T>) -> Result<Value, Refusal> {
    items.into_iter().map(Argument::to_json).collect()
}

fn write_list<'a, T: Argument + 'a>(items: impl IntoIterator<Item = &'a T>, json: &mut Vec<u8>) -> Result<(), Refusal> {
    let mut before = b'[';
    for item in items {
        json.push(before);
        item.encode(json)?;
        before = b',';
    }
    if before == b'[' {
        json.push(before);
    }
    json.push(b']');
    Ok(())
}

fn map<'a, K: AsRef<str> + 'a, V: Argument + 'a>(
    entries: impl IntoIterator<Item = (&'a K, &'a V)>,
) -> Result<Value, Refusal> {
    entries.into_iter().map(|(key, value)| Ok((key.as_ref().to_owned(), value.to_json()?))).collect()
}

fn write_map<'a, K: AsRef<str> + 'a, V: Argument + 'a>(
    entries: impl IntoIterator<Item = (&'a K, &'a V)>,
    json: &mut Vec<u8>,
) -> Result<(), Refusal> {
    let mut before = b'{';
    for (key, value) in entries {
        json.push(before);
        write(key.as_ref(), json)?;
        json.push(b':');
        value.encode(json)?;
        before = b',';
    }
    if before == b'{' {
        json.push(before);
    }
    json.push(b'}');
    Ok(())
}
