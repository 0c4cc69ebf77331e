//! What becomes code: schemas and pins.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeMap;

use odoo_codegen::{ApiDoc, Model, Schema, Settings, generate, pin, read_fields_get};
use serde_json::{Value, json};
use support::{changed, files, fuzz};

/// The descriptions of a few fields each, as servers gave them.
fn fields_get() -> Vec<String> {
    let mut corpus = Vec::new();
    for text in files("codegen/tests/fields_get") {
        let Value::Object(fields) = serde_json::from_str(&text).unwrap() else { panic!("{text}") };
        let fields: Vec<(String, Value)> = fields.into_iter().collect();
        corpus.extend(fields.chunks(4).map(|some| Value::Object(some.iter().cloned().collect()).to_string()));
    }
    corpus
}

/// Code that parses, in files where they belong, without a character that acts on whoever reads it.
fn assert_harmless(files: &BTreeMap<String, String>, from: &str) {
    for (path, text) in files {
        let is_placed = path == "Cargo.toml" || path.starts_with("src/") || path.starts_with("examples/");
        assert!(is_placed && !path.contains("..") && !path.contains('\\'), "{path}\n{from}");
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}' || c == '\u{200b}')), "{text}");
        if path.ends_with(".rs") {
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}\n{from}"));
            let is_foreign = |item: &syn::Item| matches!(item, syn::Item::Static(_) | syn::Item::ExternCrate(_));
            assert!(!file.items.iter().any(is_foreign), "{text}");
        }
    }
}

#[test]
fn any_answer_of_fields_get_becomes_harmless_code() {
    let corpus = fields_get();
    fuzz(|u| {
        let json = changed(u, &corpus)?;
        let Ok(answer) = serde_json::from_str::<Value>(&json) else { return Ok(()) };
        let Ok((model, _)) = read_fields_get("sale.order", &answer) else { return Ok(()) };
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        schema.models.insert("sale.order".to_owned(), model);
        let code = generate(&schema, &Settings::new("fuzzed")).unwrap_or_else(|error| panic!("{error}\n{json}"));
        assert_harmless(&code, &json);
        assert_eq!(generate(&schema, &Settings::new("fuzzed")).ok().as_ref(), Some(&code), "{json}");
        let files = pin::to_files(&schema).unwrap();
        let read = pin::from_files(&files).unwrap();
        assert_eq!(read, schema, "{json}");
        Ok(())
    });
}

#[test]
fn any_pin_is_read_or_refused() {
    let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
    for (at, text) in fields_get().into_iter().take(6).enumerate() {
        let (model, _) = read_fields_get(&format!("x.m{at}"), &serde_json::from_str(&text).unwrap()).unwrap();
        schema.models.insert(format!("x.m{at}"), model);
    }
    let files = pin::to_files(&schema).unwrap();
    let names: Vec<&String> = files.keys().collect();
    fuzz(|u| {
        let name = *u.choose(&names)?;
        let mut changed_files = files.clone();
        changed_files.insert(name.clone(), changed(u, &[files[name].clone()])?);
        match pin::from_files(&changed_files) {
            // What it says has changed, and then it is a pin like any other.
            Ok(read) => {
                let written = pin::to_files(&read).unwrap();
                assert_eq!(pin::from_files(&written).unwrap(), read);
                let _ = generate(&read, &Settings::new("fuzzed"));
            }
            Err(error) => {
                let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                assert!(!format!("{error}{source}").contains(['\u{1b}', '\u{202e}']), "{error}: {source}");
            }
        }
        Ok(())
    });
}

/// What is read of a method whose documentation is this HTML.
fn help(html: &str) -> BTreeMap<String, odoo_codegen::Method> {
    let method = json!({"model": "sale.order", "module": "sale", "parameters": {"line": {"doc": html}}, "doc": html,
        "return": {"annotation": "int", "doc": html}, "raise": {"UserError": html}});
    let doc: ApiDoc = serde_json::from_value(json!({"methods": {"action_confirm": method}})).unwrap();
    doc.into_methods("sale.order").0
}

#[test]
fn any_html_becomes_harmless_help() {
    let corpus = [
        "<div class=\"document\"><p>Confirm the\nquotation.</p><ul><li>a</li>\n<li><p>b &amp; c</p></li></ul></div>",
        "<p>See <tt class=\"docutils literal\">_a_b</tt>;<!-- why --></p><pre>\n[{'a': &#39;1&#x27;},\n\n  2]\n</pre>",
    ];
    let corpus = corpus.map(String::from);
    fuzz(|u| {
        let html = changed(u, &corpus)?;
        let methods = help(&html);
        let text = methods["action_confirm"].returns_help.as_deref().unwrap_or_default();
        // Four spaces before a line of one letter are the most that is added.
        assert!(text.len() <= html.len() * 3 + 8 && text.trim_end() == text, "{html}\n{text}");
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        schema.models.insert("sale.order".to_owned(), Model { methods: Some(methods), ..Model::default() });
        assert_harmless(&generate(&schema, &Settings::new("fuzzed")).unwrap(), &html);
        Ok(())
    });
}

#[test]
fn what_is_escaped_in_html_is_read_as_it_was() {
    let corpus = [String::from("if a < b && c > 'd': # \"e\" &amp; <p>f</p>")];
    fuzz(|u| {
        let text = changed(u, &corpus)?;
        let mut escaped = String::new();
        for c in text.chars() {
            match c {
                '<' => escaped.push_str("&lt;"),
                '&' => escaped.push_str("&amp;"),
                c if u.ratio(1, 8)? => escaped.push_str(&format!("&#x{:x};", u32::from(c))),
                c => escaped.push(c),
            }
        }
        let read = help(&format!("<p>{escaped}</p>"));
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(read["action_confirm"].returns_help.as_deref().unwrap_or_default(), words, "{escaped}");
        Ok(())
    });
}
