//! Calls of methods: which one it is, on which records, and what it answers.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::definitions::{Kind, ModelId};
use super::env::{Env, MethodCall};
use super::fields_get;
use super::python::{ids, is_true, str};
use super::rights::{OPERATIONS, Rights};
use super::rules;
use super::signature::{Arguments, Signature};
use crate::Fault;
use crate::series::Difference;

impl MethodCall<'_> {
    /// Calls another method, as the same user, in the same transaction.
    ///
    /// # Errors
    ///
    /// The exception that Odoo raises.
    pub fn call(&mut self, model: &str, method: &str, args: Vec<Value>) -> Result<Value, Fault> {
        dispatch(&mut self.env.again(), model, method, args, Map::new())
    }

    /// Does what the emulator does by itself, with the arguments as they are now: `super()` of a model of Odoo.
    ///
    /// ```no_run
    /// # fn test(emulator: odoo_emulator::Emulator) -> Result<(), odoo_emulator::Fault> {
    /// use odoo_emulator::Fault;
    ///
    /// emulator.on("res.partner", "unlink", |call| {
    ///     if call.ids().contains(&1) {
    ///         return Err(Fault::user("This is our own company."));
    ///     }
    ///     call.inherited()
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The exception that Odoo raises; or, of a method of Odoo's Python, that it is not emulated.
    pub fn inherited(&mut self) -> Result<Value, Fault> {
        let (args, kwargs) = (self.args.clone(), self.kwargs.clone());
        by_itself(&mut self.env.again(), self.model, self.method, args, kwargs)
    }
}

/// Calls a method by name.
pub(crate) fn dispatch(
    env: &mut Env<'_>,
    model: &str,
    method: &str,
    args: Vec<Value>,
    kwargs: Map<String, Value>,
) -> Result<Value, Fault> {
    let handler = env.settings.handlers.get(&(model.to_owned(), method.to_owned())).cloned();
    match handler.filter(|_| env.registry.model(model).is_some()) {
        Some(handler) => handler(&mut MethodCall { env: env.again(), model, method, args, kwargs }),
        None => by_itself(env, model, method, args, kwargs),
    }
}

/// Calls a method that no test answers.
fn by_itself(
    env: &mut Env<'_>,
    model: &str,
    method: &str,
    mut args: Vec<Value>,
    kwargs: Map<String, Value>,
) -> Result<Value, Fault> {
    let series = env.registry.series;
    let Some((number, _)) = env.registry.model(model) else {
        return Err(Fault::user(format!("Object {model} doesn't exist")));
    };
    let is_private = method.starts_with('_') || method == "exists" && env.has(Difference::PrivateByMark);
    if is_private {
        let name = if env.has(Difference::PrivateByMark) { format!("'{model}.{method}'") } else { method.to_owned() };
        return Err(Fault::access(format!("Private methods (such as {name}) cannot be called remotely.")));
    }
    if model == "res.users" && method == "context_get" {
        return Ok(env.context_get());
    }
    let own = rules::methods::named(env, model, method);
    let is_own = own.is_some();
    let Some(signature) = own.or_else(|| Signature::named(series, method)) else {
        return Err(no_method(env, number, method));
    };
    let mut on = Vec::new();
    if !signature.on_model {
        if args.is_empty() {
            let words = if env.has(Difference::RelatedIsPath) { "list" } else { "tuple" };
            return Err(Fault::new("builtins.IndexError", format!("{words} index out of range")));
        }
        let first = args.remove(0);
        if let Value::Array(list) = &first
            && let Some(text) = list.iter().find(|id| id.is_string())
            && method != "write"
        {
            return Err(Fault::new(
                "psycopg2.errors.InvalidTextRepresentation",
                format!("invalid input syntax for type integer: \"{}\"", str(text)),
            ));
        }
        on = ids(&first);
    }
    let bound = signature.bind(series, args, kwargs)?;
    if is_own {
        return rules::methods::run(env, number, signature.name, &on, &bound);
    }
    run(env, number, signature.name, &on, &bound)
}

/// What is said of a method that no model has by itself: the words of the series if the pin shows that the model has none of that
/// name, otherwise how to answer it.
fn no_method(env: &Env<'_>, model: ModelId, method: &str) -> Fault {
    let def = env.registry.def(model);
    let is_known = def.methods.as_ref().map(|methods| methods.contains(method));
    let is_known = env.registry.is_of_every_model(method).then_some(true).or(is_known);
    if is_known == Some(true) || is_known.is_none() && looks_like_a_method(method) {
        return Fault::not_emulated(
            format_args!("{}.{method}, which is a method of Odoo's Python,", def.name),
            format_args!("say what it does by `emulator.on(\"{}\", \"{method}\", |call| …)`", def.name),
        );
    }
    let words = if env.has(Difference::HasAccess) {
        format!("The method '{}.{method}' does not exist", def.name)
    } else if env.has(Difference::Specifications) {
        format!("The method '{method}' does not exist on the model '{}'", def.name)
    } else {
        format!("type object '{}' has no attribute '{method}'", def.name)
    };
    Fault::new("builtins.AttributeError", words)
}

