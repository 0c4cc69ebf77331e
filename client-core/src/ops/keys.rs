//! API keys of the user: made, listed, replaced and revoked.

use std::fmt;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::model::{ResUsers, ResUsersApikeys, ToIds};
use crate::transport::{Credentials, Json2, JsonRpc};
use crate::version::Difference;
use crate::{Client, Datetime, Error, ErrorKind, Id};

const KEYS: &str = "res.users.apikeys";
const DESCRIPTION: &str = "res.users.apikeys.description";
const CHECK: &str = "res.users.identitycheck";

/// An API key, as the server lists it: without the key itself, which it shows only once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiKey {
    /// The id, which [`ApiKeys::revoke`] takes.
    pub id: Id<ResUsersApikeys>,
    /// What the key is for, in the words of who made it.
    pub name: String,
    /// Whose key it is.
    pub user_id: Id<ResUsers>,
    /// The name of that user.
    pub user: String,
    /// What the key is good for: `rpc`, or everything if there is none.
    pub scope: Option<String>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Until when it is good; `None` if it holds until it is revoked, as all keys do before Odoo 18.
    pub expires: Option<Timestamp>,
}

/// A key that was just made. The server keeps only a hash of it: nobody can read it again.
#[non_exhaustive]
pub struct NewApiKey {
    /// The key: what [`ClientBuilder::api_key`](crate::ClientBuilder::api_key) takes.
    pub key: SecretString,
    /// The id of the key; `None` in the rare case that another key of the same name was made at the same moment.
    pub id: Option<Id<ResUsersApikeys>>,
    /// Until when it is good.
    pub expires: Option<Timestamp>,
}

/// Without the key.
impl fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewApiKey").field("id", &self.id).field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// The API keys of a client's user: [`Client::api_keys`].
///
/// Odoo lets a user make and revoke keys in a web session only, and wants the password again, which counts for ten
/// minutes. A client with a password does both by itself; one that was given a session needs
/// [`password`](Self::password); one with nothing but an API key can only list.
///
/// ```no_run
/// # async fn f(odoo: odoo_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use odoo_client::Timestamp;
///
/// let keys = odoo.api_keys();
/// let new = keys.create("nightly import", Some("2031-01-01T00:00:00Z".parse()?)).await?;
/// for key in keys.list().await? {
///     println!("{} {} until {:?}", key.id, key.name, key.expires);
/// }
/// keys.revoke(new.id).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ApiKeys {
    client: Client,
    password: Option<SecretString>,
}

impl Client {
    /// The API keys of the user.
    pub fn api_keys(&self) -> ApiKeys {
        ApiKeys { client: self.clone(), password: None }
    }
}

impl ApiKeys {
    /// The user's password, for a client that was given a session and none.
    #[must_use]
    pub fn password(mut self, password: impl Into<SecretString>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The user's own keys, oldest first; those that have expired too, until the server clears them away.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn list(&self) -> Result<Vec<ApiKey>, Error> {
        self.read(json!([["user_id", "=", self.client.uid().get()]])).await
    }

