//! Dates and times as Odoo writes them.

use jiff::civil::{Date, Time};

use crate::Datetime;

/// `2026-01-31`; Python writes the years before 1000 with fewer digits (seen on `res.company` in 19: `1-01-01`), and a
/// model that is a view of the database may have a time behind it (seen on `event.sale.report` in 19).
pub(crate) fn date(text: &str) -> Option<Date> {
    if let Ok(ymd) = text.as_bytes().try_into() {
        return day(ymd);
    }
    match text.split_once([' ', 'T']) {
        Some((day, clock)) => time(clock.as_bytes()).and(date_alone(day)),
        None => date_alone(text),
    }
}

/// `2026-01-31 12:00:00`, with a fraction of a second where a module computes one.
pub(crate) fn datetime(text: &str) -> Option<Datetime> {
    let bytes = text.as_bytes();
    let (date, time) = match bytes.split_first_chunk() {
        // What nearly all are.
        Some((ymd, [b' ' | b'T', clock @ ..])) => (day(ymd)?, time(clock)?),
        _ => {
            let (day, clock) = text.split_once([' ', 'T'])?;
            (date_alone(day)?, time(clock.as_bytes())?)
        }
    };
    Some(date.to_datetime(time).into())
}

/// With four digits of a year, or fewer.
fn date_alone(text: &str) -> Option<Date> {
    let padded = format!("{text:0>10}");
    day(padded.as_bytes().try_into().ok()?)
}

fn day(&[y1, y2, y3, y4, dash, m1, m2, dash_2, d1, d2]: &[u8; 10]) -> Option<Date> {
    let year = i16::from(digits(y1, y2)?) * 100 + i16::from(digits(y3, y4)?);
    // Python has no year 0.
    let is_date = dash == b'-' && dash_2 == b'-' && year > 0;
    is_date.then(|| Date::new(year, digits(m1, m2)?, digits(d1, d2)?).ok())?
}

fn time(clock: &[u8]) -> Option<Time> {
    let (&[h1, h2, colon, m1, m2, colon_2, s1, s2], fraction) = clock.split_first_chunk()?;
    let nanoseconds = match fraction {
        [] => 0,
        [b'.', digits @ ..] => nanoseconds(digits)?,
        _ => return None,
    };
    let is_time = colon == b':' && colon_2 == b':';
    is_time.then(|| Time::new(digits(h1, h2)?, digits(m1, m2)?, digits(s1, s2)?, nanoseconds).ok())?
}

/// Of the digits of a fraction of a second, one to nine.
fn nanoseconds(fraction: &[u8]) -> Option<i32> {
    let is_fraction = (1..=9).contains(&fraction.len()) && fraction.iter().all(u8::is_ascii_digit);
    let digits = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    is_fraction.then(|| digits.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

fn digits(ten: u8, one: u8) -> Option<i8> {
    let digit = |b: u8| b.is_ascii_digit().then(|| b - b'0');
    i8::try_from(digit(ten)? * 10 + digit(one)?).ok()
}
