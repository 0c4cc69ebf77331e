//! `cargo odoo new` without a terminal. What it asks on one is a test of its own, beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::process::Command;

use support::odoo::{Answer, Odoo};
use support::replay::Replay;
use support::{Folder, PASSWORD, Run, TARGET, variables};

fn command(folder: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    command.args(["new", TARGET, "--generated"]).arg(folder.path("..")).args(args);
    for variable in ["ODOO_URL", "ODOO_DB", "ODOO_USER", "ODOO_PASSWORD", "ODOO_API_KEY", "ODOO_SESSION_ID"] {
        command.env_remove(variable);
    }
    command.env("NO_PROXY", "127.0.0.1").stdin(std::process::Stdio::null());
    command
}

#[test]
fn a_target_is_made_and_regen_takes_it() {
    let odoo = Replay::new(17);
    let folder = Folder::new("new");
    let url = format!("{}/web#action=menu", odoo.url);
    let models = ["--models", "res.partner", "res.lang*"];
    let given = [&["--url", &url, "--database", "apps", "--user", "admin"], &models[..]].concat();
    let run = Run::of(command(&folder, &given).env("ODOO_PASSWORD", PASSWORD), PASSWORD);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with(&format!("Odoo 17.0 at {}, database `apps`, user `admin`\n", odoo.url)), "{run:?}");
    assert!(run.stdout.contains("ok         models      "), "{run:?}");
    assert!(run.stdout.contains(&format!("export ODOO_URL={} ODOO_DB=apps ODOO_USER=admin\n", odoo.url)), "{run:?}");
    assert!(run.stdout.contains("cargo odoo regen acme"), "{run:?}");
    let text = folder.read("target.toml");
    assert!(
        text.contains("series = \"17.0\"") && text.contains("include = [\"res.partner\", \"res.lang*\"]"),
        "{text}"
    );
    assert!(folder.regen_from(&odoo.url, &["--json"]).outcome()["models"].as_u64() > Some(1));

    let before = folder.tree();
    let run = Run::of(command(&folder, &given).env("ODOO_PASSWORD", PASSWORD), PASSWORD);
    assert!(run.code == Some(2) && run.stderr.contains("exists, and nothing is overwritten"), "{run:?}");
    assert!(before == folder.tree());
}

#[test]
fn what_a_server_calls_itself_is_not_for_the_terminal_to_obey() {
    let odoo = Odoo::with("19", |request, answer| {
        if let ("session_info", Answer::Json(json)) = (request.method.as_str(), answer) {
            json["result"]["db"] = "apps\u{1b}[2J".into();
        }
    });
    let folder = Folder::new("new-hostile");
    let variables = [("ODOO_URL", &*odoo.url), ("ODOO_SESSION_ID", PASSWORD)];
    let run = Run::of(command(&folder, &["--models", "res.bank"]).envs(variables), PASSWORD);
    assert!(run.code == Some(0) && run.stdout.contains("database `apps\\u{1b}[2J`"), "{run:?}");
}

#[test]
fn what_is_missing_or_refused_writes_nothing() {
    let odoo = Odoo::with("19", |request, answer| {
        if let ("authenticate", Answer::Json(json)) = (request.method.as_str(), answer) {
            json["result"] = false.into();
        }
    });
    let folder = Folder::new("new-refused");
    let models = ["--models", "*"];
    for (args, variables, says) in [
        (
            &[][..],
            &[][..],
            "give --url (or ODOO_URL), --database (or ODOO_DB), --user (or ODOO_USER), ODOO_PASSWORD or",
        ),
        (
            &models,
            &variables(&odoo.url)[..3],
            "nothing was written: give ODOO_PASSWORD or ODOO_API_KEY in the environment",
        ),
        (&models, &variables(&odoo.url), "`cargo odoo doctor` says step by step what is wrong"),
        (&["--models", "sale.["], &variables(&odoo.url), "`sale.[` is not a name or a glob of names"),
        (&["--password", "x"], &[], "unexpected argument '--password'"),
    ] {
        let run = Run::of(command(&folder, args).envs(variables.iter().copied()), PASSWORD);
        assert!(run.code == Some(2) && run.stderr.contains(says), "{args:?}: {run:?}");
        assert!(folder.files().is_empty(), "{args:?}");
    }
}