    /// The keys of all users, as far as this one may see them: those with the right to the settings see all.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn list_all(&self) -> Result<Vec<ApiKey>, Error> {
        self.read(json!([])).await
    }

    /// Makes a key for the user, good for all that the user may do.
    ///
    /// Since Odoo 18 keys expire: only users with the right to the settings may make one that does not, and others
    /// may choose a time of up to so many days as their groups say (90 if nobody changed it). Before, no key does.
    ///
    /// # Errors
    ///
    /// [`Config`](ErrorKind::Config) for a client that has no password or session, and for an end before Odoo 18;
    /// [`AccessDenied`](ErrorKind::AccessDenied) for a wrong password; [`Validation`](ErrorKind::Validation) for a time
    /// that is too long for the user, or none; [`Access`](ErrorKind::Access) for a user of the portal; those of any call.
    pub async fn create(&self, name: impl AsRef<str>, expires: Option<Timestamp>) -> Result<NewApiKey, Error> {
        let name = name.as_ref();
        self.make(name, expires).await.map_err(|error| error.with_doing(format!("cannot make the API key `{name}`")))
    }

    /// Revokes keys: calls with them are refused from now on. Nothing happens without ids.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create); [`Access`](ErrorKind::Access) for keys of others, unless the user has the right
    /// to the settings.
    pub async fn revoke(&self, ids: impl ToIds<ResUsersApikeys>) -> Result<(), Error> {
        let ids = ids.to_ids();
        if ids.is_empty() {
            return Ok(());
        }
        let doing = format!("cannot revoke {} API key{}", ids.len(), if ids.len() == 1 { "" } else { "s" });
        self.confirmed(KEYS, "remove", ids).await.map(drop).map_err(|error| error.with_doing(doing))
    }

    /// Begins to replace one of the user's keys: makes one of the same name, good from now on for as long as the old one
    /// was, or until `expires`, and logs in with it once. The old one stays good until [`Rotation::finish`].
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client, old: odoo_client::Id<odoo_client::model::ResUsersApikeys>) -> Result<(), Box<dyn std::error::Error>> {
    /// # fn store(key: &odoo_client::SecretString) -> std::io::Result<()> { Ok(()) }
    /// let rotation = odoo.api_keys().rotate(old, None).await?;
    /// store(&rotation.new_key().key)?; // Only what is stored may replace the old one.
    /// rotation.finish().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create); [`Missing`](ErrorKind::Missing) if the user has no such key. A new key that
    /// does not work is revoked.
    pub async fn rotate(&self, id: Id<ResUsersApikeys>, expires: Option<Timestamp>) -> Result<Rotation, Error> {
        let old = self.read(json!([["user_id", "=", self.client.uid().get()], ["id", "=", id.get()]])).await?.pop();
        let old = old.ok_or_else(|| {
            Error::new(ErrorKind::Missing, format!("the user `{}` has no API key {id}", self.client.user()))
                .with_remedy("only its own user can replace a key: list the keys to see which there are")
        })?;
        let lifetime = old.expires.zip(old.created).map(|(end, begin)| end.duration_since(begin));
        let expires = expires.or_else(|| lifetime.and_then(|span| Timestamp::now().checked_add(span).ok()));
        let rotation = Rotation { new: self.create(&old.name, expires).await?, keys: self.clone(), old: id };
        match self.try_out(&rotation.new.key).await {
            Ok(()) => Ok(rotation),
            Err(error) => {
                let error = error.with_doing("the new API key does not work");
                // That it could not be revoked either is not what the caller has to know first.
                let _ = rotation.cancel().await;
                Err(error)
            }
        }
    }

    async fn read(&self, domain: Value) -> Result<Vec<ApiKey>, Error> {
        let mut fields = vec!["name", "user_id", "scope", "create_date"];
        if self.keys_expire() {
            fields.push("expiration_date");
        }
        let call = self.client.model(KEYS).call("search_read").arg("domain", domain).arg("fields", fields);
        let rows: Vec<Value> = call.arg("order", "id").send().await?;
        Ok(rows.iter().map(key).collect())
    }

    async fn make(&self, name: &str, expires: Option<Timestamp>) -> Result<NewApiKey, Error> {
        // The server keeps whole seconds.
        let expires = expires.and_then(|end| Timestamp::from_second(end.as_second()).ok());
        let mut values = json!({"name": name});
        if self.keys_expire() {
            // A number of days as text; -1 leaves the choice of the end to the field beside it.
            values["duration"] = if expires.is_some() { "-1".into() } else { "0".into() };
            values["expiration_date"] = match expires {
                Some(end) => Datetime::from(end).wire().into(),
                None => false.into(),
            };
        } else if expires.is_some() {
            let what = format!("the keys of Odoo {} do not expire", self.client.version());
            return Err(Error::config(what).with_remedy("give no end, and revoke the key when it is no longer needed"));
        }
        let before = self.newest(name).await?;
        let call = self.client.model(DESCRIPTION).call("create").arg("vals_list", [values]).in_session();
        let ids: Vec<i64> = call.send().await?;
        let made = self.confirmed(DESCRIPTION, "make_key", ids).await?;
        let Some(key) = made["context"]["default_key"].as_str() else {
            return Err(Error::decode("the server names no key").with_remedy("look for a new key without a use"));
        };
        // The key must not be lost for want of its id.
        let after = self.newest(name).await.unwrap_or_default();
        let mut new = after.into_iter().filter(|id| before.iter().all(|known| id > known));
        let id = new.next().filter(|_| new.next().is_none()).map(Id::new);
        Ok(NewApiKey { key: key.into(), id, expires })
    }

    /// The ids of the user's keys of this name, the newest two.
    async fn newest(&self, name: &str) -> Result<Vec<i64>, Error> {
        let domain = json!([["user_id", "=", self.client.uid().get()], ["name", "=", name]]);
        let call = self.client.model(KEYS).call("search").arg("domain", domain);
        call.arg("order", "id desc").arg("limit", 2).send().await
    }

    /// Calls a method that wants to know that it is really the user.
    async fn confirmed(&self, model: &'static str, method: &'static str, ids: Vec<i64>) -> Result<Value, Error> {
        let action: Value = self.client.model(model).call(method).ids(ids).in_session().send().await?;
        if action["res_model"] != CHECK {
            return Ok(action);
        }
        let Some(id) = action["res_id"].as_i64() else {
            return Err(Error::decode("the server names no identity check"));
        };
        let Some(password) = self.password.as_ref().or_else(|| self.client.transport().session.password()) else {
            return Err(Error::config("Odoo wants the user's password for this, and the client has none")
                .with_remedy("give it to `ApiKeys::password`"));
        };
        let check = self.client.model(CHECK);
        let mut run = check.call("run_check").ids([id]);
        if self.client.version().has(Difference::PasswordInContext) {
            run = run.with_context(("password", password.expose_secret()));
        } else {
            let written = check.call("write").ids([id]).arg("vals", json!({"password": password.expose_secret()}));
            written.in_session().send::<bool>().await?;
        }
        run.in_session().send().await.map_err(|error| match error.kind() {
            // The words of 19; nothing else in the check is the user's mistake.
            ErrorKind::User if error.server_message().is_some_and(|words| words.starts_with("Incorrect Password")) => {
                Error::new(ErrorKind::AccessDenied, "the server does not accept the password")
            }
            _ => error,
        })
    }

    /// Logs in with a key.
    async fn try_out(&self, key: &SecretString) -> Result<(), Error> {
        let client = &self.client;
        let (database, user) = (client.database().to_owned(), client.user().to_owned());
        let http = &client.transport().http;
        let identity = if client.version().has(Difference::Json2) && !http.has_basic_auth() {
            Json2::connect(http, key, Some(database), Some(user)).await?.1
        } else {
            JsonRpc::log_in(http, Credentials { database, user, secret: key.clone() }).await?.identity()
        };
        if identity.uid == client.uid().get() {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::AccessDenied, "the key is that of another user"))
        }
    }

    fn keys_expire(&self) -> bool {
        self.client.version().has(Difference::KeysExpire)
    }
}

