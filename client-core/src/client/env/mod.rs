//! A client's settings out of environment variables.

mod network;

use std::env::VarError;

use super::ClientBuilder;
use crate::error::Error;

/// The names of the environment variables a client's settings are read from.
///
/// The URL is always needed. Beside it, with
///
/// - a session: nothing; with user, password and database as well, the client logs in again when the session has ended;
/// - an API key: database and user, which Odoo 19 and later can do without ([`ClientBuilder::connect`] says so if not);
/// - a password: database and user.
///
/// The others are for what stands in between, as the methods of [`ClientBuilder`] of the same names; all of them may be unset.
///
/// ```
/// use odoo_client::client::EnvVars;
///
/// let names = EnvVars { url: "STAGING_URL".into(), ..EnvVars::default() };
/// assert_eq!(names.database, "ODOO_DB");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvVars {
    /// The server's address: `ODOO_URL`.
    pub url: String,
    /// The database's name: `ODOO_DB`.
    pub database: String,
    /// The user's login: `ODOO_USER`.
    pub user: String,
    /// The user's password: `ODOO_PASSWORD`.
    pub password: String,
    /// The user's API key: `ODOO_API_KEY`. Taken rather than the password if both are set.
    pub api_key: String,
    /// The id of a web session: `ODOO_SESSION_ID`. Taken rather than the others; a password serves to log in again.
    pub session_id: String,
    /// Headers that go with every request, each on a line of its own as `Name: value`: `ODOO_HEADERS`.
    pub headers: String,
    /// The path of a file with the certificates of authorities to trust, as PEM: `ODOO_ROOT_CERTIFICATE`.
    pub root_certificate: String,
    /// The path of a file with the client's certificate and its key, as PEM: `ODOO_CLIENT_CERTIFICATE`.
    pub client_certificate: String,
    /// The proxy's address: `ODOO_PROXY`.
    pub proxy: String,
    /// How long a call may take, such as `90s` or `10m`: `ODOO_TIMEOUT`.
    pub timeout: String,
    /// How long it may take to connect: `ODOO_CONNECT_TIMEOUT`.
    pub connect_timeout: String,
    /// How long the server may be silent: `ODOO_READ_TIMEOUT`.
    pub read_timeout: String,
    /// How many calls are made at a time: `ODOO_MAX_CONCURRENT_CALLS`.
    pub max_concurrent_calls: String,
    /// How many calls are begun in a second: `ODOO_RATE_LIMIT`.
    pub rate_limit: String,
}

impl EnvVars {
    /// All names, always in the same order.
    ///
    /// ```
    /// use odoo_client::client::EnvVars;
    ///
    /// assert!(EnvVars::default().all().all(|name| name.starts_with("ODOO_")));
    /// ```
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let Self { url, database, user, password, api_key, session_id, headers, root_certificate, .. } = self;
        let Self { client_certificate, proxy, timeout, connect_timeout, read_timeout, .. } = self;
        [
            url,
            database,
            user,
            password,
            api_key,
            session_id,
            headers,
            root_certificate,
            client_certificate,
            proxy,
            timeout,
            connect_timeout,
            read_timeout,
            &self.max_concurrent_calls,
            &self.rate_limit,
        ]
        .into_iter()
        .map(String::as_str)
    }
}

impl Default for EnvVars {
    fn default() -> Self {
        Self {
            url: "ODOO_URL".into(),
            database: "ODOO_DB".into(),
            user: "ODOO_USER".into(),
            password: "ODOO_PASSWORD".into(),
            api_key: "ODOO_API_KEY".into(),
            session_id: "ODOO_SESSION_ID".into(),
            headers: "ODOO_HEADERS".into(),
            root_certificate: "ODOO_ROOT_CERTIFICATE".into(),
            client_certificate: "ODOO_CLIENT_CERTIFICATE".into(),
            proxy: "ODOO_PROXY".into(),
            timeout: "ODOO_TIMEOUT".into(),
            connect_timeout: "ODOO_CONNECT_TIMEOUT".into(),
            read_timeout: "ODOO_READ_TIMEOUT".into(),
            max_concurrent_calls: "ODOO_MAX_CONCURRENT_CALLS".into(),
            rate_limit: "ODOO_RATE_LIMIT".into(),
        }
    }
}

