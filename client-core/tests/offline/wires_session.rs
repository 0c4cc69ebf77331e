//! What sessions and JSON-2 do when the server changes its mind, against a hand-made server: no real one can be brought to do
//! it on demand. Its answers are those that 14 and 19 were seen to give.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use crate::support::server::{PASSWORD, Request, answer, answer_with, builder, result, serve};
use odoo_client::client::WireKind;
use odoo_client::ops::HttpMethod;
use odoo_client::{Client, ErrorKind, RetryPolicy};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::task::JoinSet;

const NO_DATABASE: &str = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>No database is selected and \
     the requested URL was not found in the server-wide controllers.</p>";

fn info(uid: i64) -> Value {
    json!({"uid": uid, "username": "admin", "name": "Admin", "db": "apps", "server_version": "19.0"})
}

fn begins(session: &str, answered: &Value) -> Vec<u8> {
    let body = json!({"jsonrpc": "2.0", "id": 0, "result": answered}).to_string();
    answer_with(
        200,
        &format!("content-type: application/json\r\nset-cookie: session_id={session}; HttpOnly; Path=/\r\n"),
        body.as_bytes(),
    )
}

fn expired() -> Vec<u8> {
    let error = json!({"code": 100, "message": "Odoo Session Expired", "data": {
        "name": "odoo.http.SessionExpiredException", "message": "Session expired", "arguments": ["Session expired"],
        "context": {}, "debug": "Traceback"}});
    answer(200, "application/json", &json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string())
}

/// A server whose sessions are `s1`, `s2`, … in the order of logins, and which answers calls with what `call` makes of them.
fn sessions(call: impl Fn(&Request, &str) -> Vec<u8> + Send + Sync + 'static) -> (String, Arc<AtomicUsize>) {
    let logins = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&logins);
    let url = serve(move |request| {
        let session =
            request.cookie.as_deref().and_then(|cookie| cookie.strip_prefix("session_id=")).unwrap_or_default();
        match request.path() {
            _ if request.asks_version() => result(&json!({"server_version": "19.0"})),
            "/web/session/authenticate" => begins(&format!("s{}", count.fetch_add(1, Ordering::SeqCst) + 1), &info(2)),
            _ => call(request, session),
        }
    });
    (url, logins)
}

async fn connect(url: &str) -> Client {
    builder(url).wire(WireKind::Session).connect().await.unwrap()
}

async fn count(odoo: &Client) -> Result<i64, odoo_client::Error> {
    odoo.model("res.partner").call("search_count").arg("domain", json!([])).send().await
}

