//! The series, the database, the login, and the key that it was made with.

use std::time::Duration;

use anyhow::Result;
use odoo_client::ops::ApiKey;
use odoo_client::version::{Difference, ServerVersion};
use odoo_client::{Client, Error, ErrorKind, Timestamp};

use super::checkup::{Checkup, told};
use crate::connection::{self, Connection};
use crate::target::Target;

/// How long before its end a key is a warning.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

pub(super) fn series(version: &ServerVersion, target: Option<&Target>, checkup: &mut Checkup) {
    let series = version.series();
    match target {
        Some(target) if !target.series.matches(series) => checkup.fail(
            "series",
            format!("the server is Odoo {series}, and target {} is for {}", target.name, target.series),
            format!(
                "point {} at another server, or pin this one: `cargo odoo regen {} --series '{series}'`",
                target.connection.names.url, target.name
            ),
        ),
        _ if !version.is_tried() => checkup.warn(
            "series",
            format!("{series}, with which nobody has tried this"),
            "expect surprises: it was tried with 14.0, 16.0, 17.0, 18.0 and 19.0",
        ),
        _ => checkup.ok("series", series),
    }
}

/// The client, if the server lets it in.
pub(super) async fn log_in(connection: &Connection, checkup: &mut Checkup) -> Result<Option<Client>> {
    let listed = connection.server()?.databases().await;
    let outcome = match connection.client() {
        Ok(client) => client.connect().await,
        Err(error) => {
            checkup.skip("database", "the settings are not complete");
            checkup.fail("login", format!("{error:#}"), "set what is missing in the environment");
            return Ok(None);
        }
    };
    let has_database = database(connection, &listed, &outcome, checkup);
    match outcome {
        Ok(client) => {
            let (user, uid, database) = (client.user(), client.uid(), client.database());
            checkup.ok("login", format!("`{user}`, user {uid} of `{database}`"));
            own_key(connection, &client, checkup).await;
            Ok(Some(client))
        }
        Err(_) if !has_database => Ok(None),
        Err(error) => {
            refused(connection, &error, checkup).await;
            Ok(None)
        }
    }
}

/// Whether there is such a database, as far as can be known.
fn database(
    connection: &Connection,
    listed: &Result<Vec<String>, Error>,
    outcome: &Result<Client, Error>,
    checkup: &mut Checkup,
) -> bool {
    let variable = &connection.names.database;
    let wanted = connection::value(variable);
    match (outcome, listed, wanted) {
        (Ok(client), Ok(listed), _) if listed.len() > 1 => {
            checkup.ok("database", format!("`{}`, one of {}", client.database(), listed.len()));
        }
        (Ok(client), ..) => checkup.ok("database", format!("`{}`", client.database())),
        (Err(_), Ok(listed), Some(wanted)) if !listed.contains(&wanted) => {
            let there = if listed.is_empty() { "shows none".to_owned() } else { format!("has {}", listed.join(", ")) };
            checkup.fail(
                "database",
                format!("there is no database `{wanted}`: the server {there}"),
                format!(
                    "set {variable} to the name of one that there is; its owner knows of those that it does not show"
                ),
            );
            return false;
        }
        (Err(error), ..) if error.kind() == ErrorKind::UnknownDatabase => {
            checkup.error("database", error);
            return false;
        }
        (Err(_), Ok(_), Some(wanted)) => checkup.ok("database", format!("there is `{wanted}`")),
        (Err(_), Ok(listed), None) if listed.len() > 1 => {
            checkup.warn(
                "database",
                format!("the server has {}", listed.join(", ")),
                format!("say which, in {variable}"),
            );
        }
        _ => checkup.skip("database", "the server does not tell which it has"),
    }
    true
}

/// Whether the login is made with a key rather than a session or a password.
fn takes_key(connection: &Connection) -> bool {
    connection::value(&connection.names.session_id).is_none() && connection::value(&connection.names.api_key).is_some()
}

async fn own_key(connection: &Connection, client: &Client, checkup: &mut Checkup) {
    if !takes_key(connection) {
        return checkup.skip("key", "the login is not made with one");
    }
    if !client.version().has(Difference::KeysExpire) {
        return checkup
            .ok("key", format!("it is good until it is revoked, as all keys of Odoo {}", client.version().series()));
    }
    let keys = match client.api_keys().list().await {
        Ok(keys) => keys,
        Err(error) => return checkup.skip("key", format!("its end is not told: {}", told(&error).0)),
    };
    let (words, soon) = ends(&keys, Timestamp::now());
    // Odoo does not tell which of them it was.
    if soon {
        checkup.warn("key", words, "make another before it ends: `cargo odoo key rotate ID`");
    } else {
        checkup.ok("key", words);
    }
}

/// When keys end, in words, and whether one does so soon.
fn ends(keys: &[ApiKey], now: Timestamp) -> (String, bool) {
    let end = |key: &ApiKey| match key.expires {
        None => format!("{} `{}` never ends", key.id, key.name),
        Some(end) if end < now => format!("{} `{}` ended {end}", key.id, key.name),
        Some(end) => format!("{} `{}` ends {end}", key.id, key.name),
    };
    let words: Vec<_> = keys.iter().map(end).collect();
    let soon = keys.iter().filter_map(|key| key.expires).any(|end| end >= now && end < now + SOON);
    (if words.is_empty() { "the user has none to see".to_owned() } else { words.join(", ") }, soon)
}

async fn refused(connection: &Connection, error: &Error, checkup: &mut Checkup) {
    checkup.error("login", error);
    if error.kind() != ErrorKind::AccessDenied || !takes_key(connection) {
        return;
    }
    let remedy = "with the password, `cargo odoo key list` tells its keys and when they end, and `cargo odoo key create` makes \
                  another";
    let mut names = connection.names.clone();
    if connection::value(&names.password).is_some() {
        names.api_key = format!("{}_IS_NOT_READ", names.api_key);
        let keys = match connection.client_with(&names) {
            Ok(client) => match client.connect().await {
                Ok(client) => client.api_keys().list().await.ok(),
                Err(_) => None,
            },
            Err(_) => None,
        };
        if let Some(keys) = keys {
            let (words, _) = ends(&keys, Timestamp::now());
            return checkup.fail("key", format!("the key is refused, and the password is not: {words}"), remedy);
        }
    }
    checkup.fail("key", "it is refused: wrong, revoked, or (since Odoo 18) past its end", remedy);
}
