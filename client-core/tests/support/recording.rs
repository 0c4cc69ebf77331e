//! Recordings of what real servers answered, in `tests/recordings/<series>/<wire>/<case>.json`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use odoo_client::client::WireKind;
use serde_json::{Map, Value, json};

use super::server::{PASSWORD, Request, answer_with};

/// Which call of which test is played.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) series: &'static str,
    pub(crate) wire: WireKind,
    pub(crate) name: &'static str,
}

impl Case {
    /// Whether the login is what fails.
    fn is_of_login(self) -> bool {
        matches!(self.name, "wrong_password" | "unknown_database")
    }

    /// The file of the recording that answers a request.
    fn file(self, request: &Request) -> PathBuf {
        let login = |user: &Value| match user.as_str() {
            _ if self.is_of_login() => self.name.to_owned(),
            Some(user) => format!("login_{user}"),
            None => "login".to_owned(),
        };
        let params = request.params();
        let name = match request.path() {
            "/nowhere/web/version" => "wrong_path_page".to_owned(),
            "/nowhere/jsonrpc" => "wrong_path_json_rpc".to_owned(),
            _ if request.asks_version() && self.name != "wrong_path" => "version".to_owned(),
            "/jsonrpc" if params["method"] == "authenticate" => login(&params["args"][1]),
            "/web/session/authenticate" => login(&params["login"]),
            "/json/2/res.users/context_get" if request.database.is_none() => "no_database".to_owned(),
            "/json/2/res.users/context_get" => login(&Value::Null),
            "/json/2/res.users/read" => "login_name".to_owned(),
            // The ids were the first request.
            "/jsonrpc" if self.name == "stream_by_code" && params["args"][4] == "read" => {
                "stream_by_code_read".to_owned()
            }
            _ => self.name.to_owned(),
        };
        self.file_named(&name)
    }

    fn file_named(self, name: &str) -> PathBuf {
        let wire = match self.wire {
            WireKind::JsonRpc => "json_rpc",
            WireKind::Session => "session",
            _ => "json_2",
        };
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings");
        PathBuf::from(format!("{folder}/{}/{wire}/{name}.json", self.series))
    }

    /// The body of the answer that was recorded, for servers that make others like it.
    pub(crate) fn answered(self) -> Value {
        let recorded = std::fs::read_to_string(self.file_named(self.name)).unwrap();
        serde_json::from_str::<Value>(&recorded).unwrap()["body"].take()
    }

    /// Answers from the recording, after a look at the request.
    pub(crate) fn replay(self, request: &Request) -> Vec<u8> {
        let cookie = "set-cookie: session_id=made-up; HttpOnly; Path=/\r\n";
        if request.line.starts_with("GET /web/login?db=") {
            return answer_with(302, if self.name == "no_detail" { "" } else { cookie }, b"");
        }
        self.check(request);
        let path = self.file(request);
        let recorded = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let recorded: Value = serde_json::from_str(&recorded).unwrap();
        assert_eq!(
            seen(request),
            recorded["request"],
            "{} was recorded with another request: record it anew",
            path.display()
        );
        let body = match &recorded["body"] {
            Value::String(page) => page.clone(),
            json => json.to_string(),
        };
        let status = recorded["status"].as_u64().unwrap().try_into().unwrap();
        let begins = if request.path() == "/web/session/authenticate" { cookie } else { "" };
        let headers = format!("content-type: {}\r\n{begins}", recorded["content_type"].as_str().unwrap());
        answer_with(status, &headers, body.as_bytes())
    }

    /// Looks at what goes beside the body.
    fn check(self, request: &Request) {
        let has_session = request.cookie.as_deref() == Some("session_id=made-up");
        match request.path() {
            // Cases with an error in it are what the session is for.
            "/jsonrpc" if request.method() == "execute_kw" => {
                assert_eq!(has_session, self.series == "14" && self.name != "no_detail", "{}", self.name);
            }
            "/web/dataset/call_kw" => assert!(has_session, "{}", self.name),
            path if path.starts_with("/json/2/") => {
                assert_eq!(request.authorization, Some(format!("bearer {PASSWORD}")), "{path}");
                assert_eq!(request.cookie, None, "{path}");
            }
            _ => {}
        }
    }

