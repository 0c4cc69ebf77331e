//! The time zone of a call: what is stored is UTC.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// The zone that the context names, if there is one of that name.
pub(crate) fn of_context(context: &Map<String, Value>) -> Option<TimeZone> {
    named(context.get("tz")?.as_str()?)
}

/// Names are told apart by their case, as pytz does.
pub(crate) fn named(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| zone.iana_name() == Some(name))
}

/// A time of UTC on the clocks of a zone.
pub(crate) fn local(time: DateTime, zone: &TimeZone) -> Option<DateTime> {
    Some(zone.to_datetime(TimeZone::UTC.to_timestamp(time).ok()?))
}

/// A time on the clocks of a zone as one of UTC. Where clocks are set back and show a time twice, it is the second.
pub(crate) fn utc(time: DateTime, zone: &TimeZone) -> Option<DateTime> {
    let zoned = zone.to_ambiguous_zoned_datetime(time).later().ok()?;
    Some(TimeZone::UTC.to_datetime(zoned.timestamp()))
}

/// Reads a date or a time as it is stored.
pub(crate) fn read(text: &str) -> Option<DateTime> {
    if text.len() == 10 {
        return text.parse::<jiff::civil::Date>().ok().map(|date| date.at(0, 0, 0, 0));
    }
    text.replacen(' ', "T", 1).parse().ok()
}

/// Writes it in the form of another.
pub(crate) fn write(time: DateTime, like: &str) -> String {
    let format = if like.len() == 10 { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M:%S" };
    time.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_set_back_show_an_hour_twice() {
        let brussels = named("Europe/Brussels").unwrap();
        let hour = read("2024-10-27 02:30:00").unwrap();
        assert_eq!(write(utc(hour, &brussels).unwrap(), "2024-10-27 00:00:00"), "2024-10-27 01:30:00");
        let first = local(read("2024-10-27 00:30:00").unwrap(), &brussels).unwrap();
        assert_eq!(first, hour);
        assert!(named("europe/brussels").is_none());
    }
}
