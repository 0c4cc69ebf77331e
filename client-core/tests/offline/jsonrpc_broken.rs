//! What comes of answers that a healthy Odoo does not send. All of them are made by hand: no server could be made to
//! send them when wanted.

use std::time::Duration;

use crate::support::server::{Request, answer, answer_with, builder, result, serve, serve_calls};
use odoo_client::write::Serialized;
use odoo_client::{Error, ErrorKind};
use serde_json::{Value, json};

async fn call(handler: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> Result<Value, Error> {
    let odoo = builder(&serve_calls(handler)).max_response_bytes(10_000).connect().await.unwrap();
    let called = odoo.model("res.partner").call("write").ids(1..=9).arg("vals", json!({"name": "x"})).send().await;
    if let Err(error) = &called {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(crate::support::server::PASSWORD), "{shown}");
        assert!(shown.contains("res.partner.write([1, 2, 3, 4, 5, … 9 ids])"), "{shown}");
        assert_eq!((error.model(), error.method(), error.ids().len()), (Some("res.partner"), Some("write"), 9));
    }
    called
}

#[tokio::test]
async fn error_pages_of_a_proxy() {
    let page =
        "<html><head><title>502</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>";
    for (status, kind, transient, may_have_executed) in [
        (401, ErrorKind::Http, false, false),
        (403, ErrorKind::Http, false, false),
        (404, ErrorKind::NotOdoo, false, false),
        (413, ErrorKind::Http, false, false),
        (418, ErrorKind::Http, false, false),
        (429, ErrorKind::RateLimited, true, false),
        // Of a 19.0, which tells of every exception in a call.
        (500, ErrorKind::Http, true, true),
        (502, ErrorKind::Http, true, true),
        (503, ErrorKind::Http, true, true),
        (504, ErrorKind::Http, true, true),
        (520, ErrorKind::Http, false, true),
        (200, ErrorKind::NotOdoo, false, true),
    ] {
        let error = call(move |_| answer(status, "text/html", page)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.is_transient(), error.may_have_executed()),
            (kind, Some(status), transient, may_have_executed),
            "{error}"
        );
        assert_eq!(error.is_retryable(), transient && !may_have_executed, "{error}");
        assert_eq!(error.server_message(), Some("502 Bad Gateway nginx"), "{error}");
    }
}

#[tokio::test]
async fn json_that_is_not_odoos() {
    let error = call(|_| answer(404, "application/json", r#"{"message": "no Route matched"}"#)).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::NotOdoo, Some(404)));
    assert!(error.to_string().contains("no Route matched"), "{error}");

    let error = call(|_| answer(200, "application/json", r#"{"hello": "world"}"#)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains(r#"{"hello": "world"}"#), "{error}");
    assert!(error.may_have_executed());
}

#[tokio::test]
async fn a_redirect_is_named_and_not_followed() {
    let error = call(|_| answer_with(301, "location: https://bob:pw@odoo.example.com/jsonrpc?token=pw\r\n", b""))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.status(), error.may_have_executed()), (ErrorKind::Http, Some(301), false));
    let shown = error.to_string();
    assert!(shown.contains("redirects to https://odoo.example.com/jsonrpc (HTTP 301)"), "{shown}");
    assert!(!shown.contains("pw"), "{shown}");
}

#[tokio::test]
async fn a_body_cut_short() {
    let cut = r#"{"jsonrpc": "2.0", "id": 0, "result": [{"id": 1, "na"#;
    // By a proxy that says it is all there is.
    let error = call(move |_| answer(200, "application/json", cut)).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Protocol, true), "{error}");
    assert!(error.to_string().contains("cut short after 52 bytes"), "{error}");
    // By a connection that broke.
    let error = call(move |_| {
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n{cut}").into_bytes()
    })
    .await
    .unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Connect, true), "{error}");
    assert!(error.is_transient() && !error.is_retryable());
    assert!(error.to_string().contains("may have taken effect all the same: look before you make it again"), "{error}");
    // Before anything came.
    let error = call(|_| Vec::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Connect, true), "{error}");
}

#[tokio::test]
async fn an_answer_too_big() {
    let big = json!("x".repeat(10_001));
    let error = call(move |_| result(&big)).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Protocol, true), "{error}");
    assert!(error.to_string().contains("limit of 10000 bytes"), "{error}");
    // Without an announced length.
    let body = "y".repeat(20_000);
    let error =
        call(move |_| format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}").into_bytes()).await.unwrap_err();
    assert!(error.to_string().contains("limit of 10000 bytes"), "{error}");
}

