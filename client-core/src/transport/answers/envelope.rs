//! Finds the result, or the error, in the body of an answer, in one pass.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::de::StrRead;
use serde_json::error::Category;
use serde_json::value::RawValue;

/// Where in the body of an answer the result or the error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// `{"jsonrpc": "2.0", "id": …, "result": …}` or the same with `error`.
    JsonRpc,
    /// The body is the result, as JSON-2 answers.
    Bare,
}

/// What every Odoo begins its answer to a call with that has the `id` 0, if there is a result. Any other beginning will do
/// too, but takes a parser to understand.
pub(crate) const USUAL: &str = r#"{"jsonrpc": "2.0", "id": 0, "result": "#;

/// The result of a method that returned `None`.
const NULL: &str = "null";

/// Why there is no result to read.
#[derive(Debug)]
pub(crate) enum ReplyError<'a> {
    /// The server reports an error: this JSON.
    Fault(&'a str),
    /// The body is not JSON, or ends too early.
    Syntax(serde_json::Error),
    /// The body is JSON, but not the envelope.
    Envelope(serde_json::Error),
    /// The seed does not accept the result.
    Result(serde_json::Error),
}

/// Reads the result with the seed: where the answer is as usual in one pass, without another to find where the result ends.
///
/// An answer with neither result nor error is Odoo's way to say that the method returned `None`: the seed is given a null.
/// Compiled for every type that is read: what does not depend on the type is in functions of its own.
pub(crate) fn read_reply<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    envelope: Envelope,
    seed: S,
) -> Result<S::Value, ReplyError<'de>> {
    let found = Found::of(body, envelope)?;
    let mut json = serde_json::Deserializer::from_str(found.result);
    match seed.deserialize(&mut json) {
        Ok(value) => found.end(json).map(|()| value),
        Err(error) => Err(found.why(error)),
    }
}

/// Where a result begins.
struct Found<'de> {
    /// The whole answer.
    text: &'de str,
    result: &'de str,
    /// Whether the rest of the envelope stands behind the result.
    is_open: bool,
}

impl<'de> Found<'de> {
    fn of(body: &'de [u8], envelope: Envelope) -> Result<Self, ReplyError<'de>> {
        // All at once is faster than string by string.
        let text = std::str::from_utf8(body).map_err(|error| ReplyError::Syntax(serde::de::Error::custom(error)))?;
        Ok(match (envelope, text.strip_prefix(USUAL)) {
            (Envelope::Bare, _) => Self { text, result: text, is_open: false },
            (Envelope::JsonRpc, Some(result)) => Self { text, result, is_open: true },
            (Envelope::JsonRpc, None) => Self { text, result: look_through(text, None)?, is_open: false },
        })
    }

    /// Sees to what stands behind the result.
    fn end(&self, mut json: serde_json::Deserializer<StrRead<'_>>) -> Result<(), ReplyError<'de>> {
        if !self.is_open {
            return json.end().map_err(ReplyError::Syntax);
        }
        let tail = &self.result[json.into_iter::<IgnoredAny>().byte_offset()..];
        // The white space of JSON, which is less than that of ASCII.
        if tail.trim_matches([' ', '\t', '\n', '\r']) == "}" {
            return Ok(());
        }
        // More comes after the result, an error perhaps. It is seldom, so all of it is looked through once more.
        look_through(self.text, None).map(drop)
    }

    /// Why the seed could not read the result.
    #[cold]
    fn why(&self, error: serde_json::Error) -> ReplyError<'de> {
        match error.classify() {
            // What is not of the type that was wanted may stand beside an error, which says why.
            Category::Data => match self.is_open.then(|| look_through(self.text, None)) {
                Some(Err(fault @ ReplyError::Fault(_))) => fault,
                _ => ReplyError::Result(error),
            },
            Category::Syntax | Category::Eof | Category::Io => ReplyError::Syntax(error),
        }
    }
}

/// The text of the result, if the answer is as usual. That there is nothing else behind the result is for whoever reads it
/// to see; then, as always, there is [`read_reply`].
pub(crate) fn usual_result(body: &[u8], envelope: Envelope) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    match envelope {
        Envelope::JsonRpc => text.strip_prefix(USUAL)?.strip_suffix('}'),
        Envelope::Bare => Some(text),
    }
}

