//! The client for programs without an async runtime.

use crate::support::emulator::{builder, pin};
use crate::support::server::PASSWORD;
use odoo_client::ErrorKind;
use odoo_client::blocking::Client;
use odoo_emulator::Emulator;
use serde_json::{Value, json};

fn client() -> (Client, Emulator) {
    let emulator = Emulator::builder(pin(19)).unwrap().start().unwrap();
    emulator.set_password("admin", PASSWORD).unwrap();
    emulator.on("res.partner", "open_commercial_entity", |call| Ok(json!([call.model, call.ids()]))).unwrap();
    (builder(&emulator).connect_blocking().unwrap(), emulator)
}

fn ask(odoo: &Client) -> Value {
    odoo.model("res.partner").call("open_commercial_entity").ids([1]).send().unwrap()
}

#[test]
fn many_threads_share_a_client() {
    let (odoo, _emulator) = client();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(ask(&odoo), json!(["res.partner", [1]]));
                }
            });
        }
    });
    let client = odoo.as_async().clone();
    let call = async move { client.model("res.partner").call("open_commercial_entity").ids([7]).send().await };
    let answer: Value = odoo.wait(call).unwrap();
    assert_eq!(answer, json!(["res.partner", [7]]));
}

#[test]
fn it_outlives_the_thread_it_was_made_on_and_ends_with_its_last_clone() {
    let (odoo, _emulator) = std::thread::spawn(client).join().unwrap();
    let other = odoo.clone();
    drop(odoo);
    assert_eq!(ask(&other), json!(["res.partner", [1]]));
}

#[tokio::test]
async fn within_a_runtime_it_holds_up_the_thread_and_does_not_panic() {
    let (odoo, _emulator) = client();
    assert_eq!(ask(&odoo), json!(["res.partner", [1]]));
    let there = odoo.clone();
    let answer = tokio::task::spawn_blocking(move || ask(&there)).await.unwrap();
    assert_eq!(answer, json!(["res.partner", [1]]));
    drop(odoo);
}

#[test]
fn errors_are_the_same() {
    let error = Client::builder().url("http://127.0.0.1:1").connect_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    let error = Client::builder().url("http://127.0.0.1:1").databases_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}
