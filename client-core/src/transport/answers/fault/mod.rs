//! Errors that Odoo itself reports, and what they mean.

use serde_json::Value;

use crate::error::{Error, ErrorKind, Target, forbids_fields};
use crate::transport::answers::page::{FEWER_CALLS, WRONG_PATH};

/// An exception raised on the server, as it is put in an answer.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    /// 100 for an expired session, 404 for an address that leads nowhere; otherwise 200 in older versions and 0 in newer
    /// ones, whatever the exception. JSON-2 has none.
    code: Option<i64>,
    /// The Python class.
    exception: Option<String>,
    /// The text meant for a person.
    message: String,
    traceback: Option<String>,
}

/// What a fault is the answer to: the same words mean other things elsewhere.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    /// What was called, if it was a method of a model.
    pub(crate) target: Option<&'a Target>,
    pub(crate) path: &'a str,
    pub(crate) status: u16,
}

impl Fault {
    /// From the `error` of a JSON-RPC answer. Odd shapes lose details, never the error itself.
    pub(crate) fn from_json_rpc(mut error: Value) -> Self {
        let data = error.get_mut("data").map(Value::take).unwrap_or_default();
        let mut fault = Self::from_exception(data);
        fault.code = error["code"].as_i64();
        if fault.message.is_empty() {
            // It is the same "Odoo Server Error" for every exception.
            error["message"].as_str().unwrap_or_default().clone_into(&mut fault.message);
        }
        fault
    }

    /// From a body that comes with an error status: that of JSON-2, or a JSON-RPC answer. `None` if it is neither.
    pub(crate) fn from_error_body(mut body: Value) -> Option<Self> {
        match body.get_mut("error").map(Value::take) {
            Some(error @ Value::Object(_)) => Some(Self::from_json_rpc(error)),
            // Every answer of JSON-2 names a Python class; what proxies say in JSON does not.
            None if body["name"].is_string() && body["message"].is_string() => Some(Self::from_exception(body)),
            _ => None,
        }
    }

