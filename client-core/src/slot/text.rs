//! Values that Odoo sends as text, and those that it sends in place of text.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::Wire;

/// A number where text should be, as its digits: models that are views of the database pass on what PostgreSQL
/// answers. (Seen on `im_livechat.report.channel` in 14: `1.0` in a `char`.)
pub(super) fn number(value: Wire<'_>) -> Option<String> {
    match value {
        Wire::Int(value) => Some(value.to_string()),
        Wire::Float(value) => Some(serde_json::Value::from(value).to_string()),
        _ => None,
    }
}

/// `2026-01-31`; Python writes the years before 1000 with fewer digits (seen on `res.company` in 19: `1-01-01`), and a
/// model that is a view of the database may have a time behind it (seen on `event.sale.report` in 19).
pub(super) fn date(text: &str) -> Option<Date> {
    if let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() {
        let year = i16::from(digits(y1, y2)?) * 100 + i16::from(digits(y3, y4)?);
        return Date::new(year, digits(m1, m2)?, digits(d1, d2)?).ok();
    }
    let day = text.split_once(' ').map_or(text, |(day, _)| day);
    let mut parts = day.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `2026-01-31 12:00:00`, with a fraction of a second where a module computes one.
pub(super) fn datetime(text: &str) -> Option<Timestamp> {
    let end = text.bytes().position(|b| matches!(b, b' ' | b'T'))?;
    let (day, time) = (text.get(..end)?, text.get(end + 1..)?);
    let time = match time.as_bytes() {
        // What nearly all are, without the detours of a parser that knows every form.
        &[h1, h2, b':', m1, m2, b':', s1, s2] => {
            Time::new(digits(h1, h2)?, digits(m1, m2)?, digits(s1, s2)?, 0).ok()?
        }
        // `Time` would read over a zone behind it.
        bytes if bytes.iter().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')) => time.parse().ok()?,
        _ => return None,
    };
    Offset::UTC.to_timestamp(date(day)?.to_datetime(time)).ok()
}

fn digits(ten: u8, one: u8) -> Option<i8> {
    let digit = |b: u8| b.is_ascii_digit().then(|| b - b'0');
    i8::try_from(digit(ten)? * 10 + digit(one)?).ok()
}
