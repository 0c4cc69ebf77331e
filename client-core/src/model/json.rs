//! JSON as text, before anything is made of it.

use serde_json::Value;

/// What Python's `json` writes for floats that JSON has no number for.
const NOT_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// The same with `NaN`, `Infinity` and `-Infinity` in quotes, as texts; `None` if there are none.
///
/// Odoo writes such floats that way (Python's `json` does), and no parser takes that for JSON. Where they are texts
/// already they stay as they are.
pub(crate) fn quoted(json: &str) -> Option<String> {
    let mut quoted = String::new();
    let mut done = 0;
    let mut at = 0;
    let bytes = json.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'N' | b'I' | b'-' => match NOT_NUMBERS.iter().find(|word| bytes[at..].starts_with(word.as_bytes())) {
                // As a key it would become one that is right.
                Some(word) if !is_key(&bytes[at + word.len()..]) => {
                    quoted.push_str(&json[done..at]);
                    quoted.extend(["\"", word, "\""]);
                    at += word.len();
                    done = at;
                }
                _ => at += 1,
            },
            _ => at += 1,
        }
    }
    if done == 0 {
        return None;
    }
    quoted.push_str(&json[done..]);
    Some(quoted)
}

/// The tree of values that these bytes are, if they are JSON.
///
/// They are made a text first: the parser of `serde_json` for bytes would be another one in every program.
pub(crate) fn tree(json: &[u8]) -> Option<Value> {
    serde_json::from_str(std::str::from_utf8(json).ok()?).ok()
}

/// FNV-1a: the same on every machine, and with every version of Rust.
pub(crate) fn hash(json: &str) -> u64 {
    json.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The float that a text stands for which [`quoted`] made.
pub(crate) fn not_a_number(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Whether a tree of values (`serde_json::Value`) made of this text takes no more memory than so much.
///
/// A text says in a few bytes what takes a hundred times as many: `{"":0}`. The figures are those of a tree on a machine
/// of 64 bits, with what allocating and growing lists wastes.
pub(crate) fn is_light(json: &[u8], most: u64) -> bool {
    /// A value, its text if it has one, and as much for the list it is in, which doubles as it grows.
    const VALUE: u64 = 64;
    /// What the first entry of an object brings with it, and then each.
    const OBJECT: u64 = 530;
    const ENTRY: u64 = 110;
    /// More than any text weighs for its length.
    const FACTOR: u64 = 128;

    let length = json.len() as u64;
    if length.saturating_mul(FACTOR) <= most {
        return true;
    }
    let mut weight = length;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        weight += match byte {
            b',' | b'[' => VALUE,
            b'{' if json[at + 1..].first() != Some(&b'}') => VALUE + OBJECT,
            b'{' => VALUE,
            b':' => ENTRY,
            _ => 0,
        };
        at = if *byte == b'"' { end_of_string(json, at) } else { at + 1 };
    }
    weight <= most
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn is_key(rest: &[u8]) -> bool {
    rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_becomes_a_text() {
        let python = r#"{"NaN": NaN, "b": [-Infinity,Infinity], "c": "NaN \" NaN \\", "d": -1}"#;
        let json = r#"{"NaN": "NaN", "b": ["-Infinity","Infinity"], "c": "NaN \" NaN \\", "d": -1}"#;
        assert_eq!(quoted(python).as_deref(), Some(json));
        assert_eq!(quoted(json), None);
        for text in ["", "\"", "\"\\", "-", "N", "[nan, inf, Inf]", "{NaN: 1}", "{Infinity\t:1}"] {
            assert_eq!(quoted(text), None, "{text}");
        }
        // What was wrong stays so.
        for wrong in ["-NaN", "1NaN", "NaN1", "[NaN NaN]", "--Infinity", "NaN\"", "\"a\"NaN"] {
            let quoted = quoted(wrong).unwrap();
            assert!(serde_json::from_str::<serde_json::Value>(&quoted).is_err(), "{wrong}: {quoted}");
        }
    }
}
