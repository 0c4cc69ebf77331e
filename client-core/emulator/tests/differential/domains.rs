//! Searches that are made up.

use odoo_codegen::Field;
use serde_json::{Value, json};

use crate::program::{Maker, Step, record};

/// The domain of all records of the program.
pub(crate) fn among(maker: &mut Maker<'_>, model: usize) -> Value {
    let name = maker.shapes[model].model;
    let ids: Vec<_> = (0..maker.counts[model]).map(|n| record(name, n)).collect();
    json!([["id", "in", ids]])
}

pub(crate) fn search(maker: &mut Maker<'_>, model: usize) -> Step {
    let mut domain = among(maker, model).as_array().cloned().unwrap_or_default();
    domain.extend(conditions(maker, model, 2));
    let mut step = match maker.random.below(6) {
        0 => maker.plain(model, "search_count", vec![("domain", Value::Array(domain))]),
        1 | 2 => {
            let fields = maker.field_names(model);
            maker.plain(model, "search_read", vec![("domain", Value::Array(domain)), ("fields", fields)])
        }
        _ => maker.plain(model, "search", vec![("domain", Value::Array(domain))]),
    };
    if step.method != "search_count" {
        let order = order(maker, model);
        step.args.push(("order", json!(order)));
        if maker.random.chance(25) {
            step.args.push(("limit", json!(1 + maker.random.below(4))));
            step.args.push(("offset", json!(maker.random.below(3))));
        }
    }
    if maker.random.chance(20) {
        step.context = json!({"active_test": maker.random.chance(30)});
    }
    if maker.random.chance(15) {
        step.context["tz"] = zone(maker);
    }
    if maker.random.chance(10) && step.method == "search_read" {
        step.context["bin_size"] = json!(true);
    }
    if maker.random.chance(5) && maker.series.0 < 17 && step.method == "search" {
        step.args.push(("count", json!(true)));
    }
    step
}

/// An order that leaves nothing open.
pub(crate) fn order(maker: &mut Maker<'_>, model: usize) -> String {
    let sortable: Vec<String> = maker.shapes[model]
        .fields
        .iter()
        .filter(|(_, field)| field.sortable && field.ttype != "html" && field.ttype != "binary")
        .map(|(name, _)| name.clone())
        .collect();
    let mut parts = Vec::new();
    for _ in 0..maker.random.below(3) {
        let direction = *maker.random.pick(&["", " desc", " ASC", " DESC"]);
        parts.push(format!("{}{direction}", maker.random.pick(&sortable)));
    }
    parts.push(if maker.random.chance(30) { "id desc" } else { "id" }.to_owned());
    parts.join(", ")
}

/// A few conditions, with operators between them.
pub(crate) fn conditions(maker: &mut Maker<'_>, model: usize, depth: usize) -> Vec<Value> {
    match maker.random.below(if depth == 0 { 3 } else { 8 }) {
        0..=2 => vec![condition(maker, model, depth)],
        3 | 4 => {
            let mut parts = vec![json!(*maker.random.pick(&["|", "&"]))];
            parts.extend(conditions(maker, model, depth - 1));
            parts.extend(conditions(maker, model, depth - 1));
            parts
        }
        5 => {
            let mut parts = vec![json!("!")];
            parts.extend(conditions(maker, model, depth - 1));
            parts
        }
        _ => {
            let mut parts = conditions(maker, model, depth - 1);
            parts.extend(conditions(maker, model, depth - 1));
            parts
        }
    }
}

fn condition(maker: &mut Maker<'_>, model: usize, depth: usize) -> Value {
    let fields = &maker.shapes[model].fields;
    if maker.random.chance(2) {
        return json!(*maker.random.pick(&["no_such_field", "name.no"]))
            .as_str()
            .map_or(Value::Null, |name| json!([name, "=", 1]));
    }
    let (name, field) = maker.random.pick(fields);
    if let Some(target) = field.relation.as_deref()
        && let Some(inner) = maker.shapes.iter().position(|shape| shape.model == target)
        && depth > 0
        && maker.random.chance(35)
    {
        if maker.random.chance(30) {
            let operator = *maker.random.pick(&["any", "not any"]);
            let inner = conditions(maker, inner, depth - 1);
            return json!([name, operator, inner]);
        }
        let mut leaf = condition(maker, inner, 0);
        if let Some(path) = leaf[0].as_str().map(|inner| format!("{name}.{inner}")) {
            leaf[0] = json!(path);
        }
        return leaf;
    }
    if matches!(field.ttype.as_str(), "date" | "datetime") && maker.series.0 >= 19 && maker.random.chance(15) {
        let part = *maker.random.pick(PARTS);
        let operator = *maker.random.pick(&["=", "!=", "<", ">=", "in", "not in"]);
        let one =
            if maker.random.chance(10) && operator.len() == 1 { json!(false) } else { json!(maker.random.below(12)) };
        return json!([
            format!("{name}.{part}"),
            operator,
            if operator.ends_with("in") { json!([one, 3]) } else { one }
        ]);
    }
    let (operator, value) = test(maker, field);
    json!([name, operator, value])
}

/// Numbers of dates, one that is none among them.
pub(crate) const PARTS: &[&str] = &[
    "year_number",
    "quarter_number",
    "month_number",
    "iso_week_number",
    "day_of_year",
    "day_of_month",
    "day_of_week",
    "hour_number",
    "minute_number",
    "second_number",
    "no_number",
];

