//! `/jsonrpc`: the services `common`, `object` and `db`.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::faults::denied;
use super::{identity, pages};
use crate::Fault;
use crate::state::State;

/// The answer to a call of a service.
pub(super) fn answer(state: &State, id: &Value, service: &str, method: &str, args: &[Value], knows: bool) -> Answer {
    let series = state.series;
    match call(state, service, method, args) {
        Ok(result) => pages::result(series, id, &result),
        // 14 with several databases puts exceptions into words in a session alone.
        Err(_) if !knows => pages::internal_error(series),
        Err(fault) => pages::fault(series, id, &fault),
    }
}

fn call(state: &State, service: &str, method: &str, args: &[Value]) -> Result<Value, Fault> {
    match (service, method) {
        ("common", "version") => Ok(version(state)),
        ("common", "about") => Ok(json!("See http://openerp.com")),
        ("common", "login" | "authenticate") => login(state, args),
        ("db", "list") => Ok(databases(state)),
        ("db", "db_exist") => {
            let name = text(args, 0)?;
            Ok(json!(name == state.database || state.others.contains(&name.to_owned())))
        }
        ("db", "server_version") => Ok(json!(state.world().engine.series_name())),
        ("object", "execute_kw" | "execute") => execute(state, method, args),
        ("common" | "db", _) => Err(Fault::new("builtins.Exception", format!("Method not found: {method}"))),
        ("object", _) => Err(Fault::new("builtins.NameError", format!("Method not available {method}"))),
        _ => Err(Fault::new("builtins.KeyError", service)),
    }
}

/// What the server says of its version to everybody.
pub(super) fn version(state: &State) -> Value {
    let name = state.world().engine.series_name().to_owned();
    json!({
        "server_version": name,
        "server_version_info": version_info(state),
        "server_serie": name,
        "protocol_version": 1,
    })
}

pub(super) fn version_info(state: &State) -> Value {
    json!([state.series.0, state.series.1, 0, "final", 0, ""])
}

/// The names of the databases.
pub(super) fn databases(state: &State) -> Value {
    let mut names = vec![state.database.clone()];
    names.extend(state.others.iter().cloned());
    names.sort();
    json!(names)
}

fn login(state: &State, args: &[Value]) -> Result<Value, Fault> {
    is_there(state, text(args, 0)?)?;
    let (login, secret) = (text(args, 1)?, text(args, 2)?);
    let mut world = state.world();
    let uid = world.accounts.uid_of(login).filter(|uid| world.accounts.lets_program(*uid, secret));
    uid.into_iter().for_each(|uid| world.note_login(uid));
    Ok(uid.map_or(json!(false), |uid| json!(uid)))
}

/// A database that is not there is what PostgreSQL says of it.
pub(super) fn is_there(state: &State, database: &str) -> Result<(), Fault> {
    if database == state.database {
        return Ok(());
    }
    Err(Fault::new("psycopg2.OperationalError", format!("FATAL:  database \"{database}\" does not exist\n")))
}

fn execute(state: &State, method: &str, args: &[Value]) -> Result<Value, Fault> {
    let [database, uid, secret, model, name, rest @ ..] = args else {
        let given = args.len();
        return Err(Fault::value(format!("not enough values to unpack (expected at least 5, got {given})")));
    };
    is_there(state, database.as_str().unwrap_or_default())?;
    let uid = uid.as_i64().filter(|uid| state.world().accounts.lets_program(*uid, secret.as_str().unwrap_or_default()));
    let uid = uid.ok_or_else(denied)?;
    let (model, name) = (model.as_str().unwrap_or_default(), name.as_str().unwrap_or_default());
    let (args, kwargs) = if method == "execute" {
        (rest.to_vec(), Map::new())
    } else {
        let list = rest.first().and_then(Value::as_array).cloned().unwrap_or_default();
        (list, rest.get(1).and_then(Value::as_object).cloned().unwrap_or_default())
    };
    identity::call(state, &identity::Who { uid, session: None }, model, name, args, kwargs)
}

fn text(args: &[Value], at: usize) -> Result<&str, Fault> {
    args.get(at).and_then(Value::as_str).ok_or_else(|| Fault::type_error(format!("argument {at} is not a text")))
}
