//! Ten thousand records of which a hundred changed: under sixty requests, and under 16 MB.

use crate::support::emulator::{builder, start};
use crate::support::models::Tag;
use odoo_client::ops::{Upsert, UpsertChange};
use odoo_client::{Model, Values};
use odoo_emulator::Emulator;
use serde_json::{Value, json};

use crate::{alone, block_on, memory};

/// Tag N has the external id `shop.tag_N`, the name `tag N` and no colour.
async fn shop() -> Emulator {
    let emulator = start(19).await;
    let tags: Value = (1..=10_000).map(|id| json!({"id": id, "name": format!("tag {id}"), "active": true})).collect();
    let named = |id: i64| json!({"module": "shop", "name": format!("tag_{id}"), "model": Tag::ODOO_NAME, "res_id": id});
    let names: Value = (1..=10_000).map(named).collect();
    emulator.load(&json!({Tag::ODOO_NAME: tags, "ir.model.data": names})).unwrap();
    emulator
}

#[test]
fn a_hundred_changes_among_ten_thousand_take_few_requests_and_little_memory() {
    let _alone = alone();
    let emulator = block_on(shop());
    let odoo = block_on(builder(&emulator).connect()).unwrap();
    emulator.take_requests();
    let tags = (1..=10_000_i64).map(|number| {
        let values = Values::new().set(Tag::NAME, format!("tag {number}"));
        Upsert::xml_id(format!("shop.tag_{number}"), values.set(Tag::COLOR, i64::from(number % 100 == 0)))
    });
    let (report, peak) = memory(|| block_on(odoo.upsert_many(tags).send()).unwrap());
    assert_eq!((report.count(UpsertChange::Updated), report.count(UpsertChange::Unchanged)), (100, 9_900), "{report}");
    assert!(report.records.iter().enumerate().all(|(at, tag)| tag.as_ref().unwrap().id.get() == at as i64 + 1));
    let requests = emulator.requests();
    println!("{} requests, {peak} bytes, with those of the server", requests.len());
    assert!(requests.len() < 60, "{}", requests.len());
    assert!(peak < 16 << 20, "{peak}");
    // Fields by name, and nothing but what differs.
    let loads: Vec<_> = requests.iter().filter(|call| call.method.as_deref() == Some("load")).collect();
    assert!(!loads.is_empty());
    assert!(loads.iter().all(|call| call.kwargs["fields"] == json!(["id", "color"])), "{loads:?}");
}
