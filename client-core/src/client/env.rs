//! A client's settings out of environment variables.

use std::env::VarError;

use super::ClientBuilder;
use crate::error::Error;

/// The names of the environment variables a client's settings are read from.
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
    /// The user's password: `ODOO_PASSWORD`. Not needed with an API key.
    pub password: String,
    /// The user's API key: `ODOO_API_KEY`. Taken rather than the password if both are set.
    pub api_key: String,
}

impl Default for EnvVars {
    fn default() -> Self {
        Self {
            url: "ODOO_URL".into(),
            database: "ODOO_DB".into(),
            user: "ODOO_USER".into(),
            password: "ODOO_PASSWORD".into(),
            api_key: "ODOO_API_KEY".into(),
        }
    }
}

/// Reads the variables with `look_up`, which is [`std::env::var`] outside of tests: changing the environment of a
/// process that has threads is not safe.
pub(super) fn builder(
    names: &EnvVars,
    look_up: impl Fn(&str) -> Result<String, VarError>,
) -> Result<ClientBuilder, Error> {
    let mut missing = Vec::new();
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
    let api_key = read(&names.api_key);
    let password = if api_key.is_none() { read(&names.password) } else { None };
    if !unreadable.is_empty() {
        return Err(Error::config(format!("environment variables that are not UTF-8: {}", unreadable.join(", "))));
    }

    for (value, name) in [(&url, &names.url), (&database, &names.database), (&user, &names.user)] {
        if value.is_none() {
            missing.push(name.clone());
        }
    }
    if api_key.is_none() && password.is_none() {
        missing.push(format!("{} or {}", names.api_key, names.password));
    }
    let (Some(url), Some(database), Some(user), true) = (url, database, user, missing.is_empty()) else {
        return Err(Error::config(format!("missing environment variables: {}", missing.join(", "))));
    };

    let builder = ClientBuilder::new().url(url).database(database).user(user);
    Ok(match (api_key, password) {
        (Some(key), _) => builder.api_key(key),
        (None, Some(password)) => builder.password(password),
        (None, None) => builder,
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
            "missing environment variables: ODOO_URL, ODOO_USER, ODOO_API_KEY or ODOO_PASSWORD"
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
}