/// Reads all the variables with `look_up`.
pub(super) fn builder(
    names: &EnvVars,
    look_up: impl Fn(&str) -> Result<String, VarError>,
) -> Result<ClientBuilder, Error> {
    let mut unreadable = Vec::new();
    let mut read = reader(look_up, &mut unreadable);
    let url = read(&names.url);
    let database = read(&names.database);
    let user = read(&names.user);
    let session = read(&names.session_id);
    // Of no use to a session.
    let api_key = if session.is_none() { read(&names.api_key) } else { None };
    let password = if api_key.is_none() { read(&names.password) } else { None };
    let settings = network::settings(ClientBuilder::new(), names, read);
    refuse(UNREADABLE, &unreadable)?;

    let mut missing = Vec::new();
    if url.is_none() {
        missing.push(names.url.clone());
    }
    if session.is_none() && api_key.is_none() {
        for (value, name) in [(&database, &names.database), (&user, &names.user)] {
            if value.is_none() {
                missing.push(name.clone());
            }
        }
        if password.is_none() {
            missing.push(format!("{} or {} (or {})", names.api_key, names.password, names.session_id));
        }
    }
    refuse(MISSING, &missing)?;

    let mut builder = settings?;
    builder = match url {
        Some(url) => builder.url(url),
        None => builder,
    };
    builder = match database {
        Some(database) => builder.database(database),
        None => builder,
    };
    builder = match user {
        Some(user) => builder.user(user),
        None => builder,
    };
    builder = match (api_key, password) {
        (Some(key), _) => builder.api_key(key),
        (None, Some(password)) => builder.password(password),
        (None, None) => builder,
    };
    Ok(match session {
        Some(session) => builder.session(session),
        None => builder,
    })
}

/// Reads those of the server alone.
pub(super) fn server(
    names: &EnvVars,
    look_up: impl Fn(&str) -> Result<String, VarError>,
) -> Result<ClientBuilder, Error> {
    let mut unreadable = Vec::new();
    let mut read = reader(look_up, &mut unreadable);
    let url = read(&names.url);
    let settings = network::settings(ClientBuilder::new(), names, read);
    refuse(UNREADABLE, &unreadable)?;
    match url {
        Some(url) => Ok(settings?.url(url)),
        None => refuse(MISSING, std::slice::from_ref(&names.url)).and(settings),
    }
}

/// What a variable holds; those that hold no text are put aside.
fn reader(
    look_up: impl Fn(&str) -> Result<String, VarError>,
    unreadable: &mut Vec<String>,
) -> impl FnMut(&str) -> Option<String> {
    move |name| match look_up(name) {
        // An empty variable is what `VAR= command` and unset CI secrets leave.
        Ok(value) if !value.trim().is_empty() => Some(value),
        Ok(_) | Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(_)) => {
            unreadable.push(name.to_owned());
            None
        }
    }
}

/// Refuses what is wrong with these variables, if there are any.
fn refuse(what: &str, names: &[String]) -> Result<(), Error> {
    if names.is_empty() { Ok(()) } else { Err(Error::config(format!("{what}: {}", names.join(", ")))) }
}

