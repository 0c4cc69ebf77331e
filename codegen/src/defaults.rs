//! Which required fields a new record has by itself.

use serde_json::{Map, Value};

use crate::fixes;
use crate::schema::{Field, Model};

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

/// Takes from the pin of a model whether those fields have a default, if it knows that of all of them, and of fields that are
/// otherwise as they are now. A default hardly ever comes or goes without its field.
pub fn keep_defaults(name: &str, model: &mut Model, pinned: &Model) -> bool {
    let fields = wanting_defaults(name, model);
    let known = fields.iter().map(|name| {
        let (field, was) = (model.fields.get(name)?, pinned.fields.get(name)?);
        (Field { default: was.default, ..field.clone() } == *was).then_some(was.default?)
    });
    let Some(known) = known.collect::<Option<Vec<_>>>() else { return false };
    for (name, default) in fields.iter().zip(known) {
        model.fields.entry(name.clone()).and_modify(|field| field.default = Some(default));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn a_default_is_known_while_its_field_is_as_it_was() {
        let mut pinned = Model::default();
        for name in ["a", "b"] {
            let field = Field { required: true, default: Some(name == "a"), ..Field::new("char", name) };
            pinned.fields.insert(name.to_owned(), field);
        }
        let mut asked = pinned.clone();
        asked.fields.values_mut().for_each(|field| field.default = None);
        asked.fields.insert("c".to_owned(), Field::new("char", "needs none"));
        let mut model = asked.clone();
        assert!(keep_defaults("x.model", &mut model, &pinned));
        assert_eq!(model.fields["a"].default.zip(model.fields["b"].default), Some((true, false)));
        // Half of what is wanted is not enough: all is asked for in one request.
        for change in [
            |model: &mut Model| {
                drop(model.fields.insert("d".to_owned(), Field { required: true, ..Field::new("char", "d") }))
            },
            |model: &mut Model| model.fields.values_mut().for_each(|field| field.label += "!"),
        ] {
            let mut model = asked.clone();
            change(&mut model);
            assert!(!keep_defaults("x.model", &mut model, &pinned));
            assert_eq!(model.fields["a"].default, None);
        }
    }
}
