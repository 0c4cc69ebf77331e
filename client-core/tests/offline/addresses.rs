//! URLs as people give them, and servers that are elsewhere.

use odoo_client::ErrorKind;
use odoo_client::client::WireKind;
use serde_json::Value;

use crate::faulty::{Act, Request, Server, builder, html, http};
use crate::support::server::serve;

const WIRE: WireKind = WireKind::JsonRpc;

/// What 19.0 answers to a POST below `/odoo`, where its pages are.
fn pages() -> Act {
    Act::bytes(html(400, "Bad Request</h1><p>Session expired (invalid CSRF token)</p>")).refuses()
}

#[tokio::test]
async fn the_address_of_a_page_leads_to_its_server() {
    let server = Server::start(vec![pages()]);
    for page in ["/web#action=menu", "/web/login?db=apps", "/odoo", "/odoo/sales/5", "/jsonrpc", "/"] {
        let builder = builder(&format!("{}{page}", server.url), WIRE);
        assert_eq!(builder.clone().server_version().await.unwrap().series(), "19.0", "{page}");
        assert_eq!(builder.connect().await.unwrap().url(), server.url, "{page}");
    }
}

#[tokio::test]
async fn a_folder_of_a_proxy_is_part_of_the_address() {
    for folder in ["erp", "odoo"] {
        let url = serve(move |request| {
            let (first, rest) = request.path().trim_start_matches('/').split_once('/').unwrap();
            let line = format!("POST /{rest} HTTP/1.1");
            let inner = Request { line, headers: Default::default(), body: request.json() };
            // The address above it is another server's.
            assert_eq!(first, folder);
            inner.welcome("made-up").unwrap_or_else(|| html(404, "Not Found"))
        });
        for page in ["", "/", "/web#home"] {
            let odoo = builder(&format!("{url}/{folder}{page}"), WIRE).connect().await.unwrap();
            assert_eq!(odoo.url(), format!("{url}/{folder}"));
        }
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_told_is_asked_for() {
    let server = Server::start(vec![Act::bytes(html(404, "Not Found")).refuses()]);
    let error = builder(&format!("{}/my/orders", server.url), WIRE).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotOdoo);
    let remedy = format!("if Odoo is at {}, give that as the URL", server.url);
    assert_eq!(error.remedy(), Some(&*remedy), "{error}");
    // Of a place that was only tried nobody has to know.
    let error = builder(&format!("{}/shop/odoo/x", server.url), WIRE).connect().await.unwrap_err();
    assert!(error.to_string().contains("/shop/odoo/x for its version"), "{error}");

    let url = serve(|request| {
        let location = format!("location: https://odoo.example.com/erp{}\r\n", request.path());
        http(301, &location, "")
    });
    let error = builder(&url, WIRE).connect().await.unwrap_err();
    let remedy = "if that is the Odoo server, give https://odoo.example.com/erp as the URL";
    assert_eq!((error.status(), error.remedy()), (Some(301), Some(remedy)), "{error}");
}

/// A server that takes one call each 50 ms, and says nothing of when to come again.
#[tokio::test]
async fn calls_at_a_time_that_are_too_many_all_come_through() {
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    let taken = Mutex::new(None::<Instant>);
    let url = crate::support::server::serve_calls(move |_| {
        let mut taken = taken.lock().unwrap();
        if taken.is_some_and(|taken| taken.elapsed() < Duration::from_millis(50)) {
            return html(429, "Slow down");
        }
        *taken = Some(Instant::now());
        crate::support::server::result(&serde_json::json!([1]))
    });
    let odoo = builder(&url, WIRE).connect().await.unwrap();
    let calls: Vec<_> =
        (0..8).map(|_| tokio::spawn(odoo.model("res.partner").call("write").ids([7]).send::<Value>())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}
