//! How a client comes to be.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::env::{self, EnvVars};
use super::{Client, Inner};
use crate::error::Error;
use crate::transport::{Credentials, Http, JsonRpc, Limits, Transport, Wire};

/// Describes a server, a user and how to talk to them; [`connect`](Self::connect) makes a [`Client`] of it.
///
/// ```no_run
/// # async fn f() -> Result<(), odoo_client::Error> {
/// use std::time::Duration;
///
/// let odoo = odoo_client::ClientBuilder::from_env()?
///     .timeout(Duration::from_secs(600))
///     .context("lang", "nl_BE")
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
    secret: Option<SecretString>,
    limits: Limits,
    context: Map<String, Value>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes server and user from `ODOO_URL`, `ODOO_DB`, `ODOO_USER`, and `ODOO_API_KEY` or `ODOO_PASSWORD` (the key
    /// is taken if both are set).
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) if variables are missing or empty: one error names all of them.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_env_vars(&EnvVars::default())
    }

    /// The same with variables of other names.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_env_vars(names: &EnvVars) -> Result<Self, Error> {
        env::builder(names, |name| std::env::var(name))
    }

    /// The server's address, such as `https://odoo.example.com`: what stands before `/web` or `/odoo` in a browser.
    ///
    /// A user name and password in it (`https://name:password@…`) are sent as basic authentication, which a proxy in
    /// front of Odoo may want; they are never shown.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The name of the database.
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.database = Some(name.into());
        self
    }

    /// The user's login, often an e-mail address.
    pub fn user(mut self, login: impl Into<String>) -> Self {
        self.user = Some(login.into());
        self
    }

    /// The user's password. It replaces an API key given before.
    pub fn password(mut self, password: impl Into<SecretString>) -> Self {
        self.secret = Some(password.into());
        self
    }

    /// An API key of the user, which replaces a password given before. Users make one under "Preferences", "Account security";
    /// see [API keys](https://www.odoo.com/documentation/19.0/developer/reference/external_api.html).
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.secret = Some(key.into());
        self
    }

    /// How long a whole call may take, from the first byte sent to the last one received: 120 seconds if not said otherwise.
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
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_response_bytes = bytes;
        self
    }

    /// An entry of the context that goes with every call: `lang` (as `fr_FR`), `tz` (as `Europe/Brussels`),
    /// `allowed_company_ids`, or whatever a module looks at.
    pub fn context(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.context.insert(key.into(), value.into());
        self
    }

    /// Asks the server for its version and logs in.
    ///
    /// # Errors
    ///
    /// - [`Config`](crate::ErrorKind::Config): URL, database, user, or both password and API key are missing, or the
    ///   URL is none.
    /// - [`AccessDenied`](crate::ErrorKind::AccessDenied): the server refuses user, password or API key.
    /// - [`Connect`](crate::ErrorKind::Connect), [`Timeout`](crate::ErrorKind::Timeout),
    ///   [`NotOdoo`](crate::ErrorKind::NotOdoo), [`Http`](crate::ErrorKind::Http) and others: there is no Odoo to
    ///   talk to at that URL, or no such database.
    pub async fn connect(self) -> Result<Client, Error> {
        let Self { url, database, user, secret, limits, context } = self;
        let (url, database, user, secret) = match (url, database, user, secret) {
            (Some(url), Some(database), Some(user), Some(secret)) => (url, database, user, secret),
            (url, database, user, secret) => {
                let missing: Vec<_> = [
                    (url.is_none(), "a URL"),
                    (database.is_none(), "a database"),
                    (user.is_none(), "a user"),
                    (secret.is_none(), "a password or an API key"),
                ]
                .into_iter()
                .filter_map(|(missing, what)| missing.then_some(what))
                .collect();
                return Err(Error::config(format!("the client was not given {}", missing.join(", "))));
            }
        };
        let mut http = Http::new(&url, limits)?;
        let version = JsonRpc::version(&http).await?;
        JsonRpc::prepare(&mut http, &version, &database).await;
        let wire = JsonRpc::log_in(&http, Credentials { database, user, secret }).await?;
        let transport = Transport { http, wire: Wire::JsonRpc(wire) };
        Ok(Client(Arc::new(Inner { transport, version, context })))
    }
}

impl fmt::Debug for ClientBuilder {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("database", &self.database)
            .field("user", &self.user)
            .field("has_secret", &self.secret.is_some())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
