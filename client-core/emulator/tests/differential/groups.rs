//! Groups that are made up.

use odoo_codegen::Field;
use serde_json::{Value, json};

use crate::domains::{self, PARTS, among, conditions};
use crate::program::{Maker, Step};

/// Groups by one or two fields, with sums.
pub(crate) fn group(maker: &mut Maker<'_>, model: usize) -> Step {
    let mut domain = among(maker, model).as_array().cloned().unwrap_or_default();
    if maker.random.chance(50) {
        domain.extend(conditions(maker, model, 1));
    }
    let fields = &maker.shapes[model].fields;
    let can_be_key = |field: &Field| {
        let kinds = ["char", "boolean", "many2one", "selection", "integer", "date", "datetime"];
        // Of what is no column there are no groups.
        field.stored && kinds.contains(&field.ttype.as_str()) || field.ttype == "many2many" && maker.series.0 >= 16
    };
    let keys: Vec<(String, Field)> = fields.iter().filter(|(_, field)| can_be_key(field)).cloned().collect();
    let numbers: Vec<String> = fields
        .iter()
        .filter(|(_, field)| matches!(field.ttype.as_str(), "integer" | "float" | "monetary"))
        .map(|(name, _)| name.clone())
        .collect();
    let mut by = Vec::new();
    for _ in 0..maker.random.below(3) {
        let (name, field) = maker.random.pick(&keys);
        let key = format!("{name}{}", step_of(maker, field));
        // Values of one field twice have one name.
        if !by.iter().any(|known: &String| known.split(':').next() == Some(name)) {
            by.push(key);
        }
    }
    let mut sums = Vec::new();
    for _ in 0..maker.random.below(3) {
        if !numbers.is_empty() {
            let name = maker.random.pick(&numbers);
            let sum = format!("{name}:{}", maker.random.pick(&["sum", "avg", "min", "max", "count", "count_distinct"]));
            // An answer has one value to a name.
            let is_known = |known: &String| known.split(':').next() == Some(name) || by.contains(name);
            if !sums.iter().any(is_known) && !by.contains(name) {
                sums.push(sum);
            }
        }
    }
    let domain = Value::Array(domain);
    if maker.series.0 >= 19 && maker.random.chance(50) {
        sums.push("__count".to_owned());
        let mut args = vec![("domain", domain), ("groupby", json!(by)), ("aggregates", json!(sums))];
        if maker.random.chance(30) {
            args.push(("having", having(maker, &numbers)));
        }
        return in_zone(maker, maker.plain(model, "formatted_read_group", args));
    }
    // Without fields it is all of them.
    if sums.is_empty() {
        sums.push("__count".to_owned());
    }
    let lazy = maker.random.chance(30);
    let args = vec![("domain", domain), ("fields", json!(sums)), ("groupby", json!(by)), ("lazy", json!(lazy))];
    in_zone(maker, maker.plain(model, "read_group", args))
}

fn in_zone(maker: &mut Maker<'_>, mut step: Step) -> Step {
    if maker.random.chance(40) {
        step.context = json!({"tz": domains::zone(maker)});
    }
    step
}

/// How much of a date counts.
fn step_of(maker: &mut Maker<'_>, field: &Field) -> String {
    match field.ttype.as_str() {
        "date" | "datetime" if maker.random.chance(20) => format!(":{}", maker.random.pick(PARTS)),
        "date" => (*maker.random.pick(&["", ":day", ":week", ":month", ":quarter", ":year"])).to_owned(),
        "datetime" => (*maker.random.pick(&["", ":hour", ":day", ":week", ":month", ":quarter", ":year"])).to_owned(),
        _ => String::new(),
    }
}

/// Which groups are wanted.
fn having(maker: &mut Maker<'_>, numbers: &[String]) -> Value {
    let one = |maker: &mut Maker<'_>| {
        let operator = *maker.random.pick(&["=", "!=", "<", "<=", ">", ">="]);
        match maker.random.below(12) {
            0 => json!([*maker.random.pick(&["no_such_field:sum", "name", "name:no"]), operator, 1]),
            1 => json!(["__count", "like", 1]),
            2..=6 if !numbers.is_empty() => {
                let sum =
                    format!("{}:{}", maker.random.pick(numbers), maker.random.pick(&["sum", "avg", "max", "count"]));
                json!([sum, operator, maker.random.below(9)])
            }
            _ => json!(["__count", operator, 1 + maker.random.below(3)]),
        }
    };
    match maker.random.below(6) {
        0 => json!(["!", one(maker)]),
        1 => json!(["|", one(maker), one(maker)]),
        2 => json!([one(maker), one(maker)]),
        _ => json!([one(maker)]),
    }
}
