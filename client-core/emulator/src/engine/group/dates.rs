//! Dates that are grouped: where a month begins and ends, and what it is called in English.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use crate::engine::zone::{self, read, write};

/// How much of a date counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Step {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "hour" => Self::Hour,
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            _ => return None,
        })
    }

    fn span(self) -> Span {
        match self {
            Self::Hour => 1.hour(),
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Quarter => 3.months(),
            Self::Year => 1.year(),
        }
    }
}

/// Where the step that a date is in begins, in the form of the date.
pub(super) fn start(step: Step, text: &str, zone: Option<&TimeZone>, from_sunday: bool) -> Option<String> {
    let time = read(text)?;
    let time = zone.map_or(Some(time), |zone| zone::local(time, zone))?;
    let day = time.date();
    let start = match step {
        Step::Hour => return Some(write(day.at(time.hour(), 0, 0, 0), text)),
        Step::Day => day,
        Step::Week => {
            let first = if from_sunday { Weekday::Sunday } else { Weekday::Monday };
            day.checked_sub(i64::from(first.until(day.weekday())).days()).ok()?
        }
        Step::Month => day.first_of_month(),
        Step::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok()?,
        Step::Year => day.first_of_year(),
    };
    Some(write(start.at(0, 0, 0, 0), text))
}

/// Where the step that begins there ends.
fn end(step: Step, start: &str) -> Option<String> {
    Some(write(read(start)?.checked_add(step.span()).ok()?, start))
}

/// A step that is grouped, of which the beginning is told on the clocks of a zone: from when to when it is in UTC, and what it is called.
pub(super) fn range(step: Step, start: &str, zone: Option<&TimeZone>) -> Option<(String, String, String)> {
    let end = end(step, start)?;
    let utc = |text: &str| match zone {
        Some(zone) => Some(write(zone::utc(read(text)?, zone)?, text)),
        None => Some(text.to_owned()),
    };
    Some((utc(start)?, utc(&end)?, label(step, start)?))
}

/// What a step is called in American English.
fn label(step: Step, start: &str) -> Option<String> {
    let time = read(start)?;
    Some(match step {
        Step::Hour => time.strftime("%I:00 %d %b").to_string(),
        Step::Day => time.strftime("%d %b %Y").to_string(),
        Step::Month => time.strftime("%B %Y").to_string(),
        Step::Quarter => format!("Q{} {}", (time.month() - 1) / 3 + 1, time.year()),
        Step::Year => time.strftime("%Y").to_string(),
        Step::Week => {
            let (week, year) = week_of(time.date());
            format!("W{week} {year}")
        }
    })
}

/// The week of American English, which begins on Sunday, and of which that of the first of January is the first.
fn week_of(day: Date) -> (i16, i16) {
    let next = Date::new(day.year() + 1, 1, 1).ok();
    let first_sunday = |first: Date| first.checked_sub(i64::from(Weekday::Sunday.until(first.weekday())).days()).ok();
    if let Some(next) = next
        && first_sunday(next).is_some_and(|sunday| day >= sunday)
    {
        return (1, day.year() + 1);
    }
    let start = first_sunday(day.first_of_year()).unwrap_or(day);
    let days = start.until(day).map(|span| span.get_days()).unwrap_or_default();
    (i16::try_from(days / 7 + 1).unwrap_or(1), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_begin_and_end() {
        let at = "2024-11-27 13:45:10";
        for (step, from, to, name) in [
            (Step::Hour, "2024-11-27 13:00:00", "2024-11-27 14:00:00", "01:00 27 Nov"),
            (Step::Day, "2024-11-27 00:00:00", "2024-11-28 00:00:00", "27 Nov 2024"),
            (Step::Week, "2024-11-24 00:00:00", "2024-12-01 00:00:00", "W48 2024"),
            (Step::Month, "2024-11-01 00:00:00", "2024-12-01 00:00:00", "November 2024"),
            (Step::Quarter, "2024-10-01 00:00:00", "2025-01-01 00:00:00", "Q4 2024"),
            (Step::Year, "2024-01-01 00:00:00", "2025-01-01 00:00:00", "2024"),
        ] {
            assert_eq!(start(step, at, None, true).as_deref(), Some(from));
            assert_eq!(end(step, from).as_deref(), Some(to));
            assert_eq!(label(step, from).as_deref(), Some(name));
        }
        assert_eq!(start(Step::Week, "2024-12-01", None, false).as_deref(), Some("2024-11-25"));
    }
}
