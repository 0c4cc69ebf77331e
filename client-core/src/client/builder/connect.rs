//! From settings to a client.

use std::sync::Arc;

use secrecy::SecretString;

use super::ClientBuilder;
use super::credentials::Secret;
use crate::client::{Client, Inner};
use crate::error::{Error, ErrorKind};
use crate::transport::{
    self, Boxed, Credential, Credentials, Http, Identity, Json2, JsonRpc, Limiter, LogIn, Session, Source, Totp,
    Transport, Wire, WireKind,
};
use crate::version::{Difference, ServerVersion};

impl ClientBuilder {
    /// Asks the server for its version, chooses a wire and logs in; again, a few times, if that fails for a reason that may
    /// pass: see [`RetryPolicy`](crate::RetryPolicy).
    ///
    /// # Errors
    ///
    /// - [`Config`](crate::ErrorKind::Config): the URL is missing or not valid; what the credentials need beside them is
    ///   missing (one error names all of it); the wire that was forced cannot be.
    /// - [`AccessDenied`](crate::ErrorKind::AccessDenied): the server refuses user, password, API key or code.
    /// - [`TotpRequired`](crate::ErrorKind::TotpRequired): the user has two-factor authentication.
    /// - [`SessionExpired`](crate::ErrorKind::SessionExpired): the session that was given has ended.
    /// - [`Connect`](crate::ErrorKind::Connect), [`Timeout`](crate::ErrorKind::Timeout),
    ///   [`NotOdoo`](crate::ErrorKind::NotOdoo), [`Http`](crate::ErrorKind::Http) and others: there is no Odoo to
    ///   talk to at that URL, or no such database.
    pub async fn connect(self) -> Result<Client, Error> {
        self.connecting().await
    }

    fn connecting(self) -> Boxed<'static, Client> {
        Box::pin(async move {
            let limits = self.limits;
            let limiter = Arc::new(Limiter::new(limits.load)?);
            transport::connect(&limits, || self.clone().connect_once(&limiter)).await
        })
    }

    /// With a limiter of all attempts: what one of them learns of the server's patience the next ones know.
    async fn connect_once(self, limiter: &Arc<Limiter>) -> Result<Client, Error> {
        let Self { url, limits, network, context, wire: forced, database, user, secret, session, totp } = self;
        let given = Given { database, user, secret, session, totp };
        let (Some(url), Some(credential)) = (&url, given.credential(forced)) else {
            return Err(given.missing(url.is_none(), true));
        };
        if matches!(credential, Credential::Password { .. }) && !given.is_complete() {
            return Err(given.missing(false, true));
        }
        let (mut http, version) = transport::find_server(url, limits, &network, limiter).await?;
        let wire = match transport::choose(&version, credential, forced)? {
            // The key would have to be in the header that a proxy looks for its own login in.
            WireKind::Json2 if forced.is_none() && http.has_basic_auth() && given.is_complete() => WireKind::JsonRpc,
            wire => wire,
        };
        let (wire, identity, session) = match wire {
            WireKind::JsonRpc => given.json_rpc(&mut http, &version).await?,
            WireKind::Session => given.web_session(&http, &version).await?,
            WireKind::Json2 => given.json_2(&http).await?,
        };
        let transport = Transport { http, wire, identity, session };
        Ok(Client(Arc::new(Inner { transport, version }), context))
    }

    /// The names of the server's databases, as far as it tells. It takes a URL and no login.
    ///
    /// On the wire `/web/database/list`, or `list` of the service `db` where that is not to be had.
    ///
    /// ```no_run
    /// # async fn f() -> Result<(), odoo_client::Error> {
    /// let names = odoo_client::Client::builder().url("https://odoo.example.com").databases().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AccessDenied`](crate::ErrorKind::AccessDenied) where the server is set up not to tell,
    /// [`NotOdoo`](crate::ErrorKind::NotOdoo) where it cannot be asked any more, and those of any request.
    pub async fn databases(self) -> Result<Vec<String>, Error> {
        let limits = self.limits;
        let limiter = Arc::new(Limiter::new(limits.load)?);
        let ask = || async { transport::databases(&self.find(&limiter).await?.0).await };
        transport::connect(&limits, ask).await
    }

    /// The server's version. It takes a URL and no login.
    ///
    /// On the wire `/web/webclient/version_info`, or `/web/version` where that is not to be had.
    ///
    /// ```no_run
    /// # async fn f() -> Result<(), odoo_client::Error> {
    /// let version = odoo_client::Client::builder().url("https://odoo.example.com").server_version().await?;
    /// println!("{}", version.series());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotOdoo`](crate::ErrorKind::NotOdoo) where something else answers, and those of any request.
    pub async fn server_version(self) -> Result<ServerVersion, Error> {
        let limits = self.limits;
        let limiter = Arc::new(Limiter::new(limits.load)?);
        let ask = || async { Ok(self.find(&limiter).await?.1) };
        transport::connect(&limits, ask).await
    }

    /// The server, as far as it is there for anybody.
    async fn find(&self, limiter: &Arc<Limiter>) -> Result<(Http, ServerVersion), Error> {
        match &self.url {
            Some(url) => transport::find_server(url, self.limits, &self.network, limiter).await,
            None => Err(Error::config("the client was not given a URL")),
        }
    }
}