/// What is wrong with those that hold no text.
const UNREADABLE: &str = "environment variables that are not UTF-8";
/// What is wrong with those that are not set, or empty.
const MISSING: &str = "missing environment variables";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn what_stands_in_between_is_taken_and_what_is_wrong_is_named_but_not_shown() {
        let url = ("ODOO_URL", "https://odoo.example.com");
        let with = |name, value| from(&[url, ("ODOO_SESSION_ID", "hunter2"), (name, value)]);
        for (name, value, shown) in [
            ("ODOO_TIMEOUT", "10m", "call: 600s"),
            ("ODOO_CONNECT_TIMEOUT", "1m 30s", "connect: 90s"),
            ("ODOO_READ_TIMEOUT", "5m", "idle: 300s"),
            ("ODOO_MAX_CONCURRENT_CALLS", "2", "max_concurrent_calls: Some(2)"),
            ("ODOO_RATE_LIMIT", "0.5", "calls_per_second: Some(0.5)"),
            ("ODOO_HEADERS", "A: hunter2\n\nB:hunter2:2\n", "has_secret"),
            ("ODOO_PROXY", "http://bob:hunter2@proxy:3128", "has_secret"),
        ] {
            let builder = format!("{:?}", with(name, value).unwrap());
            assert!(builder.contains(shown) && !builder.contains("hunter2"), "{name}: {builder}");
        }
        for (name, value, says) in [
            ("ODOO_TIMEOUT", "hunter2", "ODOO_TIMEOUT is not a time such as 90s or 10m"),
            ("ODOO_READ_TIMEOUT", "-5m", "ODOO_READ_TIMEOUT is not a time"),
            ("ODOO_MAX_CONCURRENT_CALLS", "hunter2", "ODOO_MAX_CONCURRENT_CALLS is not a number"),
            ("ODOO_RATE_LIMIT", "hunter2", "ODOO_RATE_LIMIT is not a number"),
            ("ODOO_HEADERS", "A: 1\nhunter2", "ODOO_HEADERS: line 2 is not a header"),
            ("ODOO_ROOT_CERTIFICATE", "hunter2", "the file that ODOO_ROOT_CERTIFICATE names cannot be read"),
            ("ODOO_CLIENT_CERTIFICATE", "hunter2", "the file that ODOO_CLIENT_CERTIFICATE names cannot be read"),
        ] {
            let error = with(name, value).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(shown.contains(says) && !shown.contains("hunter2"), "{shown}");
        }
    }

    fn from(variables: &[(&str, &str)]) -> Result<ClientBuilder, Error> {
        builder(&EnvVars::default(), |name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        })
    }

    #[test]
    fn all_missing_variables_are_named_at_once() {
        let error = from(&[("ODOO_DB", "prod"), ("ODOO_USER", "")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(
            error.to_string(),
            "missing environment variables: ODOO_URL, ODOO_USER, ODOO_API_KEY or ODOO_PASSWORD (or ODOO_SESSION_ID)"
        );
    }

    #[test]
    fn the_server_alone_needs_nobody_who_logs_in() {
        let from = |variables: &[(&str, &str)]| {
            let found = |name: &str| variables.iter().find(|(known, _)| *known == name);
            server(&EnvVars::default(), |name| Ok(found(name).ok_or(VarError::NotPresent)?.1.to_owned()))
        };
        let url = ("ODOO_URL", "https://odoo.example.com");
        let builder = from(&[url, ("ODOO_DB", "prod"), ("ODOO_PASSWORD", "hunter2"), ("ODOO_TIMEOUT", "10m")]).unwrap();
        let shown = format!("{builder:?}");
        assert!(shown.contains("call: 600s") && !shown.contains("prod"), "{shown}");
        assert_eq!(from(&[]).unwrap_err().to_string(), "missing environment variables: ODOO_URL");
        assert!(from(&[url, ("ODOO_TIMEOUT", "soon")]).is_err());
    }

    #[test]
    fn the_settings_are_taken_and_the_secret_is_not_shown() {
        let builder = from(&[
            ("ODOO_URL", "https://bob:hunter2@odoo.example.com"),
            ("ODOO_DB", "prod"),
            ("ODOO_USER", "bot"),
            ("ODOO_PASSWORD", "hunter2"),
        ])
        .unwrap();
        let shown = format!("{builder:?}");
        assert!(shown.contains("prod") && shown.contains("bot") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn keys_and_sessions_need_less() {
        for alone in [("ODOO_API_KEY", "hunter2"), ("ODOO_SESSION_ID", "hunter2")] {
            let shown = format!("{:?}", from(&[("ODOO_URL", "https://odoo.example.com"), alone]).unwrap());
            assert!(!shown.contains("hunter2"), "{shown}");
            let error = from(&[alone]).unwrap_err();
            assert_eq!(error.to_string(), "missing environment variables: ODOO_URL");
        }
    }
}
