//! The same calls over every wire, sessions, keys and two-factor authentication, against the Odoo that `ODOO_URL`, `ODOO_DB`,
//! `ODOO_USER` and `ODOO_PASSWORD` name (an administrator); skipped without `ODOO_URL`. What they create they delete, also
//! when they fail.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use odoo_client::{Call, Client, ClientBuilder, ErrorKind, NewApiKey, SecretString, Timestamp, WireKind};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use totp_rs::Secret;

/// What the environment says, without `ODOO_API_KEY` and `ODOO_SESSION_ID`: user and password.
fn builder() -> Option<ClientBuilder> {
    if std::env::var_os("ODOO_URL").is_none() {
        eprintln!("skipped: no ODOO_URL");
        return None;
    }
    let [database, user, password] = ["ODOO_DB", "ODOO_USER", "ODOO_PASSWORD"].map(|name| std::env::var(name).unwrap());
    Some(server().database(database).user(user).password(password))
}

fn server() -> ClientBuilder {
    Client::builder().url(std::env::var("ODOO_URL").unwrap())
}

/// Runs a test, then the clean-up, also when the test failed.
async fn finally(test: impl Future<Output = ()> + Send + 'static, clean_up: impl Future<Output = ()>) {
    let outcome = tokio::spawn(test).await;
    clean_up.await;
    outcome.unwrap();
}

/// An action that wants the password again, as a person would give it in the dialog.
async fn confirmed(odoo: &Client, action: Value, password: &str) -> Value {
    if action["res_model"] != "res.users.identitycheck" {
        return action;
    }
    let check = odoo.model("res.users.identitycheck");
    let id = action["res_id"].as_i64().unwrap();
    let mut run = check.call("run_check").ids([id]);
    if odoo.version().major() >= 19 {
        run = run.context("password", password);
    } else {
        let written = check.call("write").ids([id]).arg("vals", json!({"password": password}));
        written.send::<bool>().await.unwrap();
    }
    run.send().await.unwrap()
}

/// An API key of the user of this session, until tomorrow where keys have an end.
async fn make_key(session: &Client, name: &str) -> NewApiKey {
    let tomorrow = Timestamp::now() + Duration::from_secs(86_400);
    session.api_keys().create(name, Some(tomorrow).filter(|_| session.version().major() >= 18)).await.unwrap()
}

fn name(test: &str) -> String {
    format!("odoo-client wires {test} {}", std::process::id())
}

/// A client for every wire that the server has, and the session that made their key.
async fn every_wire(key: &SecretString) -> Vec<Client> {
    let builder = builder().unwrap();
    let mut clients = vec![
        builder.clone().wire(WireKind::JsonRpc).connect().await.unwrap(),
        builder.clone().wire(WireKind::Session).connect().await.unwrap(),
        builder.clone().api_key(key.clone()).wire(WireKind::JsonRpc).connect().await.unwrap(),
    ];
    if clients[0].version().major() >= 19 {
        clients.push(builder.api_key(key.clone()).wire(WireKind::Json2).connect().await.unwrap());
    }
    clients
}

#[tokio::test(flavor = "multi_thread")]
async fn live_every_wire_answers_alike() {
    let Some(builder) = builder() else { return };
    let session = builder.wire(WireKind::Session).connect().await.unwrap();
    let name = name("alike");
    let NewApiKey { key, id, .. } = make_key(&session, &name).await;
    let test = {
        let name = name.clone();
        async move {
            let mut outcomes = Vec::new();
            for odoo in every_wire(&key).await {
                assert_eq!((odoo.database(), odoo.user()), (&*variable("ODOO_DB"), &*variable("ODOO_USER")));
                outcomes.push((odoo.wire(), odoo.uid(), outcomes_of(&odoo, &name).await));
            }
            let (_, uid, expected) = &outcomes[0];
            for (wire, its_uid, outcome) in &outcomes {
                assert_eq!(its_uid, uid, "{wire}");
                for (what, said) in expected {
                    assert_eq!(&outcome[what], said, "{what} over {wire}");
                }
            }
            check_kinds(expected);
        }
    };
    let keys = session.api_keys();
    finally(test, async { keys.revoke(id).await.unwrap() }).await;
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap()
}

