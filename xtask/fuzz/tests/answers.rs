//! What servers answer: the same verdict on it as serde_json's, but for Python's three floats.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeMap;

use odoo_client::field::{ReadOnly, kind};
use odoo_client::read::records;
use odoo_client::{Date, Datetime, Field, Id, Model, Record, Values, fuzzing};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use support::{changed, fuzz, recorded};

enum Partner {}
impl Model for Partner {
    const ODOO_NAME: &'static str = "res.partner";
}
impl Partner {
    const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const DATE: Field<Self, kind::Date> = Field::new("date");
    const CREATE_DATE: Field<Self, kind::Datetime> = Field::new("create_date");
    const CREDIT: Field<Self, kind::Float> = Field::new("credit");
    const PARENT_ID: Field<Self, kind::Many2one<Partner>> = Field::new("parent_id");
    const CHILD_IDS: Field<Self, kind::One2many<Partner>> = Field::new("child_ids");
    const DATA: Field<Self, kind::Json> = Field::new("data");
}

#[derive(Record, Debug)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "only read and shown")]
struct Contact {
    id: Id<Partner>,
    name: Option<String>,
    date: Option<Date>,
    create_date: Option<Datetime>,
    credit: f64,
    parent_id: odoo_client::Link<Partner>,
    child_ids: Vec<Contact>,
    data: Value,
}

