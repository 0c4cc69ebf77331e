//! Each limit of this crate, and a server that tries to pass it. The answers are made by hand: no Odoo sends such.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use crate::support::server::{answer, builder, serve, serve_calls};
use odoo_client::field::{ReadOnly, kind};
use odoo_client::read::{FromField, Mismatch, Wire, records};
use odoo_client::{Client, Error, ErrorKind, Id, Record, RetryPolicy};
use serde_json::Value;

use crate::{alone, block_on, memory};

const MEGABYTE: usize = 1 << 20;

model! { Partner "res.partner" {
    ID "id" kind::Id, ReadOnly;
    NAME "name" kind::Char;
    CHILD_IDS "child_ids" kind::One2many<Partner>;
    COMMENT "comment" kind::Html;
} }

#[derive(Record, Debug)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "only read")]
struct Named {
    id: Id<Partner>,
    name: String,
}

#[derive(Record, Debug)]
#[odoo(model = Partner)]
struct Family {
    id: Id<Partner>,
    child_ids: Vec<Family>,
}

#[derive(Record, Debug)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "only read")]
struct Noted {
    comment: Value,
}

/// `item,item,…` so many bytes long, and no longer.
fn repeated(item: &str, bytes: usize) -> String {
    vec![item; bytes / (item.len() + 1)].join(",")
}

