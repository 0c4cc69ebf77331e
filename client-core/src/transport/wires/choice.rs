//! Which wire a client takes.

use std::fmt;

use crate::error::Error;
use crate::version::{Difference, ServerVersion};

/// The ways a client can talk to Odoo.
///
/// The same calls go over all of them and mean the same. A client chooses by itself; [`ClientBuilder::wire`] forces one.
///
/// | given | Odoo 14 to 18 | Odoo 19 and later |
/// | --- | --- | --- |
/// | a session | `Session` | `Session` |
/// | a password | `JsonRpc` | `JsonRpc`; `Session` where JSON-RPC is gone |
/// | a password and [`totp`](crate::ClientBuilder::totp) | `Session` | `Session` |
/// | an API key | `JsonRpc` | `Json2` |
///
/// ```
/// use odoo_client::client::WireKind;
///
/// assert!(WireKind::JsonRpc.removed_in().is_some());
/// assert_eq!(WireKind::Json2.removed_in(), None);
/// ```
///
/// [`ClientBuilder::wire`]: crate::ClientBuilder::wire
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WireKind {
    /// `/jsonrpc`: user and password or API key go with every call.
    JsonRpc,
    /// `/web/dataset/call_kw`: what Odoo's own web client uses, in a session that a login has started;
    /// [`Client::log_out`](crate::Client::log_out) ends it. A server that was not started for one database lists its databases for each
    /// call that has no session, so that a small one takes a third of the time that it takes over `JsonRpc` (seen on 14.0 and 19.0);
    /// with `db_name` or `-d` both take the same (seen on 18.0 and 19.0).
    Session,
    /// `/json/2`, since Odoo 19: an API key as bearer token, and nothing else.
    Json2,
}

impl WireKind {
    /// Until when Odoo has this wire, in words to show to a person; `None` if no end is planned.
    pub fn removed_in(self) -> Option<&'static str> {
        match self {
            Self::JsonRpc => Some("deprecated in Odoo 19; to be removed in Odoo 22 (fall 2028), online in saas~21.1"),
            Self::Session | Self::Json2 => None,
        }
    }
}

impl fmt::Display for WireKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JsonRpc => "JSON-RPC",
            Self::Session => "web session",
            Self::Json2 => "JSON-2",
        })
    }
}

/// What a client was given to be let in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// The id of a session; a password may have come along.
    Session,
    Password {
        totp: bool,
    },
    ApiKey,
}

/// Chooses the wire, or says why the one that was asked for cannot be.
pub(crate) fn choose(
    version: &ServerVersion,
    credential: Credential,
    forced: Option<WireKind>,
) -> Result<WireKind, Error> {
    let Some(forced) = forced else {
        return Ok(match credential {
            Credential::Session | Credential::Password { totp: true } => WireKind::Session,
            Credential::ApiKey if version.has(Difference::Json2) => WireKind::Json2,
            Credential::Password { totp: false } if version.has(Difference::NoJsonRpc) => WireKind::Session,
            Credential::Password { totp: false } | Credential::ApiKey => WireKind::JsonRpc,
        });
    };
    let (problem, remedy) = match (forced, credential) {
        (WireKind::Json2, _) if !version.has(Difference::Json2) => {
            (format!("Odoo {version} has no JSON-2, which began with Odoo 19"), "do not force a wire")
        }
        (WireKind::Json2, Credential::Session | Credential::Password { .. }) => {
            ("JSON-2 takes an API key and nothing else".to_owned(), "give an API key, or do not force JSON-2")
        }
        (WireKind::Session, Credential::ApiKey) => (
            "an API key cannot start a web session: Odoo takes only passwords there".to_owned(),
            "give a password or a session id, or do not force the web session",
        ),
        (WireKind::JsonRpc, Credential::Session) => {
            ("JSON-RPC has no sessions".to_owned(), "give a password or an API key, or do not force JSON-RPC")
        }
        (WireKind::JsonRpc, Credential::Password { totp: true }) => (
            "JSON-RPC takes no passwords of users with two-factor authentication".to_owned(),
            "give an API key in place of password and `totp`, or do not force JSON-RPC",
        ),
        _ => return Ok(forced),
    };
    Err(Error::config(problem).with_remedy(remedy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use WireKind::{Json2, JsonRpc, Session};

    const PASSWORD: Credential = Credential::Password { totp: false };
    const TOTP: Credential = Credential::Password { totp: true };

    fn chosen(version: &str, credential: Credential, forced: Option<WireKind>) -> Result<WireKind, String> {
        choose(&ServerVersion::parse(version).unwrap(), credential, forced).map_err(|error| error.to_string())
    }

    #[test]
    fn every_credential_finds_its_wire() {
        for (version, credential, wire) in [
            ("14.0", PASSWORD, JsonRpc),
            ("14.0", TOTP, Session),
            ("14.0", Credential::ApiKey, JsonRpc),
            ("14.0", Credential::Session, Session),
            ("saas~18.4+e", Credential::ApiKey, JsonRpc),
            ("19.0", PASSWORD, JsonRpc),
            ("19.0", TOTP, Session),
            ("19.0", Credential::ApiKey, Json2),
            ("19.0", Credential::Session, Session),
            ("21.0", PASSWORD, JsonRpc),
            ("saas~21.1+e", PASSWORD, Session),
            ("22.0", PASSWORD, Session),
            ("22.0", Credential::ApiKey, Json2),
        ] {
            assert_eq!(chosen(version, credential, None), Ok(wire), "{version} {credential:?}");
        }
    }

    #[test]
    fn what_is_forced_is_taken_or_refused() {
        for (version, credential, forced, refusal) in [
            ("14.0", PASSWORD, Session, None),
            ("19.0", PASSWORD, Session, None),
            ("19.0", Credential::ApiKey, JsonRpc, None),
            ("14.0", Credential::ApiKey, Json2, Some("Odoo 14.0 has no JSON-2")),
            ("19.0", PASSWORD, Json2, Some("give an API key")),
            ("19.0", Credential::Session, Json2, Some("give an API key")),
            ("19.0", Credential::ApiKey, Session, Some("cannot start a web session")),
            ("19.0", Credential::Session, JsonRpc, Some("JSON-RPC has no sessions")),
            ("14.0", TOTP, JsonRpc, Some("two-factor")),
        ] {
            match (chosen(version, credential, Some(forced)), refusal) {
                (Ok(wire), None) => assert_eq!(wire, forced),
                (Err(error), Some(words)) => assert!(error.contains(words), "{error}"),
                (outcome, _) => panic!("{version} {credential:?} {forced}: {outcome:?}"),
            }
        }
    }
}
