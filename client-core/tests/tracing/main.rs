//! What a subscriber of `tracing` is told, and what it never is.
//!
//! In a process of their own: while there is one subscriber, calls of other threads would decide for it what is told.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use odoo_client::client::WireKind;
use odoo_client::{ErrorKind, RetryPolicy};
use odoo_emulator::{Failure, Fault};
use serde_json::{Value, json};
use support::emulator::{builder, start};
use support::server::PASSWORD;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down everything, of all crates and levels.
#[derive(Clone, Default)]
struct Log {
    text: Arc<Mutex<String>>,
    spans: Arc<AtomicU64>,
}

impl Log {
    fn write(&self, line: impl FnOnce(&mut Line<'_>)) {
        let mut text = self.text.lock().unwrap();
        line(&mut Line(&mut text));
        text.push('\n');
    }

    fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.write(|line| {
            write!(line.0, "{} span {}", span.metadata().target(), span.metadata().name()).unwrap();
            span.record(line);
        });
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.write(|line| {
            line.0.push_str("recorded");
            values.record(line);
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.write(|line| {
            write!(line.0, "{} {}", event.metadata().target(), event.metadata().level()).unwrap();
            event.record(line);
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

const VALUE: &str = "a-value-of-a-record";
const WORDS: &str = "words-of-the-server";

#[tokio::test]
async fn a_call_is_told_of_without_values_and_secrets() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let emulator = start(19).await;
    emulator.on("res.partner", "read", |_| Ok(json!([VALUE]))).unwrap();
    emulator.fail(Failure::raises(Fault::validation(WORDS)).on("res.partner", "write")).unwrap();
    let builder = builder(&emulator).wire(WireKind::JsonRpc).header("Api-Key", PASSWORD);
    let odoo = builder.with_context(("note", VALUE)).connect().await.unwrap();
    let partners = odoo.model("res.partner");
    let _: Value = partners.call("read").ids([7, 8, 9]).arg("fields", [VALUE]).send().await.unwrap();
    let vals = json!({"comment": VALUE});
    let error = partners.call("write").ids([7]).arg("vals", vals).send::<bool>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);

    let text = log.text();
    for never in [PASSWORD, VALUE, WORDS] {
        assert!(!text.contains(never), "{never} in\n{text}");
    }
    let own: Vec<_> = text.lines().filter(|line| line.contains("span call")).collect();
    assert_eq!(
        own,
        [
            "odoo_client::transport::trace span call model=res.partner method=read ids=3 wire=JSON-RPC",
            "odoo_client::transport::trace span call model=res.partner method=write ids=1 wire=JSON-RPC",
        ]
    );
    let answer = format!(r#"{{"jsonrpc": "2.0", "id": 0, "result": ["{VALUE}"]}}"#);
    let answered = format!("received={} status=200", answer.len());
    assert!(text.contains(&answered), "{answered} in\n{text}");
    assert!(text.contains("recorded attempts=1\n") && text.contains("recorded error=Validation"), "{text}");
    assert!(text.contains(r#"TRACE message=request path="/jsonrpc" sent="#), "{text}");
}

#[tokio::test]
async fn what_is_tried_again_is_a_warning() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let emulator = start(19).await;
    emulator.on("res.partner", "open_commercial_entity", |_| Ok(json!(1))).unwrap();
    emulator.fail(Failure::too_many_requests(0).on("res.partner", "open_commercial_entity")).unwrap();
    let policy = RetryPolicy::new().base_delay(Duration::from_millis(1));
    let odoo = builder(&emulator).connect().await.unwrap();
    let _: i64 = odoo.model("res.partner").call("open_commercial_entity").retry(policy).send().await.unwrap();
    let text = log.text();
    let warned =
        "odoo_client::transport::trace WARN message=trying again kind=RateLimited status=429 attempts=1 delay=";
    assert!(text.contains(warned), "{text}");
    assert!(text.contains("recorded attempts=2\n") && !text.contains("429 Too Many Requests"), "{text}");
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_client_that_trusts_anybody_says_so() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let secret = format!("https://name:{PASSWORD}@127.0.0.1:1");
    let error = support::server::builder(&secret).danger_accept_invalid_certificates().connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    let text = log.text();
    assert!(text.contains("WARN message=DANGER: certificates are not checked"), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");
}
