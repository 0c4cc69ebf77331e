//! A small HTTP server on this machine, for tests: it answers what it is told to, byte by byte if need be.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use odoo_client::ClientBuilder;
use serde_json::{Value, json};

/// The password in tests without a live server. No text of this crate may ever contain it.
pub(crate) const PASSWORD: &str = "hunter2-the-secret";

/// A request as it came in.
#[derive(Default)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) cookie: Option<String>,
    pub(crate) authorization: Option<String>,
    /// The database that a request of JSON-2 names.
    pub(crate) database: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) accept_encoding: Option<String>,
    pub(crate) if_none_match: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The `params` of a JSON-RPC request: service, method and arguments.
    pub(crate) fn params(&self) -> Value {
        self.json()["params"].take()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Without a query.
    pub(crate) fn path(&self) -> &str {
        let target = self.line.split(' ').nth(1).unwrap_or_default();
        target.split('?').next().unwrap_or_default()
    }

    /// Whether this is the first request of every client.
    pub(crate) fn asks_version(&self) -> bool {
        self.path().ends_with("/web/webclient/version_info")
    }

    pub(crate) fn method(&self) -> String {
        self.params()["method"].as_str().unwrap_or_default().to_owned()
    }
}

/// Starts a server that answers each request with the bytes the handler makes of it, and closes the connection.
/// Returns its URL.
pub(crate) fn serve(handler: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let handler = Arc::new(handler);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, handler) = (stream.unwrap(), Arc::clone(&handler));
            std::thread::spawn(move || {
                // A client that went away is part of some tests.
                if let Ok(request) = read_request(&stream) {
                    let _ = (&stream).write_all(&handler(&request));
                }
            });
        }
    });
    url
}

fn read_request(stream: &TcpStream) -> std::io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut request = Request { line: line.trim_end().to_owned(), ..Request::default() };
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => request.authorization = Some(value.to_owned()),
            "x-odoo-database" => request.database = Some(value.to_owned()),
            "cookie" => request.cookie = Some(value.to_owned()),
            "if-none-match" => request.if_none_match = Some(value.to_owned()),
            "accept-encoding" => request.accept_encoding = Some(value.to_owned()),
            "user-agent" => request.user_agent = Some(value.to_owned()),
            _ => {}
        }
    }
    request.body.resize(length, 0);
    reader.read_exact(&mut request.body)?;
    Ok(request)
}

/// An answer with a status, a content type and a body.
pub(crate) fn answer(status: u16, content_type: &str, body: &str) -> Vec<u8> {
    answer_with(status, &format!("content-type: {content_type}\r\n"), body.as_bytes())
}

/// The same with any headers, each with its line end.
pub(crate) fn answer_with(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len())
            .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub(crate) fn result(result: &Value) -> Vec<u8> {
    answer(200, "application/json", &json!({"jsonrpc": "2.0", "id": 0, "result": result}).to_string())
}

/// A server that lets everybody in, and answers calls with what `handler` makes of them.
pub(crate) fn serve_calls(handler: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> String {
    serve(move |request| match request.method().as_str() {
        _ if request.asks_version() => result(&json!({"server_version": "19.0"})),
        "authenticate" => result(&json!(2)),
        _ => handler(request),
    })
}

/// A builder for a server of this module. Nothing is tried twice: tests/offline/faults.rs is for that.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    let builder = odoo_client::Client::builder().retry(odoo_client::RetryPolicy::never());
    builder.url(url).database("apps").user("admin").password(PASSWORD)
}
