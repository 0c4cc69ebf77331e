//! `/json/2/<model>/<method>`: an API key as bearer token, arguments by name, and statuses that say what went wrong.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::call::{Method, Request};
use super::{identity, pages};
use crate::Fault;
use crate::state::State;

/// The user whose key a request comes with, or the words for there being none.
pub(super) fn user(state: &State, request: &Request) -> Result<i64, Fault> {
    let unauthorized = |words: &str| pages::werkzeug("Unauthorized", 401, words);
    let key = request
        .bearer()
        .ok_or_else(|| unauthorized("User not authenticated, use an API Key with a Bearer Authorization header."))?;
    state.world().accounts.with_key(key).ok_or_else(|| unauthorized("Invalid apikey"))
}

/// The answer to a call.
pub(super) fn answer(state: &State, request: &Request, call: &Method) -> Answer {
    let outcome = user(state, request).and_then(|uid| execute(state, uid, call));
    match outcome {
        Ok(result) => pages::bare(state.series, &result),
        Err(fault) => pages::json2_fault(state.series, &fault),
    }
}

fn execute(state: &State, uid: i64, call: &Method) -> Result<Value, Fault> {
    let Method { model, method, kwargs, .. } = call;
    let mut kwargs: Map<String, Value> = kwargs.clone();
    let ids = kwargs.remove("ids");
    let mut args = Vec::new();
    if is_on_model(state, model, method) {
        if ids.is_some() {
            let words = format!("cannot call {model}.{method} with ids");
            return Err(pages::werkzeug("UnprocessableEntity", 422, words));
        }
    } else {
        args.push(match ids {
            Some(Value::Array(ids)) => Value::Array(ids),
            Some(id) => json!([id]),
            None => json!([]),
        });
    }
    let who = identity::Who { uid, session: None };
    let is_create = method == "create";
    let outcome = identity::call(state, &who, model, method, args, kwargs);
    match outcome {
        // Here it is always a list.
        Ok(id) if is_create && !id.is_array() => Ok(json!([id])),
        Ok(result) => Ok(result),
        Err(fault) => Err(in_words_of_json2(model, method, fault)),
    }
}

/// Whether a method is called on the model itself, rather than on records.
fn is_on_model(state: &State, model: &str, method: &str) -> bool {
    let pinned = state.schema.models.get(model).and_then(|model| model.methods.as_ref()?.get(method));
    match state.world().engine.is_on_model(method) {
        Some(known) => known,
        None => pinned.is_some_and(|method| method.on_model) || method == "context_get" || method == "session_info",
    }
}

/// What this wire finds out before the call, other wires in it.
fn in_words_of_json2(model: &str, method: &str, fault: Fault) -> Fault {
    let words = fault.message.as_str();
    if words == format!("Object {model} doesn't exist") {
        return pages::werkzeug("NotFound", 404, format!("the model '{model}' does not exist"));
    }
    if words == format!("The method '{model}.{method}' does not exist") {
        return pages::werkzeug("NotFound", 404, words);
    }
    if fault.exception == "builtins.TypeError" {
        let complaint = words.split_once("() ").map(|(_, complaint)| complaint).unwrap_or_default();
        // `missing 1 required positional argument: 'vals'`
        if let Some((_, name)) = complaint.split_once("required positional argument: ") {
            return pages::werkzeug("UnprocessableEntity", 422, format!("missing a required argument: {name}"));
        }
        if complaint.starts_with("got an unexpected keyword argument") {
            return pages::werkzeug("UnprocessableEntity", 422, complaint);
        }
    }
    fault
}
