//! Servers of 16.0, 17.0 and 18.0, as they were recorded: pinned, and read through the pins.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::process::Command;

use serde_json::json;
use support::replay::Replay;
use support::{Folder, PASSWORD, Run, variables};

#[test]
fn a_recorded_server_is_pinned_and_then_nothing_differs() {
    let odoo = Replay::new(17);
    let folder = Folder::new("recorded");
    folder.target("17.0", &["*"]);
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    assert_eq!(outcome["models"], odoo.models().len(), "{}", outcome["warnings"]);
    let check = folder.regen_from(&odoo.url, &["--check"]);
    assert_eq!(check.code, Some(0), "{check:?}");
}

/// Compiles all rows of three pins, which takes two minutes.
#[test]
#[ignore = "compiles much: .ci/run asks for it"]
fn verify_reads_all_that_was_recorded_and_the_pins_fit() {
    for major in [16, 17, 18] {
        let odoo = Replay::new(major);
        let verify = |models: &[&String]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
            command.args(["verify", &format!("odoo{major}"), "--json"]).args(models).envs(variables(&odoo.url));
            Run::of(command.env("NO_PROXY", "127.0.0.1"), PASSWORD)
        };
        let models = odoo.models();
        let all = verify(&[]);
        let report = all.json();
        assert_eq!((&report["missing"], &report["failures"]), (&json!([]), &json!([])), "{major}");
        let names = |part: &str, why: &[&str]| -> Vec<String> {
            let all = report[part].as_array().unwrap().iter();
            let wanted = all.filter(|entry| why.is_empty() || why.contains(&entry["why"].as_str().unwrap()));
            wanted.map(|entry| entry["model"].as_str().unwrap().to_owned()).collect()
        };
        // The administrator of a new database is in no group of a feature that is off, such as analytic accounting.
        let unread = names("unread", &[]);
        assert!(unread.contains(&"account.analytic.plan".to_owned()) && unread.len() < 8, "{major}: {unread:?}");
        assert_eq!((all.code, &report["verdict"]), (Some(3), &json!("not verified")), "{major}");
        assert!(names("refused", &["no table"]).contains(&"calendar.alarm_manager".to_owned()), "{major}");
        // All that was recorded whole is read.
        for name in names("refused", &[]).iter().chain(&unread) {
            assert_eq!(models[name], None, "{major}: {name}");
        }
        let records: usize = models.values().flatten().sum();
        assert_eq!(report["records"], records, "{major}");

        let rest: Vec<&String> = models.keys().filter(|name| !unread.contains(name)).collect();
        let fits = verify(&rest);
        assert_eq!((fits.code, &fits.json()["verdict"]), (Some(0), &json!("fits")), "{major}");
    }
}
