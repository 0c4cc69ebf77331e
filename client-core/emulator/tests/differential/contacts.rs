//! A program that is not made up: addresses of contacts and of their companies, which Odoo keeps alike.

use serde_json::{Value, json};

use crate::LENGTH;
use crate::program::{Step, record};

const PARTNER: &str = "res.partner";

fn partner(n: usize) -> Value {
    record(PARTNER, n)
}

fn step(method: &'static str, on: Option<Vec<usize>>, argument: (&'static str, Value)) -> Step {
    let creates = usize::from(method == "create");
    Step { model: PARTNER, method, on, args: vec![argument], context: json!({}), skipped: false, creates }
}

/// The program, as long as others.
pub(crate) fn program() -> Vec<Step> {
    let create = |values: Value| step("create", None, ("vals_list", values));
    let write = |n: usize, values: Value| step("write", Some(vec![n]), ("vals", values));
    let country = |n: usize| record("res.country", n);
    let mut steps = Vec::new();
    let mut made = 0;
    let mut then = |one: Step| {
        made += one.creates;
        steps.push(one);
        let fields = json!(["name", "street", "city", "zip", "country_id", "type"]);
        steps.push(step("read", Some((0..made).collect()), ("fields", fields)));
    };
    then(create(json!({"name": "firm", "is_company": true, "city": "Ghent", "zip": "9000", "country_id": country(0)})));
    then(create(json!({"name": "of the firm", "parent_id": partner(0), "city": "Paris", "street": "rue 1"})));
    then(create(json!({"name": "its store", "parent_id": partner(0), "type": "delivery", "city": "Lyon"})));
    then(create(json!({"name": "no address", "is_company": true})));
    then(create(json!({"name": "the first", "parent_id": partner(3), "city": "Tokyo", "country_id": country(2)})));
    then(create(json!({"name": "the second", "parent_id": partner(3), "city": "Osaka"})));
    then(write(0, json!({"street": "Korenmarkt 1", "name": "The firm"})));
    then(write(1, json!({"city": "Bruges"})));
    then(write(2, json!({"city": "Nice"})));
    then(write(2, json!({"type": "contact"})));
    then(write(4, json!({"parent_id": partner(0)})));
    then(write(5, json!({"parent_id": false, "city": "Kyoto"})));
    then(create(json!({"name": "below", "parent_id": partner(1), "zip": "1"})));
    then(write(1, json!({"zip": "8000"})));
    then(write(0, json!({"city": false, "country_id": false})));
    then(write(1, json!({"active": false})));
    then(write(0, json!({"city": "Antwerp"})));
    then(create(json!({"name": "person"})));
    then(create(json!({"name": "of a person", "parent_id": partner(7), "street": "s"})));
    then(write(8, json!({"street": ""})));
    let rest = Step { skipped: true, creates: 0, ..steps[1].clone() };
    steps.resize(LENGTH.max(steps.len()), rest);
    steps
}
