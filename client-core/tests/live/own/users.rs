//! What the tests of wires, sessions and logins share: users, keys, and what is done whatever happens.

use std::time::Duration;

use odoo_client::ops::NewApiKey;
use odoo_client::version::Difference;
use odoo_client::{Client, ClientBuilder, Timestamp};
use serde_json::{Value, json};

/// What the environment says, without `ODOO_API_KEY` and `ODOO_SESSION_ID`: user and password.
pub(crate) fn builder() -> ClientBuilder {
    let [database, user, password] = ["ODOO_DB", "ODOO_USER", "ODOO_PASSWORD"].map(|name| std::env::var(name).unwrap());
    server().database(database).user(user).password(password)
}

/// The server, and what stands before it, without who logs in.
pub(crate) fn server() -> ClientBuilder {
    ClientBuilder::server_from_env().unwrap()
}

/// Runs a test, then the clean-up, also when the test failed.
pub(crate) async fn finally(test: impl Future<Output = ()> + Send + 'static, clean_up: impl Future<Output = ()>) {
    let outcome = tokio::spawn(test).await;
    clean_up.await;
    outcome.unwrap();
}

/// An API key of the user of this session, until tomorrow where keys have an end.
pub(crate) async fn make_key(session: &Client, name: &str) -> NewApiKey {
    let tomorrow = Timestamp::now() + Duration::from_secs(86_400);
    session
        .api_keys()
        .create(name, Some(tomorrow).filter(|_| session.version().has(Difference::KeysExpire)))
        .await
        .unwrap()
}

pub(crate) fn name(test: &str) -> String {
    format!("odoo-client wires {test} {}", std::process::id())
}

/// A user of the test's own, with this login.
pub(crate) async fn make_user(admin: &Client, login: &str, password: &str) -> i64 {
    let values = json!({"name": login, "login": login, "password": password});
    admin.model("res.users").call("create").arg("vals_list", values).send().await.unwrap()
}

/// The user, and the contact that came with it.
pub(crate) async fn delete_user(admin: &Client, uid: i64) {
    let users = admin.model("res.users");
    let rows: Value = users.call("read").ids([uid]).arg("fields", ["partner_id"]).send().await.unwrap();
    users.call("unlink").ids([uid]).send::<bool>().await.unwrap();
    let contact = rows[0]["partner_id"][0].as_i64().unwrap();
    admin.model("res.partner").call("unlink").ids([contact]).send::<bool>().await.unwrap();
}
