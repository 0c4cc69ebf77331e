//! Conditions on one field, put together into one: 19.0 does so before it looks at other records, with values as Python has them.

use serde_json::Value;

use super::parse::{Expr, is_negative};
use super::{junction, moment};
use crate::engine::definitions::{Kind, ModelId};
use crate::engine::env::Env;
use crate::engine::python::is_true;

/// What a field is to be among, or not.
struct Set<'p> {
    path: &'p str,
    negated: bool,
    values: Vec<Value>,
}

/// The parts with those that say of one field what it is among as one; `None` where there are none to put together.
pub(super) fn merged(env: &Env<'_>, model: ModelId, parts: &[Expr], is_or: bool) -> Option<Vec<Expr>> {
    let mut flat = Vec::with_capacity(parts.len());
    junction::flatten(parts, is_or, &mut flat);
    let paths: Vec<&str> = flat.iter().filter_map(|part| path_of(part)).collect();
    if paths.iter().enumerate().all(|(n, path)| !paths[..n].contains(path)) {
        return None;
    }
    let sets: Vec<Option<Set<'_>>> = flat.iter().map(|part| set(env, model, part)).collect();
    let mut all = Vec::with_capacity(flat.len());
    let mut is_changed = false;
    for (n, part) in flat.iter().enumerate() {
        let Some(path) = sets[n].as_ref().map(|set| set.path) else {
            all.push((*part).clone());
            continue;
        };
        let same: Vec<_> = sets.iter().flatten().filter(|set| set.path == path).collect();
        if same.len() < 2 {
            all.push((*part).clone());
        } else if !sets[..n].iter().flatten().any(|set| set.path == path) {
            all.push(one(path, &same, is_or));
            is_changed = true;
        }
    }
    is_changed.then_some(all)
}

fn path_of(part: &Expr) -> Option<&str> {
    if let Expr::Leaf { path, .. } = part { Some(path) } else { None }
}

/// Sets of one field as one condition.
fn one(path: &str, sets: &[&Set<'_>], is_or: bool) -> Expr {
    // Of several that are told by what is not among them, all of an `or` must have it; of the others, all of an `and`.
    let (narrow, wide): (Vec<&Set<'_>>, Vec<&Set<'_>>) = sets.iter().partition(|set| set.negated == is_or);
    let mut values: Vec<Value> = Vec::new();
    match narrow.split_first() {
        Some((first, rest)) => values.extend(
            first
                .values
                .iter()
                .filter(|value| {
                    rest.iter().all(|set| has(&set.values, value)) && !wide.iter().any(|set| has(&set.values, value))
                })
                .cloned(),
        ),
        None => {
            for value in wide.iter().flat_map(|set| &set.values) {
                if !has(&values, value) {
                    values.push(value.clone());
                }
            }
        }
    }
    let negated = narrow.is_empty() != is_or;
    Expr::leaf(path, if negated { "not in" } else { "in" }, values)
}

/// What a condition says its field is among, where it does.
fn set<'p>(env: &Env<'_>, model: ModelId, part: &'p Expr) -> Option<Set<'p>> {
    let Expr::Leaf { path, operator, value } = part else { return None };
    let mut negated = is_negative(operator);
    let is_set = matches!(operator.as_str(), "=" | "!=" | "in" | "not in") || operator == "=?" && is_true(value);
    let (_, field) = env.registry.def(model).field(path).filter(|_| is_set)?;
    let mut values = match value {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    };
    match field.kind {
        // What they hold is more than one value, or what they are compared with is a time and not a second.
        _ if field.kind.is_x2many() || matches!(field.kind, Kind::Datetime | Kind::Binary) => return None,
        Kind::Many2one if values.iter().any(Value::is_string) => return None,
        // Both are all there are.
        Kind::Boolean if values.iter().any(is_true) && !values.iter().all(is_true) => return None,
        Kind::Boolean if values.iter().any(is_true) => values = vec![Value::Bool(true)],
        Kind::Boolean => (negated, values) = (!negated, vec![Value::Bool(true)]),
        Kind::Date => {
            values =
                values.iter().map(|value| moment::operand(env, field.kind, value, "in").ok()).collect::<Option<_>>()?;
        }
        _ => {}
    }
    Some(Set { path, negated, values })
}

fn has(values: &[Value], value: &Value) -> bool {
    values.iter().any(|one| equal(one, value))
}

/// Whether Python takes values for equal: `false` is zero.
fn equal(a: &Value, b: &Value) -> bool {
    let number = |value: &Value| value.as_bool().map(f64::from).or_else(|| value.as_f64());
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a == b,
        _ => false,
    }
}
