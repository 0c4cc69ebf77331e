//! What real servers answer over each wire, and what this crate makes of it.
//!
//! Each case makes a call through a small server on this machine that answers from
//! `recordings/<series>/<wire>/<case>.json`, after it has checked that the request is the one that was recorded. To record
//! anew, from a server with several databases and demo data:
//!
//! ```text
//! ODOO_RECORD=19 ODOO_URL=http://127.0.0.1:18019 ODOO_DB=apps ODOO_PASSWORD=admin ODOO_API_KEY=... \
//!     cargo test -p odoo-client --test wires_recorded recordings_19
//! ```
//!
//! `ODOO_PASSWORD` is that of the user `admin`, and so is the key, which 14 does not need; the user `demo` has the password
//! `demo`. Only `http://` is recorded. Secrets and tracebacks are left out of the recordings.

use crate::support::recording;
use crate::support::server::{PASSWORD, builder, serve};
use odoo_client::client::{Call, WireKind};
use odoo_client::{Client, Error, ErrorKind};
use serde_json::{Value, json};

/// A call, and what is expected of its failure.
struct Case {
    name: &'static str,
    user: &'static str,
    call: fn(&Client) -> Call,
    kind: ErrorKind,
    /// Over JSON-RPC, as the next two: JSON-2 has exceptions of its own for what is wrong with a request.
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
        kind: ErrorKind::UnknownField,
        exception: "builtins.ValueError",
        words: ["Invalid field 'nope' on model 'res.partner'", "Invalid field 'nope' on 'res.partner'"],
        remedy: "the module which brings the field",
    },
    Case {
        name: "unknown_argument",
        user: "admin",
        call: |odoo| odoo.model("res.partner").call("search").arg("nope", 1),
        kind: ErrorKind::UnknownArgument,
        exception: "builtins.TypeError",
        words: ["unexpected keyword argument 'nope'"; 2],
        remedy: "compare them with the method's parameters",
    },
];

#[tokio::test]
async fn recordings_14() {
    for wire in [WireKind::JsonRpc, WireKind::Session] {
        play("14", wire).await;
    }
    without_detail().await;
}

#[tokio::test]
async fn recordings_19() {
    for wire in [WireKind::JsonRpc, WireKind::Session, WireKind::Json2] {
        play("19", wire).await;
    }
}

async fn play(series: &'static str, wire: WireKind) {
    for case in CASES {
        // The key that JSON-2 is recorded with is that of another user.
        if case.user == "admin" || wire != WireKind::Json2 {
            play_case(series, wire, case).await;
        }
    }

    let odoo = connect(series, wire, "search_read", "admin").await.unwrap();
    assert_eq!(odoo.version().major().to_string(), series);
    assert_eq!((odoo.uid().get(), odoo.user(), odoo.database(), odoo.wire()), (2, "admin", "apps", wire));
    let call = odoo.model("res.country").call("search_read").arg("domain", json!([["code", "in", ["BE", "FR"]]]));
    let rows: Value =
        call.arg("fields", ["code"]).arg("order", "code").with_context(("lang", "en_US")).send().await.unwrap();
    assert_eq!((&rows[0]["code"], &rows[1]["code"]), (&json!("BE"), &json!("FR")));

    // A method that returns None: the answer has no `result`.
    let odoo = connect(series, wire, "none", "admin").await.unwrap();
    let call = odoo.model("res.partner").call("check_access_rule").ids([1]).arg("operation", "read");
    call.send::<()>().await.unwrap();

    let error = connect(series, wire, "wrong_password", "admin").await.unwrap_err();
    check_secrets(&error);
    let shown = error.to_string();
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::AccessDenied, false), "{wire}: {shown}");
    assert!(shown.starts_with("cannot log in to database `apps` at http://127.0.0.1:"), "{wire}: {shown}");
    if wire != WireKind::Json2 {
        assert!(shown.contains("as `admin`"), "{wire}: {shown}");
    }

    let error = connect(series, wire, "unknown_database", "admin").await.unwrap_err();
    check_secrets(&error);
    let shown = error.to_string();
    if series == "14" {
        // There is no session for a database that does not exist, hence no detail.
        assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(500)), "{wire}: {shown}");
        assert!(shown.contains("Internal Server Error") && shown.contains("be it a wrong database"), "{wire}: {shown}");
    } else {
        assert_eq!(error.kind(), ErrorKind::UnknownDatabase, "{wire}: {shown}");
        assert!(shown.contains("no_such_database"), "{wire}: {shown}");
    }

    let error = connect(series, wire, "wrong_path", "admin").await.unwrap_err();
    let shown = error.to_string();
    assert_eq!((error.kind(), error.status()), (ErrorKind::NotOdoo, Some(404)), "{wire}: {shown}");
    assert!(shown.contains("give that as the URL"), "{wire}: {shown}");
}

