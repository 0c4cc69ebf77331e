//! Methods that are about who calls: API keys, the password that is asked for once more, second factors, passwords. All other
//! methods are the engine's.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::accounts::{is_code, random};
use super::faults::denied;
use super::info::info;
use super::own_fields;
use crate::Fault;
use crate::engine::Caller;
use crate::ordinary::make_new;
use crate::series::Difference;
use crate::state::{State, World};

/// Who calls.
pub(super) struct Who<'a> {
    pub(super) uid: i64,
    /// The id of the web session, if the call came in one.
    pub(super) session: Option<&'a str>,
}

/// The records whose user has to give the password again.
const CHECK: &str = "res.users.identitycheck";
const KEYS: &str = "res.users.apikeys";
/// Whose rights are not asked about: Odoo's own user.
const SUPERUSER: i64 = 1;

/// Calls a method of a model.
pub(super) fn call(
    state: &State,
    who: &Who<'_>,
    model: &str,
    method: &str,
    args: Vec<Value>,
    mut kwargs: Map<String, Value>,
) -> Result<Value, Fault> {
    let context = match kwargs.remove("context") {
        Some(Value::Object(context)) => context,
        _ => Map::new(),
    };
    let caller = Caller { uid: who.uid, context };
    match (model, method) {
        ("res.users.apikeys.description", "make_key")
        | (KEYS, "remove")
        | ("res.users", "action_totp_enable_wizard" | "totp_enable_wizard") => {
            checked(state, who, &caller, model, method, &ids(&args))
        }
        (CHECK, "run_check") => run_check(state, who, &caller, &ids(&args)),
        ("auth_totp.wizard", "enable") => enable_totp(state, &caller, &ids(&args)),
        ("ir.http", "session_info") => Ok(info(state, who.uid)),
        ("res.users", "create" | "write" | "unlink") => users(state, &caller, method, args, kwargs),
        ("ir.model.fields", "create") => own_fields::create(state, &caller, &args, &kwargs),
        ("ir.model.fields", "unlink") => own_fields::unlink(state, &caller, &ids(&args)),
        ("res.users", "change_password") => change_password(state, who.uid, &args),
        // Users see their own keys, administrators all.
        (KEYS, "search" | "search_count" | "search_read") if !is_admin(who.uid) => {
            let (mut args, mut kwargs) = (args, kwargs);
            let given = ["domain", "args"].into_iter().find(|name| kwargs.contains_key(*name));
            let domain = match given {
                Some(name) => kwargs.get_mut(name),
                None => args.first_mut(),
            };
            if let Some(Value::Array(terms)) = domain {
                terms.insert(0, json!(["user_id", "=", who.uid]));
            }
            state.world().engine.call(&caller, model, method, args, kwargs)
        }
        _ => state.world().engine.call(&caller, model, method, args, kwargs),
    }
}

/// Whether a user is Odoo's own or the administrator.
fn is_admin(uid: i64) -> bool {
    uid <= 2
}

/// The ids that a method is called on.
fn ids(args: &[Value]) -> Vec<i64> {
    match args.first() {
        Some(Value::Array(ids)) => ids.iter().filter_map(Value::as_i64).collect(),
        Some(id) => id.as_i64().into_iter().collect(),
        None => Vec::new(),
    }
}

fn arguments(pairs: &[(&str, Value)]) -> Map<String, Value> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

impl World {
    /// Reads fields of one record, whoever asks.
    pub(super) fn read(&mut self, model: &str, id: i64, fields: &[&str]) -> Result<Value, Fault> {
        let fields = arguments(&[("fields", json!(fields))]);
        let mut rows = self.engine.call(&Caller::new(SUPERUSER), model, "read", vec![json!([id])], fields)?;
        Ok(rows.get_mut(0).map(Value::take).unwrap_or_default())
    }

    /// Creates a record; its id.
    pub(crate) fn create(&mut self, uid: i64, model: &str, values: Value) -> Result<i64, Fault> {
        let id = self.engine.call(&Caller::new(uid), model, "create", vec![values], Map::new())?;
        Ok(id.as_i64().or_else(|| id[0].as_i64()).unwrap_or_default())
    }

    /// Writes down that a user logged in, as Odoo does.
    pub(super) fn note_login(&mut self, uid: i64) {
        // A pin need not have it.
        let _ = self.create(uid, "res.users.log", json!({}));
    }

