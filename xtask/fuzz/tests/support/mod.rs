//! Inputs: what servers sent, and what becomes of it when parts are lost, doubled and exchanged.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};

use arbtest::arbitrary::{Result, Unstructured};
use serde_json::Value;

/// Runs a test with inputs of its own making until its time is over.
pub(crate) fn fuzz(test: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    let budget = std::env::var("FUZZ_MILLISECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
    arbtest::arbtest(test).budget_ms(budget).run();
}

/// Pieces that parsers stumble over.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\\"",
    "'",
    "(",
    ")",
    "#",
    "<",
    ">",
    "&",
    "&#x",
    ";",
    "<script",
    "<!--",
    "-->",
    "]]>",
    "*/",
    "\"\"\"",
    "```",
    "null",
    "true",
    "false",
    "None",
    "True",
    "NaN",
    "Infinity",
    "-Infinity",
    "-",
    "+",
    ".",
    "e1",
    "E+9",
    "0",
    "-0",
    "00",
    "1.5",
    "1e999",
    "9223372036854775808",
    "2026-01-31",
    "2026-02-30 24:60:61",
    "9999-12-31 23:59:59",
    "0001-01-01",
    "[7, \"a\"]",
    "\"id\": 7",
    "\"result\": ",
    "\"error\": ",
    "{\"code\": 0}",
    "\u{c}",
    "\u{b}",
    " ",
    "\t",
    "\r\n",
    "\u{a0}",
    "\u{0}",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{200b}",
    "é",
    "../",
    "/etc",
    "C:\\",
    "r#",
    "'a",
    "type",
    "self",
    "_",
    "sale.order",
    "any",
    "not any",
    "child_of",
    "&",
    "|",
    "!",
];

/// One of the texts, changed in a few places, or not at all.
pub(crate) fn changed(u: &mut Unstructured<'_>, corpus: &[String]) -> Result<String> {
    let mut text = if corpus.is_empty() { String::new() } else { u.choose(corpus)?.clone() };
    for _ in 0..u.int_in_range(0..=6)? {
        let (start, end) = range(u, &text)?;
        let piece = match u.int_in_range(0..=5)? {
            0 => String::new(),
            1 => text[start..end].repeat(2),
            2 => {
                let other = u.choose(corpus)?;
                let (start, end) = range(u, other)?;
                other[start..end].to_owned()
            }
            3 => u.arbitrary::<char>()?.to_string(),
            _ => (*u.choose(PIECES)?).to_owned(),
        };
        let end = if u.ratio(1, 2)? { start } else { end };
        text.replace_range(start..end, &piece);
    }
    Ok(text)
}

/// A part of a text, most often a short one.
fn range(u: &mut Unstructured<'_>, text: &str) -> Result<(usize, usize)> {
    let start = text.floor_char_boundary(u.int_in_range(0..=text.len())?);
    let most = if u.ratio(1, 8)? { text.len() - start } else { 8.min(text.len() - start) };
    Ok((start, text.ceil_char_boundary(start + u.int_in_range(0..=most)?)))
}

/// The files below a folder of this workspace that end so.
pub(crate) fn files(folder: &str) -> Vec<String> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { collect(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder), &mut found);
    found.sort();
    let texts: Vec<String> = found.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(!texts.is_empty(), "nothing in {folder}");
    texts
}

/// All parts of recorded answers that are wanted, each as JSON in a few thousand bytes.
pub(crate) fn recorded(is_wanted: impl Fn(&Value) -> bool) -> Vec<String> {
    fn walk(value: &Value, is_wanted: &impl Fn(&Value) -> bool, found: &mut Vec<String>) {
        let text = value.to_string();
        if is_wanted(value) && text.len() < 4_000 {
            found.push(text);
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, is_wanted, found)),
            Value::Object(map) => map.values().for_each(|item| walk(item, is_wanted, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for text in files("client-core/tests/recordings") {
        walk(&serde_json::from_str(&text).unwrap(), &is_wanted, &mut found);
    }
    found
}
