//! What is kept between two runs.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::{Error, ErrorKind};

/// How many records a cursor remembers.
const REMEMBERED: usize = 5_000;

/// Where a run of [`Query::changes`](crate::Query::changes) was, to go on from: a text, by `to_string` and `parse`, and by serde.
///
/// It is of one query on one database: with another filter, begin anew. It has times, ids, and sums of what was given within the
/// last minutes, and no values. As a rule it is some hundred bytes long; at most, with 5,000 records to remember, 150 kB.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ChangeCursor {
    pub(super) model: String,
    /// From when on changes are still to be given, in seconds since 1970; without it, all records are.
    pub(super) since: Option<i64>,
    /// The same for the run after this one, once this one has begun.
    pub(super) next: Option<i64>,
    /// Where the slice of time ends that is being read. (Without it, there is none.)
    pub(super) until: Option<End>,
    /// The last id that was given of that slice, or of all.
    pub(super) after: i64,
    /// What was given by the former run that this one will find again, by id.
    pub(super) former: BTreeMap<i64, u64>,
    /// What was given by this one that the next one will find again.
    pub(super) given: BTreeMap<i64, u64>,
}

/// The end of a slice of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Before(i64),
    /// All that is left.
    Never,
}

impl ChangeCursor {
    pub(super) fn new(model: &str) -> Self {
        Self { model: model.to_owned(), ..Self::default() }
    }

    /// Whether it is worth the while to remember what is given now.
    pub(super) fn remember(&mut self, id: i64, hash: u64) {
        if self.since >= self.next && (self.given.len() < REMEMBERED || self.given.contains_key(&id)) {
            self.given.insert(id, hash);
        }
    }

    fn json(&self) -> Value {
        // As text, as other languages have no such big numbers.
        let list = |map: &BTreeMap<i64, u64>| -> Value {
            map.iter().map(|(id, hash)| (id.to_string(), json!(format!("{hash:x}")))).collect::<Map<_, _>>().into()
        };
        let until = match self.until {
            None => Value::Null,
            Some(End::Never) => json!(true),
            Some(End::Before(time)) => json!(time),
        };
        json!({
            "model": self.model, "since": self.since, "next": self.next, "until": until, "after": self.after,
            "former": list(&self.former), "given": list(&self.given),
        })
    }

    fn read(json: &Value) -> Option<Self> {
        let number = |key: &str| match json.get(key)? {
            Value::Null => Some(None),
            number => number.as_i64().map(Some),
        };
        let list = |key: &str| -> Option<BTreeMap<i64, u64>> {
            let entries = json.get(key)?.as_object()?.iter();
            entries.map(|(id, hash)| Some((id.parse().ok()?, u64::from_str_radix(hash.as_str()?, 16).ok()?))).collect()
        };
        let until = match json.get("until")? {
            Value::Null => None,
            Value::Bool(true) => Some(End::Never),
            time => Some(End::Before(time.as_i64()?)),
        };
        Some(Self {
            model: json.get("model")?.as_str()?.to_owned(),
            since: number("since")?,
            next: number("next")?,
            until,
            after: number("after")??,
            former: list("former")?,
            given: list("given")?,
        })
    }
}

/// As it is kept.
impl fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.json(), f)
    }
}

impl FromStr for ChangeCursor {
    type Err = Error;

    /// Reads what `to_string` wrote.
    fn from_str(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).ok().as_ref().and_then(Self::read).ok_or_else(|| {
            Error::new(ErrorKind::Decode, "this text is no cursor of changes")
                .with_remedy("give what `ChangeCursor::to_string` wrote, or begin anew without one")
        })
    }
}

/// The text.
impl Serialize for ChangeCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChangeCursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_text_and_back() {
        let mut cursor = ChangeCursor::new("res.partner");
        for (since, until) in [(None, None), (Some(7), Some(End::Before(9))), (Some(-7), Some(End::Never))] {
            (cursor.since, cursor.until, cursor.next) = (since, until, Some(0));
            cursor.remember(3, u64::MAX);
            assert_eq!(cursor.to_string().parse::<ChangeCursor>().unwrap(), cursor);
            let json = serde_json::to_value(&cursor).unwrap();
            assert!(json.is_string());
            assert_eq!(serde_json::from_value::<ChangeCursor>(json).unwrap(), cursor);
        }
        for none in ["", "{}", "7", r#"{"model": 1}"#] {
            assert_eq!(none.parse::<ChangeCursor>().unwrap_err().kind(), ErrorKind::Decode, "{none}");
        }
    }

    #[test]
    fn it_remembers_no_more_than_so_many_and_nothing_that_is_settled() {
        let mut cursor = ChangeCursor { since: Some(9), next: Some(10), ..ChangeCursor::new("a") };
        cursor.remember(1, 1);
        assert!(cursor.given.is_empty());
        cursor.since = Some(10);
        (0..10_000).for_each(|id| cursor.remember(id, u64::MAX));
        cursor.remember(7, 1);
        assert_eq!((cursor.given.len(), cursor.given[&7]), (REMEMBERED, 1));
        assert!(cursor.to_string().len() < 150_000, "{}", cursor.to_string().len());
    }
}
