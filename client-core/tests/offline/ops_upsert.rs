//! Upserts where something comes in between: answers that are lost after the write, another transaction, a record that is
//! refused. `tests/live/upsert.rs` has real servers.

use crate::support::emulator::{builder, calls, start};
use crate::support::models::{Partner, Tag};
use odoo_client::ops::{Upsert, UpsertChange};
use odoo_client::{Client, Command, ErrorKind, Id, Model, RetryPolicy, Values};
use odoo_emulator::{Emulator, Failure, Fault, MethodCall};
use serde_json::{Value, json};

/// Another program imports the same at this moment, and is done first.
fn conflict(call: &mut MethodCall<'_>) -> Result<Value, Fault> {
    let rows = [call.args.get(1), call.kwargs.get("data")].into_iter().flatten().find_map(Value::as_array);
    let rows = rows.cloned().unwrap_or_default();
    for row in &rows {
        let id = call.call(Tag::ODOO_NAME, "create", vec![json!({"name": row[1]})])?;
        let name = row[0].as_str().unwrap().trim_start_matches("shop.");
        let named = json!({"module": "shop", "name": name, "model": Tag::ODOO_NAME, "res_id": id});
        call.call("ir.model.data", "create", vec![named])?;
    }
    let message = |at: usize| {
        json!({"rows": {"from": at, "to": at}, "record": at, "type": "error",
            "message": "could not serialize access due to concurrent update\n"})
    };
    let messages: Vec<Value> = (0..rows.len()).map(message).collect();
    Ok(json!({"ids": false, "messages": messages, "nextrow": 0}))
}

fn tags() -> impl Iterator<Item = Upsert<Tag>> {
    (0..6).map(|n| Upsert::xml_id(format!("shop.tag_{n}"), Values::new().set(Tag::NAME, format!("tag {n}"))))
}

async fn connect(emulator: &Emulator, retry: RetryPolicy) -> Client {
    builder(emulator).retry(retry.base_delay(std::time::Duration::ZERO)).connect().await.unwrap()
}

async fn names(odoo: &Client) -> Vec<String> {
    let rows: Vec<Value> = odoo.model(Tag::ODOO_NAME).call("search_read").arg("order", "id").send().await.unwrap();
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

fn expected() -> Vec<String> {
    (0..6).map(|n| format!("tag {n}")).collect()
}

#[tokio::test]
async fn what_was_done_and_not_answered_is_not_done_twice() {
    let emulator = start(19).await;
    let odoo = connect(&emulator, RetryPolicy::new()).await;
    emulator.fail(Failure::cut_after().on(Tag::ODOO_NAME, "load").times(2)).unwrap();
    let report = odoo.upsert_many(tags()).max_records(3).send().await.unwrap();
    assert_eq!(report.to_string(), "6 created, 0 updated, 0 unchanged, 0 failed");
    assert_eq!((names(&odoo).await, calls(&emulator, "load")), (expected(), 4));

    let emulator = start(19).await;
    let odoo = connect(&emulator, RetryPolicy::never()).await;
    emulator.fail(Failure::cut_after().on(Tag::ODOO_NAME, "load")).unwrap();
    let rest = odoo.upsert_many(tags()).max_records(3).send().await.unwrap_err();
    assert!(rest.error.may_have_executed() && rest.error.is_retryable(), "{rest}");
    assert!(rest.to_string().starts_with("0 created, 0 updated, 0 unchanged, 0 failed, and then: "), "{rest}");
    let report = rest.resume().await.unwrap();
    assert_eq!((report.count(UpsertChange::Unchanged), report.count(UpsertChange::Created)), (3, 3), "{report}");
    let mut made = names(&odoo).await;
    made.sort();
    assert_eq!(made, expected());
}

/// Each time, and each time that its answer is lost, it would make one more.
#[tokio::test]
async fn what_a_command_would_create_is_refused_the_first_time_too() {
    let emulator = start(19).await;
    let odoo = connect(&emulator, RetryPolicy::new()).await;
    emulator.fail(Failure::cut_after().on(Tag::ODOO_NAME, "write")).unwrap();
    let values = || Values::new().set(Tag::NAME, "tag 0");
    let partner = || Command::create(Values::new().set(Partner::NAME, "Acme"));
    for commands in
        [vec![partner()], vec![Command::clear(), partner()], vec![Command::update(Id::new(1), Values::new())]]
    {
        let tag = Upsert::xml_id("shop.tag_0", values().set(Tag::PARTNER_IDS, commands));
        let error = odoo.upsert(tag).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
        assert!(error.to_string().contains("`partner_ids` is set by commands that create or write"), "{error}");
    }
    assert_eq!((names(&odoo).await, calls(&emulator, "write")), (Vec::<String>::new(), 0));
}

#[tokio::test]
async fn what_another_made_at_the_same_moment_is_found() {
    let emulator = start(19).await;
    emulator.on(Tag::ODOO_NAME, "load", conflict).unwrap();
    let odoo = connect(&emulator, RetryPolicy::never()).await;
    let report = odoo.upsert_many(tags()).send().await.unwrap();
    assert_eq!((report.count(UpsertChange::Unchanged), names(&odoo).await), (6, expected()), "{report}");
    assert_eq!(calls(&emulator, "load"), 1);
}

#[tokio::test]
async fn what_is_refused_keeps_no_other_from_being_made() {
    let emulator = start(19).await;
    let odoo = connect(&emulator, RetryPolicy::never()).await;
    let mut all: Vec<Upsert<Tag>> = tags().collect();
    all[2] = Upsert::xml_id("shop.tag_2", Values::new().clear(Tag::NAME));
    all[4] = Upsert::xml_id("nonsense", Values::new().set(Tag::NAME, "x"));
    all[5] = Upsert::by(Tag::NAME, "a\nb", Values::new().set_raw("nope", f64::NAN));
    let report = odoo.upsert_many(all).send().await.unwrap();
    let failed: Vec<_> = report.failed().map(|(at, error)| (at, error.kind())).collect();
    assert_eq!(failed, [(2, ErrorKind::Validation), (4, ErrorKind::Encode), (5, ErrorKind::Encode)], "{report}");
    let refused = report.records[2].as_ref().unwrap_err().to_string();
    assert!(refused.starts_with("`shop.tag_2`: the server refuses the record; the server says: Missing"), "{refused}");
    assert_eq!(
        (names(&odoo).await, calls(&emulator, "load")),
        (vec!["tag 0".into(), "tag 1".into(), "tag 3".into()], 2)
    );
}
