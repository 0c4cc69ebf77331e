//! `cargo odoo regen` by those who may not see everything, and from a server that cannot answer: recorded as in
//! `regen_server.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::process::Command;

use serde_json::{Value, json};
use support::odoo::{Answer, Odoo, Request, access_error, recorded};
use support::{Folder, MODELS, PASSWORD, Run, texts, variables};

/// Refuses the list of models, as 19 does to an ordinary user.
fn without_models() -> Odoo {
    Odoo::with("19", |request, answer| {
        if request.model == "ir.model" {
            *answer = access_error();
        }
    })
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
    assert!(said.contains("the labels of 3 models, the list of modules, res.bank.bic would be lost"), "{said}");
    assert!(said.contains("--allow-loss"), "{said}");
    let outcome = folder.regen_from(&less.url, &["--allow-loss", "--json"]).outcome();
    for text in [
        "res.bank.bic (char) is gone",
        "the list of modules is gone",
        "res.bank: its label was \"Bank\" and is now none",
    ] {
        assert!(texts(&outcome).contains(&text), "{outcome}");
    }
    // What it never had is no loss.
    assert_eq!(folder.regen_from(&less.url, &["--check"]).code, Some(0));
}

/// Some fields are for some groups alone: `fields_get` leaves them out for others, who may read all that `ir.model` says.
#[test]
fn a_field_that_only_this_user_does_not_see_is_not_taken_for_gone() {
    let folder = Folder::with_target("hidden", "19.0");
    folder.regen_from(&Odoo::new("19").url, &[]);
    let without = |may_look: bool| {
        Odoo::with("19", move |request, answer| {
            if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), &mut *answer) {
                json["result"].as_object_mut().unwrap().remove("bic");
            } else if request.model == "ir.model.fields" && !may_look {
                *answer = access_error();
            }
        })
    };
    let mut diff = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    diff.args(["diff", "acme", "--generated"]).arg(folder.path("..")).envs(variables(&without(true).url));
    let run = Run::of(&mut diff, PASSWORD);
    let says = "this user sees less than the pin has, which counts as gone: res.bank.bic";
    assert!(run.code == Some(0) && run.stderr.contains(says), "{run:?}");
    for may_look in [true, false] {
        for flags in [&[][..], &["--check"]] {
            let said = folder.refused(folder.command(flags).envs(variables(&without(may_look).url)));
            assert!(said.contains("sees less than the pin has: res.bank.bic would be lost"), "{said}");
        }
    }
    let gone = Odoo::with("19", |request, answer| match &mut *answer {
        Answer::Json(json) if request.is("res.bank", "fields_get") => {
            json["result"].as_object_mut().unwrap().remove("bic");
        }
        Answer::Json(json) if request.model == "ir.model.fields" => json["result"] = json!([]),
        _ => {}
    });
    let outcome = folder.regen_from(&gone.url, &["--json"]).outcome();
    assert_eq!(texts(&outcome), ["res.bank.bic (char) is gone"]);
}

/// What 19 answers to a login in a session that it refuses.
fn refuse_session(request: &Request, answer: &mut Answer) {
    if request.is("", "session") {
        *answer = Answer::Json(recorded("19")["session_refused"].clone());
    }
}

#[test]
fn a_wrong_password_is_refused() {
    let folder = Folder::with_pin("login");
    let odoo = Odoo::with("19", |request, answer| {
        refuse_session(request, answer);
        if request.method == "authenticate" {
            *answer = Answer::Json(recorded("19")["refused"].clone());
        }
    });
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(said.contains("cannot log in to database `apps`") && said.contains("check user and password"), "{said}");
}

/// Odoo's documentation says to use keys so.
#[test]
fn what_is_given_as_a_password_may_be_an_api_key() {
    let folder = Folder::with_pin("key-as-password");
    let odoo = Odoo::with("19", refuse_session);
    let run = folder.regen_from(&odoo.url, &["--check", "--json"]);
    assert!(run.code.is_some_and(|code| code < 2) && !odoo.calls("res.bank", "fields_get").is_empty(), "{run:?}");
    assert_eq!(odoo.calls("", "authenticate").len(), 1);
}

/// A password begins one and ends it; one that was given is somebody else's.
#[test]
fn calls_are_made_in_a_session() {
    for (series, begun) in [("19", 1), ("14", 1), ("19", 0)] {
        let folder = Folder::with_target(&format!("session-{series}-{begun}"), &format!("{series}.0"));
        let odoo = Odoo::new(series);
        let mut command = folder.command(&[]);
        command.envs(variables(&odoo.url));
        if begun == 0 {
            command.env("ODOO_SESSION_ID", "abc");
        }
        assert_eq!(Run::of(&mut command, PASSWORD).code, Some(0));
        let counts = ["session", "destroy", "authenticate"].map(|method| odoo.calls("", method).len());
        assert_eq!(counts, [begun, begun, 0], "{series}");
        assert!(!odoo.calls("res.bank", "fields_get").is_empty());
    }
}

/// That the server is of another series is seen when the session has begun, and that it has no such model later.
#[test]
fn a_session_is_ended_where_a_run_fails() {
    for (series, model) in [("14.0", MODELS[0]), ("19.0", "no.such.model")] {
        let folder = Folder::new(&format!("session-failed-{series}"));
        folder.target(series, &[model]);
        let odoo = Odoo::new("19");
        folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
        let counts = ["session", "destroy"].map(|method| odoo.calls("", method).len());
        assert_eq!(counts, [1, 1], "{series}");
    }
}

