//! `/doc` and `/doc-bearer`: what a server tells of its models and their methods, since 19.0. From a pin back to JSON.

use std::hash::{DefaultHasher, Hash, Hasher};

use hyper::header::{CACHE_CONTROL, ETAG};
use odoo_codegen::{Method, Parameter};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::call::Request;
use super::pages::{NOT_FOUND, bare, escaped, json2_fault, werkzeug};
use crate::engine::Caller;
use crate::state::State;

/// Methods of every model, as far as it matters that there are some.
const COMMON: &[&str] =
    &["create", "fields_get", "name_search", "read", "search", "search_count", "search_read", "unlink", "write"];

/// The answer about `index.json` or `<model>.json`.
pub(super) fn answer(state: &State, request: &Request, uid: i64, document: &str) -> Answer {
    let is_index = document == "index.json";
    let etag = etag(state, uid, is_index);
    if request.if_none_match().is_some_and(|known| known.trim_matches('"') == etag) {
        return Answer::empty(304);
    }
    let said = match document.strip_suffix(".json") {
        Some("index") => Some(index(state)),
        Some(model) => model_doc(state, uid, model),
        None => None,
    };
    let Some(text) = said else {
        return json2_fault(state.series, &werkzeug("NotFound", 404, NOT_FOUND));
    };
    // Seen on 19.0: with quotes on the index, without on a model.
    let etag = if is_index { format!("\"{etag}\"") } else { etag };
    let answer = bare(state.series, &Value::Null).with_body(text);
    answer.with_header(ETAG, etag).with_header(CACHE_CONTROL, "no-cache, private")
}

/// One for all models, and one for the index.
fn etag(state: &State, uid: i64, is_index: bool) -> String {
    let mut hasher = DefaultHasher::new();
    (state.world().engine.schema_changes(), uid, is_index, state.database.as_str()).hash(&mut hasher);
    format!("{:064x}", hasher.finish())
}

fn index(state: &State) -> String {
    let models = state.schema.models.iter().filter_map(|(name, model)| {
        let methods = model.methods.as_ref()?;
        let fields = model.fields.iter().map(|(name, field)| (name.clone(), json!({"string": field.label})));
        let methods: Vec<&str> = COMMON.iter().copied().chain(methods.keys().map(String::as_str)).collect();
        Some(json!({
            "model": name,
            "name": model.label,
            "fields": fields.collect::<Map<_, _>>(),
            "methods": methods,
        }))
    });
    let modules = state.schema.modules.iter().flatten().map(|(name, _)| name);
    json!({"modules": modules.collect::<Vec<_>>(), "models": models.collect::<Vec<_>>()}).to_string()
}

fn model_doc(state: &State, uid: i64, name: &str) -> Option<String> {
    let model = state.schema.models.get(name)?;
    let methods = model.methods.as_ref()?;
    let caller = Caller::new(uid);
    let fields = state.world().engine.call(&caller, name, "fields_get", Vec::new(), Map::new()).ok()?;
    let methods: Vec<_> = methods.iter().map(|(method, about)| object_entry(method, &described(name, about))).collect();
    let (quoted, label) = (json!(name), json!(model.label));
    let methods = methods.join(",");
    Some(format!(r#"{{"model":{quoted},"name":{label},"doc":null,"fields":{fields},"methods":{{{methods}}}}}"#))
}

fn object_entry(name: &str, value: &str) -> String {
    format!("{}:{value}", json!(name))
}

/// One method. By hand, as the order of parameters tells something.
fn described(model: &str, method: &Method) -> String {
    let mut names: Vec<String> = method.parameters.iter().map(in_signature).collect();
    let mut parameters: Vec<String> = method.parameters.iter().map(parameter).collect();
    if method.takes_more {
        names.push("kwargs".to_owned());
        parameters.push(object_entry("kwargs", r#"{"kind":"VAR_KEYWORD"}"#));
    }
    let mut api = Vec::new();
    api.extend(method.on_model.then_some("model"));
    api.extend(method.readonly.then_some("readonly"));
    let about = json!({
        "signature": format!("({})", names.join(", ")),
        "return": {"annotation": method.returns, "doc": method.returns_help.as_deref().map(html)},
        "doc": method.help.as_deref().map(html),
        "api": api,
        "model": method.inherited.as_deref().unwrap_or(model),
        "module": method.module,
    });
    let rest = about.to_string();
    format!(r#"{{"parameters":{{{}}},{}"#, parameters.join(","), rest.trim_start_matches('{'))
}

/// Whether a default is one that has no JSON, or is long: the signature says that there is one.
fn is_untold(parameter: &Parameter) -> bool {
    parameter.default.as_deref().is_some_and(|default| default == "…")
}

fn in_signature(parameter: &Parameter) -> String {
    if is_untold(parameter) { format!("{}=<…>", parameter.name) } else { parameter.name.clone() }
}

fn parameter(parameter: &Parameter) -> String {
    let mut about = Map::new();
    if let Some(annotation) = &parameter.annotation {
        about.insert("annotation".to_owned(), json!(annotation));
    }
    if let Some(help) = &parameter.help {
        about.insert("doc".to_owned(), json!(html(help)));
    }
    let default = parameter.default.as_ref().filter(|_| !is_untold(parameter));
    if let Some(default) = default.and_then(|text| serde_json::from_str(text).ok()) {
        about.insert("default".to_owned(), default);
    }
    object_entry(&parameter.name, &Value::Object(about).to_string())
}

/// The text of a pin as the HTML that it was.
fn html(text: &str) -> String {
    let blocks = text.split("\n\n").map(|block| {
        let lines: Vec<&str> = block.lines().collect();
        let without = |mark: &str| -> Option<Vec<&str>> { lines.iter().map(|line| line.strip_prefix(mark)).collect() };
        match (without("    "), without("- ")) {
            (Some(code), _) => format!("<pre>{}</pre>", escaped(&code.join("\n"))),
            (_, Some(items)) if items.len() > 1 => {
                items.iter().map(|item| format!("<li>{}</li>", escaped(item))).collect()
            }
            _ => format!("<p>{}</p>", escaped(block)),
        }
    });
    blocks.collect::<Vec<_>>().join("\n")
}
