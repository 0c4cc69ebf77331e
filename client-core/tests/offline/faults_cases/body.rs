//! Bodies that are no answer of Odoo, or too much of one.

use odoo_client::ErrorKind::*;
use odoo_client::client::WireKind;
use serde_json::json;

use super::*;
use crate::faulty::{Act, body, html, http};

pub(crate) const BODY: &[Case] = &[
    both(
        "a login page",
        |_| {
            vec![
                Act::bytes(http(200, "content-type: text/html\r\n", "<form><input type=\"password\"></form>"))
                    .refuses(),
            ]
        },
        Bad(NotOdoo, 1, SURELY_NOT),
        "is a login page",
    ),
    both(
        "the database selector",
        |_| {
            let page = "<html><a href=\"/web?db=a\">a</a><a href=\"/web/database/manager\">Manage databases</a></html>";
            vec![Act::bytes(http(200, "content-type: text/html\r\n", page)).refuses()]
        },
        Bad(UnknownDatabase, 1, SURELY_NOT),
        "asks to choose a database",
    ),
    both("another page", |_| vec![Act::bytes(html(200, "It works!"))], Bad(NotOdoo, 1, MAYBE), "It works!"),
    both(
        "a page that claims to be JSON",
        |_| vec![Act::bytes(http(200, "content-type: application/json\r\n", "<html><p>It works!</html>"))],
        Bad(NotOdoo, 1, MAYBE),
        "It works!",
    ),
    ambiguous("nothing", |_| vec![Act::bytes(http(200, "content-type: application/json\r\n", ""))], Protocol, "empty"),
    ambiguous("204", |_| vec![Act::bytes(http(204, "", ""))], Protocol, "empty"),
    both(
        "JSON that claims to be text",
        |wire| vec![Act::bytes(http(200, "content-type: text/plain\r\n", body(wire, &json!({"a": 1})).to_string()))],
        Good(1),
        "",
    ),
    both(
        "what is not UTF-8",
        |_| {
            vec![Act::bytes(http(
                200,
                "content-type: application/json\r\n",
                b"{\"jsonrpc\":\"2.0\",\"result\":\"\xff\"}",
            ))]
        },
        Bad(Protocol, 1, MAYBE),
        "not valid JSON",
    ),
    both(
        "JSON with a tail",
        |wire| {
            let body = body(wire, &json!({"a": 1})).to_string() + " {}";
            vec![Act::bytes(http(200, "content-type: application/json\r\n", body))]
        },
        Bad(Protocol, 1, MAYBE),
        "not valid JSON",
    ),
    both("gzip", |wire| vec![Act::bytes(gzip(&gzipped(wire)))], Good(1), ""),
    both(
        "gzip in several members, one of nothing",
        |wire| {
            let body = body(wire, &json!([1])).to_string().into_bytes();
            let (start, end) = body.split_at(3);
            Vec::from([Act::bytes(gzip(&[member(start), member(&[]), member(end)].concat()))])
        },
        Good(1),
        "",
    ),
    ambiguous(
        "more behind gzip",
        |wire| vec![Act::bytes(gzip(&[&*gzipped(wire), b"[1]"].concat()))],
        Protocol,
        "cannot be decompressed",
    ),
    ambiguous(
        "half a gzip",
        |wire| {
            let body = gzipped(wire);
            vec![Act::bytes(gzip(&body[..body.len() - 9]))]
        },
        Protocol,
        "cannot be decompressed",
    ),
    ambiguous(
        "more behind deflate",
        |wire| vec![Act::bytes(deflate([deflated(wire), b"[1]".to_vec()].concat()))],
        Protocol,
        "there is more behind its end",
    ),
    ambiguous(
        "half a deflate",
        |wire| {
            let mut body = deflated(wire);
            body.truncate(body.len() - 5);
            vec![Act::bytes(deflate(body))]
        },
        Protocol,
        "cannot be decompressed",
    ),
    both("deflate", |wire| vec![Act::bytes(deflate(deflated(wire)))], Good(1), ""),
    both(
        "300 MB, announced",
        |_| vec![Act::bytes_then_silence(head(300_000_000))],
        Bad(Protocol, 1, MAYBE),
        "bigger than the limit of 1000000 bytes",
    ),
    both(
        "endless, not announced",
        |_| vec![Act::endless(format!("{HEAD}\r\n\""), vec![b'x'; 1 << 16])],
        Bad(Protocol, 1, MAYBE),
        "bigger than the limit of 1000000 bytes",
    ),
    both(
        "endless, in chunks",
        |_| {
            let chunk = [b"10000\r\n".as_slice(), &[b'x'; 1 << 16], b"\r\n"].concat();
            vec![Act::endless(format!("{HEAD}transfer-encoding: chunked\r\n\r\n"), chunk)]
        },
        Bad(Protocol, 1, MAYBE),
        "bigger than the limit of 1000000 bytes",
    ),
    both(
        "a gzip bomb",
        |_| vec![Act::bytes(gzip(include_bytes!("../../support/bomb.json.gz")))],
        Bad(Protocol, 1, MAYBE),
        "bigger than the limit of 1000000 bytes",
    ),
    ambiguous(
        "broken gzip",
        |_| vec![Act::bytes(gzip(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xffnot gzip at all"))],
        Protocol,
        "cannot be decompressed",
    ),
    ambiguous(
        "a broken size of a chunk",
        |_| vec![Act::bytes(format!("{HEAD}transfer-encoding: chunked\r\n\r\nxyz\r\n[1]\r\n0\r\n\r\n"))],
        Protocol,
        "is not in chunks as HTTP has them",
    ),
    both(
        "101 headers",
        |_| vec![Act::bytes(http(200, &"a: b\r\n".repeat(101), "[1]"))],
        Bad(Protocol, 1, MAYBE),
        "has more headers than are read (100)",
    ),
    both(
        "an old name of a compression",
        |_| vec![Act::bytes(http(200, "content-type: application/json\r\ncontent-encoding: x-gzip\r\n", [0x1f, 0x8b]))],
        Bad(Protocol, 1, MAYBE),
        "compressed as `x-gzip`",
    ),
    both(
        "a compression nobody asked for",
        |_| vec![Act::bytes(http(200, "content-type: application/json\r\ncontent-encoding: zstd\r\n", [0x28, 0xb5]))],
        Bad(Protocol, 1, MAYBE),
        "compressed as `zstd`",
    ),
];

pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    http(200, "content-type: application/json\r\ncontent-encoding: gzip\r\n", body)
}

fn deflate(body: Vec<u8>) -> Vec<u8> {
    http(200, "content-type: application/json\r\ncontent-encoding: deflate\r\n", body)
}

/// The answer `[1]`, as one member of gzip.
fn gzipped(wire: WireKind) -> Vec<u8> {
    member(body(wire, &json!([1])).to_string().as_bytes())
}

fn member(body: &[u8]) -> Vec<u8> {
    packed(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], body, crc32)
}

fn deflated(wire: WireKind) -> Vec<u8> {
    packed(&[0x78, 0x01], body(wire, &json!([1])).to_string().as_bytes(), |body| adler32(body).swap_bytes())
}

/// A stream of deflate that leaves this as it is, between a header and a checksum.
fn packed(header: &[u8], body: &[u8], checksum: fn(&[u8]) -> u32) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    let mut packed = header.to_vec();
    packed.push(1);
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(body);
    packed.extend(checksum(body).to_le_bytes());
    if header.len() > 2 {
        packed.extend(u32::from(length).to_le_bytes());
    }
    packed
}

pub(crate) fn crc32(body: &[u8]) -> u32 {
    !body.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

pub(crate) fn adler32(body: &[u8]) -> u32 {
    let (a, b) = body.iter().fold((1, 0), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65521;
        (a, (b + a) % 65521)
    });
    b << 16 | a
}
