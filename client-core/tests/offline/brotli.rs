//! Answers compressed with brotli, which the feature of that name reads.
//!
//! In `support/`, made with the crate `brotli` at its level 9: `answer.json.br`, an answer of 200 records, and
//! `bomb.json.br`, one of 16 MiB of spaces.

use crate::support::server::{answer_with, builder, result, serve};
use odoo_client::{Error, ErrorKind, RetryPolicy};
use serde_json::{Value, json};

const ANSWER: &[u8] = include_bytes!("../support/answer.json.br");
const BOMB: &[u8] = include_bytes!("../support/bomb.json.br");

/// What comes of a call that is answered with this body.
async fn call(body: &'static [u8]) -> Result<Value, Error> {
    let url = serve(move |request| match (request.asks_version(), request.method().as_str()) {
        (true, _) => result(&json!({"server_version": "19.0"})),
        (_, "authenticate") => result(&json!(2)),
        _ => {
            let accepted = request.accept_encoding.as_deref().unwrap_or_default();
            for encoding in ["br", "gzip", "deflate"] {
                assert!(accepted.split(',').any(|accepted| accepted.trim() == encoding), "{encoding}: {accepted}");
            }
            answer_with(200, "content-type: application/json\r\ncontent-encoding: br\r\n", body)
        }
    });
    let odoo = builder(&url).max_response_bytes(1_000_000).retry(RetryPolicy::never()).connect().await.unwrap();
    odoo.model("res.partner").call("search_read").arg("domain", json!([])).send().await
}

#[tokio::test]
async fn an_answer_is_decompressed() {
    let rows = call(ANSWER).await.unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 200);
    assert_eq!(rows[199], json!({"id": 200, "name": "Partner 200", "email": false}));
}

#[tokio::test]
async fn the_limit_holds_for_what_comes_out() {
    let error = call(BOMB).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("bigger than the limit of 1000000 bytes"), "{error}");
}

#[tokio::test]
async fn what_is_broken_is_refused() {
    let error = call(b"\xff\xff not brotli at all").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert!(error.to_string().contains("cannot be decompressed"), "{error}");
    let error = call(&ANSWER[..ANSWER.len() / 2]).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Connect, false), "{error}");
}
