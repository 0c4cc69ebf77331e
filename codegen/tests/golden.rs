//! The crate generated from `tests/golden/<case>/*.json` is the one in `tests/golden/expected/`, byte for byte, and that
//! one compiles without a warning and works.
//!
//! `BLESS=1 cargo test -p odoo-codegen --test golden` writes the expected files anew; review what changed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use odoo_codegen::{Fix, Settings, generate, generate_module};

mod support;

/// All that is expected: the crate, and what was warned of in each case.
fn expected() -> BTreeMap<String, String> {
    let (schema, warned) = support::schema();
    let mut files = generate(&schema, &settings()).unwrap();
    let mut lines = String::new();
    for (case, warnings) in warned {
        for warning in warnings {
            lines += &format!("{case}: {warning}\n");
        }
    }
    files.insert("warnings.txt".to_owned(), lines);
    files
}

fn settings() -> Settings {
    let mut settings = Settings::new("golden");
    settings.client = vec![("path".to_owned(), "../../client-core".to_owned())];
    settings.license = Some("MIT OR Apache-2.0".to_owned());
    let mut renamed = Fix::new("product.product.default_code", "everybody says so");
    (renamed.name, renamed.help) = (Some("sku".to_owned()), Some("What is printed below the bars.".to_owned()));
    let mut retyped = Fix::new("product.product.cost_currency_id", "its ids are text");
    retyped.ttype = Some("json".to_owned());
    settings.fixes = vec![renamed, retyped];
    settings
}

#[test]
fn generated_code_is_as_reviewed() {
    let folder = support::golden().join("expected");
    let (actual, committed) = (expected(), support::read_tree(&folder));
    if env::var_os("BLESS").is_some() {
        for gone in committed.keys().filter(|name| !actual.contains_key(*name)) {
            fs::remove_file(folder.join(gone)).unwrap();
        }
        support::write_tree(&folder, &actual);
        return;
    }
    let names: BTreeSet<_> = actual.keys().chain(committed.keys()).collect();
    for name in names {
        let (actual, committed) = (actual.get(name), committed.get(name));
        if actual != committed {
            let line = |text: Option<&String>, at: usize| {
                text.map_or("no such file", |text| text.lines().nth(at).unwrap_or("the end")).to_owned()
            };
            let at = (0..).find(|at| line(actual, *at) != line(committed, *at) || *at > 100_000).unwrap();
            panic!(
                "tests/golden/expected/{name}:{} differs (BLESS=1 writes it anew)\n  expected: {}\n  generated: {}",
                at + 1,
                line(committed, at),
                line(actual, at),
            );
        }
    }
}

/// Compiles the committed files, in a workspace of their own and without a network.
#[test]
fn golden_crate_compiles_without_warnings_and_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let temp = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("golden");
    for folder in ["golden", "user", "inside"] {
        if temp.join(folder).exists() {
            fs::remove_dir_all(temp.join(folder)).unwrap();
        }
    }
    let mut files: BTreeMap<String, String> = support::read_tree(&support::golden().join("expected"))
        .into_iter()
        .map(|(name, text)| (format!("golden/{name}"), text))
        .collect();
    let manifest = files.get_mut("golden/Cargo.toml").unwrap();
    let client = root.join("client-core").to_string_lossy().replace('\\', "/");
    *manifest = manifest.replace("../../client-core", &client);
    // As `-D warnings`, but for this crate alone.
    manifest.push_str("\n[lints]\nrust.warnings = \"deny\"\nrustdoc.all = \"deny\"\n");
    files.insert(
        "Cargo.toml".to_owned(),
        "[workspace]\nresolver = \"3\"\nmembers = [\"golden\", \"user\", \"inside\"]\n\n[profile.dev]\ndebug = false\n"
            .to_owned(),
    );
    files.insert(
        "user/Cargo.toml".to_owned(),
        format!(
            "[package]\nname = \"user\"\nedition = \"2024\"\n\n[dependencies]\ngolden = {{ path = \"../golden\", \
             features = [\"all\", \"methods\"] }}\nodoo-client = {{ path = \"{client}\", default-features = false, \
             features = [\"derive\"] }}\n"
        ),
    );
    files.insert("user/src/lib.rs".to_owned(), fs::read_to_string(support::golden().join("user.rs")).unwrap());
    // The same models as a module that nobody uses: as `build` makes it.
    files.insert(
        "inside/Cargo.toml".to_owned(),
        format!(
            "[package]\nname = \"inside\"\nedition = \"2021\"\n\n[dependencies]\nodoo-client = {{ path = \"{client}\", \
             default-features = false }}\n\n[lints]\nrust.warnings = \"deny\"\nrust.missing_docs = \"deny\"\n\
             rust.unreachable_pub = \"deny\"\n"
        ),
    );
    let inside = "//! Docs.\nmod below {\n    pub(crate) mod odoo {\n        include!(\"golden.rs\");\n    }\n}\n";
    files.insert("inside/src/lib.rs".to_owned(), inside.to_owned());
    let module = generate_module(&support::schema().0, &settings()).unwrap();
    files.insert("inside/src/golden.rs".to_owned(), module);
    support::write_tree(&temp, &files);
    // The versions that are there offline.
    fs::copy(root.join("Cargo.lock"), temp.join("Cargo.lock")).unwrap();

    // A program that uses it, and the example that verifies it.
    cargo(&temp, &["test", "--workspace", "--all-features", "--lib", "--examples"]);
    // The help of a hostile server is no code.
    let doctests = cargo(&temp, &["test", "-p", "golden", "--all-features", "--doc"]);
    assert!(doctests.contains("running 0 tests"), "{doctests}");
    // No model, and those of one feature.
    cargo(&temp, &["build", "-p", "golden"]);
    for feature in ["x_shared", "sale", "_unknown", "methods", "methods,x_hostile"] {
        cargo(&temp, &["build", "-p", "golden", "--features", feature]);
    }
    cargo(&temp, &["doc", "-p", "golden", "--all-features", "--no-deps"]);
}

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let out = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .arg("--offline")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "cargo {}\n{stdout}\n{stderr}", arguments.join(" "));
    stdout.into_owned()
}
