//! `cargo xtask regen` against a server that answers as real ones were recorded to answer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use serde_json::{Value, json};
use support::odoo::{Answer, Odoo, access_error, doc_error, recorded};
use support::{Folder, MODELS, PASSWORD, Run, variables};

/// Adds to what the server says of the fields of `res.bank`.
fn with_field(name: &'static str, attributes: Value) -> Odoo {
    Odoo::with("19", move |request, answer| {
        if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), answer) {
            json["result"][name] = attributes.clone();
        }
    })
}

/// Refuses the list of models, as 19 does to an ordinary user.
fn without_models() -> Odoo {
    Odoo::with("19", |request, answer| {
        if request.model == "ir.model" {
            *answer = access_error();
        }
    })
}

#[test]
fn a_server_is_pinned_and_code_written_and_only_once() {
    for series in ["14", "19"] {
        let odoo = Odoo::new(series);
        let folder = Folder::with_target(&format!("server-{series}"), &format!("{series}.0"));
        let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
        assert_eq!((&outcome["source"], &outcome["models"]), (&json!("server"), &json!(3)));
        assert_eq!(
            (&outcome["warnings"], &outcome["notes"], &outcome["changes"]),
            (&json!([]), &json!([]), &json!([]))
        );
        let pin: Value = serde_json::from_str(&folder.read("schema/pin.json")).unwrap();
        assert_eq!(pin["series"], format!("{series}.0"));
        assert_eq!(pin["models"], json!(MODELS));
        assert!(pin["modules"]["base"].as_str().unwrap().starts_with(&format!("{series}.0.")));
        let tags: Value = serde_json::from_str(&folder.read("schema/models/res.partner.category.json")).unwrap();
        assert_eq!((&tags["label"], &tags["fields"]["name"]["type"]), (&json!("Partner Tags"), &json!("char")));
        assert!(folder.read("src/res/partner_category.rs").contains("pub const NAME"));

        let before = folder.tree();
        let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
        assert_eq!((&outcome["written"], &outcome["removed"]), (&json!([]), &json!([])));
        assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, Some(0));
        // The server and its pin give the same code.
        assert_eq!(folder.regen(&["--check", "--offline"]).code, Some(0));
        assert!(before == folder.tree(), "{series}: a run after the first wrote");
    }
}

#[test]
fn check_says_what_changed_on_the_server() {
    let folder = Folder::with_target("drift", "19.0");
    folder.regen_from(&Odoo::new("19").url, &[]);
    let before = folder.tree();
    let odoo = with_field("x_stars", json!({"type": "integer", "string": "Stars"}));
    let run = folder.regen_from(&odoo.url, &["--check"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("schema: res.bank.x_stars (integer) is new"), "{run:?}");
    assert!(run.stderr.contains("acme: out of date; run `cargo xtask regen acme` and commit"), "{run:?}");
    assert!(before == folder.tree(), "--check wrote");
    let run = folder.regen_from(&odoo.url, &["--check", "--json"]);
    assert_eq!((run.code, &run.json()[0]["changes"]), (Some(1), &json!(["res.bank.x_stars (integer) is new"])));
    folder.regen_from(&odoo.url, &[]);
    let outcome = folder.regen_from(&Odoo::new("19").url, &["--json"]).outcome();
    assert_eq!(outcome["changes"], json!(["res.bank.x_stars (integer) is gone"]));
}

/// Computing other fields of `ir.model` (`count`) fails on some databases, for records whose table is gone.
#[test]
fn only_what_is_needed_is_asked_for() {
    let folder = Folder::with_target("asked", "19.0");
    let odoo = Odoo::new("19");
    folder.regen_from(&odoo.url, &[]);
    let listed = odoo.calls("ir.model", "search_read");
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0].kwargs["fields"], &listed[0].args), (&json!(["model", "name", "transient"]), &json!([])));
    assert_eq!(listed[0].kwargs["domain"], json!([["model", "in", MODELS]]));
    let seen = odoo.seen();
    let models: BTreeSet<_> = seen.iter().map(|request| request.model.as_str()).collect();
    let expected = ["", "index", "ir.model", "ir.module.module"].into_iter().chain(MODELS).collect();
    assert_eq!(models, expected);
    for request in seen.iter().filter(|request| !request.model.is_empty() && request.method != "api_doc") {
        assert!(
            matches!(request.method.as_str(), "search_read" | "fields_get" | "default_get"),
            "not a read: {request:?}"
        );
        assert_eq!(request.kwargs["context"], json!({"lang": "en_US"}), "{request:?}");
    }
    for model in MODELS {
        let asked = odoo.calls(model, "fields_get");
        assert_eq!(asked.len(), 1, "{model}");
        assert_eq!(asked[0].kwargs["attributes"], json!(odoo_codegen::ATTRIBUTES), "{model}");
    }
}

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
    // The session that the documentation took is ended; that of 14 was never begun.
    assert_eq!((odoo.calls("", "session").len(), odoo.calls("", "destroy").len()), (1, 1));
    assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, Some(0));
    assert_eq!(folder.regen(&["--check", "--offline"]).code, Some(0));

    let outcome = folder.regen_from(&Odoo::new("19").url, &["--json"]).outcome();
    assert_eq!((&outcome["changes"], &outcome["methods"]), (&json!(["res.bank.check_bank() is gone"]), &json!(0)));
    assert_eq!(outcome["removed"], json!(["src/res/bank/methods.rs"]));

    let older = Odoo::new("14");
    Folder::with_target("methods-14", "14.0").regen_from(&older.url, &[]);
    assert!(older.calls("", "session").is_empty() && older.calls("index", "api_doc").is_empty());
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
    let odoo = Odoo::with("19", |request, _| assert_ne!(request.method, "api_doc"));
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
    let kept = "the server does not tell the methods of 1 models: they stay as they were pinned";
    assert_eq!((&outcome["notes"], &outcome["methods"]), (&json!([kept]), &json!(1)));
    // A proxy that is down says nothing of methods.
    let odoo = Odoo::with("19", |request, answer| {
        if request.method == "api_doc" {
            *answer = Answer::Page(502);
        }
    });
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(said.contains("cannot read the API documentation") && said.contains("502"), "{said}");
}

