//! From an address to who answers there.

use super::answer::{Answer, Cut};
use super::call::{Call, Id, Method, Request};
use super::{doc, files, identity, json2, jsonrpc, pages, reports, session};
use crate::Fault;
use crate::script::Outcome;
use crate::seen;
use crate::series::{Difference, Series};
use crate::state::State;

/// The answer to a request, after what a test has said of it.
pub(super) async fn answer(state: &State, request: &Request) -> Result<Answer, Cut> {
    let (call, id) = Call::read(request);
    let planned = state.script().next(&call);
    if let Some(time) = planned.latency {
        tokio::time::sleep(time).await;
    }
    let answer = match planned.outcome {
        None | Some(Outcome::CutAfter) => respond(state, request, &call, &id),
        Some(Outcome::CutBefore) => Answer::empty(0),
        Some(Outcome::Answer(ref answer)) => answer.clone(),
        Some(Outcome::Raises(ref fault)) => raised(state, &call, &id, fault),
        Some(Outcome::SessionExpired) => {
            state.sessions().end(request.session_id().unwrap_or_default());
            respond(state, request, &call, &id)
        }
    };
    let cut = matches!(planned.outcome, Some(Outcome::CutBefore | Outcome::CutAfter));
    state.seen().push(seen::Raw { request: request.clone(), status: (!cut).then_some(answer.status) });
    if cut { Err(Cut) } else { Ok(answer) }
}

/// An exception in place of a call.
fn raised(state: &State, call: &Call, id: &Id, fault: &Fault) -> Answer {
    match call {
        Call::Json2(_) => pages::json2_fault(state.series, fault),
        _ => pages::fault(state.series, id, fault),
    }
}

fn respond(state: &State, request: &Request, call: &Call, id: &Id) -> Answer {
    let series = state.series;
    let has_json2 = series.has(Difference::Json2);
    let knows = session::knows_database(state, request);
    // What 14 does not put into words without a database.
    let in_words = knows || series.has(Difference::ErrorsInWords);
    let path = request.path.as_str();
    if *call == Call::Unreadable {
        return match path.starts_with("/json/2/") && has_json2 {
            true => {
                let words = "could not parse the body as json: Expecting value: line 1 column 1 (char 0)";
                pages::json2_fault(series, &pages::werkzeug("BadRequest", 400, words))
            }
            false => pages::not_json(series, &request.body),
        };
    }
    match (path, call) {
        ("/jsonrpc", Call::Service { service, method, args }) => {
            jsonrpc::answer(state, id, service, method, args, in_words)
        }
        ("/jsonrpc", Call::Enveloped(_)) => {
            let words = "jsonrpc() missing 3 required positional arguments: 'service', 'method', and 'args'";
            pages::fault(series, id, &Fault::type_error(words))
        }
        ("/web/webclient/version_info", Call::Enveloped(_)) => pages::result(series, id, &jsonrpc::version(state)),
        ("/web/database/list", Call::Enveloped(_)) => pages::result(series, id, &jsonrpc::databases(state)),
        ("/web/version" | "/json/version", _) if has_json2 => {
            let name = state.world().engine.series_name().to_owned();
            let said = serde_json::json!({"version_info": jsonrpc::version_info(state), "version": name});
            pages::bare(series, &said)
        }
        ("/web/session/authenticate", Call::Enveloped(params)) => {
            session::authenticate(state, request, id, params, in_words)
        }
        ("/web/login", _) => session::login_page(state, request),
        _ if !knows => pages::no_database(series, id, request.is_json()),
        ("/web/login/totp", _) => session::totp_page(state, request),
        (
            "/web/session/get_session_info" | "/web/session/check" | "/web/session/destroy" | "/web/session/modules",
            Call::Enveloped(_),
        ) => match session::user(state, request) {
            Some(uid) => session::of_user(state, request, id, uid),
            None => pages::session_expired(series, id),
        },
        (_, Call::Session(method)) => in_session(state, request, id, path, method),
        (path, Call::Enveloped(_)) if path.starts_with("/web/dataset/call_") => {
            let words = "call_kw() missing 1 required positional argument: 'kwargs'";
            pages::fault(series, id, &Fault::type_error(words))
        }
        (_, Call::Json2(_)) if has_json2 && !request.is_json() && !request.body.is_empty() => {
            pages::wrong_type(series, "/json/2/<__model__>/<__method__>", "json2")
        }
        (_, Call::Json2(method)) if has_json2 && request.verb == "POST" => json2::answer(state, request, method),
        (path, _) if has_json2 && path.starts_with("/json/2/") => {
            let words = "Did you mean POST /json/2/<model>/<method>?";
            pages::json2_fault(series, &pages::werkzeug("NotFound", 404, words))
        }
        (path, _) if has_json2 && path.starts_with("/doc-bearer/") => match json2::user(state, request) {
            Ok(uid) => doc::answer(state, request, uid, &path["/doc-bearer/".len()..]),
            Err(fault) => pages::json2_fault(series, &fault),
        },
        (path, _) if has_json2 && path.starts_with("/doc/") => match session::user(state, request) {
            Some(uid) => doc::answer(state, request, uid, &path["/doc/".len()..]),
            None => {
                let fault = Fault::new("odoo.http.SessionExpiredException", "Session expired");
                pages::json2_fault(series, &fault)
            }
        },
        ("/logo.png", Call::Page) => Answer::new(200, "image/png", files::PICTURE),
        (path, Call::Page) if is_for_users(series, path) => match session::user(state, request) {
            Some(uid) => for_user(state, request, path, uid),
            None => pages::redirect("/web/login"),
        },
        (path, Call::Page) if takes_json_rpc(path) => pages::wrong_type(series, path, "jsonrpc"),
        _ => pages::not_found(series, id, request.is_json()),
    }
}

