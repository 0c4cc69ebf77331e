//! Dates and times, as Odoo has them.

use super::*;

#[test]
fn a_datetime_is_utc_in_either_form() {
    let noon: Datetime = Date::constant(2026, 1, 31).at(12, 0, 0, 0).into();
    for json in [r#""2026-01-31 12:00:00""#, r#""2026-01-31T12:00:00""#, r#""2026-01-31 12:00:00.000000""#] {
        assert_eq!(decode!(Option<Datetime>, json), Ok(Some(noon)), "{json}");
    }
    let fraction = decode!(Option<Datetime>, r#""2026-01-31 12:00:00.123456""#).unwrap().unwrap();
    assert_eq!(fraction.to_string(), "2026-01-31 12:00:00.123456");
    // Not what Odoo writes: rather an error than another time than was meant.
    for text in [
        "2026-01-31 12:00:00+02:00",
        "2026-01-31 12:00:00Z",
        "2026-01-31",
        "12:00:00",
        "2026-02-30 12:00:00",
        "2026-01-31 24:00:00",
        "2026-01-31 12:00:60",
        "2026-01-31 12:00",
        "2026-01-31 12:00:00.",
        "2026-01-31 12:00:00.+1",
        "2026-01-31 12:00:00.1234567890",
        "2026-01-31  2:00:00",
        "2026-01-31_12:00:00",
        "0000-01-31 12:00:00",
        "12026-01-31 12:00:00",
    ] {
        assert!(decode!(Option<Datetime>, format!("{text:?}")).is_err(), "{text}");
        assert!(text.parse::<Datetime>().unwrap_err().to_string().contains(text), "{text}");
    }
    assert!(decode!(Option<Datetime>, "1769860800").is_err());
}

/// Python's years 1 to 9999. The last is what Odoo 17.0 and later write for "without end" themselves.
#[test]
fn all_that_odoo_can_store_in_a_datetime_is_read_compared_and_written_back() {
    let in_order = ["0001-01-01 00:00:00", "1969-12-31 23:59:59", "9999-12-30 22:00:01", "9999-12-31 23:59:59"];
    let read = in_order.map(|text| decode!(Option<Datetime>, format!("{text:?}")).unwrap().unwrap());
    assert!(read.is_sorted() && (read[0], read[3]) == (Datetime::MIN, Datetime::MAX));
    for (text, time) in in_order.into_iter().zip(read) {
        assert_eq!(written(&Values::new().set(Partner::TIME, time)), format!(r#"{{"time":"{text}"}}"#));
        assert_eq!(Partner::TIME.le(time).to_string(), format!("[('time', '<=', '{text}')]"));
        assert_eq!((time.to_string().parse().ok(), time.to_string()), (Some(time), text.to_owned()));
        assert_eq!(serde_json::to_string(&time).unwrap(), format!("{text:?}"));
    }
}

/// A [`Timestamp`] ends 26 hours before.
#[test]
fn without_end_is_the_last_timestamp_in_both_directions() {
    assert_eq!(Datetime::MAX.timestamp(), Some(Timestamp::MAX));
    assert_eq!(Datetime::from(Timestamp::MAX), Datetime::MAX);
    assert_eq!(written(&Values::new().set(Partner::TIME, Timestamp::MAX)), r#"{"time":"9999-12-31 23:59:59"}"#);
    let [last, beyond]: [Datetime; 2] =
        ["9999-12-30 22:00:00", "9999-12-31 23:59:58"].map(|text| text.parse().unwrap());
    assert_eq!(Datetime::from(last.timestamp().unwrap()), last);
    assert_eq!(beyond.timestamp(), None);
}

/// Odoo's `Datetime.to_datetime` takes nothing but `%Y-%m-%d %H:%M:%S`: no `T`, no zone, no fraction.
#[test]
fn a_datetime_is_written_as_odoo_takes_it() {
    for time in ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456Z", "2026-01-31T14:00:00.999999999+02:00"] {
        let values = Values::new().set(Partner::TIME, time.parse::<Timestamp>().unwrap());
        assert_eq!(written(&values), r#"{"time":"2026-01-31 12:00:00"}"#, "{time}");
    }
    let read = decode!(Option<Datetime>, r#""2026-01-31 12:00:00""#).unwrap().unwrap();
    assert_eq!(written(&Values::new().set(Partner::TIME, read)), r#"{"time":"2026-01-31 12:00:00"}"#);
}

/// Python writes the year 202, a typing error that is in many databases, with three digits.
#[test]
fn a_date_may_have_a_short_year_or_a_time() {
    assert_eq!(decode!(Option<Date>, r#""2026-01-31""#).unwrap().unwrap().to_string(), "2026-01-31");
    let early = decode!(Option<Date>, r#""202-01-31""#).unwrap().unwrap();
    assert_eq!(early.to_string(), "0202-01-31");
    assert_eq!(written(&Values::new().set(Partner::DATE, early)), r#"{"date":"0202-01-31"}"#);
    assert!(decode!(Option<Datetime>, r#""202-01-31 12:00:00""#).unwrap().is_some());
    assert_eq!(decode!(Option<Date>, r#""2026-01-31 12:00:00""#).unwrap().unwrap().to_string(), "2026-01-31");
    assert_eq!(decode!(Option<Date>, r#""1-01-01""#).unwrap().unwrap().to_string(), "0001-01-01");
    assert_eq!(decode!(Option<Date>, r#""202-01-31 12:00:00.5""#).unwrap().unwrap(), early);
    for text in [
        "",
        "2026-02-30",
        "2026-01-01 99:99:99",
        "2026-01-01 ",
        "2026-01-01x",
        "2026-01-01 12:00:00Z",
        "+1-+1-+1",
        "-1-01-01",
        "2026-1-1",
        "-01-01",
        "0000-01-01",
        "12026-01-01",
        "2026-01-31-01",
    ] {
        assert!(decode!(Option<Date>, format!("{text:?}")).is_err(), "{text}");
    }
    for json in ["true", "7"] {
        assert!(decode!(Option<Date>, json).is_err(), "{json}");
    }
}

#[test]
fn early_years_are_written_with_four_digits() {
    let time: Timestamp = "0202-01-31T12:00:00Z".parse().unwrap();
    assert_eq!(written(&Values::new().set(Partner::TIME, time)), r#"{"time":"0202-01-31 12:00:00"}"#);
}
