//! What bulk operations make of failures in the middle of them, on an emulator that fails on demand.

use crate::support::emulator::{builder, start};
use crate::support::models::Tag;
use odoo_client::{Client, ErrorKind, Id, Model, RetryPolicy, Values};
use odoo_emulator::{Emulator, Failure, Fault};
use serde_json::Value;

/// A client that tries nothing twice, and the server that it asks.
async fn server() -> (Client, Emulator) {
    let emulator = start(19).await;
    (builder(&emulator).retry(RetryPolicy::never()).connect().await.unwrap(), emulator)
}

/// The names of the records that were to be created, or the ids that were to be written, call by call.
fn log(emulator: &Emulator) -> Vec<Vec<String>> {
    let text = |value: &Value| value["name"].as_str().map_or_else(|| value.to_string(), str::to_owned);
    let calls = emulator.requests().into_iter().filter(|request| request.model.as_deref() == Some(Tag::ODOO_NAME));
    calls.map(|call| call.args[0].as_array().unwrap().iter().map(text).collect()).collect()
}

fn refused() -> Failure {
    Failure::raises(Fault::validation("no"))
}

fn tags(names: std::ops::Range<i32>) -> impl Iterator<Item = Values<Tag>> {
    names.map(|name| Values::new().set(Tag::NAME, name.to_string()))
}

fn names(values: &[Values<Tag>]) -> Vec<&str> {
    values.iter().map(|values| values.get("name").unwrap().as_str().unwrap()).collect()
}

fn numbers(ids: &[Id<Tag>]) -> Vec<i64> {
    ids.iter().map(|id| id.get()).collect()
}

#[tokio::test]
async fn chunks_are_limited_by_count_and_by_bytes() {
    let (odoo, emulator) = server().await;
    let ids = odoo.create_many(tags(0..7)).max_records(3).send().await.unwrap();
    assert_eq!(numbers(&ids), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(log(&emulator), [vec!["0", "1", "2"], vec!["3", "4", "5"], vec!["6"]]);

    emulator.take_requests();
    // `{"name":"0"}` is 12 bytes long.
    let long = Values::new().set(Tag::NAME, "a".repeat(100));
    let values = tags(0..3).chain([long]).chain(tags(4..6));
    assert_eq!(odoo.create_many(values).max_bytes(24).send().await.unwrap().len(), 6);
    assert_eq!(log(&emulator).iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1, 2]);

    emulator.take_requests();
    assert!(odoo.create_many([] as [Values<Tag>; 0]).send().await.unwrap().is_empty());
    assert!(log(&emulator).is_empty());
}

#[tokio::test]
async fn a_chunk_in_doubt_is_named_and_never_sent_again() {
    let (odoo, emulator) = server().await;
    emulator.fail(Failure::cut_after().on(Tag::ODOO_NAME, "create").after(1)).unwrap();
    let report = odoo.create_many(tags(0..7)).max_records(2).send().await.unwrap_err();
    assert_eq!(numbers(&report.created), [1, 2]);
    assert_eq!((names(&report.in_doubt), names(&report.left)), (vec!["2", "3"], vec!["4", "5", "6"]));
    assert_eq!(report.error.kind(), ErrorKind::Connect);
    assert!(report.to_string().starts_with("2 records created, 2 in doubt, 3 left: "), "{report}");
    assert!(!format!("{report:?}").contains("name"), "no values in Debug");
    // Nothing is sent as long as the doubt is there.
    let mut report = report.resume(&odoo).await.unwrap_err();
    assert_eq!((log(&emulator).len(), report.in_doubt.len()), (2, 2));
    // Somebody looks: they were created.
    let doubted = odoo.search(Tag::NAME.is_in(names(&report.in_doubt))).await.unwrap();
    report.created.extend(doubted);
    report.in_doubt.clear();
    emulator.take_requests();
    let ids = report.resume(&odoo).await.unwrap();
    assert_eq!(numbers(&ids), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(log(&emulator).concat(), ["4", "5", "6"]);
}

#[tokio::test]
async fn a_refused_chunk_is_left_and_can_be_sent_again() {
    let (odoo, emulator) = server().await;
    emulator.fail(refused().times(2)).unwrap();
    let report = odoo.create_many(tags(0..3)).max_records(2).send().await.unwrap_err();
    assert_eq!((report.created.len(), report.in_doubt.len(), names(&report.left)), (0, 0, vec!["0", "1", "2"]));
    let report = report.resume(&odoo).await.unwrap_err();
    assert_eq!(report.error.kind(), ErrorKind::Validation);
    // The size of the chunks is kept.
    assert_eq!(report.resume(&odoo).await.unwrap().len(), 3);
    assert_eq!(log(&emulator).iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 1]);
}

/// As an override of `create` may answer that forgets a record.
#[tokio::test]
async fn too_few_ids_leave_a_doubt() {
    let (odoo, emulator) = server().await;
    emulator
        .on(Tag::ODOO_NAME, "create", |call| {
            let mut ids = call.inherited()?;
            ids.as_array_mut().unwrap().remove(0);
            Ok(ids)
        })
        .unwrap();
    let report = odoo.create_many(tags(0..4)).max_records(3).send().await.unwrap_err();
    assert_eq!((report.created.len(), report.in_doubt.len(), report.left.len()), (0, 3, 1));
    let error = odoo_client::Error::from(report);
    assert!(error.may_have_executed(), "{error}");
    assert!(error.to_string().contains("res.partner.category.create(): the server answers 2 ids for 3 records"));
    assert!(odoo.create(Values::new().set(Tag::NAME, "a")).await.unwrap_err().may_have_executed());
}

/// The `write` of many a module forgets to return what Odoo's returns; what it did is done all the same.
#[tokio::test]
async fn what_a_write_returns_does_not_matter() {
    let (odoo, emulator) = server().await;
    let ids = odoo.create_many(tags(0..3)).send().await.unwrap();
    for method in ["write", "unlink"] {
        emulator.on(Tag::ODOO_NAME, method, |call| call.inherited().map(|_| Value::Null)).unwrap();
    }
    odoo.update(ids[0], Values::new().set(Tag::NAME, "x")).await.unwrap();
    odoo.update_many(ids.clone(), Values::new().set(Tag::NAME, "y")).send().await.unwrap();
    odoo.delete(ids[0]).await.unwrap();
    odoo.delete_many(ids[1..].to_vec()).send().await.unwrap();
    let left: u64 = odoo.model(Tag::ODOO_NAME).call("search_count").arg("domain", [(); 0]).send().await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn writes_and_deletions_say_where_they_stopped() {
    let (odoo, emulator) = server().await;
    let ids = odoo.create_many(tags(0..5)).send().await.unwrap();
    emulator.take_requests();
    emulator.fail(Failure::cut_after().on(Tag::ODOO_NAME, "write").after(1)).unwrap();
    let update = odoo.update_many(ids.clone(), Values::new().set(Tag::NAME, "x")).max_records(2);
    let report = update.send().await.unwrap_err();
    assert_eq!(
        (numbers(&report.done), numbers(&report.in_doubt), numbers(&report.left)),
        (vec![1, 2], vec![3, 4], vec![5])
    );
    assert_eq!(report.error.ids(), [3, 4]);
    assert_eq!(log(&emulator).len(), 2);
    emulator.fail(refused()).unwrap();
    let report = odoo.delete_many(ids).max_records(4).send().await.unwrap_err();
    assert_eq!((report.done.len(), report.in_doubt.len(), numbers(&report.left)), (0, 0, vec![1, 2, 3, 4, 5]));
}
