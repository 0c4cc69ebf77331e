//! One value against a condition.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::like::Pattern;
use crate::engine::cell::{Cell, compare_floats};
use crate::engine::definitions::Kind;
use crate::engine::python::{is_true, str};
use crate::engine::store::Key;

/// A condition on one value.
#[derive(Debug)]
pub(crate) struct Test {
    what: What,
    /// What it is for NULL.
    null: Option<bool>,
}

#[derive(Debug)]
enum What {
    /// For whatever is not NULL.
    Const(bool),
    Among {
        keys: HashSet<Key>,
        floats: Vec<f64>,
        negated: bool,
    },
    Compare(Comparison, Operand),
    Like {
        pattern: Pattern,
        negated: bool,
    },
}

/// `<` and the like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(crate) fn named(operator: &str) -> Option<Self> {
        Some(match operator {
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    pub(crate) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// What is compared with.
#[derive(Debug)]
pub(crate) enum Operand {
    Number(f64),
    Text(Arc<str>),
    Bool(bool),
}

impl Test {
    pub(crate) fn constant(value: bool, null: Option<bool>) -> Self {
        Self { what: What::Const(value), null }
    }

    pub(crate) fn is_null() -> Self {
        Self::constant(false, Some(true))
    }

    pub(crate) fn is_set() -> Self {
        Self::constant(true, Some(false))
    }

    /// Whether a value is one of these.
    pub(crate) fn among(cells: Vec<Cell>, negated: bool, null: Option<bool>) -> Self {
        let floats = cells.iter().filter(|cell| matches!(cell, Cell::Float(_))).filter_map(Cell::as_f64).collect();
        Self { what: What::Among { keys: cells.iter().filter_map(Key::of).collect(), floats, negated }, null }
    }

    /// The same, and for NULL neither unless it fits.
    pub(crate) fn or_unknown(self) -> Self {
        Self { null: self.null.filter(|fits| *fits), ..self }
    }

    pub(crate) fn compare(comparison: Comparison, operand: Operand, null: Option<bool>) -> Self {
        Self { what: What::Compare(comparison, operand), null }
    }

    pub(crate) fn like(pattern: Pattern, negated: bool, null: Option<bool>) -> Self {
        Self { what: What::Like { pattern, negated }, null }
    }

    /// Whether it takes longer than others, for each record: what does not goes first.
    pub(crate) fn is_slow(&self) -> bool {
        matches!(self.what, What::Like { .. })
    }

    /// The keys that a value must be one of.
    pub(crate) fn only_keys(&self) -> Option<&HashSet<Key>> {
        match &self.what {
            What::Among { keys, floats, negated: false } if floats.is_empty() && self.null != Some(true) => Some(keys),
            _ => None,
        }
    }

    pub(crate) fn fits(&self, cell: Option<&Cell>, lang: &str) -> Option<bool> {
        let Some(cell) = cell else { return self.null };
        Some(match &self.what {
            What::Const(value) => *value,
            What::Among { keys, floats, negated } => {
                let among = match cell {
                    Cell::Texts(_) => {
                        cell.as_text(lang).is_some_and(|text| keys.contains(&Key::Text(Arc::clone(text))))
                    }
                    Cell::Float(float) => floats.iter().any(|one| compare_floats(*one, *float).is_eq()),
                    // To look at a few takes less than a hash.
                    cell if keys.len() <= 4 => keys.iter().any(|key| key.is(cell)),
                    cell => Key::of(cell).is_some_and(|key| keys.contains(&key)),
                };
                among != *negated
            }
            What::Compare(comparison, operand) => {
                compare(cell, operand, lang).is_some_and(|ordering| comparison.holds(ordering))
            }
            What::Like { pattern, negated } => {
                let fits = match cell.as_text(lang) {
                    Some(text) => pattern.fits(text),
                    None => pattern.fits(&shown(cell)),
                };
                fits != *negated
            }
        })
    }

    /// The same of the number of a record.
    pub(crate) fn fits_id(&self, id: i64) -> Option<bool> {
        self.fits(Some(&Cell::Int(id)), "")
    }
}

fn compare(cell: &Cell, operand: &Operand, lang: &str) -> Option<Ordering> {
    match operand {
        Operand::Number(number) => Some(compare_floats(cell.as_f64()?, *number)),
        Operand::Text(text) => Some(cell.as_text(lang)?.as_bytes().cmp(text.as_bytes())),
        Operand::Bool(value) => match cell {
            Cell::Bool(cell) => Some(cell.cmp(value)),
            _ => None,
        },
    }
}

/// A value that is no text as the text that patterns are held against.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Bool(value) => value.to_string(),
        Cell::Int(int) => int.to_string(),
        Cell::Float(float) => float.to_string(),
        Cell::Json(json) => json.to_string(),
        Cell::Text(_) | Cell::Texts(_) | Cell::Ids(_) => String::new(),
    }
}

/// The value of a condition as a field of this kind would hold it, or why it cannot: what Python says of that.
pub(crate) fn operand(kind: Kind, value: &Value) -> Result<Option<Cell>, String> {
    let number = || -> Result<f64, String> {
        match value {
            Value::Number(number) => Ok(number.as_f64().unwrap_or_default()),
            Value::Bool(value) => Ok(f64::from(u8::from(*value))),
            Value::String(text) => {
                text.trim().parse().map_err(|_| format!("could not convert string to float: '{text}'"))
            }
            other => Err(format!(
                "float() argument must be a string or a real number, not '{}'",
                super::super::python::type_name(other)
            )),
        }
    };
    Ok(match kind {
        Kind::Boolean => Some(Cell::Bool(is_true(value))),
        _ if value.is_null() || *value == false => None,
        Kind::Integer | Kind::Many2one | Kind::Many2oneReference => match value {
            Value::String(text) => Some(Cell::Int(
                text.trim().parse().map_err(|_| format!("invalid literal for int() with base 10: '{text}'"))?,
            )),
            _ => Some(Cell::Int(number()? as i64)),
        },
        Kind::Float | Kind::Monetary => Some(Cell::Float(number()?)),
        _ => Some(Cell::text(str(value))),
    })
}
