//! Whether two answers are the same, but for the ids of what the program has created.

use std::collections::HashMap;

use serde_json::{Number, Value};

use crate::known::Open;

/// The ids of the emulator by those of the server, for each record of the program.
pub(crate) type Ids = HashMap<i64, i64>;

/// What is different, with where it is.
pub(crate) fn difference(live: &Value, emulated: &Value, ids: &Ids, open: Open) -> Option<String> {
    let mut both = [translated(live, ids), emulated.clone()];
    if open.links {
        both.iter_mut().for_each(sort_ids);
    }
    if open.all {
        for value in &mut both {
            if let Value::Array(list) = value {
                list.sort_by_cached_key(Value::to_string);
            }
        }
    }
    first(&both[0], &both[1], "")
}

fn first(live: &Value, emulated: &Value, at: &str) -> Option<String> {
    match (live, emulated) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<_> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => first(a, b, &format!("{at}.{key}")),
                (a, b) => Some(format!("{at}.{key}: {a:?} and {b:?}")),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| first(a, b, &format!("{at}[{n}]")))
        }
        (Value::Number(a), Value::Number(b)) if is_same(a, b) => None,
        (a, b) if a == b => None,
        (a, b) => Some(format!("{at}: {a} and {b}")),
    }
}

fn is_same(live: &Number, emulated: &Number) -> bool {
    match (live.as_i64(), emulated.as_i64()) {
        (Some(a), Some(b)) => a == b,
        _ => match (live.as_f64(), emulated.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
            _ => false,
        },
    }
}

/// An answer of the server with the ids of the emulator.
fn translated(value: &Value, ids: &Ids) -> Value {
    match value {
        Value::Number(number) => {
            number.as_i64().and_then(|id| ids.get(&id)).map_or_else(|| value.clone(), |id| Value::from(*id))
        }
        Value::Array(list) => list.iter().map(|value| translated(value, ids)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), translated(value, ids))).collect(),
        other => other.clone(),
    }
}

/// Puts the ids in records in order.
fn sort_ids(value: &mut Value) {
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| match value {
            Value::Array(list) if list.iter().all(Value::is_i64) => list.sort_by_key(Value::as_i64),
            other => sort_ids(other),
        }),
        Value::Array(list) => list.iter_mut().for_each(sort_ids),
        _ => {}
    }
}