/// Looks for the key `result` or `error`, whichever comes first, and no further if it is the result.
pub(crate) fn find_result(body: &[u8]) -> Result<(), ReplyError<'_>> {
    let text = std::str::from_utf8(body).map_err(|error| ReplyError::Syntax(serde::de::Error::custom(error)))?;
    let found = Cell::new(false);
    match look_through(text, Some(&found)) {
        _ if found.get() => Ok(()),
        outcome => outcome.map(drop),
    }
}

/// The result in an answer that may begin in any way.
fn look_through<'de>(text: &'de str, stop: Option<&Cell<bool>>) -> Result<&'de str, ReplyError<'de>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let outcome = json.deserialize_map(JsonRpc { stop }).and_then(|outcome| json.end().map(|()| outcome));
    match outcome {
        Ok(outcome) => outcome.map_err(ReplyError::Fault),
        Err(error) if error.is_data() => Err(ReplyError::Envelope(error)),
        Err(error) => Err(ReplyError::Syntax(error)),
    }
}

/// A key of the envelope.
#[derive(PartialEq, Eq)]
enum Key {
    Result,
    Error,
    JsonRpc,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, key: &str) -> Result<Key, E> {
                Ok(match key {
                    "result" => Key::Result,
                    "error" => Key::Error,
                    "jsonrpc" => Key::JsonRpc,
                    _ => Key::Other,
                })
            }
        }
        deserializer.deserialize_identifier(Text)
    }
}

struct JsonRpc<'a> {
    /// Set upon the key `result`, where reading then stops.
    stop: Option<&'a Cell<bool>>,
}

