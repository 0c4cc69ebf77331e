//! JSON as Python writes it: a space behind each comma and colon. Programs that make use of that are tested with it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use crate::engine::NO_JSON;
use crate::series::{Difference, Series};

/// The text of a value, as a server of this series writes it.
pub(super) fn json(series: Series, value: &Value) -> String {
    let mut text = Vec::new();
    let python = Python { is_ascii: !series.has(Difference::JsonInUtf8) };
    // Neither a `Value` nor a `Vec` has anything that fails.
    let written = value.serialize(&mut Serializer::with_formatter(&mut text, python));
    let text = written.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default();
    let mark = if series.has(Difference::JsonInUtf8) { NO_JSON.to_string() } else { "\\ue000".to_owned() };
    if !text.contains(&mark) {
        return text;
    }
    NUMBERS.iter().fold(text, |text, number| text.replace(&format!("\"{mark}{number}\""), number))
}

/// Numbers that Python writes and reads, and JSON does not have. None is the beginning of another.
const NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// Reads JSON as Python does: such numbers are texts, which fields of numbers take for them.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Some(value);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let (mut json, mut rest, mut is_text) = (String::with_capacity(text.len()), text, false);
    while let Some(char) = rest.chars().next() {
        let number = NUMBERS.iter().find(|number| !is_text && rest.starts_with(**number));
        let length = match (number, char) {
            (Some(number), _) => {
                json.push_str(&format!("\"{number}\""));
                rest = &rest[number.len()..];
                continue;
            }
            (None, '\\') if is_text => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            (None, '"') => {
                is_text = !is_text;
                1
            }
            (None, char) => char.len_utf8(),
        };
        json.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    serde_json::from_str(&json).ok()
}

struct Python {
    is_ascii: bool,
}

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + Write>(&mut self, text: &mut W, is_first: bool) -> io::Result<()> {
        if is_first { Ok(()) } else { text.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, text: &mut W, is_first: bool) -> io::Result<()> {
        self.begin_array_value(text, is_first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, text: &mut W) -> io::Result<()> {
        text.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, text: &mut W, fragment: &str) -> io::Result<()> {
        if !self.is_ascii || fragment.is_ascii() {
            return text.write_all(fragment.as_bytes());
        }
        for unit in fragment.encode_utf16() {
            match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii() => text.write_all(&[byte])?,
                _ => write!(text, "\\u{unit:04x}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_that_json_has_not_go_both_ways() {
        let read = read(br#"{"a": [NaN, -Infinity, "NaN \" Infinity"], "b": Infinity}"#).unwrap();
        assert_eq!(read, json!({"a": ["NaN", "-Infinity", "NaN \" Infinity"], "b": "Infinity"}));
        assert_eq!(super::read(b"[nan]"), None);
        for series in ["14.0", "19.0"] {
            let value = json!([format!("{NO_JSON}NaN"), "NaN", format!("{NO_JSON}-Infinity")]);
            assert_eq!(json(Series::parse(series).unwrap(), &value), r#"[NaN, "NaN", -Infinity]"#);
        }
    }

    #[test]
    fn it_is_written_as_python_does() {
        let value = json!({"a": [1, 2.5, "\u{f4}\u{1f600}\n"], "b": {}, "c": []});
        let written = |series| json(series, &value);
        // What `json.dumps` of Python 3.11 makes of it, without and with `ensure_ascii`.
        assert_eq!(
            written(Series::parse("19.0").unwrap()),
            "{\"a\": [1, 2.5, \"\u{f4}\u{1f600}\\n\"], \"b\": {}, \"c\": []}"
        );
        assert_eq!(
            written(Series::parse("14.0").unwrap()),
            r#"{"a": [1, 2.5, "\u00f4\ud83d\ude00\n"], "b": {}, "c": []}"#
        );
    }
}
