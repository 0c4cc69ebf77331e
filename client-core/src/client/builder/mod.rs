//! How a client comes to be.

mod connect;
mod credentials;
mod network;
mod resilience;

use std::env::VarError;
use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

use self::credentials::Secret;
use super::env::{self, EnvVars};
use crate::error::Error;
use crate::transport::{Limits, Network, Totp, WireKind};
use crate::write::context::Context;

/// Describes a server, a user and how to talk to them; [`connect`](Self::connect) makes a [`Client`](crate::Client) of it.
///
/// ```no_run
/// # async fn f() -> Result<(), odoo_client::Error> {
/// use std::time::Duration;
///
/// let odoo = odoo_client::ClientBuilder::from_env()?
///     .timeout(Duration::from_secs(600))
///     .with_context(("lang", "nl_BE"))
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until it connects"]
pub struct ClientBuilder {
    url: Option<String>,
    database: Option<String>,
    user: Option<String>,
    secret: Option<Secret>,
    session: Option<SecretString>,
    totp: Option<Totp>,
    wire: Option<WireKind>,
    limits: Limits,
    network: Network,
    context: Context,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes server and user from `ODOO_URL`, `ODOO_DB`, `ODOO_USER`, and `ODOO_API_KEY` or `ODOO_PASSWORD` (the key
    /// is taken if both are set) or `ODOO_SESSION_ID`: see [`EnvVars`] for which of them can be left out.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) if variables are missing or empty, where one error names all of them, and if one has
    /// no value that can be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_env_vars(&EnvVars::default())
    }

    /// The same with variables of other names.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_env_vars(names: &EnvVars) -> Result<Self, Error> {
        Self::from_variables(names, |name| std::env::var(name))
    }

    /// The same with variables that the program keeps itself, such as those of a file.
    ///
    /// ```
    /// # fn main() -> Result<(), odoo_client::Error> {
    /// use std::collections::HashMap;
    /// use std::env::VarError;
    ///
    /// use odoo_client::client::EnvVars;
    /// use odoo_client::ClientBuilder;
    ///
    /// let kept = HashMap::from([("ODOO_URL", "https://odoo.example.com"), ("ODOO_API_KEY", "…")]);
    /// let look_up = |name: &str| kept.get(name).map(|value| value.to_string()).ok_or(VarError::NotPresent);
    /// let builder = ClientBuilder::from_variables(&EnvVars::default(), look_up)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_variables(names: &EnvVars, look_up: impl Fn(&str) -> Result<String, VarError>) -> Result<Self, Error> {
        env::builder(names, look_up)
    }

    /// Takes from the environment only where the server is (`ODOO_URL`) and what stands before it: headers, certificates, the
    /// proxy, limits. Who logs in is for the program to say, of a vault for example, or nobody does.
    ///
    /// ```no_run
    /// # async fn f(user: &str, key: odoo_client::SecretString) -> Result<(), odoo_client::Error> {
    /// let server = odoo_client::ClientBuilder::server_from_env()?;
    /// for name in server.clone().databases().await? {
    ///     let odoo = server.clone().database(name).user(user).api_key(key.clone()).connect().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) if there is no URL, and if a variable has no value that can be used.
    pub fn server_from_env() -> Result<Self, Error> {
        Self::server_from_variables(&EnvVars::default(), |name| std::env::var(name))
    }

    /// The same with variables of other names, or that the program keeps itself: see [`from_variables`](Self::from_variables).
    ///
    /// # Errors
    ///
    /// As [`server_from_env`](Self::server_from_env).
    pub fn server_from_variables(
        names: &EnvVars,
        look_up: impl Fn(&str) -> Result<String, VarError>,
    ) -> Result<Self, Error> {
        env::server(names, look_up)
    }

    /// The server's address, such as `https://odoo.example.com`, or that of a page of it as copied from a browser: the web
    /// client's paths, such as `/web#action=…`, `/web/login?db=…` and `/odoo/sales/5`, are left out. Any other path is that of
    /// a proxy which has Odoo in a folder (`https://example.com/erp`).
    ///
    /// A user name and password in it (`https://name:password@…`) are sent as basic authentication, which a proxy in
    /// front of Odoo may want; they are never shown.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// How long a whole call may take, from the first byte sent to the last one received: 120 seconds if not said otherwise. Where a
    /// session has to begin anew for it, each request of the login may take as long, and then the call once more.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.call = timeout;
        self
    }

    /// How long it may take to connect, TLS included: 10 seconds if not said otherwise.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// How long the server may be silent during a call: 60 seconds if not said otherwise. A slow method needs more, and
    /// a longer [`timeout`](Self::timeout) with it.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle = timeout;
        self
    }

    /// How many bytes of an answer are accepted, after decompression: 256 MiB if not said otherwise.
    /// What is made of an answer may take as much memory: see [`limits`](crate::limits).
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_response_bytes = bytes;
        self
    }

    /// The context that goes with every call: `lang` (as `fr_FR`), `tz` (as `Europe/Brussels`), `allowed_company_ids`, or
    /// whatever a module looks at. One entry as in `with_context(("lang", "fr_FR"))`, or a [`Context`]. Entries that are set already
    /// stay, except for those with the same key.
    pub fn with_context(mut self, context: impl Into<Context>) -> Self {
        self.context.extend(context.into());
        self
    }
}

impl fmt::Debug for ClientBuilder {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ClientBuilder");
        if self.network.accepts_invalid_certificates {
            shown.field("DANGER", &"accepts invalid certificates");
        }
        shown
            .field("database", &self.database)
            .field("user", &self.user)
            .field("has_secret", &self.secret.is_some())
            .field("has_session", &self.session.is_some())
            .field("wire", &self.wire)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
