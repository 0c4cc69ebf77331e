//! One condition of a domain, as it was given.

use serde_json::{Value, json};

use super::parse::{inverse, is_negative, tuple};
use crate::engine::python::is_true;

/// One condition.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    pub(super) path: &'a str,
    pub(super) operator: &'a str,
    pub(super) value: &'a Value,
}

static NOTHING: Value = Value::Bool(false);

impl Leaf<'_> {
    /// A pattern of nothing, on a relation, asks from 19.0 on whether there is any record, archived ones included.
    pub(super) fn without_pattern(self) -> Self {
        if !self.operator.ends_with("like") || is_true(self.value) {
            return self;
        }
        let operator = if self.is_negative() == self.operator.ends_with("=like") { "!=" } else { "=" };
        Self { operator, value: &NOTHING, ..self }
    }

    /// As Python shows it.
    pub(super) fn tuple(&self) -> String {
        tuple(&json!([self.path, self.operator, self.value]))
    }

    pub(super) fn is_negative(&self) -> bool {
        is_negative(self.operator)
    }

    /// Its operator, or what it negates.
    pub(super) fn positive(&self) -> &str {
        if self.is_negative() { inverse(self.operator).unwrap_or(self.operator) } else { self.operator }
    }
}
