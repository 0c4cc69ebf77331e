//! What a text stands for where a condition compares dates and times.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde_json::{Value, json};

use crate::Fault;
use crate::engine::definitions::Kind;
use crate::engine::env::Env;
use crate::engine::python::{repr, str};
use crate::engine::zone;
use crate::series::Difference;

/// A day, or a time of UTC.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    Day(Date),
    Time(DateTime),
}

/// The value of a condition as a date or a time is stored, such that the operator compares with it as Odoo does: later than a day is
/// later than its last second.
pub(super) fn operand(env: &Env<'_>, kind: Kind, value: &Value, operator: &str) -> Result<Value, Fault> {
    if !matches!(kind, Kind::Date | Kind::Datetime) || value.is_null() || *value == false || value.is_array() {
        return Ok(value.clone());
    }
    let is_end = matches!(operator, ">" | "<=");
    let moment = if env.has(Difference::DomainObjects) {
        let Value::String(text) = value else {
            let what = if kind == Kind::Date { "date" } else { "datetime" };
            return Err(Fault::value(format!("Failed to cast {} into a {what}", repr(value))));
        };
        read(env, text)?
    } else {
        // Odoo makes a time of a day first, where it is not one of several.
        let text = str(value);
        let time = if is_end { "23:59:59" } else { "00:00:00" };
        let is_day = kind == Kind::Datetime && text.len() == 10 && !operator.ends_with("in");
        by_database(env, kind, &if is_day { format!("{text} {time}") } else { text })?
    };
    Ok(text_of(env, kind, moment, is_end))
}

/// A value that is written as PostgreSQL reads it, up to 18.
pub(crate) fn of_database(env: &Env<'_>, kind: Kind, value: &Value) -> Result<Value, Fault> {
    Ok(text_of(env, kind, by_database(env, kind, &str(value))?, false))
}

/// A moment as it is stored: a day is that of the user in 19, and that of UTC before.
fn text_of(env: &Env<'_>, kind: Kind, moment: Moment, is_end: bool) -> Value {
    json!(match (kind, moment) {
        (Kind::Date, Moment::Day(day)) => day.to_string(),
        (Kind::Date, Moment::Time(time)) => time.date().to_string(),
        (_, Moment::Time(time)) => written(time),
        (_, Moment::Day(day)) => {
            let is_edge = matches!(day.year(), 1 | 9999);
            let zone = env.tz().filter(|_| env.has(Difference::DomainObjects) && !is_edge);
            let start = day.at(0, 0, 0, 0);
            let start = zone.map_or(Some(start), |zone| zone::utc(start, &zone)).unwrap_or(start);
            written(if is_end { start.saturating_add(1.day()).saturating_sub(1.second()) } else { start })
        }
    })
}

fn written(time: DateTime) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl Env<'_> {
    /// The zone of the context, or of the user.
    pub(crate) fn tz(&self) -> Option<TimeZone> {
        let given = self.context.get("tz").and_then(Value::as_str).filter(|name| !name.is_empty());
        match given {
            Some(name) => zone::named(name),
            None => {
                let users = self.registry.by_name.get("res.users").copied()?;
                zone::named(&self.text(users, self.uid, "tz")?)
            }
        }
    }
}

/// As `parse_date` of 19.0 does: ISO, or a time that is told from now on, `today -1m =monday`.
fn read(env: &Env<'_>, text: &str) -> Result<Moment, Fault> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_iso = iso(text);
    if is_iso.is_ok() || digits > 0 && text[digits..].starts_with('-') {
        return is_iso.map_err(Fault::value);
    }
    let mut terms = text.split_whitespace().peekable();
    let first = *terms.peek().ok_or_else(|| Fault::value("Empty date value"))?;
    if matches!(first, "today" | "now") {
        terms.next();
    }
    let zone = env.tz();
    let now = zone::read(&env.now).unwrap_or_default();
    let now = zone.as_ref().map_or(Some(now), |zone| zone::local(now, zone)).unwrap_or(now);
    let is_day = first == "today";
    let mut clock = Clock { time: if is_day { now.date().at(0, 0, 0, 0) } else { now }, is_day, is_local: !is_day };
    for term in terms {
        let failed = || Fault::value(format!("Invalid term {} in expression date: {}", quoted(term), quoted(text)));
        clock.apply(term).ok_or_else(failed)?;
    }
    Ok(match zone {
        _ if clock.is_day => Moment::Day(clock.time.date()),
        Some(zone) if clock.is_local => Moment::Time(zone::utc(clock.time, &zone).unwrap_or(clock.time)),
        _ => Moment::Time(clock.time),
    })
}