/// A server whose `ir.model` has these as well.
fn listing(models: &'static [&'static str], change: impl Fn(&Request, &mut Answer) + Send + Sync + 'static) -> Odoo {
    Odoo::with("19", move |request, answer| {
        if let (true, Answer::Json(json)) = (request.is("ir.model", "search_read"), &mut *answer) {
            let rows = json["result"].as_array_mut().unwrap();
            rows.extend(models.iter().map(|name| json!({"model": name, "name": name, "transient": false})));
        }
        change(request, answer);
    })
}

/// As a row of `ir.model` whose app was taken away: `fields_get` says that there is no such model.
#[test]
fn a_model_that_only_ir_model_has_is_left_out_with_a_warning() {
    let folder = Folder::with_target("no-code", "19.0");
    folder.target("19.0", &["res.bank", "x.*"]);
    let odoo = listing(&["x.gone"], |_, _| {});
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    let warning = "x.gone is listed in ir.model, but the server has no code for it: left out";
    assert_eq!((&outcome["models"], &outcome["warnings"]), (&json!(1), &json!([warning])));
    assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, Some(0));
    let said = folder.refused(folder.command(&["--strict"]).envs(variables(&odoo.url)));
    assert!(said.contains("--strict was given and\n  x.gone is listed in ir.model"), "{said}");
    // With nothing else there is nothing to pin.
    folder.target("19.0", &["x.*"]);
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(said.contains("there is no model to read"), "{said}");
}

#[test]
fn models_that_cannot_be_introspected_are_named_at_once_with_the_way_out() {
    let folder = Folder::with_pin("unreadable");
    folder.write("target.toml", "series = \"19.0\"\n[models]\nexclude = [\"ir.*\"]\n");
    // The words are those of 16.0's `payment.link.wizard`, in the form of another error of 19.
    let odoo = listing(&["payment.link.wizard", "x.A.b", "x.gone", "x.secret"], |request, answer| {
        let fields = request.method == "fields_get";
        match (&mut *answer, request.model.as_str()) {
            (_, "x.secret") if fields => *answer = access_error(),
            (Answer::Json(json), "payment.link.wizard") if fields => {
                let (name, message) = ("builtins.AttributeError", "'bool' object has no attribute '_name'");
                let data =
                    json!({"name": name, "message": message, "arguments": [message], "debug": "", "context": {}});
                *json = json!({"jsonrpc": "2.0", "error": {"code": 0, "message": "Odoo Server Error", "data": data}});
            }
            (Answer::Json(json), "x.A.b") if fields => *json = recorded("19")["fields_get"]["res.bank"].clone(),
            _ => {}
        }
    });
    let paste = "  [models]\n  exclude = [\"ir.*\", \"payment.link.wizard\", \"x.A.b\", \"x.secret\"]\n";
    for flags in [&[][..], &["--check"], &["--strict"]] {
        let said = folder.refused(folder.command(flags).envs(variables(&odoo.url)));
        assert!(said.contains("target acme: nothing was changed: 3 models cannot be introspected:\n"), "{said}");
        assert!(
            said.contains("\n  payment.link.wizard: ") && said.contains("'bool' object has no attribute"),
            "{said}"
        );
        assert!(said.contains("\n  x.A.b: `x.A.b` is not the name of an Odoo model"), "{said}");
        assert!(said.contains("\n  x.secret: ") && !said.contains("x.gone"), "{said}");
        assert!(said.ends_with(&format!("/acme/target.toml\n{paste}")), "{said}");
    }
    // What is to be pasted helps.
    folder.write("target.toml", &format!("series = \"19.0\"\n{paste}"));
    let run = folder.regen_from(&odoo.url, &["--allow-loss"]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn a_field_that_points_to_a_model_no_generator_can_name_is_a_warning() {
    let folder = Folder::with_target("points", "19.0");
    let odoo = Odoo::with("19", |request, answer| {
        if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), answer) {
            json["result"]["x_b"] = json!({"type": "many2one", "string": "B", "relation": "x.A.b"});
        }
    });
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    let warning = "res.bank.x_b points to `x.A.b`, which is not a name a model can have: typed as raw JSON";
    assert_eq!(outcome["warnings"], json!([warning]));
    assert!(folder.read("src/res/bank.rs").contains("X_B: odoo::Field<Self, odoo::kind::Json>"));
}

/// A server that is not there for a moment says nothing of a model.
#[test]
fn a_hiccup_while_models_are_read_ends_the_run() {
    let folder = Folder::with_pin("hiccup-fields").impatient();
    let odoo = Odoo::with("19", |request, answer| {
        if request.is("res.country.group", "fields_get") {
            *answer = Answer::Page(502);
        }
    });
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(said.contains("nothing was changed: cannot read the fields of res.country.group"), "{said}");
    assert!(!said.contains("exclude ="), "{said}");
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
    assert!(said.contains("\n  res.bnak: ") && said.contains("no such model"), "{said}");
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
        let folder = Folder::with_pin("hiccup").impatient();
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
