//! What the engine takes: to start, for small calls, and with many records. `cargo bench -p odoo-emulator`.

#![allow(clippy::expect_used, reason = "a panic is how a benchmark fails")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use odoo_codegen::{Schema, pin};
use odoo_emulator::{Caller, Engine};
use serde_json::{Map, Value, json};

const RECORDS: usize = 100_000;

fn main() {
    let schema = schema();
    println!("{} models of {}", schema.models.len(), schema.series);
    show("start", best(10, || drop(black_box(Engine::new(&schema)))));

    let mut odoo = Engine::new(&schema);
    let admin = Caller::new(2);
    let partners: Vec<Value> = (0..RECORDS)
        .map(|n| {
            json!({
                "name": format!("Partner {n}"), "ref": format!("R{n}"), "city": format!("City {}", n % 997),
                "active": true, "is_company": n % 3 == 0, "color": n % 11, "type": "contact",
                "country_id": n % 200, "partner_latitude": n as f64 / 7.0,
            })
        })
        .collect();
    odoo.seed("res.partner", &Value::Array(partners)).expect("partners");

    let snapshot = odoo.snapshot();
    show("snapshot of 100,000 records", best(100, || drop(black_box(odoo.snapshot()))));
    show("reset to it", best(100, || odoo.reset(&snapshot)));

    let mut search = |what: &str, domain: Value| {
        // The first makes the index.
        let mut ask = || odoo.call(&admin, "res.partner", "search", vec![domain.clone()], Map::new()).expect("found");
        let found = ask().as_array().map_or(0, Vec::len);
        show(&format!("search {what}: {found} of 100,000"), best(20, || drop(black_box(ask()))));
    };
    search("by id", json!([["id", "=", 50_000]]));
    search("by ref =", json!([["ref", "=", "R50000"]]));
    search("by country_id =", json!([["country_id", "=", 7]]));
    search("by city ilike", json!([["city", "ilike", "city 99"]]));
    search("by partner_latitude <", json!([["partner_latitude", "<", 100.0]]));
    search("by name ilike or color", json!(["|", ["name", "ilike", "999"], ["color", "in", [12, 13]]]));

    let mut odoo = Engine::new(&schema);
    let id = odoo.call(&admin, "res.partner", "create", vec![json!({"name": "Acme"})], Map::new()).expect("created");
    let ids = json!([id]);
    let names = json!(["name", "email", "country_id"]);
    let mut rate = |what: &str, call: &mut dyn FnMut(&mut Engine)| {
        let taken = best(5, || (0..1000).for_each(|_| call(&mut odoo)));
        println!("{:>12.0} a second  {what}", 1000.0 / taken.as_secs_f64());
    };
    rate("read of three fields of a record", &mut |odoo| {
        let read = odoo.call(&admin, "res.partner", "read", vec![ids.clone(), names.clone()], Map::new());
        drop(black_box(read.expect("read")));
    });
    rate("search by name", &mut |odoo| {
        let domain = json!([["name", "=", "Acme"]]);
        drop(black_box(odoo.call(&admin, "res.partner", "search", vec![domain], Map::new()).expect("found")));
    });
    rate("write of a field", &mut |odoo| {
        let values = json!({"comment": "x"});
        drop(black_box(
            odoo.call(&admin, "res.partner", "write", vec![ids.clone(), values], Map::new()).expect("written"),
        ));
    });
    rate("create and unlink of a tag", &mut |odoo| {
        let values = json!({"name": "tag", "color": 1});
        let made = odoo.call(&admin, "res.partner.category", "create", vec![values], Map::new()).expect("created");
        drop(odoo.call(&admin, "res.partner.category", "unlink", vec![json!([made])], Map::new()).expect("gone"));
    });
}

fn show(what: &str, taken: Duration) {
    println!("{:>12.3} ms  {what}", taken.as_secs_f64() * 1000.0);
}

/// The shortest of several times.
fn best(times: usize, mut work: impl FnMut()) -> Duration {
    let run = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..times).map(run).min().unwrap_or_default()
}

/// The pin of Odoo 19.
fn schema() -> Schema {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated/odoo19/schema");
    let mut files = BTreeMap::new();
    let mut add = |name: String| {
        let text = std::fs::read_to_string(folder.join(&name)).expect("a file of the pin");
        files.insert(name, text);
    };
    add("pin.json".to_owned());
    for entry in std::fs::read_dir(folder.join("models")).expect("the pin has models") {
        add(format!("models/{}", entry.expect("a file").file_name().display()));
    }
    pin::from_files(&files).expect("a pin")
}