fn quoted(text: &str) -> String {
    repr(&Value::from(text))
}

/// A time that terms move.
struct Clock {
    time: DateTime,
    is_day: bool,
    /// Whether it is on the clocks of the user's zone.
    is_local: bool,
}

impl Clock {
    fn apply(&mut self, term: &str) -> Option<()> {
        let operator = term.chars().next().filter(|c| matches!(c, '+' | '-' | '='))?;
        if term.len() < 3 || !term.is_ascii() {
            return None;
        }
        if let Some(day) = weekday(&term[1..]) {
            // Weeks of American English begin on Sunday.
            let offset = |day: Weekday| i64::from(Weekday::Sunday.until(day));
            let mut days = offset(day) - offset(self.time.weekday());
            match operator {
                '+' if days < 0 => days += 7,
                '-' if days > 0 => days -= 7,
                '=' if !self.is_day => self.time = self.time.date().at(0, 0, 0, 0),
                _ => {}
            }
            self.time = self.time.checked_add(days.days()).ok()?;
            return Some(());
        }
        let (number, unit) = term.split_at(term.len() - 1);
        let is_hour = matches!(unit, "H" | "M" | "S");
        if operator == '=' {
            self.put(number[1..].parse().ok()?, unit)?;
        } else {
            let number: i64 = number.parse().ok()?;
            self.time = self.time.checked_add(span(number, unit)?).ok()?;
            if number == 0 {
                return Some(());
            }
        }
        // A day with an hour is a time of no zone.
        if is_hour && self.is_day {
            self.is_day = false;
        }
        Some(())
    }

    /// Sets a part, and what is smaller to its beginning; of a day, the part alone.
    fn put(&mut self, number: i16, unit: &str) -> Option<()> {
        let small = i8::try_from(number).ok();
        let day = self.time.date();
        let last = |day: Date, wanted: i8| wanted.min(day.days_in_month());
        let midnight = |day: Date| day.at(0, 0, 0, 0);
        let with = self.time.with();
        self.time = match unit {
            "y" if self.is_day => {
                with.year(number).day(last(Date::new(number, day.month(), 1).ok()?, day.day())).build().ok()?
            }
            "y" => midnight(Date::new(number, 1, 1).ok()?),
            "m" if self.is_day => {
                let first = Date::new(day.year(), small?, 1).ok()?;
                midnight(first.with().day(last(first, day.day())).build().ok()?)
            }
            "m" => midnight(Date::new(day.year(), small?, 1).ok()?),
            "d" => midnight(day.with().day(last(day, small?)).build().ok()?),
            "H" => with.hour(small?).minute(0).second(0).subsec_nanosecond(0).build().ok()?,
            "M" => with.minute(small?).second(0).subsec_nanosecond(0).build().ok()?,
            "S" => with.second(small?).subsec_nanosecond(0).build().ok()?,
            _ => return None,
        };
        Some(())
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" | "week_start" => Weekday::Sunday,
        _ => return None,
    })
}

fn span(number: i64, unit: &str) -> Option<Span> {
    let span = Span::new();
    match unit {
        "d" => span.try_days(number),
        "w" => span.try_weeks(number),
        "m" => span.try_months(number),
        "y" => span.try_years(number),
        "H" => span.try_hours(number),
        "M" => span.try_minutes(number),
        "S" => span.try_seconds(number),
        _ => return None,
    }
    .ok()
}

/// A date or a time in ISO's form, or what Python says of it.
fn iso(text: &str) -> Result<Moment, String> {
    let wrong = || format!("Invalid isoformat string: {}", quoted(text));
    let number = |from: usize, to: usize| -> Result<i16, String> {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|digits| digits.parse().ok()).ok_or_else(wrong)
    };
    let (month, day) = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _, ..] => (5, 8),
        [_, _, _, _, _, _, _, _] => (4, 6),
        _ => return Err(wrong()),
    };
    let (year, month, day) = (number(0, 4)?, number(month, month + 2)?, number(day, day + 2)?);
    if !(1..=12).contains(&month) {
        return Err("month must be in 1..12".to_owned());
    }
    let out = |_| "day is out of range for month".to_owned();
    let date = Date::new(year, i8::try_from(month).unwrap_or(1), i8::try_from(day).unwrap_or(0)).map_err(out)?;
    if text.len() <= 10 {
        return Ok(Moment::Day(date));
    }
    let rest = text.get(11..).ok_or_else(wrong)?;
    if rest.contains(['+', 'Z']) || rest.contains('-') {
        return Err(format!("expecting only datetimes with no timezone: {}", quoted(text)));
    }
    let rest = rest.split('.').next().unwrap_or(rest);
    let mut parts = [0; 3];
    let names = [("hour", 23), ("minute", 59), ("second", 59)];
    for (n, part) in rest.split(':').enumerate() {
        let (Some((name, most)), 2) = (names.get(n), part.len()) else { return Err(wrong()) };
        let value: i8 = part.parse().map_err(|_| wrong())?;
        if value > *most {
            return Err(format!("{name} must be in 0..{most}"));
        }
        parts[n] = value;
    }
    Ok(Moment::Time(date.at(parts[0], parts[1], parts[2], 0)))
}