async fn play_case(series: &'static str, wire: WireKind, case: &Case) {
    let which = usize::from(series == "19");
    let odoo = connect(series, wire, case.name, case.user).await.unwrap();
    let call = (case.call)(&odoo);
    let expected_place = format!("{call:?}");
    let error = call.send::<Value>().await.unwrap_err();
    check_secrets(&error);
    let shown = format!("{wire}: {error}");
    assert_eq!(error.kind(), case.kind, "{shown}");
    if wire == WireKind::JsonRpc {
        assert_eq!(error.server_exception(), Some(case.exception), "{shown}");
        assert!(error.server_message().unwrap().contains(case.words[which]), "{shown}");
        assert!(shown.contains(case.words[which]), "{shown}");
    }
    assert!(error.server_exception().is_some() && error.server_message().is_some(), "{shown}");
    assert!(shown.contains(case.remedy), "{shown}");
    // What the server lacks another series may have.
    let series = format!("this server is an Odoo {}", odoo.version().series());
    assert_eq!(shown.contains(&series), case.name.starts_with("unknown_"), "{shown}");
    // "res.partner.write([1]): …"
    assert!(expected_place.contains(error.to_string().split(": ").next().unwrap()), "{shown}");
    assert!(!error.may_have_executed() && !error.is_retryable(), "{shown}");
    assert!(error.traceback().is_some(), "{shown}");
}

/// Odoo 14 with several databases, of which the client's session has chosen none.
async fn without_detail() {
    let odoo = connect("14", WireKind::JsonRpc, "no_detail", "admin").await.unwrap();
    let error = odoo.model("no.such.model").call("search").send::<Value>().await.unwrap_err();
    let shown = error.to_string();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(500)), "{shown}");
    assert!(error.server_message().unwrap().starts_with("Internal Server Error The server encountered"), "{shown}");
    assert!(shown.contains("no.such.model.search()") && shown.contains("Odoo 14 with several databases"), "{shown}");
    assert!(!error.may_have_executed(), "it only reads");
}

fn check_secrets(error: &Error) {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(PASSWORD) && !shown.contains("Traceback"), "{shown}");
}

/// Connects to a server that plays, or records, the case.
async fn connect(
    series: &'static str,
    wire: WireKind,
    name: &'static str,
    user: &'static str,
) -> Result<Client, Error> {
    let case = recording::Case { series, wire, name };
    let recording = std::env::var("ODOO_RECORD").is_ok_and(|recorded| recorded == series);
    let url = serve(move |request| if recording { case.record(request) } else { case.replay(request) });
    let url = if name == "wrong_path" { format!("{url}/nowhere") } else { url };
    let database = if name == "unknown_database" { "no_such_database" } else { "apps" };
    let mut builder = builder(&url).database(database).user(user).wire(wire);
    if wire == WireKind::Json2 {
        builder = builder.api_key(PASSWORD);
    }
    builder.connect().await
}
