//! What `cargo odoo verify` refuses before it compiles anything. What it reads is for the live tests.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::process::Command;

use support::{PASSWORD, Run};

fn verify(args: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    // With a cargo that is none: a run that gets that far fails here, rather than in a minute.
    command
        .arg("verify")
        .args(args)
        .env("CARGO", "no-such-cargo")
        .env_remove("ODOO_URL")
        .envs(variables.iter().copied());
    Run::of(&mut command, PASSWORD)
}

#[test]
fn it_takes_a_target_and_a_server() {
    let url = ("ODOO_URL", "http://127.0.0.1:9");
    for (args, variables, says) in [
        (&["odoo99"][..], &[url][..], "no target `odoo99`"),
        (&["../odoo19"], &[url], "cannot be a target"),
        (&["odoo19"], &[], "ODOO_URL is not set: verify reads a live Odoo"),
        (&["odoo19"], &[("ODOO_URL", " ")], "ODOO_URL is not set"),
        (&["odoo19"], &[url, ("ODOO_PASSWORD", PASSWORD)], "cannot run cargo"),
        (&[], &[url], "cargo odoo verify"),
        (&["odoo19", "--sample", "0"], &[url], "--sample <N>"),
        (&["odoo19", "--seed", "7"], &[url], "--sample <N>"),
        (&["odoo19", "--time-limit", "soon"], &[url], "not a time such as"),
        (&["odoo19", "--time-limit", "10m", "--sample", "30", "--seed", "7"], &[url], "cannot run cargo"),
    ] {
        let run = verify(args, variables);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        assert!(run.stderr.contains(says), "{args:?}: {run:?}");
    }
    let help = verify(&["--help"], &[]);
    assert!(help.stdout.contains("Examples:") && help.stdout.contains("Exit status: 0 the pin fits"), "{help:?}");
}
