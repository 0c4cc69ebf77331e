//! Stands in for a server that was recorded as a whole: `recordings/odoo<major>.json.gz` holds what a real one (16.0, 17.0
//! or 18.0 Community with demo data) answered about every model: `fields_get`, `default_get` of the required fields, up to
//! twelve records with their stored fields, the same with all fields but binary ones, and its errors. Left out were
//! tracebacks, passwords and keys.
//!
//! Of domains it knows ids, and `=` and `in` on plain stored fields; what it was not recorded with is an error that says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;

use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};

use super::odoo::{Answer, Request, bytes, read};

/// A server of a recording.
pub(crate) struct Replay {
    pub(crate) url: String,
    recording: Arc<Value>,
}

impl Replay {
    pub(crate) fn new(major: u32) -> Self {
        Self::with(major, |_, _| {})
    }

    /// The test may change each answer.
    pub(crate) fn with(major: u32, change: impl Fn(&Request, &mut Value) + Send + Sync + 'static) -> Self {
        let path = format!("{}/tests/recordings/odoo{major}.json.gz", env!("CARGO_MANIFEST_DIR"));
        let recording: Value = serde_json::from_reader(GzDecoder::new(File::open(path).unwrap())).unwrap();
        let recording = Arc::new(recording);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new((Arc::clone(&recording), change));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || {
                    let (recording, change) = &*shared;
                    let answer = match read(&stream) {
                        Some(request) if request.method != "api_doc" => {
                            let mut answer = answer(recording, &request);
                            change(&request, &mut answer);
                            Answer::Json(answer)
                        }
                        _ => Answer::Page(404),
                    };
                    let _ = (&stream).write_all(&bytes(&answer));
                });
            }
        });
        Self { url, recording }
    }

    /// What texts of these fields the recorded records have, but for single words, which others may have too.
    pub(crate) fn values(&self, model: &str, fields: &[&str]) -> BTreeSet<String> {
        let rows = self.recording["models"][model]["rows"]["result"].as_array().unwrap();
        let texts = rows.iter().flat_map(|row| fields.iter().filter_map(|field| row[*field].as_str()));
        // As JSON has them.
        let texts = texts
            .filter(|text| text.chars().count() > 5 && text.contains([' ', '@', '+', '.']))
            .map(|text| Value::from(text).to_string());
        texts.map(|text| text.trim_matches('"').to_owned()).collect()
    }

    /// The models, and of each how many records are recorded; `None` where the real server could not read it, with their
    /// stored fields or with all fields: what is not stored is recorded only with all of it.
    pub(crate) fn models(&self) -> BTreeMap<String, Option<usize>> {
        let models = self.recording["models"].as_object().unwrap();
        let records = |model: &Value| match &model["whole"]["error"] {
            // A view can have several records of one id.
            Value::Null => {
                let rows = model["rows"]["result"].as_array()?;
                Some(rows.iter().filter_map(|row| row["id"].as_i64()).collect::<BTreeSet<_>>().len())
            }
            _ => None,
        };
        models.iter().map(|(name, model)| (name.clone(), records(model))).collect()
    }
}

fn answer(recording: &Value, request: &Request) -> Value {
    let result = match (&*request.model, &*request.method) {
        ("", "version") => Ok(recording["version"].clone()),
        ("", "authenticate") => Ok(json!(2)),
        ("", "databases") => Ok(json!(["apps"])),
        (_, "has_access" | "check_access_rights") => Ok(json!(true)),
        ("", _) => Ok(Value::Null),
        _ => call(recording, request),
    };
    match result {
        Ok(result) => json!({"jsonrpc": "2.0", "id": 0, "result": result}),
        Err(error) => json!({"jsonrpc": "2.0", "id": 0, "error": error}),
    }
}

/// An error that was not recorded, but is the real servers'.
fn error(class: &str, message: &str) -> Value {
    json!({"code": 200, "message": "Odoo Server Error", "data": {"name": class, "message": message, "debug": ""}})
}

/// What is kept as `{"result": …}` or `{"error": …}`.
fn kept(answer: &Value) -> Result<&Value, Value> {
    answer.get("result").ok_or_else(|| answer["error"].clone())
}

