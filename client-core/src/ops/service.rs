//! The services of `/jsonrpc`, as they are.

use serde::de::DeserializeOwned;

use crate::write::Argument;
use crate::{Client, Error};

impl Client {
    /// Calls a method of a service of `/jsonrpc` with its arguments by position, just as Odoo's
    /// [External RPC API](https://www.odoo.com/documentation/19.0/developer/reference/external_rpc_api.html) writes it:
    /// `common` (`version`, `login`, `authenticate`, …), `object` (`execute`, `execute_kw`) and `db`.
    ///
    /// Nothing is added: where a method takes database, user id and password, they are arguments. It goes to `/jsonrpc`
    /// whatever wire the client has, keeps the rate limit, and is made once. For calls of models there is
    /// [`model`](Self::model), which needs none of this and works on every wire.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let about: serde_json::Value = odoo.service("common", "version", [(); 0]).await?;
    /// println!("protocol {}", about["protocol_version"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call. Odoo plans to drop `/jsonrpc` in version 22: then the kind is
    /// [`NotOdoo`](crate::ErrorKind::NotOdoo).
    pub async fn service<T: DeserializeOwned>(
        &self,
        service: &'static str,
        method: &'static str,
        args: impl Argument,
    ) -> Result<T, Error> {
        let outcome = self.transport().service(service, method, &args.to_json()?).await;
        let doing = |error: Error| error.with_doing(format!("cannot call `{service}.{method}` at {}", self.url()));
        outcome.and_then(|reply| reply.read_as()).map_err(doing)
    }
}