/// So many at the same time.
async fn counts(odoo: &Client, calls: usize) -> Vec<i64> {
    let mut tasks = JoinSet::new();
    for _ in 0..calls {
        let odoo = odoo.clone();
        tasks.spawn(async move { count(&odoo).await.unwrap() });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_session_is_followed_when_the_server_renames_it() {
    let (url, logins) = sessions(|_, session| match session {
        "s1" => begins("renamed", &json!(1)),
        "renamed" => result(&json!(2)),
        _ => expired(),
    });
    let odoo = connect(&url).await;
    assert_eq!(count(&odoo).await.unwrap(), 1);
    assert_eq!(odoo.session_id().unwrap().expose_secret(), "renamed");
    assert_eq!(count(&odoo).await.unwrap(), 2);
    assert_eq!(logins.load(Ordering::SeqCst), 1);
}

/// With whatever answer it does so.
#[tokio::test]
async fn a_session_is_followed_from_every_good_answer_of_a_route() {
    let names = |name: &str| format!("set-cookie: session_id={name}; HttpOnly; Path=/\r\n");
    let (url, logins) = sessions(move |request, session| match (request.path(), session) {
        ("/made", "s1") => answer_with(201, &names("s2"), b""),
        ("/led", "s2") => answer_with(303, &(names("s3") + "location: /made\r\n"), b""),
        ("/not", "s3") => answer_with(404, &names("nobodys"), b""),
        (_, "s3") => result(&json!(2)),
        _ => expired(),
    });
    let odoo = connect(&url).await;
    for (path, status) in [("/made", 201), ("/led", 303)] {
        assert_eq!(odoo.http(HttpMethod::Post, path).send().await.unwrap().status(), status);
    }
    odoo.http(HttpMethod::Post, "/not").send().await.unwrap_err();
    assert_eq!((count(&odoo).await.unwrap(), logins.load(Ordering::SeqCst)), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn however_the_server_says_that_a_session_ended_all_wait_for_one_login() {
    let not_found = json!({"jsonrpc": "2.0", "id": 0, "error": {"code": 404, "message": "404: Not Found", "http_status": 404,
        "data": {"name": "werkzeug.exceptions.NotFound", "message": "404 Not Found", "debug": "", "arguments": [],
        "context": {}}}});
    for said in [
        expired(),
        answer(404, "text/html", NO_DATABASE),
        answer(404, "application/json", &not_found.to_string()),
        answer_with(303, "location: /web/login?redirect=%2F\r\n", b""),
    ] {
        let (url, logins) = sessions(move |_, session| if session == "s1" { said.clone() } else { result(&json!(7)) });
        let odoo = connect(&url).await;
        assert_eq!(counts(&odoo, 32).await, [7; 32]);
        assert_eq!(logins.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn a_login_in_the_middle_of_a_call_keeps_the_pace_and_needs_no_place() {
    let (url, logins) = sessions(|_, session| if session == "s1" { expired() } else { result(&json!(7)) });
    let began = Instant::now();
    let builder = builder(&url).wire(WireKind::Session).max_concurrent_calls(1).rate_limit(100.0);
    let odoo = builder.connect().await.unwrap();
    assert_eq!(counts(&odoo, 3).await, [7; 3]);
    odoo.session_info().await.unwrap_err();
    assert_eq!(logins.load(Ordering::SeqCst), 2);
    // The version and a login; a call, a login, the same call; two calls; the last request. However fast the machine is.
    assert!(began.elapsed() >= Duration::from_millis(7 * 10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_session_that_ends_at_once_is_not_begun_for_ever() {
    let (url, logins) = sessions(|_, _| expired());
    let odoo = connect(&url).await;
    let error = count(&odoo).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::SessionExpired, false), "{error}");
    assert_eq!(logins.load(Ordering::SeqCst), 2);
}

/// Those that waited for it go on as the one does that tried.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_fails_for_a_while_fails_none_of_those_who_wait_for_it() {
    const CALLS: usize = 16;
    let (ended, logins) = (Barrier::new(CALLS), AtomicUsize::new(0));
    let url = serve(move |request| match (request.path(), request.cookie.as_deref()) {
        _ if request.asks_version() => result(&json!({"server_version": "19.0"})),
        ("/web/session/authenticate", _) => match logins.fetch_add(1, Ordering::SeqCst) {
            1 => answer(502, "text/html", "<h1>Bad Gateway</h1>"),
            nth => begins(&format!("s{nth}"), &info(2)),
        },
        (_, Some("session_id=s0")) => {
            ended.wait();
            expired()
        }
        _ => result(&json!(7)),
    });
    let hurry = RetryPolicy::new().base_delay(Duration::from_millis(2));
    let odoo = builder(&url).wire(WireKind::Session).retry(hurry).connect().await.unwrap();
    assert_eq!(counts(&odoo, CALLS).await, [7; CALLS]);
}

#[tokio::test]
async fn what_was_given_a_session_alone_never_logs_in() {
    let ended = Arc::new(AtomicUsize::new(0));
    let is_over = Arc::clone(&ended);
    let (url, logins) = sessions(move |request, session| {
        assert_eq!(session, "given");
        match request.path() {
            "/web/session/get_session_info" => result(&info(2)),
            _ if is_over.load(Ordering::SeqCst) > 0 => expired(),
            _ => result(&json!(1)),
        }
    });
    let odoo = Client::builder().url(url).session("given").connect().await.unwrap();
    assert_eq!((odoo.user(), odoo.database(), count(&odoo).await.unwrap()), ("admin", "apps", 1));
    ended.store(1, Ordering::SeqCst);
    let error = count(&odoo).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
    assert!(
        error.to_string().contains("res.partner.search_count()") && !error.to_string().contains("given "),
        "{error}"
    );
    assert_eq!(logins.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_never_becomes_another_user() {
    let (url, _) = sessions(|request, session| match (request.path(), session) {
        ("/web/session/get_session_info", "given") => result(&info(7)),
        _ => expired(),
    });
    let odoo = builder(&url).session("given").connect().await.unwrap();
    let error = count(&odoo).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.to_string().contains("that of user 7"), "{error}");
}

/// A server with JSON-2 that has one database, until it has another; the databases that requests named.
fn json_2(several: Arc<AtomicUsize>) -> (String, Arc<Mutex<Vec<Option<String>>>>) {
    let named = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&named);
    let url = serve(move |request| {
        if request.asks_version() {
            return result(&json!({"server_version": "19.0"}));
        }
        assert_eq!(request.authorization, Some(format!("bearer {PASSWORD}")));
        seen.lock().unwrap().push(request.database.clone());
        if several.load(Ordering::SeqCst) > 0 && request.database.is_none() {
            return answer(404, "text/html", NO_DATABASE);
        }
        let body = match request.path() {
            "/json/2/res.users/context_get" => json!({"lang": "en_US", "tz": false, "uid": 2}),
            "/json/2/ir.http/session_info" => info(2),
            "/json/2/res.partner/create" => match &request.json()["vals_list"] {
                Value::Array(all) => (1..=all.len()).collect::<Vec<_>>().into(),
                _ => json!([9]),
            },
            _ => json!(5),
        };
        answer(200, "application/json; charset=utf-8", &body.to_string())
    });
    (url, named)
}

#[tokio::test]
async fn the_database_is_named_only_from_when_it_has_to_be() {
    let several = Arc::new(AtomicUsize::new(0));
    let (url, named) = json_2(Arc::clone(&several));
    let odoo = Client::builder().url(&url).database("apps").api_key(PASSWORD).connect().await.unwrap();
    assert_eq!((odoo.wire(), count(&odoo).await.unwrap()), (WireKind::Json2, 5));
    assert!(named.lock().unwrap().drain(..).all(|name| name.is_none()));
    several.store(1, Ordering::SeqCst);
    assert_eq!((count(&odoo).await.unwrap(), count(&odoo).await.unwrap()), (5, 5));
    assert_eq!(*named.lock().unwrap(), [None, Some("apps".to_owned()), Some("apps".to_owned())]);
}

/// Another database is made, a copy for tests perhaps, while several calls are under way.
#[tokio::test(flavor = "multi_thread")]
async fn calls_that_find_another_database_at_once_all_name_theirs() {
    const CALLS: usize = 4;
    let unnamed = Barrier::new(CALLS);
    let url = serve(move |request| {
        let body = match request.path() {
            _ if request.asks_version() => return result(&json!({"server_version": "19.0"})),
            "/json/2/res.users/context_get" => json!({"uid": 2}),
            "/json/2/ir.http/session_info" => info(2),
            _ if request.database.is_none() => {
                // None is answered before all have come.
                unnamed.wait();
                return answer(404, "text/html", NO_DATABASE);
            }
            _ => json!(5),
        };
        answer(200, "application/json", &body.to_string())
    });
    let odoo = Client::builder().url(&url).database("apps").api_key(PASSWORD).connect().await.unwrap();
    let calls: Vec<_> = (0..CALLS)
        .map(|_| {
            tokio::spawn({
                let odoo = odoo.clone();
                async move { count(&odoo).await }
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 5);
    }
}

#[tokio::test]
async fn a_key_finds_out_the_rest_and_another_database_is_refused() {
    let (url, _) = json_2(Arc::default());
    let odoo = Client::builder().url(&url).api_key(PASSWORD).connect().await.unwrap();
    assert_eq!((odoo.uid().get(), odoo.user(), odoo.database()), (2, "admin", "apps"));
    let error = builder(&url).api_key(PASSWORD).database("staging").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownDatabase, "{error}");
    let error = Client::builder().url(&url).api_key("line\nend").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
}

#[tokio::test]
async fn one_record_to_create_has_one_id() {
    let (url, _) = json_2(Arc::default());
    let odoo = Client::builder().url(&url).api_key(PASSWORD).connect().await.unwrap();
    let create = |values: Value| odoo.model("res.partner").call("create").arg("vals_list", values).send::<Value>();
    assert_eq!(create(json!({"name": "a"})).await.unwrap(), json!(9));
    assert_eq!(create(json!([{"name": "a"}])).await.unwrap(), json!([1]));
    assert_eq!(create(json!([{"name": "a"}, {"name": "b"}])).await.unwrap(), json!([1, 2]));
}
