//! From a domain in Polish notation to a tree, with its mistakes told as the series tells them.

use serde_json::Value;

use crate::Fault;
use crate::engine::python::{is_true, repr, str};
use crate::series::{Difference, Series};

/// A domain as a tree. Negations are as far down as the series puts them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Const(bool),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Leaf { path: String, operator: String, value: Value },
}

impl Expr {
    pub(crate) fn leaf(path: &str, operator: &str, value: impl Into<Value>) -> Self {
        Self::Leaf { path: path.to_owned(), operator: operator.to_owned(), value: value.into() }
    }

    /// Whether Odoo sees without a look at the records that none fits: it asks the database nothing then, and does not find what is
    /// wrong with the rest of the domain.
    pub(crate) fn is_false(&self) -> bool {
        self.sign() < 0
    }

    /// What is known of it without a look at the records: 1 is true, -1 false, 0 neither.
    fn sign(&self) -> i8 {
        match self {
            Self::Const(value) => {
                if *value {
                    1
                } else {
                    -1
                }
            }
            Self::And(parts) => parts.iter().map(Self::sign).min().unwrap_or(1),
            Self::Or(parts) => parts.iter().map(Self::sign).max().unwrap_or(-1),
            Self::Not(part) => -part.sign(),
            Self::Leaf { operator, value, .. } if !is_true(value) => match operator.as_str() {
                "in" => -1,
                "not in" => 1,
                _ => 0,
            },
            Self::Leaf { .. } => 0,
        }
    }

    /// Whether a condition of the top names this field: it decides about archived records then.
    pub(crate) fn names(&self, field: &str) -> bool {
        match self {
            Self::Const(_) => false,
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.names(field)),
            Self::Not(part) => part.names(field),
            Self::Leaf { path, .. } => path == field,
        }
    }
}

/// Whether a domain that may be wrong is false for all records, as [`Expr::is_false`] finds it of one that is right.
pub(crate) fn is_false(domain: &Value) -> bool {
    let mut stack: Vec<i8> = Vec::new();
    for item in domain.as_array().into_iter().flatten().rev() {
        let mut pop = || stack.pop().unwrap_or_default();
        let sign = match (item.as_str(), item.get(1).and_then(Value::as_str)) {
            (Some("&"), _) => pop().min(pop()),
            (Some("|"), _) => pop().max(pop()),
            (Some("!"), _) => -pop(),
            (_, Some("in")) if !item.get(2).is_some_and(is_true) => -1,
            (_, Some("not in")) if !item.get(2).is_some_and(is_true) => 1,
            _ => 0,
        };
        stack.push(sign);
    }
    stack.contains(&-1)
}

/// What negates an operator, where that is an operator.
pub(crate) fn inverse(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "=" => "!=",
        "!=" => "=",
        "in" => "not in",
        "not in" => "in",
        "like" => "not like",
        "not like" => "like",
        "ilike" => "not ilike",
        "not ilike" => "ilike",
        "any" => "not any",
        "not any" => "any",
        "=like" => "not =like",
        "not =like" => "=like",
        "=ilike" => "not =ilike",
        "not =ilike" => "=ilike",
        "<" => ">=",
        ">" => "<=",
        "<=" => ">",
        ">=" => "<",
        _ => return None,
    })
}

/// What negates an operator in this series.
pub(super) fn opposite(series: Series, operator: &str) -> Option<&'static str> {
    inverse(operator).filter(|inverse| is_known(series, inverse))
}

/// Whether an operator is one that negates another.
pub(crate) fn is_negative(operator: &str) -> bool {
    operator == "!=" || operator.starts_with("not ")
}

fn is_known(series: Series, operator: &str) -> bool {
    match operator {
        "=" | "!=" | "<>" | "<=" | "<" | ">" | ">=" | "=?" | "=like" | "=ilike" | "like" | "not like" | "ilike"
        | "not ilike" | "in" | "not in" | "child_of" | "parent_of" => true,
        "any" | "not any" => series.has(Difference::AnyInDomains),
        "not =like" | "not =ilike" => series.has(Difference::NotEqualLike),
        "==" => series.has(Difference::DomainObjects),
        _ => false,
    }
}

