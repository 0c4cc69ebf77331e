//! The generator is a function of what it is given.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::Path;

/// What would make its output depend on more than its input.
const NEVER: &[&str] = &["std::env", "std::fs", "std::net", "std::time", "HashMap", "HashSet", "RandomState"];

#[test]
fn no_network_clock_environment_files_or_random_order() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            } else if path.extension().is_none_or(|is| is != "rs") || path.ends_with("tests.rs") {
                continue;
            }
            // What build scripts call reads the pin and writes the module.
            if path.ends_with("src/build.rs") {
                continue;
            }
            files += 1;
            let text = fs::read_to_string(&path).unwrap();
            // Tests may read what they compare with.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            for (line, never) in lines.flat_map(|line| NEVER.iter().map(move |never| (line, never))) {
                // With `::` in front it is in code that is made, which may do what it likes.
                assert!(!line.replace("::std::", "").contains(never), "{}: {line}", path.display());
            }
        }
    }
    assert!(files > 20, "{files}");
}