/// What each of the calls comes to: the result, or the kind of the error.
async fn outcomes_of(odoo: &Client, name: &str) -> BTreeMap<&'static str, Result<Value, ErrorKind>> {
    let tags = odoo.model("res.partner.category");
    let partners = odoo.model("res.partner");
    let mut outcomes = BTreeMap::new();

    let values = |n: u32| json!({"name": format!("{name} {n}"), "color": n});
    let one: i64 = tags.call("create").arg("vals_list", values(1)).send().await.unwrap();
    let two: Vec<i64> = tags.call("create").arg("vals_list", [values(2), values(3)]).send().await.unwrap();
    let single: Vec<i64> = tags.call("create").arg("vals_list", [values(4)]).send().await.unwrap();
    assert_eq!((two.len(), single.len()), (2, 1));
    let ids = [one, two[0], two[1], single[0]];
    let own = json!([["name", "=like", format!("{name}%")]]);
    let calls: Vec<(&'static str, Call)> = vec![
        ("write", tags.call("write").ids([one]).arg("vals", json!({"color": 7}))),
        ("search_count", tags.call("search_count").arg("domain", &own)),
        ("read colors", tags.call("search_read").arg("domain", &own).arg("fields", ["color"]).arg("order", "name")),
        ("name_search", odoo.model("res.country").call("name_search").arg("name", "Belg").context("lang", "en_US")),
        ("default_get", partners.call("default_get").arg("fields", ["active"])),
        ("context_get", odoo.model("res.users").call("context_get").context("tz", "Asia/Tokyo")),
        ("fields_get", partners.call("fields_get").arg("allfields", ["email"]).arg("attributes", ["type", "string"])),
        ("nothing", partners.call("check_access_rule").ids([1]).arg("operation", "read")),
        ("read of nothing", tags.call("read").ids([99_999_999]).arg("fields", ["name"])),
        ("missing record", partners.call("write").ids([99_999_999]).arg("vals", json!({"name": "x"}))),
        ("unknown model", odoo.model("no.such.model").call("search").arg("domain", json!([]))),
        ("odd model", odoo.model("no/such?model").call("search").arg("domain", json!([]))),
        ("unknown method", partners.call("no_such_method").ids([1])),
        ("private method", partners.call("_compute_display_name").ids([1])),
        (
            "unknown field",
            partners.call("search_read").arg("domain", json!([])).arg("fields", ["nope"]).arg("limit", 1),
        ),
        ("unknown field to write", tags.call("write").ids([one]).arg("vals", json!({"nope": 1}))),
        ("unknown field in a domain", tags.call("search").arg("domain", json!([["nope", "=", 1]]))),
        ("unknown argument", partners.call("search").arg("domain", json!([])).arg("nope", 1)),
        ("missing argument", tags.call("write").ids([one])),
        ("validation", partners.call("create").arg("vals_list", json!({}))),
        ("user error", odoo.model("res.users").call("unlink").ids([1])),
        ("unlink", tags.call("unlink").ids(ids)),
    ];
    for (what, call) in calls {
        let outcome = match call.send::<Value>().await {
            Ok(mut value) => {
                for row in value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                    row.remove("id");
                }
                Ok(value)
            }
            Err(error) => {
                assert!(!error.may_have_executed() && !error.is_retryable(), "{what}: {error}");
                assert!(!error.to_string().contains("Traceback"), "{what}: {error}");
                Err(error.kind())
            }
        };
        outcomes.insert(what, outcome);
    }
    outcomes
}

/// That the outcomes, alike as they are, are the right ones.
fn check_kinds(outcomes: &BTreeMap<&'static str, Result<Value, ErrorKind>>) {
    for (what, kind) in [
        ("missing record", ErrorKind::Missing),
        ("unknown model", ErrorKind::UnknownModel),
        ("odd model", ErrorKind::UnknownModel),
        ("unknown method", ErrorKind::UnknownMethod),
        ("private method", ErrorKind::Access),
        ("unknown field", ErrorKind::UnknownField),
        ("unknown argument", ErrorKind::UnknownArgument),
        ("missing argument", ErrorKind::UnknownArgument),
        ("validation", ErrorKind::Validation),
        ("user error", ErrorKind::User),
    ] {
        assert_eq!(outcomes[what], Err(kind), "{what}");
    }
    assert_eq!(outcomes["search_count"], Ok(json!(4)));
    assert_eq!(outcomes["read colors"], Ok(json!([{"color": 7}, {"color": 2}, {"color": 3}, {"color": 4}])));
    assert_eq!(outcomes["unlink"], Ok(json!(true)));
    assert_eq!(outcomes["nothing"], Ok(Value::Null));
}

