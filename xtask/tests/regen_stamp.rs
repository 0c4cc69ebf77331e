//! What a live run knows from a former one, and that nothing goes unnoticed for it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::odoo::{Answer, Odoo};
use support::{Folder, MODELS, PASSWORD, Run, TARGET, texts, variables};

/// A target as a live run left it, whose files the next knows.
fn stamped(test: &str, odoo: &Odoo) -> Folder {
    let folder = Folder::with_target(test, "19.0");
    assert_eq!(folder.regen_from(&odoo.url, &["--json"]).outcome()["made"], true);
    assert_known(&folder, odoo);
    folder
}

fn assert_known(folder: &Folder, odoo: &Odoo) {
    let outcome = folder.regen_from(&odoo.url, &["--json", "--check"]).outcome();
    assert_eq!((&outcome["made"], &outcome["changes"]), (&json!(false), &json!([])));
    assert_eq!(outcome["unchanged"], folder.files().len() - 1, "all but target.toml");
}

/// The report of a check that must find something.
fn differing(folder: &Folder, odoo: &Odoo) -> Value {
    let check = folder.regen_from(&odoo.url, &["--json", "--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    check.json()[0].take()
}

#[test]
fn files_are_made_once_while_nothing_changes() {
    let odoo = Odoo::new("19");
    let folder = stamped("known", &odoo);
    let before = folder.tree();
    assert_eq!(folder.regen_from(&odoo.url, &["--json"]).outcome()["made"], false);
    // Without a server the question is what is made of the pin.
    for args in [&["--json", "--offline"][..], &["--json", "--offline", "--check"], &["--json"]] {
        assert_eq!(folder.regen(args).outcome()["made"], true);
    }
    assert!(before == folder.tree());
    // --check leaves a stamp as well.
    fs::remove_dir_all(folder.stamps()).unwrap();
    assert_eq!(folder.regen_from(&odoo.url, &["--json", "--check"]).outcome()["made"], true);
    assert_known(&folder, &odoo);
}

#[test]
fn what_somebody_did_to_the_files_is_seen_and_undone() {
    let odoo = Odoo::new("19");
    let folder = stamped("touched", &odoo);
    for file in
        ["Cargo.toml", "examples/verify.rs", "schema/pin.json", "schema/models/res.bank.json", "src/res/bank.rs"]
    {
        let was = folder.read(file);
        let edited = if file.starts_with("schema/") { format!("{was}\n") } else { format!("{was}// mine\n") };
        folder.write(file, &edited);
        assert_eq!(differing(&folder, &odoo)["written"], json!([file]), "edited");
        // That it was seen is no reason to take it for right the next time.
        assert_eq!(differing(&folder, &odoo)["written"], json!([file]), "edited, second check");
        if !file.starts_with("schema/") {
            fs::remove_file(folder.path(file)).unwrap();
            assert_eq!(differing(&folder, &odoo)["written"], json!([file]), "removed");
        }
        assert_eq!(folder.regen_from(&odoo.url, &["--json"]).outcome()["written"], json!([file]));
        assert!(folder.read(file) == was, "{file}");
        assert_known(&folder, &odoo);
    }
    let gone = "src/res/gone.rs";
    folder.write(gone, &folder.read("src/res/bank.rs"));
    assert_eq!(differing(&folder, &odoo)["removed"], json!([gone]));
    folder.regen_from(&odoo.url, &[]);
    assert_known(&folder, &odoo);
}

#[test]
fn another_schema_is_seen() {
    let odoo = Odoo::new("19");
    let folder = stamped("schema", &odoo);
    let other = Odoo::with("19", |request, answer| {
        if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), answer) {
            json["result"]["x_new"] = json!({"type": "char", "string": "New"});
        }
    });
    let differs = differing(&folder, &other);
    assert_eq!(texts(&differs), ["res.bank.x_new (char) is new"]);
    assert!(differs["written"].as_array().unwrap().contains(&json!("src/res/bank.rs")), "{differs}");
    assert_known(&folder, &odoo);
    // The pin and code of another state of the target, as version control may put them there.
    folder.regen_from(&other.url, &[]);
    assert_known(&folder, &other);
    assert_eq!(texts(&differing(&folder, &odoo)), ["res.bank.x_new (char) is gone"]);
}

#[test]
fn another_target_toml_is_seen() {
    let odoo = Odoo::new("19");
    let folder = stamped("target-toml", &odoo);
    folder.target("19.0", &MODELS[1..]);
    assert_eq!(texts(&differing(&folder, &odoo)), ["res.bank is gone"]);
    folder.target("18.0", &MODELS);
    let said = folder.refused(folder.command(&["--check"]).envs(variables(&odoo.url)));
    assert!(said.contains("its pin is of 19.0"), "{said}");
}

#[test]
fn a_stamp_that_is_none_is_replaced_and_one_that_cannot_be_written_does_no_harm() {
    let odoo = Odoo::new("19");
    let folder = stamped("garbage", &odoo);
    let stamp = folder.stamps().join(TARGET);
    let right = fs::read(&stamp).unwrap();
    for garbage in [&b""[..], b"\xff\x00", &right[1..], &[&right[..], b"\n"].concat()] {
        fs::write(&stamp, garbage).unwrap();
        assert_eq!(folder.regen_from(&odoo.url, &["--json"]).outcome()["made"], true);
        assert_eq!(fs::read(&stamp).unwrap(), right);
    }
    fs::remove_file(&stamp).unwrap();
    fs::create_dir(&stamp).unwrap();
    assert_eq!(folder.regen_from(&odoo.url, &["--json"]).outcome()["made"], true);
}

/// A program that is another in nothing but a byte is another generator.
#[cfg(target_os = "linux")]
#[test]
fn another_program_makes_the_files_anew() {
    let odoo = Odoo::new("19");
    let folder = stamped("program", &odoo);
    let other = folder.stamps().join("other");
    // By another process: a file that this one has open for writing, or a child of another test for a moment, cannot be run.
    let copied = std::process::Command::new("sh")
        .args(["-c", "cp \"$0\" \"$1\" && echo >>\"$1\"", env!("CARGO_BIN_EXE_xtask")])
        .arg(&other)
        .status();
    assert!(copied.unwrap().success());
    let made = |program: &str| {
        let usual = folder.command(&["--json", "--check"]);
        let mut command = std::process::Command::new(program);
        command.args(usual.get_args()).env("NO_PROXY", "127.0.0.1").envs(variables(&odoo.url));
        Run::of(&mut command, PASSWORD).outcome()["made"].clone()
    };
    let (this, other) = (env!("CARGO_BIN_EXE_xtask"), other.to_str().unwrap());
    assert_eq!([this, other, other, this].map(made), [false, true, false, true]);
}
