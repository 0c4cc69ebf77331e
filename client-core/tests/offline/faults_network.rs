//! What stands between client and server: TLS, proxies, headers, and servers that cannot be reached at all.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::faulty::{Act, Request, SECRET, Server, WIRES, body, builder, good, html, json_answer};
use crate::support::server;
use crate::support::tls::{CA, CLIENT, ELSEWHERE, EXPIRED, SERVER};
use odoo_client::client::WireKind;
use odoo_client::{Client, ClientBuilder, Error, ErrorKind, RetryPolicy};
use serde_json::{Value, json};

/// Answers every request over whatever stream it comes; calls get `[1]`.
fn answer(mut stream: impl Read + Write, seen: &Mutex<Vec<Request>>) {
    let Ok(request) = Request::read(&mut stream) else { return };
    let answer = request.welcome("made-up").unwrap_or_else(|| json_answer(200, &body(WireKind::JsonRpc, &json!([1]))));
    seen.lock().unwrap().push(request);
    let _ = stream.write_all(&answer);
    let _ = stream.flush();
}

type Seen = Arc<Mutex<Vec<Request>>>;

/// Starts a server that treats each connection as it is told; returns its address, without the scheme.
fn listen(handler: impl Fn(TcpStream, &Mutex<Vec<Request>>) + Send + Sync + 'static) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (seen, handler) = (Seen::default(), Arc::new(handler));
    let shared = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, handler, seen) = (stream.unwrap(), Arc::clone(&handler), Arc::clone(&shared));
            std::thread::spawn(move || handler(stream, &seen));
        }
    });
    (address, seen)
}

/// A server with this certificate; with `wants_client`, it lets in only those who have one of the same authority.
fn tls_server(pem: &str, wants_client: bool) -> (String, Seen) {
    let config = crate::support::tls::config(pem, wants_client);
    let (address, seen) = listen(move |stream, seen| {
        let mut tls = crate::support::tls::accept(&config, stream);
        answer(&mut tls, seen);
        crate::support::tls::close(tls);
    });
    (format!("https://{address}"), seen)
}

fn https(url: &str) -> ClientBuilder {
    builder(url, WireKind::JsonRpc)
}

async fn call(builder: ClientBuilder) -> Result<Client, Error> {
    let odoo = builder.connect().await?;
    assert_eq!(odoo.model("res.partner").call("search").send::<Value>().await?, json!([1]));
    Ok(odoo)
}

#[tokio::test]
async fn certificates_that_are_not_trusted() {
    for (what, pem, trusts, says) in [
        ("an unknown authority", SERVER, false, "root_certificate"),
        ("another name", ELSEWHERE, true, "not valid for name"),
        ("expired", EXPIRED, true, "needs a new one"),
    ] {
        let (url, seen) = tls_server(pem, false);
        let builder = if trusts { https(&url).root_certificate(CA) } else { https(&url) };
        let error = call(builder).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert_eq!(
            (error.kind(), error.may_have_executed(), error.is_retryable()),
            (ErrorKind::Tls, false, false),
            "{what}: {shown}"
        );
        assert!(shown.contains(says) && !shown.contains(SECRET), "{what}: {shown}");
        assert!(seen.lock().unwrap().is_empty(), "{what}: nothing may be sent");
    }
}

#[tokio::test]
async fn a_private_authority_is_trusted_if_it_is_given() {
    let (url, seen) = tls_server(SERVER, false);
    call(https(&url).root_certificate(CA)).await.unwrap();
    assert!(seen.lock().unwrap().len() >= 2);
}

