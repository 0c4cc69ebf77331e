//! Ten thousand records of which a hundred changed: under sixty requests, and under 16 MB. The server makes them up, in the form
//! of real answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::models::Tag;
use crate::support::server::{answer, builder, result, serve_calls};
use odoo_client::Values;
use odoo_client::ops::{Upsert, UpsertChange};
use serde_json::{Value, json};

use crate::{alone, block_on, memory};

fn rows(rows: impl Iterator<Item = String>) -> Vec<u8> {
    let rows: Vec<String> = rows.collect();
    answer(200, "application/json", &format!(r#"{{"jsonrpc": "2.0", "id": 0, "result": [{}]}}"#, rows.join(",")))
}

/// Tag N has the external id `shop.tag_N`, the name `tag N` and no colour.
fn shop(requests: &Arc<AtomicUsize>) -> String {
    let requests = Arc::clone(requests);
    serve_calls(move |request| {
        requests.fetch_add(1, Ordering::SeqCst);
        let mut params = request.params();
        let [model, method, args, kwargs] = [3, 4, 5, 6].map(|at| params["args"][at].take());
        match (model.as_str().unwrap(), method.as_str().unwrap()) {
            ("ir.model.data", "search_read") => rows(kwargs["domain"][1][2].as_array().unwrap().iter().map(|name| {
                let id = name.as_str().unwrap().trim_start_matches("tag_");
                format!(r#"{{"id": 1, "module": "shop", "name": "tag_{id}", "model": "res.partner.category", "res_id": {id}}}"#)
            })),
            (_, "fields_get") => result(&json!({"name": {"type": "char"}, "color": {"type": "integer"}})),
            (_, "read") => rows(args[0].as_array().unwrap().iter().map(|id| {
                format!(r#"{{"id": {id}, "name": "tag {id}", "color": 0}}"#)
            })),
            (_, "load") => {
                // Fields by name, and nothing but what differs.
                assert_eq!([&args[0], &kwargs["fields"]].into_iter().find(|fields| fields.is_array()).unwrap(), &json!(["id", "color"]));
                let data = [&args[1], &kwargs["data"]].into_iter().find_map(Value::as_array).unwrap();
                let ids: Vec<i64> = data.iter().map(|row| row[0].as_str().unwrap()[9..].parse().unwrap()).collect();
                result(&json!({"ids": ids, "messages": [], "nextrow": 0}))
            }
            other => panic!("{other:?}"),
        }
    })
}

#[test]
fn a_hundred_changes_among_ten_thousand_take_few_requests_and_little_memory() {
    let _alone = alone();
    let requests = Arc::default();
    let odoo = block_on(builder(&shop(&requests)).connect()).unwrap();
    requests.store(0, Ordering::SeqCst);
    let tags = (1..=10_000_i64).map(|number| {
        let values = Values::new().set(Tag::NAME, format!("tag {number}"));
        Upsert::xml_id(format!("shop.tag_{number}"), values.set(Tag::COLOR, i64::from(number % 100 == 0)))
    });
    let (report, peak) = memory(|| block_on(odoo.upsert_many(tags).send()).unwrap());
    assert_eq!((report.count(UpsertChange::Updated), report.count(UpsertChange::Unchanged)), (100, 9_900), "{report}");
    assert!(report.records.iter().enumerate().all(|(at, tag)| tag.as_ref().unwrap().id.get() == at as i64 + 1));
    let requests = requests.load(Ordering::SeqCst);
    println!("{requests} requests, {peak} bytes, with what the server makes up");
    assert!(requests < 60, "{requests}");
    assert!(peak < 16 << 20, "{peak}");
}
