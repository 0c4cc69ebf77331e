//! Any text a server can send: either an error, or code that parses, and nothing of the text in a place where it acts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use odoo_codegen::{
    ApiDoc, Error, Field, Method, Model, Parameter, Schema, Selection, Settings, generate, pin, read_fields_get,
};
use serde_json::{Value, json};

/// A linear congruential generator: the same strings in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn text(&mut self) -> String {
        #[rustfmt::skip]
        const PIECES: &[&str] = &[
            "*/", "/*", "//", "///", "//!", "\"", "\"\"\"", "'", "`", "``", "```", "```rust\n", "\n", "\r\n", "\r", "\t", "    ",
            "\n\n    ", "#", "#!", "#![", "[", "]", "](x)", "(", ")", "{", "}", "<", ">", "</summary>", "<script>", "<!--", "&lt;",
            "\\", "\\\\", "\\n", "\\u{202e}", "{}", "$", "$crate", "!", "?", "|", "~~~", "---", "===", "1. ", "- ", "+", "-", "%",
            "\u{202e}", "\u{2066}", "\u{200b}", "\u{200d}", "\u{feff}", "\u{ad}", "\u{e0041}", "\u{fe0f}", "\u{3164}", "\u{0}",
            "\u{7}", "\u{1b}[31m", "\u{9b}", "\u{85}", "\u{2028}", "\u{2029}", "\u{7f}", "é", "e\u{301}", "ß", "İ", "數", "😀", "٣",
            "½", "ǅ", "a", "A", "b_c", "B-C", "draft", "Draft", "self", "Self", "crate", "fn main() {}", "Unknown", "Row", "0",
            "1", "12", "-1", "1.5", "_", "__", " ", "https://x.y/z", "..", "../", "/etc/passwd", ".", ",", "r#", "b'", "\"#",
        ];
        (0..self.below(6)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn maybe(&mut self) -> Option<String> {
        (self.below(3) == 0).then(|| self.text())
    }

    fn model_name(&mut self) -> String {
        const PARTS: &[&str] =
            &["a", "b", "a_b", "_", "__", "lib", "mod", "self", "type", "2x", "row", "option", "a2", "all", "aux"];
        let parts: Vec<_> = (0..=self.below(3)).map(|_| PARTS[self.below(PARTS.len())]).collect();
        parts.join(".")
    }

    fn field(&mut self) -> Field {
        const TYPES: &[&str] = &[
            "char",
            "many2one",
            "one2many",
            "many2many",
            "selection",
            "selection",
            "boolean",
            "integer",
            "float",
            "date",
            "datetime",
            "binary",
            "reference",
            "json",
            "properties",
            "monetary",
            "many2one_reference",
            "html",
        ];
        let ttype = if self.below(10) == 0 { self.text() } else { TYPES[self.below(TYPES.len())].to_owned() };
        let values = (0..self.below(8)).map(|_| (self.text(), self.text())).collect::<BTreeMap<_, _>>();
        Field {
            help: self.maybe(),
            relation: (self.below(2) == 0).then(|| self.model_name()),
            relation_field: self.maybe(),
            related: self.maybe(),
            currency_field: self.maybe(),
            aggregator: self.maybe(),
            readonly: self.below(2) == 0,
            stored: self.below(2) == 0,
            selection: (self.below(4) > 0).then(|| Selection(values.into_iter().collect())),
            ..Field::new(ttype, self.text())
        }
    }

    /// Any name that a field can have; others are refused, which another test sees to.
    fn field_name(&mut self) -> String {
        let text = self.text();
        let name: String = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).take(25).collect();
        if name.is_empty() { "_".to_owned() } else { name }
    }

    /// Any name in Python.
    fn python_name(&mut self) -> String {
        let name: String = self.field_name().replace('$', "_");
        if name.starts_with(|c: char| c.is_alphabetic()) { name } else { format!("m{name}") }
    }

    fn method(&mut self) -> Method {
        const ANNOTATIONS: &[&str] = &["int", "str", "bool", "float", "list[int]", "list(str)", "dict"];
        let annotation = |random: &mut Self| match random.below(3) {
            0 => None,
            1 => Some(random.text()),
            _ => Some(ANNOTATIONS[random.below(ANNOTATIONS.len())].to_owned()),
        };
        let mut parameters: Vec<Parameter> = Vec::new();
        for _ in 0..self.below(5) {
            let (name, default, help) = (self.python_name(), self.maybe(), self.maybe());
            if !parameters.iter().any(|known| known.name == name) {
                parameters.push(Parameter { name, annotation: annotation(self), default, help });
            }
        }
        Method {
            module: self.text(),
            inherited: self.maybe(),
            help: self.maybe(),
            on_model: self.below(2) == 0,
            readonly: self.below(2) == 0,
            parameters,
            takes_more: self.below(2) == 0,
            returns: annotation(self),
            returns_help: self.maybe(),
        }
    }

    /// A schema as a server could send it at its worst.
    fn schema(&mut self) -> Schema {
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        for _ in 0..=self.below(6) {
            let mut model = Model { label: self.maybe(), transient: self.below(2) == 0, ..Model::default() };
            for _ in 0..self.below(8) {
                model.fields.insert(self.field_name(), self.field());
            }
            if self.below(2) == 0 {
                model.methods = Some((0..self.below(5)).map(|_| (self.python_name(), self.method())).collect());
            }
            schema.models.insert(self.model_name(), model);
        }
        schema
    }
}

