//! Web sessions: `/web/session/*`, and `/web/login` as far as programs need it.

use serde_json::{Map, Value, json};

use super::accounts::random;
use super::answer::Answer;
use super::call::Request;
use super::faults::denied;
use super::info::info;
use super::sessions::Session;
use super::{identity, jsonrpc, pages};
use crate::Fault;
use crate::state::State;

/// The user whose session a request comes with.
pub(super) fn user(state: &State, request: &Request) -> Option<i64> {
    let session = state.sessions().get(request.session_id()?)?.clone();
    let uid = session.uid?;
    state.world().accounts.is_password(uid, &session.password).then_some(uid)
}

/// `/web/session/authenticate`
pub(super) fn authenticate(state: &State, request: &Request, id: &Value, params: &Value, knows: bool) -> Answer {
    let series = state.series;
    let text = |key: &str| params[key].as_str().unwrap_or_default();
    let failed = |fault: &Fault| match knows {
        true => pages::fault(series, id, fault),
        false => pages::internal_error(series),
    };
    if let Err(fault) = jsonrpc::is_there(state, text("db")) {
        return failed(&fault);
    }
    let (uid, has_factor) = {
        let mut world = state.world();
        let Some(uid) = world.accounts.with_password(text("login"), text("password")) else {
            return failed(&denied());
        };
        world.note_login(uid);
        (uid, world.accounts.get(uid).is_some_and(|account| account.totp.is_some()))
    };
    let mut session = Session { password: text("password").to_owned(), ..Session::default() };
    if has_factor {
        session.waiting = Some(uid);
    } else {
        session.uid = Some(uid);
    }
    let key = {
        let mut sessions = state.sessions();
        if let Some(old) = request.session_id() {
            sessions.end(old);
        }
        sessions.begin(session)
    };
    let said = if has_factor { json!({"uid": null}) } else { info(state, uid) };
    pages::with_session(pages::result(series, id, &said), &key)
}

/// The other addresses of `/web/session`, for somebody who has one.
pub(super) fn of_user(state: &State, request: &Request, id: &Value, uid: i64) -> Answer {
    let said = match request.path.as_str() {
        "/web/session/get_session_info" => info(state, uid),
        "/web/session/destroy" => {
            state.sessions().end(request.session_id().unwrap_or_default());
            Value::Null
        }
        "/web/session/modules" => {
            let kwargs = Map::from_iter([
                ("domain".to_owned(), json!([["state", "=", "installed"]])),
                ("fields".to_owned(), json!(["name"])),
            ]);
            let who = identity::Who { uid: 1, session: None };
            let rows = identity::call(state, &who, "ir.module.module", "search_read", Vec::new(), kwargs);
            rows.unwrap_or_default().as_array().into_iter().flatten().map(|row| row["name"].clone()).collect()
        }
        // `check`: that there is a session is all it says.
        _ => Value::Null,
    };
    pages::result(state.series, id, &said)
}

/// `/web/login`: a page for people, and for programs a way to choose a database.
pub(super) fn login_page(state: &State, request: &Request) -> Answer {
    let wanted = request.form_value(&request.query, "db");
    let chosen = wanted.as_ref().is_some_and(|name| *name == state.database);
    if wanted.is_some() && !chosen {
        return pages::redirect("/web/database/selector");
    }
    if !chosen && state.has_several() && !knows_database(state, request) {
        return pages::redirect("/web/database/selector");
    }
    let known = request.session_id().filter(|id| state.sessions().get(id).is_some()).map(str::to_owned);
    let id = known.unwrap_or_else(|| state.sessions().begin(Session::default()));
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>Odoo</title></head><body>\n<form action=\"/web/login\" method=\"post\">\n\
         <input type=\"hidden\" name=\"csrf_token\" value=\"{}\"/>\n<input name=\"login\"/><input name=\"password\" \
         type=\"password\"/>\n</form>\n</body></html>\n",
        csrf_token()
    );
    pages::with_session(Answer::html(200, page), &id)
}

/// The page of the web client: of it programs need the token that forms want.
pub(super) fn web_client() -> Answer {
    let token = csrf_token();
    Answer::html(
        200,
        format!(
            "<!DOCTYPE html>\n<html><head><title>Odoo</title>\n<script>\nvar odoo = {{\n    csrf_token: \"{token}\",\n    \
             debug: \"\",\n}};\n</script></head><body></body></html>\n"
        ),
    )
}

/// `/web/login/totp`: the page for the code, and what it sends.
pub(super) fn totp_page(state: &State, request: &Request) -> Answer {
    let id = request.session_id().unwrap_or_default().to_owned();
    let session = state.sessions().get(&id).cloned().unwrap_or_default();
    let Some(uid) = session.waiting else { return pages::redirect("/web/login") };
    if request.verb == "POST" {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let code = request.form_value(&form, "totp_token").unwrap_or_default();
        if state.world().accounts.takes_code(uid, code.trim()) {
            let mut sessions = state.sessions();
            sessions.end(&id);
            let id = sessions.begin(Session { uid: Some(uid), waiting: None, ..session });
            drop(sessions);
            return pages::with_session(pages::redirect("/web"), &id);
        }
    }
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>Odoo</title></head><body>\n<form method=\"post\">\n<input type=\"hidden\" \
         name=\"csrf_token\" value=\"{}\"/>\n<input name=\"totp_token\"/>\n</form>\n</body></html>\n",
        csrf_token()
    );
    pages::with_session(Answer::html(200, page), &id)
}

/// Of the form of Odoo's: digits of a hash, and a time.
fn csrf_token() -> String {
    format!("{}o1893456000", random(40, b"0123456789abcdef"))
}

/// Whether a request says which database it means, or there is but one.
pub(super) fn knows_database(state: &State, request: &Request) -> bool {
    use crate::series::Difference;
    if !state.has_several() {
        return true;
    }
    if state.series.has(Difference::Json2)
        && let Some(name) = request.header("x-odoo-database")
    {
        return name == state.database;
    }
    request.session_id().is_some_and(|id| state.sessions().get(id).is_some())
}
