//! Routes of one's own, against hand-made servers: which login goes along, where a redirect may lead, and what is made again.
//! `tests/live/routes.rs` has real ones; the pages here are those of Odoo 19.

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use crate::faulty::{Act, SECRET, Server, WIRES, http, json_answer};
use crate::support::server::{PASSWORD, answer, answer_with, builder, result, serve};
use odoo_client::client::WireKind;
use odoo_client::ops::HttpMethod::{self, Get, Post, Put};
use odoo_client::{Client, Error, ErrorKind};
use serde_json::{Value, json};

/// A page of Odoo 19 for a status.
fn page(status: u16, words: &str) -> Vec<u8> {
    answer(status, "text/html; charset=utf-8", &format!("<!doctype html>\n<title>{status}</title>\n<p>{words}</p>\n"))
}

/// A server whose routes answer with what `route` makes of the path, and what was asked of it: line, cookie, authorization.
fn routes(route: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> (String, Arc<Mutex<Vec<[String; 3]>>>) {
    let asked: Arc<Mutex<Vec<[String; 3]>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let info = json!({"uid": 2, "username": "admin", "name": "Admin", "db": "apps", "server_version": "19.0"});
    let begins = "content-type: application/json\r\nset-cookie: session_id=made-up; Path=/\r\n";
    let url = serve(move |request| match request.path().trim_start_matches("/erp") {
        _ if request.asks_version() => result(&json!({"server_version": "19.0"})),
        "/jsonrpc" => result(&json!(2)),
        "/web/session/authenticate" => {
            answer_with(200, begins, json!({"jsonrpc": "2.0", "id": 0, "result": info}).to_string().as_bytes())
        }
        "/json/2/res.users/context_get" => answer(200, "application/json", "{\"uid\": 2}"),
        "/json/2/ir.http/session_info" => answer(200, "application/json", &info.to_string()),
        _ => {
            let text = |header: &Option<String>| header.clone().unwrap_or_default();
            let line = request.line.trim_end_matches(" HTTP/1.1").to_owned();
            seen.lock().unwrap().push([line.clone(), text(&request.cookie), text(&request.authorization)]);
            route(line.split(' ').nth(1).unwrap())
        }
    });
    (url, asked)
}

async fn connect(url: &str, wire: WireKind) -> Client {
    let builder = builder(url).wire(wire);
    let builder = if wire == WireKind::Json2 { builder.api_key(PASSWORD) } else { builder };
    builder.connect().await.unwrap()
}

async fn send(odoo: &Client, method: HttpMethod, path: &str) -> Result<u16, Error> {
    odoo.http(method, path).send().await.map(|answer| answer.status())
}

#[tokio::test]
async fn the_login_of_the_client_goes_along_or_another_in_its_place() {
    for wire in WIRES {
        let (url, asked) = routes(|_| answer(200, "text/plain", "fine"));
        let odoo = connect(&format!("{url}/erp"), wire).await;
        let route = || odoo.http(Get, "/shop/é?a=1").query("b", "x&y");
        assert_eq!(route().send().await.unwrap().text().await.unwrap(), "fine");
        route().without_login().send().await.unwrap().bytes().await.unwrap();
        route().header("Authorization", "Bearer own").send().await.unwrap().bytes().await.unwrap();
        let line = "GET /erp/shop/%C3%A9?a=1&b=x%26y".to_owned();
        let (cookie, key) = match wire {
            WireKind::Json2 => (String::new(), format!("bearer {PASSWORD}")),
            _ => ("session_id=made-up".to_owned(), String::new()),
        };
        let none = String::new;
        let expected =
            [[line.clone(), cookie, key], [line.clone(), none(), none()], [line, none(), "Bearer own".to_owned()]];
        assert_eq!(*asked.lock().unwrap(), expected, "{wire}");
    }
}

/// What a route of somebody's says in words or numbers like Odoo's is not the end of a session: the request would be made twice.
#[tokio::test]
async fn what_a_route_answers_is_not_taken_for_the_end_of_the_session() {
    let (url, asked) = routes(|path| match path {
        "/number" => answer(200, "application/json", r#"{"error": {"code": 100, "message": "no such sku"}}"#),
        "/missing" => answer(404, "application/json", r#"{"error": {"code": 404, "message": "no such sku"}}"#),
        _ => answer_with(303, "location: /web/login?signup=done\r\n", b""),
    });
    let odoo = connect(&url, WireKind::Session).await;
    assert_eq!(send(&odoo, Post, "/number").await.unwrap(), 200);
    assert_eq!(send(&odoo, Post, "/missing").await.unwrap_err().kind(), ErrorKind::Missing);
    assert_eq!(send(&odoo, Post, "/signup").await.unwrap(), 303);
    let lines: Vec<_> = asked.lock().unwrap().iter().map(|[line, ..]| line.clone()).collect();
    assert_eq!(lines, ["POST /number", "POST /missing", "POST /signup"]);
}

#[tokio::test]
async fn nothing_is_sent_to_another_host() {
    let (url, asked) = routes(|path| {
        let to = |location: &str| answer_with(303, &format!("location: {location}\r\n"), b"");
        match path {
            "/there" => answer(200, "text/plain", "here"),
            "/relative" => to("there"),
            "/again?a" => to("/relative"),
            "/round" => to("/round"),
            "/login" => to("/web/login?redirect=x"),
            "/host" => to("https://evil.example/there?token=secret"),
            "/port" => to("http://127.0.0.1:1/there"),
            "/slashes" => to("//evil.example/there"),
            "/user" => to("http://admin@evil.example/there"),
            _ => to("ftp:there"),
        }
    });
    let odoo = connect(&url, WireKind::Json2).await;
    assert_eq!(send(&odoo, Get, "/again?a").await.unwrap(), 200);
    assert_eq!(asked.lock().unwrap().len(), 3);
    // What the request was to do is done.
    let answer = odoo.http(Post, "/relative").send().await.unwrap();
    assert_eq!((answer.status(), answer.header("location")), (303, Some("there")));
    for path in ["/host", "/port", "/slashes", "/user", "/scheme"] {
        for method in [Get, Post] {
            let error = send(&odoo, method, path).await.unwrap_err();
            assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(303)), "{error}");
            assert_eq!(error.may_have_executed(), method == Post, "{error}");
            assert!(
                error.to_string().contains("which is not this Odoo") && !error.to_string().contains("secret"),
                "{error}"
            );
        }
    }
    assert!(send(&odoo, Get, "/round").await.unwrap_err().to_string().contains("redirected more than 5 times"));
    assert_eq!(send(&odoo, Get, "/login").await.unwrap_err().kind(), ErrorKind::AccessDenied);

    // In a folder of its own it stays there, too.
    let (url, asked) = routes(|_| answer_with(302, "location: /other/a\r\n", b""));
    let odoo = connect(&format!("{url}/erp"), WireKind::Json2).await;
    assert_eq!(send(&odoo, Get, "/a").await.unwrap_err().kind(), ErrorKind::Http);
    for path in ["//evil.example/a", "https://evil.example/a", "/../other/a", "/%2e%2E/other/a", "\\\\evil.example"] {
        assert_eq!(send(&odoo, Get, path).await.unwrap_err().kind(), ErrorKind::Config, "{path}");
    }
    for (name, value) in [("Host", "evil.example"), ("Cookie", "a=b"), ("a b", "c"), ("a", "b\r\nc: d")] {
        let error = odoo.http(Get, "/a").header(name, value).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    }
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_status_has_a_kind_and_the_servers_words() {
    let statuses = [
        (400, ErrorKind::User, "Session expired (invalid CSRF token)"),
        (401, ErrorKind::AccessDenied, "User not authenticated, use an API Key with a Bearer Authorization header."),
        (403, ErrorKind::Access, "Not this one"),
        (404, ErrorKind::Missing, "The requested URL was not found on the server."),
        (405, ErrorKind::Http, "The method is not allowed for the requested URL."),
        (413, ErrorKind::Http, "The data value transmitted exceeds the capacity limit."),
        (422, ErrorKind::User, "Not today"),
        (429, ErrorKind::RateLimited, "Too many"),
        (500, ErrorKind::Http, "The server encountered an internal error"),
        (502, ErrorKind::Http, "Bad Gateway"),
    ];
    let (url, _) = routes(move |path| {
        let wanted: u16 = path.trim_start_matches("/status/").split('?').next().unwrap().parse().unwrap();
        statuses.iter().find(|(status, ..)| *status == wanted).map(|(status, _, words)| page(*status, words)).unwrap()
    });
    let odoo = connect(&url, WireKind::Json2).await;
    for (status, kind, words) in statuses {
        let request = odoo.http(Get, format!("/status/{status}")).query("token", SECRET).header("X-Key", SECRET);
        assert!(!format!("{request:?}").contains(SECRET), "{request:?}");
        let error = request.send().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)), "{error}");
        let shown = format!("{error} {error:#?}");
        assert!(shown.starts_with(&format!("GET /status/{status}: ")), "{shown}");
        assert!(shown.contains(words.trim_end_matches('.')) && !shown.contains(SECRET), "{shown}");
        assert!(!error.may_have_executed(), "{shown}");
    }
    let refused = send(&odoo, Post, "/status/422").await.unwrap_err();
    let failed = send(&odoo, Post, "/status/500").await.unwrap_err();
    assert_eq!((refused.may_have_executed(), failed.may_have_executed()), (false, true));
}

