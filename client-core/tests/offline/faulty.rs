//! A server that misbehaves on purpose. It lets everybody in on every wire, then treats each call as its script says.
//!
//! The certificates in `tls/` and their keys were made for these tests and are trusted by nobody else; the key of their
//! authority was thrown away. `bomb.json.gz` is a JSON-RPC answer of 16 MiB of spaces.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use odoo_client::client::WireKind;
use odoo_client::{Client, ClientBuilder, RetryPolicy};
use serde_json::{Value, json};

/// No text of the crate may ever contain it.
pub(crate) const SECRET: &str = "hunter2-the-secret";
pub(crate) const WIRES: [WireKind; 3] = [WireKind::JsonRpc, WireKind::Session, WireKind::Json2];

/// What the server does with a call, once.
#[derive(Clone)]
pub(crate) struct Act {
    /// Whether a server that does this may have executed the call: where in doubt, it has.
    pub(crate) executes: bool,
    pub(crate) reads_request: bool,
    run: Arc<dyn Fn(&TcpStream) + Send + Sync>,
}

impl Act {
    fn new(run: impl Fn(&TcpStream) + Send + Sync + 'static) -> Self {
        Self { executes: true, reads_request: true, run: Arc::new(run) }
    }

    /// Sends these bytes and closes the connection.
    pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new(move |mut stream| drop(stream.write_all(&bytes)))
    }

    /// Sends these bytes and resets the connection.
    pub(crate) fn bytes_then_reset(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new(move |mut stream| {
            let _ = stream.write_all(&bytes);
            reset(stream);
        })
    }

    /// Sends these bytes, and then nothing, until the client has had enough.
    pub(crate) fn bytes_then_silence(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new(move |mut stream| {
            let _ = stream.write_all(&bytes);
            let _ = stream.read(&mut [0]);
        })
    }

    /// Sends these bytes over and over until the client has had enough.
    pub(crate) fn endless(head: impl Into<Vec<u8>>, chunk: Vec<u8>) -> Self {
        let head = head.into();
        Self::new(move |mut stream| {
            let mut sent = stream.write_all(&head);
            while sent.is_ok() {
                sent = stream.write_all(&chunk);
            }
        })
    }

    /// Resets the connection without a look at the request.
    pub(crate) fn reset_unread() -> Self {
        let run = |stream: &TcpStream| {
            // Sooner, and the client may find that it never was connected.
            let _ = stream.peek(&mut [0]);
            reset(stream);
        };
        Self { executes: false, reads_request: false, run: Arc::new(run) }
    }

    /// Says so of an act after which the call has had no effect.
    pub(crate) fn refuses(mut self) -> Self {
        self.executes = false;
        self
    }
}

fn reset(stream: &TcpStream) {
    let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

/// An answer with a status, headers (each with its line end) and a body.
pub(crate) fn http(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len())
            .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Vec<u8> {
    http(status, "content-type: application/json\r\n", body.to_string())
}

pub(crate) fn html(status: u16, words: &str) -> Vec<u8> {
    http(status, "content-type: text/html\r\n", format!("<html><body><h1>{words}</h1></body></html>"))
}

/// The result as the wire puts it.
pub(crate) fn body(wire: WireKind, result: &Value) -> Value {
    match wire {
        WireKind::Json2 => result.clone(),
        _ => json!({"jsonrpc": "2.0", "id": 0, "result": result}),
    }
}

/// What a call that succeeds is answered: the list `[1]`.
pub(crate) fn good(wire: WireKind) -> Act {
    Act::bytes(json_answer(200, &body(wire, &json!([1]))))
}

/// An exception as the wire puts it; `status` is that of JSON-2.
pub(crate) fn exception(wire: WireKind, class: &str, words: &str, status: u16) -> Act {
    exception_from(wire, class, words, status, "Traceback")
}

/// The same, with the traceback of what raised it.
pub(crate) fn exception_from(wire: WireKind, class: &str, words: &str, status: u16, debug: &str) -> Act {
    let data = json!({"name": class, "message": words, "arguments": [words], "context": {}, "debug": debug});
    Act::bytes(match wire {
        WireKind::Json2 => json_answer(status, &data),
        _ => {
            let code = if class.ends_with("SessionExpiredException") { 100 } else { 0 };
            let error = json!({"code": code, "message": "Odoo Server Error", "data": data});
            json_answer(200, &json!({"jsonrpc": "2.0", "id": 0, "error": error}))
        }
    })
    .refuses()
}

/// A request as it came in; the names of its headers are in lower case.
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Value,
}