/// Without the password.
impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys").field("client", &self.client).finish_non_exhaustive()
    }
}

/// A key that is to take the place of another; for now both are good: see [`ApiKeys::rotate`].
#[must_use = "the old key stays good until it is finished"]
#[derive(Debug)]
pub struct Rotation {
    keys: ApiKeys,
    new: NewApiKey,
    old: Id<ResUsersApikeys>,
}

impl Rotation {
    /// The new key.
    pub fn new_key(&self) -> &NewApiKey {
        &self.new
    }

    /// Revokes the old key.
    ///
    /// # Errors
    ///
    /// Those of [`ApiKeys::revoke`]; the new key is good all the same.
    pub async fn finish(self) -> Result<NewApiKey, Error> {
        self.keys.revoke(self.old).await?;
        Ok(self.new)
    }

    /// Revokes the new key: the old one stays.
    ///
    /// # Errors
    ///
    /// Those of [`ApiKeys::revoke`].
    pub async fn cancel(self) -> Result<(), Error> {
        self.keys.revoke(self.new.id).await
    }
}

fn key(row: &Value) -> ApiKey {
    let text = |field: &str| row[field].as_str().map(str::to_owned);
    ApiKey {
        id: Id::new(row["id"].as_i64().unwrap_or_default()),
        name: text("name").unwrap_or_default(),
        user_id: Id::new(row["user_id"][0].as_i64().unwrap_or_default()),
        user: row["user_id"][1].as_str().unwrap_or_default().to_owned(),
        scope: text("scope"),
        created: text("create_date").and_then(|time| datetime(&time)),
        expires: text("expiration_date").and_then(|time| datetime(&time)),
    }
}

/// `2026-11-23 16:08:31`, in UTC.
fn datetime(text: &str) -> Option<Timestamp> {
    format!("{}Z", text.replacen(' ', "T", 1)).parse().ok()
}