/// Zones of a context: one that is none, and none at all, among them.
pub(crate) fn zone(maker: &mut Maker<'_>) -> Value {
    let zones = ["Europe/Brussels", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "No/Where", "UTC", ""];
    match *maker.random.pick(&zones) {
        "" => json!(false),
        zone => json!(zone),
    }
}

fn test(maker: &mut Maker<'_>, field: &Field) -> (&'static str, Value) {
    match field.ttype.as_str() {
        "char" | "text" | "html" => {
            let operator = *maker.random.pick(&[
                "=",
                "!=",
                "like",
                "not like",
                "ilike",
                "not ilike",
                "=like",
                "=ilike",
                "in",
                "not in",
                "<",
                ">=",
                "=?",
            ]);
            let one = if maker.random.chance(15) { json!(false) } else { maker.word() };
            match operator {
                "in" | "not in" => {
                    (operator, list(maker, |maker| if maker.random.chance(20) { json!(false) } else { maker.word() }))
                }
                "=like" | "=ilike" => (operator, json!(*maker.random.pick(&["a%", "%b", "a_", "%", "A%C", "b"]))),
                "<" | ">=" => (operator, maker.word()),
                _ => (operator, one),
            }
        }
        "integer" | "float" | "monetary" => {
            let operator = *maker.random.pick(&["=", "!=", "<", "<=", ">", ">=", "in", "not in", "=?"]);
            let one = if field.ttype == "integer" {
                json!(maker.random.below(7) as i64 - 1)
            } else {
                json!((maker.random.below(4000) as f64 - 500.0) / 16.0)
            };
            let one = if maker.random.chance(10) && operator.len() < 2 { json!(false) } else { one };
            match operator {
                "in" | "not in" => (operator, list(maker, |maker| json!(maker.random.below(7) as i64 - 1))),
                _ => (operator, one),
            }
        }
        "boolean" => {
            let operator = *maker.random.pick(&["=", "!=", "in", "not in"]);
            let value = json!(maker.random.chance(50));
            (operator, if operator.ends_with("in") { json!([value]) } else { value })
        }
        "date" | "datetime" => date(maker, field),
        // Where it is an attachment, no more than whether there is one.
        "binary" => (*maker.random.pick(&["=", "!="]), json!(false)),
        "selection" => {
            let known: Vec<_> =
                field.selection.iter().flat_map(|known| &known.0).map(|(value, _)| json!(value)).collect();
            let operator = *maker.random.pick(&["=", "!=", "in", "not in"]);
            let one = if maker.random.chance(20) { json!(false) } else { maker.random.pick(&known).clone() };
            (operator, if operator.ends_with("in") { json!([one]) } else { one })
        }
        _ => relational(maker, field),
    }
}

fn relational(maker: &mut Maker<'_>, field: &Field) -> (&'static str, Value) {
    let is_tree = field.relation.as_deref() == Some("res.partner.category");
    let operator =
        *maker.random.pick(&["=", "!=", "in", "not in", "ilike", "not ilike", "=?", "child_of", "parent_of", "like"]);
    // What differs by company is no column up to 17.
    let operator = if operator == "=?" && field.company_dependent { "=" } else { operator };
    let one = if maker.random.chance(25) { json!(false) } else { maker.record_of(field).unwrap_or(json!(false)) };
    match operator {
        "child_of" | "parent_of" if !is_tree => ("=", one),
        "child_of" | "parent_of" => (operator, if one == false { maker.word() } else { one }),
        "ilike" | "not ilike" | "like" => (operator, maker.word()),
        "in" | "not in" => {
            let other = maker.record_of(field).unwrap_or(json!(false));
            (operator, if one == false && field.ttype != "many2one" { json!([other]) } else { json!([one, other]) })
        }
        _ => (operator, one),
    }
}

fn list(maker: &mut Maker<'_>, mut one: impl FnMut(&mut Maker<'_>) -> Value) -> Value {
    let count = maker.random.below(4);
    (0..count).map(|_| one(maker)).collect()
}

/// A comparison of dates or times.
fn date(maker: &mut Maker<'_>, field: &Field) -> (&'static str, Value) {
    let operator = *maker.random.pick(&["=", "!=", "<", "<=", ">", ">=", "in", "not in", "=?"]);
    let one = match maker.random.below(20) {
        0..=2 if !operator.starts_with(['<', '>']) => json!(false),
        3 => json!(*maker.random.pick(&["2021-13-01", "no date", "2021-02", "2021-1-5"])),
        4 | 5 => json!(*maker.random.pick(&["today", "now"])),
        // Relative forms, far enough from what programs write that a second more or less changes nothing.
        6..=8 if maker.series.0 >= 19 => json!(*maker.random.pick(&[
            "-1y",
            "today -2y",
            "now +1m",
            "-30d =monday",
            "today =1d",
            "+2w",
            "today -1m +9H",
            "=1m -1H",
            "+monday",
            "1d",
            "today +foo",
            "-week_start",
            "-50y"
        ])),
        _ if field.ttype == "datetime" => match maker.datetime() {
            value if maker.random.chance(30) => value.as_str().map_or(json!(false), |text| json!(text.get(..10))),
            value => value,
        },
        9 => json!(format!("{} 10:00:00", maker.date())),
        _ => json!(maker.date()),
    };
    (operator, if operator.ends_with("in") { json!([one]) } else { one })
}
