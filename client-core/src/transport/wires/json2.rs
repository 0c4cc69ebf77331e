//! JSON-2 at `/json/2`, since Odoo 19: an API key as bearer token, arguments by name, results and errors without an
//! envelope.
//!
//! See Odoo's [External JSON-2 API](https://www.odoo.com/documentation/19.0/developer/reference/external_api.html).

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::error::{Error, ErrorKind};
use crate::transport::http::answer::Answer;
use crate::transport::http::body::{Body, Json};
use crate::transport::wires::arguments::write_named;
use crate::transport::{
    Arguments, Envelope, Http, Identity, Invocation, Reply, Request, Target, TimeLimit, lacks_database,
};

const DATABASE: HeaderName = HeaderName::from_static("x-odoo-database");

/// The JSON-2 wire of an API key that the server knows.
pub(crate) struct Json2 {
    authorization: HeaderValue,
    database: Option<HeaderValue>,
    /// Whether the server wants to be told the database. Said without need, Odoo's own hosting answers 404.
    names_database: AtomicBool,
}

impl Json2 {
    /// Finds out whose key it is, in which database, and whether the database has to be named with every call.
    pub(crate) async fn connect(
        http: &Http,
        key: &SecretString,
        database: Option<String>,
        user: Option<String>,
    ) -> Result<(Self, Identity), Error> {
        let place = match &database {
            Some(name) => format!("database `{name}` at {}", http.shown_url()),
            None => http.shown_url().to_owned(),
        };
        Self::log_in(http, key, database, user)
            .await
            .map_err(|error| error.before_a_call(format!("cannot log in to {place} with an API key")))
    }

    async fn log_in(
        http: &Http,
        key: &SecretString,
        database: Option<String>,
        user: Option<String>,
    ) -> Result<(Self, Identity), Error> {
        let authorization = bearer(key)?;
        let header = database.as_deref().map(HeaderValue::from_str).transpose();
        let wire = Self {
            authorization,
            database: header.map_err(|_| unfit("the database's name"))?,
            names_database: AtomicBool::new(false),
        };

        let whose: Value = wire.ask(http, "res.users", "context_get", json!({})).await?;
        let uid = whose["uid"].as_i64().ok_or_else(|| Error::new(ErrorKind::Protocol, "the server names no user"))?;
        let (login, actual) = wire.whose(http, uid).await?;
        if let Some(user) = &user
            && *user != login
        {
            let what = format!("the API key is not that of `{user}`, but of `{login}`");
            return Err(Error::new(ErrorKind::AccessDenied, what).with_remedy("name no user, or give this user's key"));
        }
        let database = match (database, actual) {
            (Some(wanted), Some(actual)) if wanted != actual => {
                let what = format!("what answers at this address is the database `{actual}`, not `{wanted}`");
                return Err(Error::new(ErrorKind::UnknownDatabase, what).with_remedy("check URL and database"));
            }
            (wanted, actual) => actual.or(wanted).unwrap_or_default(),
        };
        Ok((wire, Identity { database, user: login, uid }))
    }

