//! An Odoo of recordings: `recordings/<series>.json` holds what real servers (14.0 and 19.0 Community) answered about a
//! few models, asked as regen asks. Cut from them: most fields of `res.users`, most modules, tracebacks.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// What is recorded of a series: one answer an entry.
pub(crate) fn recorded(series: &str) -> Value {
    let path = format!("{}/tests/recordings/{series}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A JSON-RPC request: what was called, and with which arguments.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `version`, `authenticate`, or the method of the model.
    pub(crate) method: String,
    /// Empty if no model was called.
    pub(crate) model: String,
    pub(crate) args: Value,
    pub(crate) kwargs: Value,
    /// The tag of a document that is known.
    pub(crate) known: Option<String>,
}

impl Request {
    pub(crate) fn is(&self, model: &str, method: &str) -> bool {
        self.model == model && self.method == method
    }
}

/// An answer: JSON, that of an address which is no JSON-RPC, or the page of a proxy.
pub(crate) enum Answer {
    Json(Value),
    Bare(u16, Value),
    Page(u16),
    /// A document with a tag.
    Tagged(&'static str),
    NotModified,
}

/// A server that answers as recorded, but for what the test changes.
pub(crate) struct Odoo {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Odoo {
    /// As recorded.
    pub(crate) fn new(series: &str) -> Self {
        Self::with(series, |_, _| {})
    }

    /// The test may change each answer.
    pub(crate) fn with(series: &str, change: impl Fn(&Request, &mut Answer) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::new((recorded(series), change, Arc::clone(&seen)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || {
                    let (recorded, change, seen) = &*shared;
                    let bytes = match read(&stream) {
                        Some(request) => {
                            let mut answer = answer(recorded, &request);
                            change(&request, &mut answer);
                            seen.lock().unwrap().push(request);
                            bytes(&answer)
                        }
                        // Odoo 14 is asked for a session.
                        None => bytes(&Answer::Page(404)),
                    };
                    // Of some tests it is a part that the client goes away.
                    let _ = (&stream).write_all(&bytes);
                });
            }
        });
        Self { url, seen }
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// The requests that call this method of a model.
    pub(crate) fn calls(&self, model: &str, method: &str) -> Vec<Request> {
        self.seen().into_iter().filter(|request| request.is(model, method)).collect()
    }
}

/// What 19 answers to a user who may not do this.
pub(crate) fn access_error() -> Answer {
    Answer::Json(recorded("19")["access_error"].clone())
}

/// What 19 answers to a user who may not read its documentation: cut from the real one, the traceback.
pub(crate) fn doc_error() -> Answer {
    let message = "This page is only accessible to Technical Documentation users.";
    let body =
        json!({"name": "odoo.exceptions.AccessError", "message": message, "arguments": [message], "context": {}});
    Answer::Bare(403, body)
}

/// What both servers answer about a model that they do not have.
fn unknown_model(model: &str) -> Value {
    let text = recorded("19")["unknown_model"].to_string();
    let quoted = json!(model).to_string();
    serde_json::from_str(&text.replace("x.y", quoted.trim_matches('"'))).unwrap()
}

fn answer(recorded: &Value, request: &Request) -> Answer {
    if request.method == "api_doc" {
        return match &recorded["api_doc"][&request.model] {
            Value::Null => Answer::Page(404),
            doc => Answer::Bare(200, doc.clone()),
        };
    }
    Answer::Json(match (request.model.as_str(), request.method.as_str()) {
        ("", "version" | "authenticate" | "session") => recorded[&request.method].clone(),
        ("", "session_info") => recorded["session"].clone(),
        ("", "destroy") => json!({"jsonrpc": "2.0", "result": true}),
        ("", "databases") => json!({"jsonrpc": "2.0", "result": ["apps"]}),
        // Of a user in another language than that of pins, unless a test says otherwise: fields are then asked for one by one.
        ("res.users", "context_get") => json!({"jsonrpc": "2.0", "result": {"lang": "fr_FR", "tz": false, "uid": 2}}),
        (_, "has_access" | "check_access_rights") => json!({"jsonrpc": "2.0", "result": true}),
        // An ordinary user may not know.
        ("ir.model.access" | "ir.rule" | "res.users" | "res.users.apikeys", "read" | "search_read") => {
            self::recorded("19")["access_error"].clone()
        }
        (model, "default_get") => match &recorded["default_get"][model] {
            Value::Null => json!({"jsonrpc": "2.0", "result": {}}),
            known => known.clone(),
        },
        ("ir.model", "search_read") => {
            let domain = &request.kwargs["domain"];
            let wanted = |row: &Value| match domain.pointer("/0/2") {
                Some(names) => names.as_array().unwrap().contains(&row["model"]),
                None => true,
            };
            assert!(*domain == json!([]) || domain.pointer("/0/1") == Some(&json!("in")), "{domain}");
            let rows = recorded["ir.model"]["result"].as_array().unwrap();
            json!({"jsonrpc": "2.0", "result": rows.iter().filter(|row| wanted(row)).collect::<Vec<_>>()})
        }
        ("ir.module.module", "search_read") => recorded["ir.module.module"].clone(),
        // As a real server's registry and its `ir.model.fields` agree, of what is recorded.
        ("ir.model.fields", "search_read") => {
            let among = |at: usize, name: &str| {
                let names = request.kwargs["domain"][at][2].as_array().unwrap();
                names.iter().any(|wanted| wanted == name)
            };
            let mut rows = Vec::new();
            for (model, fields) in recorded["fields_get"].as_object().unwrap().iter().filter(|(name, _)| among(0, name))
            {
                let names = fields["result"].as_object().unwrap().keys().filter(|name| among(1, name));
                rows.extend(names.map(|name| json!({"id": 1, "model": model, "name": name})));
            }
            json!({"jsonrpc": "2.0", "result": rows})
        }
        (model, "fields_get") => match &recorded["fields_get"][model] {
            Value::Null => unknown_model(model),
            known => known.clone(),
        },
        (model, method) => panic!("not recorded: {model}.{method}"),
    })
}

/// Reads a request; `None` if it is neither JSON-RPC nor for the API documentation.
pub(crate) fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    let mut known = None;
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let path = first.split(' ').nth(1).unwrap_or_default();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        match header.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("if-none-match", value)) => known = Some(value.trim_matches('"').to_owned()),
            Some(("content-length", value)) => length = value.parse().unwrap(),
            None if header.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let of = |method: &str, model: &str| Request {
        method: method.to_owned(),
        model: model.to_owned(),
        args: json!([]),
        kwargs: json!({}),
        known: None,
    };
    if let Some(document) = path.strip_prefix("/doc/").and_then(|path| path.strip_suffix(".json")) {
        return Some(Request { known, ..of("api_doc", document) });
    }
    match path {
        "/web/session/authenticate" => return Some(of("session", "")),
        "/web/session/get_session_info" => return Some(of("session_info", "")),
        "/web/session/destroy" => return Some(of("destroy", "")),
        "/web/database/list" => return Some(of("databases", "")),
        _ => {}
    }
    let mut body: Value = serde_json::from_slice(&body).ok()?;
    let mut params = body["params"].take();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if path.starts_with("/web/dataset/call_kw") {
        let (args, kwargs) = (params["args"].take(), params["kwargs"].take());
        return Some(Request { args, kwargs, ..of(&text(&params["method"]), &text(&params["model"])) });
    }
    Some(match text(&params["method"]).as_str() {
        "execute_kw" => Request {
            method: text(&params["args"][4]),
            model: text(&params["args"][3]),
            args: params["args"][5].take(),
            kwargs: params["args"][6].take(),
            known: None,
        },
        // Every client first asks for the version, at an address of its own.
        "" => of("version", ""),
        method => Request { args: params["args"].take(), ..of(method, "") },
    })
}

pub(crate) fn bytes(answer: &Answer) -> Vec<u8> {
    let (status, content_type, body) = match answer {
        Answer::Json(json) => (200, "application/json", json.to_string()),
        Answer::Bare(status, json) => (*status, "application/json", json.to_string()),
        Answer::Page(status) => (*status, "text/html", format!("<h1>{status}</h1>")),
        Answer::Tagged(tag) => (200, &*format!("application/json\r\netag: {tag}"), "{}".to_owned()),
        Answer::NotModified => (304, "text/html", String::new()),
    };
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nset-cookie: session_id=abc\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}
