//! The pages for whoever works on this repository name files and headings that are there.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// In ARCHITECTURE.md, paths without a first folder are of `client-core/src`, or of the folder named before.
const FOLDERS: [&str; 4] = ["", "client-core/src", "client-core/src/transport", "codegen/src/diff"];

#[test]
fn paths_in_the_pages_lead_somewhere() {
    let mut gone = Vec::new();
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        // The picture is in no backticks of its own, commands are.
        let text: String = page(name).split("```").step_by(2).collect();
        for word in text.split('`').skip(1).step_by(2) {
            let is_path = word.contains('/') && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            // The one that is still to be made.
            if is_path
                && !word.contains("odoo20")
                && !FOLDERS.iter().any(|folder| root().join(folder).join(word).exists())
            {
                gone.push(format!("{name}: {word}"));
            }
        }
    }
    assert_eq!(gone, [""; 0]);
}

#[test]
fn links_of_the_pages_lead_to_pages_and_headings() {
    let mut gone = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "FIGURES.md", "generated/README.md"] {
        let text = page(name);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { root().join(name) } else { root().join(name).parent().unwrap().join(file) };
            let Ok(linked) = fs::read_to_string(file) else {
                gone.push(format!("{name}: {link}"));
                continue;
            };
            if !heading.is_empty()
                && !linked.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line) == heading)
            {
                gone.push(format!("{name}: {link}"));
            }
        }
    }
    assert_eq!(gone, [""; 0]);
}

/// As GitHub makes it of a heading.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    heading
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}
