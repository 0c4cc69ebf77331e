//! Who logs in, with what, and over which wire.

use std::error::Error as StdError;

use secrecy::SecretString;

use super::ClientBuilder;
use crate::transport::{Totp, WireKind};

/// What proves who the user is.
#[derive(Clone)]
pub(super) enum Secret {
    Password(SecretString),
    ApiKey(SecretString),
}

impl ClientBuilder {
    /// The name of the database. An API key on Odoo 19 and a session need none, if the server has only one at this address.
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.database = Some(name.into());
        self
    }

    /// The user's login, often an e-mail address. An API key on Odoo 19 and a session say themselves whose they are.
    pub fn user(mut self, login: impl Into<String>) -> Self {
        self.user = Some(login.into());
        self
    }

    /// The user's password. It replaces an API key given before.
    pub fn password(mut self, password: impl Into<SecretString>) -> Self {
        self.secret = Some(Secret::Password(password.into()));
        self
    }

    /// An API key of the user, which replaces a password given before. Users make one under "Preferences", "Account security";
    /// see [API keys](https://www.odoo.com/documentation/19.0/developer/reference/external_api.html).
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.secret = Some(Secret::ApiKey(key.into()));
        self
    }

    /// The id of a web session that exists already: the value of the cookie `session_id`, or what
    /// [`Client::session_id`](crate::Client::session_id) gave. Its user and database are those of the client.
    ///
    /// When the session ends, the client's calls fail with [`SessionExpired`](crate::ErrorKind::SessionExpired), unless
    /// database, user and password are given too: then it logs in by itself.
    ///
    /// ```no_run
    /// # async fn f(kept: odoo_client::SecretString) -> Result<(), odoo_client::Error> {
    /// let odoo = odoo_client::Client::builder().url("https://odoo.example.com").session(kept).connect().await?;
    /// let to_keep = odoo.session_id();
    /// # Ok(())
    /// # }
    /// ```
    pub fn session(mut self, id: impl Into<SecretString>) -> Self {
        self.session = Some(id.into());
        self
    }

    /// Gives the code of two-factor authentication, six digits as a rule, each time the client logs in with the password
    /// of a user who has it. Such a user's calls take the web session.
    ///
    /// A program without a person at hand is better served by an API key, which needs no code.
    ///
    /// ```no_run
    /// # async fn ask() -> Result<odoo_client::SecretString, std::io::Error> { unimplemented!() }
    /// # async fn f() -> Result<(), odoo_client::Error> {
    /// let odoo = odoo_client::ClientBuilder::from_env()?.totp(|| async { Ok(ask().await?) }).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn totp<F, C>(mut self, code: F) -> Self
    where
        F: Fn() -> C + Send + Sync + 'static,
        C: Future<Output = Result<SecretString, Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        self.totp = Some(Totp::new(code));
        self
    }

    /// Forces a wire; without this the client chooses one as [`WireKind`] says.
    ///
    /// One that does not go with the server's version or with the credentials makes [`connect`](Self::connect) fail.
    pub fn wire(mut self, wire: WireKind) -> Self {
        self.wire = Some(wire);
        self
    }
}
