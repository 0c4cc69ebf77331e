//! Connections that break, fall silent, or carry half of an answer.

use odoo_client::ErrorKind::*;
use serde_json::json;

use super::*;
use crate::faulty::{Act, body, good, http, json_answer};

pub(crate) const CONNECTION: &[Case] = &[
    ambiguous("reset before the request is read", |_| vec![Act::reset_unread()], Connect, "broke"),
    ambiguous("reset before the answer", |_| vec![Act::bytes_then_reset("")], Connect, "broke"),
    ambiguous("closed before the answer", |_| vec![Act::bytes("")], Connect, "broke"),
    ambiguous("reset within the status", |_| vec![Act::bytes_then_reset("HTTP/1.1 2")], Connect, "broke"),
    ambiguous("closed within the headers", |_| vec![Act::bytes("HTTP/1.1 200 OK\r\ncontent-ty")], Connect, "broke"),
    ambiguous("reset within the body", |wire| vec![Act::bytes_then_reset(head(5000) + &half(wire))], Connect, "broke"),
    ambiguous("closed within the body", |wire| vec![Act::bytes(head(5000) + &half(wire))], Connect, "broke off after"),
    ambiguous(
        "closed within a chunk",
        |wire| vec![Act::bytes(format!("{HEAD}transfer-encoding: chunked\r\n\r\nfff\r\n{}", half(wire)))],
        Connect,
        "broke off after",
    ),
    ambiguous(
        "closed between two chunks",
        |_| vec![Act::bytes(format!("{HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n"))],
        Connect,
        "broke off after",
    ),
    ambiguous(
        "half the JSON, said to be all",
        |wire| vec![Act::bytes(http(200, "content-type: application/json\r\n", half(wire)))],
        Protocol,
        "cut short after",
    ),
    ambiguous(
        "half the JSON, of unknown length",
        |wire| vec![Act::bytes(format!("{HEAD}\r\n{}", half(wire)))],
        Protocol,
        "cut short after",
    ),
    ambiguous("silence", |_| vec![Act::bytes_then_silence("")], Timeout, "gave no complete answer"),
    ambiguous(
        "silence within the headers",
        |_| vec![Act::bytes_then_silence("HTTP/1.1 200 OK\r\n")],
        Timeout,
        "gave no",
    ),
    ambiguous(
        "silence within the body",
        |wire| vec![Act::bytes_then_silence(head(5000) + &half(wire))],
        Timeout,
        "gave no complete answer",
    ),
    passing("reset once", |wire| vec![Act::bytes_then_reset(""), good(wire)], Connect, "broke"),
    passing("silence once", |wire| vec![Act::bytes_then_silence(""), good(wire)], Timeout, "gave no complete answer"),
    passing(
        "half the JSON once",
        |wire| vec![Act::bytes(http(200, "content-type: application/json\r\n", half(wire))), good(wire)],
        Protocol,
        "cut short after",
    ),
    both(
        "reset after the whole answer",
        |wire| vec![Act::bytes_then_reset(json_answer(200, &body(wire, &json!([1]))))],
        Good(1),
        "",
    ),
    both(
        "an answer that is not HTTP",
        |_| vec![Act::bytes("SSH-2.0-OpenSSH_9.2\r\n")],
        Bad(Protocol, 1, MAYBE),
        "not HTTP",
    ),
];
