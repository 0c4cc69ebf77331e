//! The types of keys and values of groups.

use jiff::civil::Date;
use serde_json::Value;

use super::Period;
use crate::field::kind::{self, Kind};
use crate::field::sealed::Seal;
use crate::read::slot::{Mismatch, Slot, Wire};
use crate::{Datetime, Many2one, Reference, Selection};

/// Types of fields that records can be grouped by, where they are stored. Dates can by way of their
/// [periods](super::ByPeriod).
#[diagnostic::on_unimplemented(
    message = "records cannot be grouped by a field of Odoo type `{Self}`",
    label = "not a type to group by",
    note = "a date or datetime is grouped by its period: `.day()`, `.week()`, `.month()`, `.quarter()` or `.year()` behind the field",
    note = "one2many, html, binary and JSON fields cannot be grouped by at all"
)]
pub trait Groupable: Kind {
    /// The type of the key.
    type Key: Column;
    #[doc(hidden)]
    const IS_MANY: bool = false;
}

/// Types of fields that can be added up.
#[diagnostic::on_unimplemented(message = "a field of Odoo type `{Self}` cannot be added up", label = "not a number")]
pub trait Number: Kind {
    /// The type of the sum.
    type Sum: Column;
}

/// Types of fields that have a least and a greatest value.
#[diagnostic::on_unimplemented(
    message = "a field of Odoo type `{Self}` has no least and no greatest value",
    label = "neither a number, a date nor text"
)]
pub trait Aggregated: Kind {
    /// The type of the value, which is missing where no record has one.
    type Value: Column;
}

/// Types of fields that hold a date or a date and time.
#[diagnostic::on_unimplemented(message = "a field of Odoo type `{Self}` is no date", label = "not a date")]
pub trait Temporal: Kind {
    /// The type of the ends of a period.
    type Point;
}

macro_rules! grouped {
    ($($kind:ident: [$($trait:ident $assoc:ident $type:ty),*];)*) => {
        $($(impl $trait for kind::$kind {
            type $assoc = $type;
        })*)*
    };
}

odoo_field_types::field_types!(grouped of group);

impl<M: crate::Model> Groupable for kind::Many2one<M> {
    type Key = Option<Many2one<M>>;
}

impl<M: crate::Model> Groupable for kind::Many2many<M> {
    type Key = Option<Many2one<M>>;
    const IS_MANY: bool = true;
}

impl<E: Selection> Groupable for kind::Selection<E> {
    type Key = Option<E>;
}

/// A key or a value of a group.
pub trait Column: Sized {
    #[doc(hidden)]
    fn read(json: &Value) -> Result<Self, Mismatch>;
}

/// Reads the JSON as whole rows do.
fn read<T: Slot>(json: &Value) -> Result<T, Mismatch> {
    let mut text = String::new();
    T::from_wire(wire(json, &mut text))
}

fn wire<'a>(json: &'a Value, text: &'a mut String) -> Wire<'a> {
    match json {
        Value::Null => Wire::Null,
        Value::Bool(value) => Wire::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => Wire::Int(int),
            (None, Some(float)) => Wire::Float(float),
            (None, None) => Wire::Null,
        },
        Value::String(text) => Wire::Text(text),
        Value::Array(_) | Value::Object(_) => {
            if let Some([id, name]) = json.as_array().map(Vec::as_slice)
                && let Some(id) = id.as_i64()
            {
                return Wire::Pair(id, name.as_str());
            }
            *text = json.to_string();
            Wire::Raw(text)
        }
    }
}

macro_rules! columns {
    ($($type:ty)*) => {
        $(impl Column for $type {
            fn read(json: &Value) -> Result<Self, Mismatch> {
                read(json)
            }
        })*
    };
}

columns! { bool Option<i64> Option<String> Option<Date> Option<Datetime> Option<Reference> }

/// A sum, which is `false` or `null` where there is nothing to add up.
impl Column for i64 {
    fn read(json: &Value) -> Result<Self, Mismatch> {
        let sum: Option<Self> = Column::read(json)?;
        Ok(sum.unwrap_or(0))
    }
}

impl Column for f64 {
    fn read(json: &Value) -> Result<Self, Mismatch> {
        let sum: Option<Self> = Column::read(json)?;
        Ok(sum.unwrap_or(0.0))
    }
}

impl Column for u64 {
    fn read(json: &Value) -> Result<Self, Mismatch> {
        let count: i64 = Column::read(json)?;
        Self::try_from(count).map_err(|_| Mismatch("a count"))
    }
}

