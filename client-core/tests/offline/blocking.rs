//! The client for programs without an async runtime, against a server of the tests' own.

use crate::support::server::{builder, result, serve_calls};
use odoo_client::ErrorKind;
use odoo_client::blocking::Client;
use serde_json::{Value, json};

fn client() -> Client {
    let url = serve_calls(|request| {
        let arguments = &request.params()["args"];
        result(&json!([arguments[3], arguments[4]]))
    });
    builder(&url).connect_blocking().unwrap()
}

fn ask(odoo: &Client) -> Value {
    odoo.model("res.partner").call("frob").ids([1]).send().unwrap()
}

#[test]
fn many_threads_share_a_client() {
    let odoo = client();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(ask(&odoo), json!(["res.partner", "frob"]));
                }
            });
        }
    });
    let client = odoo.as_async().clone();
    let answer: Value = odoo.wait(async move { client.model("a").call("b").send().await }).unwrap();
    assert_eq!(answer, json!(["a", "b"]));
}

#[test]
fn it_outlives_the_thread_it_was_made_on_and_ends_with_its_last_clone() {
    let odoo = std::thread::spawn(client).join().unwrap();
    let other = odoo.clone();
    drop(odoo);
    assert_eq!(ask(&other), json!(["res.partner", "frob"]));
}

#[tokio::test]
async fn within_a_runtime_it_holds_up_the_thread_and_does_not_panic() {
    let odoo = client();
    assert_eq!(ask(&odoo), json!(["res.partner", "frob"]));
    let there = odoo.clone();
    let answer = tokio::task::spawn_blocking(move || ask(&there)).await.unwrap();
    assert_eq!(answer, json!(["res.partner", "frob"]));
    drop(odoo);
}

#[test]
fn errors_are_the_same() {
    let error = Client::builder().url("http://127.0.0.1:1").connect_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    let error = Client::builder().url("http://127.0.0.1:1").databases_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}
