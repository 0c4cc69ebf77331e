//! What small calls take over HTTP: how many there are in a second, and what they cost both sides. The server has threads of
//! its own, so that the time of the processors is told apart by them. `cargo bench -p odoo-emulator --bench http`.

#![allow(clippy::expect_used, reason = "a panic is how a benchmark fails")]

use std::path::Path;
use std::time::{Duration, Instant};

use odoo_client::Client;
use odoo_client::client::WireKind;
use odoo_emulator::Emulator;
use serde_json::{Value, json};

/// Tasks that ask at once, each with connections of its own.
const TASKS: usize = 4;
/// Calls of each task.
const CALLS: u32 = 5_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let pin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated/odoo19");
    let emulator = Emulator::start(pin).await.expect("it starts");
    let id = emulator.create("res.partner", json!({"name": "Acme", "email": "acme@example.com"})).expect("created");
    let key = emulator.add_api_key("admin", None).expect("a key");
    println!("{TASKS} tasks with {CALLS} calls each; the time of the processors for one call:");
    println!(
        "{:>10}  {:>10}  {:>10}  {:>14}  {:>14}",
        "calls/s", "server", "client", "two cores: /s", "the server: /s"
    );
    for wire in [WireKind::JsonRpc, WireKind::Session, WireKind::Json2] {
        for what in [What::Read, What::Search, What::Write] {
            let mut clients = Vec::new();
            for _ in 0..TASKS {
                let builder = Client::builder().url(emulator.url()).database(emulator.database()).user("admin");
                let builder = match wire {
                    WireKind::Json2 => builder.api_key(key.clone()),
                    _ => builder.password("admin"),
                };
                let client = builder.wire(wire).connect().await.expect("the emulator is there");
                ask(&client, what, id).await;
                clients.push(client);
            }
            let (before, start) = (Used::now(), Instant::now());
            let tasks: Vec<_> = clients
                .into_iter()
                .map(|client| {
                    tokio::spawn(async move {
                        for _ in 0..CALLS {
                            ask(&client, what, id).await;
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.expect("a task");
            }
            let (taken, used) = (start.elapsed(), Used::now());
            let calls = CALLS * TASKS as u32;
            let [server, client] = [used.server - before.server, used.client - before.client].map(|time| time / calls);
            let rate = |time: Duration| 2.0 / time.as_secs_f64();
            println!(
                "{:>10.0}  {server:>10.1?}  {client:>10.1?}  {:>14.0}  {:>14.0}  {what:?} over {wire}",
                f64::from(calls) / taken.as_secs_f64(),
                rate(server + client),
                rate(server),
            );
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum What {
    Read,
    Search,
    Write,
}

async fn ask(odoo: &Client, what: What, id: i64) {
    let partners = odoo.model("res.partner");
    let call = match what {
        What::Read => partners.call("read").ids([id]).arg("fields", ["name", "email", "country_id"]),
        What::Search => partners.call("search").arg("domain", json!([["name", "=", "Acme"]])),
        What::Write => partners.call("write").ids([id]).arg("vals", json!({"comment": "x"})),
    };
    call.send::<Value>().await.expect("an answer");
}

/// What the threads of the two sides have had of the processors since they began. Nothing where there is no `/proc`.
#[derive(Default)]
struct Used {
    server: Duration,
    client: Duration,
}

impl Used {
    fn now() -> Self {
        let mut used = Self::default();
        for thread in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            let read = |file: &str| std::fs::read_to_string(thread.path().join(file)).unwrap_or_default();
            let time = read("schedstat").split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok());
            let side = if read("comm").starts_with("odoo-emulator") { &mut used.server } else { &mut used.client };
            *side += Duration::from_nanos(time.unwrap_or_default());
        }
        used
    }
}