/// Code that parses, in files where they belong, without a character that acts on whoever reads it.
fn assert_harmless(files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let is_placed = path == "Cargo.toml" || path == "examples/verify.rs" || path.starts_with("src/");
        assert!(is_placed && !path.contains("..") && !path.contains('\\') && !path.contains("//"), "{path:?}");
        let odd = |c: &char| !matches!(c, '\n') && (c.is_control() || is_hidden(*c));
        assert_eq!(text.chars().find(odd).map(|c| c.escape_unicode().to_string()), None, "{path}\n{text}");
        assert!(!text.contains('\r'), "{path}");
        if path.ends_with(".rs") {
            let file = syn::parse_file(text).unwrap_or_else(|problem| panic!("{path}: {problem}\n{text}"));
            // Only what the generator makes: a function, for one, is nowhere but in an `impl` or in the example.
            for item in file.items {
                let known = match &item {
                    syn::Item::Fn(_) => path == "examples/verify.rs",
                    syn::Item::Mod(module) => module.content.is_none(),
                    syn::Item::Use(_) | syn::Item::Impl(_) | syn::Item::Enum(_) | syn::Item::Struct(_) => true,
                    syn::Item::Const(_) => path == "src/lib.rs",
                    syn::Item::Type(_) | syn::Item::Macro(_) => true,
                    _ => false,
                };
                assert!(known, "{path}\n{text}");
            }
        } else {
            assert!(!text.contains("\"\"\""), "{text}");
        }
    }
}

/// Marks that reorder text or that nobody sees.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

#[test]
fn any_text_is_only_ever_text() {
    let mut random = Random(19);
    for round in 0..300 {
        let schema = random.schema();
        let files = generate(&schema, &Settings::new("hostile")).unwrap_or_else(|error| panic!("{round}: {error}"));
        assert_harmless(&files);
        assert_eq!(files, generate(&schema, &Settings::new("hostile")).unwrap(), "{round}");
    }
}

