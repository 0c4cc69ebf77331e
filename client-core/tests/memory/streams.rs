//! Files that are sent and received as streams: of 1 GiB, no more than a few pieces are in memory at a time. The server is
//! made by hand: Odoo keeps the whole of a file itself.

use std::io::{BufRead, BufReader, Read, Write, copy, repeat, sink};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::support::server::{answer_with, builder, result};
use odoo_client::Id;
use odoo_client::model::IrAttachment;
use odoo_client::ops::HttpMethod;
use serde_json::json;
use tokio::io::{AsyncRead, ReadBuf};

use crate::{alone, block_on, memory};

const SIZE: u64 = 1 << 30;

model! { Partner "res.partner" {} }

/// A server that takes any file without keeping it, and has one of that size.
fn big() -> String {
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
    let (mut head, mut length) = (String::new(), 0);
    while reader.read_line(&mut head).is_ok_and(|read| read > 2) {
        if let Some(value) = head.lines().last().unwrap().strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    let mut body = reader.take(length);
    copy(&mut body, &mut sink()).unwrap();
    assert_eq!(body.limit(), 0, "the body is shorter than announced");
    let text =
        |text: &str| answer_with(200, "content-type: text/html\r\nset-cookie: session_id=a\r\n", text.as_bytes());
    let answer = match head.split(' ').nth(1).unwrap() {
        "/web/webclient/version_info" => result(&json!({"server_version": "19.0"})),
        "/web/session/authenticate" => {
            let info = json!({"uid": 2, "username": "admin", "name": "Admin", "db": "apps"});
            text(&json!({"jsonrpc": "2.0", "id": 0, "result": info}).to_string())
        }
        "/odoo" => text(&format!("<script>odoo = {{csrf_token: \"{}o1826982323\"}}</script>", "e776ad16".repeat(5))),
        "/web/binary/upload_attachment" => {
            assert!(length > SIZE);
            text(r#"[{"filename": "film.mp4", "mimetype": "video/mp4", "id": 7, "size": 1073741824}]"#)
        }
        "/web/content/7?download=1" => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let _ = copy(&mut repeat(b'x').take(SIZE), &mut stream);
            return;
        }
        "/echo" => text(&length.to_string()),
        _ => result(&json!(2)),
    };
    let _ = stream.write_all(&answer);
}

/// A file without end.
struct Endless;

impl AsyncRead for Endless {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        buffer.initialize_unfilled().fill(b'x');
        buffer.advance(buffer.remaining());
        Poll::Ready(Ok(()))
    }
}

#[test]
fn a_file_of_a_gigabyte_goes_both_ways_in_little_memory() {
    let _alone = alone();
    let odoo = block_on(builder(&big()).connect()).unwrap();
    let (attachment, up) = memory(|| block_on(odoo.attach_stream(Id::<Partner>::new(1), "film.mp4", SIZE, Endless)));
    assert_eq!(attachment.unwrap(), Id::<IrAttachment>::new(7));
    let (came, down) = memory(|| {
        block_on(async {
            let mut pieces = odoo.download_stream(Id::new(7)).await.unwrap();
            let mut came = 0;
            while let Some(piece) = pieces.chunk().await.unwrap() {
                came += piece.len() as u64;
            }
            came
        })
    });
    assert_eq!(came, SIZE);
    let echo = async || odoo.http(HttpMethod::Post, "/echo").reader(SIZE, Endless).send().await.unwrap().text().await;
    let (echoed, plain) = memory(|| block_on(echo()));
    assert_eq!(echoed.unwrap(), SIZE.to_string());
    println!("up {up}, down {down}, plain {plain} bytes");
    assert!(up.max(down).max(plain) < 4 << 20, "up {up}, down {down}, plain {plain}");
}
