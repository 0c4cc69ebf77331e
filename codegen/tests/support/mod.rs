//! The fixtures under `tests/golden/<case>/`, and what several tests need to look at generated code.

// Each test file uses some of it.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use odoo_codegen::{ApiDoc, Schema, Warning, read_fields_get, set_defaults};
use serde_json::Value;

/// The folder of the golden cases.
pub(crate) fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// All golden cases as one schema, so that they compile as one crate, and the warnings of each.
pub(crate) fn schema() -> (Schema, BTreeMap<String, Vec<Warning>>) {
    let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
    let mut warned: BTreeMap<String, Vec<Warning>> = BTreeMap::new();
    for case in entries(&golden()).into_iter().filter(|path| path.is_dir() && !path.ends_with("expected")) {
        let case_name = case.file_name().unwrap().to_string_lossy().into_owned();
        for file in entries(&case) {
            let text = fs::read_to_string(&file).unwrap();
            let fixture: Value = serde_json::from_str(&text).unwrap();
            let name = fixture["model"].as_str().unwrap();
            let (mut model, mut warnings) = read_fields_get(name, &fixture["fields_get"]).unwrap();
            model.label = fixture["label"].as_str().map(str::to_owned);
            model.transient = fixture["transient"].as_bool().unwrap_or_default();
            if let Some(answer) = fixture["default_get"].as_object() {
                set_defaults(name, &mut model, answer);
            }
            if fixture["methods"].is_object() {
                // From the text: the order of parameters matters.
                let (methods, odd) = serde_json::from_str::<ApiDoc>(&text).unwrap().into_methods(name);
                model.methods = Some(methods);
                warnings.extend(odd);
            }
            warned.entry(case_name.clone()).or_default().extend(warnings);
            assert!(schema.models.insert(name.to_owned(), model).is_none(), "{name} is in two cases");
        }
    }
    (schema, warned)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// All files below a folder, by their path in it with `/`, and their text with `\n`.
pub(crate) fn read_tree(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        if !next.exists() {
            continue;
        }
        for path in entries(&next) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name: Vec<_> = path.strip_prefix(folder).unwrap().iter().map(|part| part.to_string_lossy()).collect();
            files.insert(name.join("/"), fs::read_to_string(&path).unwrap().replace("\r\n", "\n"));
        }
    }
    files
}

/// Writes files below a folder, and only those that are not there with the same text already.
pub(crate) fn write_tree(folder: &Path, files: &BTreeMap<String, String>) {
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|known| known == *text) {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The tokens of Rust code without its comments: the lexer drops the plain ones, and doc comments are attributes.
pub(crate) fn without_docs(code: &str) -> String {
    fn strip(tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
        use proc_macro2::{Group, TokenTree};
        let mut kept: Vec<TokenTree> = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Group(group) if group.stream().to_string().starts_with("doc =") => {
                    // `#` or `#!` before it.
                    while matches!(kept.last(), Some(TokenTree::Punct(mark)) if matches!(mark.as_char(), '#' | '!')) {
                        kept.pop();
                    }
                }
                TokenTree::Group(group) => {
                    kept.push(Group::new(group.delimiter(), strip(group.stream())).into());
                }
                other => kept.push(other),
            }
        }
        kept.into_iter().collect()
    }
    strip(code.parse().unwrap()).to_string()
}
