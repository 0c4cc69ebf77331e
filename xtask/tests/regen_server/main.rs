//! `cargo odoo regen` against a server that answers as real ones were recorded to answer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod check;
mod series;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use serde_json::{Value, json};
use support::odoo::{Answer, Odoo, access_error, recorded};
use support::{Folder, MODELS, PASSWORD, Run, texts, variables};

/// Adds to what the server says of the fields of `res.bank`.
fn with_field(name: &'static str, attributes: Value) -> Odoo {
    Odoo::with("19", move |request, answer| {
        if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), answer) {
            json["result"][name] = attributes.clone();
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
        assert!(folder.pinned().models.keys().eq(MODELS));
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
    let expected =
        ["", "index", "ir.model", "ir.module.module", "res.lang", "res.users"].into_iter().chain(MODELS).collect();
    assert_eq!(models, expected);
    for request in seen.iter().filter(|request| !request.model.is_empty() && request.method != "api_doc") {
        assert!(
            matches!(request.method.as_str(), "search_read" | "fields_get" | "default_get" | "context_get"),
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
    folder.regen_from(&told(json!({"name": "Bank of 2026-11-24"})).url, &["--fresh"]);
    assert!(before == folder.tree(), "a volatile default is in the pin");
    // While the field is as it was, that it has one is not asked again.
    let without = told(json!({}));
    folder.regen_from(&without.url, &[]);
    assert!(before == folder.tree() && without.calls("res.bank", "default_get").is_empty());
    let outcome = folder.regen_from(&without.url, &["--json", "--fresh"]).outcome();
    assert_eq!(texts(&outcome), ["res.bank.name: a new record must now be given it"]);
    assert!(folder.read("src/res/bank.rs").contains("must be given on create"));

    let odoo = Odoo::with("19", |request, answer| {
        if request.method == "default_get" {
            *answer = access_error();
        }
    });
    // Nobody can do anything about it.
    assert_eq!(folder.regen_from(&odoo.url, &["--json", "--fresh"]).outcome()["notes"], json!([]));
    let outcome = folder.regen_from(&odoo.url, &["--json", "--fresh", "--verbose"]).outcome();
    let note = outcome["notes"][0].as_str().unwrap();
    assert!(note.starts_with("the server does not tell the defaults of res.bank, "), "{note}");
}

/// What each monthly update of Odoo does.
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
    assert!(folder.pinned().models.keys().eq(["res.bank", "res.partner.category"]));
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
    assert_eq!(texts(&outcome), ["res.bank.x_stars (integer) is new"]);
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
        let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
        assert!(said.contains("is not the name of an Odoo model"), "{said}");
    }
    assert!(folder.files().iter().all(|file| file.starts_with("acme/")));
}

#[test]
fn a_broken_pin_is_replaced_by_that_of_a_server() {
    let folder = Folder::with_pin("repair");
    folder.regen(&[]);
    let bank = folder.read("schema/models/res.bank.json");
    folder.write("schema/models/res.bank.json", &bank.replacen('{', "", 1));
    let url = Odoo::new("19").url;
    // Half of a pin that nobody can vouch for is not kept.
    let said = folder.refused(folder.command(&["--only", "res.bank"]).envs(variables(&url)));
    assert!(said.contains("schema/models/res.bank.json is not as"), "{said}");
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