#[test]
fn of_defaults_only_that_they_are_is_pinned() {
    let folder = Folder::with_target("defaults", "19.0");
    let told = |value: Value| {
        Odoo::with("19", move |request, answer| {
            if let (true, Answer::Json(json)) = (request.is("res.bank", "default_get"), answer) {
                json["result"] = value.clone();
            }
        })
    };
    folder.regen_from(&told(json!({"name": "Bank of 2026-11-23"})).url, &[]);
    let before = folder.tree();
    assert!(!folder.read("schema/models/res.bank.json").contains("2026"));
    assert!(folder.read("src/res/bank.rs").contains("required (has a default)"));
    // Tomorrow it is another one.
    folder.regen_from(&told(json!({"name": "Bank of 2026-11-24"})).url, &[]);
    assert!(before == folder.tree(), "a volatile default is in the pin");
    let outcome = folder.regen_from(&told(json!({})).url, &["--json"]).outcome();
    assert_eq!(outcome["changes"], json!(["res.bank.name changed: default is now false"]));
    assert!(folder.read("src/res/bank.rs").contains("must be given on create"));

    let odoo = Odoo::with("19", |request, answer| {
        if request.method == "default_get" {
            *answer = access_error();
        }
    });
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    let note = outcome["notes"][0].as_str().unwrap();
    assert!(note.starts_with("the server does not tell the defaults of res.bank and 2 more"), "{note}");
}

#[test]
fn who_sees_less_does_not_shrink_a_pin() {
    let folder = Folder::with_target("less", "19.0");
    folder.regen_from(&Odoo::new("19").url, &[]);
    let less = Odoo::with("19", |request, answer| {
        if request.model.starts_with("ir.") {
            *answer = access_error();
        } else if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), answer) {
            json["result"].as_object_mut().unwrap().remove("bic");
        }
    });
    let said = folder.refused(folder.command(&[]).envs(variables(&less.url)));
    assert!(said.contains("the labels of 3 models, 1 fields, the list of modules would be lost"), "{said}");
    assert!(said.contains("--allow-loss"), "{said}");
    let outcome = folder.regen_from(&less.url, &["--allow-loss", "--json"]).outcome();
    assert_eq!(outcome["changes"], json!(["res.bank.bic (char) is gone"]));
    // What it never had is no loss.
    assert_eq!(folder.regen_from(&less.url, &["--check"]).code, Some(0));
}

#[test]
fn two_runs_at_once_do_not_meet() {
    let folder = Folder::with_pin("lock");
    let file = std::fs::File::open(folder.path("target.toml")).unwrap();
    file.lock().unwrap();
    for args in [&[][..], &["--check"]] {
        let said = folder.refused(&mut folder.command(args));
        assert!(said.contains("target acme: nothing was changed: another regen is at work on it"), "{said}");
    }
    file.unlock().unwrap();
    assert_eq!(folder.regen(&[]).code, Some(0));
}

