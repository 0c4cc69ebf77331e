//! What a run says is said with the command that it is a run of.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::process::Command;

fn said(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(args).env_remove("ODOO_URL").output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn remedies_and_examples_name_cargo_xtask() {
    let remedy = said(&["regen", "no-such-target", "--offline"]);
    assert!(remedy.contains("`cargo xtask new` makes one") && !remedy.contains("cargo odoo"), "{remedy}");
    let help = said(&["regen", "--help"]);
    assert!(help.contains("cargo xtask regen odoo19 --check") && !help.contains("cargo odoo"), "{help}");
    let help = said(&["--help"]);
    assert!(
        help.contains("cargo xtask <COMMAND>") && help.contains("\n  live ") && help.contains("\n  bench "),
        "{help}"
    );
}