/// Python's floats that JSON does not know become numbers that it knows.
fn without_python(json: &str) -> String {
    let mut out = String::new();
    let (mut rest, mut in_text) = (json, false);
    while let Some(c) = rest.chars().next() {
        if !in_text && let Some(word) = ["NaN", "Infinity", "-Infinity"].into_iter().find(|w| rest.starts_with(w)) {
            out.push_str(" 0 ");
            rest = &rest[word.len()..];
            continue;
        }
        let length = if in_text && c == '\\' {
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else {
            in_text ^= c == '"';
            c.len_utf8()
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

#[test]
fn records_have_the_verdict_of_serde_json() {
    let mut corpus = recorded(|value| value.as_array().is_some_and(|list| list.iter().any(Value::is_object)));
    corpus.push(
        r#"[{"id": 7, "name": "A\u00e9", "date": "2026-01-31", "create_date": "2026-01-31 12:00:00", "credit": 1.5,
        "parent_id": [3, "B"], "child_ids": [{"id": 8, "name": false, "date": false, "create_date": false, "credit": NaN,
        "parent_id": {"id": 7, "display_name": "A"}, "child_ids": [], "data": {"a": [1]}}], "data": null, "other": [[]]}]"#
            .into(),
    );
    // Rows as Odoo writes them have a way of their own.
    let row = |id| {
        format!(
            r#"{{"id": {id}, "name": "A\u00e9", "date": false, "create_date": "2026-01-31 12:00:00", "credit": 1.5, "parent_id": [3, "B"], "child_ids": [], "data": null}}"#
        )
    };
    let usual = [format!("[{}, {}, {}]", row(1), row(2), row(3))];
    fuzz(|u| {
        let corpus = if u.ratio(1, 2)? { &corpus[..] } else { &usual };
        let json = changed(u, corpus)?;
        let plain = without_python(&json);
        let read = records::<Contact>(json.as_bytes());
        let unusual = records::<Contact>(format!("\n{json}").as_bytes());
        assert_eq!(format!("{:?}", read.as_ref().ok()), format!("{:?}", unusual.ok()), "{json}");
        match read {
            Ok(page) => {
                let rows = serde_json::from_str::<Vec<BTreeMap<String, IgnoredAny>>>(&plain);
                let rows = rows.unwrap_or_else(|error| panic!("{error}\n{json}"));
                assert!(page.records.len() <= rows.len(), "{json}");
                assert!(page.records.len() + page.failures.len() + page.more_failures >= rows.len(), "{json}");
                page.failures.iter().for_each(|failure| assert!(failure.to_string().len() < 2_000, "{json}"));
            }
            Err(error) => {
                let rows = serde_json::from_str::<Vec<BTreeMap<String, Value>>>(&plain);
                assert!(rows.is_err(), "{error}\n{json}");
            }
        }
        Ok(())
    });
}

#[derive(Deserialize)]
struct Envelope {
    jsonrpc: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    result: Option<Value>,
    error: Option<IgnoredAny>,
}

fn there<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(json).map(Some)
}

#[test]
fn envelopes_have_the_verdict_of_serde_json() {
    let recorded = recorded(|value| value.get("jsonrpc").is_some());
    // Few of those begin as most answers do, which have a way of their own; and they are long.
    let tails = ["[]}", "1.5}", "null, \"error\": {\"code\": 0}}", "\"a\" , \"id\": 1 } ", "{\"a\": [true]}}"]
        .map(String::from);
    fuzz(|u| {
        let json =
            if u.ratio(1, 2)? { fuzzing::USUAL.to_owned() + &changed(u, &tails)? } else { changed(u, &recorded)? };
        let expected = serde_json::from_str::<Envelope>(&json);
        match (fuzzing::envelope(json.as_bytes()), expected) {
            (Ok(read), Ok(Envelope { error: None, result: Some(result), .. })) => assert_eq!(read, result, "{json}"),
            (Ok(read), Ok(Envelope { error: None, result: None, jsonrpc: Some(_) })) => {
                assert_eq!(read, Value::Null, "{json}");
            }
            (Err(true), Ok(Envelope { error: Some(_), .. })) | (Err(false), Err(_)) => {}
            (Err(false), Ok(Envelope { error: None, result: None, .. })) => {}
            // Two errors, or an error and no JSON behind it: one is enough.
            (_, Err(error)) if error.to_string().starts_with("duplicate field `error`") => {}
            (_, Err(error)) if error.to_string().starts_with("duplicate field `jsonrpc`") => {}
            (read, expected) => panic!("{read:?}, not {:?}\n{json}", expected.map(|envelope| envelope.result)),
        }
        Ok(())
    });
}

#[test]
fn any_value_of_a_group_is_read_or_refused() {
    let corpus = recorded(|value| !value.is_object());
    fuzz(|u| {
        if let Ok(value) = serde_json::from_str(&changed(u, &corpus)?) {
            fuzzing::group(&value);
        }
        Ok(())
    });
}

#[test]
fn dates_that_are_read_are_those_that_stand_there() {
    let corpus: Vec<String> =
        ["2026-01-31", "2026-01-31 12:00:00", "9999-12-31 23:59:59", "1-01-01"].map(Into::into).into();
    fuzz(|u| {
        let text = changed(u, &corpus)?;
        let json = format!(r#"[{{"id": 1, "name": false, "date": {0}, "create_date": {0}}}]"#, Value::from(&*text));
        #[derive(Record)]
        #[odoo(model = Partner)]
        struct Day {
            date: Option<Date>,
        }
        for day in records::<Day>(json.as_bytes()).unwrap().records {
            let day = day.date.unwrap();
            let (year, rest) = text.split_once('-').unwrap();
            assert_eq!(year.parse::<i16>().unwrap(), day.year(), "{text}");
            let digits = |part: &str| part.parse::<i8>().unwrap();
            let (month, rest) = rest.split_once('-').unwrap();
            let of_month = rest.split(' ').next().unwrap();
            assert_eq!((digits(month), digits(of_month)), (day.month(), day.day()), "{text}");
        }
        Ok(())
    });
}

/// The digits of a number and where the point is: `-1.50e1` is -150 with none behind it. `None` for what has too many.
fn scaled(number: &str) -> Option<(i128, i32)> {
    let (number, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    let mut scale = i32::try_from(part.len()).ok()?.checked_sub(exponent.parse().ok()?)?;
    let mut digits = digits;
    while digits != 0 && digits % 10 == 0 {
        (digits, scale) = (digits / 10, scale - 1);
    }
    Some((digits, if digits == 0 { 0 } else { scale }))
}

#[test]
fn a_decimal_has_the_digits_that_stand_there() {
    #[derive(Record)]
    #[odoo(model = Partner)]
    struct Amount {
        credit: Decimal,
    }
    let corpus = ["0.1", "-12345678901234567890.12345", "1e-07", "1.5E+9", "79228162514264337593543950335", "0.0"];
    let corpus = corpus.map(String::from);
    fuzz(|u| {
        let text = changed(u, &corpus)?;
        let json = format!(r#"[{{"credit": {text}}}]"#);
        let Ok(page) = records::<Amount>(json.as_bytes()) else { return Ok(()) };
        for amount in page.records {
            // Any other key may stand there as well.
            let rows: Vec<BTreeMap<String, &serde_json::value::RawValue>> = serde_json::from_str(&json).unwrap();
            let (there, read) = (rows[0]["credit"].get(), amount.credit.to_string());
            // Digits beyond the 28 that it holds are rounded, and those of a number that is too small for them.
            let exponent = there.split_once(['e', 'E']).map_or(Some(0), |(_, exponent)| exponent.parse::<i32>().ok());
            let fits =
                exponent.is_some_and(|exponent| exponent >= -28) && scaled(there).is_none_or(|(_, scale)| scale <= 28);
            if there.bytes().filter(u8::is_ascii_digit).count() <= 28 && fits {
                assert_eq!(scaled(&read), scaled(there), "{json}");
            }
            // What is sent has the same digits, or is refused.
            let sent = Values::<Partner>::new().set(Partner::CREDIT, amount.credit);
            if sent.refusal().is_none() {
                let sent = serde_json::to_string(&sent).unwrap();
                let number = sent.trim_start_matches(r#"{"credit":"#).trim_end_matches('}');
                assert_eq!(scaled(number), scaled(&read), "{json}: {sent}");
            }
        }
        Ok(())
    });
}

#[test]
fn any_page_is_read_as_a_short_text() {
    let corpus = [String::from("<html><head><title>a</title><script>x</script></head><!-- b --><p>c&amp;d</p></html>")];
    fuzz(|u| {
        let page = changed(u, &corpus)?.repeat(u.int_in_range(1..=300)?);
        assert!(fuzzing::page(page.as_bytes()).len() < 4_000);
        Ok(())
    });
}