/// Where nobody has said which methods there are, those with the names that Odoo gives to them are taken to be there.
fn looks_like_a_method(method: &str) -> bool {
    ["action_", "button_", "message_", "do_", "get_", "set_", "web_", "toggle_", "activity_"]
        .iter()
        .any(|start| method.starts_with(start))
}

fn run(env: &mut Env<'_>, model: ModelId, method: &str, on: &[i64], given: &Arguments) -> Result<Value, Fault> {
    match method {
        "fields_get" => fields_get::fields_get(env, model, given),
        "default_get" => {
            let name = if env.has(Difference::DomainObjects) { "fields" } else { "fields_list" };
            let names = given.texts(name);
            Ok(Value::Object(env.default_get(model, &names)?))
        }
        "search" => {
            if is_true(given.get("count")) {
                let expr = env.parse(given.domain())?;
                // 16 counts no further than it would search.
                let limit = given.int("limit").filter(|limit| *limit != 0 && env.has(Difference::SearchTakesDomain));
                return Ok(json!(env.search(model, &expr, 0, limit, None)?.len()));
            }
            Ok(json!(searched(env, model, given)?))
        }
        "search_count" => {
            let expr = env.parse(given.domain())?;
            Rights::check(env, model, "read")?;
            let count = env.matching(model, &expr, env.active_test)?.len();
            let limit = given.int("limit").and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
            Ok(json!(count.min(limit.unwrap_or(usize::MAX))))
        }
        "search_read" => {
            let names = given.texts("fields");
            let found = searched(env, model, given)?;
            if found.is_empty() {
                let expr = env.parse(given.domain())?;
                env.fields_of_none(model, &expr, &names)?;
                return Ok(json!([]));
            }
            // What the context says of archived records is about the search, and not about relations.
            records(&mut env.with(true), model, &found, &names, given.get("load"), given.get("fields"))
        }
        "read" => records(env, model, on, &given.texts("fields"), given.get("load"), given.get("fields")),
        "web_search_read" => env.web_search_read(model, given),
        "web_read" => env.web_read(model, on, given.get("specification")),
        "web_save" => {
            let values = object(given.get("vals"))?;
            let saved = match on {
                [] => vec![env.create(model, &values)?],
                on => {
                    env.write(model, on, &values)?;
                    on.to_vec()
                }
            };
            let saved = given.int("next_id").map_or(saved, |next| vec![next]);
            // Files are told by their sizes.
            env.context.insert("bin_size".to_owned(), json!(true));
            env.web_read_written(model, &saved, &values, given.get("specification"))
        }
        "name_search" => {
            let name = Some(given.get("name")).filter(|name| !name.is_null()).cloned().unwrap_or_else(|| json!(""));
            let operator = given.text("operator").unwrap_or("ilike");
            let limit = match given.get("limit") {
                Value::Null => Some(100),
                limit => limit.as_i64(),
            };
            env.name_search(model, &name, given.domain(), operator, limit)
        }
        "name_get" => {
            env.must_exist(model, on)?;
            Ok(on.iter().map(|id| json!([id, env.display_name(model, *id)])).collect())
        }
        "name_create" => {
            let def = Arc::clone(env.registry.def(model));
            let Some(field) = def.rec_name else { return Ok(json!(false)) };
            let id =
                env.create(model, &Map::from_iter([(def.def(field).name.to_string(), given.get("name").clone())]))?;
            Ok(json!([id, env.display_name(model, id)]))
        }
        "create" => created(env, model, given.get("vals_list")),
        "write" => {
            let values = object(given.get("vals"))?;
            env.write(model, on, &values)?;
            Ok(json!(true))
        }
        "unlink" => {
            env.unlink(model, on)?;
            Ok(json!(true))
        }
        "copy" => env.copy(model, on, given.get("default")),
        "load" => env.load(model, given.get("fields"), given.get("data")),
        "exists" => Ok(on.iter().copied().filter(|id| env.exists(model, *id)).collect()),
        "has_access" | "check_access_rights" => {
            let operation = operation(given.get("operation"))?;
            match Rights::check(env, model, operation) {
                Err(fault) if method == "check_access_rights" && *given.get("raise_exception") != false => Err(fault),
                Err(_) => Ok(json!(false)),
                // Newer ones raise, or say nothing.
                Ok(())
                    if method == "check_access_rights"
                        && *given.get("raise_exception") != false
                        && env.has(Difference::HasAccess) =>
                {
                    Ok(Value::Null)
                }
                Ok(()) => Ok(json!(true)),
            }
        }
        "check_access" | "check_access_rule" => {
            Rights::check(env, model, operation(given.get("operation"))?)?;
            env.must_exist(model, on)?;
            Ok(Value::Null)
        }
        "read_group" => env.read_group(model, given),
        "formatted_read_group" => env.formatted_read_group(model, given),
        "get_external_id" => Ok(env.get_external_id(model, on)),
        "get_metadata" => env.get_metadata(model, on),
        "action_archive" | "action_unarchive" | "toggle_active" => env.archive(model, on, method),
        other => Err(no_method(env, model, other)),
    }
}

