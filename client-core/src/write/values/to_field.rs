//! The Rust types that fields are compared with and written as they are.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::text::{date, datetime, finite};
use super::{ToField, ToWrite};
use crate::error::Refusal;
use crate::field::kind;
use crate::read::Properties;
use crate::{Datetime, Id, Json, Link, Many2one, Reference, Selection};

macro_rules! to_field {
    ($($value:ty => $($kind:ident)+: |$it:ident| $json:expr;)*) => {
        $($(impl ToField<kind::$kind> for $value {
            fn to_json(self) -> Result<Value, Refusal> {
                let $it = self;
                $json
            }
        })+)*
    };
}

to_field! {
    &str => Char Text Html: |text| Ok(text.into());
    &String => Char Text Html: |text| Ok(text.as_str().into());
    String => Char Text Html: |text| Ok(text.into());
    std::borrow::Cow<'_, str> => Char Text Html: |text| Ok(text.into());
    bool => Boolean: |value| Ok(value.into());
    i64 => Integer Id Many2oneReference: |number| Ok(number.into());
    i32 => Integer Float Monetary: |number| Ok(number.into());
    f64 => Float Monetary: |number| finite(number);
    Date => Date: |day| date(day.year().into(), day.month(), day.day());
    Datetime => Datetime: |time| datetime(time);
    Timestamp => Datetime: |time| datetime(time.into());
    Reference => Reference: |reference| Ok(reference.as_wire().into());
    &Reference => Reference: |reference| Ok(reference.as_wire().into());
    Value => Json Properties PropertiesDefinition: |json| Ok(json);
    &Value => Json Properties PropertiesDefinition: |json| Ok(json.clone());
    Json => Json Properties PropertiesDefinition: |json| parsed(&json);
    &Json => Json Properties PropertiesDefinition: |json| parsed(json);
    Properties => Properties PropertiesDefinition: |properties| Ok(properties.to_value());
    &Properties => Properties PropertiesDefinition: |properties| Ok(properties.to_value());
}

fn parsed(json: &Json) -> Result<Value, Refusal> {
    json.parse().map_err(|error| Refusal::new(format!("this is not JSON: {error}")))
}

impl<M> ToField<kind::Many2one<M>> for Id<M> {
    fn to_json(self) -> Result<Value, Refusal> {
        Ok(self.get().into())
    }
}

/// What points to a record, as its id; to none, as `false`.
macro_rules! pointers {
    ($($value:ty: |$it:ident| $id:expr;)*) => {
        $(impl<M> ToField<kind::Many2one<M>> for $value {
            fn to_json(self) -> Result<Value, Refusal> {
                let $it = self;
                $id.to_json()
            }
        })*
    };
}

pointers! {
    Many2one<M>: |to| to.id();
    &Many2one<M>: |to| to.id();
    Link<M>: |to| to.id();
    &Link<M>: |to| to.id();
}

impl<E: Selection> ToField<kind::Selection<E>> for E {
    fn to_json(self) -> Result<Value, Refusal> {
        Ok(self.as_str().into())
    }
}

/// Empties the field, or is compared with none, if it is `None`: `false` on the wire.
impl<K, T: ToField<K>> ToField<K> for Option<T> {
    fn to_json(self) -> Result<Value, Refusal> {
        self.map_or(Ok(Value::Bool(false)), T::to_json)
    }
}

macro_rules! optional_bytes {
    ($($value:ty)*) => {
        $(impl ToWrite<kind::Binary> for Option<$value> {
            fn to_write(self) -> Result<Value, Refusal> {
                self.map_or(Ok(Value::Bool(false)), <$value>::to_write)
            }
        })*
    };
}

optional_bytes! { Vec<u8> &[u8] crate::Binary<'_> }

#[cfg(feature = "decimal")]
to_field! {
    rust_decimal::Decimal => Float Monetary: |decimal| super::text::decimal(decimal);
}

#[cfg(feature = "chrono")]
mod chrono {
    use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike};

    use super::{Refusal, ToField, Value, date, kind};
    use crate::write::values::text;

    to_field! {
        NaiveDate => Date: |day| self::day(day);
    }

    fn day(day: NaiveDate) -> Result<Value, Refusal> {
        date(day.year(), small(day.month()), small(day.day()))
    }

    /// Months, days, hours, minutes and seconds are.
    fn small(number: u32) -> i8 {
        number.try_into().unwrap_or_default()
    }

    impl<Z: TimeZone> ToField<kind::Datetime> for DateTime<Z> {
        fn to_json(self) -> Result<Value, Refusal> {
            let utc = self.naive_utc();
            let (day, time) = (utc.date(), utc.time());
            let day = (day.year(), small(day.month()), small(day.day()));
            text::date_and_time(day, (small(time.hour()), small(time.minute()), small(time.second())))
        }
    }
}

#[cfg(feature = "time")]
mod time {
    use time::{Month, OffsetDateTime, UtcOffset};

    use super::{Refusal, ToField, Value, date, kind};
    use crate::write::values::text;

    to_field! {
        time::Date => Date: |day| {
            let (year, month, day) = parts(day);
            date(year, month, day)
        };
        OffsetDateTime => Datetime: |time| utc(time);
    }

    fn parts(day: time::Date) -> (i32, i8, i8) {
        (day.year(), small(Month::into(day.month())), small(day.day()))
    }

    /// Months, days, hours, minutes and seconds are.
    fn small(number: u8) -> i8 {
        number.try_into().unwrap_or_default()
    }

    fn utc(time: OffsetDateTime) -> Result<Value, Refusal> {
        let utc = time.checked_to_offset(UtcOffset::UTC).ok_or_else(text::no_such_year)?;
        text::date_and_time(parts(utc.date()), (small(utc.hour()), small(utc.minute()), small(utc.second())))
    }
}