#[tokio::test]
async fn accepting_anything_is_possible_and_shouts() {
    let (url, _) = tls_server(EXPIRED, false);
    let builder = https(&url).danger_accept_invalid_certificates();
    assert!(format!("{builder:?}").contains("DANGER"), "{builder:?}");
    let odoo = call(builder).await.unwrap();
    assert!(format!("{odoo:?}").contains("DANGER"), "{odoo:?}");
    assert!(!format!("{:?}", https(&url)).contains("DANGER"));

    // Even what goes wrong nevertheless says so.
    let (address, _) = listen(|mut stream, _| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")));
    let error = call(https(&format!("https://{address}")).danger_accept_invalid_certificates()).await.unwrap_err();
    assert!(error.to_string().contains("DANGER"), "{error}");
}

#[tokio::test]
async fn a_client_certificate() {
    let (url, seen) = tls_server(SERVER, true);
    let error = call(https(&url).root_certificate(CA)).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Tls, false), "{error:?}");
    assert!(error.to_string().contains("client_certificate"), "{error}");
    assert!(seen.lock().unwrap().is_empty());

    let builder = https(&url).root_certificate(CA).client_certificate(CLIENT);
    assert!(!format!("{builder:?}").contains("PRIVATE KEY"), "{builder:?}");
    call(builder).await.unwrap();
}

#[tokio::test]
async fn https_and_http_mixed_up() {
    let (address, _) = listen(|mut stream, _| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")));
    let error = call(https(&format!("https://{address}"))).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Tls, false), "{error:?}");
    assert!(error.to_string().contains("does the server speak https at that port?"), "{error}");

    let (url, _) = tls_server(SERVER, false);
    let error = call(https(&url.replace("https", "http"))).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Protocol | ErrorKind::Connect), "{error:?}");
}

#[tokio::test]
async fn a_handshake_that_never_ends() {
    let (address, _) = listen(|mut stream, _| {
        // Takes all the client says, and says nothing.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let builder = https(&format!("https://{address}")).connect_timeout(Duration::from_millis(100));
    let error = call(builder).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Timeout, false), "{error:?}");
    assert!(error.to_string().contains("no connection to"), "{error}");
}

/// As 16.0 answers when all its database connections are in use.
#[tokio::test]
async fn a_server_that_is_too_busy_to_tell_its_version_is_asked_again() {
    let questions = AtomicUsize::new(0);
    let url = server::serve(move |_| match questions.fetch_add(1, Ordering::SeqCst) {
        0 => server::answer(500, "text/html", "<h1>Internal Server Error</h1><p>The server is overloaded.</p>"),
        _ => server::result(&json!({"server_version": "16.0"})),
    });
    let quick = RetryPolicy::new().base_delay(Duration::from_millis(1));
    let version = Client::builder().url(url).retry(quick).server_version().await.unwrap();
    assert_eq!(version.series(), "16.0");
}

#[tokio::test]
async fn a_connection_that_is_refused_is_tried_again_even_for_a_write() {
    for wire in WIRES {
        let server = Server::start(vec![good(wire)]);
        let url = server.url.clone();
        let odoo = server.client(wire, |builder| builder).await;
        server.stop();
        for method in ["search_read", "write"] {
            let error = odoo.model("res.partner").call(method).send::<Value>().await.unwrap_err();
            assert_eq!(
                (error.kind(), error.attempts(), error.may_have_executed(), error.is_retryable()),
                (ErrorKind::Connect, 3, false, true),
                "{error:?}"
            );
            assert!(error.to_string().to_lowercase().contains("connection refused"), "{error}");
        }
        let error = builder(&url, wire).connect().await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Connect, false), "{error:?}");
    }
}

#[tokio::test]
async fn headers_go_with_every_request_and_stay_secret() {
    for wire in WIRES {
        let (address, seen) = listen(answer);
        let settings = builder(&format!("http://{address}"), wire)
            .header("Api-Key", "replaced")
            .header("api-key", SECRET)
            .basic_auth("bob", SECRET);
        assert!(!format!("{settings:?}").contains(SECRET));
        let odoo = settings.connect().await.unwrap();
        odoo.model("res.partner").call("search").send::<Value>().await.unwrap();
        assert!(!format!("{odoo:?}").contains(SECRET));
        for request in seen.lock().unwrap().iter() {
            assert_eq!(request.headers["api-key"], SECRET, "{wire}: {}", request.line);
            let authorization = request.headers["authorization"].as_str();
            if request.line.contains("/json/2/") {
                assert_eq!(authorization, format!("bearer {SECRET}"), "{}", request.line);
            } else {
                // `bob:hunter2-the-secret`
                assert_eq!(authorization, "Basic Ym9iOmh1bnRlcjItdGhlLXNlY3JldA==", "{wire}: {}", request.line);
            }
        }
    }
}

