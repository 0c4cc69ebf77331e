//! Big files on their way to the server: they arrive whole, and are in memory once, in base64, beside the caller's own.
//!
//! One test, as it counts the memory of the whole process.

use std::io::{BufRead, BufReader, Read, Write, copy, sink};
use std::net::{TcpListener, TcpStream};

use crate::support::emulator::{self, start};
use crate::support::server::{builder, result};
use odoo_client::field::kind;
use odoo_client::{Id, Values};
use odoo_emulator::Failure;
use serde_json::json;

use crate::{alone, block_on, memory};

const MIB: usize = 1 << 20;
const SIZE: usize = 32 * MIB;

model! { Partner "res.partner" {
    IMAGE "image_1920" kind::Binary;
} }

/// A server that reads the body of a call and answers with the list of one id. By hand: an emulator keeps what comes, and its memory
/// would count.
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

#[test]
fn a_big_file_arrives_whole_and_is_in_memory_once() {
    let _alone = alone();
    block_on(arrives_whole());

    let content = vec![b'x'; SIZE];
    let odoo = block_on(builder(&forgetful()).connect()).unwrap();
    let base64 = SIZE.div_ceil(3) * 4;
    let (id, attached) = memory(|| block_on(odoo.attach(Id::<Partner>::new(1), "x.bin", &content)));
    id.unwrap();
    assert!(attached < base64 + 2 * MIB, "{attached} bytes for {base64} of base64");
    assert!(SIZE + attached < SIZE * 26 / 10);

    let (id, created) = memory(|| block_on(odoo.create(Values::new().set(Partner::IMAGE, &*content))));
    id.unwrap();
    assert!(created < base64 + 2 * MIB, "{created} bytes for {base64} of base64");
}

/// Twice, as the server wants none of it the first time.
async fn arrives_whole() {
    let emulator = start(19).await;
    emulator.fail(Failure::too_many_requests(0).on("ir.attachment", "create")).unwrap();
    let odoo = emulator::builder(&emulator).connect().await.unwrap();
    let content: Vec<u8> = (0..MIB).map(|byte| byte.to_le_bytes()[0] ^ byte.to_le_bytes()[1]).collect();
    odoo.attach(Id::<Partner>::new(1), "a \"b\".bin", &content).await.unwrap();
    let base64 = serde_json::to_value(odoo_client::Binary(&content)).unwrap();
    let sent = json!({"name": "a \"b\".bin", "res_model": "res.partner", "res_id": 1, "datas": base64});
    let requests = emulator.requests();
    let bodies: Vec<_> = requests.iter().filter(|call| call.method.as_deref() == Some("create")).collect();
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| body.args == [json!([sent])]));
}
