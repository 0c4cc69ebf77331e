//! `cargo odoo key`: a key is in its place, or there is none.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::io::pipe;
use std::process::{Command, Stdio};

use odoo_emulator::Emulator;
use support::{PASSWORD, Run, variables};

struct Keys(Emulator);

impl Keys {
    fn new() -> Self {
        let pin = concat!(env!("CARGO_MANIFEST_DIR"), "/../generated/odoo19");
        let odoo = Emulator::builder(pin).unwrap().database("apps").start().unwrap();
        odoo.set_password("admin", PASSWORD).unwrap();
        Self(odoo)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
        command.env_remove("ODOO_API_KEY").env_remove("ODOO_SESSION_ID").env("NO_PROXY", "127.0.0.1");
        command.arg("key").args(args).envs(variables(self.0.url()));
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args), PASSWORD)
    }

    /// What a run says whose standard output nobody reads.
    fn unread(&self, args: &[&str]) -> String {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let run = self.command(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(run.status.code(), Some(2), "{run:?}");
        String::from_utf8(run.stderr).unwrap()
    }

    /// The ids of those there are.
    fn list(&self) -> Vec<i64> {
        let listed = self.run(&["list", "--json"]).json();
        listed.as_array().unwrap().iter().map(|key| key["id"].as_i64().unwrap()).collect()
    }

    fn logs_in_with(&self, key: &str) -> bool {
        let mut command = self.command(&["list"]);
        Run::of(command.env_remove("ODOO_PASSWORD").env("ODOO_API_KEY", key), PASSWORD).code == Some(0)
    }
}

#[test]
fn a_key_is_printed_and_one_that_takes_its_place_too() {
    let keys = Keys::new();
    let made = keys.run(&["create", "nightly", "--days", "1", "--print"]);
    assert_eq!((made.code, made.stdout.lines().count()), (Some(0), 1), "{made:?}");
    let first = made.stdout.trim();
    assert!(keys.logs_in_with(first) && !made.stderr.contains(first), "{made:?}");

    let [old] = *keys.list() else { panic!("{:?}", keys.list()) };
    let report = keys.run(&["rotate", &old.to_string(), "--print", "--json"]).json();
    assert_eq!(keys.list(), [report["id"].as_i64().unwrap()]);
    assert!(report["expires"].is_string() && keys.logs_in_with(report["key"].as_str().unwrap()), "{report}");
    assert!(!keys.logs_in_with(first));
}

#[test]
fn a_key_that_nobody_could_read_is_revoked_again() {
    let keys = Keys::new();
    let create = ["create", "nightly", "--days", "1", "--print"];
    for more in [&[][..], &["--json"]] {
        let said = keys.unread(&[&create, more].concat());
        assert!(said.contains("the new key is revoked again") && said.contains("standard output"), "{said}");
        assert_eq!(keys.list(), [0; 0]);
    }

    let first = keys.run(&create).stdout;
    let old = keys.list();
    let said = keys.unread(&["rotate", &old[0].to_string(), "--print"]);
    assert!(said.contains("the old key stays"), "{said}");
    assert_eq!(keys.list(), old);
    assert!(keys.logs_in_with(first.trim()));
}