/// Reads a domain.
pub(crate) fn parse(series: Series, domain: &Value) -> Result<Expr, Fault> {
    let items = match domain {
        Value::Array(items) => items,
        // Python takes what is empty for no domain.
        Value::Null | Value::Bool(false) => return Ok(Expr::Const(true)),
        other if series.has(Difference::DomainObjects) => {
            return Err(Fault::value(format!("Domain() invalid argument type for domain: {}", repr(other))));
        }
        _ => {
            return Err(Fault::new(
                "builtins.AssertionError",
                "Domains to normalize must have a 'domain' form: a list or tuple of domain components",
            ));
        }
    };
    let parts = read(series, items)?;
    let all = match <[Expr; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) if parts.is_empty() => Expr::Const(true),
        Err(parts) => Expr::And(parts),
    };
    Ok(if looks_first(series) { all } else { negate_down(series, all, false) })
}

/// What may be within another: deeper than any program writes, and no deeper than a thread can follow.
const DEEPEST: usize = 50;

/// An operator that waits for its parts.
struct Open<'d> {
    operator: &'d str,
    parts: Vec<Expr>,
    wants: usize,
    negates: bool,
}

/// The terms of a domain. A condition for each of many records makes no deep tree: what is put together alike is side by side.
fn read(series: Series, items: &[Value]) -> Result<Vec<Expr>, Fault> {
    let mut terms = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    for item in items {
        let Some(operator) = item.as_str().filter(|text| matches!(*text, "&" | "|" | "!")) else {
            close(leaf(series, item)?, &mut open, &mut terms);
            continue;
        };
        let negates = operator == "!";
        match open.last_mut().filter(|last| last.operator == operator) {
            Some(last) if negates => last.negates = !last.negates,
            // In the place of one part come two.
            Some(last) => last.wants += 1,
            None => open.push(Open { operator, parts: Vec::new(), wants: if negates { 1 } else { 2 }, negates }),
        }
        if open.len() > DEEPEST {
            return Err(Fault::new("builtins.RecursionError", "maximum recursion depth exceeded"));
        }
    }
    if open.is_empty() {
        return Ok(terms);
    }
    Err(if series.has(Difference::DomainObjects) {
        let shown = items.iter().map(|item| if item.is_array() { tuple(item) } else { repr(item) });
        Fault::value(format!("Domain() malformed, [{}]", shown.collect::<Vec<_>>().join(", ")))
    } else {
        Fault::new("builtins.AssertionError", "This domain is syntactically not correct")
    })
}

/// Gives a part to the operator that waits for it, which may be complete then, and a part of another.
fn close(mut part: Expr, open: &mut Vec<Open<'_>>, terms: &mut Vec<Expr>) {
    while let Some(last) = open.last_mut() {
        if last.operator == "!" {
            part = if last.negates { Expr::Not(Box::new(part)) } else { part };
        } else {
            last.parts.push(part);
            if last.parts.len() < last.wants {
                return;
            }
            let parts = std::mem::take(&mut last.parts);
            part = if last.operator == "&" { Expr::And(parts) } else { Expr::Or(parts) };
        }
        open.pop();
    }
    terms.push(part);
}

fn leaf(series: Series, item: &Value) -> Result<Expr, Fault> {
    match item {
        Value::Array(leaf) => read_leaf(series, item, leaf),
        Value::Bool(value) if series.has(Difference::DomainObjects) => Ok(Expr::Const(*value)),
        other => Err(invalid_leaf(series, other)),
    }
}