    /// Passes a request on to the real server, and writes down what it answers.
    pub(crate) fn record(self, request: &Request) -> Vec<u8> {
        if self.name == "no_detail" && request.line.starts_with("GET") {
            return answer_with(404, "", b"");
        }
        let mut body = String::from_utf8(request.body.clone()).unwrap();
        let mut headers = String::new();
        if let Some(cookie) = &request.cookie {
            headers += &format!("cookie: {cookie}\r\n");
        }
        if let Some(database) = &request.database {
            headers += &format!("x-odoo-database: {database}\r\n");
        }
        if let Some(authorization) = &request.authorization {
            let key = std::env::var("ODOO_API_KEY").expect("ODOO_API_KEY: a key of the user `admin`");
            let key = if self.name == "wrong_password" { PASSWORD } else { &key };
            headers += &format!("authorization: {}\r\n", authorization.replace(PASSWORD, key));
        }
        if self.name != "wrong_password" {
            let admin = std::env::var("ODOO_PASSWORD").expect("ODOO_PASSWORD");
            let is_demo = body.contains(r#""demo""#) || self.name == "access_error";
            body = body.replace(PASSWORD, if is_demo { "demo" } else { &admin });
        }
        let mut line = request.line.split(' ');
        let (verb, path) = (line.next().unwrap(), line.next().unwrap());
        // Odoo 14 takes even a GET for JSON-RPC if it has this type.
        if verb == "POST" {
            headers += "content-type: application/json\r\n";
        }
        let raw = forward(&format!("{verb} {path} HTTP/1.0"), &headers, &body);
        let text = String::from_utf8(raw.clone()).unwrap();
        let (head, answered) = text.split_once("\r\n\r\n").unwrap();
        if verb == "POST" || self.name == "wrong_path" {
            let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
            let mut answered: Value = serde_json::from_str(answered).unwrap_or_else(|_| answered.into());
            clean(&mut answered);
            let recording = json!({
                "request": seen(request),
                "status": head.split(' ').nth(1).unwrap().parse::<u16>().unwrap(),
                "content_type": header("Content-Type:"),
                "body": answered,
            });
            let file = self.file(request);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, format!("{recording:#}\n")).unwrap();
        }
        raw
    }
}

/// Answers a call over JSON-RPC from its recording.
pub(crate) fn replay(series: &'static str, name: &'static str, request: &Request) -> Vec<u8> {
    Case { series, wire: WireKind::JsonRpc, name }.replay(request)
}

/// Records a call over JSON-RPC.
pub(crate) fn record(series: &'static str, name: &'static str, request: &Request) -> Vec<u8> {
    Case { series, wire: WireKind::JsonRpc, name }.record(request)
}

/// What of a request is recorded and compared: without secrets.
fn seen(request: &Request) -> Value {
    let mut body = request.json();
    let body = if body.get("jsonrpc").is_some() { body["params"].take() } else { body };
    let text = body.to_string().replace(PASSWORD, "***");
    json!({"path": request.path(), "database": request.database, "body": serde_json::from_str::<Value>(&text).unwrap()})
}

/// Takes out of an answer what is secret or of no interest.
fn clean(answered: &mut Value) {
    let left_out = "Traceback (most recent call last): (left out)";
    for pointer in ["/error/data/debug", "/debug"] {
        if let Some(debug) = answered.pointer_mut(pointer) {
            *debug = left_out.into();
        }
    }
    // What Odoo tells its own web client of a session goes on for pages, with tokens among it.
    if let Some(Value::Object(info)) = answered.get_mut("result")
        && info.contains_key("username")
    {
        let told = ["uid", "username", "name", "partner_id", "company_id", "db", "server_version", "user_context"];
        let kept = |(key, _): &(String, Value)| told.contains(&key.as_str()) || key == "user_companies";
        *info = std::mem::take(info).into_iter().filter(kept).collect::<Map<_, _>>();
    }
}

fn forward(line: &str, headers: &str, body: &str) -> Vec<u8> {
    let url = std::env::var("ODOO_URL").expect("ODOO_URL");
    let host = url.strip_prefix("http://").expect("an http:// URL").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    // HTTP/1.0: the answer ends with the connection, and is not in chunks.
    write!(stream, "{line}\r\nhost: {host}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).unwrap();
    raw
}
