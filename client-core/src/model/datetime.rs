//! Odoo's datetimes, all of them.

use std::fmt;
use std::str::FromStr;

use jiff::tz::Offset;
use jiff::{Timestamp, ZonedDateTime, civil};

use crate::model::times;

/// The value of a `datetime` field: a date and time in UTC.
///
/// It holds all that Odoo can store, the years 1 to 9999. A [`Timestamp`] ends at 9999-12-30T22:00:00Z, and so before the
/// `9999-12-31 23:59:59` that Odoo itself writes for "without end" (17.0 and later: `discuss.channel.member.mute_until_dt`).
///
/// [`timestamp`](Self::timestamp) and [`civil`](Self::civil) lead to the types of [`jiff`], `From` leads back, from
/// [`jiff::ZonedDateTime`] too. Odoo's "without end" is [`Timestamp::MAX`], in both directions.
///
/// ```
/// use odoo_client::{Date, Datetime, Timestamp};
///
/// let noon: Datetime = "2026-01-31 12:00:00".parse()?;
/// assert_eq!(noon, Date::constant(2026, 1, 31).at(12, 0, 0, 0).into());
/// assert_eq!(noon.timestamp(), Some("2026-01-31T12:00:00Z".parse()?));
/// assert!(noon < Timestamp::now().into() && noon < Datetime::MAX);
/// assert_eq!(Datetime::MAX.to_string(), "9999-12-31 23:59:59");
/// assert_eq!(Datetime::from(Timestamp::MAX), Datetime::MAX);
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// On the wire `"2026-01-31 12:00:00"`, to the second; so it is written too, as Odoo takes
/// [no other form](https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html#odoo.fields.Datetime).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Datetime(civil::DateTime);

impl Datetime {
    /// The first that Odoo can store: `0001-01-01 00:00:00`.
    pub const MIN: Self = Self(civil::DateTime::constant(1, 1, 1, 0, 0, 0, 0));

    /// The last that Odoo can store, and how it says "without end": `9999-12-31 23:59:59`.
    ///
    /// Filter with `ge`: to `eq` of this one Odoo 19.0 raises an `OverflowError`.
    pub const MAX: Self = Self(civil::DateTime::constant(9999, 12, 31, 23, 59, 59, 0));

    /// The moment; [`Timestamp::MAX`] for [`MAX`](Self::MAX), and `None` for any other that is beyond what a [`Timestamp`]
    /// holds.
    pub fn timestamp(self) -> Option<Timestamp> {
        self.try_into().ok()
    }

    /// The date and the time in UTC, for its parts, and for other formats than Odoo's.
    ///
    /// ```
    /// let noon: odoo_client::Datetime = "2026-01-31 12:00:00".parse()?;
    /// assert_eq!((noon.civil().hour(), noon.civil().strftime("%b %Y").to_string()), (12, "Jan 2026".into()));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub const fn civil(self) -> civil::DateTime {
        self.0
    }

    /// As it is on the wire: without a fraction of a second.
    pub(crate) fn wire(self) -> String {
        format!("{:.0}", self.0).replacen('T', " ", 1)
    }
}

/// [`Timestamp::MAX`] becomes [`Datetime::MAX`].
impl From<Timestamp> for Datetime {
    fn from(time: Timestamp) -> Self {
        if time == Timestamp::MAX { Self::MAX } else { Self(Offset::UTC.to_datetime(time)) }
    }
}

impl From<&ZonedDateTime> for Datetime {
    fn from(time: &ZonedDateTime) -> Self {
        time.timestamp().into()
    }
}

impl From<ZonedDateTime> for Datetime {
    fn from(time: ZonedDateTime) -> Self {
        Self::from(&time)
    }
}

/// The civil time is taken for one in UTC.
impl From<civil::DateTime> for Datetime {
    fn from(utc: civil::DateTime) -> Self {
        Self(utc)
    }
}

/// As [`Datetime::timestamp`].
impl TryFrom<Datetime> for Timestamp {
    type Error = jiff::Error;

    fn try_from(time: Datetime) -> Result<Self, jiff::Error> {
        if time >= Datetime::MAX { Ok(Self::MAX) } else { Offset::UTC.to_timestamp(time.0) }
    }
}

/// `2026-01-31 12:00:00`, with a fraction of a second if there is one.
impl fmt::Display for Datetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_string().replacen('T', " ", 1))
    }
}

/// The same as `Display`.
impl fmt::Debug for Datetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What Odoo writes: `2026-01-31 12:00:00`, with a fraction of a second or without.
impl FromStr for Datetime {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        times::datetime(text)
            .ok_or_else(|| jiff::Error::from_args(format_args!("no date and time as Odoo writes it: {text:?}")))
    }
}

/// As it is on the wire: without a fraction of a second.
impl serde::Serialize for Datetime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.wire())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_shown_and_not_sent() {
        for (text, sent) in [
            ("2026-01-31 12:00:59.999999", "2026-01-31 12:00:59"),
            ("0001-01-01 00:00:00.5", "0001-01-01 00:00:00"),
            ("9999-12-31 23:59:59", "9999-12-31 23:59:59"),
        ] {
            let time: Datetime = text.parse().unwrap();
            assert_eq!((time.to_string().as_str(), time.wire().as_str()), (text, sent));
        }
    }
}
