//! Whether two answers are the same, but for the ids of what the program has created.

use std::collections::HashMap;

use serde_json::Value;

/// The ids of the emulator by those of the server, for each record of the program.
pub(crate) type Ids = HashMap<i64, i64>;

/// What is different, with where it is.
pub(crate) fn difference(live: &Value, emulated: &Value, ids: &Ids, at: &str) -> Option<String> {
    match (live, emulated) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<_> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => difference(a, b, ids, &format!("{at}.{key}")),
                (a, b) => Some(format!("{at}.{key}: {a:?} and {b:?}")),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| difference(a, b, ids, &format!("{at}[{n}]")))
        }
        (Value::Number(a), Value::Number(b)) if is_same(a, b, ids) => None,
        (a, b) if a == b => None,
        (a, b) => Some(format!("{at}: {} and {}", shown(a, ids), b)),
    }
}

fn is_same(live: &serde_json::Number, emulated: &serde_json::Number, ids: &Ids) -> bool {
    match (live.as_i64(), emulated.as_i64()) {
        (Some(a), Some(b)) => ids.get(&a).map_or(a == b, |known| *known == b),
        _ => match (live.as_f64(), emulated.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
            _ => false,
        },
    }
}

/// An answer of the server with the ids of the emulator, so that the two can be read side by side.
fn shown(value: &Value, ids: &Ids) -> Value {
    match value {
        Value::Number(number) => {
            number.as_i64().and_then(|id| ids.get(&id)).map_or_else(|| value.clone(), |id| Value::from(*id))
        }
        Value::Array(list) => list.iter().map(|value| shown(value, ids)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), shown(value, ids))).collect(),
        other => other.clone(),
    }
}