impl Column for Option<f64> {
    fn read(json: &Value) -> Result<Self, Mismatch> {
        match json {
            Value::Null | Value::Bool(false) => Ok(None),
            _ => read(json).map(Some).map_err(|_: Mismatch| Mismatch("a number or `false`")),
        }
    }
}

/// A sum, an average, a least or a greatest value as `rust_decimal::Decimal`.
#[cfg(feature = "decimal")]
mod decimal {
    use rust_decimal::Decimal;

    use super::{Column, Mismatch, Value};
    use crate::field::kind;
    use crate::read::{FromField, Wire};

    impl Column for Option<Decimal> {
        fn read(json: &Value) -> Result<Self, Mismatch> {
            match json {
                Value::Null | Value::Bool(false) => Ok(None),
                // A number is written with the digits that it was read from.
                _ => FromField::<kind::Float>::from_field(Wire::Raw(&json.to_string())).map(Some),
            }
        }
    }

    impl Column for Decimal {
        fn read(json: &Value) -> Result<Self, Mismatch> {
            let sum: Option<Self> = Column::read(json)?;
            Ok(sum.unwrap_or_default())
        }
    }

    /// Types of values of groups that can be decimals as well.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not read as a decimal",
        label = "neither a float nor an amount of money"
    )]
    pub trait ToDecimal: Column {
        /// The decimal.
        type Decimal: Column;
    }

    impl ToDecimal for f64 {
        type Decimal = Decimal;
    }

    impl ToDecimal for Option<f64> {
        type Decimal = Option<Decimal>;
    }
}
#[cfg(feature = "decimal")]
pub use self::decimal::ToDecimal;

impl<M: crate::Model> Column for Option<Many2one<M>> {
    fn read(json: &Value) -> Result<Self, Mismatch> {
        read(json)
    }
}

impl<E: Selection> Column for Option<E> {
    fn read(json: &Value) -> Result<Self, Mismatch> {
        read(json)
    }
}

impl<T> Column for Option<Period<T>>
where
    Option<T>: Column,
{
    fn read(json: &Value) -> Result<Self, Mismatch> {
        let (from, to): (Option<T>, Option<T>) = match json {
            Value::Array(ends) if ends.len() == 2 => (<Option<T>>::read(&ends[0])?, <Option<T>>::read(&ends[1])?),
            Value::Null | Value::Bool(false) => (None, None),
            _ => return Err(Mismatch("a period or `false`")),
        };
        Ok(from.zip(to).map(|(from, to)| Period { from, to }))
    }
}

/// What the keys or the values of a group make: nothing, the only one, or a tuple.
///
/// They are collected as pairs, `(((), A), B)`, because one can be added to those without knowing how many there are.
pub trait Tuple {
    /// The type they make.
    type Of;

    #[doc(hidden)]
    fn read(columns: &[Value], _: Seal) -> Result<Self::Of, (usize, Mismatch)>;
}

fn column<T: Column>(columns: &[Value], at: usize) -> Result<T, (usize, Mismatch)> {
    T::read(columns.get(at).unwrap_or(&Value::Null)).map_err(|mismatch| (at, mismatch))
}

macro_rules! tuples {
    ($($pairs:ty => $of:ty: $($type:ident $at:literal)*;)*) => {
        $(impl<$($type: Column),*> Tuple for $pairs {
            type Of = $of;
            fn read(_columns: &[Value], _: Seal) -> Result<$of, (usize, Mismatch)> {
                Ok(($(column::<$type>(_columns, $at)?),*))
            }
        })*
    };
}

impl<A: Column> Tuple for ((), A) {
    type Of = A;
    fn read(columns: &[Value], _: Seal) -> Result<A, (usize, Mismatch)> {
        column(columns, 0)
    }
}

tuples! {
    () => ():;
    (((), A), B) => (A, B): A 0 B 1;
    ((((), A), B), C) => (A, B, C): A 0 B 1 C 2;
    (((((), A), B), C), D) => (A, B, C, D): A 0 B 1 C 2 D 3;
    ((((((), A), B), C), D), E) => (A, B, C, D, E): A 0 B 1 C 2 D 3 E 4;
    (((((((), A), B), C), D), E), F) => (A, B, C, D, E, F): A 0 B 1 C 2 D 3 E 4 F 5;
}

/// Reads a value as each type of column.
#[cfg(feature = "fuzzing")]
pub fn fuzzed(json: &Value) {
    type All = (((((((), bool), i64), Option<f64>), Option<String>), Option<Datetime>), Option<Period<Date>>);
    for at in 0..6 {
        let mut columns = vec![Value::Null; 6];
        if let Some(column) = columns.get_mut(at) {
            column.clone_from(json);
        }
        let _ = <All as Tuple>::read(&columns, Seal);
    }
}
