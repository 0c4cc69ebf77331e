//! Routes of one's own that speak JSON-RPC.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Client;
use crate::client::RetryPolicy;
use crate::error::{Error, Refusal};
use crate::ops::{HttpMethod, HttpRequest};
use crate::write::Argument;

impl Client {
    /// Starts a call of a route that speaks JSON-RPC: one of `type="json"`, which Odoo 19 calls `type="jsonrpc"`. With the same
    /// login, and to the same server alone, as [`http`](Self::http).
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let order: serde_json::Value = odoo.json_route("/shop/order").arg("number", "S-1001").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire a POST of `{"jsonrpc": "2.0", "method": "call", "params": {…}}`. The context of the client does not go along:
    /// where a route looks at one, it is an argument `context` like others (19) or what the request takes for its own (14).
    pub fn json_route(&self, path: impl Into<String>) -> JsonRoute {
        JsonRoute { request: self.http(HttpMethod::Post, path), arguments: Map::new(), refusal: None }
    }
}

/// A call of a route that speaks JSON-RPC: [`Client::json_route`].
#[must_use = "a call does nothing until it is sent"]
pub struct JsonRoute {
    request: HttpRequest,
    arguments: Map<String, Value>,
    refusal: Option<Refusal>,
}

impl JsonRoute {
    /// Gives the route an argument by name; a second value for the same name replaces the first.
    pub fn arg(mut self, name: impl Into<String>, value: impl Argument) -> Self {
        match value.to_json() {
            Ok(value) => drop(self.arguments.insert(name.into(), value)),
            Err(refusal) => drop(self.refusal.get_or_insert(refusal)),
        }
        self
    }

    /// As [`HttpRequest::header`].
    pub fn header(self, name: impl AsRef<str>, value: impl Into<SecretString>) -> Self {
        self.change(|request| request.header(name, value))
    }

    /// As [`HttpRequest::without_login`].
    pub fn without_login(self) -> Self {
        self.change(HttpRequest::without_login)
    }

    /// Replaces the client's time limit, for this call only. It covers all attempts and the waiting between them.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|request| request.timeout(timeout))
    }

    /// Replaces the client's policy for what is done after a failure, for this call only.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.change(|request| request.retry(policy))
    }

    /// Vouches that the route may be called twice without harm, as [`Call::idempotent`](crate::client::Call::idempotent).
    pub fn idempotent(self) -> Self {
        self.change(HttpRequest::idempotent)
    }

    /// Calls the route and reads its result. One that returns `None` reads as `()`, an `Option` or a [`Value`].
    ///
    /// # Errors
    ///
    /// As [`HttpRequest::send`], and what the route raises with the kind that it has in calls of models.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        if let Some(refusal) = self.refusal {
            return Err(refusal.into());
        }
        self.request.json_rpc(&self.arguments).await
    }

    fn change(self, change: impl FnOnce(HttpRequest) -> HttpRequest) -> Self {
        Self { request: change(self.request), ..self }
    }
}

/// Without the arguments' values: they can be anything, passwords too.
impl fmt::Debug for JsonRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.arguments.keys().collect();
        f.debug_struct("JsonRoute").field("request", &self.request).field("arguments", &names).finish_non_exhaustive()
    }
}