    fn from_exception(mut data: Value) -> Self {
        let mut text = |key: &str| match data.get_mut(key).map(Value::take) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text),
            _ => None,
        };
        let (exception, traceback) = (text("name"), text("debug"));
        Self { code: None, exception, message: text("message").unwrap_or_default(), traceback }
    }

    /// What it means.
    pub(crate) fn into_error(self, exchange: Exchange<'_>) -> Error {
        let Meaning { kind, what, remedy, is_rolled_back } = self.meaning(exchange);
        let error = Error::new(kind, what);
        let mut error = if is_rolled_back { error } else { error.executed() }
            .with_server_message(self.message)
            .with_server_exception(self.exception, self.traceback);
        if let Some(remedy) = remedy {
            error = error.with_remedy(remedy);
        }
        if exchange.status == 200 { error } else { error.with_status(exchange.status) }
    }

    fn meaning(&self, exchange: Exchange<'_>) -> Meaning {
        let exception = self.exception.as_deref().unwrap_or_default();
        let class = exception.rsplit('.').next().unwrap_or_default();
        let words = self.message.as_str();
        let of_target = |says: fn(&str, &Target) -> bool| exchange.target.is_some_and(|target| says(words, target));
        match class {
            // Whatever it is: what is sent or told then, mails for instance, comes once all is written.
            _ if self.came_after_the_commit() => AFTER_COMMIT,
            _ if self.code == Some(100) => SESSION_EXPIRED,
            "SessionExpiredException" => SESSION_EXPIRED,
            "AccessDenied" if words.starts_with("Too many login failures") => LOGIN_COOLDOWN,
            "AccessDenied" | "Unauthorized" => LOGIN_REFUSED,
            "AccessError" if words.starts_with("Private methods") || self.raised_by("Private methods") => {
                PRIVATE_METHOD
            }
            // Of a login: 16 to 18. 19 passes on what the database server says.
            "AccessError" if exchange.is_login() && words == "Database not found." => UNKNOWN_DATABASE,
            "AccessError" if forbids_fields(words) => FIELD_ACCESS,
            "AccessError" | "Forbidden" => ACCESS,
            "MissingError" => MISSING,
            "ValidationError" => VALIDATION,
            "UserError" if of_target(names_unknown_model) => UNKNOWN_MODEL,
            // In the user's language up to 17; the line of code is not translated.
            "UserError" if exchange.target.is_some() && self.raised_by("\"Object %s doesn't exist\"") => UNKNOWN_MODEL,
            _ if names_not_stored(class, words) => NOT_STORED,
            "UserError" => USER,
            "RedirectWarning" => REDIRECT_WARNING,
            _ if is_conflict(class, words) => CONFLICT,
            // What runs after a commit can want a connection of its own, to tell browsers of a message, say.
            _ if is_overload(class, words) => Meaning { is_rolled_back: self.came_before_the_call(), ..OVERLOAD },
            "AttributeError" if of_target(names_unknown_method) => UNKNOWN_METHOD,
            "OperationalError" if words.contains("database \"") && words.contains("does not exist") => UNKNOWN_DATABASE,
            "NotFound" if of_target(names_unknown_model) => UNKNOWN_MODEL,
            "NotFound" if of_target(names_unknown_method) => UNKNOWN_METHOD,
            // 14 with several databases: without a session there is no database, and without one no such address.
            "NotFound" if exchange.is_session() && exchange.status == 404 => SESSION_EXPIRED,
            // 19 says no more than this.
            "NotFound" if exchange.is_session() && exchange.target.is_some() => UNKNOWN_MODEL,
            "NotFound" if self.code == Some(404) || exchange.status == 404 => NOTHING_THERE,
            "TooManyRequests" => RATE_LIMITED,
            _ if exchange.is_report() && names_unknown_report(class, words) => UNKNOWN_REPORT,
            // 14 tells what went wrong in a template only there.
            "QWebException" if exchange.is_report() && self.comes_of("AccessError") => ACCESS,
            "QWebException" if exchange.is_report() && self.comes_of("MissingError") => MISSING,
            "ValueError" if words.starts_with("Invalid field ") => UNKNOWN_FIELD,
            // `write` in 19; the last line of code in the traceback is `self._fields[key]`.
            "KeyError" if words != "None" && self.raised_by("_fields[") => UNKNOWN_FIELD,
            "KeyError" if exchange.is_session() && of_target(is_the_model) => UNKNOWN_MODEL,
            "TypeError" if of_target(names_wrong_arguments) => UNKNOWN_ARGUMENT,
            // Over JSON-RPC and sessions the ids are the first argument.
            "IndexError" if self.raised_by("ids, args = args[0], args[1:]") => NO_IDS,
            // JSON-2 compares the arguments with the method's parameters before it calls it.
            "UnprocessableEntity" if words.contains("argument") || words.ends_with("with ids") => UNKNOWN_ARGUMENT,
            _ => Meaning::new(ErrorKind::Server, "the server raised an exception"),
        }
    }

    /// Whether the line of Python that raised the exception has this in it.
    fn raised_by(&self, code: &str) -> bool {
        let traceback = self.traceback.as_deref().unwrap_or_default();
        // 14 raises what a call raised once more where it answers.
        let traceback = match traceback.rsplit_once("\nThe above exception was the direct cause") {
            Some((first, again)) if again.contains(", in _handle_exception\n") => first,
            _ => traceback,
        };
        traceback.rfind("  File \"").is_some_and(|frame| traceback[frame..].contains(code))
    }

    /// Whether the traceback shows that the exception came before the method was called.
    fn came_before_the_call(&self) -> bool {
        self.traceback.as_deref().is_some_and(|traceback| {
            let goes_through = |function: &str| traceback.contains(&format!(", in {function}\n"));
            traceback.contains("  File \"")
                && !["call_kw", "retrying", "commit", "__exit__"].into_iter().any(goes_through)
        })
    }

    /// Whether the traceback shows that the transaction was committed before.
    fn came_after_the_commit(&self) -> bool {
        self.traceback.as_deref().is_some_and(|traceback| traceback.contains("self.postcommit.run()"))
    }

    /// Whether an exception of this class of Odoo's came before.
    fn comes_of(&self, class: &str) -> bool {
        self.traceback.as_deref().is_some_and(|traceback| traceback.contains(&format!("\nodoo.exceptions.{class}: ")))
    }
}

