//! What the server tells of a user: the answer to who logs in, or asks later.

use serde_json::{Map, Value, json};

use crate::engine::Caller;
use crate::series::{Difference, Series};
use crate::state::State;

/// What the server tells of a user's session.
pub(super) fn info(state: &State, uid: i64) -> Value {
    let mut world = state.world();
    let version = world.engine.series_name().to_owned();
    let login = world.accounts.get(uid).map(|account| account.login.clone()).unwrap_or_default();
    let caller = Caller::new(1);
    let mut read = |model: &str, ids: &Value, fields: &[&str]| -> Value {
        let kwargs = Map::from_iter([("fields".to_owned(), json!(fields))]);
        world.engine.call(&caller, model, "read", vec![ids.clone()], kwargs).unwrap_or_default()
    };
    let user = read("res.users", &json!([uid]), &["name", "partner_id", "company_id", "company_ids"]);
    let user = &user[0];
    let companies = read("res.company", &user["company_ids"], &["name"]);
    let context = world.engine.call(&Caller::new(uid), "res.users", "context_get", Vec::new(), Map::new());
    let own = user["company_id"].clone();
    let mut info = json!({
        "uid": uid,
        "db": state.database,
        "server_version": version,
        "server_version_info": jsonrpc_version(state.series),
        "name": user["name"],
        "username": login,
        "partner_id": user["partner_id"][0],
        "user_context": context.unwrap_or_else(|_| json!({"lang": "en_US", "tz": false, "uid": uid})),
    });
    let rows = companies.as_array().cloned().unwrap_or_default();
    if state.series.has(Difference::ErrorsInWords) {
        let allowed = rows.iter().map(|row| (row["id"].to_string(), json!({"id": row["id"], "name": row["name"]})));
        let allowed: Map<_, _> = allowed.collect();
        info["user_companies"] = json!({"current_company": own[0], "allowed_companies": allowed});
    } else {
        let allowed: Vec<_> = rows.iter().map(|row| json!([row["id"], row["name"]])).collect();
        info["company_id"] = own[0].clone();
        info["user_companies"] = json!({"current_company": own, "allowed_companies": allowed});
    }
    info
}

fn jsonrpc_version(series: Series) -> Value {
    json!([series.0, series.1, 0, "final", 0, ""])
}