#[test]
fn any_answer_of_fields_get_is_read_or_refused() {
    fn any(random: &mut Random, depth: usize) -> Value {
        match random.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(random.below(2) == 0),
            2 => json!(random.below(5)),
            3 => json!(-1.5),
            4 | 5 => json!(random.text()),
            6 => (0..random.below(4)).map(|_| any(random, depth - 1)).collect(),
            _ => (0..random.below(4))
                .map(|_| (random.text(), any(random, depth - 1)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
    let mut random = Random(14);
    let mut read = 0;
    for _ in 0..1000 {
        let mut fields = serde_json::Map::new();
        for _ in 0..random.below(3) {
            let mut field = serde_json::Map::new();
            for attribute in odoo_codegen::ATTRIBUTES {
                if random.below(4) == 0 {
                    field.insert((*attribute).to_owned(), any(&mut random, 2));
                }
            }
            let ttype = ["char", "selection", "many2one", "monetary"][random.below(4)];
            field.insert("type".to_owned(), json!(ttype));
            // Names of models have their own test.
            field.remove("relation");
            let name = if random.below(2) == 0 { random.text() } else { "x".to_owned() };
            fields.insert(name, field.into());
        }
        let answer = if random.below(20) == 0 { any(&mut random, 2) } else { fields.into() };
        let Ok((model, warnings)) = read_fields_get("x.model", &answer) else { continue };
        read += 1;
        for warning in warnings {
            assert!(!warning.to_string().chars().any(|c| c.is_control() || is_hidden(c)), "{warning:?}");
        }
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        schema.models.insert("x.model".to_owned(), model);
        assert_harmless(&generate(&schema, &Settings::new("hostile")).unwrap());
        // What was read is in the pin, and nothing of it is lost there.
        let files = pin::to_files(&schema).unwrap();
        assert_eq!(pin::from_files(&files).unwrap(), schema);
    }
    assert!(read > 400, "{read}");
}

#[test]
fn any_api_documentation_is_read_or_refused() {
    let mut random = Random(20);
    let mut read = 0;
    for _ in 0..1000 {
        let mut methods = serde_json::Map::new();
        for _ in 0..random.below(3) {
            let mut method = json!({"model": random.text(), "module": random.text(), "signature": random.text()});
            for (key, of) in [("doc", ""), ("return", "doc"), ("return", "annotation"), ("raise", "X"), ("api", "")] {
                let text = json!(format!("<p>{}</p>{}", random.text(), random.text()));
                match of {
                    "" => method[key] = text,
                    of => method[key][of] = text,
                }
            }
            let mut parameters = serde_json::Map::new();
            for _ in 0..random.below(3) {
                let about = json!({"annotation": random.text(), "doc": random.text(), "default": random.text()});
                let name = if random.below(2) == 0 { random.text() } else { random.python_name() };
                parameters.insert(name, if random.below(5) == 0 { json!(random.text()) } else { about });
            }
            method["parameters"] = parameters.into();
            let name = if random.below(3) == 0 { random.text() } else { random.python_name() };
            methods.insert(name, method);
        }
        let Ok(doc) = serde_json::from_value::<ApiDoc>(json!({"methods": methods})) else { continue };
        let (methods, warnings) = doc.into_methods("x.model");
        read += methods.len();
        for warning in warnings {
            assert!(!warning.to_string().chars().any(|c| c.is_control() || is_hidden(c)), "{warning:?}");
        }
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        schema.models.insert("x.model".to_owned(), Model { methods: Some(methods), ..Model::default() });
        assert_harmless(&generate(&schema, &Settings::new("hostile")).unwrap());
        let files = pin::to_files(&schema).unwrap();
        assert_eq!(pin::from_files(&files).unwrap(), schema);
    }
    assert!(read > 300, "{read}");
}

#[test]
fn a_pin_with_a_method_that_has_no_name_is_refused() {
    for name in ["", "a b", "a()", "9", "a$b", "\u{1b}[0m", "a\u{202e}"] {
        for is_parameter in [false, true] {
            let mut method = Method::default();
            method.parameters.extend(is_parameter.then(|| Parameter { name: name.to_owned(), ..Parameter::default() }));
            let methods = BTreeMap::from([(if is_parameter { "x" } else { name }.to_owned(), method)]);
            let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
            schema.models.insert("x.model".to_owned(), Model { methods: Some(methods), ..Model::default() });
            let error = generate(&schema, &Settings::new("hostile")).unwrap_err();
            assert!(matches!(error, Error::MethodName { .. }), "{name:?}");
            assert!(!error.to_string().chars().any(|c| c.is_control() || is_hidden(c)), "{error}");
        }
    }
}

#[test]
fn hostile_names_are_refused() {
    for name in
        ["../x", "a/b", "a\\b", "a..b", "", ".", "A.b", "a b", "a\u{1b}[0m", "a\n", "é", "a:b", "a\0", "a\u{202e}"]
    {
        let error = read_fields_get(name, &json!({})).unwrap_err();
        assert!(matches!(error, Error::ModelName { .. }), "{name:?}");
        assert!(!error.to_string().chars().any(|c| c.is_control() || is_hidden(c)), "{error}");
        let relation = json!({ "x_id": { "type": "many2one", "string": "X", "relation": name } });
        let (model, warnings) = read_fields_get("x.model", &relation).unwrap();
        // White space around a name is none of it.
        if name.trim() == name {
            assert_eq!((&model.fields["x_id"].relation, warnings.len()), (&None, 1), "{name:?}");
            assert!(!warnings[0].to_string().chars().any(|c| c.is_control() || is_hidden(c)), "{}", warnings[0]);
        }

        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        schema.models.insert(name.to_owned(), Model::default());
        assert!(matches!(generate(&schema, &Settings::new("x")), Err(Error::ModelName { .. })), "{name:?}");
        let files = pin::to_files(&schema).unwrap();
        let read = pin::from_files(&files);
        assert!(matches!(read, Err(Error::ModelName { .. })), "{name:?}");
    }
    for name in ["a b", "", "a\n", "a\"", "a\u{202e}", "a.b"] {
        let mut model = Model::default();
        model.fields.insert(name.to_owned(), Field::new("char", "X"));
        let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
        schema.models.insert("x.model".to_owned(), model);
        let error = generate(&schema, &Settings::new("x")).unwrap_err();
        assert!(matches!(error, Error::FieldName { .. }), "{name:?}");
        assert!(!error.to_string().chars().any(|c| c.is_control() || is_hidden(c)), "{error}");
    }
    for series in ["19.0\"", "19.0\n", "19 0", "\u{202e}"] {
        let schema = Schema { series: series.to_owned(), ..Schema::default() };
        assert!(matches!(generate(&schema, &Settings::new("x")), Err(Error::Series { .. })), "{series:?}");
    }
    for package in ["", "X", "1x", "x y", "../x", "x\"", "self", "crate", "type", "aux"] {
        let made = generate(&Schema::default(), &Settings::new(package));
        assert!(matches!(made, Err(Error::PackageName { .. })), "{package:?}");
    }
}

#[test]
fn any_series_is_a_version_for_cargo() {
    for (series, version) in [
        ("19.0", "19.0.0"),
        ("saas~18.4", "18.4.0"),
        ("19.0+e", "19.0.0"),
        ("007.08", "7.8.0"),
        ("99999999999999999999.1", "0.1.0"),
        ("", "0.0.0"),
    ] {
        let schema = Schema { series: series.to_owned(), ..Schema::default() };
        let manifest = &generate(&schema, &Settings::new("x")).unwrap()["Cargo.toml"];
        assert!(manifest.contains(&format!("\nversion = \"{version}\"\n")), "{series}\n{manifest}");
    }
}