impl Exchange<'_> {
    /// Whether the call took the web session's wire.
    fn is_session(self) -> bool {
        self.path.starts_with("/web/dataset/")
    }

    fn is_login(self) -> bool {
        self.path.starts_with("/web/session/")
    }

    fn is_report(self) -> bool {
        self.path.starts_with("/report/")
    }
}

/// The words of JSON-RPC in 14 to 19, and of JSON-2.
fn names_unknown_model(words: &str, Target { model, .. }: &Target) -> bool {
    words == format!("Object {model} doesn't exist") || words == format!("the model '{model}' does not exist")
}

/// 14 looks the model up without a word of its own: the message of a `KeyError` is its key, in quotes or not.
fn is_the_model(words: &str, Target { model, .. }: &Target) -> bool {
    words.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(words) == model
}

/// Compared whole: a method that exists may raise an `AttributeError` about something else. The words of 18 and 19, of
/// 17, and of 14 to 16.
fn names_unknown_method(words: &str, Target { model, method, .. }: &Target) -> bool {
    words == format!("The method '{model}.{method}' does not exist")
        || words == format!("The method '{method}' does not exist on the model '{model}'")
        || words == format!("type object '{model}' has no attribute '{method}'")
}

/// The model of no report is `False` in 14; 19 looks for the name among external ids, which have a dot.
fn names_unknown_report(class: &str, words: &str) -> bool {
    match class {
        "KeyError" => matches!(words, "False" | "'False'"),
        "ValueError" => {
            ["External ID not found in the system: ", "Fetching report ", "not enough values to unpack (expected 2"]
                .iter()
                .any(|beginning| words.starts_with(beginning))
        }
        _ => false,
    }
}

/// With the method's name, lest a mistake in the server's own code be taken for the caller's. `search() got …` in 14,
/// `BaseModel.search() got …` in 19.
fn names_wrong_arguments(words: &str, Target { method, .. }: &Target) -> bool {
    let Some((function, complaint)) = words.split_once("() ") else {
        return false;
    };
    function.rsplit('.').next() == Some(method)
        && ["got an unexpected keyword", "got multiple values", "missing ", "takes "]
            .iter()
            .any(|beginning| complaint.starts_with(beginning))
}

/// A filter, an order, a group or an aggregate of what SQL does not reach. 17, 18 and 19 say the first, only 19 of
/// filters and 17 only of groups and aggregates; the second is of groups in 19, the others of groups and aggregates in 14 and 16. A
/// `UserError` comes in the user's language: it is known in English only.
fn names_not_stored(class: &str, words: &str) -> bool {
    match class {
        "ValueError" => {
            words.starts_with("Cannot convert ") && (words.contains(" to SQL because ") || words.ends_with(" to SQL"))
                || words.starts_with("Group by non-stored many2many field")
        }
        "AssertionError" | "UserError" => {
            words.starts_with("Fields in 'groupby' must be ")
                || words.starts_with("Cannot aggregate field ")
                || words.contains(" is not a stored field, only stored fields ")
        }
        _ => false,
    }
}

/// Whether another transaction was in the way. Odoo itself tries the first three several times before it says so.
fn is_conflict(class: &str, words: &str) -> bool {
    match class {
        "SerializationFailure" | "LockNotAvailable" | "DeadlockDetected" | "ConcurrencyError" | "LockError" => true,
        // As psycopg2 before 2.8 calls them.
        "TransactionRollbackError" => true,
        "OperationalError" => words.starts_with("could not serialize access") || words.starts_with("deadlock detected"),
        _ => false,
    }
}

/// Whether the server had no connection to its database left. Up to 16 it says so itself; newer ones answer a page.
fn is_overload(class: &str, words: &str) -> bool {
    match class {
        "PoolError" => words.contains("Connection Pool Is Full"),
        "OperationalError" => {
            words.contains("too many clients already") || words.contains("remaining connection slots are reserved")
        }
        _ => false,
    }
}

/// What an exception means to the caller.
#[derive(Clone, Copy)]
struct Meaning {
    kind: ErrorKind,
    what: &'static str,
    remedy: Option<&'static str>,
    is_rolled_back: bool,
}

impl Meaning {
    const fn new(kind: ErrorKind, what: &'static str) -> Self {
        Self { kind, what, remedy: None, is_rolled_back: true }
    }

    const fn remedy(self, remedy: &'static str) -> Self {
        Self { remedy: Some(remedy), ..self }
    }
}