impl<'de> Visitor<'de> for JsonRpc<'_> {
    /// The result, or else the error.
    type Value = Result<&'de str, &'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `jsonrpc` and `result` or `error`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        use serde::de::Error as _;
        let mut result = None;
        let mut fault = None;
        let mut is_json_rpc = false;
        while let Some(key) = map.next_key()? {
            match (key, self.stop) {
                (Key::Result, Some(stop)) if fault.is_none() => {
                    stop.set(true);
                    return Ok(Ok(NULL));
                }
                (Key::Result, None) if result.is_some() => return Err(A::Error::duplicate_field("result")),
                (Key::Result, _) => result = Some(map.next_value::<&RawValue>()?.get()),
                (Key::Error, _) => fault = fault.or(map.next_value::<Option<&RawValue>>()?.map(RawValue::get)),
                (other, _) => {
                    is_json_rpc |= other == Key::JsonRpc;
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match (fault, result) {
            (Some(fault), _) => Ok(Err(fault)),
            (None, Some(result)) => Ok(Ok(result)),
            (None, None) if is_json_rpc => Ok(Ok(NULL)),
            (None, None) => Err(A::Error::missing_field("result")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use super::*;

    fn read<T: DeserializeOwned>(body: &str) -> Result<T, ReplyError<'_>> {
        read_reply(body.as_bytes(), Envelope::JsonRpc, PhantomData::<T>)
    }

    #[test]
    fn a_result_is_found_wherever_it_stands() {
        assert_eq!(read::<Vec<i64>>(r#"{"jsonrpc":"2.0","id":null,"result":[1,2]}"#).unwrap(), [1, 2]);
        assert_eq!(read::<Vec<i64>>(r#"{"result":[1],"id":{"a":[]},"jsonrpc":"2.0"}"#).unwrap(), [1]);
        assert_eq!(read_reply(b" [1] ", Envelope::Bare, PhantomData::<Vec<i64>>).unwrap(), [1]);
    }

    #[test]
    fn the_look_for_a_result_ends_where_it_begins() {
        assert!(find_result(br#"{"jsonrpc":"2.0","id":0,"result":what follows is not looked at"#).is_ok());
        assert!(find_result(br#"{"jsonrpc":"2.0","id":0}"#).is_ok());
        assert!(find_result(br#"{"jsonrpc":"2.0","error":null,"result":1}"#).is_ok());
        assert!(matches!(find_result(br#"{"error":{"code":0},"result":1}"#), Err(ReplyError::Fault(_))));
        assert!(matches!(find_result(b"{}"), Err(ReplyError::Envelope(_))));
        assert!(matches!(find_result(br#"{"jsonrpc":"2.0","#), Err(ReplyError::Syntax(e)) if e.is_eof()));
    }

    #[test]
    fn a_seed_may_borrow() {
        let body = br#"{"jsonrpc":"2.0","result":"abc"}"#;
        let text = read_reply(body, Envelope::JsonRpc, PhantomData::<&str>).unwrap();
        assert!(body.as_ptr_range().contains(&text.as_ptr()));
    }

    #[test]
    fn no_result_is_null_and_a_null_error_is_none() {
        assert_eq!(read::<Value>(r#"{"jsonrpc":"2.0","id":1}"#).unwrap(), Value::Null);
        assert_eq!(read::<Option<i64>>(r#"{"jsonrpc":"2.0","id":1}"#).unwrap(), None);
        assert!(read::<bool>(r#"{"jsonrpc":"2.0","id":1,"error":null,"result":true}"#).unwrap());
        assert!(matches!(read::<i64>(r#"{"jsonrpc":"2.0","id":1}"#), Err(ReplyError::Result(_))));
    }

    #[test]
    fn an_error_wins() {
        let error = r#"{"code":0,"message":"Odoo Server Error","data":{"name":"x"}}"#;
        // `null` and `"a"` are not what was to be read, which is less to know than why.
        for result in ["1", "null", "\"a\""] {
            for body in [
                format!(r#"{{"jsonrpc":"2.0","result":{result},"error":{error}}}"#),
                format!(r#"{{"jsonrpc":"2.0","error":{error},"result":{result}}}"#),
                format!(r#"{USUAL}{result}, "error": {error}}}"#),
            ] {
                assert!(matches!(read::<i64>(&body), Err(ReplyError::Fault(fault)) if fault == error), "{body}");
            }
        }
    }

    #[test]
    fn the_usual_beginning_changes_nothing() {
        fn both(tail: &str, check: impl Fn(Result<i64, ReplyError<'_>>) -> bool) {
            assert!(check(read(&format!("{USUAL}{tail}"))), "{tail}");
            assert!(check(read(&format!(" {USUAL}{tail}"))), "{tail}, with another beginning");
        }
        for good in ["7}", "7 }\n", "7\t}\r", "7, \"id\": 0}", "7, \"error\": null}"] {
            both(good, |read| matches!(read, Ok(7)));
        }
        both("\"a\"}", |read| matches!(read, Err(ReplyError::Result(_))));
        both("7, \"result\": 8}", |read| matches!(read, Err(ReplyError::Envelope(_))));
        for cut in ["", "7", "7,", "7, \"id\": 0"] {
            both(cut, |read| matches!(read, Err(ReplyError::Syntax(error)) if error.is_eof()));
        }
        for wrong in ["7]", "7} x", "7}}", "7\u{c}}", "7}\u{c}", "7\u{b}}", "7\u{a0}}", "7e}", "07}"] {
            both(wrong, |read| matches!(read, Err(ReplyError::Syntax(_))));
        }
    }

    // Found by fuzzing: what came after a result was read as the tail of a number.
    #[test]
    fn what_comes_after_a_result_is_not_read_as_a_part_of_it() {
        for tail in ["[]e1}", "[].5}", "[]0}", "[]E+1, \"id\": 1}", "[]\"\"}", "[][]}", "[]null}"] {
            let body = format!("{USUAL}{tail}");
            assert!(matches!(read::<Vec<i64>>(&body), Err(ReplyError::Syntax(_))), "{tail}");
        }
        assert!(matches!(read::<f64>(&format!("{USUAL}1.5.5}}")), Err(ReplyError::Syntax(_))));
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert!(matches!(read::<i64>(r#"{"jsonrpc":"2.0","result":"a"}"#), Err(ReplyError::Result(_))));
        assert!(matches!(read::<i64>(r#"{"jsonrpc":"2.0","result":1"#), Err(ReplyError::Syntax(e)) if e.is_eof()));
        assert!(matches!(
            read::<i64>(r#"{"jsonrpc":"2.0","result":[1,}"#),
            Err(ReplyError::Result(_) | ReplyError::Syntax(_))
        ));
        assert!(matches!(read::<i64>(r#"{"jsonrpc":"2.0","result":1} x"#), Err(ReplyError::Syntax(_))));
        assert!(matches!(read::<i64>("{}"), Err(ReplyError::Envelope(_))));
        assert!(matches!(read::<i64>("[1]"), Err(ReplyError::Envelope(_))));
        assert!(matches!(read::<i64>(r#"{"result":1,"result":2}"#), Err(ReplyError::Envelope(_))));
        assert!(matches!(read::<i64>(""), Err(ReplyError::Syntax(e)) if e.is_eof()));
    }
}