    /// Makes a key, and its record.
    pub(crate) fn make_key(&mut self, uid: i64, name: &str, expires: Option<Timestamp>) -> Result<String, Fault> {
        let mut values = json!({"name": name, "user_id": uid});
        if self.engine.series().has(Difference::KeysExpire) {
            let end = expires.map(|end| end.strftime("%Y-%m-%d %H:%M:%S").to_string());
            values["expiration_date"] = end.map_or(json!(false), Value::from);
        }
        let id = self.create(SUPERUSER, KEYS, values)?;
        let secret = random(40, b"0123456789abcdef");
        self.accounts.add_key(id, uid, &secret, expires);
        Ok(secret)
    }
}

/// A method that wants to know that it is still the user: runs it, or asks for the password.
fn checked(
    state: &State,
    who: &Who<'_>,
    caller: &Caller,
    model: &str,
    method: &str,
    ids: &[i64],
) -> Result<Value, Fault> {
    let is_checked = {
        let sessions = state.sessions();
        let session = who.session.and_then(|id| sessions.get(id));
        session.ok_or_else(|| Fault::user("This method can only be accessed over HTTP"))?.is_checked
    };
    if is_checked {
        return run(state, caller, model, method, ids);
    }
    let request = json!([{}, model, ids, method, [], {}]).to_string();
    let mut world = state.world();
    let values = json!({"request": request, "auth_method": "password"});
    let id = match world.create(who.uid, CHECK, values) {
        // A user does not see what it is about, and nor does a pin.
        Err(_) => world.create(who.uid, CHECK, json!({}))?,
        Ok(id) => id,
    };
    if let Some(session) = state.sessions().get_mut(who.session.unwrap_or_default()) {
        session.pending.insert(id, (model.to_owned(), method.to_owned(), ids.to_vec()));
    }
    Ok(json!({
        "type": "ir.actions.act_window",
        "res_model": CHECK,
        "res_id": id,
        "name": "Access Control",
        "target": "new",
        "views": [[false, "form"]],
        "context": {"dialog_size": "medium"},
    }))
}

/// Takes the password, and goes on with what wanted it.
fn run_check(state: &State, who: &Who<'_>, caller: &Caller, ids: &[i64]) -> Result<Value, Fault> {
    let wizard = ids.first().copied().unwrap_or_default();
    let in_context = state.series.has(Difference::PasswordInContext);
    let given = if in_context {
        caller.context.get("password").cloned().unwrap_or_default()
    } else {
        state.world().read(CHECK, wizard, &["password"])?["password"].take()
    };
    if !state.world().accounts.is_password(who.uid, given.as_str().unwrap_or_default()) {
        return Err(Fault::user("Incorrect Password, try again or click on Forgot Password to reset your password."));
    }
    let pending = {
        let mut sessions = state.sessions();
        let session = sessions.get_mut(who.session.unwrap_or_default());
        session.and_then(|session| {
            session.is_checked = true;
            session.pending.remove(&wizard)
        })
    };
    let (model, method, ids) = pending.ok_or_else(|| {
        Fault::missing(format!(
            "Record does not exist or has been deleted.\n(Record: {CHECK}({wizard},), User: {})",
            who.uid
        ))
    })?;
    run(state, caller, &model, &method, &ids)
}

