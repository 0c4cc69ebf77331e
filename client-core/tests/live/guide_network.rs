//! The calls of the guide over every wire, through what may stand in between: a gateway that speaks TLS under a private
//! authority, wants a certificate, a password and a header, and a proxy on the client's side. Behind it is the Odoo that
//! `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name (an administrator).

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};

use crate::own::guide::every_call_on_every_wire;
use crate::own::relay::{Request, host, listen};
use odoo_client::client::WireKind;
use odoo_client::{ClientBuilder, ErrorKind};

/// Of the gateway, not of Odoo.
const PASSWORD: &str = "hunter2-of-the-gateway";
const KEY: &str = "hunter2-the-key";
/// `gateway:hunter2-of-the-gateway`
const BASIC: &str = "Basic Z2F0ZXdheTpodW50ZXIyLW9mLXRoZS1nYXRld2F5";
/// `bob:hunter2-of-the-gateway`
const PROXY_BASIC: &str = "Basic Ym9iOmh1bnRlcjItb2YtdGhlLWdhdGV3YXk=";

/// The first lines of requests.
type Seen = Arc<Mutex<Vec<String>>>;

fn refusal(status: u16, words: &str) -> Vec<u8> {
    let length = words.len();
    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{words}").into_bytes()
}

/// Passes requests on to the server, once it has seen a certificate, the key, and the password. JSON-2 has its own key in
/// the password's header.
fn gateway(server: &str) -> (String, Seen) {
    let (server, config, seen) =
        (server.to_owned(), crate::support::tls::config(crate::support::tls::SERVER, true), Seen::default());
    let shared = Arc::clone(&seen);
    let address = listen(move |stream| {
        let mut tls = crate::support::tls::accept(&config, stream);
        let Ok(request) = Request::read(&mut tls) else { return };
        let is_bearer = ["/json/2/", "/doc-bearer/"].iter().any(|path| request.target().starts_with(path))
            && request.header("authorization").is_some_and(|value| value.starts_with("bearer "));
        let answer = if request.header("api-key") != Some(KEY) {
            refusal(403, "no key of the gateway")
        } else if !is_bearer && request.header("authorization") != Some(BASIC) {
            refusal(401, "no password of the gateway")
        } else {
            shared.lock().unwrap().push(request.line.clone());
            request.answer_of(&server).unwrap()
        };
        let _ = tls.write_all(&answer);
        crate::support::tls::close(tls);
    });
    (format!("https://{address}"), seen)
}

/// Passes on what is asked for, and tunnels, for those who know the password.
fn proxy() -> (String, Seen) {
    let seen = Seen::default();
    let shared = Arc::clone(&seen);
    let address = listen(move |client| {
        let Ok(request) = Request::read(&client) else { return };
        if request.header("proxy-authorization") != Some(PROXY_BASIC) {
            let _ = (&client).write_all(&refusal(407, "who are you?"));
            return;
        }
        shared.lock().unwrap().push(request.line.clone());
        if request.line.starts_with("CONNECT ") {
            tunnel(&client, request.target());
        } else {
            let server = request.target().strip_prefix("http://").unwrap().split('/').next().unwrap();
            let _ = (&client).write_all(&request.answer_of(server).unwrap());
        }
    });
    (format!("http://bob:{PASSWORD}@{address}"), seen)
}

fn tunnel(client: &TcpStream, server: &str) {
    let upstream = TcpStream::connect(server).unwrap();
    let _ = (&*client).write_all(b"HTTP/1.1 200 X\r\n\r\n");
    let copy = |mut from: &TcpStream, mut to: &TcpStream| {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| copy(client, &upstream));
        copy(&upstream, client);
    });
}

/// All that the gateway wants.
fn admitted(builder: ClientBuilder) -> ClientBuilder {
    let builder = builder.root_certificate(crate::support::tls::CA).client_certificate(crate::support::tls::CLIENT);
    builder.basic_auth("gateway", PASSWORD).header("Api-Key", KEY)
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_guide_through_a_gateway_behind_a_proxy() {
    let Some(server) = host() else { return };
    let (gateway, entered) = gateway(&server);
    let (proxy, passed) = proxy();
    let address = gateway.strip_prefix("https://").unwrap().to_owned();
    every_call_on_every_wire("gateway", move |builder| admitted(builder.url(&gateway).proxy(&*proxy))).await;
    // None goes past them.
    let (entered, passed) = (entered.lock().unwrap(), passed.lock().unwrap());
    assert!(entered.len() > 100 && passed.len() >= entered.len(), "{} {}", entered.len(), passed.len());
    assert!(passed.iter().all(|line| line.starts_with(&format!("CONNECT {address} "))), "{passed:?}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_guide_through_a_proxy() {
    let Some(server) = host() else { return };
    let (proxy, passed) = proxy();
    every_call_on_every_wire("proxy", move |builder| builder.proxy(&*proxy)).await;
    let passed = passed.lock().unwrap();
    let expected = format!(" http://{}/", server);
    assert!(passed.len() > 100 && passed.iter().all(|line| line.contains(&expected)), "{passed:?}");
}

/// That the tests above could fail: without any one of the settings nobody gets in.
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_gateway_refuses_who_lacks_something() {
    type Setting = fn(ClientBuilder) -> ClientBuilder;
    let Some(server) = host() else { return };
    let (gateway, entered) = gateway(&server);
    let certificates: Setting =
        |builder| builder.root_certificate(crate::support::tls::CA).client_certificate(crate::support::tls::CLIENT);
    let lacking: [(&str, Setting, ErrorKind); 4] = [
        ("authority", |builder| builder.client_certificate(crate::support::tls::CLIENT), ErrorKind::Tls),
        ("certificate", |builder| builder.root_certificate(crate::support::tls::CA), ErrorKind::Tls),
        ("password", |builder| builder.header("Api-Key", KEY), ErrorKind::Http),
        ("key", |builder| builder.basic_auth("gateway", PASSWORD), ErrorKind::Http),
    ];
    for wire in [WireKind::JsonRpc, WireKind::Session] {
        for (what, has, kind) in lacking {
            let builder = ClientBuilder::from_env().unwrap().url(&gateway).wire(wire);
            let builder = has(if kind == ErrorKind::Http { certificates(builder) } else { builder });
            let error = builder.connect().await.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert_eq!((error.kind(), error.may_have_executed()), (kind, false), "{what} over {wire}: {shown}");
            assert!(!shown.contains("hunter2"), "{what} over {wire}: {shown}");
        }
    }
    assert!(entered.lock().unwrap().is_empty());
    let names = admitted(ClientBuilder::server_from_env().unwrap().url(&gateway)).databases().await.unwrap();
    assert!(names.contains(&std::env::var("ODOO_DB").unwrap()));
    assert!(!entered.lock().unwrap().is_empty());
}
