//! Big files on their way to the server: they arrive whole, and are in memory once, in base64, beside the caller's own.
//!
//! One test, as it counts the memory of the whole process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod jsonrpc_support;

use std::io::{BufRead, BufReader, Read, Write, copy, sink};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonrpc_support::{answer, builder, result, serve};
use odoo_client::{Client, Field, Id, Model, RetryPolicy, Values, field, kind};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;
const SIZE: usize = 32 * MIB;

enum Partner {}

impl Model for Partner {
    const NAME: &'static str = "res.partner";
}

impl Partner {
    const IMAGE: Field<Self, kind::Binary> = field("image_1920");
}

/// A server that reads the body of a call without keeping it, and answers with the list of one id.
fn forgetful() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            std::thread::spawn(move || serve_one(&stream));
        }
    });
    url
}

fn serve_one(mut stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length, mut is_version) = (String::new(), 0, false);
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        is_version |= line.contains("version_info");
        if let Some((name, value)) = line.trim_end().split_once(": ")
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.parse().unwrap();
        }
        line.clear();
    }
    let mut body = reader.take(length);
    let _ = copy(&mut body, &mut sink());
    assert_eq!(body.limit(), 0, "the body is shorter than announced");
    let answered = match length {
        _ if is_version => json!({"server_version": "19.0"}),
        0..1000 => json!(2),
        _ => json!([7]),
    };
    let _ = stream.write_all(&result(&answered));
}

/// How much memory a call needs at most, in bytes.
async fn peak(call: impl Future<Output = ()>) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    call.await;
    MEMORY.peak_usage() - before
}

#[tokio::test]
async fn a_big_file_arrives_whole_and_is_in_memory_once() {
    arrives_whole().await;

    let content = vec![b'x'; SIZE];
    let odoo = builder(&forgetful()).connect().await.unwrap();
    let base64 = SIZE.div_ceil(3) * 4;
    let attached = peak(async {
        odoo.attach(Id::<Partner>::new(1), "x.bin", &content).await.unwrap();
    });
    let attached = attached.await;
    assert!(attached < base64 + 2 * MIB, "{attached} bytes for {base64} of base64");
    assert!(SIZE + attached < SIZE * 26 / 10);

    let created = peak(async {
        odoo.create(Values::new().set(Partner::IMAGE, &*content)).await.unwrap();
    });
    let created = created.await;
    assert!(created < base64 + 2 * MIB, "{created} bytes for {base64} of base64");
}

/// Twice, as the server wants none of it the first time.
async fn arrives_whole() {
    let bodies: Arc<Mutex<Vec<Value>>> = Arc::default();
    let (kept, calls) = (Arc::clone(&bodies), AtomicUsize::new(0));
    let url = serve(move |request| match (request.asks_version(), request.method().as_str()) {
        (true, _) => result(&json!({"server_version": "19.0"})),
        (_, "authenticate") => result(&json!(2)),
        _ => {
            kept.lock().unwrap().push(request.params()["args"][5][0][0].take());
            match calls.fetch_add(1, Ordering::SeqCst) {
                0 => answer(429, "text/html", "too many"),
                _ => result(&json!([7])),
            }
        }
    });
    let retry = RetryPolicy::new().base_delay(Duration::ZERO);
    let odoo: Client = builder(&url).retry(retry).connect().await.unwrap();
    let content: Vec<u8> = (0..MIB).map(|byte| byte.to_le_bytes()[0] ^ byte.to_le_bytes()[1]).collect();
    odoo.attach(Id::<Partner>::new(1), "a \"b\".bin", &content).await.unwrap();
    let base64 = serde_json::to_value(odoo_client::Binary(&content)).unwrap();
    let sent = json!({"name": "a \"b\".bin", "res_model": "res.partner", "res_id": 1, "datas": base64});
    let bodies = bodies.lock().unwrap();
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| *body == sent));
}
