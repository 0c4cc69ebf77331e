//! Numbers, dates and times as Odoo reads them.

use serde_json::{Number, Value};

use crate::Datetime;
use crate::error::Refusal;
use crate::field::kind;
use crate::write::ToWrite;

/// Odoo's Python reads more than JSON has, but what it would be sent for these is `null`, which it takes for 0.
pub(crate) fn finite(number: f64) -> Result<Value, Refusal> {
    Number::from_f64(number).map(Value::Number).ok_or_else(|| no_such_number(number))
}

#[cold]
pub(crate) fn no_such_number(number: f64) -> Refusal {
    Refusal::new(format!("JSON has no number `{number}`"))
}

/// The value of a binary field.
pub(crate) fn bytes(bytes: &[u8]) -> Result<Value, Refusal> {
    ToWrite::<kind::Binary>::to_write(bytes)
}

/// Odoo's dates are Python's.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

#[cold]
pub(crate) fn no_such_year() -> Refusal {
    Refusal::new("Odoo has the years 1 to 9999 only")
}

fn day(year: i32, month: i8, day: i8) -> Result<String, Refusal> {
    if YEARS.contains(&year) { Ok(format!("{year:04}-{month:02}-{day:02}")) } else { Err(no_such_year()) }
}

/// A year of any calendar type, and a month and day that it has.
pub(crate) fn date(year: i32, month: i8, of_month: i8) -> Result<Value, Refusal> {
    day(year, month, of_month).map(Value::String)
}

/// A date and a time in UTC. Odoo takes no `T`, no zone and no fraction of a second.
pub(crate) fn date_and_time(date: (i32, i8, i8), (hour, minute, second): (i8, i8, i8)) -> Result<Value, Refusal> {
    let day = day(date.0, date.1, date.2)?;
    Ok(format!("{day} {hour:02}:{minute:02}:{second:02}").into())
}

pub(crate) fn datetime(time: Datetime) -> Result<Value, Refusal> {
    let time = time.civil();
    date_and_time((time.year().into(), time.month(), time.day()), (time.hour(), time.minute(), time.second()))
}

/// The digits of the decimal, as far as there is a float that has the same: Odoo reads every number with a fraction into
/// a float, and would change others without a word.
#[cfg(feature = "decimal")]
pub(crate) fn decimal(decimal: rust_decimal::Decimal) -> Result<Value, Refusal> {
    // The nearest float, whose fewest digits both we and Odoo write for it.
    let float: f64 = decimal.to_string().parse().unwrap_or(f64::NAN);
    if rust_decimal::Decimal::from_str_exact(&float.to_string()) == Ok(decimal) {
        return finite(float);
    }
    Err(Refusal::new(format!(
        "`{decimal}` has more digits than a float of Odoo holds (it would become {float}): round it first"
    )))
}
