//! What bulk operations make of failures, with a server of our own: no real one fails on demand.

use std::sync::{Arc, Mutex};

use crate::support::server::{answer, builder, result, serve_calls};
use odoo_client::field::kind;
use odoo_client::{Client, ErrorKind, Id, Values};
use serde_json::{Value, json};

model! { Tag "res.partner.category" {
    NAME "name" kind::Char;
} }

/// What a call of the server is answered with.
#[derive(Clone, Copy)]
enum Answer {
    /// Executed and answered.
    Done,
    /// Executed, but a proxy answers.
    Lost,
    /// Rolled back.
    Refused,
    /// Answered with an id too few.
    Short,
}

/// The names of the records that were created (each the id before it in the list plus one), chunk by chunk, and the
/// ids that were written.
type Log = Arc<Mutex<Vec<Vec<String>>>>;

/// A server that answers call after call as it is told to, and then all of them with success.
async fn server(answers: &'static [Answer]) -> (Client, Log) {
    let log = Log::default();
    let seen = Arc::clone(&log);
    let url = serve_calls(move |request| {
        let params = request.params();
        let args = params["args"][5].as_array().unwrap();
        let ids_or_values = args[0].as_array().unwrap();
        let mut seen = seen.lock().unwrap();
        let next: i64 = seen.iter().map(|chunk| i64::try_from(chunk.len()).unwrap()).sum();
        let text = |value: &Value| value["name"].as_str().map_or_else(|| value.to_string(), str::to_owned);
        seen.push(ids_or_values.iter().map(text).collect());
        let count = i64::try_from(ids_or_values.len()).unwrap();
        let created: Vec<i64> = (next + 1..=next + count).collect();
        let done = if params["args"][4] == "create" { json!(created) } else { json!(true) };
        match answers.get(seen.len() - 1).unwrap_or(&Answer::Done) {
            Answer::Done => result(&done),
            Answer::Lost => answer(502, "text/html", "<html>Bad Gateway</html>"),
            Answer::Short => result(&json!(created[1..])),
            Answer::Refused => {
                let data = json!({"name": "odoo.exceptions.ValidationError", "message": "no", "debug": ""});
                let error = json!({"code": 0, "message": "Odoo Server Error", "data": data});
                answer(200, "application/json", &json!({"jsonrpc": "2.0", "id": 0, "error": error}).to_string())
            }
        }
    });
    (builder(&url).connect().await.unwrap(), log)
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
    let (odoo, log) = server(&[]).await;
    let ids = odoo.create_many(tags(0..7)).max_records(3).send().await.unwrap();
    assert_eq!(numbers(&ids), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(*log.lock().unwrap(), [vec!["0", "1", "2"], vec!["3", "4", "5"], vec!["6"]]);

    let (odoo, log) = server(&[]).await;
    // `{"name":"0"}` is 12 bytes long.
    let long = Values::new().set(Tag::NAME, "a".repeat(100));
    let values = tags(0..3).chain([long]).chain(tags(4..6));
    assert_eq!(odoo.create_many(values).max_bytes(24).send().await.unwrap().len(), 6);
    assert_eq!(log.lock().unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1, 2]);

    let (odoo, log) = server(&[]).await;
    assert!(odoo.create_many([] as [Values<Tag>; 0]).send().await.unwrap().is_empty());
    assert!(log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_chunk_in_doubt_is_named_and_never_sent_again() {
    let (odoo, log) = server(&[Answer::Done, Answer::Lost]).await;
    let report = odoo.create_many(tags(0..7)).max_records(2).send().await.unwrap_err();
    assert_eq!(numbers(&report.created), [1, 2]);
    assert_eq!((names(&report.in_doubt), names(&report.left)), (vec!["2", "3"], vec!["4", "5", "6"]));
    assert_eq!(report.error.kind(), ErrorKind::Http);
    assert!(report.to_string().starts_with("2 records created, 2 in doubt, 3 left: "), "{report}");
    assert!(!format!("{report:?}").contains("name"), "no values in Debug");
    // Nothing is sent as long as the doubt is there.
    let mut report = report.resume(&odoo).await.unwrap_err();
    assert_eq!((log.lock().unwrap().len(), report.in_doubt.len()), (2, 2));
    // Somebody has looked: they were created, and have these ids.
    report.created.extend([Id::new(3), Id::new(4)]);
    report.in_doubt.clear();
    let ids = report.resume(&odoo).await.unwrap();
    assert_eq!(numbers(&ids), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(log.lock().unwrap().concat(), ["0", "1", "2", "3", "4", "5", "6"]);
}

#[tokio::test]
async fn a_refused_chunk_is_left_and_can_be_sent_again() {
    let (odoo, log) = server(&[Answer::Refused, Answer::Refused]).await;
    let report = odoo.create_many(tags(0..3)).max_records(2).send().await.unwrap_err();
    assert_eq!((report.created.len(), report.in_doubt.len(), names(&report.left)), (0, 0, vec!["0", "1", "2"]));
    let report = report.resume(&odoo).await.unwrap_err();
    assert_eq!(report.error.kind(), ErrorKind::Validation);
    // The size of the chunks is kept.
    assert_eq!(report.resume(&odoo).await.unwrap().len(), 3);
    assert_eq!(log.lock().unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 1]);
}

#[tokio::test]
async fn too_few_ids_leave_a_doubt() {
    let (odoo, _) = server(&[Answer::Short]).await;
    let report = odoo.create_many(tags(0..4)).max_records(3).send().await.unwrap_err();
    assert_eq!((report.created.len(), report.in_doubt.len(), report.left.len()), (0, 3, 1));
    let error = odoo_client::Error::from(report);
    assert!(error.may_have_executed(), "{error}");
    assert!(error.to_string().contains("res.partner.category.create(): the server answers 2 ids for 3 records"));
    let (odoo, _) = server(&[Answer::Short]).await;
    assert!(odoo.create(Values::<Tag>::new()).await.unwrap_err().may_have_executed());
}

#[tokio::test]
async fn writes_and_deletions_say_where_they_stopped() {
    let ids = || (1..=5).map(Id::<Tag>::new);
    let (odoo, log) = server(&[Answer::Done, Answer::Lost]).await;
    let report = odoo.update_many(ids(), Values::new().set(Tag::NAME, "x")).max_records(2).send().await.unwrap_err();
    assert_eq!(
        (numbers(&report.done), numbers(&report.in_doubt), numbers(&report.left)),
        (vec![1, 2], vec![3, 4], vec![5])
    );
    assert_eq!(report.error.ids(), [3, 4]);
    assert_eq!(log.lock().unwrap().len(), 2);
    let (odoo, _) = server(&[Answer::Refused]).await;
    let report = odoo.delete_many(ids()).max_records(4).send().await.unwrap_err();
    assert_eq!((report.done.len(), report.in_doubt.len(), numbers(&report.left)), (0, 0, vec![1, 2, 3, 4, 5]));
}