/// As PostgreSQL reads it, up to 18.
fn by_database(env: &Env<'_>, kind: Kind, text: &str) -> Result<Moment, Fault> {
    let now = zone::read(&env.now).unwrap_or_default();
    match text {
        "now" => return Ok(Moment::Time(now)),
        "today" | "yesterday" | "tomorrow" => {
            let days = match text {
                "today" => 0,
                "yesterday" => -1,
                _ => 1,
            };
            return Ok(Moment::Time(now.date().at(0, 0, 0, 0).saturating_add(days.days())));
        }
        _ => {}
    }
    let name = if kind == Kind::Date { "date" } else { "timestamp" };
    let no_date = || {
        Fault::new("psycopg2.errors.InvalidDatetimeFormat", format!("invalid input syntax for type {name}: \"{text}\""))
    };
    let out = || {
        let words = format!("date/time field value out of range: \"{text}\"");
        Fault::new("psycopg2.errors.DatetimeFieldOverflow", words)
    };
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let numbers = |text: &str, separator: char| -> Result<Vec<i16>, Fault> {
        text.split(separator).map(|part| part.parse().map_err(|_| no_date())).collect()
    };
    let [year, month, day] = numbers(date, '-')?.try_into().map_err(|_| no_date())?;
    let small = |number: i16| i8::try_from(number).map_err(|_| out());
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| out())?;
    if time.is_empty() {
        // Odoo itself makes a time of it, which is that of UTC.
        return Ok(Moment::Day(date));
    }
    let time = time.split(['.', '+']).next().unwrap_or(time);
    let mut parts = numbers(time, ':')?;
    if parts.len() < 2 || parts.len() > 3 {
        return Err(no_date());
    }
    parts.resize(3, 0);
    DateTime::new(year, date.month(), date.day(), small(parts[0])?, small(parts[1])?, small(parts[2])?, 0)
        .map(Moment::Time)
        .map_err(|_| out())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the words of 19.0, seen there.
    #[test]
    fn iso_is_read_as_python_does() {
        assert_eq!(iso("20240501"), iso("2024-05-01"));
        assert!(matches!(iso("2024-05-01T10"), Ok(Moment::Time(_))));
        for (text, words) in [
            ("2024-05", "Invalid isoformat string: '2024-05'"),
            ("2024-13-01", "month must be in 1..12"),
            ("2024-05-01 25:00:00", "hour must be in 0..23"),
            ("2024-05-01 10:00:00+02:00", "expecting only datetimes with no timezone: '2024-05-01 10:00:00+02:00'"),
        ] {
            assert_eq!(iso(text), Err(words.to_owned()));
        }
    }

    #[test]
    fn terms_move_a_time() {
        let moved = |terms: &str, is_day: bool| {
            let time = jiff::civil::datetime(2024, 3, 31, 13, 45, 10, 0);
            let mut clock =
                Clock { time: if is_day { time.date().at(0, 0, 0, 0) } else { time }, is_day, is_local: !is_day };
            terms.split(' ').try_for_each(|term| clock.apply(term)).map(|()| written(clock.time))
        };
        assert_eq!(moved("-1m", true).as_deref(), Some("2024-02-29 00:00:00"));
        assert_eq!(moved("=monday", false).as_deref(), Some("2024-04-01 00:00:00"));
        assert_eq!(moved("-monday", false).as_deref(), Some("2024-03-25 13:45:10"));
        assert_eq!(moved("+1d =9H", false).as_deref(), Some("2024-04-01 09:00:00"));
        assert_eq!(moved("=1d", true).as_deref(), Some("2024-03-01 00:00:00"));
        assert_eq!(moved("=1w", true), None);
    }
}