    /// The user's login; and the database's name, where that is not known from having named it.
    async fn whose(&self, http: &Http, uid: i64) -> Result<(String, Option<String>), Error> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let (login, database) = if self.names_database.load(Ordering::Relaxed) {
            let rows: Value = self.ask(http, "res.users", "read", json!({"ids": [uid], "fields": ["login"]})).await?;
            (text(&rows[0]["login"]), None)
        } else {
            let info: Value = self.ask(http, "ir.http", "session_info", json!({})).await?;
            (text(&info["username"]), text(&info["db"]))
        };
        let login = login.ok_or_else(|| Error::new(ErrorKind::Protocol, "the server does not name the user"))?;
        Ok((login, database))
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        http: &Http,
        model: &'static str,
        method: &'static str,
        body: Value,
    ) -> Result<T, Error> {
        let target = Target { model: model.into(), method: method.into(), ids: None };
        http.limiter().keep_pace().await;
        let request = || self.post(&target, body.to_string().into_bytes().into()).map(Request::small);
        let answer = self.send(http, &request, http.time_limit()).await?;
        Reply::new(answer, Envelope::Bare).read_as()
    }

    /// Sends a request. If it turns out that the server has several databases, the one of this client is named from now on.
    async fn send(
        &self,
        http: &Http,
        request: &(dyn Fn() -> Result<Request, Error> + Sync),
        limit: TimeLimit,
    ) -> Result<Answer, Error> {
        // Not what is so by the time of the answer: another call may have found it out meanwhile.
        let was_named = self.names_database.load(Ordering::Relaxed);
        let answer = http.send(request()?, limit).await?;
        if !lacks_database(&answer) {
            return Ok(answer);
        }
        if self.database.is_none() {
            return Err(Error::config("the server has several databases, and the client was not given one")
                .with_remedy("give the name of the database"));
        }
        // What had no database had no effect.
        if !was_named {
            self.names_database.store(true, Ordering::Relaxed);
            let answer = http.again(request()?, limit.limit).await?;
            if !lacks_database(&answer) {
                return Ok(answer);
            }
        }
        Err(Error::new(ErrorKind::UnknownDatabase, "the server has no such database, or does not let it be used here")
            .with_remedy("check the database's name"))
    }

    /// Makes a call.
    pub(crate) async fn call(&self, http: &Http, invocation: &Invocation, limit: TimeLimit) -> Result<Answer, Error> {
        let Invocation { target, arguments, context, .. } = invocation;
        let mut answer = self.send(http, &|| self.execute(target, arguments, context.as_map()), limit).await?;
        if target.method == "create" && answer.status == 200 && arguments.is_object("vals_list") {
            // The other wires answer one id to one dict; here it is a list of one.
            if let Some(id) = only_item(&answer.body) {
                answer.body = answer.body.slice_ref(id);
            }
        }
        Ok(answer)
    }

    fn execute(&self, target: &Target, arguments: &Arguments, context: &Map<String, Value>) -> Result<Request, Error> {
        if target.ids.is_some() && arguments.names().any(|name| name == "ids") {
            let what = "over JSON-2 an argument cannot have the name `ids`: that is how the records are named there";
            return Err(Error::new(ErrorKind::Encode, what));
        }
        let mut json = Json::with_capacity(64 + arguments.size_hint());
        write_named(&mut json, target.ids.as_deref(), arguments, context)?;
        self.post(target, json.finish())
    }

    fn post(&self, Target { model, method, .. }: &Target, body: Body) -> Result<Request, Error> {
        // They become part of the address.
        for (name, kind, what) in
            [(model, ErrorKind::UnknownModel, "model"), (method, ErrorKind::UnknownMethod, "method")]
        {
            if !is_name(name) {
                return Err(Error::new(kind, format!("no {what} can have that name")));
            }
        }
        Ok(self.sign(Request::post(format!("/json/2/{model}/{method}"), body)))
    }

    /// What is not a call, and takes the key all the same.
    pub(crate) async fn get(
        &self,
        http: &Http,
        request: impl Fn() -> Request + Sync,
        limit: TimeLimit,
    ) -> Result<Answer, Error> {
        self.send(http, &|| Ok(self.sign(request())), limit).await
    }

    /// A request of one's own.
    pub(crate) async fn route(
        &self,
        http: &Http,
        request: impl Fn() -> Result<Request, Error> + Sync,
        limit: TimeLimit,
    ) -> Result<Answer, Error> {
        self.send(http, &|| request().map(|request| self.sign(request)), limit).await
    }

    fn sign(&self, mut request: Request) -> Request {
        request.headers.insert(AUTHORIZATION, self.authorization.clone());
        if let (Some(database), true) = (&self.database, self.names_database.load(Ordering::Relaxed)) {
            request.headers.insert(DATABASE, database.clone());
        }
        request
    }
}

fn unfit(what: &str) -> Error {
    Error::config(format!("{what} has characters that cannot be in an HTTP header"))
}

/// The header that shows a key.
pub(crate) fn bearer(key: &SecretString) -> Result<HeaderValue, Error> {
    let mut header = HeaderValue::from_str(&format!("bearer {}", key.expose_secret()))
        .map_err(|_| unfit("the API key").with_remedy("look for line ends and spaces around it"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// `[a-zA-Z0-9_.]`, and not dots alone.
fn is_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) && name.bytes().any(|b| b != b'.')
}

/// `7` of `[7]`.
fn only_item(body: &[u8]) -> Option<&[u8]> {
    let item = body.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?.trim_ascii();
    (!item.is_empty() && item.iter().all(u8::is_ascii_digit)).then_some(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_stay_out_of_the_address() {
        for name in ["res.partner", "x_studio.model_1", "_private", "create"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", ".", "..", "a/b", "../web", "a?b", "a#b", "a%2Fb", "a b", "é", "a\n"] {
            assert!(!is_name(name), "{name:?}");
        }
    }

    #[test]
    fn one_id_is_taken_out_of_its_list() {
        assert_eq!(only_item(b" [133]\n"), Some(&b"133"[..]));
        for other in [&b"[1, 2]"[..], b"[]", b"7", b"[\"7\"]", b"[[7]]"] {
            assert_eq!(only_item(other), None);
        }
    }
}
