//! `cargo odoo emulator capture`, on a server that was recorded.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::{Map, Value};
use support::replay::Replay;
use support::{Folder, PASSWORD, Run, variables};

fn run(url: &str, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    Run::of(command.arg("emulator").args(args).envs(variables(url)).env("NO_PROXY", "127.0.0.1"), PASSWORD)
}

#[test]
fn rows_are_taken_with_what_they_point_to_and_without_what_is_personal() {
    let odoo = Replay::new(17);
    let folder = Folder::new("capture");
    std::fs::create_dir_all(folder.path("")).unwrap();
    let file = folder.path("shop.json");
    let file = file.to_str().unwrap();
    let models = ["sale.order", "sale.order.line", "res.partner", "crm.lead"];
    let args = [&["capture", "odoo17", "--rows", "10", "--out", file, "--models"][..], &models].concat();
    let done = run(&odoo.url, &args);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), ""), "{done:?}");
    let text = std::fs::read_to_string(file).unwrap();
    let taken: BTreeMap<String, Vec<Map<String, Value>>> = serde_json::from_str(&text).unwrap();
    for model in models.into_iter().chain(["res.currency", "res.users", "product.product"]) {
        assert!(taken.get(model).is_some_and(|rows| !rows.is_empty()), "{model}: {:?}", taken.keys());
    }

    // Each of these is somebody's, as the server has it.
    let mut looked_at = 0;
    for (model, fields) in [
        (
            "res.partner",
            &[
                "name",
                "complete_name",
                "email",
                "phone",
                "mobile",
                "street",
                "zip",
                "city",
                "vat",
                "website",
                "comment",
            ][..],
        ),
        ("res.users", &["login", "signature"]),
        ("res.company", &["name", "email", "phone"]),
        ("crm.lead", &["name", "contact_name", "partner_name", "email_from", "phone", "description", "street"]),
        ("sale.order", &["note"]),
    ] {
        for value in odoo.values(model, fields) {
            looked_at += 1;
            assert!(!text.contains(&value), "{model}: {value:?}");
        }
    }
    assert!(looked_at > 60, "{looked_at}");
    for secret in ["password", "token", "secret"] {
        assert!(!text.contains(secret), "{secret}");
    }
    // What the records are about is kept.
    let order = &taken["sale.order"][0];
    assert!(order["name"].as_str().unwrap().starts_with('S') && order["amount_total"].is_number(), "{order:?}");
    assert!(taken["res.currency"].iter().any(|currency| currency["name"] == "USD"));

    let loaded = run(&odoo.url, &["odoo17", "--data", file, "--", "true"]);
    assert_eq!(loaded.code, Some(0), "{loaded:?}");
    let again = run(&odoo.url, &args);
    assert_eq!((again.code, std::fs::read_to_string(file).unwrap()), (Some(0), text));

    let none = run(&odoo.url, &["capture", "odoo17", "--models", "no.such.*"]);
    assert!(none.code == Some(2) && none.stderr.contains("has no model that matches no.such.*"), "{none:?}");
}
