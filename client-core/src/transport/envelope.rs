//! Finds the result, or the error, in the body of an answer, in one pass.

use std::cell::Cell;
use std::fmt;

use serde::de::value::UnitDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::fault::Fault;

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
pub(super) const USUAL: &str = r#"{"jsonrpc": "2.0", "id": 0, "result": "#;

const EXPECTING: &str = "an object with `jsonrpc` and `result` or `error`";

/// Why there is no result to read.
#[derive(Debug)]
pub(crate) enum ReplyError {
    /// The server reports an error.
    Fault(Fault),
    /// The body is not JSON, or ends too early.
    Syntax(serde_json::Error),
    /// The body is JSON, but not the envelope.
    Envelope(serde_json::Error),
    /// The seed does not accept the result.
    Result(serde_json::Error),
}

/// Streams through the envelope and hands the result to the seed, without a pass to find where it ends.
///
/// An answer with neither result nor error is Odoo's way to say that the method returned `None`: the seed is given a null.
pub(crate) fn read_reply<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    envelope: Envelope,
    seed: S,
) -> Result<S::Value, ReplyError> {
    let in_result = Cell::new(envelope == Envelope::Bare);
    // All at once is faster than string by string.
    let text = std::str::from_utf8(body).map_err(|error| ReplyError::Syntax(serde::de::Error::custom(error)))?;
    if let (Envelope::JsonRpc, Some(result)) = (envelope, text.strip_prefix(USUAL)) {
        return read_usual(result, seed);
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let outcome = match envelope {
        Envelope::Bare => seed.deserialize(&mut json).map(Outcome::Result),
        Envelope::JsonRpc => json.deserialize_map(JsonRpc { seed, in_result: &in_result }),
    };
    let outcome = outcome.and_then(|outcome| json.end().map(|()| outcome)).map_err(|error| match error.classify() {
        Category::Data if in_result.get() => ReplyError::Result(error),
        Category::Data => ReplyError::Envelope(error),
        Category::Syntax | Category::Eof | Category::Io => ReplyError::Syntax(error),
    })?;
    match outcome {
        Outcome::Result(value) => Ok(value),
        Outcome::Fault(fault) => Err(ReplyError::Fault(fault)),
    }
}

/// Reads what comes after the [`USUAL`] beginning.
fn read_usual<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Result<S::Value, ReplyError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut json).map_err(|error| match error.classify() {
        Category::Data => ReplyError::Result(error),
        Category::Syntax | Category::Eof | Category::Io => ReplyError::Syntax(error),
    })?;
    let tail = &text[json.into_iter::<IgnoredAny>().byte_offset()..];
    if tail.trim_ascii() == "}" { Ok(value) } else { read_tail(tail).map(|()| value) }
}

/// Looks into what comes after a result: an error, perhaps.
#[cold]
fn read_tail(tail: &str) -> Result<(), ReplyError> {
    let text = format!("{{\"jsonrpc\":0{tail}");
    let mut json = serde_json::Deserializer::from_str(&text);
    let outcome = json.deserialize_map(Head { found: &Cell::new(false) });
    match outcome.and_then(|fault| json.end().map(|()| fault)) {
        Ok(None) => Ok(()),
        Ok(Some(fault)) => Err(ReplyError::Fault(fault)),
        Err(error) if error.is_data() => Err(ReplyError::Envelope(error)),
        Err(error) => Err(ReplyError::Syntax(error)),
    }
}

/// Looks for the key `result` or `error`, whichever comes first, and no further if it is the result.
pub(super) fn find_result(body: &[u8]) -> Result<(), ReplyError> {
    let found = Cell::new(false);
    let outcome = serde_json::Deserializer::from_slice(body).deserialize_map(Head { found: &found });
    match outcome {
        _ if found.get() => Ok(()),
        Ok(None) => Ok(()),
        Ok(Some(fault)) => Err(ReplyError::Fault(fault)),
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

struct Head<'a> {
    /// Set upon the key `result`; what then fails is only that reading stops there.
    found: &'a Cell<bool>,
}

impl<'de> Visitor<'de> for Head<'_> {
    type Value = Option<Fault>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTING)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        use serde::de::Error as _;
        let mut fault = None;
        let mut is_json_rpc = false;
        while let Some(key) = map.next_key()? {
            match key {
                Key::Result if fault.is_none() => {
                    self.found.set(true);
                    return Ok(None);
                }
                Key::Error => fault = map.next_value::<Option<Value>>()?.map(Fault::from_json_rpc),
                other => {
                    is_json_rpc |= other == Key::JsonRpc;
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if fault.is_none() && !is_json_rpc {
            return Err(A::Error::missing_field("result"));
        }
        Ok(fault)
    }
}

enum Outcome<T> {
    Result(T),
    Fault(Fault),
}

struct JsonRpc<'a, S> {
    seed: S,
    /// Set while the seed is at work, to tell its errors from those of the envelope.
    in_result: &'a Cell<bool>,
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for JsonRpc<'_, S> {
    type Value = Outcome<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTING)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        use serde::de::Error as _;
        let mut seed = Some(self.seed);
        let mut result = None;
        let mut fault = None;
        let mut is_json_rpc = false;
        while let Some(key) = map.next_key()? {
            match key {
                Key::Result => {
                    let seed = seed.take().ok_or_else(|| A::Error::duplicate_field("result"))?;
                    self.in_result.set(true);
                    result = Some(map.next_value_seed(seed)?);
                    self.in_result.set(false);
                }
                Key::Error => fault = map.next_value::<Option<Value>>()?.map(Fault::from_json_rpc),
                other => {
                    is_json_rpc |= other == Key::JsonRpc;
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match (fault, result, seed) {
            (Some(fault), ..) => Ok(Outcome::Fault(fault)),
            (None, Some(result), _) => Ok(Outcome::Result(result)),
            (None, None, Some(seed)) if is_json_rpc => {
                self.in_result.set(true);
                let null: UnitDeserializer<A::Error> = ().into_deserializer();
                seed.deserialize(null).map(Outcome::Result)
            }
            (None, None, _) => Err(A::Error::missing_field("result")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use serde::de::DeserializeOwned;

    use super::*;

    fn read<T: DeserializeOwned>(body: &str) -> Result<T, ReplyError> {
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
        let body =
            r#"{"jsonrpc":"2.0","result":1,"error":{"code":0,"message":"Odoo Server Error","data":{"name":"x"}}}"#;
        assert!(matches!(read::<i64>(body), Err(ReplyError::Fault(_))));
    }

    #[test]
    fn the_usual_beginning_changes_nothing() {
        let read = |tail: &str| read::<i64>(&format!("{USUAL}{tail}"));
        for good in ["7}", "7 }\n", "7, \"id\": 0}", "7, \"error\": null}"] {
            assert_eq!(read(good).unwrap(), 7, "{good}");
        }
        assert!(matches!(read(r#"7, "error": {"code": 0}}"#), Err(ReplyError::Fault(_))));
        assert!(matches!(read("\"a\"}"), Err(ReplyError::Result(_))));
        for cut in ["", "7", "7,", "7, \"id\": 0"] {
            assert!(matches!(read(cut), Err(ReplyError::Syntax(error)) if error.is_eof()), "{cut}");
        }
        for wrong in ["7]", "7} x", "7}}"] {
            assert!(matches!(read(wrong), Err(ReplyError::Syntax(_))), "{wrong}");
        }
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
