//! Errors that Odoo itself reports, and what they mean.

use serde_json::Value;

use super::Target;
use super::page::WRONG_PATH;
use crate::error::{Error, ErrorKind};

/// An exception raised on the server, as it is put in an answer.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    /// 100 for an expired session; otherwise 200 in older versions and 0 in newer ones, whatever the exception.
    code: Option<i64>,
    /// The Python class.
    exception: Option<String>,
    /// The text meant for a person.
    message: String,
    traceback: Option<String>,
}

impl Fault {
    /// From the `error` of a JSON-RPC answer. Odd shapes lose details, never the error itself.
    pub(crate) fn from_json_rpc(mut error: Value) -> Self {
        let mut data = error.get_mut("data").map(Value::take).unwrap_or_default();
        let mut text = |key: &str| match data.get_mut(key).map(Value::take) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text),
            _ => None,
        };
        let (exception, traceback) = (text("name"), text("debug"));
        // `error.message` is the same "Odoo Server Error" for every exception.
        let message = text("message").or_else(|| error["message"].as_str().map(str::to_owned)).unwrap_or_default();
        Self { code: error["code"].as_i64(), exception, message, traceback }
    }

    /// What it means; `target` is what was called, if it was a method of a model.
    pub(crate) fn into_error(self, target: Option<&Target>) -> Error {
        let Meaning { kind, what, remedy } = self.meaning(target);
        let error = Error::new(kind, what)
            .with_server_message(self.message)
            .with_server_exception(self.exception, self.traceback);
        match remedy {
            Some(remedy) => error.with_remedy(remedy),
            None => error,
        }
    }

    fn meaning(&self, target: Option<&Target>) -> Meaning {
        let exception = self.exception.as_deref().unwrap_or_default();
        let class = exception.rsplit('.').next().unwrap_or_default();
        let words = self.message.as_str();
        match class {
            _ if self.code == Some(100) => SESSION_EXPIRED,
            "SessionExpiredException" => SESSION_EXPIRED,
            "AccessDenied" => LOGIN_REFUSED,
            "AccessError" if words.starts_with("Private methods") => PRIVATE_METHOD,
            "AccessError" => ACCESS,
            "MissingError" => MISSING,
            "ValidationError" => VALIDATION,
            "UserError" if target.is_some_and(|target| names_unknown_model(words, target)) => UNKNOWN_MODEL,
            "UserError" | "RedirectWarning" | "LockError" => USER,
            "AttributeError" if target.is_some_and(|target| names_unknown_method(words, target)) => UNKNOWN_METHOD,
            "OperationalError" if words.contains("database \"") && words.contains("does not exist") => UNKNOWN_DATABASE,
            "NotFound" if self.code == Some(404) => NOTHING_THERE,
            "ValueError" if words.starts_with("Invalid field ") => INVALID_FIELD,
            "TypeError" if words.contains("unexpected keyword argument") => WRONG_ARGUMENTS,
            "TypeError" if words.contains("required positional argument") => WRONG_ARGUMENTS,
            _ => Meaning::new(ErrorKind::Server, "the server raised an exception"),
        }
    }
}

/// Not translated, and the same in 14 and 19.
fn names_unknown_model(words: &str, target: &Target) -> bool {
    words == format!("Object {} doesn't exist", target.model)
}

/// Compared whole: a method that exists may raise an `AttributeError` about something else. The words of 19, and of 14.
fn names_unknown_method(words: &str, Target { model, method, .. }: &Target) -> bool {
    words == format!("The method '{model}.{method}' does not exist")
        || words == format!("type object '{model}' has no attribute '{method}'")
}

/// What an exception means to the caller.
#[derive(Clone, Copy)]
struct Meaning {
    kind: ErrorKind,
    what: &'static str,
    remedy: Option<&'static str>,
}

impl Meaning {
    const fn new(kind: ErrorKind, what: &'static str) -> Self {
        Self { kind, what, remedy: None }
    }

