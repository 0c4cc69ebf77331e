//! `cargo odoo emulator`, and the commands that take an emulator in the place of a server.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::process::Command;

use serde_json::json;
use support::{Folder, PASSWORD, Run, TARGET};

fn run(folder: &Folder, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    command.args(args).arg("--generated").arg(folder.path("..")).env("ODOO_API_KEY", PASSWORD);
    // Neither leads to anything.
    command.env("ODOO_URL", "http://127.0.0.1:9").env("HTTP_PROXY", "http://127.0.0.1:9").env_remove("NO_PROXY");
    Run::of(&mut command, PASSWORD)
}

/// With a command behind it, which has to come last.
fn emulate(folder: &Folder, args: &[&str], command: &[&str]) -> Run {
    let generated = folder.path("..");
    let mut all = vec!["emulator", TARGET, "--generated", generated.to_str().unwrap()];
    all.extend(args);
    all.push("--");
    all.extend(command);
    let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    program.args(all).env("ODOO_API_KEY", PASSWORD).env("ODOO_URL", "http://127.0.0.1:9");
    Run::of(&mut program, PASSWORD)
}

#[test]
fn a_pin_is_read_from_its_own_emulator_and_nothing_differs() {
    let folder = Folder::with_pin("emulate");
    // The code is made first.
    assert_eq!(folder.regen(&["--offline"]).code, Some(0));
    let before = folder.tree();
    let done = run(&folder, &["regen", "--emulate", "--json"]);
    let outcome = done.outcome();
    assert_eq!(
        (&outcome["source"], &outcome["changes"], &outcome["models"]),
        (&json!("emulator"), &json!([]), &json!(3))
    );
    assert!(before == folder.tree(), "something was written\n{done:?}");
    assert_eq!(run(&folder, &["regen", "--emulate", "--check", "--strict"]).code, Some(0));

    let none = Folder::with_target("emulate-none", "19.0");
    let refused = run(&none, &["regen", "--emulate"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("has no pin yet, and the emulator is made of one"), "{refused:?}");
}

#[test]
fn a_command_finds_the_emulator_in_its_environment_and_its_status_is_that_of_the_run() {
    let folder = Folder::with_pin("emulator");
    let shown = emulate(&folder, &[], &["sh", "-c", "echo $ODOO_URL $ODOO_DB $ODOO_USER $ODOO_PASSWORD-$ODOO_API_KEY"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(shown.stdout.starts_with("http://127.0.0.1:"), "{shown:?}");
    assert!(shown.stdout.trim_end().ends_with(" emulated admin admin-"), "{shown:?}");
    assert_eq!(emulate(&folder, &[], &["sh", "-c", "exit 7"]).code, Some(7));
    let nowhere = emulate(&folder, &[], &["no-such-program"]);
    assert_eq!(nowhere.code, Some(2), "{nowhere:?}");
    assert!(nowhere.stderr.contains("cannot run no-such-program"), "{nowhere:?}");
}

#[test]
fn records_of_a_file_are_put_in_and_what_does_not_fit_is_named() {
    let folder = Folder::with_pin("emulator-data");
    folder.write("data.json", r#"{"res.bank": [{"id": 7, "name": "Bank of Acme"}]}"#);
    let file = folder.path("data.json");
    let file = file.to_str().unwrap();
    assert_eq!(emulate(&folder, &["--data", file], &["true"]).code, Some(0));
    for (data, says) in [
        ("{", "is not JSON"),
        (r#"{"res.bank": [{"nope": 1}]}"#, "the pin has no field res.bank.nope"),
        (r#"{"no.model": [{"id": 1}]}"#, "the pin has no model no.model"),
    ] {
        folder.write("data.json", data);
        let run = emulate(&folder, &["--data", file], &["true"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
    }
}

#[test]
fn what_odoos_code_says_of_models_of_ones_own_is_taken_from_a_file() {
    let folder = Folder::with_pin("emulator-facts");
    let ask = || emulate(&folder, &[], &["true"]);
    folder.write("facts.json", r#"{"res.bank": {"order": "bic desc"}, "x.not.pinned": {}}"#);
    assert_eq!(ask().code, Some(0), "{:?}", ask());
    // regen has no part in it.
    assert_eq!(folder.regen(&["--offline"]).code, Some(0));
    assert!(folder.path("facts.json").is_file());
    folder.write("facts.json", r#"{"res.bank": {"fields": {"bic": {"size": "x"}}}}"#);
    let refused = ask();
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let says = "facts.json: res.bank.bic: size: invalid type: string \"x\", expected usize";
    assert!(refused.stderr.contains(says), "{refused:?}");

    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    let printed = Run::of(command.args(["emulator", "facts"]), PASSWORD);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert!(printed.stdout.contains("env.registry") && printed.stdout.contains("facts.json"), "{printed:?}");
}