/// What the server is told of the user.
struct Given {
    database: Option<String>,
    user: Option<String>,
    secret: Option<Secret>,
    session: Option<SecretString>,
    totp: Option<Totp>,
}

type LoggedIn = (Wire, Identity, Session);

impl Given {
    fn credential(&self, forced: Option<WireKind>) -> Option<Credential> {
        // Both may be given: a password can begin the next session.
        let takes_session = matches!(forced, None | Some(WireKind::Session));
        match &self.secret {
            _ if self.session.is_some() && (takes_session || self.secret.is_none()) => Some(Credential::Session),
            Some(Secret::Password(_)) => Some(Credential::Password { totp: self.totp.is_some() }),
            Some(Secret::ApiKey(_)) => Some(Credential::ApiKey),
            None => None,
        }
    }

    /// Whether there is a database and a user to go with a password or API key.
    fn is_complete(&self) -> bool {
        self.database.is_some() && self.user.is_some()
    }

    fn missing(&self, url: bool, secret: bool) -> Error {
        let secret = secret && self.secret.is_none() && self.session.is_none();
        let missing: Vec<_> = [
            (url, "a URL"),
            (self.session.is_none() && self.database.is_none(), "a database"),
            (self.session.is_none() && self.user.is_none(), "a user"),
            (secret, "a password, an API key or a session"),
        ]
        .into_iter()
        .filter_map(|(missing, what)| missing.then_some(what))
        .collect();
        Error::config(format!("the client was not given {}", missing.join(", ")))
    }

    /// User, password or API key, and database, if all of them were given.
    fn credentials(&self) -> Option<Credentials> {
        let (Secret::Password(secret) | Secret::ApiKey(secret)) = self.secret.clone()?;
        Some(Credentials { database: self.database.clone()?, user: self.user.clone()?, secret })
    }

    /// The session of a client: of what it begins, if it ever has to.
    fn session(&self, version: &ServerVersion, adopted: Option<SecretString>) -> Session {
        let source = match (&self.secret, self.credentials()) {
            (Some(Secret::Password(_)), Some(credentials)) => Source::LogIn(LogIn {
                credentials,
                totp: self.totp.clone(),
                chooses_database: !version.has(Difference::ErrorsInWords),
            }),
            (Some(Secret::ApiKey(_)), _) if adopted.is_none() => Source::ApiKey,
            _ => Source::Adopted,
        };
        Session::new(source, adopted)
    }

    async fn json_rpc(self, http: &mut Http, version: &ServerVersion) -> Result<LoggedIn, Error> {
        let Some(credentials) = self.credentials() else {
            return Err(self.missing(false, true).with_remedy(format!(
                "over JSON-RPC, which Odoo {version} is talked to with, an API key needs both; JSON-2, since Odoo 19, does not"
            )));
        };
        JsonRpc::prepare(http, version, &credentials.database).await;
        let wire = JsonRpc::log_in(http, credentials).await?;
        let identity = wire.identity();
        Ok((Wire::JsonRpc(wire), identity, self.session(version, None)))
    }

    async fn web_session(self, http: &Http, version: &ServerVersion) -> Result<LoggedIn, Error> {
        let session = self.session(version, self.session.clone());
        let info = session.open(http, version).await.map_err(|error| match error.kind() {
            ErrorKind::SessionExpired | ErrorKind::Config => {
                error.before_a_call(format!("cannot take up the session at {}", http.shown_url()))
            }
            _ => error.not_executed(),
        })?;
        for (what, wanted, actual) in [("database", &self.database, &info.database), ("user", &self.user, &info.login)]
        {
            if let Some(wanted) = wanted
                && wanted != actual
            {
                let mismatch = format!("the session is of the {what} `{actual}`, and not of `{wanted}`");
                return Err(
                    Error::config(mismatch).with_remedy(format!("give no {what}, or the session of another one"))
                );
            }
        }
        let identity = Identity { database: info.database, user: info.login, uid: info.uid.get() };
        Ok((Wire::Session, identity, session))
    }

    async fn json_2(self, http: &Http) -> Result<LoggedIn, Error> {
        let Some(Secret::ApiKey(key)) = self.secret else {
            return Err(self.missing(false, true));
        };
        let (wire, identity) = Json2::connect(http, &key, self.database, self.user).await?;
        Ok((Wire::Json2(wire), identity, Session::new(Source::ApiKey, None)))
    }
}
