//! The words and pages of each series, where no method of a model answers: as real servers of 14.0 and 19.0 were seen to say
//! them, and as the source of 16.0 to 18.0 has them.

use hyper::header::{LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use super::answer::Answer;
use super::python;
use crate::Fault;
use crate::series::{Difference, Series};

/// What werkzeug says of an address that is not there.
pub(super) const NOT_FOUND: &str = "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.";

/// The type of an answer in JSON.
fn json_type(series: Series) -> &'static str {
    if series.has(Difference::ErrorsInWords) { "application/json; charset=utf-8" } else { "application/json" }
}

/// The result of a call in JSON-RPC's envelope; Odoo leaves out one that is nothing.
pub(super) fn result(series: Series, id: &Value, result: &Value) -> Answer {
    let body = if result.is_null() {
        format!(r#"{{"jsonrpc": "2.0", "id": {id}}}"#)
    } else {
        format!(r#"{{"jsonrpc": "2.0", "id": {id}, "result": {}}}"#, python::json(series, result))
    };
    Answer::new(200, json_type(series), body)
}

/// An exception in JSON-RPC's envelope.
pub(super) fn fault(series: Series, id: &Value, fault: &Fault) -> Answer {
    raised(series, id, exception(fault))
}

/// In a web session, the model of a call is not there.
pub(super) fn unknown_model(series: Series, id: &Value, model: &str) -> Answer {
    if series.has(Difference::UnknownModelIsNotFound) {
        return not_found_in_json(series, 200, id);
    }
    raised(series, id, exception_in(&Fault::new("builtins.KeyError", model), ""))
}

fn raised(series: Series, id: &Value, exception: Value) -> Answer {
    let code = if series.has(Difference::ErrorCodeIsZero) { 0 } else { 200 };
    error(series, 200, id, &json!({"code": code, "message": "Odoo Server Error", "data": exception}))
}

/// The session is not known, or has ended.
pub(super) fn session_expired(series: Series, id: &Value) -> Answer {
    let fault = Fault::new("odoo.http.SessionExpiredException", "Session expired");
    let id = if series.has(Difference::ErrorsBeforeTheCallHaveNoId) { &Value::Null } else { id };
    error(series, 200, id, &json!({"code": 100, "message": "Odoo Session Expired", "data": exception(&fault)}))
}

/// Nothing is at this address, said in JSON-RPC's envelope.
pub(super) fn not_found_in_json(series: Series, status: u16, id: &Value) -> Answer {
    let mut fault = Fault::new("werkzeug.exceptions.NotFound", format!("404 Not Found: {NOT_FOUND}"));
    fault.arguments.clear();
    let id = if series.has(Difference::ErrorsBeforeTheCallHaveNoId) { &Value::Null } else { id };
    let mut says = json!({"code": 404, "message": "404: Not Found", "data": exception(&fault)});
    if status == 404 {
        says["http_status"] = json!(404);
    }
    error(series, status, id, &says)
}

fn error(series: Series, status: u16, id: &Value, error: &Value) -> Answer {
    let error = python::json(series, error);
    Answer::new(status, json_type(series), format!(r#"{{"jsonrpc": "2.0", "id": {id}, "error": {error}}}"#))
}

/// An exception as it is in answers.
fn exception(fault: &Fault) -> Value {
    exception_in(fault, frame(fault))
}

fn exception_in(fault: &Fault, frame: &str) -> Value {
    json!({
        "name": fault.exception,
        "message": fault.message,
        "arguments": fault.arguments,
        "context": {},
        "debug": format!("Traceback (most recent call last):\n{frame}{fault}\n"),
    })
}

/// The line of Odoo's Python that raises an exception, where nothing else tells what it means.
fn frame(fault: &Fault) -> &'static str {
    match fault.exception.as_str() {
        "builtins.KeyError" if fault.message == "=?" => {
            "  File \"odoo/osv/expression.py\", in __leaf_to_sql\n    sql_operator = SQL_OPERATORS[operator]\n"
        }
        "builtins.KeyError" => "  File \"odoo/models.py\", in write\n    field = self._fields[key]\n",
        "builtins.IndexError" => "  File \"odoo/api.py\", in call_kw\n    ids, args = args[0], args[1:]\n",
        _ => "",
    }
}

/// An exception in JSON, in a page: what a browser that wanted a file is told.
pub(super) fn fault_in_page(series: Series, fault: &Fault) -> Answer {
    let code = if series.has(Difference::ErrorCodeIsZero) { 0 } else { 200 };
    let says = json!({"code": code, "message": "Odoo Server Error", "data": exception(fault)});
    Answer::html(200, escaped(&python::json(series, &says)))
}

/// An exception over JSON-2: its status says what kind it is of.
pub(super) fn json2_fault(series: Series, fault: &Fault) -> Answer {
    let status = match fault.exception.as_str() {
        "odoo.exceptions.AccessError" | "odoo.exceptions.AccessDenied" | "odoo.http.SessionExpiredException" => 403,
        "odoo.exceptions.MissingError" => 404,
        "odoo.exceptions.UserError" | "odoo.exceptions.ValidationError" | "odoo.exceptions.RedirectWarning" => 422,
        "odoo.exceptions.LockError" | "odoo.exceptions.ConcurrencyError" => 409,
        class if class.starts_with("werkzeug.exceptions.") => {
            let code = fault.arguments.get(1).and_then(Value::as_u64);
            code.and_then(|code| code.try_into().ok()).unwrap_or(500)
        }
        _ => 500,
    };
    let answer = with_json(series, status, &exception(fault));
    if status == 401 { answer.with_header(WWW_AUTHENTICATE, "Bearer ") } else { answer }
}

fn with_json(series: Series, status: u16, body: &Value) -> Answer {
    Answer::new(status, json_type(series), python::json(series, body))
}

/// A fault of werkzeug's, with its status.
pub(super) fn werkzeug(class: &str, status: u16, message: impl Into<String>) -> Fault {
    let mut fault = Fault::new(format!("werkzeug.exceptions.{class}"), message);
    fault.arguments.push(json!(status));
    fault
}

/// A result without an envelope.
pub(super) fn bare(series: Series, result: &Value) -> Answer {
    with_json(series, 200, result)
}

/// Nothing is at this address.
pub(super) fn not_found(series: Series, id: &Value, is_json: bool) -> Answer {
    if is_json && !series.has(Difference::ErrorsInWords) {
        return not_found_in_json(series, 404, id);
    }
    Answer::html(404, page(series, "404 Not Found", NOT_FOUND))
}

/// It is not known which of several databases is meant.
pub(super) fn no_database(series: Series, id: &Value, is_json: bool) -> Answer {
    if !series.has(Difference::NoDatabaseInWords) {
        return not_found(series, id, is_json);
    }
    const WORDS: &str = "No database is selected and the requested URL was not found in the server-wide controllers.";
    const LOGIN: &str = "Please verify the hostname, <a href=/web/login>login</a> and try again.";
    let page = format!(
        "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>{WORDS}</p>\n<p>{LOGIN}</p>\n\n\
         <!-- Alternatively, use the X-Odoo-Database header. -->\n"
    );
    Answer::html(404, page)
}

/// The server failed, and says no more.
pub(super) fn internal_error(series: Series) -> Answer {
    let words = "The server encountered an internal error and was unable to complete your request. Either the server is \
                 overloaded or there is an error in the application.";
    Answer::html(500, page(series, "500 Internal Server Error", words))
}

/// The body is not JSON.
pub(super) fn not_json(series: Series, body: &[u8]) -> Answer {
    if series.has(Difference::ErrorsInWords) {
        return Answer::html(400, "Invalid JSON data");
    }
    bad_request(series, &format!("Invalid JSON data: '{}'", escaped(&String::from_utf8_lossy(body))))
}

/// The request is none that the address takes.
pub(super) fn bad_request(series: Series, words: &str) -> Answer {
    Answer::html(400, page(series, "400 Bad Request", words))
}

/// The user may not have it.
pub(super) fn forbidden(series: Series) -> Answer {
    let words = "You don't have the permission to access the requested resource. It is either read-protected or not readable by \
                 the server.";
    Answer::html(403, page(series, "403 Forbidden", words))
}

/// The address takes JSON-RPC, and this is something else.
pub(super) fn wrong_type(series: Series, route: &str, kind: &str) -> Answer {
    let route = escaped(route);
    if series.has(Difference::WrongTypeIsUnsupported) {
        let words = format!(
            "Request inferred type is compatible with [&#39;http&#39;] but &#39;{route}&#39; is type=&#39;{kind}&#39;.<br><br>\
             Please verify the Content-Type request header and try again."
        );
        return Answer::html(415, page(series, "415 Unsupported Media Type", &words));
    }
    let words = format!(
        "{route}: Function declared as capable of handling request of type &#39;json&#39; but called with a request of type \
         &#39;http&#39;"
    );
    Answer::html(400, page(series, "400 Bad Request", &words))
}

/// To another page.
pub(super) fn redirect(to: &str) -> Answer {
    let link = escaped(to);
    let page = format!("<!doctype html>\n<title>Redirecting...</title>\n<p><a href=\"{link}\">{link}</a></p>\n");
    Answer::html(303, page).with_header(LOCATION, to)
}

/// Begins a session, or goes on with one.
pub(super) fn with_session(answer: Answer, id: &str) -> Answer {
    answer.with_header(SET_COOKIE, format!("session_id={id}; Max-Age=604800; HttpOnly; Path=/"))
}

/// A page of werkzeug's.
fn page(series: Series, title: &str, words: &str) -> String {
    let head = title.split_once(' ').map_or(title, |(_, head)| head);
    // Another werkzeug.
    let doctype = if series.has(Difference::ErrorsInWords) {
        "<!doctype html>\n<html lang=en>"
    } else {
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">"
    };
    format!("{doctype}\n<title>{title}</title>\n<h1>{head}</h1>\n<p>{words}</p>\n")
}

/// Text in a page.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
