//! A program that is not made up: fields that differ by company, and companies that are none of the user's.

use serde_json::{Value, json};

use crate::LENGTH;
use crate::program::{Step, record};

const PARTNER: &str = "res.partner";

/// The program, as long as others, for two companies of the administrator.
pub(crate) fn program(companies: [i64; 2], series: (u32, u32)) -> Vec<Step> {
    let [first, second] = companies;
    let step = |method: &'static str, on: bool, argument: (&'static str, Value), company: Value| Step {
        model: PARTNER,
        method,
        on: on.then(|| vec![0]),
        args: vec![argument],
        context: json!({"allowed_company_ids": company}),
        skipped: false,
        creates: usize::from(method == "create"),
    };
    let mut steps =
        vec![step("create", false, ("vals_list", json!({"name": "by company", "barcode": "A1"})), json!([first]))];
    let look = |steps: &mut Vec<Step>| {
        for company in [json!([first]), json!([second]), json!([first, second]), json!([second, first]), json!([])] {
            steps.push(step("read", true, ("fields", json!(["barcode"])), company.clone()));
            for term in [
                json!(["barcode", "=", "A1"]),
                json!(["barcode", "=", false]),
                json!(["barcode", "!=", "A1"]),
                json!(["barcode", "in", ["B1", "A2"]]),
            ] {
                let domain = json!([["id", "=", record(PARTNER, 0)], term]);
                steps.push(step("search_count", false, ("domain", domain), company.clone()));
            }
        }
    };
    look(&mut steps);
    for (values, company) in [
        (json!({"barcode": "B1"}), second),
        (json!({"barcode": false}), first),
        (json!({"name": "renamed", "barcode": "A2"}), first),
        (json!({"barcode": false}), second),
    ] {
        steps.push(step("write", true, ("vals", values), json!([company])));
        look(&mut steps);
    }
    for company in [json!([987_654]), json!([first, 987_654]), json!("1")] {
        steps.push(step("read", true, ("fields", json!(["name"])), company.clone()));
        steps.push(step("write", true, ("vals", json!({"name": "x"})), company.clone()));
        let tag =
            |method, argument| Step { model: "res.partner.category", ..step(method, false, argument, company.clone()) };
        steps.push(tag("search_count", ("domain", json!([["name", "=", "nobody's"]]))));
        steps.push(tag("default_get", (if series >= (19, 0) { "fields" } else { "fields_list" }, json!(["active"]))));
    }
    let rest = Step { skipped: true, creates: 0, ..steps[1].clone() };
    steps.resize(LENGTH.max(steps.len()), rest);
    steps
}