#[tokio::test]
async fn a_result_of_another_type() {
    let odoo = builder(&serve_calls(|_| result(&json!({"a": 1})))).connect().await.unwrap();
    let error = odoo.model("res.partner").call("search").send::<Vec<i64>>().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Decode, false), "it only reads");
    assert!(error.to_string().starts_with("res.partner.search(): the result is not of the expected type: "), "{error}");
}

#[tokio::test]
async fn a_silent_server() {
    let url = serve_calls(|_| {
        std::thread::sleep(Duration::from_secs(5));
        Vec::new()
    });
    let odoo = builder(&url).connect().await.unwrap();
    let slow = odoo.model("res.partner").call("write").timeout(Duration::from_millis(100)).send::<Value>();
    let error = slow.await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed(), error.is_transient()), (ErrorKind::Timeout, true, true));
    assert!(!error.is_retryable());
    assert!(error.to_string().contains("no complete answer within 100ms"), "{error}");
}

#[tokio::test]
async fn nobody_there() {
    // Bound and closed again: nobody listens on this port.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = builder(&format!("http://127.0.0.1:{port}")).connect().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed(), error.is_retryable()), (ErrorKind::Connect, false, true));
    let shown = error.to_string();
    assert!(
        shown.starts_with(&format!("cannot ask http://127.0.0.1:{port} for its version: cannot connect")),
        "{shown}"
    );
    assert!(shown.to_lowercase().contains("connection refused"), "{shown}");
}

#[tokio::test]
async fn a_server_that_is_not_odoo() {
    let url = serve(|_| answer(200, "application/json", r#"{"jsonrpc": "2.0", "result": {"server": "bitcoind"}}"#));
    let error = builder(&url).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotOdoo, "{error}");
}

#[tokio::test]
async fn settings_that_are_missing_are_named_at_once() {
    let error = odoo_client::Client::builder().user("admin").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.to_string(), "the client was not given a URL, a database, a password, an API key or a session");
}

#[tokio::test]
async fn an_argument_that_is_no_json() {
    let odoo = builder(&serve_calls(|_| panic!("nothing may be sent"))).connect().await.unwrap();
    let not_json = std::collections::BTreeMap::from([([1, 2], 3)]);
    let error = odoo.model("x").call("y").arg("k", Serialized(not_json)).arg("l", 1).send::<Value>().await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Encode, false));
    assert!(error.to_string().starts_with("x.y(): the argument `k` cannot be sent: "), "{error}");
}

#[tokio::test]
async fn contexts_are_merged_and_the_client_says_who_it_is() {
    let url = serve_calls(|request| {
        let agent = request.user_agent.as_deref().unwrap_or_default();
        assert_eq!(agent, concat!("odoo-client/", env!("CARGO_PKG_VERSION")));
        result(&request.params()["args"][6])
    });
    let odoo = builder(&url).with_context(("lang", "en_US")).with_context(("tz", "UTC")).connect().await.unwrap();
    let call = odoo.model("x").call("y").arg("k", 1).arg("context", json!({"a": 1})).with_context(("lang", "fr_FR"));
    let kwargs: Value = call.send().await.unwrap();
    assert_eq!(kwargs, json!({"k": 1, "context": {"lang": "fr_FR", "tz": "UTC", "a": 1}}));
}

#[tokio::test]
async fn the_password_is_in_no_debug_output() {
    let odoo = builder(&serve_calls(|_| result(&json!(1)))).connect().await.unwrap();
    let call = odoo
        .model("res.users")
        .call("write")
        .ids([2])
        .arg("vals", json!({"password": crate::support::server::PASSWORD}));
    let model = odoo.model("res.users");
    let shown = format!("{odoo:?} {call:?} {model:?} {:?}", builder("http://a:hunter2-the-secret@b"));
    assert!(!shown.contains(crate::support::server::PASSWORD), "{shown}");
    assert!(shown.contains("res.users.write([2])") && shown.contains(r#"database: "apps""#), "{shown}");
}

#[test]
fn clients_and_calls_cross_threads() {
    fn check<T: Send + Sync + 'static>(_: &T) {}
    fn check_call(odoo: &odoo_client::Client) {
        fn future<T: Send + 'static>(_: T) {}
        check(odoo);
        future(odoo.model("x").call("y").send::<Value>());
    }
    let _ = check_call;
}
