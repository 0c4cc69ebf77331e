//! JSON as Python writes it: a space behind each comma and colon. Programs that make use of that are tested with it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use crate::series::{Difference, Series};

/// The text of a value, as a server of this series writes it.
pub(super) fn json(series: Series, value: &Value) -> String {
    let mut text = Vec::new();
    let python = Python { is_ascii: !series.has(Difference::JsonInUtf8) };
    // Neither a `Value` nor a `Vec` has anything that fails.
    let written = value.serialize(&mut Serializer::with_formatter(&mut text, python));
    written.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
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