#[test]
fn globs_and_exclusions_choose_from_what_the_server_has() {
    let folder = Folder::new("globs");
    folder.write(
        "target.toml",
        "series = \"19.0\"\n[models]\ninclude = [\"res.*\"]\nexclude = [\"res.users\", \"*.group\"]\n",
    );
    let odoo = Odoo::new("19");
    folder.regen_from(&odoo.url, &[]);
    assert_eq!(odoo.calls("ir.model", "search_read")[0].kwargs["domain"], json!([]));
    let pin: Value = serde_json::from_str(&folder.read("schema/pin.json")).unwrap();
    assert_eq!(pin["models"], json!(["res.bank", "res.partner.category"]));
    assert!(odoo.calls("res.users", "fields_get").is_empty());
}

#[test]
fn only_narrows_and_leaves_the_rest_as_it_was_pinned() {
    let folder = Folder::with_target("only", "19.0");
    folder.regen_from(&Odoo::new("19").url, &[]);
    let (bank, tags) =
        (folder.read("schema/models/res.bank.json"), folder.read("schema/models/res.partner.category.json"));
    // Both changed on the server; one is asked for.
    let odoo = Odoo::with("19", |request, answer| {
        if let ("fields_get", Answer::Json(json)) = (request.method.as_str(), answer) {
            json["result"]["x_stars"] = json!({"type": "integer", "string": "Stars"});
        }
    });
    let outcome = folder.regen_from(&odoo.url, &["--json", "--only", "res.bank"]).outcome();
    assert_eq!((&outcome["models"], &outcome["removed"]), (&json!(3), &json!([])));
    assert_eq!(outcome["changes"], json!(["res.bank.x_stars (integer) is new"]));
    assert!(odoo.calls("res.partner.category", "fields_get").is_empty());
    assert_ne!(folder.read("schema/models/res.bank.json"), bank);
    assert_eq!(folder.read("schema/models/res.partner.category.json"), tags);
    assert_eq!(folder.regen(&["--check", "--offline"]).code, Some(0), "the pin is whole");
}

#[test]
fn a_choice_of_nothing_is_refused() {
    let folder = Folder::with_pin("nothing");
    let url = Odoo::new("19").url;
    let refused = |args: &[&str]| folder.refused(folder.command(args).envs(variables(&url)));
    for only in ["res.users", "res.u*", "sale.*", "res.bnak"] {
        let said = refused(&["--only", only]);
        assert!(said.contains("--only") && said.contains("target.toml"), "{only}: {said}");
    }
    folder.write("target.toml", "series = \"19.0\"\n[models]\nexclude = [\"*\"]\n");
    assert!(refused(&[]).contains("no model"));
    folder.write("target.toml", "series = \"19.0\"\n[models]\ninclude = []\n");
    assert!(refused(&[]).contains("no model"));
}

#[test]
fn another_series_is_refused() {
    let folder = Folder::with_pin("other-series");
    let odoo = Odoo::new("14");
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    let expected = format!("{} is Odoo 14.0, but target acme is for 19.0: point ODOO_URL at another server", odoo.url);
    assert!(said.contains(&expected) && said.contains("or change `series` in"), "{said}");
}

#[test]
fn a_wrong_password_is_refused() {
    let folder = Folder::with_pin("login");
    let odoo = Odoo::with("19", |request, answer| {
        if request.method == "authenticate" {
            *answer = Answer::Json(recorded("19")["refused"].clone());
        }
    });
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(said.contains("cannot log in to database `apps`") && said.contains("check user and password"), "{said}");
}

#[test]
fn a_model_that_cannot_be_read_ends_the_run() {
    let folder = Folder::with_pin("unreadable");
    let down: [fn() -> Answer; 2] = [access_error, || Answer::Page(502)];
    for answer_of in down {
        let odoo = Odoo::with("19", move |request, answer| {
            if request.is("res.country.group", "fields_get") {
                *answer = answer_of();
            }
        });
        let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
        assert!(said.contains("target acme: nothing was changed"), "{said}");
        assert!(said.contains("cannot read the fields of res.country.group"), "{said}");
    }
}

