//! Whether two answers are the same, but for the ids of what the program has created.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::known::Open;

/// The ids of the emulator by those of the server, for each record of the program: of several models there may be one number.
pub(crate) type Ids = HashMap<i64, Vec<i64>>;

/// What is different, with where it is.
pub(crate) fn difference(live: &Value, emulated: &Value, ids: &Ids, open: Open) -> Option<String> {
    if let (Value::Array(a), Value::Array(b), true) = (live, emulated, open.all) {
        return unordered(a, b, ids, open, "");
    }
    first(live, emulated, ids, open, "")
}

fn first(live: &Value, emulated: &Value, ids: &Ids, open: Open, at: &str) -> Option<String> {
    match (live, emulated) {
        (Value::Object(a), Value::Object(b)) => {
            // Where keys are ids they are those of the other side.
            let a = &by_ids(a, b, ids);
            let mut keys: Vec<_> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(_), Some(_)) if open.domain && key == "__domain" => None,
                (Some(_), Some(_)) if open.audit && AUDIT.contains(&key.as_str()) => None,
                (Some(Value::Array(a)), Some(Value::Array(b))) if open.links && a.iter().all(Value::is_i64) => {
                    unordered(a, b, ids, open, &format!("{at}.{key}"))
                }
                (Some(Value::Array(a)), Some(Value::Array(b))) if open.messages && key == "messages" => {
                    unordered(a, b, ids, open, &format!("{at}.{key}"))
                }
                (Some(a), Some(b)) => first(a, b, ids, open, &format!("{at}.{key}")),
                (a, b) => Some(format!("{at}.{key}: {a:?} and {b:?}")),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| first(a, b, ids, open, &format!("{at}[{n}]")))
        }
        (Value::Number(a), Value::Number(b)) if is_same(a, b, ids) => None,
        (a, b) if a == b => None,
        (Value::String(a), Value::String(b)) if same_words(a, b, ids) => None,
        (a, b) => Some(format!("{at}: {} and {b}", translated(a, ids))),
    }
}

fn by_ids(live: &Map<String, Value>, emulated: &Map<String, Value>, ids: &Ids) -> Map<String, Value> {
    let of = |key: &String| {
        let known = ids.get(&key.parse::<i64>().ok()?)?;
        known.iter().map(i64::to_string).find(|known| emulated.contains_key(known))
    };
    live.iter().map(|(key, value)| (of(key).unwrap_or_else(|| key.clone()), value.clone())).collect()
}

/// What Odoo says of when and by whom.
const AUDIT: [&str; 5] = ["create_date", "create_uid", "write_date", "write_uid", "__last_update"];

/// Whether two texts are the same, but for the ids in them.
pub(crate) fn same_words(live: &str, emulated: &str, ids: &Ids) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let words = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for c in text.chars() {
            match words.last_mut() {
                Some(word) if word.chars().all(is_digit) == is_digit(c) && !word.is_empty() => word.push(c),
                _ => words.push(c.to_string()),
            }
        }
        words
    };
    let (live, emulated) = (words(live), words(emulated));
    let is_same = |(a, b): (&String, &String)| {
        a == b
            || match (a.parse::<i64>(), b.parse::<i64>()) {
                (Ok(a), Ok(b)) => ids.get(&a).is_some_and(|known| known.contains(&b)),
                _ => false,
            }
    };
    live.len() == emulated.len() && live.iter().zip(&emulated).all(is_same)
}

/// The same in any order.
fn unordered(live: &[Value], emulated: &[Value], ids: &Ids, open: Open, at: &str) -> Option<String> {
    let mut left: Vec<&Value> = emulated.iter().collect();
    for one in live {
        match left.iter().position(|other| first(one, other, ids, open, at).is_none()) {
            Some(found) => drop(left.swap_remove(found)),
            None => return Some(format!("{at}: {} is not in {left:?}", translated(one, ids))),
        }
    }
    (!left.is_empty()).then(|| format!("{at}: {left:?} is too much"))
}

fn is_same(live: &Number, emulated: &Number, ids: &Ids) -> bool {
    match (live.as_i64(), emulated.as_i64()) {
        (Some(a), Some(b)) => a == b || ids.get(&a).is_some_and(|known| known.contains(&b)),
        _ => match (live.as_f64(), emulated.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
            _ => false,
        },
    }
}

/// An answer of the server with the ids of the emulator, to be read beside its answer.
fn translated(value: &Value, ids: &Ids) -> Value {
    match value {
        Value::Number(number) => {
            let known = number.as_i64().and_then(|id| ids.get(&id)?.first());
            known.map_or_else(|| value.clone(), |id| Value::from(*id))
        }
        Value::Array(list) => list.iter().map(|value| translated(value, ids)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), translated(value, ids))).collect(),
        other => other.clone(),
    }
}
