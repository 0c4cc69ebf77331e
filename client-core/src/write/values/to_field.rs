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

/// A Rust type that goes out the same for each type of field that takes it.
trait Written {
    fn written(self) -> Result<Value, Refusal>;
}

macro_rules! written {
    ($($value:ty: |$it:ident| $json:expr;)*) => {
        $(impl Written for $value {
            fn written(self) -> Result<Value, Refusal> {
                let $it = self;
                $json
            }
        })*
    };
}

written! {
    &str: |text| Ok(text.into());
    &String: |text| Ok(text.as_str().into());
    String: |text| Ok(text.into());
    std::borrow::Cow<'_, str>: |text| Ok(text.into());
    bool: |value| Ok(value.into());
    i64: |number| Ok(number.into());
    i32: |number| Ok(number.into());
    f64: |number| finite(number);
    Date: |day| date(day.year().into(), day.month(), day.day());
    Datetime: |time| datetime(time);
    Timestamp: |time| datetime(time.into());
    Reference: |reference| Ok(reference.as_wire().into());
    &Reference: |reference| Ok(reference.as_wire().into());
    Value: |json| Ok(json);
    &Value: |json| Ok(json.clone());
    Json: |json| parsed(&json);
    &Json: |json| parsed(json);
    Properties: |properties| Ok(properties.to_value());
    &Properties: |properties| Ok(properties.to_value());
}

macro_rules! writes {
    ($($kind:ident: [$($value:ty),*];)*) => {
        $($(impl ToField<kind::$kind> for $value {
            fn to_json(self) -> Result<Value, Refusal> {
                self.written()
            }
        })*)*
    };
}

odoo_field_types::field_types!(writes of write);

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
mod decimal {
    use rust_decimal::Decimal;

    use super::{Refusal, ToField, Value, kind};
    use crate::write::values::text::decimal;

    impl ToField<kind::Float> for Decimal {
        fn to_json(self) -> Result<Value, Refusal> {
            decimal(self)
        }
    }

    impl ToField<kind::Monetary> for Decimal {
        fn to_json(self) -> Result<Value, Refusal> {
            decimal(self)
        }
    }
}

#[cfg(feature = "chrono")]
mod chrono {
    use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike};

    use super::{Refusal, ToField, Value, date, kind};
    use crate::write::values::text;

    impl ToField<kind::Date> for NaiveDate {
        fn to_json(self) -> Result<Value, Refusal> {
            day(self)
        }
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

    impl ToField<kind::Date> for time::Date {
        fn to_json(self) -> Result<Value, Refusal> {
            let (year, month, day) = parts(self);
            date(year, month, day)
        }
    }

    impl ToField<kind::Datetime> for OffsetDateTime {
        fn to_json(self) -> Result<Value, Refusal> {
            let utc = self.checked_to_offset(UtcOffset::UTC).ok_or_else(text::no_such_year)?;
            text::date_and_time(parts(utc.date()), (small(utc.hour()), small(utc.minute()), small(utc.second())))
        }
    }

    fn parts(day: time::Date) -> (i32, i8, i8) {
        (day.year(), small(Month::into(day.month())), small(day.day()))
    }

    /// Months, days, hours, minutes and seconds are.
    fn small(number: u8) -> i8 {
        number.try_into().unwrap_or_default()
    }
}