#[tokio::test]
async fn live_a_right_that_is_missing_is_missing_on_every_wire() {
    let Some(builder) = builder() else { return };
    let builder = builder.user("demo").password("demo");
    let session = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let name = name("rights");
    let NewApiKey { key, id, .. } = make_key(&session, &name).await;
    let test = {
        let session = session.clone();
        async move {
            let mut clients = vec![session, builder.clone().wire(WireKind::JsonRpc).connect().await.unwrap()];
            if clients[0].version().major() >= 19 {
                clients.push(builder.api_key(key).wire(WireKind::Json2).connect().await.unwrap());
            }
            for odoo in clients {
                let call = odoo.model("ir.config_parameter").call("search_read");
                let error = call.arg("fields", ["key"]).arg("limit", 1).send::<Value>().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Access, "{}: {error}", odoo.wire());
            }
        }
    };
    let keys = session.api_keys();
    finally(test, async { keys.revoke(id).await.unwrap() }).await;
}

#[tokio::test]
async fn live_what_cannot_log_in_says_why() {
    let Some(builder) = builder() else { return };
    for wire in [WireKind::JsonRpc, WireKind::Session] {
        let builder = builder.clone().wire(wire);
        let error = builder.clone().password("hunter2-the-secret").connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessDenied, "{wire}: {error}");
        assert!(error.to_string().starts_with("cannot log in to database `"), "{wire}: {error}");
    }
    let session = builder.clone().wire(WireKind::Session);
    let error = session.clone().database("no_such_database").connect().await.unwrap_err();
    // 14 with several databases gives no detail about one that it does not have.
    assert!(matches!(error.kind(), ErrorKind::UnknownDatabase | ErrorKind::Http), "{error}");
    for id in ["0123456789012345678901234567890123456789", "no such session", "a\nb"] {
        let error = server().session(id).connect().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SessionExpired | ErrorKind::Config), "{error}");
        assert!(!format!("{error} {error:?}").contains(id), "{error}");
    }
    let version = builder.clone().connect().await.unwrap().version().clone();
    let alone = server().api_key("hunter2-the-secret").database("apps").connect().await.unwrap_err();
    assert!(!format!("{alone} {alone:?}").contains("hunter2"), "{alone}");
    if version.major() >= 19 {
        assert_eq!(alone.kind(), ErrorKind::AccessDenied, "{alone}");
    } else {
        assert_eq!(alone.kind(), ErrorKind::Config, "{alone}");
        assert!(alone.to_string().contains("not given a user"), "{alone}");
    }
    let error = builder.api_key("hunter2-the-secret").wire(WireKind::Session).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
}

#[tokio::test]
async fn live_a_key_alone_is_enough_since_19() {
    let Some(builder) = builder() else { return };
    let session = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    if session.version().major() < 19 {
        return;
    }
    let name = name("alone");
    let NewApiKey { key, id, .. } = make_key(&session, &name).await;
    let (database, user, uid) = (session.database().to_owned(), session.user().to_owned(), session.uid());
    let test = async move {
        let odoo = server().database(&database).api_key(key.clone()).connect().await.unwrap();
        assert_eq!((odoo.wire(), odoo.wire().removed_in()), (WireKind::Json2, None));
        assert_eq!((odoo.uid(), odoo.user(), odoo.database()), (uid, &*user, &*database));
        assert!(odoo.session_id().is_none());
        let error = odoo.session_info().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");

        let error = server().database("no_such_database").api_key(key.clone()).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownDatabase, "{error}");
        let error = server().database(&database).user("demo").api_key(key.clone()).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
        if server().databases().await.unwrap().len() > 1 {
            let error = server().api_key(key.clone()).connect().await.unwrap_err();
            assert!(error.to_string().contains("several databases"), "{error}");
        } else {
            server().api_key(key.clone()).connect().await.unwrap();
        }
    };
    let keys = session.api_keys();
    finally(test, async { keys.revoke(id).await.unwrap() }).await;
}

