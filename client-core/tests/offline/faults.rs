//! What comes of every way in which a server, or something between it and the client, can fail: which error, after how
//! many attempts, and that no write can have taken effect twice. All of it by hand: no healthy Odoo can be made to do so.

use std::sync::Arc;
use std::time::Duration;

use crate::faults_cases::{Bad, Case, Good, Outcome, body, connection, odoo, status};
use crate::faulty::{SECRET, Server, WIRES};
use odoo_client::Client;
use odoo_client::client::{Call, WireKind};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

const PARTNER: &str = "res.partner";

fn read(odoo: &Client) -> Call {
    odoo.model(PARTNER).call("search_read").arg("domain", json!([]))
}

fn write(odoo: &Client) -> Call {
    odoo.model(PARTNER).call("write").ids([7]).arg("vals", json!({"name": SECRET}))
}

type MakeCall = fn(&Client) -> Call;

async fn run(case: &Case, wire: WireKind, call: MakeCall, expected: Outcome, may_repeat: bool) {
    let what = format!("{} ({wire}, {expected:?})", case.name);
    let server = Server::start((case.script)(wire));
    // The limit holds for the login as well, which must not fail on a busy machine.
    let patience = Duration::from_millis(if case.name.starts_with("silence") { 500 } else { 20_000 });
    let odoo = server.client(wire, |builder| builder.read_timeout(patience).max_response_bytes(1_000_000)).await;
    let outcome = match call(&odoo).timeout(Duration::from_secs(20)).send::<Value>().await {
        Ok(_) => Good(server.calls()),
        Err(error) => {
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(case.says), "{what}: {shown}");
            assert!(!shown.contains(SECRET), "{what}: {shown}");
            assert_eq!(error.attempts() as usize, server.calls(), "{what}: {shown}");
            assert_eq!(error.model(), Some(PARTNER), "{what}: {shown}");
            let in_doubt = error.may_have_executed();
            assert_eq!(error.is_retryable(), error.is_transient() && (may_repeat || !in_doubt), "{what}: {shown}");
            assert_eq!(shown.contains("may have taken effect"), in_doubt, "{what}: {shown}");
            Bad(error.kind(), server.calls(), error.may_have_executed())
        }
    };
    assert_eq!(outcome, expected, "{what}");
    assert!(may_repeat || server.executions() <= 1, "{what}: executed {} times", server.executions());
}

/// Many cases at the same time, since some of them wait.
async fn run_all(cases: &'static [Case]) {
    let places = Arc::new(Semaphore::new(24));
    let mut tasks = Vec::new();
    for case in cases {
        for wire in WIRES {
            let calls: [(MakeCall, Outcome, bool); 3] = [
                (read, case.read.of_a_read(), true),
                (write, case.write, false),
                // By its caller's word a write is treated as a read.
                (|odoo| write(odoo).idempotent(), case.read, true),
            ];
            for (call, expected, may_repeat) in calls {
                let places = Arc::clone(&places);
                tasks.push(tokio::spawn(async move {
                    let _place = places.acquire().await;
                    run(case, wire, call, expected, may_repeat).await;
                }));
            }
        }
    }
    let mut failures = Vec::new();
    for task in tasks {
        if let Err(error) = task.await {
            failures.push(error.into_panic().downcast::<String>().map_or_else(|_| "a panic".to_owned(), |text| *text));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test]
async fn connections_that_fail() {
    run_all(connection::CONNECTION).await;
}

#[tokio::test]
async fn statuses_that_are_not_odoos() {
    run_all(status::STATUS).await;
}

#[tokio::test]
async fn bodies_that_are_no_answer() {
    run_all(body::BODY).await;
}

#[tokio::test]
async fn exceptions_of_odoo() {
    run_all(odoo::ODOO).await;
}
