//! `cargo odoo emulator capture`, on a server that was recorded.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use odoo_emulator::Emulator;
use serde_json::{Map, Value, json};
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

/// What the recording has none of: people in texts of others.
#[test]
fn what_is_somebodys_is_nowhere_in_the_file() {
    let pin = concat!(env!("CARGO_MANIFEST_DIR"), "/../generated/odoo19");
    let odoo = Emulator::builder(pin).unwrap().database("apps").start().unwrap();
    odoo.set_password("admin", PASSWORD).unwrap();
    let data = json!({
        "res.partner": [
            {"id": 901, "name": "Ada Lovelace", "email": "ada@lovelace.example", "phone": "+44 20 7946 0958", "city": "Ockham", "active": true,
             "function": "Countess", "comment": "<p>Owes <b>Mary Somerville</b> a book</p>"},
            {"id": 902, "name": "Byron", "active": true, "vat": "GB123456789"},
        ],
        "product.template": [{"id": 901, "name": "Engine for ada lovelace, Ockham", "default_code": "6016478556", "active": true,
            "description": "built by Babbage"}],
        "product.product": [{"id": 901, "product_tmpl_id": 901, "active": true}],
        "res.partner.category": [
            {"id": 901, "name": "Friends of Byron (GB123456789)", "active": true},
            {"id": 902, "name": "who writes to <i>mary@somerville.example</i>, tel. (0)20-7946-0959", "active": true},
            {"id": 903, "name": "Countess, 2026-11-26", "active": true},
        ],
    });
    odoo.load(&data).unwrap();
    let models = ["res.partner", "res.partner.category", "product.product"];
    let done = run(odoo.url(), &[&["capture", "odoo19", "--models"][..], &models].concat());
    assert_eq!(done.code, Some(0), "{done:?}");
    for personal in ["lovelace", "byron", "7946", "ockham", "somerville", "babbage", "gb123456789"] {
        assert!(!done.stdout.to_lowercase().contains(personal), "{personal}: {}", done.stdout);
    }
    let taken: Value = serde_json::from_str(&done.stdout).unwrap();
    let named = |model: &str| -> Vec<&str> {
        taken[model].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
    };
    assert_eq!(named("product.template"), ["Engine for name of partner 901, city of partner 901"]);
    assert_eq!(taken["product.template"][0]["default_code"], "6016478556");
    // What many are is no name of theirs.
    assert_eq!(named("res.partner.category")[2], "Countess, 2026-11-26");
}