impl Request {
    pub(crate) fn read(stream: impl Read) -> std::io::Result<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut headers = HashMap::new();
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let Some((name, value)) = header.trim_end().split_once(": ") else { break };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body = serde_json::from_slice(&body).unwrap_or_default();
        Ok(Self { line: line.trim_end().to_owned(), headers, body })
    }

    fn path(&self) -> &str {
        let target = self.line.split(' ').nth(1).unwrap_or_default();
        // As proxies are asked.
        let target =
            target.strip_prefix("http://").and_then(|rest| rest.find('/').map(|path| &rest[path..])).unwrap_or(target);
        target.split('?').next().unwrap_or_default()
    }

    /// The answer to what a client asks before its first call, and when it logs in again; `None` if this is a call.
    pub(crate) fn welcome(&self, session: &str) -> Option<Vec<u8>> {
        let info = json!({"uid": 2, "username": "admin", "name": "Admin", "db": "apps", "server_version": "19.0",
            "user_context": {"lang": "en_US", "tz": "UTC", "uid": 2}, "partner_id": 3, "company_id": 1,
            "user_companies": {"current_company": 1, "allowed_companies": {"1": {"id": 1, "name": "x"}}}});
        let cookie = format!("content-type: application/json\r\nset-cookie: session_id={session}; Path=/\r\n");
        let json_rpc = |result: &Value| body(WireKind::JsonRpc, result);
        Some(match self.path() {
            "/web/webclient/version_info" => json_answer(200, &json_rpc(&json!({"server_version": "19.0"}))),
            "/web/version" => json_answer(200, &json!({"version": "19.0"})),
            "/web/session/authenticate" | "/web/session/get_session_info" => {
                http(200, &cookie, json_rpc(&info).to_string())
            }
            "/web/login" => http(302, &cookie, ""),
            "/json/2/res.users/context_get" => json_answer(200, &json!({"uid": 2})),
            "/json/2/ir.http/session_info" => json_answer(200, &info),
            "/jsonrpc" => match self.body["params"]["method"].as_str() {
                Some("version") => json_answer(200, &json_rpc(&json!({"server_version": "19.0"}))),
                Some("authenticate") => json_answer(200, &json_rpc(&json!(2))),
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// A server with a script: the first call gets the first act, and so on; the last act is repeated.
pub(crate) struct Server {
    pub(crate) url: String,
    state: Arc<State>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    script: Mutex<Vec<Act>>,
    is_armed: AtomicBool,
    is_stopped: AtomicBool,
    calls: AtomicUsize,
    executions: AtomicUsize,
    logins: AtomicUsize,
}

impl Server {
    pub(crate) fn start(script: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State { script: Mutex::new(script), ..State::default() });
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                if state.is_stopped.load(Ordering::SeqCst) {
                    break;
                }
                std::thread::spawn(move || state.serve(&stream));
            }
        });
        Self { url, state, thread }
    }

    /// Stops listening, so that connections are refused.
    pub(crate) fn stop(self) {
        self.state.is_stopped.store(true, Ordering::SeqCst);
        let address = self.url.strip_prefix("http://").unwrap();
        drop(TcpStream::connect(address).unwrap());
        self.thread.join().unwrap();
    }

    /// Builds a client and makes it connect; the script holds from then on.
    pub(crate) async fn client(&self, wire: WireKind, settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        let client = settings(builder(&self.url, wire)).connect().await.unwrap();
        self.state.logins.store(0, Ordering::SeqCst);
        self.state.is_armed.store(true, Ordering::SeqCst);
        client
    }

    /// How many calls reached the server.
    pub(crate) fn calls(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// How many of them it may have executed.
    pub(crate) fn executions(&self) -> usize {
        self.state.executions.load(Ordering::SeqCst)
    }

    /// How many logins there were after the first.
    pub(crate) fn logins(&self) -> usize {
        self.state.logins.load(Ordering::SeqCst)
    }
}

impl State {
    fn next(&self) -> Act {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let script = self.script.lock().unwrap();
        let act = script[number.min(script.len() - 1)].clone();
        self.executions.fetch_add(usize::from(act.executes), Ordering::SeqCst);
        act
    }

    fn serve(&self, mut stream: &TcpStream) {
        let is_armed = self.is_armed.load(Ordering::SeqCst);
        let is_unread = {
            let script = self.script.lock().unwrap();
            let number = self.calls.load(Ordering::SeqCst).min(script.len() - 1);
            !script[number].reads_request
        };
        if is_armed && is_unread {
            return (self.next().run)(stream);
        }
        // A client that went away is part of some tests.
        let Ok(request) = Request::read(stream) else { return };
        let session = format!("made-up-{}", self.logins.load(Ordering::SeqCst));
        match request.welcome(&session) {
            Some(answer) => {
                if request.path() == "/web/session/authenticate" {
                    self.logins.fetch_add(1, Ordering::SeqCst);
                }
                let _ = stream.write_all(&answer);
            }
            None => (self.next().run)(stream),
        }
    }
}

/// A builder for a server of this module, in a hurry.
pub(crate) fn builder(url: &str, wire: WireKind) -> ClientBuilder {
    let builder = Client::builder()
        .url(url)
        .database("apps")
        .wire(wire)
        .retry(RetryPolicy::new().attempts(3).base_delay(Duration::from_millis(2)));
    match wire {
        WireKind::Json2 => builder.api_key(SECRET),
        _ => builder.user("admin").password(SECRET),
    }
}
