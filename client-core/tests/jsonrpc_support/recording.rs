//! Recordings of what real servers answered, in `tests/recordings/<series>/<case>.json`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{PASSWORD, Request, answer, answer_with};

/// Which recording a request belongs to, and what of it is compared.
fn exchange(series: &str, case: &str, request: &Request) -> (PathBuf, Value) {
    let mut params = request.params();
    let args = &mut params["args"];
    let name = match request.method().as_str() {
        _ if case == "wrong_path" => case.to_owned(),
        "version" => "version".to_owned(),
        "authenticate" if matches!(case, "wrong_password" | "unknown_database") => case.to_owned(),
        "authenticate" => format!("login_{}", args[1].as_str().unwrap()),
        _ => case.to_owned(),
    };
    if let Some(secret) = args.get_mut(2) {
        *secret = "***".into();
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings");
    (PathBuf::from(format!("{folder}/{series}/{name}.json")), params)
}

/// Answers from the recording, after a look at the request.
pub(crate) fn replay(series: &str, case: &str, request: &Request) -> Vec<u8> {
    if request.line.starts_with("GET /web/login?db=") {
        let cookie = if case == "no_detail" { "" } else { "set-cookie: session_id=made-up; HttpOnly; Path=/\r\n" };
        return answer_with(302, cookie, b"");
    }
    // Cases with an error in it are what the session is for.
    let has_session = request.cookie.as_deref() == Some("session_id=made-up");
    let called = request.method() == "execute_kw";
    assert!(!called || has_session == (series == "14" && case != "no_detail"), "{case}");
    let (path, params) = exchange(series, case, request);
    let recorded = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let recorded: Value = serde_json::from_str(&recorded).unwrap();
    assert_eq!(params, recorded["request"], "{} was recorded with another request: record it anew", path.display());
    let body = match &recorded["body"] {
        Value::String(page) => page.clone(),
        json => json.to_string(),
    };
    let status = recorded["status"].as_u64().unwrap().try_into().unwrap();
    answer(status, recorded["content_type"].as_str().unwrap(), &body)
}

/// Passes a request on to the real server, and writes down what it answers.
pub(crate) fn record(series: &str, case: &str, request: &Request) -> Vec<u8> {
    if case == "no_detail" && request.line.starts_with("GET") {
        return answer(404, "text/plain", "");
    }
    let mut body = String::from_utf8(request.body.clone()).unwrap();
    if case != "wrong_password" {
        let admin = std::env::var("ODOO_PASSWORD").expect("ODOO_PASSWORD");
        let is_demo = body.contains(r#""demo""#) || case == "access_error";
        body = body.replace(PASSWORD, if is_demo { "demo" } else { &admin });
    }
    let mut line = request.line.split(' ');
    let (verb, path) = (line.next().unwrap(), line.next().unwrap());
    let cookie = request.cookie.as_ref().map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
    // Odoo 14 takes even a GET for JSON-RPC if it has this type.
    let content_type = if verb == "POST" { "content-type: application/json\r\n" } else { "" };
    let url = std::env::var("ODOO_URL").expect("ODOO_URL");
    let host = url.strip_prefix("http://").expect("an http:// URL").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    // HTTP/1.0: the answer ends with the connection, and is not in chunks.
    write!(
        stream,
        "{verb} {path} HTTP/1.0\r\nhost: {host}\r\n{cookie}{content_type}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).unwrap();
    let text = String::from_utf8(raw.clone()).unwrap();
    let (head, answered) = text.split_once("\r\n\r\n").unwrap();
    if verb == "POST" {
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        let mut answered: Value = serde_json::from_str(answered).unwrap_or_else(|_| answered.into());
        if let Some(debug) = answered.pointer_mut("/error/data/debug") {
            *debug = "Traceback (most recent call last): (left out)".into();
        }
        let (path, params) = exchange(series, case, request);
        let recording = json!({
            "request": params,
            "status": head.split(' ').nth(1).unwrap().parse::<u16>().unwrap(),
            "content_type": header("Content-Type:"),
            "body": answered,
        });
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("{recording:#}\n")).unwrap();
    }
    raw
}
