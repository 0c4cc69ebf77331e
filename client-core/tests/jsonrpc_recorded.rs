//! What real servers answer, and what this crate makes of it.
//!
//! Each case makes a call through a small server on this machine that answers from `recordings/<series>/<case>.json`, after it has
//! checked that the request is the one that was recorded. To record anew, from a server with demo data:
//!
//! ```text
//! ODOO_RECORD=19 ODOO_URL=http://127.0.0.1:18019 ODOO_DB=apps ODOO_PASSWORD=admin \
//!     cargo test -p odoo-client --test jsonrpc_recorded recordings_19
//! ```
//!
//! `ODOO_PASSWORD` is that of the user `admin`; the user `demo` has the password `demo`. Only `http://` is recorded.
//! Passwords and tracebacks are left out of the recordings.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod jsonrpc_support;

use jsonrpc_support::recording::{record, replay};
use jsonrpc_support::{PASSWORD, builder, serve};
use odoo_client::{Call, Client, Error, ErrorKind};
use serde_json::{Value, json};

/// A call, and what is expected of its failure.
struct Case {
    name: &'static str,
    user: &'static str,
    call: fn(&Client) -> Call,
    kind: ErrorKind,
    exception: &'static str,
    /// In the server's words and in the whole message: in 14, and in 19.
    words: [&'static str; 2],
    remedy: &'static str,
}

/// One of each kind of failure that both servers report with details. The transaction of all of them is rolled back.
const CASES: &[Case] = &[
    Case {
        name: "access_error",
        user: "demo",
        call: |odoo| odoo.model("ir.config_parameter").call("search_read").arg("fields", ["key"]).arg("limit", 1),
        kind: ErrorKind::Access,
        exception: "odoo.exceptions.AccessError",
        words: ["You are not allowed to access 'System Parameter'"; 2],
        remedy: "give the user the rights",
    },
    Case {
        name: "private_method",
        user: "admin",
        call: |odoo| odoo.model("res.partner").call("_compute_display_name").ids([1]),
        kind: ErrorKind::Access,
        exception: "odoo.exceptions.AccessError",
        words: ["Private methods (such as "; 2],
        remedy: "call a public method",
    },
    Case {
        name: "missing_error",
        user: "admin",
        call: |odoo| odoo.model("res.partner").call("write").ids([99_999_999]).arg("vals", json!({"name": "x"})),
        kind: ErrorKind::Missing,
        exception: "odoo.exceptions.MissingError",
        words: ["Record does not exist or has been deleted.\n(Record: res.partner(99999999,), User: 2)"; 2],
        remedy: "may have been deleted",
    },
    Case {
        name: "validation_error",
        user: "admin",
        call: |odoo| odoo.model("res.partner").call("create").arg("vals_list", json!({})),
        kind: ErrorKind::Validation,
        exception: "odoo.exceptions.ValidationError",
        words: ["res_partner_check_name", "Contacts require a name"],
        remedy: "",
    },
    Case {
        name: "user_error",
        user: "admin",
        call: |odoo| odoo.model("res.users").call("unlink").ids([1]),
        kind: ErrorKind::User,
        exception: "odoo.exceptions.UserError",
        words: ["You can not remove the admin user"; 2],
        remedy: "",
    },
    Case {
        name: "unknown_model",
        user: "admin",
        call: |odoo| odoo.model("no.such.model").call("search").arg("domain", json!([])),
        kind: ErrorKind::UnknownModel,
        exception: "odoo.exceptions.UserError",
        words: ["Object no.such.model doesn't exist"; 2],
        remedy: "the module which brings the model",
    },
    Case {
        name: "unknown_method",
        user: "admin",
        call: |odoo| odoo.model("res.partner").call("no_such_method").ids([1]),
        kind: ErrorKind::UnknownMethod,
        exception: "builtins.AttributeError",
        words: [
            "type object 'res.partner' has no attribute 'no_such_method'",
            "The method 'res.partner.no_such_method' does not exist",
        ],
        remedy: "the module which brings the method",
    },
    Case {
        name: "unknown_field",
        user: "admin",
        call: |odoo| {
            odoo.model("res.partner")
                .call("search_read")
                .arg("domain", json!([]))
                .arg("fields", ["nope"])
                .arg("limit", 1)
        },
        kind: ErrorKind::Server,
        exception: "builtins.ValueError",
        words: ["Invalid field 'nope' on model 'res.partner'", "Invalid field 'nope' on 'res.partner'"],
        remedy: "the module which brings the field",
    },
    Case {
        name: "unknown_argument",
        user: "admin",
        call: |odoo| odoo.model("res.partner").call("search").arg("nope", 1),
        kind: ErrorKind::Server,
        exception: "builtins.TypeError",
        words: ["unexpected keyword argument 'nope'"; 2],
        remedy: "compare them with the method's parameters",
    },
];

#[tokio::test]
async fn recordings_14() {
    play("14").await;
}

#[tokio::test]
async fn recordings_19() {
    play("19").await;
}

async fn play(series: &'static str) {
    let which = usize::from(series == "19");
    for case in CASES {
        let odoo = connect(series, case.name, case.user).await.unwrap();
        let call = (case.call)(&odoo);
        let expected_place = format!("{call:?}");
        let error = call.send::<Value>().await.unwrap_err();
        check_secrets(&error);
        let shown = error.to_string();
        assert_eq!(error.kind(), case.kind, "{shown}");
        assert_eq!(error.server_exception(), Some(case.exception), "{shown}");
        assert!(error.server_message().unwrap().contains(case.words[which]), "{shown}");
        assert!(shown.contains(case.words[which]), "{shown}");
        assert!(shown.contains(case.remedy), "{shown}");
        // "res.partner.write([1]): …"
        assert!(expected_place.contains(shown.split(": ").next().unwrap()), "{shown}");
        assert!(!error.may_have_executed() && !error.is_retryable(), "{shown}");
        assert!(error.traceback().is_some(), "{shown}");
    }

    let odoo = connect(series, "search_read", "admin").await.unwrap();
    assert_eq!(odoo.version().major().to_string(), series);
    let call = odoo.model("res.country").call("search_read").arg("domain", json!([["code", "in", ["BE", "FR"]]]));
    let rows: Value = call.arg("fields", ["code"]).arg("order", "code").context("lang", "en_US").send().await.unwrap();
    assert_eq!((&rows[0]["code"], &rows[1]["code"]), (&json!("BE"), &json!("FR")));

    // A method that returns None: the answer has no `result`.
    let odoo = connect(series, "none", "admin").await.unwrap();
    let call = odoo.model("res.partner").call("check_access_rule").ids([1]).arg("operation", "read");
    call.send::<()>().await.unwrap();

    let error = connect(series, "wrong_password", "admin").await.unwrap_err();
    check_secrets(&error);
    let shown = error.to_string();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::AccessDenied, false));
    assert!(shown.starts_with("cannot log in to database `apps` at http://127.0.0.1:"), "{shown}");
    assert!(shown.contains("as `admin`") && shown.contains("two-factor authentication needs an API key"), "{shown}");

    let error = connect(series, "unknown_database", "admin").await.unwrap_err();
    check_secrets(&error);
    let shown = error.to_string();
    if series == "14" {
        // There is no session for a database that does not exist, hence no detail.
        assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(500)), "{shown}");
        assert!(shown.contains("Internal Server Error") && shown.contains("be it a wrong database"), "{shown}");
    } else {
        assert_eq!(error.kind(), ErrorKind::UnknownDatabase, "{shown}");
        assert!(shown.contains(r#"database "no_such_database" does not exist"#), "{shown}");
    }

    let error = connect(series, "wrong_path", "admin").await.unwrap_err();
    let shown = error.to_string();
    assert_eq!((error.kind(), error.status()), (ErrorKind::NotOdoo, Some(404)), "{shown}");
    assert!(shown.contains("without /web or another path behind it"), "{shown}");

    if series == "14" {
        // Odoo 14 with several databases, of which the client's session has chosen none.
        let odoo = connect(series, "no_detail", "admin").await.unwrap();
        let error = odoo.model("no.such.model").call("search").send::<Value>().await.unwrap_err();
        let shown = error.to_string();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(500)), "{shown}");
        assert!(error.server_message().unwrap().starts_with("Internal Server Error The server encountered"), "{shown}");
        assert!(
            shown.contains("no.such.model.search()") && shown.contains("Odoo 14 with several databases"),
            "{shown}"
        );
        assert!(error.may_have_executed());
    }
}

fn check_secrets(error: &Error) {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(PASSWORD) && !shown.contains("Traceback"), "{shown}");
}

/// Connects to a server that plays, or records, the case.
async fn connect(series: &'static str, case: &'static str, user: &'static str) -> Result<Client, Error> {
    let recording = std::env::var("ODOO_RECORD").is_ok_and(|recorded| recorded == series);
    let url =
        serve(move |request| if recording { record(series, case, request) } else { replay(series, case, request) });
    let url = if case == "wrong_path" { format!("{url}/nowhere") } else { url };
    let database = if case == "unknown_database" { "no_such_database" } else { "apps" };
    builder(&url).database(database).user(user).connect().await
}