#[test]
fn a_model_that_is_not_there_ends_the_run() {
    let folder = Folder::with_pin("absent");
    folder.target("19.0", &["res.bank", "res.bnak", "sale.*"]);
    let said = folder.refused(folder.command(&[]).envs(variables(&Odoo::new("19").url)));
    assert!(said.contains("this Odoo has no model that matches `res.bnak`, `sale.*`"), "{said}");
    // Who may not list the models learns it from the model.
    folder.target("19.0", &["res.bank", "res.bnak"]);
    let said = folder.refused(folder.command(&[]).envs(variables(&without_models().url)));
    assert!(said.contains("cannot read the fields of res.bnak") && said.contains("no such model"), "{said}");
}

#[test]
fn without_the_right_to_list_models_they_must_be_named() {
    let odoo = without_models();
    let folder = Folder::with_pin("ordinary");
    let run = folder.regen_from(&odoo.url, &["--json"]);
    let outcome = run.outcome();
    assert_eq!(outcome["models"], 3);
    assert_eq!(
        outcome["notes"],
        json!(["admin may not read ir.model: the 3 named models are pinned without their labels"])
    );
    assert!(!folder.read("schema/models/res.bank.json").contains("\"Bank\""));

    folder.target("19.0", &["res.bank", "res.*"]);
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(
        said.contains("admin may not list the models of this Odoo, which globs need: name the models in"),
        "{said}"
    );
    assert!(said.contains("target.toml") && said.contains("Access Rights"), "{said}");
    // Names on the command line will do.
    let run = folder.regen_from(&odoo.url, &["--only", "res.bank"]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

/// What a server cannot answer for a moment is not what a user may not read.
#[test]
fn a_hiccup_of_the_server_loses_no_labels() {
    for (model, says) in
        [("ir.model", "cannot list the models"), ("ir.module.module", "cannot list the installed modules")]
    {
        let folder = Folder::with_pin("hiccup");
        let odoo = Odoo::with("19", move |request, answer| {
            if request.model == model {
                *answer = Answer::Page(502);
            }
        });
        let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
        assert!(said.contains(says) && said.contains("502"), "{said}");
    }
}

#[test]
fn without_the_right_to_list_modules_the_pin_says_none() {
    let folder = Folder::with_target("modules", "19.0");
    let odoo = Odoo::with("19", |request, answer| {
        if request.model == "ir.module.module" {
            *answer = access_error();
        }
    });
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    assert_eq!(outcome["notes"], json!(["admin may not read ir.module.module: the pin does not say which apps"]));
    let pin: Value = serde_json::from_str(&folder.read("schema/pin.json")).unwrap();
    assert_eq!(pin["modules"], Value::Null);
}

#[test]
fn a_field_of_an_unknown_type_is_a_warning_and_strict_makes_it_an_error() {
    let folder = Folder::with_pin("type");
    let odoo = with_field("x_shape", json!({"type": "geo_polygon", "string": "Shape"}));
    let said = folder.refused(folder.command(&["--strict"]).envs(variables(&odoo.url)));
    assert!(said.contains("--strict") && said.contains("res.bank.x_shape has a type"), "{said}");
    let run = folder.regen_from(&odoo.url, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stderr.contains("warning: res.bank.x_shape has a type this generator does not know, `geo_polygon`"),
        "{run:?}"
    );
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    assert_eq!(outcome["warnings"].as_array().map(Vec::len), Some(1));
    assert_eq!(folder.regen_from(&Odoo::new("19").url, &["--strict"]).code, Some(0));
}

#[test]
fn virtual_fields_of_users_are_not_pinned() {
    let folder = Folder::with_target("users", "14.0");
    folder.target("14.0", &["res.users"]);
    let recorded = recorded("14")["fields_get"]["res.users"]["result"].to_string();
    assert!(recorded.contains("in_group_7") && recorded.contains("sel_groups_1_9_10"), "nothing to leave out");
    folder.regen_from(&Odoo::new("14").url, &[]);
    for file in ["schema/models/res.users.json", "src/res/users.rs"] {
        let text = folder.read(file);
        assert!(text.contains("login") && !text.contains("in_group") && !text.contains("sel_groups"), "{file}: {text}");
    }
}

/// Names and texts of a server end up in a terminal, in paths and in code. Each run looks for control characters.
#[test]
fn a_hostile_server_reaches_neither_the_terminal_nor_other_folders() {
    let folder = Folder::with_pin("hostile");
    let odoo = with_field("x_shape", json!({"type": "\u{1b}[31mx", "string": "\u{1b}]0;x\u{7}", "help": "\u{9b}31m"}));
    let run = folder.regen_from(&odoo.url, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("res.bank.x_shape"), "{run:?}");
    let odoo = with_field("x_shape", json!({"type": "char", "string": "\u{9b}31m", "help": "\u{7f}\u{9d}"}));
    assert_eq!(folder.regen_from(&odoo.url, &["--json"]).code, Some(0));

    for name in ["../../../evil", "res.\u{1b}[31mbank", "res bank", "CON"] {
        folder.target("19.0", &["*"]);
        let odoo = Odoo::with("19", move |request, answer| {
            if let Answer::Json(json) = answer {
                match request.model.as_str() {
                    "ir.model" => json["result"][0]["model"] = json!(name),
                    other if other == name => *json = recorded("19")["fields_get"]["res.bank"].clone(),
                    _ => {}
                }
            }
        });
        folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    }
    assert!(folder.files().iter().all(|file| file.starts_with("acme/")));
}

#[test]
fn a_broken_pin_is_replaced_by_that_of_a_server() {
    let folder = Folder::with_pin("repair");
    folder.regen(&[]);
    let bank = folder.read("schema/models/res.bank.json");
    folder.write("schema/models/res.bank.json", &bank.replace("\"Street\"", "\"Road\""));
    let url = Odoo::new("19").url;
    // Half of a pin that nobody can vouch for is not kept.
    let said = folder.refused(folder.command(&["--only", "res.bank"]).envs(variables(&url)));
    assert!(said.contains("do not match the hash"), "{said}");
    let outcome = folder.regen_from(&url, &["--json"]).outcome();
    assert!(outcome["notes"][0].as_str().unwrap().contains("pinned anew"), "{outcome}");
    assert_eq!(folder.regen(&["--check", "--offline"]).code, Some(0));
    assert!(folder.read("schema/models/res.bank.json").contains("\"Street\""));
}

/// The models are not read one after another, nor all at once.
#[test]
fn a_few_requests_are_under_way_at_a_time() {
    const FEW: usize = 4;
    const MANY: usize = 40;
    let names: Vec<String> = (0..MANY).map(|n| format!("x.model{n:02}")).collect();
    let (came, running, most) = (AtomicUsize::new(0), AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let (gate, counted, listed) = (Mutex::new(()), Arc::clone(&most), names.clone());
    let odoo = Odoo::with("19", move |request, answer| {
        if request.model == "ir.model" {
            let row = |name| json!({"model": name, "name": name, "transient": false});
            let rows: Vec<_> = listed.iter().map(row).collect();
            *answer = Answer::Json(json!({"jsonrpc": "2.0", "result": rows}));
        } else if request.method == "fields_get" {
            came.fetch_add(1, Ordering::SeqCst);
            counted.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            // One goes when so many are there. This never ends if they are sent one by one.
            let _gate = gate.lock().unwrap();
            while running.load(Ordering::SeqCst) < FEW && came.load(Ordering::SeqCst) < MANY {
                std::thread::yield_now();
            }
            *answer = Answer::Json(recorded("19")["fields_get"]["res.bank"].clone());
            running.fetch_sub(1, Ordering::SeqCst);
        }
    });
    let folder = Folder::new("bounded");
    folder.target("19.0", &names.iter().map(String::as_str).collect::<Vec<_>>());
    let run = Run::of(folder.command(&["--json"]).envs(variables(&odoo.url)), PASSWORD);
    assert_eq!(run.outcome()["models"], MANY);
    assert_eq!(most.load(Ordering::SeqCst), FEW);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_in_the_middle_leaves_everything_as_it_was() {
    let folder = Folder::with_pin("interrupted");
    folder.regen(&[]);
    let before = folder.tree();
    for signal in ["INT", "TERM", "KILL"] {
        let (asked, was_asked) = mpsc::sync_channel(1);
        let odoo = Odoo::with("19", move |request, _| {
            if request.is("res.country.group", "fields_get") {
                asked.send(()).unwrap();
                // It never gets an answer.
                loop {
                    std::thread::park();
                }
            }
        });
        let mut run = folder.command(&[]).envs(variables(&odoo.url)).spawn().unwrap();
        was_asked.recv_timeout(Duration::from_secs(60)).unwrap();
        let sent = Command::new("kill").args(["-s", signal, &run.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert!(!run.wait().unwrap().success());
        assert!(before == folder.tree(), "SIG{signal}: something was written");
    }
    assert_eq!(folder.regen(&["--check"]).code, Some(0));
}
