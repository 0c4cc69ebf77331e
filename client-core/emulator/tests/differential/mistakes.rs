//! Programs that are not made up: which of several mistakes in a call is told, and which is not found at all.

use serde_json::{Value, json};

use crate::LENGTH;
use crate::program::{Step, record};

const PARTNER: &str = "res.partner";
const GROUP: &str = "res.country.group";
const CATEGORY: &str = "res.partner.category";

/// A search of records that are there on every server.
fn search(model: &'static str, mut domain: Value, fields: Value, lang: &str) -> Step {
    if let Some(domain) = domain.as_array_mut() {
        domain.push(json!(["id", "<", 4]));
    }
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

fn step(model: &'static str, method: &'static str, on: Option<Vec<usize>>, args: Vec<(&'static str, Value)>) -> Step {
    let creates = usize::from(method == "create");
    Step { model, method, on, args, context: json!({}), skipped: false, creates }
}

/// Changes of records that are gone, or go while they are changed, and imports that fail: what Odoo says of them, and what it takes
/// without a look.
pub(crate) fn gone(series: (u32, u32)) -> Vec<Step> {
    let create = |model, values| step(model, "create", None, vec![("vals_list", values)]);
    let write = |model, values| step(model, "write", Some(vec![0]), vec![("vals", values)]);
    let country = record("res.country", 0);
    let mut steps = vec![
        create(GROUP, json!({"name": "g", "country_ids": [[4, country, 0]]})),
        create(PARTNER, json!({"name": "p"})),
        create(CATEGORY, json!({"name": "below", "color": 1})),
        create(CATEGORY, json!({"name": "c", "color": 1, "child_ids": [[4, record(CATEGORY, 0), 0]]})),
        step(GROUP, "unlink", Some(vec![0]), Vec::new()),
        step(CATEGORY, "unlink", Some(vec![1]), Vec::new()),
        write(GROUP, json!({"country_ids": [[4, country, 0]]})),
        write(CATEGORY, json!({"partner_ids": [[0, 0, {"name": "q"}]]})),
        write(CATEGORY, json!({"partner_ids": [[3, record(PARTNER, 0), 0], [2, record(PARTNER, 0), 0]]})),
        step(PARTNER, "read", Some(vec![0]), vec![("fields", json!(["name"]))]),
        write(GROUP, json!({"name": "h"})),
    ];
    let specifications =
        [json!({"name": {}}), json!({"display_name": {}, "country_ids": {}}), json!({"create_date": {}})];
    for specification in specifications.into_iter().filter(|_| series.0 >= 17) {
        let args = vec![("vals", json!({"name": "h"})), ("specification", specification)];
        steps.push(step(GROUP, "web_save", Some(vec![0]), args));
    }
    // One record gets a line from two that are created at once.
    steps.push(create(CATEGORY, json!({"name": "line", "color": 1})));
    let line = record(CATEGORY, 2);
    let both = json!([
        {"name": "one", "color": 1, "child_ids": [[4, line, 0]]},
        {"name": "two", "color": 1, "child_ids": [[6, 0, [line]]]},
    ]);
    steps.push(Step { creates: 2, ..create(CATEGORY, both) });
    steps.push(step(CATEGORY, "read", Some(vec![2, 3, 4]), vec![("fields", json!(["parent_id", "child_ids"]))]));
    let (fields, row) =
        (json!(["name", "child_ids/name", "child_ids/active", "child_ids/color"]), json!(["a", "b", "?", "?"]));
    steps.push(step(CATEGORY, "load", None, vec![("fields", fields), ("data", json!([row]))]));
    if series.0 >= 19 {
        let fields = json!(["partner_id/.id", "product_uom_id/.id", "product_tmpl_id/.id", "sequence"]);
        let args = vec![("fields", fields), ("data", json!([["1", "1", "99999999", "1"]]))];
        steps.push(step("product.supplierinfo", "load", None, args));
    }
    // A tag goes while it is given to several.
    steps.push(create(PARTNER, json!({"name": "p"})));
    steps.push(create(PARTNER, json!({"name": "q"})));
    let tag = record(CATEGORY, 2);
    let values = json!({"category_id": [[2, tag, 0], [6, 0, [tag, tag]], [4, tag, 0]]});
    steps.push(step(PARTNER, "write", Some(vec![1, 2]), vec![("vals", values)]));
    steps.push(step(PARTNER, "read", Some(vec![1, 2]), vec![("fields", json!(["category_id"]))]));
    // The record goes with the one above it, or stays and points to what is gone.
    let above = record(CATEGORY, 3);
    let values = json!({"child_ids": [[2, above, 0]], "parent_id": above});
    steps.push(step(CATEGORY, "write", Some(vec![4]), vec![("vals", values)]));
    steps.push(step(CATEGORY, "read", Some(vec![3, 4]), vec![("fields", json!(["parent_id"]))]));
    let rest = Step { skipped: true, creates: 0, ..steps[0].clone() };
    steps.resize(LENGTH.max(steps.len()), rest);
    steps
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