#[tokio::test]
async fn live_a_session_is_handed_out_taken_up_and_ended() {
    let Some(builder) = builder() else { return };
    let first = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let id = first.session_id().expect("a session");
    assert!(!format!("{first:?} {builder:?}").contains(id.expose_secret()));

    let second = server().session(id.clone()).connect().await.unwrap();
    assert_eq!((second.wire(), second.uid(), second.database()), (WireKind::Session, first.uid(), first.database()));
    assert_eq!(second.user(), first.user());
    let info = second.session_info().await.unwrap();
    assert_eq!((info.uid, &*info.login, &*info.database), (first.uid(), first.user(), first.database()));
    assert_eq!(info.server_version.as_ref(), Some(first.version()));
    let me = second.model("res.users").call("read").ids([info.uid]).arg("fields", ["partner_id", "company_id"]);
    let me: Value = me.send().await.unwrap();
    assert_eq!(info.partner_id, me[0]["partner_id"][0].as_i64());
    assert_eq!(info.company_id, me[0]["company_id"][0].as_i64());
    assert!(info.companies.iter().any(|company| Some(company.id) == info.company_id));
    assert!(info.user_context.get("tz").is_some());

    // Another user's, or another database's, is none that was meant.
    let error = server().session(id.clone()).user("demo").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");

    second.log_out().await.unwrap();
    assert!(second.session_id().is_none());
    let call = || second.model("res.country").call("search_count").arg("domain", json!([]));
    let error = call().send::<i64>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
    // What has but the id cannot go on ...
    let error = server().session(id).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
    // ... what knows the password can.
    let count: i64 = first.model("res.country").call("search_count").arg("domain", json!([])).send().await.unwrap();
    assert!(count > 200);
    first.log_out().await.unwrap();
    first.log_out().await.unwrap();
}

#[tokio::test]
async fn live_other_wires_begin_a_session_when_they_need_one() {
    let Some(builder) = builder() else { return };
    let odoo = builder.wire(WireKind::JsonRpc).connect().await.unwrap();
    assert!(odoo.session_id().is_none());
    assert_eq!(odoo.session_info().await.unwrap().uid, odoo.uid());
    assert!(odoo.session_id().is_some());
    odoo.log_out().await.unwrap();
    // Its calls need no session.
    let _: i64 = odoo.model("res.country").call("search_count").arg("domain", json!([])).send().await.unwrap();
}

/// A user of the test's own, with this login.
async fn make_user(admin: &Client, login: &str, password: &str) -> i64 {
    let values = json!({"name": login, "login": login, "password": password});
    admin.model("res.users").call("create").arg("vals_list", values).send().await.unwrap()
}

