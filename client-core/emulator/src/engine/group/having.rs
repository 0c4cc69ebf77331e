//! `having`: which groups are told of, by what is added up of them.

use std::cmp::Ordering;

use serde_json::Value;

use super::Sum;
use crate::Fault;
use crate::engine::definitions::ModelId;
use crate::engine::env::Env;
use crate::engine::python::repr;

const OPERATORS: [&str; 8] = ["in", "not in", "<", ">", "<=", ">=", "=", "!="];

/// A domain of sums.
pub(super) enum Having {
    Any,
    And(Box<Having>, Box<Having>),
    Or(Box<Having>, Box<Having>),
    Not(Box<Having>),
    Leaf { sum: Sum, operator: String, value: Value },
}

impl Having {
    /// Reads one from behind, as Odoo does.
    pub(super) fn read(env: &Env<'_>, model: ModelId, having: &Value) -> Result<Self, Fault> {
        let mut stack: Vec<Self> = Vec::new();
        let pop = |stack: &mut Vec<Self>| {
            let popped = stack.pop().map(Box::new);
            popped.ok_or_else(|| Fault::new("builtins.IndexError", "pop from empty list"))
        };
        for item in having.as_array().into_iter().flatten().rev() {
            let read = match (item.as_str(), item.as_array().map(Vec::as_slice)) {
                (Some("!"), _) => Self::Not(pop(&mut stack)?),
                (Some("&"), _) => Self::And(pop(&mut stack)?, pop(&mut stack)?),
                (Some("|"), _) => Self::Or(pop(&mut stack)?, pop(&mut stack)?),
                (_, Some([left, operator, value])) => {
                    let operator = operator.as_str().unwrap_or_default();
                    if !OPERATORS.contains(&operator) {
                        let all = OPERATORS.map(|operator| format!("'{operator}'")).join(", ");
                        return Err(Fault::value(format!(
                            "Invalid having clause {}: supported comparators are ({all})",
                            repr(item)
                        )));
                    }
                    let sum = env.sum(model, left.as_str().unwrap_or_default())?;
                    Self::Leaf { sum, operator: operator.to_owned(), value: value.clone() }
                }
                _ => {
                    let what = "it should be a domain-like clause";
                    return Err(Fault::value(format!("Invalid having clause {}: {what}", repr(item))));
                }
            };
            stack.push(read);
        }
        let all = stack.into_iter().reduce(|all, one| Self::And(Box::new(all), Box::new(one)));
        Ok(all.unwrap_or(Self::Any))
    }

    /// Whether a group of these records fits: `None` is neither, as with NULL in SQL.
    pub(super) fn fits(&self, env: &Env<'_>, model: ModelId, ids: &[i64]) -> Option<bool> {
        match self {
            Self::Any => Some(true),
            Self::Not(part) => part.fits(env, model, ids).map(|fits| !fits),
            Self::And(a, b) => match (a.fits(env, model, ids), b.fits(env, model, ids)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match (a.fits(env, model, ids), b.fits(env, model, ids)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Leaf { sum, operator, value } => {
                let added = env.add_up(model, ids, sum)?;
                match (operator.as_str(), value) {
                    ("in" | "not in", Value::Array(values)) if !values.is_empty() => {
                        let is_among = values.iter().any(|value| compare(&added, value) == Some(Ordering::Equal));
                        Some(is_among == (operator == "in"))
                    }
                    (operator, value) => {
                        let ordering = compare(&added, value)?;
                        Some(match operator {
                            "=" => ordering.is_eq(),
                            "!=" => ordering.is_ne(),
                            "<" => ordering.is_lt(),
                            "<=" => ordering.is_le(),
                            ">" => ordering.is_gt(),
                            _ => ordering.is_ge(),
                        })
                    }
                }
            }
        }
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => Some(a.as_str()?.cmp(b.as_str()?)),
    }
}
