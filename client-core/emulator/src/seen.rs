//! The requests that came, for a test to look at.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use crate::http::call::{Call, Request};

/// How many are kept: an emulator may run for days.
const KEPT: usize = 10_000;

/// What a secret is replaced with.
const SECRET: &str = "***";

/// A request that came, without what is secret in it: no password, no key, no session.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeenRequest {
    /// `GET` or `POST`.
    pub verb: String,
    /// The address, without the server and the query: `/jsonrpc`.
    pub path: String,
    /// The status of the answer; `None` if the connection was cut.
    pub status: Option<u16>,
    /// What program it came from, as it says itself.
    pub user_agent: Option<String>,
    /// The model, where a method of one was called.
    pub model: Option<String>,
    /// The method of the model, or that of a service: `authenticate`.
    pub method: Option<String>,
    /// The arguments by position, the ids first where the method is one of records.
    pub args: Vec<Value>,
    /// The arguments by name, with the context.
    pub kwargs: Map<String, Value>,
}

/// The same as it came, with its secrets.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) request: Request,
    pub(crate) status: Option<u16>,
}

/// All that came.
#[derive(Debug, Default)]
pub(crate) struct Seen(VecDeque<Raw>);

impl Seen {
    pub(crate) fn push(&mut self, raw: Raw) {
        if self.0.len() >= KEPT {
            self.0.pop_front();
        }
        self.0.push_back(raw);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn shown(&self) -> Vec<SeenRequest> {
        self.0.iter().map(shown).collect()
    }
}

fn shown(Raw { request, status }: &Raw) -> SeenRequest {
    let mut seen = SeenRequest {
        verb: request.verb.clone(),
        path: request.path.clone(),
        status: *status,
        user_agent: request.user_agent().map(str::to_owned),
        model: None,
        method: None,
        args: Vec::new(),
        kwargs: Map::new(),
    };
    match Call::read(request).0 {
        Call::Service { service, method, mut args } if service == "object" && args.len() >= 5 => {
            let rest = args.split_off(5);
            let text = |value: &Value| value.as_str().map(str::to_owned);
            (seen.model, seen.method) = (text(&args[3]), text(&args[4]));
            if method == "execute" {
                seen.args = rest;
            } else {
                let mut rest = rest.into_iter();
                seen.args = rest.next().and_then(|args| args.as_array().cloned()).unwrap_or_default();
                seen.kwargs = rest.next().and_then(|kwargs| kwargs.as_object().cloned()).unwrap_or_default();
            }
        }
        Call::Service { method, mut args, .. } => {
            // Database, user, password.
            if let Some(password) = args.get_mut(2) {
                *password = json!(SECRET);
            }
            (seen.method, seen.args) = (Some(method), args);
        }
        Call::Session(call) | Call::Json2(call) => {
            (seen.model, seen.method) = (Some(call.model), Some(call.method));
            (seen.args, seen.kwargs) = (call.args, call.kwargs);
        }
        Call::Enveloped(params) => seen.kwargs = params.as_object().cloned().unwrap_or_default(),
        Call::Page | Call::Unreadable => {}
    }
    if matches!(seen.method.as_deref(), Some("change_password")) {
        seen.args = seen.args.iter().map(|_| json!(SECRET)).collect();
    }
    let has_codes = seen.model.as_deref() == Some("auth_totp.wizard");
    let hides = |name: &str| SECRETS.iter().any(|word| name.contains(word)) || (has_codes && name == "code");
    seen.args.iter_mut().for_each(|value| hide(value, &hides));
    seen.kwargs.iter_mut().for_each(|(name, value)| hide_entry(name, value, &hides));
    seen
}

/// Parts of the names of what is secret.
const SECRETS: [&str; 5] = ["password", "passwd", "secret", "token", "api_key"];

/// Hides what is secret by its name, however deep.
fn hide(value: &mut Value, hides: &impl Fn(&str) -> bool) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| hide(value, hides)),
        Value::Object(object) => object.iter_mut().for_each(|(name, value)| hide_entry(name, value, hides)),
        _ => {}
    }
}

fn hide_entry(name: &str, value: &mut Value, hides: &impl Fn(&str) -> bool) {
    // Whether there is one may matter to a test.
    if value.is_string() && hides(name) {
        *value = json!(SECRET);
    } else {
        hide(value, hides);
    }
}
