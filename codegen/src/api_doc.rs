//! From Odoo's own API documentation to [`Method`]s: `/doc/<model>.json`, or `/doc-bearer/<model>.json`, since Odoo 19.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::schema::{Method, Parameter};
use crate::{Warning, html, names};

/// What the API documentation says of one model, as it is on the wire.
#[derive(serde::Deserialize)]
pub struct ApiDoc {
    methods: Ordered<Described>,
    #[serde(default)]
    fields: Option<Box<RawValue>>,
}

/// A method, as the API documentation describes it. What is not known to be always there may be anything.
#[derive(serde::Deserialize)]
struct Described {
    /// The model whose class brings the method first: `base` or `core` for what every model has.
    #[serde(default)]
    model: Value,
    #[serde(default)]
    module: Value,
    #[serde(default)]
    signature: Value,
    /// In the order of the signature.
    parameters: Ordered<Value>,
    #[serde(default, rename = "return")]
    returns: Value,
    #[serde(default, rename = "raise")]
    raises: Value,
    #[serde(default)]
    doc: Value,
    #[serde(default)]
    api: Value,
}

impl ApiDoc {
    /// What `fields_get` answers about the model with all attributes, in the language of the user who asks; for
    /// [`read_fields_get`](crate::read_fields_get).
    pub fn fields(&self) -> Option<&RawValue> {
        self.fields.as_deref()
    }

    /// The methods that the modules of the model bring, or those of models it inherits from, by name. Left out are those that
    /// every model has, which come from `base` or from Odoo's core; and with a warning, what could not be called by name.
    pub fn into_methods(self, model: &str) -> (BTreeMap<String, Method>, Vec<Warning>) {
        let mut methods = BTreeMap::new();
        let mut warnings = Vec::new();
        for (name, described) in self.methods.0 {
            let from = described.model.as_str().unwrap_or_default();
            if from == "base" || from == "core" || described.module.as_str() == Some("core") {
                continue;
            }
            if !names::is_python_name(&name) || name.starts_with('_') {
                warnings.push(Warning::new(model, &name, "is not a name a public method can have: left out"));
                continue;
            }
            match read(model, described) {
                Ok(method) => drop(methods.insert(name, method)),
                Err(problem) => warnings.push(Warning::new(model, &name, problem)),
            }
        }
        (methods, warnings)
    }
}

fn read(model: &str, described: Described) -> Result<Method, &'static str> {
    let signature = described.signature.as_str().unwrap_or_default();
    let mut method = Method {
        module: described.module.as_str().filter(|name| names::is_python_name(name)).unwrap_or_default().to_owned(),
        inherited: described
            .model
            .as_str()
            .filter(|from| *from != model && names::is_model_name(from))
            .map(str::to_owned),
        help: html::text(described.doc.as_str().unwrap_or_default()),
        returns: text(&described.returns["annotation"]),
        returns_help: html::text(described.returns["doc"].as_str().unwrap_or_default()),
        ..Method::default()
    };
    for flag in described.api.as_array().into_iter().flatten().filter_map(Value::as_str) {
        match flag {
            "model" => method.on_model = true,
            "readonly" => method.readonly = true,
            _ => {}
        }
    }
    for (exception, why) in described.raises.as_object().into_iter().flatten() {
        let why = html::text(why.as_str().unwrap_or_default()).unwrap_or_default();
        let raised = if exception.is_empty() { String::new() } else { format!(" `{exception}`") };
        let help = method.help.get_or_insert_default();
        *help += &format!("{}Raises{raised}: {why}", if help.is_empty() { "" } else { "\n\n" });
    }
    // Their defaults are told only where they are JSON; the signature has all: `(ids, limit=<object at …>)`.
    let with_default: BTreeSet<&str> = signature
        .split([',', '('])
        .filter_map(|part| part.split_once('='))
        .map(|(name, _)| name.trim_start())
        .collect();
    for (name, about) in described.parameters.0 {
        let default = about.get("default").map(shown_default);
        let default = default.or_else(|| with_default.contains(&*name).then(|| ELLIPSIS.to_owned()));
        match about["kind"].as_str() {
            Some("VAR_KEYWORD") => {
                method.takes_more = true;
                continue;
            }
            // Arguments go by name: these cannot be given, and need not be.
            Some("VAR_POSITIONAL") => continue,
            Some("POSITIONAL_ONLY") if default.is_some() => continue,
            Some("POSITIONAL_ONLY") => return Err("needs an argument that has no name: left out"),
            _ => {}
        }
        if !names::is_python_name(&name) {
            return Err("has a parameter whose name is none: left out");
        }
        let help = html::text(about["doc"].as_str().unwrap_or_default());
        method.parameters.push(Parameter { name, annotation: text(&about["annotation"]), default, help });
    }
    Ok(method)
}