const SESSION_EXPIRED: Meaning =
    Meaning::new(ErrorKind::SessionExpired, "the session has expired").remedy("connect again");
const LOGIN_REFUSED: Meaning = Meaning::new(ErrorKind::AccessDenied, "the server does not accept this login")
    .remedy("check user, password or API key: it may have been changed, revoked or have expired since it last worked");
const LOGIN_COOLDOWN: Meaning = Meaning::new(ErrorKind::AccessDenied, "the server takes no logins from here for now")
    .remedy("wait a minute, and try the right password");
const PRIVATE_METHOD: Meaning =
    Meaning::new(ErrorKind::Access, "the method is private").remedy("call a public method of the model");
const ACCESS: Meaning = Meaning::new(ErrorKind::Access, "the user lacks the right to do this")
    .remedy("give the user the rights, or leave out the fields and records it may not use");
const FIELD_ACCESS: Meaning = Meaning::new(ErrorKind::Access, "the user has no right to fields of it").remedy(
    "leave them out: read into a struct that has only the fields needed (`#[derive(Record)]`), or pin the schema as this user \
     sees it (`cargo odoo regen`); or give the user the rights",
);
const MISSING: Meaning = Meaning::new(ErrorKind::Missing, "a record does not exist")
    .remedy("it may have been deleted since its id was read");
const VALIDATION: Meaning = Meaning::new(ErrorKind::Validation, "the values break a rule of the model");
const USER: Meaning = Meaning::new(ErrorKind::User, "Odoo refuses to do this");
const REDIRECT_WARNING: Meaning =
    Meaning::new(ErrorKind::RedirectWarning, "Odoo refuses to do this until something is put right in it");
const AFTER_COMMIT: Meaning = Meaning {
    is_rolled_back: false,
    ..Meaning::new(ErrorKind::Server, "the server raised an exception after the call was carried out")
        .remedy("do not make the call again: what it was to do is done, and what failed, a mail for instance, is for the server's log")
};
const CONFLICT: Meaning = Meaning::new(ErrorKind::Conflict, "another transaction was in the way")
    .remedy("nothing was changed: make the call again");
const UNKNOWN_REPORT: Meaning = Meaning::new(ErrorKind::UnknownReport, "the database has no such report")
    .remedy("give the technical name of a report, such as `account.report_invoice`; its module may not be installed");
const RATE_LIMITED: Meaning = Meaning::new(ErrorKind::RateLimited, "the server wants fewer calls").remedy(FEWER_CALLS);
const OVERLOAD: Meaning =
    Meaning::new(ErrorKind::RateLimited, "the server has no connection to its database left").remedy(FEWER_CALLS);
const UNKNOWN_MODEL: Meaning = Meaning::new(ErrorKind::UnknownModel, "the database has no such model")
    .remedy("check the name, and that the module which brings the model is installed");
const UNKNOWN_METHOD: Meaning = Meaning::new(ErrorKind::UnknownMethod, "the model has no such method")
    .remedy("check the name, and that the module which brings the method is installed");
const UNKNOWN_DATABASE: Meaning =
    Meaning::new(ErrorKind::UnknownDatabase, "the server has no such database").remedy("check the database's name");
const NOTHING_THERE: Meaning =
    Meaning::new(ErrorKind::NotOdoo, "the server has nothing at this address").remedy(WRONG_PATH);
const UNKNOWN_FIELD: Meaning = Meaning::new(ErrorKind::UnknownField, "the model has no such field")
    .remedy(
        "check the name, and that the module which brings the field is installed; if generated code has the field, its pin does \
         not fit this server: `cargo odoo regen --check` tells all that differs",
    );
const NOT_STORED: Meaning = Meaning::new(
    ErrorKind::NotStored,
    "the database does not hold a field that is filtered, ordered, grouped by or aggregated",
)
.remedy("do that by a stored field, or read the records and do it in the program");
const UNKNOWN_ARGUMENT: Meaning = Meaning::new(ErrorKind::UnknownArgument, "the method does not take these arguments")
    .remedy("compare them with the method's parameters in this version of Odoo");
const NO_IDS: Meaning = Meaning::new(ErrorKind::UnknownArgument, "the method is one of records, and got no ids")
    .remedy("call it with the ids of the records that it is for");

#[cfg(test)]
mod tests;
