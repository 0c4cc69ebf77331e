//! Mistakes and failures against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name. What they create they delete.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::own::relay::{Request, host, listen};
use crate::own::users::builder;
use odoo_client::client::WireKind;
use odoo_client::{ErrorKind, RetryPolicy};
use serde_json::{Value, json};

const WIRES: [WireKind; 2] = [WireKind::JsonRpc, WireKind::Session];

/// A proxy in front of the server that passes every request on, and swallows the answers of those that `swallows` counts
/// in: 0 is the first call after `arm`.
struct Flaky {
    url: String,
    requests: Arc<AtomicUsize>,
}

const UNARMED: usize = usize::MAX / 2;

impl Flaky {
    fn start(server: &str, swallows: fn(usize) -> bool) -> Self {
        let server = server.to_owned();
        let requests = Arc::new(AtomicUsize::new(UNARMED));
        let counter = Arc::clone(&requests);
        let address = listen(move |client| {
            let Ok(request) = Request::read(&client) else { return };
            let number = counter.fetch_add(1, Ordering::SeqCst);
            let answer = request.answer_of(&server).unwrap();
            if number >= UNARMED || !swallows(number) {
                let _ = (&client).write_all(&answer);
            }
        });
        Self { url: format!("http://{address}"), requests }
    }

    fn arm(&self) {
        self.requests.store(0, Ordering::SeqCst);
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_what_is_lost_on_the_way_is_read_again_but_never_written_twice() {
    let Some(server) = host() else { return };
    for wire in WIRES {
        let flaky = Flaky::start(&server, |number| number == 0);
        let quick = RetryPolicy::new().base_delay(Duration::from_millis(1));
        let odoo = builder().url(&flaky.url).wire(wire).retry(quick).connect().await.unwrap();
        let tags = odoo.model("res.partner.category");
        let unique = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let name = format!("resilience {wire} {unique}");
        let of_that_name = json!([["name", "=", name]]);

        flaky.arm();
        let create = tags.call("create").arg("vals_list", json!([{"name": name}]));
        let error = create.send::<Value>().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.may_have_executed(), flaky.requests()),
            (ErrorKind::Connect, 1, true, 1),
            "{error}"
        );

        flaky.arm();
        let found: Vec<i64> = tags.call("search").arg("domain", of_that_name).send().await.unwrap();
        assert_eq!((found.len(), flaky.requests()), (1, 2), "it was executed, once");

        // A write of the same values may be repeated, if the caller says so.
        flaky.arm();
        let write = tags.call("write").ids(found.clone()).arg("vals", json!({"color": 3})).idempotent();
        assert!(write.send::<bool>().await.unwrap());
        assert_eq!(flaky.requests(), 2);
        assert!(tags.call("unlink").ids(found).send::<bool>().await.unwrap());
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_field_that_is_not_there_has_one_kind_wherever_it_is_named() {
    for wire in WIRES {
        let odoo = builder().wire(wire).connect().await.unwrap();
        let partners = odoo.model("res.partner");
        for (what, call) in [
            ("read", partners.call("read").ids([1]).arg("fields", ["nope"])),
            ("a domain", partners.call("search").arg("domain", json!([["nope", "=", 1]]))),
            ("further down a domain", partners.call("search").arg("domain", json!([["country_id.nope", "=", 1]]))),
            ("an order", partners.call("search").arg("domain", json!([])).arg("order", "nope").arg("limit", 1)),
            (
                "a group",
                partners.call("read_group").arg("domain", json!([])).arg("fields", ["id"]).arg("groupby", ["nope"]),
            ),
            ("write", partners.call("write").ids([1]).arg("vals", json!({"nope": 1}))),
            ("create", partners.call("create").arg("vals_list", json!({"name": "x", "nope": 1}))),
        ] {
            let error = call.send::<Value>().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnknownField, "{what} ({wire}): {error:?}");
            assert_eq!((error.attempts(), error.may_have_executed()), (1, false), "{what} ({wire})");
        }
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_limits_slow_a_client_down_and_lose_no_call() {
    let odoo = builder().wire(WireKind::JsonRpc).max_concurrent_calls(2).rate_limit(100.0).connect().await.unwrap();
    let calls: Vec<_> = (0..20)
        .map(|_| tokio::spawn(odoo.model("res.partner").call("search_count").arg("domain", json!([])).send::<i64>()))
        .collect();
    for call in calls {
        assert!(call.await.unwrap().unwrap() > 0);
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_an_answer_over_the_limit_is_refused() {
    for wire in WIRES {
        let odoo = builder().wire(wire).max_response_bytes(80_000).connect().await.unwrap();
        let error = odoo.model("res.partner").call("fields_get").send::<Value>().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Protocol, 1), "{error}");
        assert!(error.to_string().contains("limit of 80000 bytes"), "{error}");
    }
}
