//! What users of the libraries can name, with all features, against the listing that was last reviewed.
//! `BLESS=1 cargo test -p odoo-surface` writes them anew.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_surface_of_odoo_client_is_as_reviewed() {
    check("odoo-client");
}

#[test]
fn the_surface_of_odoo_codegen_is_as_reviewed() {
    check("odoo-codegen");
}

fn check(package: &str) {
    let listing = listing(&json(package));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(package).with_extension("txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &listing).unwrap();
        return;
    }
    let expected = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let only_in = |one: &str, other: &str, sign: &str| -> String {
        one.lines()
            .filter(|line| !other.lines().any(|known| known == *line))
            .map(|line| format!("{sign} {line}\n"))
            .collect()
    };
    let (gone, new) = (only_in(&expected, &listing, "-"), only_in(&listing, &expected, "+"));
    assert!(
        expected == listing,
        "{package} shows something else than {} says. If that is meant: `BLESS=1 cargo test -p odoo-surface`.\n{gone}{new}",
        file.display()
    );
}

/// What rustdoc says of the library.
fn json(package: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = Path::new(env!("CARGO_BIN_EXE_odoo-surface")).ancestors().nth(2).expect("target/debug/odoo-surface");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace).env("RUSTDOC", env!("CARGO_BIN_EXE_odoo-surface")).env_remove("RUSTDOCFLAGS");
    cargo.args(["rustdoc", "--quiet", "--lib", "--all-features", "--package", package, "--target-dir"]).arg(target);
    cargo.args(["--", "-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"]);
    let output = cargo.output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join("doc").join(package.replace('-', "_")).with_extension("json")
}

/// One item a line; without what every type has, or has by `derive`.
fn listing(json: &Path) -> String {
    let surface = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .unwrap_or_else(|error| panic!("{}: {error}", json.display()));
    surface.items().map(|item| format!("{item}\n")).collect()
}