    const fn remedy(self, remedy: &'static str) -> Self {
        Self { remedy: Some(remedy), ..self }
    }
}

const SESSION_EXPIRED: Meaning =
    Meaning::new(ErrorKind::SessionExpired, "the session has expired").remedy("connect again");
const LOGIN_REFUSED: Meaning = Meaning::new(ErrorKind::AccessDenied, "the server does not accept this login any more")
    .remedy("the password or API key was changed, revoked or has expired since the client connected");
const PRIVATE_METHOD: Meaning =
    Meaning::new(ErrorKind::Access, "the method is private").remedy("call a public method of the model");
const ACCESS: Meaning = Meaning::new(ErrorKind::Access, "the user lacks the right to do this")
    .remedy("give the user the rights, or leave out the fields and records it may not use");
const MISSING: Meaning = Meaning::new(ErrorKind::Missing, "a record does not exist")
    .remedy("it may have been deleted since its id was read");
const VALIDATION: Meaning = Meaning::new(ErrorKind::Validation, "the values break a rule of the model");
const USER: Meaning = Meaning::new(ErrorKind::User, "Odoo refuses to do this");
const UNKNOWN_MODEL: Meaning = Meaning::new(ErrorKind::UnknownModel, "the database has no such model")
    .remedy("check the name, and that the module which brings the model is installed");
const UNKNOWN_METHOD: Meaning = Meaning::new(ErrorKind::UnknownMethod, "the model has no such method")
    .remedy("check the name, and that the module which brings the method is installed");
const UNKNOWN_DATABASE: Meaning =
    Meaning::new(ErrorKind::UnknownDatabase, "the server has no such database").remedy("check the database's name");
const NOTHING_THERE: Meaning =
    Meaning::new(ErrorKind::NotOdoo, "the server has nothing at this address").remedy(WRONG_PATH);
const INVALID_FIELD: Meaning = Meaning::new(ErrorKind::Server, "the model has no such field")
    .remedy("check the name, and that the module which brings the field is installed");
const WRONG_ARGUMENTS: Meaning = Meaning::new(ErrorKind::Server, "the method does not take these arguments")
    .remedy("compare them with the method's parameters in this version of Odoo");

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(exception: &str, words: &str) -> Error {
        let target = Target { model: "res.partner".into(), method: "frob".into(), ids: None };
        let data = json!({"name": exception, "message": words, "debug": "Traceback", "arguments": [], "context": {}});
        Fault::from_json_rpc(json!({"code": 0, "message": "Odoo Server Error", "data": data})).into_error(Some(&target))
    }

    // What the servers do send is recorded in tests/recordings; here is what they were not seen to send, but may.

    #[test]
    fn an_attribute_error_of_the_methods_own_code_does_not_blame_the_caller() {
        let own = error("builtins.AttributeError", "'NoneType' object has no attribute 'id'");
        assert_eq!(own.kind(), ErrorKind::Server);
        let callers = error("builtins.AttributeError", "The method 'res.partner.frob' does not exist");
        assert_eq!(callers.kind(), ErrorKind::UnknownMethod);
    }

    #[test]
    fn conflicts_are_worth_another_try() {
        for exception in ["psycopg2.errors.SerializationFailure", "odoo.exceptions.LockError"] {
            assert!(error(exception, "x").is_retryable(), "{exception}");
        }
        assert!(!error("odoo.exceptions.UserError", "x").is_retryable());
    }

    #[test]
    fn odd_shapes_lose_no_error() {
        for odd in [json!(null), json!("boom"), json!([1]), json!({}), json!({"data": [], "code": "x"})] {
            let error = Fault::from_json_rpc(odd).into_error(None);
            assert_eq!((error.kind(), error.server_message()), (ErrorKind::Server, None));
        }
        let bare = Fault::from_json_rpc(json!({"message": "boom", "data": null})).into_error(None);
        assert_eq!(bare.server_message(), Some("boom"));
    }
}