#[tokio::test]
async fn settings_that_are_none_are_named_without_what_they_hold() {
    let builder = || https("https://127.0.0.1:1");
    for (settings, says) in [
        (builder().header("Api Key", SECRET), "`Api Key` is not the name of a header"),
        (builder().header("Api-Key", format!("{SECRET}\n")), "the value of the header `Api-Key`"),
        (builder().root_certificate(SECRET), "the root certificate is not usable"),
        (builder().client_certificate(SECRET), "the client certificate is not usable"),
        (builder().client_certificate(CA), "the client certificate is not usable"),
        (builder().proxy(format!("::{SECRET}")), "the proxy's URL is not usable"),
        (builder().max_concurrent_calls(0), "max_concurrent_calls(0)"),
        (builder().rate_limit(0.0), "0 calls per second"),
    ] {
        let error = settings.connect().await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0), "{shown}");
        assert!(shown.contains(says) && !shown.contains(SECRET), "{shown}");
    }
}

#[tokio::test]
async fn all_goes_through_the_proxy() {
    let (address, seen) = listen(answer);
    let proxy = format!("http://bob:{SECRET}@{address}");
    let builder = https("http://odoo.invalid").proxy(proxy);
    assert!(!format!("{builder:?}").contains(SECRET));
    call(builder).await.unwrap();
    for request in seen.lock().unwrap().iter() {
        assert!(request.line.contains(" http://odoo.invalid/"), "{}", request.line);
        assert_eq!(request.headers["proxy-authorization"], "Basic Ym9iOmh1bnRlcjItdGhlLXNlY3JldA==");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_or_is_not_there() {
    // Tunnels for https are asked for with CONNECT.
    let (address, _) = listen(|mut stream, _| {
        let _ = Request::read(&stream);
        let _ = stream.write_all(&html(407, "Who are you?"));
    });
    let error = call(https("https://odoo.invalid").proxy(format!("http://{address}"))).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Connect, false), "{error:?}");
    assert!(error.to_string().contains("proxy"), "{error}");

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = call(https("https://odoo.invalid").proxy(format!("http://127.0.0.1:{port}"))).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Connect, false), "{error:?}");
}

#[tokio::test]
async fn a_call_may_have_a_policy_of_its_own() {
    for wire in WIRES {
        let server = Server::start(vec![Act::bytes(html(502, "Bad Gateway"))]);
        let odoo = server.client(wire, |builder| builder).await;
        let read = odoo.model("res.partner").call("search");
        let error = read.clone().retry(RetryPolicy::never()).send::<Value>().await.unwrap_err();
        assert_eq!((error.attempts(), server.calls()), (1, 1));
        let five = RetryPolicy::new().attempts(5).base_delay(Duration::ZERO);
        let error = read.retry(five).send::<Value>().await.unwrap_err();
        assert_eq!((error.attempts(), server.calls()), (5, 6));
    }
}

#[tokio::test]
async fn calls_that_wait_for_their_turn_all_come_through() {
    for wire in WIRES {
        let server = Server::start(vec![good(wire)]);
        let odoo = server.client(wire, |builder| builder.max_concurrent_calls(2).rate_limit(10_000.0)).await;
        let calls: Vec<_> = (0..50)
            .map(|_| {
                let call = odoo.model("res.partner").call("search");
                tokio::spawn(async move { call.send::<Value>().await })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), json!([1]));
        }
        assert_eq!(server.calls(), 50);
    }
}

