//! What a field of a record holds.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

/// A value as the database would hold it. NULL is the lack of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Bool(bool),
    /// Integers, and ids of many2one fields.
    Int(i64),
    Float(f64),
    /// Texts of all kinds, dates and times in Odoo's format, base64 of binary fields.
    Text(Arc<str>),
    /// A translated text by language. That of `en_US` is always there.
    Texts(Arc<BTreeMap<Arc<str>, Arc<str>>>),
    /// Records, where they are held with the record: a computed field whose value a test has set.
    Ids(Arc<[i64]>),
    Json(Arc<Value>),
}

impl Cell {
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    pub(crate) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// The text, in this language where there are several.
    pub(crate) fn as_text(&self, lang: &str) -> Option<&Arc<str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Texts(texts) => texts.get(lang).or_else(|| texts.get("en_US")),
            _ => None,
        }
    }

    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(int) => Some(*int as f64),
            Self::Float(float) => Some(*float),
            _ => None,
        }
    }
}

/// How numbers stand in PostgreSQL: what is none is above all others.
pub(crate) fn compare_floats(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}
