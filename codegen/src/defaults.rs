//! Which required fields a new record has by itself.

use serde_json::{Map, Value};

use crate::fixes;
use crate::schema::Model;

/// The fields to ask `default_get` for: those that the user interface requires and the server does not compute.
pub fn wanting_defaults(name: &str, model: &Model) -> Vec<String> {
    let wanting = model.fields.iter().filter(|(_, field)| field.required && !field.computed && field.related.is_none());
    let wanting = wanting.filter(|(field, _)| !fixes::defaults_by_request(name, field));
    wanting.map(|(name, _)| name.clone()).collect()
}

/// Takes from the answer of `default_get` whether those fields have a default, and nothing of what it is: a default may
/// be the time of day, the next number of a sequence or the id of whoever asks.
///
/// Whether there is one can depend on the account and the data too: a company's journal is the default while it has one.
pub fn set_defaults(name: &str, model: &mut Model, answer: &Map<String, Value>) {
    for name in wanting_defaults(name, model) {
        if let Some(field) = model.fields.get_mut(&name) {
            let default = answer.get(&name).unwrap_or(&Value::Null);
            field.default = Some(match default {
                Value::Null => false,
                // What is empty is `false`, but for one type it is a value.
                Value::Bool(value) => *value || field.ttype == "boolean",
                Value::String(text) => !text.is_empty(),
                Value::Array(list) => !list.is_empty(),
                Value::Number(_) | Value::Object(_) => true,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Field;
    use serde_json::json;

    #[test]
    fn only_that_there_is_a_default_is_kept() {
        let mut model = Model::default();
        for (name, ttype) in [("a", "char"), ("b", "boolean"), ("c", "many2one"), ("d", "char"), ("e", "integer")] {
            model.fields.insert(name.to_owned(), Field { required: true, ..Field::new(ttype, name) });
        }
        model.fields.insert("f".to_owned(), Field { required: true, computed: true, ..Field::new("char", "f") });
        model.fields.insert("g".to_owned(), Field::new("char", "g"));
        assert_eq!(wanting_defaults("x.model", &model), ["a", "b", "c", "d", "e"]);
        let answer = json!({"a": "2026-01-01", "b": false, "c": false, "e": 0, "g": "x"});
        set_defaults("x.model", &mut model, answer.as_object().unwrap_or(&Map::new()));
        let known: Vec<_> = model.fields.values().map(|field| field.default).collect();
        assert_eq!(known, [Some(true), Some(true), Some(false), Some(false), Some(true), None, None]);
        assert!(!serde_json::to_string(&model).unwrap_or_default().contains("2026"));
    }
}