#[tokio::test]
async fn what_comes_before_the_first_call_keeps_the_pace_as_well() {
    for (wire, requests) in [(WireKind::JsonRpc, 3), (WireKind::Session, 3), (WireKind::Json2, 4)] {
        let server = Server::start(vec![good(wire)]);
        let began = Instant::now();
        let odoo = server.client(wire, |builder| builder.rate_limit(50.0)).await;
        odoo.model("res.partner").call("search").send::<Value>().await.unwrap();
        assert!(began.elapsed() >= Duration::from_millis(20) * (requests - 1), "{wire}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn three_hundred_megabytes_are_refused_before_they_come() {
    for wire in WIRES {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 300000000\r\n\r\n";
        let server = Server::start(vec![Act::bytes_then_silence(head)]);
        let odoo = server.client(wire, |builder| builder).await;
        let error = odoo.model("res.partner").call("search").send::<Value>().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Protocol, 1));
        assert!(error.to_string().contains("limit of 268435456 bytes"), "{error}");
    }
}

#[tokio::test]
async fn what_the_server_asks_to_wait_is_told() {
    let wire = WireKind::JsonRpc;
    let answer = crate::faulty::http(429, "retry-after: 3600\r\n", "");
    let server = Server::start(vec![Act::bytes(answer)]);
    let odoo = server.client(wire, |builder| builder).await;
    let error = odoo.model("res.partner").call("search").send::<Value>().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_session_that_ends_between_two_calls_costs_a_login_and_no_call() {
    let wire = WireKind::Session;
    let expired = || crate::faulty::exception(wire, "odoo.http.SessionExpiredException", "Session expired", 403);
    let server = Server::start(vec![good(wire), good(wire), expired(), good(wire), expired(), good(wire)]);
    let odoo = server.client(wire, |builder| builder).await;
    for name in 0..4 {
        // Writes, too: what the server did not know the session for it did not execute.
        let write = odoo.model("res.partner").call("write").ids([7]).arg("vals", json!({"name": name}));
        assert_eq!(write.send::<Value>().await.unwrap(), json!([1]));
    }
    assert_eq!((server.calls(), server.executions(), server.logins()), (6, 4, 2));
}

#[tokio::test]
async fn a_redirect_to_odoos_login_page_ends_a_session_and_nothing_else() {
    for wire in WIRES {
        let answer = crate::faulty::http(303, "location: /web/login?redirect=x\r\n", "");
        let server = Server::start(vec![Act::bytes(answer).refuses()]);
        let odoo = server.client(wire, |builder| builder).await;
        let error = odoo.model("res.partner").call("write").ids([7]).send::<Value>().await.unwrap_err();
        let expected =
            if wire == WireKind::Session { (ErrorKind::SessionExpired, 2, 1) } else { (ErrorKind::Http, 1, 0) };
        assert_eq!((error.kind(), server.calls(), server.logins()), expected, "{error}");
        assert!(!error.may_have_executed());
    }
}

#[tokio::test]
async fn a_login_that_fails_for_a_while_is_tried_again() {
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let (address, seen) = listen(move |mut stream, seen| {
        // What a restarting server and its proxy say.
        if tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2 {
            let _ = Request::read(&stream);
            let _ = stream.write_all(&html(502, "Bad Gateway"));
        } else {
            answer(stream, seen);
        }
    });
    call(https(&format!("http://{address}"))).await.unwrap();
    assert!(!seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn basic_authentication_and_a_bearer_key_do_not_share_a_header() {
    let (address, seen) = listen(answer);
    let given = Client::builder().url(format!("http://bob:pw@{address}")).api_key(SECRET);
    let odoo = given.clone().database("apps").user("admin").connect().await.unwrap();
    assert_eq!(odoo.wire(), WireKind::JsonRpc);
    assert!(seen.lock().unwrap().iter().all(|request| request.headers["authorization"].starts_with("Basic ")));
    assert_eq!(given.database("apps").connect().await.unwrap().wire(), WireKind::Json2);
}

#[test]
fn the_preset_for_odoos_hosting_is_one_call_a_second_and_none_in_parallel() {
    let shown = format!("{:?}", Client::builder().odoo_com());
    assert!(shown.contains("max_concurrent_calls: Some(1), calls_per_second: Some(1.0)"), "{shown}");
}