#[tokio::test]
async fn what_is_safe_is_made_again_and_nothing_else() {
    let fine = || Act::bytes(json_answer(200, &json!({"a": [1]})));
    let script = |first: Act| vec![first, fine()];
    let busy = || Act::bytes(http(503, "", "busy"));
    let too_many = || Act::bytes(http(429, "retry-after: 0\r\n", "")).refuses();
    let cut = || Act::bytes_then_reset("HTTP/1.1 2");
    // Over JSON-RPC a session begins, which the script is not for.
    for wire in [WireKind::Session, WireKind::Json2] {
        for (method, first, calls) in [
            (Get, busy(), 2),
            (Get, cut(), 2),
            (Post, busy(), 1),
            (Post, cut(), 1),
            (Put, too_many(), 2),
            (Post, Act::reset_unread(), 1),
        ] {
            let server = Server::start(script(first));
            let odoo = server.client(wire, |builder| builder).await;
            let outcome = odoo.http(method, "/shop/order").body(*b"x").send().await;
            assert_eq!((server.calls(), outcome.is_ok()), (calls, calls == 2), "{wire} {method:?} {outcome:?}");
            if let Err(error) = outcome {
                assert!(error.may_have_executed() && !error.is_retryable(), "{error}");
                assert!(error.to_string().contains("POST /shop/order: "), "{error}");
            }
        }
        let server = Server::start(script(busy()));
        let odoo = server.client(wire, |builder| builder).await;
        let json: Value = odoo.http(Post, "/a").idempotent().send().await.unwrap().json().await.unwrap();
        assert_eq!((server.calls(), json), (2, json!({"a": [1]})), "{wire}");
        // A stream is spent.
        let server = Server::start(script(too_many()));
        let odoo = server.client(wire, |builder| builder).await;
        let error = odoo.http(Put, "/a").reader(3, Cursor::new("abc")).idempotent().send().await.unwrap_err();
        assert_eq!((server.calls(), error.kind()), (1, ErrorKind::RateLimited), "{error}");
    }
}

