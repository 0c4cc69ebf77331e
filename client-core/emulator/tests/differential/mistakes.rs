//! A program that is not made up: which of several mistakes in a call is told, and which is not found at all.

use serde_json::{Value, json};

use crate::LENGTH;
use crate::program::Step;

const PARTNER: &str = "res.partner";
const GROUP: &str = "res.country.group";

fn search(model: &'static str, domain: Value, fields: Value, lang: &str) -> Step {
    Step {
        model,
        method: "search_read",
        on: None,
        args: vec![("domain", domain), ("fields", fields), ("order", json!("name, id"))],
        context: if lang.is_empty() { json!({}) } else { json!({"lang": lang}) },
        skipped: false,
        creates: 0,
    }
}

/// The program, as long as others.
pub(crate) fn program() -> Vec<Step> {
    let unknown = json!(["no_such_field", "=", 1]);
    let property = json!(["name.no", "=", 1]);
    let never = json!(["name", "in", []]);
    let no_day = json!(["calendar_last_notif_ack", "not in", ["2021-13-01"]]);
    let nobody = json!(["category_id", "child_of", "no such tag"]);
    let by_name = json!(["category_id", "ilike", "no such tag"]);
    let along = json!(["category_id.name", "in", []]);
    let mut steps = Vec::new();
    for domain in [
        json!([property, unknown]),
        json!([unknown, property]),
        json!(["|", never, "&", property, unknown]),
        json!(["|", property, "!", never]),
        json!([never, unknown]),
        json!([property, never]),
        json!([property, ["zip.no", "=", 1]]),
        json!([["zip.no", "=", 1], property]),
        json!([nobody, property]),
        json!([property, nobody]),
        json!([unknown, nobody]),
        json!(["|", nobody, property]),
        json!(["!", nobody, property]),
        json!([by_name, property]),
        json!(["|", property, "!", by_name]),
        json!([property, along]),
        json!([no_day]),
        json!([no_day, property]),
        json!([property, no_day]),
        json!([["ref", "=", "a"], property, ["ref", "=", "b"]]),
        json!(["|", ["ref", "!=", "a"], "|", property, ["ref", "!=", "b"]]),
        json!([["category_id", "=", 1], property, ["category_id", "=", 2]]),
        json!([["active", "=", true], property, ["active", "!=", true]]),
    ] {
        steps.push(search(PARTNER, domain.clone(), json!(["name"]), ""));
        if steps.len() < 20 {
            steps.push(search(PARTNER, domain, json!(["no_such_field"]), ""));
        }
    }
    for domain in [
        json!([["name", "=", "no such group"]]),
        json!([["id", "=", -1]]),
        json!(["!", ["name", "like", ""]]),
        json!([["name", "=", "a"], ["name", "=", "b"]]),
        json!([["country_ids.name", "in", []]]),
        json!([["country_ids", "ilike", "no such country"]]),
    ] {
        for fields in [json!(["name"]), json!(["display_name", "no_such_field"]), json!(["display_name"])] {
            steps.push(search(GROUP, domain.clone(), fields, "fr_FR"));
        }
    }
    let rest = Step { skipped: true, ..steps[0].clone() };
    steps.resize(LENGTH.max(steps.len()), rest);
    steps
}