/// A client of a server that answers every call with this result, and what `run` makes of it.
async fn answered(result: String, max_response_bytes: usize) -> Client {
    let body = format!(r#"{{"jsonrpc": "2.0", "id": 0, "result": {result}}}"#);
    let url = serve_calls(move |_| answer(200, "application/json", &body));
    builder(&url).max_response_bytes(max_response_bytes as u64).connect().await.unwrap()
}

#[test]
fn odd_values_of_a_page_beyond_the_first_hundred_are_only_counted() {
    let _turn = alone();
    let json = format!("[{}]", repeated("{}", 3 * MEGABYTE));
    let rows = json.matches('{').count();
    let (page, peak) = memory(|| records::<Named>(json.as_bytes()).unwrap());
    assert_eq!((page.records.len(), page.failures.len()), (0, 100));
    assert_eq!(page.failures.len() + page.more_failures, 2 * rows);
    assert!(peak < MEGABYTE, "{peak}");
    let error = page.into_records().unwrap_err().to_string();
    let says = format!("res.partner.id: expected a value, but the answer does not have it (and {} more)", 2 * rows - 1);
    assert!(error.contains(&says), "{error}");
}

#[test]
fn odd_values_of_records_within_records_are_only_counted() {
    let _turn = alone();
    let inner = repeated("{}", 3 * MEGABYTE);
    let json = format!(r#"[{{"id": 1, "child_ids": [{inner}]}}]"#);
    let (page, peak) = memory(|| records::<Family>(json.as_bytes()).unwrap());
    assert_eq!(page.failures.len(), 100);
    assert_eq!(page.failures.len() + page.more_failures, 2 * inner.matches('{').count());
    assert!(peak < MEGABYTE, "{peak}");
}

#[test]
fn odd_values_take_as_much_memory_as_their_text() {
    let _turn = alone();
    for inner in ["0", "[]", r#"{"":0}"#, r#"[{"a":[{}]}]"#, "\"\\u0000\""] {
        let list = repeated(inner, 2 * MEGABYTE);
        for json in [
            format!(r#"[{{"id": 1, "name": [{list}]}}]"#),
            format!(r#"[{{"id": 1, "name": {{"a": [{list}]}}}}]"#),
            format!(r#"[{{"id": [[{list}]], "name": "a"}}]"#),
            format!(r#"[{{"name": "a", "other": 1, "id": [{list}]}}]"#),
        ] {
            let (page, peak) = memory(|| records::<Named>(json.as_bytes()).unwrap());
            assert_eq!((page.records.len(), page.failures.len()), (0, 1), "{inner}");
            assert!(peak < 16 * MEGABYTE, "{inner}: {peak}");
        }
    }
}

fn nested(levels: usize) -> String {
    r#"{"id": 1, "child_ids": ["#.repeat(levels) + &"]}".repeat(levels)
}

#[test]
fn records_within_records_end_at_a_depth() {
    let page = records::<Family>(format!("[{}]", nested(16)).as_bytes()).unwrap();
    let deepest = |family: &Family| {
        std::iter::successors(Some(family), |family| family.child_ids.first())
            .filter(|family| family.id.get() > 0)
            .count()
    };
    assert_eq!((deepest(&page.records[0]), page.failures.len()), (16, 0));

    // The one record is lost, the page is not; and neither is the stack.
    for levels in [17, 100, 100_000] {
        let json = format!("[{}, {}]", nested(levels), nested(1));
        let page = records::<Family>(json.as_bytes()).unwrap();
        assert_eq!((page.records.len(), page.failures.len()), (1, 1), "{levels}");
        let says = "res.partner(1).child_ids: expected records within records no deeper than 16 levels, found [{";
        assert!(page.failures[0].to_string().starts_with(says), "{}", page.failures[0]);
    }
}

#[test]
fn any_depth_of_json_is_an_error_at_most() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = open.repeat(100_000) + "1" + &close.repeat(100_000);
        for json in [format!(r#"[{{"id": 1, "name": {deep}}}]"#), format!(r#"[{{"id": {deep}, "name": "a"}}]"#)] {
            let page = records::<Named>(json.as_bytes()).unwrap();
            assert_eq!((page.records.len(), page.failures.len()), (0, 1));
        }
        let page = records::<Noted>(format!(r#"[{{"comment": {deep}}}]"#).as_bytes()).unwrap();
        assert_eq!((page.records.len(), page.failures.len()), (0, 1));
    }
}

/// The error of a call with this result, and how much memory it took beside the answer itself: there is one of it here,
/// one on its way, and one in the client.
fn refused(result: String) -> (Error, usize) {
    let bytes = 3 * result.len();
    let (error, peak) = memory(|| {
        block_on(async {
            let odoo = answered(result, 8 * MEGABYTE).await;
            odoo.model("res.partner").call("read").send::<Value>().await.unwrap_err()
        })
    });
    (error, peak.saturating_sub(bytes))
}

#[test]
fn what_takes_more_memory_than_an_answer_may_is_not_read() {
    let _turn = alone();
    for item in ["0", "[]", "{}", r#"{"":0}"#, r#"{"a":{"b":0}}"#, "\"a\""] {
        let (error, peak) = refused(format!("[{}]", repeated(item, 2 * MEGABYTE)));
        assert_eq!(error.kind(), ErrorKind::Protocol, "{item}: {error}");
        assert!(error.to_string().contains("takes more memory than the limit of 8388608 bytes"), "{error}");
        assert_eq!(error.model(), Some("res.partner"), "{error}");
        assert!(peak < 8 * MEGABYTE, "{item}: {peak}");
    }
    // As an error, and as a field of records.
    let heavy = repeated(r#"{"":0}"#, 2 * MEGABYTE);
    let (error, peak) = refused(format!(r#"1, "error": {{"data": [{heavy}]}}"#));
    assert!(error.to_string().contains("takes more memory"), "{error}");
    assert!(peak < 8 * MEGABYTE, "{peak}");
    let error = block_on(async {
        let odoo = answered(format!(r#"[{{"comment": [{heavy}]}}]"#), 8 * MEGABYTE).await;
        odoo.query::<Noted>().fetch_all().await.unwrap_err()
    });
    assert!(error.to_string().contains("takes more memory"), "{error}");
}

#[test]
fn what_weighs_what_it_says_is_read() {
    let _turn = alone();
    let text = "a".repeat(7 * MEGABYTE);
    block_on(async {
        let odoo = answered(format!("\"{text}\""), 8 * MEGABYTE).await;
        assert_eq!(odoo.model("res.partner").call("read").send::<String>().await.unwrap(), text);
    });
}

#[tokio::test]
async fn more_records_than_were_asked_for_are_refused() {
    let odoo = answered(r#"[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"id": 3, "name": "c"}]"#.into(), MEGABYTE);
    let odoo = odoo.await;
    let says = |error: Error, asked: u64| {
        assert_eq!(error.kind(), ErrorKind::Protocol);
        let says = format!("{asked} records were asked for, and the server answers 3");
        assert!(error.to_string().contains(&says), "{error}");
    };
    says(odoo.query::<Named>().limit(2).fetch_all().await.unwrap_err(), 2);
    says(odoo.query::<Named>().first().await.unwrap_err(), 1);
    says(odoo.read::<Named>([Id::new(1)]).await.unwrap_err(), 1);
    let mut stream = odoo.query::<Named>().page_size(2).stream();
    assert!(stream.next().await.unwrap().is_ok() && stream.next().await.unwrap().is_ok());
    says(stream.next().await.unwrap().unwrap_err(), 2);
    assert!(stream.next().await.is_none());
    assert_eq!(odoo.query::<Named>().fetch_all().await.unwrap().len(), 3);
}

#[tokio::test]
async fn before_the_login_answers_are_small() {
    for (at, says) in [("version_info", "for its version"), ("jsonrpc", "cannot log in")] {
        let big = format!(r#"{{"jsonrpc": "2.0", "id": 0, "result": "{}"}}"#, "a".repeat(MEGABYTE));
        let url = serve(move |request| match request.path().ends_with(at) {
            true => answer(200, "application/json", &big),
            false => answer(200, "application/json", r#"{"result": {"server_version": "19.0"}, "jsonrpc": "2.0"}"#),
        });
        let error = builder(&url).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
        let shown = error.to_string();
        assert!(shown.contains("bigger than the limit of 1048576 bytes") && shown.contains(says), "{shown}");
        // No call was made yet, and no setting of the client raises this limit.
        assert!(!error.may_have_executed() && shown.contains("is the URL that of an Odoo server?"), "{shown}");
        assert!(!shown.contains("taken effect") && !shown.contains("max_response_bytes"), "{shown}");
    }
}

/// A field that takes all the time that a call has.
struct Slow;
const CALL: Duration = Duration::from_secs(1);

impl FromField<kind::Char> for Slow {
    fn from_field(_: Wire<'_>) -> Result<Self, Mismatch> {
        static BEGAN: Mutex<Option<Instant>> = Mutex::new(None);
        let began = *BEGAN.lock().unwrap().get_or_insert_with(Instant::now);
        while began.elapsed() <= CALL {
            std::hint::spin_loop();
        }
        Ok(Self)
    }
}

#[derive(Record)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "only read")]
struct SlowlyRead {
    name: Slow,
}

#[test]
fn the_time_of_a_call_ends_while_its_records_are_read() {
    let _turn = alone();
    let error = block_on(async {
        let rows = repeated(r#"{"name": "a"}"#, MEGABYTE);
        let body = format!(r#"{{"jsonrpc": "2.0", "id": 0, "result": [{rows}]}}"#);
        let url = serve_calls(move |_| answer(200, "application/json", &body));
        let odoo = builder(&url).timeout(CALL).connect().await.unwrap();
        odoo.query::<SlowlyRead>().fetch_all().await.err().unwrap()
    });
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("the answer has come, but is not read within 1s"), "{error}");
}

#[test]
fn calls_beyond_those_allowed_at_a_time_are_not_sent() {
    let _turn = alone();
    let (running, most, both) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)), Barrier::new(2));
    let seen = Arc::clone(&most);
    let url = serve_calls(move |_| {
        seen.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Two are here at a time, or this never ends.
        both.wait();
        running.fetch_sub(1, Ordering::SeqCst);
        answer(200, "application/json", r#"{"jsonrpc": "2.0", "id": 0, "result": 7}"#)
    });
    block_on(async {
        let odoo = builder(&url).max_concurrent_calls(2).connect().await.unwrap();
        let calls: Vec<_> = (0..20)
            .map(|_| {
                let call = odoo.model("res.partner").call("search_count");
                tokio::spawn(async move { call.send::<u64>().await })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), 7);
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[test]
fn a_call_that_never_succeeds_is_made_nine_times() {
    let url = serve_calls(|_| answer(503, "text/html", "down for maintenance"));
    let error = block_on(async {
        let patient = RetryPolicy::new().base_delay(Duration::ZERO);
        let odoo = builder(&url).retry(patient).connect().await.unwrap();
        odoo.model("res.partner").call("search_read").send::<Value>().await.unwrap_err()
    });
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Http, 9), "{error}");
}

#[test]
fn of_long_words_an_error_shows_four_thousand_bytes_and_keeps_all() {
    let words = "no ".repeat(100_000);
    let data = serde_json::json!({"name": "odoo.exceptions.UserError", "message": words, "debug": ""});
    let error = serde_json::json!({"code": 200, "message": "Odoo Server Error", "data": data});
    let body = serde_json::json!({"jsonrpc": "2.0", "id": 0, "error": error}).to_string();
    let url = serve_calls(move |_| answer(200, "application/json", &body));
    let error = block_on(async {
        let odoo = builder(&url).connect().await.unwrap();
        odoo.model("res.partner").call("search_read").send::<Value>().await.unwrap_err()
    });
    let shown = error.to_string();
    assert!((4_000..5_000).contains(&shown.len()) && shown.contains('…'), "{} bytes", shown.len());
    assert_eq!(error.server_message().map(str::trim), Some(words.trim()));
}