fn call(recording: &Value, request: &Request) -> Result<Value, Value> {
    let Request { model: name, method, args, kwargs, .. } = request;
    let model = &recording["models"][name];
    if model.is_null() {
        return Err(error("odoo.exceptions.UserError", &format!("Object {name} doesn't exist")));
    }
    let argument = |at: usize, name: &str| kwargs.get(name).or_else(|| args.get(at)).filter(|value| !value.is_null());
    let named = |at, name| -> Option<Vec<&str>> {
        Some(argument(at, name)?.as_array()?.iter().filter_map(Value::as_str).collect())
    };
    match method.as_str() {
        "fields_get" => {
            let (fields, attributes) = (named(0, "allfields"), named(1, "attributes"));
            let is_wanted = |list: &Option<Vec<&str>>, name: &str| {
                list.as_ref().is_none_or(|list| list.is_empty() || list.contains(&name))
            };
            let cut = |field: &Value| -> Map<String, Value> {
                let all = field.as_object().unwrap();
                all.iter()
                    .filter(|(name, _)| is_wanted(&attributes, name))
                    .map(|(n, v)| (n.clone(), v.clone()))
                    .collect()
            };
            let all = kept(&model["fields"])?.as_object().unwrap();
            let wanted = all.iter().filter(|(name, _)| is_wanted(&fields, name));
            Ok(wanted.map(|(name, field)| (name.clone(), cut(field).into())).collect::<Map<_, _>>().into())
        }
        "default_get" => {
            let wanted = named(0, "fields_list").unwrap_or_default();
            let all = kept(&model["defaults"])?.as_object().unwrap();
            Ok(all
                .iter()
                .filter(|(name, _)| wanted.contains(&&***name))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect::<Map<_, _>>()
                .into())
        }
        "read" => {
            let ids = argument(0, "ids").cloned().unwrap_or_default();
            let rows = rows(recording, name, named(1, "fields"))?;
            Ok(rows.into_iter().filter(|row| contains(&ids, &row["id"])).collect())
        }
        "search" | "search_count" | "search_read" => {
            let fields = if method == "search_read" { named(1, "fields") } else { Some(Vec::new()) };
            let domain = argument(0, "domain").cloned().unwrap_or(json!([]));
            let mut found = rows(recording, name, fields.clone())?;
            for leaf in domain.as_array().unwrap().iter().filter(|leaf| leaf.is_array()) {
                let holds = held(recording, name, leaf, fields.clone().unwrap_or_default())?;
                found.retain(|row| holds.contains(&row["id"]));
            }
            found.sort_by_key(|row| row["id"].as_i64());
            if kwargs["order"].as_str().is_some_and(|order| order.starts_with("id desc")) {
                found.reverse();
            }
            let size = |name: &str| kwargs[name].as_u64().map(|size| size as usize);
            let limit = size("limit").filter(|limit| *limit > 0).unwrap_or(usize::MAX);
            let mut found = found.into_iter().skip(size("offset").unwrap_or(0)).take(limit);
            Ok(match method.as_str() {
                "search" => found.map(|row| row["id"].clone()).collect(),
                "search_count" => found.by_ref().count().into(),
                _ => found.collect(),
            })
        }
        _ => Err(error("builtins.AttributeError", &format!("The method '{name}.{method}' does not exist"))),
    }
}

static NO_IDS: Value = Value::Array(Vec::new());

/// The recorded records, with these fields; without fields, with their ids.
fn rows(recording: &Value, name: &str, fields: Option<Vec<&str>>) -> Result<Vec<Value>, Value> {
    let models = &recording["models"];
    let fields = fields.unwrap_or_default();
    // Of these two the recording has a few records whole, and of all records what regen asks for.
    let has = |row: &Value| fields.iter().all(|field| row.get(*field).is_some());
    let all: Vec<&Value> = match name {
        "ir.model" => models.as_object().unwrap().values().map(|model| &model["info"]).collect(),
        "ir.module.module" => recording["modules"].as_array().unwrap().iter().collect(),
        _ => Vec::new(),
    };
    let all = match all.first() {
        Some(first) if has(first) => all,
        _ => kept(&models[name]["rows"])?.as_array().unwrap().iter().collect(),
    };
    let declared = kept(&models[name]["fields"])?;
    if let Some(unknown) = fields.iter().find(|field| declared.get(**field).is_none()) {
        return Err(error("builtins.ValueError", &format!("Invalid field '{unknown}' on model '{name}'")));
    }
    let mut picked = Vec::new();
    for row in all {
        let mut values = Map::from_iter([("id".to_owned(), row["id"].clone())]);
        for &field in &fields {
            let value = match row.get(field) {
                Some(value) => Some(value),
                // Left out of the recording: as they are where there is nothing in them.
                None if matches!(field, "password" | "new_password" | "totp_secret") => Some(&Value::Bool(false)),
                None if field == "api_key_ids" => Some(&NO_IDS),
                None => {
                    let whole = kept(&models[name]["whole"])?.as_array().unwrap();
                    whole.iter().find(|whole| whole["id"] == row["id"]).and_then(|whole| whole.get(field))
                }
            };
            let value = value.ok_or_else(|| error("replay", &format!("the recording has no values of {field}")))?;
            values.insert(field.to_owned(), value.clone());
        }
        picked.push(values.into());
    }
    Ok(picked)
}

/// The ids of the records for which a condition holds.
fn held<'a>(recording: &Value, name: &str, leaf: &'a Value, mut fields: Vec<&'a str>) -> Result<Vec<Value>, Value> {
    let (field, value) = (leaf[0].as_str().unwrap(), &leaf[2]);
    fields.push(field);
    let compare: fn(&Value, &Value) -> bool = match leaf[1].as_str().unwrap() {
        "=" => |has, value| has == value,
        "in" => |has, value| contains(value, has),
        ">" => |has, value| has.as_i64() > value.as_i64(),
        "<" => |has, value| has.as_i64() < value.as_i64(),
        _ => return Err(error("replay", &format!("the recording cannot answer {leaf}"))),
    };
    let rows = rows(recording, name, Some(fields))?;
    Ok(rows.into_iter().filter(|row| compare(&row[field], value)).map(|row| row["id"].clone()).collect())
}

fn contains(list: &Value, value: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(value))
}
