//! The rooms of this crate: each uses those below it, and none above. `ARCHITECTURE.md` says what is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up.
const ROOMS: &[&str] = &[
    "version",
    "error",
    "model",
    "field",
    "read",
    "write",
    "serialize",
    "transport",
    "client",
    "query",
    "ops",
    "blocking",
    "verify",
];

#[test]
fn rooms_use_only_those_below_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let height = |room: &str| ROOMS.iter().position(|other| *other == room);
    let re_exported = re_exported(&fs::read_to_string(src.join("lib.rs")).unwrap());
    assert_eq!(re_exported["Query"], "query");
    let mut arrows = 0;
    for room in ROOMS {
        for file in files(&src.join(room)) {
            for name in used(&fs::read_to_string(&file).unwrap()) {
                let other = re_exported.get(&name).map_or(name.as_str(), String::as_str);
                arrows += usize::from(other != *room && height(other).is_some());
                assert!(height(other) <= height(room), "{}: `crate::{name}` is of `{other}`, above", file.display());
            }
        }
    }
    assert!(arrows > 100, "{arrows}");
    let here: BTreeSet<String> = src
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(here, ROOMS.iter().map(|room| (*room).to_owned()).collect(), "each folder has its place");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What the root re-exports, by the room it is from.
fn re_exported(lib: &str) -> BTreeMap<String, String> {
    let uses = lib.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let named = uses.filter_map(|path| {
        let (room, names) = path.split_once("::")?;
        let names = names.rsplit_once("::").map_or(names, |(_, names)| names);
        Some((room.to_owned(), names.to_owned()))
    });
    named.flat_map(|(room, names)| words(&names).into_iter().map(move |name| (name, room.clone()))).collect()
}

/// The names behind `crate::`, but for those in docs and tests.
fn used(code: &str) -> BTreeSet<String> {
    let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    let paths = code.split("crate::").skip(1).map(|rest| match rest.strip_prefix('{') {
        Some(group) => words(group.split('}').next().unwrap_or_default()),
        None => words(rest).into_iter().take(1).collect(),
    });
    paths.flatten().collect()
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}
