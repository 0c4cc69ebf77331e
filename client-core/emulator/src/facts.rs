//! What Odoo's own code says of its models and `fields_get` does not: orders, tables of relations, what a deletion does.
//!
//! `facts/` has a file for each series that is pinned, which `facts/facts.py` read out of the registry of a real server. Models that
//! are not in it (one's own) have what Odoo does by itself.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::series::Series;

const FILES: [(Series, &str); 5] = [
    (Series(14, 0), include_str!("../../facts/14.json")),
    (Series(16, 0), include_str!("../../facts/16.json")),
    (Series(17, 0), include_str!("../../facts/17.json")),
    (Series(18, 0), include_str!("../../facts/18.json")),
    (Series(19, 0), include_str!("../../facts/19.json")),
];

static READ: [OnceLock<HashMap<String, Value>>; 5] = [const { OnceLock::new() }; 5];

/// The facts of a series, by model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts(&'static HashMap<String, Value>);

impl Facts {
    /// Of this series, or of the one before it.
    pub(crate) fn of(series: Series) -> Self {
        let at = FILES.iter().rposition(|(known, _)| *known <= series).unwrap_or_default();
        Self(READ[at].get_or_init(|| serde_json::from_str(FILES[at].1).unwrap_or_default()))
    }

    pub(crate) fn model(self, name: &str) -> ModelFacts {
        ModelFacts(self.0.get(name).and_then(Value::as_object))
    }
}

/// The facts of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModelFacts(Option<&'static Map<String, Value>>);

impl ModelFacts {
    pub(crate) fn is_known(self) -> bool {
        self.0.is_some()
    }

    fn get(self, key: &str) -> Option<&'static Value> {
        self.0?.get(key)
    }

    pub(crate) fn text(self, key: &str) -> Option<&'static str> {
        self.get(key)?.as_str()
    }

    pub(crate) fn flag(self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value == true)
    }

    pub(crate) fn object(self, key: &str) -> impl Iterator<Item = (&'static String, &'static Value)> {
        self.get(key).and_then(Value::as_object).into_iter().flatten()
    }

    pub(crate) fn list(self, key: &str) -> Option<Vec<&'static str>> {
        Some(self.get(key)?.as_array()?.iter().filter_map(Value::as_str).collect())
    }

    /// A fact of a field.
    pub(crate) fn field(self, field: &str, key: &str) -> Option<&'static Value> {
        self.get("fields")?.get(field)?.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_json_and_has_what_is_known_of_partners() {
        for (series, text) in FILES {
            let read: HashMap<String, Value> = serde_json::from_str(text).unwrap();
            assert!(read["res.partner"]["order"].is_string(), "{series}");
            assert!(Facts::of(series).model("res.partner").field("category_id", "table").is_some(), "{series}");
        }
        assert!(!Facts::of(Series(19, 0)).model("x.own").is_known());
    }
}
