//! The types that fields are read into as they are. Where whole rows read the same, it is what reads here.

use serde_json::Value;

use super::FromField;
use crate::field::kind;
use crate::read::error::BEYOND_TIMESTAMP;
use crate::read::slot::{Mismatch, Shape, Slot, Wire, id};
use crate::{Date, Datetime, Id, Ids, Json, Link, Many2one, Model, Reference, Selection, Timestamp};

/// Reads as whole rows do; of what may be empty it says what the value is to be if it is.
macro_rules! reads {
    ($($kind:ident: $read:tt;)*) => { $(reads! { @one $kind $read })* };
    (@one $kind:ident []) => {};
    (@one $kind:ident [$type:ty]) => {
        impl FromField<kind::$kind> for $type {
            fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
                Self::from_wire(value)
            }
        }
    };
    (@one $kind:ident [$type:ty, $expected:literal]) => {
        impl FromField<kind::$kind> for $type {
            fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
                <Option<$type>>::from_wire(value)?.ok_or(Mismatch($expected))
            }
        }
    };
}

odoo_field_types::field_types!(reads of read);

impl FromField<kind::Integer> for i32 {
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        let number = <i64 as FromField<kind::Integer>>::from_field(value)?;
        Self::try_from(number).map_err(|_| Mismatch("an integer of 32 bits"))
    }
}

impl FromField<kind::Datetime> for Timestamp {
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        let time = <Datetime as FromField<kind::Datetime>>::from_field(value)?;
        time.timestamp().ok_or(BEYOND_TIMESTAMP)
    }
}

impl<E: Selection> FromField<kind::Selection<E>> for E {
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        <Option<E>>::from_wire(value)?.ok_or(Mismatch("a selection value"))
    }
}

impl<E> FromField<kind::Selection<E>> for String {
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        <Self as FromField<kind::Char>>::from_field(value)
    }
}

impl<M> FromField<kind::IdOf<M>> for i64 {
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        id(value)
    }
}

impl<M> FromField<kind::IdOf<M>> for Id<M> {
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        id(value).map(Self::new)
    }
}

const MANY2ONE: Mismatch = Mismatch("a many2one (`[7, \"name\"]`)");

impl<M> FromField<kind::Many2one<M>> for Many2one<M> {
    const SHAPE: Shape = Shape::Pair;
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Pair(id, name) => Ok(Self::named(id, name)),
            // Computed fields give the bare id.
            Wire::Int(id) => Ok(Self::named(id, None)),
            _ => Err(MANY2ONE),
        }
    }
}

impl<M> FromField<kind::Many2one<M>> for Id<M> {
    const SHAPE: Shape = Shape::Pair;
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Pair(id, _) | Wire::Int(id) => Ok(Self::new(id)),
            _ => Err(MANY2ONE),
        }
    }
}

macro_rules! lists {
    ($($kind:ident)*) => {
        $(impl<M: Model> FromField<kind::$kind<M>> for Ids<M> {
            const SHAPE: Shape = Shape::Ids;
            fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
                Self::from_wire(value)
            }
        }

        impl<M: Model> FromField<kind::$kind<M>> for Vec<Id<M>> {
            const SHAPE: Shape = Shape::Ids;
            fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
                let ids = <Ids<M> as FromField<kind::$kind<M>>>::from_field(value)?;
                Ok(ids.into_iter().collect())
            }
        })*
    };
}

lists! { One2many Many2many }

impl<M: Model> FromField<kind::Many2one<M>> for Link<M> {
    const SHAPE: Shape = Shape::Pair;
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        Self::from_wire(value)
    }
}

impl<K> FromField<K> for Json {
    const SHAPE: Shape = Shape::Raw;
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        Self::from_wire(value)
    }
}

impl<K> FromField<K> for Value {
    const SHAPE: Shape = Shape::Raw;
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        raw(value).and_then(|json| serde_json::from_str(json).ok()).ok_or(Mismatch("any JSON"))
    }
}

/// The text of the JSON, for types of [`Shape::Raw`].
pub(super) fn raw(value: Wire<'_>) -> Option<&str> {
    match value {
        Wire::Raw(json) => Some(json),
        _ => None,
    }
}

/// As the server writes the number: it does not become a float on the way.
#[cfg(feature = "decimal")]
mod decimal {
    use rust_decimal::Decimal;

    use super::{FromField, Mismatch, Shape, Wire, kind, raw};

    fn decimal(value: Wire<'_>) -> Result<Decimal, Mismatch> {
        let text = raw(value).ok_or(Mismatch("a number"))?;
        // Python writes very small and very large numbers as `1e-07`.
        let decimal = if text.contains(['e', 'E']) {
            // One with more digits than a decimal has is rounded, as the other way of writing it is.
            Decimal::from_scientific(text).or_else(|_| format!("{:.28}", text.parse().unwrap_or(f64::NAN)).parse())
        } else {
            text.parse()
        };
        decimal.map_err(|_| Mismatch("a number that a decimal can hold"))
    }

    impl FromField<kind::Float> for Decimal {
        const SHAPE: Shape = Shape::Raw;
        fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
            decimal(value)
        }
    }

    impl FromField<kind::Monetary> for Decimal {
        const SHAPE: Shape = Shape::Raw;
        fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
            decimal(value)
        }
    }
}

#[cfg(feature = "chrono")]
mod chrono {
    use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

    use super::{Date, Datetime, FromField, Mismatch, Wire, kind};

    fn date(date: Date) -> Result<NaiveDate, Mismatch> {
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        NaiveDate::from_ymd_opt(date.year().into(), month.into(), day.into()).ok_or(Mismatch("a date"))
    }

    impl FromField<kind::Date> for NaiveDate {
        fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
            date(<Date as FromField<kind::Date>>::from_field(value)?)
        }
    }

    impl FromField<kind::Datetime> for DateTime<Utc> {
        fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
            let time = <Datetime as FromField<kind::Datetime>>::from_field(value)?.civil();
            let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(|n| n.unsigned_abs().into());
            let clock = NaiveTime::from_hms_nano_opt(hour, minute, second, time.subsec_nanosecond().unsigned_abs());
            Ok(date(time.date())?.and_time(clock.ok_or(Mismatch("a date and time"))?).and_utc())
        }
    }
}

#[cfg(feature = "time")]
mod time {
    use time::{Month, OffsetDateTime, PrimitiveDateTime, Time};

    use super::{Date, Datetime, FromField, Mismatch, Wire, kind};

    fn date(date: Date) -> Result<time::Date, Mismatch> {
        let month = Month::try_from(date.month().unsigned_abs()).map_err(|_| Mismatch("a date"))?;
        time::Date::from_calendar_date(date.year().into(), month, date.day().unsigned_abs())
            .map_err(|_| Mismatch("a date"))
    }

    impl FromField<kind::Date> for time::Date {
        fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
            date(<Date as FromField<kind::Date>>::from_field(value)?)
        }
    }

    impl FromField<kind::Datetime> for OffsetDateTime {
        fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
            let time = <Datetime as FromField<kind::Datetime>>::from_field(value)?.civil();
            let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i8::unsigned_abs);
            let clock = Time::from_hms_nano(hour, minute, second, time.subsec_nanosecond().unsigned_abs())
                .map_err(|_| Mismatch("a date and time"))?;
            Ok(PrimitiveDateTime::new(date(time.date())?, clock).assume_utc())
        }
    }
}
