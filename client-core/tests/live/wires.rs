//! The same calls over every wire, and who is let in over it, against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and
//! `ODOO_PASSWORD` name (an administrator). What they create they delete, also when they fail.

use std::collections::BTreeMap;

use odoo_client::client::{Call, WireKind};
use odoo_client::ops::NewApiKey;
use odoo_client::version::Difference;
use odoo_client::{Client, ErrorKind, SecretString};
use serde_json::{Value, json};

use crate::own::users::{builder, finally, make_key, name, server};

/// A client for every wire that the server has, and the session that made their key.
async fn every_wire(key: &SecretString) -> Vec<Client> {
    let builder = builder();
    let mut clients = vec![
        builder.clone().wire(WireKind::JsonRpc).connect().await.unwrap(),
        builder.clone().wire(WireKind::Session).connect().await.unwrap(),
        builder.clone().api_key(key.clone()).wire(WireKind::JsonRpc).connect().await.unwrap(),
    ];
    if clients[0].version().has(Difference::Json2) {
        clients.push(builder.api_key(key.clone()).wire(WireKind::Json2).connect().await.unwrap());
    }
    clients
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_every_wire_answers_alike() {
    let builder = builder();
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

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_services_of_jsonrpc() {
    let builder = builder();
    // Whatever wire the calls of models take; but that of JSON-RPC sees to it that 14 tells its errors.
    let session = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let odoo = builder.wire(WireKind::JsonRpc).connect().await.unwrap();
    let [database, user, password] = ["ODOO_DB", "ODOO_USER", "ODOO_PASSWORD"].map(variable);
    for method in ["login", "authenticate"] {
        let mut arguments = vec![json!(database), json!(user), json!(password), json!({})];
        arguments.truncate(if method == "login" { 3 } else { 4 });
        assert_eq!(odoo.service::<i64>("common", method, &arguments).await.unwrap(), odoo.uid().get(), "{method}");
        arguments[2] = json!("not the password");
        assert_eq!(odoo.service::<Value>("common", method, arguments).await.unwrap(), false, "{method}");
    }
    let version: Value = session.service("common", "version", [(); 0]).await.unwrap();
    assert_eq!(version["server_serie"], odoo.version().series());
    let databases: Vec<String> = odoo.service("db", "list", [(); 0]).await.unwrap();
    assert!(databases.contains(&database));

    let positional = json!([database, odoo.uid(), password, "res.partner", "search", [["id", ">", 0]], 0, 1]);
    let named = json!([database, odoo.uid(), password, "res.partner", "search", [[["id", ">", 0]]], {"limit": 1}]);
    let one: Vec<i64> = odoo.service("object", "execute", positional).await.unwrap();
    assert_eq!(one, odoo.service::<Vec<i64>>("object", "execute_kw", named).await.unwrap());
    let error = odoo.service::<Value>("object", "execute", json!([database, 1, "wrong", "a", "b"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
    assert!(error.to_string().contains("object.execute"), "{error}");
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
        (
            "name_search",
            odoo.model("res.country").call("name_search").arg("name", "Belg").with_context(("lang", "en_US")),
        ),
        ("default_get", partners.call("default_get").arg("fields", ["active"])),
        ("context_get", odoo.model("res.users").call("context_get").with_context(("tz", "Asia/Tokyo"))),
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
#[ignore = "needs ODOO_URL"]
async fn live_a_right_that_is_missing_is_missing_on_every_wire() {
    let builder = builder();
    let builder = builder.user("demo").password("demo");
    let session = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let name = name("rights");
    let NewApiKey { key, id, .. } = make_key(&session, &name).await;
    let test = {
        let session = session.clone();
        async move {
            let mut clients = vec![session, builder.clone().wire(WireKind::JsonRpc).connect().await.unwrap()];
            if clients[0].version().has(Difference::Json2) {
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
#[ignore = "needs ODOO_URL"]
async fn live_what_cannot_log_in_says_why() {
    let builder = builder();
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
    if version.has(Difference::Json2) {
        assert_eq!(alone.kind(), ErrorKind::AccessDenied, "{alone}");
    } else {
        assert_eq!(alone.kind(), ErrorKind::Config, "{alone}");
        assert!(alone.to_string().contains("not given a user"), "{alone}");
    }
    let error = builder.api_key("hunter2-the-secret").wire(WireKind::Session).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_key_alone_is_enough_since_19() {
    let builder = builder();
    let session = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    if !session.version().has(Difference::Json2) {
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
#[ignore = "needs ODOO_URL"]
async fn live_the_databases_of_a_server() {
    let builder = builder();
    let odoo = builder.connect().await.unwrap();
    let names = server().databases().await.unwrap();
    assert!(names.iter().any(|name| name == odoo.database()), "{names:?}");
}
