//! Lists of values in conditions, as Odoo took them up to 15.

use serde_json::Value;

use super::{join, term};

/// The same conditions without what those versions get wrong in a list, each of which is a condition of its own then:
///
/// - 0, which counted as no value, so that `in [0]` found what is empty.
/// - `true` and `false`, in lists of which many computed fields could not be searched, and `message_has_error in [true]` found more.
/// - Of translated fields, which a domain does not tell from others, no value beside texts, and whatever is in the list of `not in`:
///   errors of SQL.
///
/// A list of `not in` behind a path stays whole: one record at its end has to differ from all, and two conditions may hold for two.
///
/// Seen on 14.0; the source of 15.0 has the first and the last, but for `not in`.
pub(super) fn taken_apart(terms: Vec<Value>) -> Vec<Value> {
    terms.into_iter().flat_map(|term| split(&term).unwrap_or_else(|| vec![term])).collect()
}

fn split(condition: &Value) -> Option<Vec<Value>> {
    let [field, operator, Value::Array(values)] = &condition.as_array()?[..] else { return None };
    let field = field.as_str()?;
    let (one, operator, joint) = match operator.as_str()? {
        "in" => ("=", "in", "|"),
        "not in" => ("!=", "not in", "&"),
        _ => return None,
    };
    if stays_whole(field, operator, values) {
        return None;
    }
    let has_text = values.iter().any(Value::is_string);
    let is_apart = |value: &Value| match value {
        Value::Number(_) => is_zero(value),
        Value::Bool(_) => true,
        _ => has_text && operator == "not in",
    };
    let (apart, rest): (Vec<&Value>, Vec<&Value>) = values.iter().partition(|value| is_apart(value));
    if apart.is_empty() {
        return None;
    }
    let mut conditions: Vec<_> = apart.into_iter().map(|value| term(field, one, value.clone())).collect();
    if !rest.is_empty() {
        conditions.push(term(field, operator, rest.into_iter().cloned().collect()));
    }
    Some(balanced(joint, conditions))
}

fn stays_whole(field: &str, operator: &str, values: &[Value]) -> bool {
    operator == "not in" && field.contains('.') && values.len() > 1
}

fn is_zero(value: &Value) -> bool {
    value.as_f64() == Some(0.0)
}

/// Whether those versions would find others by a condition, and it cannot be taken apart.
pub(super) fn is_misread(condition: &Value) -> bool {
    let parts = (condition[0].as_str(), condition[1].as_str(), condition[2].as_array());
    matches!(parts, (Some(field), Some(operator), Some(values))
        if stays_whole(field, operator, values) && values.iter().any(is_zero))
}

/// One expression of many that is nowhere deep: PostgreSQL's stack has an end.
fn balanced(joint: &str, mut conditions: Vec<Vec<Value>>) -> Vec<Value> {
    if conditions.len() < 3 {
        return join(joint, conditions);
    }
    let second = conditions.split_off(conditions.len() / 2);
    join(joint, vec![balanced(joint, conditions), balanced(joint, second)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_14_gets_wrong_in_a_list_is_a_condition_of_its_own() {
        for (list, conditions) in [
            (json!(["color", "in", [1, 2]]), json!([["color", "in", [1, 2]]])),
            (json!(["color", "in", []]), json!([["color", "in", []]])),
            (json!(["color", "in", [0]]), json!([["color", "=", 0]])),
            (
                json!(["color", "in", [0, 2, false]]),
                json!(["|", ["color", "=", 0], "|", ["color", "=", false], ["color", "in", [2]]]),
            ),
            (json!(["rate", "not in", [0.0, 1.5]]), json!(["&", ["rate", "!=", 0.0], ["rate", "not in", [1.5]]])),
            (json!(["name", "in", ["a", "b"]]), json!([["name", "in", ["a", "b"]]])),
            (json!(["name", "in", ["a", false]]), json!(["|", ["name", "=", false], ["name", "in", ["a"]]])),
            (json!(["name", "not in", ["a"]]), json!([["name", "!=", "a"]])),
            (
                json!(["name", "not in", ["a", "b", "c", false]]),
                json!([
                    "&",
                    "&",
                    ["name", "!=", "a"],
                    ["name", "!=", "b"],
                    "&",
                    ["name", "!=", "c"],
                    ["name", "!=", false]
                ]),
            ),
            (
                json!(["line_ids.name", "in", ["a", false]]),
                json!(["|", ["line_ids.name", "=", false], ["line_ids.name", "in", ["a"]]]),
            ),
            (json!(["line_ids.name", "not in", ["a"]]), json!([["line_ids.name", "!=", "a"]])),
            (json!(["line_ids.name", "not in", ["a", "b"]]), json!([["line_ids.name", "not in", ["a", "b"]]])),
            (json!(["line_ids.color", "not in", [0]]), json!([["line_ids.color", "!=", 0]])),
            (json!(["active", "in", [true]]), json!([["active", "=", true]])),
            (json!(["active", "not in", [true, false]]), json!(["&", ["active", "!=", true], ["active", "!=", false]])),
            (json!(["id", "child_of", [0]]), json!([["id", "child_of", [0]]])),
            (json!("|"), json!(["|"])),
        ] {
            assert_eq!(Value::from(taken_apart(vec![list.clone()])), conditions, "{list}");
        }
    }
}
