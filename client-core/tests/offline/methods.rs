//! What typed calls of methods put on the wire, and when they are made again.

use std::time::Duration;

use crate::support::emulator::{builder, start};
use odoo_client::write::Serialized;
use odoo_client::{Client, Context, ErrorKind, Id, MethodCall, Model, RetryPolicy};
use odoo_emulator::{Emulator, Failure};
use serde_json::{Value, json};

model! { Order "sale.order" {} }

/// As a generated crate has them.
impl Order {
    fn action_confirm(ids: &[Id<Self>]) -> MethodCall<bool> {
        MethodCall::on("action_confirm", ids, &[])
    }
    fn find(name: &str, limit: i64) -> MethodCall {
        MethodCall::of::<Self>("find_or_create_record", &[("name", &name), ("limit", &limit)])
    }
    fn look(ids: &[Id<Self>]) -> MethodCall {
        MethodCall::on("get_portal_last_transaction", ids, &[]).reads()
    }
}

/// An Odoo before which a proxy loses the first answers.
async fn server(lost: usize) -> (Client, Emulator) {
    let emulator = start(19).await;
    for method in ["action_confirm", "find_or_create_record", "get_portal_last_transaction"] {
        emulator.on(Order::ODOO_NAME, method, |_| Ok(json!(true))).unwrap();
    }
    let odoo = builder(&emulator).with_context(("lang", "en_US")).connect().await.unwrap();
    if lost > 0 {
        emulator.fail(Failure::bad_gateway().times(lost)).unwrap();
    }
    (odoo, emulator)
}

/// The calls of the model's methods: method, positional and named arguments.
fn calls(emulator: &Emulator) -> Vec<Value> {
    let requests = emulator.requests().into_iter().filter(|request| request.model.as_deref() == Some(Order::ODOO_NAME));
    requests.map(|request| json!([request.method, request.args, request.kwargs])).collect()
}

#[tokio::test]
async fn arguments_go_by_name_and_records_first() {
    let (odoo, emulator) = server(0).await;
    let done: bool = odoo.call(Order::action_confirm(&[Id::new(7), Id::new(8)])).await.unwrap();
    assert!(done);
    let found = Order::find("a", 3).arg("limit", 5).arg("extra", json!({"b": null}));
    let found = found.with_context(("lang", "fr_FR")).with_context(Context::new().active_test(false));
    odoo.call(found.timeout(Duration::from_secs(5)).retry(RetryPolicy::never())).await.unwrap();
    let expected = [
        json!(["action_confirm", [[7, 8]], {"context": {"lang": "en_US"}}]),
        json!(["find_or_create_record", [], {"name": "a", "limit": 5, "extra": {"b": null},
            "context": {"lang": "fr_FR", "active_test": false}}]),
    ];
    assert_eq!(calls(&emulator), expected);
}

#[tokio::test]
async fn only_what_only_reads_or_is_vouched_for_is_called_again() {
    let (odoo, emulator) = server(2).await;
    odoo.call(Order::look(&[Id::new(7)])).await.unwrap();
    assert_eq!(calls(&emulator).len(), 3);
    let (odoo, emulator) = server(2).await;
    odoo.call(Order::action_confirm(&[Id::new(7)]).idempotent()).await.unwrap();
    assert_eq!(calls(&emulator).len(), 3);
    let (odoo, emulator) = server(2).await;
    let error = odoo.call(Order::action_confirm(&[Id::new(7)])).await.unwrap_err();
    assert!(error.may_have_executed(), "{error}");
    assert_eq!(calls(&emulator).len(), 1);
}

#[tokio::test]
async fn what_cannot_be_json_is_not_sent() {
    let (odoo, emulator) = server(0).await;
    let keys_are_no_text = std::collections::BTreeMap::from([((1, 2), 3)]);
    let error = odoo.call(Order::find("a", 1).arg("where", Serialized(keys_are_no_text))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    assert!(error.to_string().contains("the argument `where`"), "{error}");
    assert!(calls(&emulator).is_empty());
}

#[tokio::test]
async fn a_result_that_is_another_than_said_names_the_call_and_that_it_was_made() {
    let (odoo, _emulator) = server(0).await;
    let error = odoo.call(Order::action_confirm(&[Id::new(7)]).returns::<String>()).await.unwrap_err();
    assert_eq!((error.kind(), error.method()), (ErrorKind::Decode, Some("action_confirm")));
    assert!(error.may_have_executed(), "{error}");
    odoo.call(Order::action_confirm(&[Id::new(7)]).returns::<Value>()).await.unwrap();
}