fn read_leaf(series: Series, item: &Value, leaf: &[Value]) -> Result<Expr, Fault> {
    let [left, operator, value] = leaf else { return Err(invalid_leaf(series, item)) };
    if operator == "="
        && let (Some(left), Some(right)) = (left.as_i64(), value.as_i64())
        && right == 1
        && (left == 0 || left == 1)
    {
        return Ok(Expr::Const(left == right));
    }
    let (Value::String(path), Value::String(operator)) = (left, operator) else {
        return Err(invalid_leaf(series, item));
    };
    let operator = operator.to_lowercase();
    if path.is_empty() || !is_known(series, &operator) {
        if value.is_array() && !series.has(Difference::DomainObjects) {
            return Err(Fault::type_error("unhashable type: 'list'"));
        }
        return Err(if series.has(Difference::DomainObjects) {
            Fault::value(format!("Invalid operator in condition {}", tuple(item)))
        } else {
            Fault::value(format!("Invalid leaf {}", tuple(item)))
        });
    }
    let operator = match operator.as_str() {
        "<>" => "!=".to_owned(),
        "==" => "=".to_owned(),
        _ => operator,
    };
    let value = if value.is_null() { Value::Bool(false) } else { value.clone() };
    // What Odoo makes of values of the wrong shape, with a warning in its log.
    let operator = match (&value, operator.as_str()) {
        // `false` is an empty list at first: see `is_false`.
        (Value::Bool(value), "in") if *value || series.has(Difference::DomainObjects) => "=".to_owned(),
        (Value::Bool(value), "not in") if *value || series.has(Difference::DomainObjects) => "!=".to_owned(),
        (Value::Array(_), "=") => "in".to_owned(),
        (Value::Array(_), "!=") => "not in".to_owned(),
        _ => operator,
    };
    Ok(Expr::Leaf { path: path.clone(), operator, value })
}

fn invalid_leaf(series: Series, item: &Value) -> Fault {
    if series.has(Difference::DomainObjects) {
        Fault::value(format!("Domain() invalid item in domain: {}", str(&Value::String(repr(item)))))
    } else {
        Fault::value(format!("Invalid leaf {}", str(item)))
    }
}

/// A condition as a tuple of Python.
pub(crate) fn tuple(item: &Value) -> String {
    let list = repr(item);
    format!("({})", list.trim_start_matches('[').strip_suffix(']').unwrap_or(&list))
}

/// Whether the fields of a domain are looked for before it is negated: in 17 and 18.
pub(super) fn looks_first(series: Series) -> bool {
    series.has(Difference::AnyInDomains) && !series.has(Difference::DomainObjects)
}

/// Moves negations to the conditions.
pub(super) fn negate_down(series: Series, expr: Expr, negate: bool) -> Expr {
    let all = |parts: Vec<Expr>| parts.into_iter().map(|part| negate_down(series, part, negate)).collect::<Vec<_>>();
    match expr {
        Expr::Const(value) => Expr::Const(value != negate),
        Expr::And(parts) => {
            if negate {
                Expr::Or(all(parts))
            } else {
                Expr::And(all(parts))
            }
        }
        Expr::Or(parts) => {
            if negate {
                Expr::And(all(parts))
            } else {
                Expr::Or(all(parts))
            }
        }
        Expr::Not(part) => negate_down(series, *part, !negate),
        Expr::Leaf { path, operator, value } if negate => {
            let objects = series.has(Difference::DomainObjects);
            // 18 says first what it stands for.
            let operator = match operator.as_str() {
                "=?" if !series.has(Difference::EmptyIsUnset) || objects => operator,
                "=?" if !is_true(&value) => return Expr::Const(false),
                "=?" => "=".to_owned(),
                _ => operator,
            };
            // A path is negated as a whole; up to 16, its last condition is.
            let is_path = path.contains('.') && series.has(Difference::AnyInDomains);
            let whole = is_path || objects && operator.starts_with(['<', '>']);
            match opposite(series, &operator).filter(|_| !whole) {
                Some(inverse) => Expr::Leaf { path, operator: inverse.to_owned(), value },
                None => Expr::Not(Box::new(Expr::Leaf { path, operator, value })),
            }
        }
        leaf => leaf,
    }
}
