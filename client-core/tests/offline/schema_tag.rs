//! Whether a schema is unchanged; `live/methods.rs` asks real servers. What a proxy makes of the tag is made by hand.

use crate::support::emulator::{self, start};
use crate::support::server::{Request, answer, answer_with, builder, result, serve};
use odoo_client::client::WireKind;
use odoo_client::ops::SchemaTag;
use odoo_client::{Client, ErrorKind};
use serde_json::json;

/// As sent with a document: without quotes.
const TAG: &str = "f5b78ddd05b4f8b0061dd1d03f14126e83b570975e5081ecf57732ce942c705c";

fn document(tag: &str) -> Vec<u8> {
    answer_with(200, &format!("content-type: application/json\r\netag: {tag}\r\n"), br#"{"model": "res.lang"}"#)
}

/// A client whose documentation is what `doc` says.
async fn client(doc: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> Client {
    let url = serve(move |request| match request.path() {
        _ if request.asks_version() => result(&json!({"server_version": "19.0"})),
        "/web/session/authenticate" => answer_with(
            200,
            "content-type: application/json\r\nset-cookie: session_id=s1\r\n",
            br#"{"jsonrpc": "2.0", "id": 0, "result": {"uid": 2, "username": "admin", "name": "Admin", "db": "apps"}}"#,
        ),
        "/doc/res.lang.json" => doc(request),
        path => panic!("{path}"),
    });
    builder(&url).wire(WireKind::Session).connect().await.unwrap()
}

#[tokio::test]
async fn one_conditional_request_tells() {
    let emulator = start(19).await;
    let odoo = emulator::builder(&emulator).wire(WireKind::Session).connect().await.unwrap();
    emulator.take_requests();
    let tag = odoo.schema_tag().await.unwrap();
    // Kept, with what an editor or a shell adds.
    let kept = SchemaTag::new(format!("{tag}\n"));
    assert!(kept == tag && odoo.schema_unchanged(&kept).await.unwrap());
    assert_eq!(emulator.requests().iter().map(|request| request.status).collect::<Vec<_>>(), [Some(200), Some(304)]);
    for other in ["", "another", "not\nsent"] {
        assert!(!odoo.schema_unchanged(&SchemaTag::new(other)).await.unwrap(), "{other:?}");
    }
    emulator.engine(|engine| engine.rename_field("res.bank", "bic", "swift")).unwrap();
    assert!(!odoo.schema_unchanged(&kept).await.unwrap());
}

#[tokio::test]
async fn a_tag_is_the_same_whatever_a_proxy_makes_of_its_quotes() {
    for sent in [TAG.to_owned(), format!("\"{TAG}\""), format!("W/\"{TAG}\"")] {
        let odoo = client(move |_| document(&sent)).await;
        assert_eq!(odoo.schema_tag().await.unwrap().as_str(), TAG);
    }
    let odoo = client(|_| answer(200, "application/json", "{}")).await;
    let error = odoo.schema_tag().await.unwrap_err();
    assert!(error.kind() == ErrorKind::Unsupported && error.to_string().contains("in front of the server"), "{error}");
    // Nobody asked whether anything is modified.
    let odoo = client(|_| answer_with(304, "", b"")).await;
    assert!(odoo.schema_tag().await.is_err());
}

#[tokio::test]
async fn older_servers_are_not_asked_and_the_error_says_since_when() {
    let older = start(14).await;
    let odoo = emulator::builder(&older).connect().await.unwrap();
    let error = odoo.schema_unchanged(&SchemaTag::new(TAG)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let said = error.to_string();
    assert!(said.contains("19.0") && said.contains("Client::check"), "{said}");
}
