//! An emulator of one table, `res.country`, with rows that a real one answered. It remembers what it was asked for, and a test may
//! meddle with each call.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::emulator::{builder, start};
use odoo_client::client::WireKind;
use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Client, Id, Model, Record};
use odoo_emulator::{Emulator, Fault, MethodCall};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::recording::Case;

model! { Country "res.country" {
    ID "id" kind::Id, ReadOnly;
    CODE "code" kind::Char;
} }

#[derive(Record, Debug)]
#[odoo(model = Country)]
pub(crate) struct Land {
    pub(crate) id: Id<Country>,
    pub(crate) code: String,
}

/// The 30 countries with the smallest ids.
pub(crate) fn countries() -> Vec<Value> {
    let case = Case { series: "19", wire: WireKind::JsonRpc, name: "stream_by_id" };
    let rows = case.answered()["result"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 30);
    rows
}

pub(crate) fn id(row: &Value) -> i64 {
    row["id"].as_i64().unwrap()
}

pub(crate) fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(id).collect()
}

/// A call without the context: the method, and its arguments with the ids among them.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) args: Map<String, Value>,
}

impl Asked {
    pub(crate) fn number(&self, arg: &str) -> Option<u64> {
        self.args.get(arg).and_then(Value::as_u64)
    }
}

pub(crate) struct Odoo {
    pub(crate) client: Client,
    asked: UnboundedReceiver<Asked>,
    before: Vec<Asked>,
    _emulator: Emulator,
}

impl Odoo {
    /// Before it answers, `meddle` is told how many calls came before, and may call something else or answer itself.
    pub(crate) async fn with(
        rows: Vec<Value>,
        meddle: impl Fn(usize, &mut MethodCall<'_>) -> Result<Option<Value>, Fault> + Clone + Send + Sync + 'static,
    ) -> Self {
        let emulator = start(19).await;
        emulator.load(&json!({Country::ODOO_NAME: rows})).unwrap();
        let (seen, asked) = unbounded_channel();
        let count = std::sync::Arc::new(AtomicUsize::new(0));
        for method in ["search", "search_read", "read"] {
            let (seen, count, meddle) = (seen.clone(), count.clone(), meddle.clone());
            emulator
                .on(Country::ODOO_NAME, method, move |call| {
                    let mut args = call.kwargs.clone();
                    // What goes by position: the name of the domain is not the same on all versions.
                    if let Some(first) = call.args.first() {
                        args.insert(if method == "search" { "domain" } else { "ids" }.to_owned(), first.clone());
                    }
                    // A test that is over does not listen any more.
                    let _ = seen.send(Asked { method: method.to_owned(), args });
                    match meddle(count.fetch_add(1, Ordering::SeqCst), call)? {
                        Some(answer) => Ok(answer),
                        None => call.inherited(),
                    }
                })
                .unwrap();
        }
        let client = builder(&emulator).wire(WireKind::JsonRpc).connect().await.unwrap();
        Self { client, asked, before: Vec::new(), _emulator: emulator }
    }

    pub(crate) async fn new(rows: Vec<Value>) -> Self {
        Self::with(rows, |_, _| Ok(None)).await
    }

    /// Waits until so many calls came in all; not for good.
    pub(crate) async fn wait_for(&mut self, calls: usize) {
        while self.before.len() < calls {
            let next = tokio::time::timeout(Duration::from_secs(60), self.asked.recv()).await;
            self.before.push(next.expect("no further call comes").unwrap());
        }
    }

    /// All calls up to now.
    pub(crate) fn asked(&mut self) -> &[Asked] {
        while let Ok(call) = self.asked.try_recv() {
            self.before.push(call);
        }
        &self.before
    }

    /// The limits of all calls up to now.
    pub(crate) fn limits(&mut self) -> Vec<u64> {
        self.asked().iter().filter_map(|call| call.number("limit")).collect()
    }
}

/// What a stream gives: ids, and the kinds of errors.
pub(crate) async fn drain(mut stream: odoo_client::query::Records<Land>) -> Vec<Result<i64, odoo_client::ErrorKind>> {
    let mut all = Vec::new();
    while let Some(land) = stream.next().await {
        all.push(land.map(|land| land.id.get()).map_err(|error| error.kind()));
        assert!(all.len() < 10_000, "it has no end: {:?}", all.last());
    }
    assert!(stream.next().await.is_none(), "the end is the end");
    all
}

/// The ids that a stream gives, which has no errors.
pub(crate) async fn drained(stream: odoo_client::query::Records<Land>) -> Vec<i64> {
    drain(stream).await.into_iter().map(Result::unwrap).collect()
}
