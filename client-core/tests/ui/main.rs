//! What does not compile, and what the compiler says of it: each file of `cases/` against the `.stderr` beside it, which
//! is as the compiler that the repository names has it. `UI=overwrite cargo test -p odoo-client --test ui` writes them.
//!
//! `trybuild` would do the same, but compile this crate and all that it needs once more; here the compiler is given
//! what this test itself was linked with, and a case takes a fraction of a second.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Where the compiler finds the sources of this crate by the names that it was compiled with.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const CASES: &str = "client-core/tests/ui/cases";

/// A generated crate, of which the cases have no feature.
const GENERATED: &str = "codegen/tests/golden/expected/src/lib.rs";

#[test]
fn what_does_not_fit_does_not_compile() {
    let folder = Path::new(WORKSPACE).join(CASES);
    let mut cases: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    cases.sort();
    let library = library();
    let (generated, nothing) = run(&library, &["--crate-type=lib", "--crate-name=golden"], Path::new(GENERATED));
    assert_eq!(nothing, "");
    let golden = format!("golden={}", generated.display());
    let mut wrong = Vec::new();
    for case in &cases {
        let (_, says) = run(&library, &["--extern", &golden], case.strip_prefix(WORKSPACE).unwrap());
        assert_ne!(says, "", "{} compiles", case.display());
        let says = own_lines(&says);
        let file = case.with_extension("stderr");
        if std::env::var_os("UI").is_some_and(|what| what == "overwrite") {
            std::fs::write(&file, &says).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n") != says {
            wrong.push(format!("{} is not what the compiler says now:\n{says}", file.display()));
        }
    }
    assert!(!cases.is_empty());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The crate that this test is linked with: cargo has just seen to it, so it is the newest.
fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.parent().unwrap().read_dir().unwrap().map(|entry| entry.unwrap().path());
    let is_library = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("libodoo_client-") && name.ends_with(".rlib")
    };
    let made = |path: &PathBuf| path.metadata().and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    built.filter(is_library).max_by_key(made).expect("this crate beside its test")
}

/// What is made of a source, and what the compiler says.
fn run(library: &Path, arguments: &[&str], source: &Path) -> (PathBuf, String) {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(source.file_name().unwrap()).with_extension("rmeta");
    let mut command = Command::new(compiler);
    command
        .current_dir(WORKSPACE)
        .args(["--edition", "2024", "--emit", "metadata", "--color", "never", "-o"])
        .arg(&made);
    let dependencies = library.parent().unwrap().display();
    command.arg("-L").arg(format!("dependency={dependencies}")).arg("--extern");
    command.arg(format!("odoo_client={}", library.display())).args(arguments).arg(source);
    let output = command.output().expect("a compiler");
    (made, String::from_utf8(output.stderr).unwrap())
}

/// Without the excerpts from this crate's own sources, whose paths and lines are another with each change; but what
/// a comment in them says is kept.
fn own_lines(says: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut is_foreign = false;
    for line in says.lines() {
        let text = line.trim_start();
        if text.starts_with("--> ") || text.starts_with("::: ") {
            is_foreign = !text[4..].starts_with(CASES) && !text[4..].starts_with("codegen/tests/golden/");
        } else if !line.starts_with([' ', '.']) && !text.starts_with(|c: char| c.is_ascii_digit())
            || text.starts_with("= ")
        {
            is_foreign = false;
        }
        // Long types it writes to a file of another name each time.
        let is_elsewhere = text.contains("the full name for the type") || text.contains("consider using `--verbose`");
        if is_foreign && text.contains(", // ") {
            kept.push(text.trim_start_matches(|c: char| c.is_ascii_digit()));
        } else if !is_foreign && !is_elsewhere {
            kept.push(line);
        }
    }
    // That it gave up, and where more is to be read.
    let end = kept.iter().rposition(|line| line.starts_with("error: aborting")).unwrap_or(kept.len());
    format!("{}\n", kept[..end].join("\n").trim_end())
}