/// The user, and the contact that came with it.
async fn delete_user(admin: &Client, uid: i64) {
    let users = admin.model("res.users");
    let rows: Value = users.call("read").ids([uid]).arg("fields", ["partner_id"]).send().await.unwrap();
    users.call("unlink").ids([uid]).send::<bool>().await.unwrap();
    let contact = rows[0]["partner_id"][0].as_i64().unwrap();
    admin.model("res.partner").call("unlink").ids([contact]).send::<bool>().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn live_a_thousand_calls_share_one_login_when_the_session_has_ended() {
    let Some(builder) = builder() else { return };
    let admin = builder.clone().connect().await.unwrap();
    let login = name("flight");
    let uid = make_user(&admin, &login, "flight-Pass1").await;
    let test = {
        let admin = admin.clone();
        let builder = builder.user(&login).password("flight-Pass1").wire(WireKind::Session).max_concurrent_calls(16);
        async move {
            let odoo = builder.connect().await.unwrap();
            let logins = || async {
                let log = admin.model("res.users.log").call("search_count");
                log.arg("domain", json!([["create_uid", "=", uid]])).send::<i64>().await.unwrap()
            };
            assert_eq!(logins().await, 1);
            let ended = server().session(odoo.session_id().unwrap()).connect().await.unwrap();
            ended.log_out().await.unwrap();
            let tasks: Vec<_> = (0..1_000)
                .map(|_| {
                    let call = odoo.model("res.users").call("context_get");
                    tokio::spawn(call.send::<Value>())
                })
                .collect();
            for task in tasks {
                assert!(task.await.unwrap().unwrap()["lang"].is_string());
            }
            assert_eq!(logins().await, 2);
            odoo.log_out().await.unwrap();
        }
    };
    finally(test, delete_user(&admin, uid)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_a_login_that_fails_again_is_tried_once() {
    let Some(builder) = builder() else { return };
    let admin = builder.clone().connect().await.unwrap();
    let login = name("locked");
    let uid = make_user(&admin, &login, "locked-Pass1").await;
    let test = {
        let admin = admin.clone();
        async move {
            let odoo = builder.user(&login).password("locked-Pass1").wire(WireKind::Session).connect().await.unwrap();
            // A new password ends the sessions of the old one.
            let changed = json!({"password": "locked-Pass2"});
            admin.model("res.users").call("write").ids([uid]).arg("vals", changed).send::<bool>().await.unwrap();
            let tasks: Vec<_> =
                (0..8).map(|_| tokio::spawn(odoo.model("res.users").call("context_get").send::<Value>())).collect();
            for task in tasks {
                let error = task.await.unwrap().unwrap_err();
                assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::AccessDenied, false), "{error}");
            }
        }
    };
    finally(test, delete_user(&admin, uid)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_two_factor_authentication() {
    let Some(builder) = builder() else { return };
    let admin = builder.clone().connect().await.unwrap();
    let login = name("totp");
    let uid = make_user(&admin, &login, "totp-Pass1").await;
    let builder = builder.user(&login).password("totp-Pass1");
    let test = async move {
        let plain = builder.clone().wire(WireKind::Session).connect().await.unwrap();
        let secret = enable_totp(&plain, uid).await;

        let error = builder.clone().wire(WireKind::Session).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TotpRequired, "{error}");
        let error = builder.clone().connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
        assert!(error.to_string().contains("totp"), "{error}");
        let error = totp(&builder, |_| "000000".to_owned()).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
        let no_code = builder.clone().totp(|| async { Err("the device is at home".into()) });
        let error = no_code.connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TotpRequired, "{error}");

        // 19 takes each code once, and one was used to switch it on: the next one is good already.
        let odoo = totp(&builder, move |n| code(&secret, 1 + n)).connect().await.unwrap();
        assert_eq!((odoo.wire(), odoo.uid()), (WireKind::Session, uid));
        let info = odoo.session_info().await.unwrap();
        assert_eq!(info.uid, uid);
        odoo.log_out().await.unwrap();
    };
    finally(test, delete_user(&admin, uid)).await;
}

/// With a function that is told how many codes were given before.
fn totp(builder: &ClientBuilder, code: impl Fn(usize) -> String + Send + Sync + 'static) -> ClientBuilder {
    let given = Arc::new(AtomicUsize::new(0));
    builder.clone().totp(move || {
        let code = SecretString::from(code(given.fetch_add(1, Ordering::Relaxed)));
        async { Ok(code) }
    })
}

/// Switches two-factor authentication on, as a person would; the secret of the codes.
async fn enable_totp(odoo: &Client, uid: i64) -> String {
    let is_new = odoo.version().major() >= 19;
    let wizard = if is_new { "action_totp_enable_wizard" } else { "totp_enable_wizard" };
    let action: Value = odoo.model("res.users").call(wizard).ids([uid]).send().await.unwrap();
    let action = confirmed(odoo, action, "totp-Pass1").await;
    let id = action["res_id"].as_i64().unwrap();
    let wizards = odoo.model("auth_totp.wizard");
    let rows: Value = wizards.call("read").ids([id]).arg("fields", ["secret"]).send().await.unwrap();
    let secret = rows[0]["secret"].as_str().unwrap().to_owned();
    let mut enable = wizards.call("enable").ids([id]);
    if is_new {
        enable = enable.context("code", code(&secret, 0));
    } else {
        let vals = json!({"code": code(&secret, 0)});
        wizards.call("write").ids([id]).arg("vals", vals).send::<bool>().await.unwrap();
    }
    enable.send::<Value>().await.unwrap();
    secret
}

/// The code of two-factor authentication so many half minutes from now.
fn code(secret: &str, ahead: usize) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(seconds + 30 * ahead as u64).to_string()
}

#[tokio::test]
async fn live_the_databases_of_a_server() {
    let Some(builder) = builder() else { return };
    let odoo = builder.connect().await.unwrap();
    let names = server().databases().await.unwrap();
    assert!(names.iter().any(|name| name == odoo.database()), "{names:?}");
}
