//! Parts of dates that are numbers: the month of any year, the day of the week.

use jiff::civil::{DateTime, Weekday};

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Year,
    Quarter,
    Month,
    IsoWeek,
    DayOfYear,
    DayOfMonth,
    DayOfWeek,
    Hour,
    Minute,
    Second,
}

impl Part {
    /// Their names, as an error of 19.0 lists them.
    pub(crate) const NAMES: [&str; 10] = [
        "year_number",
        "quarter_number",
        "month_number",
        "iso_week_number",
        "day_of_year",
        "day_of_month",
        "day_of_week",
        "hour_number",
        "minute_number",
        "second_number",
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "year_number" => Self::Year,
            "quarter_number" => Self::Quarter,
            "month_number" => Self::Month,
            "iso_week_number" => Self::IsoWeek,
            "day_of_year" => Self::DayOfYear,
            "day_of_month" => Self::DayOfMonth,
            "day_of_week" => Self::DayOfWeek,
            "hour_number" => Self::Hour,
            "minute_number" => Self::Minute,
            "second_number" => Self::Second,
            _ => return None,
        })
    }

    /// The number of a time. Weeks of American English begin on Sunday, which is 0.
    pub(crate) fn of(self, time: DateTime) -> i64 {
        match self {
            Self::Year => time.year().into(),
            Self::Quarter => i64::from((time.month() - 1) / 3 + 1),
            Self::Month => time.month().into(),
            Self::IsoWeek => time.date().iso_week_date().week().into(),
            Self::DayOfYear => time.day_of_year().into(),
            Self::DayOfMonth => time.day().into(),
            Self::DayOfWeek => i64::from(Weekday::Sunday.until(time.weekday())),
            Self::Hour => time.hour().into(),
            Self::Minute => time.minute().into(),
            Self::Second => time.second().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_time() {
        let time = jiff::civil::datetime(2024, 12, 30, 13, 45, 10, 0);
        for (name, expected) in [
            ("year_number", 2024),
            ("quarter_number", 4),
            ("month_number", 12),
            // The first week of 2025, of which this Monday is a day.
            ("iso_week_number", 1),
            ("day_of_year", 365),
            ("day_of_month", 30),
            ("day_of_week", 1),
            ("hour_number", 13),
            ("minute_number", 45),
            ("second_number", 10),
        ] {
            assert_eq!(Part::named(name).map(|part| part.of(time)), Some(expected), "{name}");
        }
    }
}
