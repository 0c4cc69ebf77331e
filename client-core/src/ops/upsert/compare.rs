//! Whether a field is as it shall be, and how the import takes what it shall be.

use std::collections::BTreeSet;

use serde_json::Value;

/// What Odoo says of a field.
#[derive(Clone, Debug)]
pub(super) struct FieldType {
    pub(super) name: String,
    /// Digits behind the point, where it says so.
    pub(super) digits: Option<i32>,
}

impl FieldType {
    pub(super) fn read(about: &Value) -> Self {
        let digits = about["digits"][1].as_i64().and_then(|digits| digits.try_into().ok());
        Self { name: about["type"].as_str().unwrap_or_default().to_owned(), digits }
    }

    fn is_many(&self) -> bool {
        matches!(&*self.name, "one2many" | "many2many")
    }

    /// Whether what the server keeps is what is wanted. `None`: nobody can say, as with a command that creates.
    pub(super) fn is_same(&self, kept: &Value, wanted: &Value) -> Option<bool> {
        let is_nothing = |value: &Value| matches!(value, Value::Null | Value::Bool(false)) || value == "";
        Some(match &*self.name {
            _ if self.is_many() => return holds(kept, wanted),
            "many2one" => kept.get(0).and_then(Value::as_i64) == wanted.as_i64(),
            "boolean" | "json" | "properties" | "properties_definition" => kept == wanted,
            "integer" | "float" | "monetary" | "many2one_reference" => {
                let number = |value: &Value| value.as_f64().unwrap_or_default();
                let (kept, wanted) = (number(kept), number(wanted));
                let digits = self.digits.map_or(1e-6, |digits| 0.5 * 10_f64.powi(-digits));
                let tolerance = if self.name == "integer" { 0.0 } else { digits.max(wanted.abs() * 1e-12) };
                (kept - wanted).abs() <= tolerance
            }
            _ => kept == wanted || is_nothing(kept) && is_nothing(wanted),
        })
    }

    /// The column and the text with which the import takes a value; `None` where it does not.
    pub(super) fn cell(&self, field: &str, value: &Value) -> Option<(String, String)> {
        let text = match (&*self.name, value) {
            ("boolean", value) => if value == &Value::Bool(true) { "1" } else { "0" }.to_owned(),
            (
                "char" | "text" | "html" | "selection" | "date" | "datetime" | "binary" | "many2one",
                Value::Bool(false),
            ) => String::new(),
            ("char" | "text" | "html" | "selection" | "date" | "datetime" | "binary", Value::String(text)) => {
                text.clone()
            }
            ("integer" | "float" | "monetary", Value::Bool(false)) => "0".to_owned(),
            ("integer" | "float" | "monetary" | "many2one", Value::Number(number)) => number.to_string(),
            ("many2many", Value::Array(commands)) => match &commands[..] {
                [one] if one[0] == 6 && one[2] != Value::Array(Vec::new()) => {
                    let ids = one[2].as_array()?.iter().map(Value::to_string);
                    ids.collect::<Vec<_>>().join(",")
                }
                _ => return None,
            },
            _ => return None,
        };
        let column =
            if matches!(&*self.name, "many2one" | "many2many") { format!("{field}/.id") } else { field.to_owned() };
        Some((column, text))
    }
}

/// Whether the records of a list are as commands would make them.
fn holds(kept: &Value, commands: &Value) -> Option<bool> {
    let kept: BTreeSet<i64> = kept.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    let Value::Array(commands) = commands else { return Some(kept.is_empty()) };
    for command in commands {
        let has = kept.contains(&command[1].as_i64()?);
        let is_so = match command[0].as_i64()? {
            2 | 3 => !has,
            4 => has,
            5 => kept.is_empty(),
            6 => kept == command[2].as_array()?.iter().filter_map(Value::as_i64).collect(),
            _ => return None,
        };
        if !is_so {
            return Some(false);
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_kept_is_compared_as_what_it_is() {
        let field = |name: &str, digits| FieldType { name: name.to_owned(), digits };
        for (name, digits, kept, wanted, same) in [
            ("char", None, json!(false), json!(""), Some(true)),
            ("char", None, json!("a"), json!("b"), Some(false)),
            ("many2one", None, json!([7, "x"]), json!(7), Some(true)),
            ("many2one", None, json!(false), json!(false), Some(true)),
            ("many2one", None, json!([7, "x"]), json!(false), Some(false)),
            ("float", Some(2), json!(1.01), json!(1.0112), Some(true)),
            ("float", Some(2), json!(1.01), json!(1.02), Some(false)),
            ("float", None, json!(0.1), json!(0.1000001), Some(true)),
            ("integer", None, json!(3), json!(4), Some(false)),
            ("integer", None, json!(0), json!(false), Some(true)),
            ("many2many", None, json!([1, 2]), json!([[6, 0, [2, 1]]]), Some(true)),
            ("many2many", None, json!([1, 2]), json!([[4, 3, 0]]), Some(false)),
            ("many2many", None, json!([1, 2]), json!([[4, 2, 0], [3, 9, 0]]), Some(true)),
            ("one2many", None, json!([1]), json!([[0, 0, {}]]), None),
            ("many2many", None, json!([]), json!(false), Some(true)),
        ] {
            assert_eq!(field(name, digits).is_same(&kept, &wanted), same, "{name} {kept} {wanted}");
        }
    }
}
