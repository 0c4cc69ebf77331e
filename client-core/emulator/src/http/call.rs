//! What came in: a request, and the call that it makes.

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, IF_NONE_MATCH, USER_AGENT};
use hyper::http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::python;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) verb: String,
    pub(crate) path: String,
    pub(crate) query: String,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Request {
    pub(super) fn new(head: Parts, body: Bytes) -> Self {
        let path = percent_decode_str(head.uri.path()).decode_utf8_lossy().into_owned();
        let query = head.uri.query().unwrap_or_default().to_owned();
        Self { verb: head.method.as_str().to_owned(), path, query, headers: head.headers, body }
    }

    pub(crate) fn header(&self, name: impl hyper::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The id of the session that it comes with.
    pub(crate) fn session_id(&self) -> Option<&str> {
        let cookies = self.header(COOKIE)?.split(';');
        cookies.filter_map(|cookie| cookie.trim().strip_prefix("session_id=")).next_back()
    }

    /// The API key that it comes with.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, key) = self.header(AUTHORIZATION)?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
    }

    pub(crate) fn user_agent(&self) -> Option<&str> {
        self.header(USER_AGENT)
    }

    pub(crate) fn if_none_match(&self) -> Option<&str> {
        self.header(IF_NONE_MATCH)
    }

    pub(crate) fn is_json(&self) -> bool {
        let kind = self.header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
        matches!(kind, "application/json" | "application/json-rpc")
    }

    /// A value of the query, or of the form in the body.
    pub(crate) fn form_value(&self, form: &str, name: &str) -> Option<String> {
        let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.replace('+', " ")).next()?;
        Some(percent_decode_str(&value).decode_utf8_lossy().into_owned())
    }
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    /// A service of `/jsonrpc`.
    Service { service: String, method: String, args: Vec<Value> },
    /// A method, in a web session.
    Session(Method),
    /// A method, over JSON-2: all arguments have names.
    Json2(Method),
    /// Another address that takes JSON-RPC's envelope, with what is in it.
    Enveloped(Value),
    /// A page or a document.
    Page,
    /// The body is not what such a request has.
    Unreadable,
}

/// A method of a model, with what it is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Method {
    pub(crate) model: String,
    pub(crate) method: String,
    pub(crate) args: Vec<Value>,
    pub(crate) kwargs: Map<String, Value>,
}

/// The `id` of a request in JSON-RPC's envelope, which its answer has too.
pub(crate) type Id = Value;

impl Call {
    /// Reads it, and the id of the envelope if it came in one.
    pub(crate) fn read(request: &Request) -> (Self, Id) {
        if let Some(path) = request.path.strip_prefix("/json/2/") {
            return (json2(path, &request.body), Value::Null);
        }
        if !request.is_json() || request.verb != "POST" {
            return (Self::Page, Value::Null);
        }
        let Some(Value::Object(mut envelope)) = python::read(&request.body) else {
            return (Self::Unreadable, Value::Null);
        };
        let id = envelope.remove("id").unwrap_or_default();
        let params = envelope.remove("params").unwrap_or_default();
        let call = match request.path.as_str() {
            "/jsonrpc" => service(&params).unwrap_or(Self::Enveloped(params)),
            path if path.starts_with("/web/dataset/call_") => session(&params).unwrap_or(Self::Enveloped(params)),
            _ => Self::Enveloped(params),
        };
        (call, id)
    }

    /// The model and the method, if a method of a model is called.
    pub(crate) fn target(&self) -> Option<(&str, &str)> {
        match self {
            Self::Service { service, args, .. } if service == "object" => {
                Some((args.get(3)?.as_str()?, args.get(4)?.as_str()?))
            }
            Self::Session(call) | Self::Json2(call) => Some((&call.model, &call.method)),
            _ => None,
        }
    }
}

fn service(params: &Value) -> Option<Call> {
    let text = |name: &str| params[name].as_str().map(str::to_owned);
    let args = params["args"].as_array()?.clone();
    Some(Call::Service { service: text("service")?, method: text("method")?, args })
}

fn session(params: &Value) -> Option<Call> {
    let text = |name: &str| params[name].as_str().map(str::to_owned);
    Some(Call::Session(Method {
        model: text("model")?,
        method: text("method")?,
        args: params["args"].as_array()?.clone(),
        kwargs: params["kwargs"].as_object()?.clone(),
    }))
}

fn json2(path: &str, body: &[u8]) -> Call {
    let Some((model, method)) = path.split_once('/').filter(|(_, method)| !method.contains('/')) else {
        return Call::Page;
    };
    let body = if body.is_empty() { Some(Value::Null) } else { python::read(body) };
    let Some(named) = body else { return Call::Unreadable };
    // A list has no names: it is as if nothing were given.
    let kwargs = named.as_object().cloned().unwrap_or_default();
    Call::Json2(Method { model: model.to_owned(), method: method.to_owned(), args: Vec::new(), kwargs })
}