/// What is done once the user is known.
fn run(state: &State, caller: &Caller, model: &str, method: &str, ids: &[i64]) -> Result<Value, Fault> {
    let mut world = state.world();
    match (model, method) {
        (KEYS, _) => {
            if !is_admin(caller.uid) && !world.accounts.owns_keys(caller.uid, ids) {
                return Err(Fault::access("You can not remove API keys unless they're yours or you are a system user"));
            }
            world.engine.call(&Caller::new(SUPERUSER), KEYS, "unlink", vec![json!(ids)], Map::new())?;
            world.accounts.remove_keys(ids);
            Ok(json!({"type": "ir.actions.act_window_close"}))
        }
        ("res.users", _) => {
            let secret = random(32, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
            let id = world.create(caller.uid, "auth_totp.wizard", json!({"user_id": caller.uid, "secret": secret}))?;
            Ok(json!({
                "type": "ir.actions.act_window",
                "res_model": "auth_totp.wizard",
                "res_id": id,
                "name": "Two-Factor Authentication Activation",
                "target": "new",
                "views": [[false, "form"]],
                "context": {},
            }))
        }
        _ => {
            let has_end = world.engine.series().has(Difference::KeysExpire);
            let fields: &[&str] = if has_end { &["name", "duration", "expiration_date"] } else { &["name"] };
            let wizard = world.read(model, ids.first().copied().unwrap_or_default(), fields)?;
            let expires = end(&wizard);
            if has_end && !is_admin(caller.uid) {
                check_end(expires)?;
            }
            let key = world.make_key(caller.uid, wizard["name"].as_str().unwrap_or_default(), expires)?;
            Ok(json!({
                "type": "ir.actions.act_window",
                "res_model": "res.users.apikeys.show",
                "name": "API Key Ready",
                "target": "new",
                "views": [[false, "form"]],
                "context": {"default_key": key},
            }))
        }
    }
}

/// When a new key ends: after so many days, never, or when the field beside it says.
fn end(wizard: &Value) -> Option<Timestamp> {
    match wizard["duration"].as_str().and_then(|days| days.parse::<i64>().ok()) {
        Some(days) if days > 0 => Timestamp::from_second(Timestamp::now().as_second() + days * 86_400).ok(),
        Some(0) => None,
        _ => {
            let text = wizard["expiration_date"].as_str()?;
            let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
            TimeZone::UTC.to_timestamp(time).ok()
        }
    }
}

/// What keys of ordinary users may not be: endless, or longer than their groups allow, which is 90 days for those of the inside.
fn check_end(expires: Option<Timestamp>) -> Result<(), Fault> {
    const DAYS: i64 = 90;
    let end = expires.ok_or_else(|| Fault::validation("The API key must have an expiration date"))?;
    if end.as_second() > Timestamp::now().as_second() + DAYS * 86_400 {
        return Err(Fault::validation(format!("You cannot exceed {DAYS}.0 days.")));
    }
    Ok(())
}

/// Switches the second factor on, if the code is one of its.
fn enable_totp(state: &State, caller: &Caller, ids: &[i64]) -> Result<Value, Fault> {
    let in_context = state.series.has(Difference::PasswordInContext);
    let mut world = state.world();
    let fields: &[&str] = if in_context { &["secret"] } else { &["secret", "code"] };
    let wizard = world.read("auth_totp.wizard", ids.first().copied().unwrap_or_default(), fields)?;
    let secret = wizard["secret"].as_str().unwrap_or_default();
    let code = if in_context { caller.context.get("code") } else { wizard.get("code") };
    let code = code.and_then(Value::as_str).unwrap_or_default();
    if !is_code(secret, code) {
        return Err(Fault::user("Verification failed, please double-check the 6-digit code"));
    }
    if let Some(account) = world.accounts.get_mut(caller.uid) {
        account.totp = Some(secret.to_owned());
    }
    // Each code is taken once.
    world.accounts.takes_code(caller.uid, code);
    Ok(json!({"type": "ir.actions.act_window_close"}))
}

/// Users are records, and accounts beside: the password of one is not a field that can be read.
fn users(
    state: &State,
    caller: &Caller,
    method: &str,
    args: Vec<Value>,
    kwargs: Map<String, Value>,
) -> Result<Value, Fault> {
    let (on, given) = match method {
        "create" => (Vec::new(), args.first().or_else(|| kwargs.get("vals_list"))),
        _ => (ids(&args), args.get(1).or_else(|| kwargs.get("vals")).or_else(|| kwargs.get("values"))),
    };
    let given: Vec<Value> = match given {
        Some(Value::Array(list)) => list.clone(),
        Some(values) => vec![values.clone()],
        None => Vec::new(),
    };
    let mut world = state.world();
    let result = world.engine.call(caller, "res.users", method, args, kwargs)?;
    match method {
        "unlink" => world.accounts.remove(&on),
        "create" => {
            let made = result.as_array().cloned().unwrap_or_else(|| vec![result.clone()]);
            for (id, values) in made.iter().filter_map(Value::as_i64).zip(&given) {
                world.accounts.change(id, values);
                make_new(&mut world.engine, id);
            }
        }
        _ => {
            for (id, values) in on.iter().flat_map(|id| given.iter().map(move |values| (*id, values))) {
                world.accounts.change(id, values);
            }
        }
    }
    Ok(result)
}

fn change_password(state: &State, uid: i64, args: &[Value]) -> Result<Value, Fault> {
    let text = |at: usize| args.get(at).and_then(Value::as_str).unwrap_or_default();
    let mut world = state.world();
    if !world.accounts.is_password(uid, text(0)) {
        return Err(denied());
    }
    world.accounts.change(uid, &json!({"password": text(1)}));
    Ok(json!(true))
}
