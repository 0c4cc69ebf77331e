//! An Odoo of one table, `res.country`, with rows that a real one answered. It does what `live/stream.rs` sees real ones do
//! with the domain, order, limit and offset of a stream, and remembers what it was asked for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use odoo_client::client::WireKind;
use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Client, Id, Model, Record};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::recording::Case;
use crate::support::server::{answer, builder, result, serve_calls};

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

/// The body of an answer of a real Odoo 19.
pub(crate) fn recorded(name: &'static str) -> Value {
    Case { series: "19", wire: WireKind::JsonRpc, name }.answered()
}

/// The 30 countries with the smallest ids.
pub(crate) fn countries() -> Vec<Value> {
    let rows = recorded("stream_by_id")["result"].as_array().unwrap().clone();
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
}

impl Odoo {
    /// Before it answers, `meddle` is told how many calls came before, and may change the table or answer itself.
    pub(crate) async fn with(
        rows: Vec<Value>,
        meddle: impl Fn(usize, &mut Vec<Value>) -> Option<Value> + Send + Sync + 'static,
    ) -> Self {
        let (seen, asked) = unbounded_channel();
        let table = Arc::new(Mutex::new((0, rows)));
        let url = serve_calls(move |request| {
            let mut params = request.params()["args"].take();
            let method = params[4].as_str().unwrap().to_owned();
            let mut args: Map<String, Value> = serde_json::from_value(params[6].take()).unwrap();
            // What goes by position: the name of the domain is not the same on all versions.
            if let Some(first) = params[5].get_mut(0) {
                let name = if method == "search" { "domain" } else { "ids" };
                args.insert(name.to_owned(), first.take());
            }
            let call = Asked { method, args };
            assert_eq!(params[3], Country::ODOO_NAME);
            let (count, rows) = &mut *table.lock().unwrap();
            let meddled = meddle(*count, rows);
            *count += 1;
            let bytes = match meddled {
                Some(body) => answer(200, "application/json", &body.to_string()),
                None => result(&rows_for(&call, rows)),
            };
            // A test that is over does not listen any more.
            let _ = seen.send(call);
            bytes
        });
        let client = builder(&url).wire(WireKind::JsonRpc).connect().await.unwrap();
        Self { client, asked, before: Vec::new() }
    }

    pub(crate) async fn new(rows: Vec<Value>) -> Self {
        Self::with(rows, |_, _| None).await
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

fn rows_for(call: &Asked, table: &[Value]) -> Value {
    if call.method == "read" {
        let wanted = call.args["ids"].as_array().unwrap();
        let found = wanted.iter().filter_map(|wanted| table.iter().find(|row| row["id"] == *wanted));
        return found.cloned().collect();
    }
    let mut rows: Vec<Value> = table.to_vec();
    for term in call.args["domain"].as_array().unwrap() {
        let last = term[2].as_i64().unwrap();
        match (term[0].as_str(), term[1].as_str()) {
            (Some("id"), Some(">")) => rows.retain(|row| id(row) > last),
            (Some("id"), Some("<")) => rows.retain(|row| id(row) < last),
            _ => panic!("{term}"),
        }
    }
    let order = call.args["order"].as_str().unwrap();
    let (field, descends) = order.strip_suffix(" desc").map_or((order, false), |field| (field, true));
    assert!(matches!(field, "id" | "code"), "{order}");
    rows.sort_by(|a, b| match field {
        "id" => id(a).cmp(&id(b)),
        _ => a[field].as_str().cmp(&b[field].as_str()),
    });
    if descends {
        rows.reverse();
    }
    let of = |arg: &str| call.number(arg).map(|number| usize::try_from(number).unwrap());
    let rows = rows.into_iter().skip(of("offset").unwrap_or(0)).take(of("limit").unwrap_or(usize::MAX));
    match &*call.method {
        "search" => rows.map(|row| json!(id(&row))).collect(),
        "search_read" => rows.collect(),
        other => panic!("{other}"),
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
