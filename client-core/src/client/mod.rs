//! The client: who is logged in where, over which wire, and calls of any method of any model.

mod builder;
mod call;
mod env;
mod method;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub use self::builder::ClientBuilder;
pub use self::call::{Call, ModelRef};
pub use self::env::EnvVars;
pub use self::method::MethodCall;
use crate::error::Error;
use crate::model::{Id, ResUsers};
use crate::transport::Transport;
pub use crate::transport::{RetryPolicy, WireKind};
use crate::version::ServerVersion;
use crate::write::context::Context;

/// A user logged in to a database of an Odoo server.
///
/// Cloning is cheap, every method takes `&self`, and any number of tasks can use one client at the same time: they
/// share its connections.
///
/// ```no_run
/// # async fn f() -> Result<(), odoo_client::Error> {
/// use odoo_client::Client;
///
/// let odoo = Client::builder()
///     .url("https://odoo.example.com")
///     .database("prod")
///     .user("bot@example.com")
///     .api_key(std::fs::read_to_string("odoo.key").expect("a readable key file").trim())
///     .with_context(("lang", "fr_FR"))
///     .connect()
///     .await?;
/// println!("Odoo {}, user {}", odoo.version(), odoo.uid());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>, Context);

struct Inner {
    transport: Transport,
    version: ServerVersion,
}

impl Client {
    /// Starts to describe a server and a user; [`connect`](ClientBuilder::connect) makes the client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Connects with what the environment says: `ODOO_URL`, `ODOO_DB`, `ODOO_USER`, and `ODOO_API_KEY` or
    /// `ODOO_PASSWORD` (the key is taken if both are set) or `ODOO_SESSION_ID`; see [`EnvVars`].
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) if variables are missing: one error names all of them. Otherwise as
    /// [`ClientBuilder::connect`].
    pub async fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.connect().await
    }

    /// The server's version, as it was when the client connected.
    pub fn version(&self) -> &ServerVersion {
        &self.0.version
    }

    /// The id of the logged-in user. [`Id::cast`] makes it one of a generated crate.
    pub fn uid(&self) -> Id<ResUsers> {
        Id::new(self.0.transport.identity.uid)
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        &self.0.transport.identity.database
    }

    /// The name the user logs in with.
    pub fn user(&self) -> &str {
        &self.0.transport.identity.user
    }

    /// The way this client's calls take, and until when Odoo has it.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// if let Some(end) = odoo.wire().removed_in() {
    ///     eprintln!("{} is {end}: an API key will do better on Odoo 19", odoo.wire());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wire(&self) -> WireKind {
        self.0.transport.wire.kind()
    }

    /// The server's address, without a user name or password that may have been part of it.
    pub fn url(&self) -> &str {
        self.0.transport.http.shown_url()
    }

    /// The context that goes with every call, such as `lang` and `tz`.
    pub fn context(&self) -> &Context {
        &self.1
    }

    /// The same client with more in its context. They share the connections and the login, and this one stays as it is.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// use odoo_client::Context;
    ///
    /// let french = odoo.with_context(Context::new().lang("fr_FR").active_test(false));
    /// let all: i64 = french.model("res.partner").call("search_count").arg("domain", [(); 0]).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_context(&self, context: impl Into<Context>) -> Self {
        let mut client = self.clone();
        client.1.extend(context.into());
        client
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// A model by its name, generated or not, to call any method of it.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let names: serde_json::Value =
    ///     odoo.model("res.partner").call("read").ids([1, 2]).arg("fields", ["name"]).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn model(&self, name: impl Into<Cow<'static, str>>) -> ModelRef {
        ModelRef::new(self.clone(), name.into())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Client");
        if self.0.transport.http.accepts_invalid_certificates() {
            shown.field("DANGER", &"accepts invalid certificates");
        }
        shown
            .field("url", &self.url())
            .field("database", &self.database())
            .field("user", &self.user())
            .field("uid", &self.uid().get())
            .field("wire", &self.wire())
            .field("version", &self.version().as_str())
            .finish_non_exhaustive()
    }
}