/// Whether there is a page, a file or a report for who is logged in.
fn is_for_users(series: Series, path: &str) -> bool {
    let is_client =
        |folder: &str| path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    path == "/web"
        || path == "/web/binary/upload_attachment"
        || ["/web/content/", "/web/image/", "/report/"].iter().any(|folder| path.starts_with(folder))
        || is_client("/odoo") && series.has(Difference::WebClientAtOdoo)
}

fn for_user(state: &State, request: &Request, path: &str, uid: i64) -> Answer {
    match path {
        "/web" if state.series.has(Difference::WebClientAtOdoo) => pages::redirect("/odoo"),
        "/web/binary/upload_attachment" => files::upload(state, request, uid),
        _ if path.starts_with("/web/") && path != "/web" => files::content(state, request, uid),
        _ if path.starts_with("/report/") => reports::answer(state, request, uid)
            .unwrap_or_else(|| pages::not_found(state.series, &serde_json::Value::Null, false)),
        _ => session::web_client(),
    }
}

/// Whether an address takes JSON-RPC and nothing else.
fn takes_json_rpc(path: &str) -> bool {
    matches!(path, "/jsonrpc" | "/web/webclient/version_info" | "/web/database/list")
        || path.starts_with("/web/session/")
        || path.starts_with("/web/dataset/call_")
}

/// A method, in a web session.
fn in_session(state: &State, request: &Request, id: &Id, path: &str, call: &Method) -> Answer {
    let series = state.series;
    let Some(uid) = session::user(state, request) else { return pages::session_expired(series, id) };
    let Method { model, method, args, kwargs } = call;
    let who = identity::Who { uid, session: request.session_id() };
    let outcome = identity::call(state, &who, model, method, args.clone(), kwargs.clone());
    match outcome {
        // A button does something, and what it returns is shown if it is an action.
        Ok(result) if path.starts_with("/web/dataset/call_button") && result.get("type").is_none() => {
            pages::result(series, id, &serde_json::json!(false))
        }
        Ok(result) => pages::result(series, id, &result),
        Err(fault) if fault.message == format!("Object {model} doesn't exist") => {
            pages::unknown_model(series, id, model)
        }
        Err(fault) => pages::fault(series, id, &fault),
    }
}
