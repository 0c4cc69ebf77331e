//! The methods that `cargo odoo regen` pins, from a server that answers as real ones were recorded to answer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use serde_json::{Value, json};
use support::odoo::{Answer, Odoo, doc_error};
use support::{Folder, texts, variables};

/// What the documentation says of one more method of `res.bank`.
fn with_method(name: &'static str, described: Value) -> Odoo {
    Odoo::with("19", move |request, answer| {
        if let (true, Answer::Bare(_, json)) = (request.is("res.bank", "api_doc"), answer) {
            json["methods"][name] = described.clone();
        }
    })
}

fn check_bank() -> Value {
    json!({"model": "res.bank", "module": "x_check", "signature": "(force, note=None) -> bool", "api": ["readonly"],
        "parameters": {"force": {"annotation": "bool"}, "note": {"default": null}},
        "return": {"annotation": "bool"}, "doc": "<p>Looks <tt>bic</tt> up.</p>"})
}

#[test]
fn methods_of_a_models_own_modules_are_pinned() {
    let folder = Folder::with_target("methods", "19.0");
    let odoo = with_method("check_bank", check_bank());
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    assert_eq!((&outcome["methods"], &outcome["notes"]), (&json!(1), &json!([])));
    let pin: Value = serde_json::from_str(&folder.read("schema/models/res.bank.json")).unwrap();
    assert_eq!(
        pin["methods"],
        json!({"check_bank": {"module": "x_check", "help": "Looks `bic` up.", "readonly": true, "returns": "bool",
            "parameters": [{"name": "force", "annotation": "bool"}, {"name": "note", "default": "null"}]}})
    );
    let code = folder.read("src/res/bank/methods.rs");
    assert!(code.contains("pub fn check_bank") && code.contains("force: bool"), "{code}");
    // The session that began is ended.
    assert_eq!((odoo.calls("", "session").len(), odoo.calls("", "destroy").len()), (1, 1));
    assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, Some(0));
    assert_eq!(folder.regen(&["--check", "--offline"]).code, Some(0));

    let outcome = folder.regen_from(&Odoo::new("19").url, &["--json"]).outcome();
    assert_eq!((texts(&outcome), &outcome["methods"]), (vec!["res.bank.check_bank() is gone"], &json!(0)));
    assert_eq!(outcome["removed"], json!(["src/res/bank/methods.rs"]));

    let older = Odoo::new("14");
    Folder::with_target("methods-14", "14.0").regen_from(&older.url, &[]);
    assert!(older.calls("index", "api_doc").is_empty());
}

#[test]
fn methods_of_another_series_are_kept_only_where_the_server_still_tells_them() {
    let folder = Folder::with_target("methods-series", "19.0");
    folder.regen_from(&with_method("check_bank", check_bank()).url, &[]);
    let odoo = Odoo::with("19", |request, answer| match (request.method.as_str(), answer) {
        ("version", Answer::Json(json)) => json["result"]["server_version"] = json!("saas~19.1+e"),
        ("api_doc", answer) => *answer = doc_error(),
        _ => {}
    });
    let outcome = folder.regen_from(&odoo.url, &["acme", "--series", "saas~19.1", "--json"]).outcome();
    assert_eq!(outcome["methods"], 0);
    assert!(outcome["notes"][0].as_str().unwrap().contains("no methods are pinned"), "{outcome}");
}

#[test]
fn methods_that_are_not_shown_stay_as_they_were_pinned() {
    let folder = Folder::with_target("refused", "19.0");
    folder.regen_from(&with_method("check_bank", check_bank()).url, &[]);
    let before = folder.tree();
    type Refusal = fn() -> Answer;
    let refusing: [(Refusal, &str); 2] = [
        (doc_error, "admin is not in the group Technical Documentation"),
        (|| Answer::Page(404), "the module api_doc is not installed"),
    ];
    for (refusal, why) in refusing {
        let odoo = Odoo::with("19", move |request, answer| {
            if request.method == "api_doc" {
                *answer = refusal();
            }
        });
        let note = |instead: &str| json!([format!("the server does not tell its methods ({why}): {instead}")]);
        let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
        assert_eq!(outcome["notes"], note("those of 3 models stay as they were pinned"));
        assert_eq!((&outcome["methods"], &outcome["changes"]), (&json!(1), &json!([])));
        assert!(before == folder.tree(), "a run without methods changed the pin");
        let fresh = Folder::with_target("refused-fresh", "19.0");
        let outcome = fresh.regen_from(&odoo.url, &["--json"]).outcome();
        assert_eq!((&outcome["notes"], &outcome["methods"]), (&note("no methods are pinned"), &json!(0)));
    }
    // Not asked for.
    let odoo = Odoo::with("19", |request, _| assert!(request.method != "api_doc" || request.model == "res.lang"));
    let outcome = folder.regen_from(&odoo.url, &["--json", "--no-methods"]).outcome();
    assert_eq!((&outcome["methods"], &outcome["changes"]), (&json!(1), &json!([])));
    assert!(before == folder.tree(), "a run that did not ask for methods changed the pin");
    // Of one model alone.
    let odoo = Odoo::with("19", |request, answer| {
        if request.is("res.bank", "api_doc") {
            let body = json!({"name": "builtins.ValueError", "message": "odd docs", "arguments": [], "context": {}});
            *answer = Answer::Bare(500, body);
        }
    });
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    assert!(outcome["warnings"][0].as_str().unwrap().starts_with("res.bank.methods are not told"), "{outcome}");
    let kept = "the server does not tell the methods of 1 model: they stay as they were pinned";
    assert_eq!((&outcome["notes"], &outcome["methods"]), (&json!([kept]), &json!(1)));
    // A proxy that is down says nothing of methods.
    let odoo = Odoo::with("19", |request, answer| {
        if request.method == "api_doc" {
            *answer = Answer::Page(502);
        }
    });
    let folder = folder.impatient();
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(said.contains("cannot read the API documentation") && said.contains("502"), "{said}");
}

/// The documentation of a model has all that `fields_get` says, in the language of the user.
#[test]
fn fields_come_with_the_methods_where_the_user_reads_english() {
    let in_language = |lang: &'static str| {
        Odoo::with("19", move |request, answer| {
            if let ("context_get", Answer::Json(json)) = (request.method.as_str(), answer) {
                json["result"]["lang"] = lang.into();
            }
        })
    };
    let (french, english) = (in_language("fr_FR"), in_language("en_US"));
    let folder = Folder::with_target("doc-fields", "19.0");
    folder.regen_from(&french.url, &[]);
    let before = folder.tree();
    folder.regen_from(&english.url, &[]);
    assert!(before == folder.tree(), "another pin than that of fields_get");
    assert_eq!(english.calls("res.bank", "api_doc").len(), 1);
    assert!(english.calls("res.bank", "fields_get").is_empty() && !french.calls("res.bank", "fields_get").is_empty());
    folder.regen_from(&english.url, &["--fresh"]);
    assert_eq!(english.calls("res.bank", "fields_get").len(), 1);
}