/// A default that has no JSON, or a long one.
const ELLIPSIS: &str = "…";

/// Long ones say little, and how an object is ordered is up to the server.
fn shown_default(default: &Value) -> String {
    let is_short = match default {
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::String(text) => text.chars().count() <= 40,
        _ => true,
    };
    if is_short { default.to_string() } else { ELLIPSIS.to_owned() }
}

fn text(value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    // Docs have been seen to have whole sentences there.
    (!text.is_empty() && text.chars().count() <= 200).then_some(text)
}

/// A JSON object in the order in which it is written.
struct Ordered<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn method(described: Value) -> (Option<Method>, Vec<String>) {
        let doc = json!({"methods": {"go": described}}).to_string();
        let doc: ApiDoc = serde_json::from_str(&doc).unwrap_or_else(|error| panic!("{error}"));
        let (mut methods, warnings) = doc.into_methods("x.model");
        (methods.remove("go"), warnings.iter().map(Warning::to_string).collect())
    }

    #[test]
    fn parameters_keep_their_order_and_know_their_defaults() {
        let doc = r#"{"methods": {"go": {"model": "x.model", "module": "x", "signature": "(z, a=<object at 0x7f>, kwargs)",
            "parameters": {"z": {"annotation": "int"}, "a": {}, "kwargs": {"kind": "VAR_KEYWORD"}}, "api": ["model"]}}}"#;
        let doc: ApiDoc = serde_json::from_str(doc).unwrap_or_else(|error| panic!("{error}"));
        let (methods, warnings) = doc.into_methods("x.model");
        let go = &methods["go"];
        let shown: Vec<_> = go.parameters.iter().map(|p| (p.name.as_str(), p.default.as_deref())).collect();
        assert_eq!((shown.as_slice(), warnings.len()), (&[("z", None), ("a", Some("…"))][..], 0));
        assert!(go.on_model && go.takes_more && !go.readonly && go.inherited.is_none());
    }

    #[test]
    fn what_every_model_has_is_left_out_and_so_is_what_cannot_be_called() {
        for (model, module) in [("base", "web"), ("core", "core"), ("base", "base")] {
            let (found, warnings) = method(json!({"model": model, "module": module, "parameters": {}}));
            assert!(found.is_none() && warnings.is_empty(), "{model} {module}");
        }
        let inherited = method(json!({"model": "mail.thread", "module": "mail", "parameters": {}})).0;
        assert_eq!(inherited.and_then(|method| method.inherited).as_deref(), Some("mail.thread"));
        let (found, warnings) =
            method(json!({"model": "x", "module": "x", "parameters": {"a": {"kind": "POSITIONAL_ONLY"}}}));
        assert!(found.is_none() && warnings[0].contains("has no name"), "{warnings:?}");
    }

    #[test]
    fn oddities_are_read_for_what_they_are() {
        let (found, _) = method(json!({"model": 1, "module": [], "signature": {}, "parameters": {"a": 3},
            "return": "x", "raise": [1], "doc": 5, "api": {"model": 1}}));
        assert_eq!(found.map(|method| method.parameters.len()), Some(1));
    }
}