fn searched(env: &mut Env<'_>, model: ModelId, given: &Arguments) -> Result<Vec<i64>, Fault> {
    let expr = env.parse(given.domain())?;
    let offset = given.int("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
    env.search(model, &expr, offset, given.int("limit").filter(|limit| *limit != 0), given.text("order"))
}

fn records(
    env: &mut Env<'_>,
    model: ModelId,
    ids: &[i64],
    names: &[&str],
    load: &Value,
    asked: &Value,
) -> Result<Value, Fault> {
    // Odoo tells an empty list from none only for `read`, and reads all fields for both.
    let _ = asked;
    let mut records = env.read(model, ids, names)?;
    // Without names, many2one fields are ids alone.
    if load.is_string() && load != "_classic_read" || *load == false {
        env.bare(model, &mut records);
    }
    Ok(Value::Array(records))
}

fn object(value: &Value) -> Result<Map<String, Value>, Fault> {
    match value {
        Value::Object(values) => Ok(values.clone()),
        other => Err(Fault::new(
            "builtins.AttributeError",
            format!("'{}' object has no attribute 'items'", super::python::type_name(other)),
        )),
    }
}

fn created(env: &mut Env<'_>, model: ModelId, values: &Value) -> Result<Value, Fault> {
    match values {
        Value::Object(values) => Ok(json!(env.create(model, values)?)),
        Value::Array(list) => {
            let all = list.iter().map(|values| values.as_object().ok_or_else(|| no_values(env, values)));
            let all = all.collect::<Result<Vec<_>, _>>()?;
            Ok(json!(env.create_all(model, &all)?))
        }
        other => Err(no_values(env, other)),
    }
}

fn no_values(env: &Env<'_>, value: &Value) -> Fault {
    if env.has(Difference::DomainObjects) {
        return Fault { arguments: Vec::new(), ..Fault::new("builtins.AssertionError", "") };
    }
    match value {
        Value::String(_) => Fault::value("dictionary update sequence element #0 has length 1; 2 is required"),
        other => Fault::type_error(format!("'{}' object is not iterable", super::python::type_name(other))),
    }
}

fn operation(value: &Value) -> Result<&'static str, Fault> {
    let known = value.as_str().and_then(|name| OPERATIONS.into_iter().find(|known| *known == name));
    known.ok_or_else(|| Fault::new("builtins.AssertionError", "Invalid access mode"))
}

impl Env<'_> {
    /// Many2one fields of records that were read as ids alone.
    fn bare(&self, model: ModelId, records: &mut [Value]) {
        let def = self.registry.def(model);
        for record in records.iter_mut().filter_map(Value::as_object_mut) {
            for (name, value) in record.iter_mut() {
                let is_many2one = def.field(name).is_some_and(|(_, field)| field.kind == Kind::Many2one);
                if is_many2one && let Some(id) = value.get(0).cloned() {
                    *value = id;
                }
            }
        }
    }

    /// `context_get`: the language and the time zone of the user.
    fn context_get(&self) -> Value {
        let mut context = self.settings.user_context.clone();
        if let Some(users) = self.registry.by_name.get("res.users").copied() {
            for name in ["lang", "tz"] {
                let value = self.text(users, self.uid, name);
                context.entry(name).or_insert_with(|| value.map_or(json!(false), |text| json!(&*text)));
            }
        }
        if self.has(Difference::ContextHasUser) {
            context.insert("uid".to_owned(), json!(self.uid));
        }
        Value::Object(context)
    }

    fn archive(&mut self, model: ModelId, ids: &[i64], method: &str) -> Result<Value, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let Some(active) = def.active else {
            return Err(if self.has(Difference::ArchivesInOwnWords) {
                Fault::new("builtins.AssertionError", format!("No 'active' field on model {}", def.name))
            } else {
                Fault::type_error(match method {
                    "toggle_active" => "'NoneType' object is not callable",
                    _ => "tuple indices must be integers or slices, not NoneType",
                })
            });
        };
        self.must_be_read(model, ids)?;
        let name = def.def(active).name.to_string();
        let (on, off): (Vec<i64>, Vec<i64>) = ids.iter().partition(|id| self.is_active(model, **id));
        if method != "action_unarchive" {
            self.write(model, &on, &Map::from_iter([(name.clone(), json!(false))]))?;
        }
        if method != "action_archive" {
            self.write(model, &off, &Map::from_iter([(name, json!(true))]))?;
        }
        Ok(Value::Null)
    }
}

/// The call of a caller, on an engine.
pub(crate) fn context_of(caller: &Caller, kwargs: &mut Map<String, Value>) -> Map<String, Value> {
    let mut context = caller.context.clone();
    if let Some(Value::Object(given)) = kwargs.remove("context") {
        context.extend(given);
    }
    context
}
