//! A client's settings out of environment variables.

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
/// ```
/// use odoo_client::EnvVars;
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
        }
    }
}

/// Reads the variables with `look_up`, which is [`std::env::var`] outside of tests: changing the environment of a
/// process that has threads is not safe.
pub(super) fn builder(
    names: &EnvVars,
    look_up: impl Fn(&str) -> Result<String, VarError>,
) -> Result<ClientBuilder, Error> {
    let mut unreadable = Vec::new();
    let mut read = |name: &str| match look_up(name) {
        // An empty variable is what `VAR= command` and unset CI secrets leave.
        Ok(value) if !value.trim().is_empty() => Some(value),
        Ok(_) | Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(_)) => {
            unreadable.push(name.to_owned());
            None
        }
    };
    let url = read(&names.url);
    let database = read(&names.database);
    let user = read(&names.user);
    let session = read(&names.session_id);
    // Of no use to a session.
    let api_key = if session.is_none() { read(&names.api_key) } else { None };
    let password = if api_key.is_none() { read(&names.password) } else { None };
    if !unreadable.is_empty() {
        return Err(Error::config(format!("environment variables that are not UTF-8: {}", unreadable.join(", "))));
    }

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
    if !missing.is_empty() {
        return Err(Error::config(format!("missing environment variables: {}", missing.join(", "))));
    }

    let mut builder = ClientBuilder::new();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

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
