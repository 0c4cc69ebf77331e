//! Two-factor authentication, as a person and their device do it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use odoo_client::version::Difference;
use odoo_client::{Client, ClientBuilder, SecretString};
use serde_json::{Value, json};
use totp_rs::Secret;

/// An action that wants the password again, as a person would give it in the dialog.
async fn confirmed(odoo: &Client, action: Value, password: &str) -> Value {
    if action["res_model"] != "res.users.identitycheck" {
        return action;
    }
    let check = odoo.model("res.users.identitycheck");
    let id = action["res_id"].as_i64().unwrap();
    let mut run = check.call("run_check").ids([id]);
    if odoo.version().has(Difference::PasswordInContext) {
        run = run.with_context(("password", password));
    } else {
        let written = check.call("write").ids([id]).arg("vals", json!({"password": password}));
        written.send::<bool>().await.unwrap();
    }
    run.send().await.unwrap()
}

/// With a function that is told how many codes were given before.
pub(crate) fn with_codes(
    builder: &ClientBuilder,
    code: impl Fn(usize) -> String + Send + Sync + 'static,
) -> ClientBuilder {
    let given = Arc::new(AtomicUsize::new(0));
    builder.clone().totp(move || {
        let code = SecretString::from(code(given.fetch_add(1, Ordering::Relaxed)));
        async { Ok(code) }
    })
}

/// Switches two-factor authentication on, as a person would; the secret of the codes.
pub(crate) async fn enable(odoo: &Client, uid: i64, password: &str) -> String {
    let is_action = odoo.version().has(Difference::TotpEnableWizardIsAction);
    let wizard = if is_action { "action_totp_enable_wizard" } else { "totp_enable_wizard" };
    let action: Value = odoo.model("res.users").call(wizard).ids([uid]).send().await.unwrap();
    let action = confirmed(odoo, action, password).await;
    let id = action["res_id"].as_i64().unwrap();
    let wizards = odoo.model("auth_totp.wizard");
    let rows: Value = wizards.call("read").ids([id]).arg("fields", ["secret"]).send().await.unwrap();
    let secret = rows[0]["secret"].as_str().unwrap().to_owned();
    let mut enable = wizards.call("enable").ids([id]);
    if odoo.version().has(Difference::PasswordInContext) {
        enable = enable.with_context(("code", code(&secret, 0)));
    } else {
        let vals = json!({"code": code(&secret, 0)});
        wizards.call("write").ids([id]).arg("vals", vals).send::<bool>().await.unwrap();
    }
    enable.send::<Value>().await.unwrap();
    secret
}

/// The code of two-factor authentication so many half minutes from now.
pub(crate) fn code(secret: &str, ahead: usize) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(seconds + 30 * ahead as u64).to_string()
}
