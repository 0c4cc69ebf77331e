//! The requests of an introspection from a loop that does nothing with the answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use odoo_codegen::ATTRIBUTES;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

/// As many requests as regen has under way at a time.
const CONCURRENT: usize = 4;

/// Who asks, and where.
struct Bare {
    http: reqwest::Client,
    url: String,
    database: String,
    secret: String,
    uid: Value,
}

/// Asks for all that an introspection of `models` asks for but methods, at the same concurrency; gives the bytes of the
/// answers. Each model comes with the fields whose defaults are asked for.
pub(crate) async fn ask(models: &[(String, Vec<String>)]) -> Result<u64> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let needed = |name: &str| variable(name).with_context(|| format!("{name} is not set"));
    let secret = variable("ODOO_API_KEY").or_else(|| variable("ODOO_PASSWORD"));
    let mut bare = Bare {
        http: reqwest::Client::builder().build().map_err(|error| anyhow!(error.without_url()))?,
        url: format!("{}/jsonrpc", needed("ODOO_URL")?.trim().trim_end_matches('/')),
        database: needed("ODOO_DB")?,
        secret: secret.context("neither ODOO_API_KEY nor ODOO_PASSWORD is set")?,
        uid: Value::Null,
    };
    let version = bare.post("common", "version", json!([])).await?;
    let user = needed("ODOO_USER")?;
    let login = json!([bare.database, user, bare.secret, {}]);
    let login = bare.post("common", "authenticate", login).await?;
    let answer: Value = serde_json::from_slice(&login).context("the answer to the login is not JSON")?;
    bare.uid = answer["result"].clone();

    let fields = ["model", "name", "transient"];
    let listing = json!({"domain": [], "fields": fields, "order": "model"});
    let mut bytes = version.len() + login.len() + bare.call("ir.model", "search_read", json!([]), listing).await?;
    let modules = json!({"domain": [["state", "=", "installed"]], "fields": ["name", "latest_version"]});
    bytes += bare.call("ir.module.module", "search_read", json!([]), modules).await?;

    let bare = Arc::new(bare);
    let waiting: VecDeque<_> = models.iter().cloned().collect();
    let waiting = Arc::new(Mutex::new(waiting));
    let workers: Vec<_> = (0..CONCURRENT)
        .map(|_| {
            let (bare, waiting) = (Arc::clone(&bare), Arc::clone(&waiting));
            tokio::spawn(async move {
                let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let mut bytes = 0;
                while let Some((model, fields)) = next() {
                    bytes += bare.call(&model, "fields_get", json!([]), json!({"attributes": ATTRIBUTES})).await?;
                    if !fields.is_empty() {
                        // Some wizards have none without the records they are about.
                        let defaults = bare.call(&model, "default_get", json!([fields]), json!({})).await;
                        bytes += defaults.unwrap_or_default();
                    }
                }
                anyhow::Ok(bytes)
            })
        })
        .collect();
    for worker in workers {
        bytes += worker.await.context("a task of the bare loop failed")??;
    }
    Ok(bytes as u64)
}

impl Bare {
    /// A method of a model with arguments by position and by name; gives the bytes of the answer.
    async fn call(&self, model: &str, method: &str, positional: Value, mut named: Value) -> Result<usize> {
        named["context"] = json!({"lang": "en_US"});
        let arguments = json!([self.database, self.uid, self.secret, model, method, positional, named]);
        let answer = self.post("object", "execute_kw", arguments).await;
        Ok(answer.with_context(|| format!("{}.{method}", model.escape_debug()))?.len())
    }

    async fn post(&self, service: &str, method: &str, args: Value) -> Result<Vec<u8>> {
        let params = json!({"service": service, "method": method, "args": args});
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}).to_string();
        let request = self.http.post(&self.url).header(CONTENT_TYPE, "application/json").body(body);
        // The URL may hold a password.
        let failed = |error: reqwest::Error| anyhow!(error.without_url());
        let response = request.send().await.map_err(failed)?;
        let status = response.status();
        let answer = response.bytes().await.map_err(failed)?;
        // An error comes with status 200 as well, and stands at the beginning.
        let start = String::from_utf8_lossy(answer.get(..60).unwrap_or(&answer));
        if !status.is_success() || start.contains("\"error\"") {
            bail!("the server refuses {service}.{method}: HTTP {status}");
        }
        Ok(answer.into())
    }
}
