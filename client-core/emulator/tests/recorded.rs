//! What real servers of 14.0 and 19.0 answered, asked again of the emulator: the recordings of `odoo-client`. Statuses, types,
//! pages, codes, exceptions and their words.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use odoo_emulator::Emulator;
use serde_json::{Value, json};

/// What is not compared, and why.
const LEFT_OUT: [&str; 8] = [
    // Records that an emulator has not: pictures, and how many partners there are.
    "bin_size",
    "bin_size_nested",
    "stream_by_code",
    "stream_by_code_read",
    "stream_by_id",
    // Whose session it is: the names and companies of the database that was recorded. See `live/sessions.rs`.
    "login",
    "login_admin",
    "login_demo",
];

/// Cases of which only the exception is compared, not its words, and why.
fn is_worded_otherwise(series: &str, case: &str) -> bool {
    match case {
        // Which groups would have the right is not in a pin.
        "access_error" => true,
        // 14 says the name of the constraint or its text, by the wire.
        "create_one" | "validation_error" => series == "14",
        // 19 looks for what is missing first, over JSON-2.
        "unknown_argument" => series == "19",
        _ => false,
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn recordings(series: &str) -> Vec<(PathBuf, Value)> {
    let folder = repository().join("client-core/tests/recordings").join(series);
    let wires = std::fs::read_dir(folder).unwrap().map(|wire| wire.unwrap().path());
    let mut files: Vec<_> = wires
        .flat_map(|wire| std::fs::read_dir(wire).unwrap().map(|file| file.unwrap().path()))
        .filter(|file| !LEFT_OUT.contains(&file.file_stem().unwrap().to_str().unwrap()))
        .collect();
    files.sort();
    let read = |file: &PathBuf| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    files.into_iter().map(|file| (file.clone(), read(&file))).collect()
}

/// A server of two databases, as those that were recorded.
fn start(series: &str) -> Emulator {
    let builder = Emulator::builder(repository().join(format!("generated/odoo{series}"))).unwrap();
    let emulator = builder.database("apps").another_database("other").start().unwrap();
    emulator.load_demo().unwrap();
    emulator
}

struct Asked {
    status: u16,
    content_type: String,
    body: Value,
}

/// Sends a request by hand: what comes back is looked at as it is.
fn send(emulator: &Emulator, path: &str, headers: &[(&str, String)], body: Option<&Value>) -> (Asked, Option<String>) {
    let host = emulator.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let verb = if body.is_some() { "POST" } else { "GET" };
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut head = format!("{verb} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()));
    (Asked { status, content_type: header("content-type").unwrap_or_default(), body }, header("set-cookie"))
}

fn ask(emulator: &Emulator, case: &str, wire: &str, series: &str, request: &Value) -> Asked {
    let path = request["path"].as_str().unwrap();
    // Who it is that may not do something.
    let is_demo = case == "access_error";
    let (login, uid) = if is_demo { ("demo", 6) } else { ("admin", 2) };
    let secret = if case == "wrong_password" { "not this one" } else { login };
    let mut body: Value = serde_json::from_str(&request["body"].to_string().replace("***", secret)).unwrap();
    if body["service"] == "object" {
        body["args"][1] = json!(uid);
    }
    let mut headers = Vec::new();
    if !body.is_null() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    if let Some(database) = request["database"].as_str() {
        headers.push(("x-odoo-database", database.to_owned()));
    }
    if path.starts_with("/json/2/") {
        let is_right = !matches!(case, "wrong_password" | "no_database" | "unknown_database");
        let key = if is_right { emulator.add_api_key("admin", None).unwrap() } else { "not this one".to_owned() };
        headers.push(("authorization", format!("bearer {key}")));
    }
    let chosen = path == "/web/session/authenticate" && case == "wrong_password" && series == "14";
    let is_call = path == "/web/dataset/call_kw" || (path == "/jsonrpc" && request["body"]["service"] == "object");
    if chosen || (is_call && case != "no_detail" && (wire == "session" || series == "14")) {
        headers.push(("cookie", session(emulator, login)));
    }
    let body = match body {
        Value::Null => None,
        body if path.starts_with("/json/2/") => Some(body),
        params => Some(json!({"jsonrpc": "2.0", "method": "call", "id": 0, "params": params})),
    };
    send(emulator, path, &headers, body.as_ref()).0
}

fn session(emulator: &Emulator, login: &str) -> String {
    let params = json!({"db": "apps", "login": login, "password": login});
    let body = json!({"jsonrpc": "2.0", "params": params});
    let headers = [("content-type", "application/json".to_owned())];
    let cookie = send(emulator, "/web/session/authenticate", &headers, Some(&body)).1.unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// What of an answer is to be the same.
fn shown(body: &Value) -> Value {
    let mut body = body.clone();
    for pointer in ["/error/data/debug", "/debug"] {
        if let Some(debug) = body.pointer_mut(pointer) {
            *debug = json!("Traceback");
        }
    }
    // PostgreSQL 15 says first to which socket it is connected.
    let text = body.to_string();
    match text.split_once("connection to server on socket") {
        Some(_) => {
            let from = |text: &str, to: &str| text.find(to).unwrap();
            let (a, b) = (from(&text, "connection to server"), from(&text, "FATAL:"));
            let once = format!("{}{}", &text[..a], &text[b..]);
            let (a, b) = (from(&once, "connection to server"), once.rfind("FATAL:").unwrap());
            serde_json::from_str(&format!("{}{}", &once[..a], &once[b..])).unwrap()
        }
        None => body,
    }
}

fn replay(series: &str) {
    let emulator = start(series);
    let mut differ = Vec::new();
    let recordings = recordings(series);
    assert!(recordings.len() > 30, "{}", recordings.len());
    for (file, recorded) in recordings {
        let case = file.file_stem().unwrap().to_str().unwrap();
        let wire = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let asked = ask(&emulator, case, wire, series, &recorded["request"]);
        let (mut is, mut was) = (shown(&asked.body), shown(&recorded["body"]));
        if is_worded_otherwise(series, case) {
            let exception = |body: &Value| [body["error"]["data"]["name"].clone(), body["name"].clone()];
            (is, was) = (json!(exception(&is)), json!(exception(&was)));
        }
        let same = asked.status == recorded["status"] && asked.content_type == recorded["content_type"];
        if !same || is != was {
            let head = (&recorded["status"], &recorded["content_type"]);
            differ.push(format!(
                "{wire}/{case}:\n  was {head:?} {was}\n  is  {:?} {is}",
                (asked.status, asked.content_type)
            ));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn the_wires_of_14() {
    replay("14");
}

#[test]
fn the_wires_of_19() {
    replay("19");
}
