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

    /// Whether there is a command in it of which nobody can say whether it was carried out: to create a record, or to write to one.
    pub(super) fn creates(&self, wanted: &Value) -> bool {
        let mut commands = wanted.as_array().into_iter().flatten();
        self.is_many() && commands.any(|command| !matches!(command[0].as_i64(), Some(2..=6)))
    }

    /// Whether what the server keeps is what is wanted.
    pub(super) fn is_same(&self, kept: &Value, wanted: &Value) -> bool {
        let is_nothing = |value: &Value| matches!(value, Value::Null | Value::Bool(false)) || value == "";
        match &*self.name {
            _ if self.is_many() => holds(kept, wanted),
            "many2one" => kept.get(0).and_then(Value::as_i64) == wanted.as_i64(),
            "boolean" | "json" | "properties" | "properties_definition" => kept == wanted,
            "integer" | "float" | "monetary" | "many2one_reference" => {
                let number = |value: &Value| value.as_f64().unwrap_or_default();
                let (kept, wanted) = (number(kept), number(wanted));
                // Where it does not say how many, Odoo keeps all of them: those of a rate of exchange, say.
                let digits = self.digits.map_or(0.0, |digits| 0.5 * 10_f64.powi(-digits));
                let tolerance = if self.name == "integer" { 0.0 } else { digits.max(wanted.abs() * 1e-12) };
                (kept - wanted).abs() <= tolerance
            }
            _ => kept == wanted || is_nothing(kept) && is_nothing(wanted),
        }
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

/// Whether the records of a list are as commands would make them, none of which creates.
fn holds(kept: &Value, commands: &Value) -> bool {
    let ids =
        |list: &Value| -> BTreeSet<i64> { list.as_array().into_iter().flatten().filter_map(Value::as_i64).collect() };
    let kept = ids(kept);
    let Value::Array(commands) = commands else { return kept.is_empty() };
    commands.iter().all(|command| {
        let has = command[1].as_i64().is_some_and(|id| kept.contains(&id));
        match command[0].as_i64() {
            Some(2 | 3) => !has,
            Some(4) => has,
            Some(5) => kept.is_empty(),
            _ => kept == ids(&command[2]),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_kept_is_compared_as_what_it_is() {
        let field = |name: &str, digits| FieldType { name: name.to_owned(), digits };
        for (name, digits, kept, wanted, same) in [
            ("char", None, json!(false), json!(""), true),
            ("char", None, json!("a"), json!("b"), false),
            ("many2one", None, json!([7, "x"]), json!(7), true),
            ("many2one", None, json!(false), json!(false), true),
            ("many2one", None, json!([7, "x"]), json!(false), false),
            ("float", Some(2), json!(1.01), json!(1.0112), true),
            ("float", Some(2), json!(1.01), json!(1.02), false),
            ("float", None, json!(0.1), json!(0.1000001), false),
            ("float", None, json!(0.0000385), json!(0.0000389), false),
            ("monetary", None, json!(0.3), json!(0.300_000_000_000_000_04), true),
            ("integer", None, json!(3), json!(4), false),
            ("integer", None, json!(0), json!(false), true),
            ("many2many", None, json!([1, 2]), json!([[6, 0, [2, 1]]]), true),
            ("many2many", None, json!([1, 2]), json!([[4, 3, 0]]), false),
            ("many2many", None, json!([1, 2]), json!([[4, 2, 0], [3, 9, 0]]), true),
            ("many2many", None, json!([]), json!(false), true),
        ] {
            assert_eq!(field(name, digits).is_same(&kept, &wanted), same, "{name} {kept} {wanted}");
            assert!(!field(name, digits).creates(&wanted));
        }
        for commands in [json!([[0, 0, {}]]), json!([[4, 3, 0], [1, 7, {}]]), json!([7])] {
            assert!(field("one2many", None).creates(&commands) && !field("json", None).creates(&commands));
        }
    }
}
