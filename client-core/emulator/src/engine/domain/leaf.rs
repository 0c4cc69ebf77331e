//! One condition of a domain, as it was given.

use serde_json::{Value, json};

use super::parse::{inverse, is_negative, tuple};

/// One condition.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    pub(super) path: &'a str,
    pub(super) operator: &'a str,
    pub(super) value: &'a Value,
}

impl Leaf<'_> {
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