#[tokio::test]
async fn a_body_is_read_within_limits_and_as_what_it_is() {
    let (url, _) = routes(|path| match path {
        "/big" => answer(200, "text/plain", &"x".repeat(3_000_000)),
        "/bytes" => answer_with(200, "content-type: application/pdf\r\n", b"\xff%PDF"),
        "/packed" => answer_with(200, "content-encoding: zstd\r\n", b"x"),
        "/same" => answer_with(304, "etag: \"7\"\r\n", b""),
        _ => answer(200, "application/json", "{\"a\": [1]"),
    });
    let odoo = builder(&url).max_response_bytes(1_000_000).connect().await.unwrap();
    let get = async |path: &str| odoo.http(Get, path).send().await.unwrap();
    let error = get("/big").await.bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    let mut big = get("/big").await;
    let mut came = 0;
    while let Some(piece) = big.chunk().await.unwrap() {
        came += piece.len();
    }
    assert_eq!(came, 3_000_000);
    let error = get("/bytes").await.json::<Value>().await.unwrap_err();
    assert!(error.to_string().starts_with("GET /bytes: the answer is not JSON, but `application/pdf`"), "{error}");
    assert_eq!(get("/bytes").await.text().await.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(get("/bytes").await.bytes().await.unwrap(), b"\xff%PDF");
    assert_eq!(get("/packed").await.chunk().await.unwrap_err().kind(), ErrorKind::Protocol);
    let same = get("/same").await;
    assert_eq!((same.status(), same.header("etag")), (304, Some("\"7\"")));
    let error = get("/cut").await.json::<Value>().await.unwrap_err();
    assert!(error.to_string().starts_with("GET /cut: "), "{error}");
}

/// As Odoo 19 answers; 14 has other codes.
#[tokio::test]
async fn a_route_that_speaks_json_rpc_has_arguments_and_errors() {
    let bodies: Arc<Mutex<Vec<Value>>> = Arc::default();
    let (kept, url) = (Arc::clone(&bodies), Arc::new(Mutex::new(0)));
    let url = {
        let count = url;
        serve(move |request| match (request.path(), request.method().as_str()) {
            _ if request.asks_version() => result(&json!({"server_version": "19.0"})),
            (_, "authenticate") => result(&json!(2)),
            ("/web/session/authenticate", _) => {
                let info = json!({"uid": 2, "username": "admin", "name": "Admin", "db": "apps"});
                let body = json!({"jsonrpc": "2.0", "id": 0, "result": info}).to_string();
                answer_with(200, "content-type: application/json\r\nset-cookie: session_id=a\r\n", body.as_bytes())
            }
            _ => {
                kept.lock().unwrap().push(request.json());
                let mut count = count.lock().unwrap();
                *count += 1;
                let error = |code: i64, class: &str, words: &str| {
                    let data = json!({"name": class, "message": words, "arguments": [words], "context": {}, "debug": "Traceback"});
                    let error = json!({"code": code, "message": "Odoo Server Error", "data": data});
                    answer(200, "application/json", &json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string())
                };
                match *count {
                    // The session that was just begun is gone: that is seen to.
                    1 => error(100, "odoo.http.SessionExpiredException", "Session expired"),
                    2 => result(&json!({"ok": true})),
                    3 => error(0, "odoo.exceptions.UserError", "Order refused"),
                    4 => error(0, "werkzeug.exceptions.Unauthorized", "401 Unauthorized: Invalid apikey"),
                    _ => error(404, "werkzeug.exceptions.NotFound", "404 Not Found"),
                }
            }
        })
    };
    let odoo = builder(&url).with_context(("lang", "fr_FR")).connect().await.unwrap();
    let call = || odoo.json_route("/shop/order").arg("number", "S-1").arg("lines", [1, 2]);
    assert_eq!(call().send::<Value>().await.unwrap(), json!({"ok": true}));
    let params = json!({"number": "S-1", "lines": [1, 2]});
    let body = json!({"jsonrpc": "2.0", "method": "call", "id": 0, "params": params});
    assert_eq!(*bodies.lock().unwrap(), [body.clone(), body]);
    for kind in [ErrorKind::User, ErrorKind::AccessDenied, ErrorKind::Missing] {
        let error = call().send::<Value>().await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_executed()), (kind, false), "{error}");
        assert!(error.to_string().starts_with("POST /shop/order: "), "{error}");
    }
    let refused = odoo.json_route("/shop/order").arg("weight", f64::NAN).send::<Value>().await.unwrap_err();
    assert_eq!((refused.kind(), bodies.lock().unwrap().len()), (ErrorKind::Encode, 5));
}
