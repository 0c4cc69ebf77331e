//! How a web session begins: user, password and, for users with two-factor authentication, a code.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};
use crate::transport::SessionInfo;
use crate::transport::address::form;
use crate::transport::wires::cookie::{INFO, cookie};
use crate::transport::wires::jsonrpc;
use crate::transport::{Credentials, Envelope, Http, Reply, Request};

const AUTHENTICATE: &str = "/web/session/authenticate";
const TOTP: &str = "/web/login/totp";

type CodeResult = Result<SecretString, Box<dyn StdError + Send + Sync>>;

/// Asks the program for a code of two-factor authentication.
#[derive(Clone)]
pub(crate) struct Totp(Arc<dyn Fn() -> Pin<Box<dyn Future<Output = CodeResult> + Send>> + Send + Sync>);

impl Totp {
    pub(crate) fn new<F, C>(code: F) -> Self
    where
        F: Fn() -> C + Send + Sync + 'static,
        C: Future<Output = CodeResult> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(code())))
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Totp")
    }
}

/// All it takes to begin a session.
pub(crate) struct LogIn {
    pub(crate) credentials: Credentials,
    pub(crate) totp: Option<Totp>,
    /// Whether the server tells what is wrong only within a session that has chosen a database.
    pub(crate) chooses_database: bool,
}

impl LogIn {
    /// Begins a session: its id, and what the server says about it.
    pub(crate) async fn run(&self, http: &Http) -> Result<(SecretString, SessionInfo), Error> {
        let Credentials { database, user, .. } = &self.credentials;
        self.log_in(http).await.map_err(|error| {
            error.before_a_call(format!("cannot log in to database `{database}` at {} as `{user}`", http.shown_url()))
        })
    }

    async fn log_in(&self, http: &Http) -> Result<(SecretString, SessionInfo), Error> {
        let chosen = if self.chooses_database { self.choose_database(http).await } else { None };
        let (id, info) = self.authenticate(http, chosen.as_ref()).await?;
        if let (Some(id), Some(info)) = (&id, SessionInfo::read(&info)) {
            return Ok((id.clone(), info));
        }
        // The password was right, and that is not enough.
        let Some(totp) = &self.totp else {
            return Err(Error::new(ErrorKind::TotpRequired, "the user has two-factor authentication")
                .with_remedy("log in with an API key, or give `ClientBuilder::totp` a function that knows the code"));
        };
        // The page for the code wants a session that has a database. The answer above gave one, in some versions without.
        let id = if chosen.is_some() { id } else { None };
        let id = match id {
            Some(id) => id,
            None => {
                let chosen = self.choose_database(http).await.ok_or_else(|| no_session(TOTP))?;
                self.authenticate(http, Some(&chosen)).await?.0.unwrap_or(chosen)
            }
        };
        let id = confirm(http, &id, totp).await?;
        let mut request = Request::post(INFO, jsonrpc::envelope(&json!({}))?);
        request.headers.insert(COOKIE, cookie(&id)?);
        let info: Value = Reply::new(http.ask(request).await?, Envelope::JsonRpc).read_as()?;
        let info = SessionInfo::read(&info).ok_or_else(|| no_session(INFO))?;
        Ok((id, info))
    }

    /// A session in which a database is chosen and nobody is logged in.
    async fn choose_database(&self, http: &Http) -> Option<SecretString> {
        let query = form(&[("db", &self.credentials.database)]);
        http.ask(Request::get(format!("/web/login?{query}"))).await.ok()?.session_id()
    }

    /// The id of the session that begins, if the server names one, and its own words about it.
    async fn authenticate(
        &self,
        http: &Http,
        session: Option<&SecretString>,
    ) -> Result<(Option<SecretString>, Value), Error> {
        let Credentials { database, user, secret } = &self.credentials;
        let params = json!({"db": database, "login": user, "password": secret.expose_secret()});
        let mut request = Request::post(AUTHENTICATE, jsonrpc::envelope(&params)?);
        if let Some(id) = session {
            request.headers.insert(COOKIE, cookie(id)?);
        }
        let answer = http.ask(request).await?;
        let id = answer.session_id().or_else(|| session.cloned());
        let info: Value = Reply::new(answer, Envelope::JsonRpc).read_as()?;
        if id.is_none() {
            return Err(no_session(AUTHENTICATE));
        }
        Ok((id, info))
    }
}

/// Gives the code as a person would, in the form of the page; the session gets another id.
async fn confirm(http: &Http, id: &SecretString, totp: &Totp) -> Result<SecretString, Error> {
    let mut request = Request::get(TOTP);
    request.headers.insert(COOKIE, cookie(id)?);
    let page = http.ask(request).await?;
    let token = csrf_token(&String::from_utf8_lossy(&page.body)).ok_or_else(|| {
        Error::new(ErrorKind::Protocol, "the page for the code of two-factor authentication has no form")
            .with_status(page.status)
    })?;
    // As late as can be: codes are short-lived.
    let code = (totp.0)().await.map_err(|error| {
        Error::new(ErrorKind::TotpRequired, "there is no code for two-factor authentication").with_source(error)
    })?;
    let mut request =
        Request::post(TOTP, form(&[("csrf_token", &token), ("totp_token", code.expose_secret())]).into_bytes());
    request.headers.insert(COOKIE, cookie(page.session_id().as_ref().unwrap_or(id))?);
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let answer = http.ask(request).await?;
    let leads_in = answer.location.as_deref().is_some_and(|location| !location.contains("/web/login"));
    match answer.session_id() {
        Some(id) if (300..400).contains(&answer.status) && leads_in => Ok(id),
        _ => Err(Error::new(ErrorKind::AccessDenied, "the server refuses the code of two-factor authentication")
            .with_remedy(
                "check the clock of the device that makes the codes; a code that was used is not taken again",
            )),
    }
}

/// The token against forged requests that a page of Odoo carries: hexadecimal digits, `o`, and a time.
pub(crate) fn csrf_token(page: &str) -> Option<String> {
    let is_token = |word: &str| {
        word.split_once('o').is_some_and(|(hash, until)| {
            hash.len() >= 40
                && hash.bytes().all(|b| b.is_ascii_hexdigit())
                && !until.is_empty()
                && until.bytes().all(|b| b.is_ascii_digit())
        })
    };
    page.split("csrf_token").skip(1).find_map(|after| {
        let words = after.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.take(10).find(|word| is_token(word)).map(str::to_owned)
    })
}

fn no_session(path: &str) -> Error {
    Error::new(ErrorKind::Protocol, format!("the answer of {path} begins no session"))
        .with_remedy("a proxy may take the cookies out of the answers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_in_the_pages_of_both_versions() {
        let token = "e776ad1611975c2e2be70a3a2b9d801f8a410257o1826982323";
        for page in [
            format!(r#"<script>var odoo = {{ csrf_token: "{token}", debug: "" }};</script>"#),
            format!(r#"<input type="hidden" name="csrf_token" value="{token}"/>"#),
            format!("csrf_token: none <p>csrf_token</p> {token}"),
        ] {
            assert_eq!(csrf_token(&page).as_deref(), Some(token), "{page}");
        }
        assert_eq!(csrf_token(&token.replace('o', "x")), None);
        assert_eq!(csrf_token(token), None);
    }
}
