//! The HTTP client underneath every wire.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER,
    SET_COOKIE,
};
use reqwest::{Url, redirect};
use secrecy::{ExposeSecret, SecretString};

use super::failure::too_big;
use super::limiter::{Limiter, Load};
use super::network::{Network, root_cause};
use super::{Request, RetryPolicy};
use crate::error::Error;

/// How long to wait and how much to accept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    /// From the first byte sent to the last one received.
    pub(crate) call: Duration,
    /// Between two pieces of an answer.
    pub(crate) idle: Duration,
    pub(crate) max_response_bytes: u64,
    pub(crate) retry: RetryPolicy,
    pub(crate) load: Load,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(120),
            idle: Duration::from_secs(60),
            max_response_bytes: 256 << 20,
            retry: RetryPolicy::new(),
            load: Load::default(),
        }
    }
}

/// A server's address and the connections to it.
pub(crate) struct Http {
    client: reqwest::Client,
    /// May hold the user name and password of a proxy: show [`shown`](Self::shown) instead.
    base: Url,
    pub(super) shown: String,
    pub(super) limits: Limits,
    limiter: Limiter,
    pub(super) network: Network,
    /// A session without a login; see [`choose_database`](Self::choose_database).
    cookie: Option<HeaderValue>,
}

/// A complete answer.
pub(crate) struct Answer {
    /// The path that was asked.
    pub(crate) path: Cow<'static, str>,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// The session that the server starts with this answer: the value of its `session_id` cookie.
    pub(crate) session_id: Option<SecretString>,
    /// Where a redirect leads, without user name, password or query.
    pub(crate) location: Option<String>,
    /// A compression that is still on the body, for want of a decoder.
    pub(crate) encoding: Option<String>,
    /// How long the server asks to wait before the next request.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

impl Http {
    pub(crate) fn new(url: &str, limits: Limits, network: Network) -> Result<Self, Error> {
        let mut base = parse_base(url)?;
        if network.basic_auth.is_some() {
            without_login(&mut base);
        }
        let limiter = Limiter::new(limits.load)?;
        let shown = shown(&base);
        let builder = reqwest::Client::builder()
            .user_agent(concat!("odoo-client/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .read_timeout(limits.idle)
            // Shorter than that of nginx, 75 s: a request on a connection that is just being closed fails, and nobody
            // knows whether the server had read it.
            .pool_idle_timeout(Duration::from_secs(60))
            // Followed, a redirect would turn the POST into a GET, or carry the password to another host.
            .redirect(redirect::Policy::none());
        let client = network
            .apply(builder, &base)?
            .build()
            .map_err(|error| Error::config(format!("cannot set up HTTP for {shown}: {}", root_cause(&error))))?;
        Ok(Self { client, base, shown, limits, limiter, network, cookie: None })
    }

    /// Whether every request has to carry basic authentication for something in front of the server.
    pub(crate) fn has_basic_auth(&self) -> bool {
        self.network.basic_auth.is_some() || !self.base.username().is_empty()
    }

    /// Whether the server may be anybody.
    pub(crate) fn accepts_invalid_certificates(&self) -> bool {
        self.network.accepts_invalid_certificates
    }

    /// The server's address without user name and password.
    pub(crate) fn shown_url(&self) -> &str {
        &self.shown
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What every call, whichever wire it takes, has to pass before it is sent.
    pub(crate) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(&self, request: Request, timeout: Option<Duration>) -> Result<Answer, Error> {
        let Request { path, headers, body } = request;
        let timeout = timeout.unwrap_or(self.limits.call);
        let url = self.url(&path);
        let mut request = match body {
            Some(body) => self.client.post(url).header(CONTENT_TYPE, "application/json").body(body),
            None => self.client.get(url),
        };
        if let (Some((user, password)), false) = (&self.network.basic_auth, headers.contains_key(AUTHORIZATION)) {
            request = request.basic_auth(user, Some(password.expose_secret()));
        }
        request = request.header(ACCEPT, "application/json").headers(headers).timeout(timeout);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let response = request.send().await.map_err(|error| self.not_sent(&error, timeout))?;
        let status = response.status().as_u16();
        let headers = response.headers();
        let content_type = text(headers, CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
        let location = text(headers, LOCATION.as_str()).map(|to| match self.base.join(to) {
            Ok(url) => shown(&url),
            Err(_) => "an address that is none".to_owned(),
        });
        let session_id = session_id(headers);
        // Taken off by `reqwest` together with the compression itself.
        let encoding = text(headers, CONTENT_ENCODING.as_str())
            .map(|encoding| encoding.trim().to_ascii_lowercase())
            .filter(|encoding| !encoding.is_empty() && encoding != "identity");
        let retry_after = text(headers, RETRY_AFTER.as_str()).and_then(|wait| retry_after(wait, Timestamp::now()));
        let body = self.read(response, timeout).await.map_err(|error| error.with_status(status))?;
        Ok(Answer { path, status, content_type, session_id, location, encoding, retry_after, body })
    }

    /// Asks for a session in which a database is chosen and nobody is logged in, and sends it along from now on.
    ///
    /// If the server gives none, or the session ends, then errors have fewer details; nothing else depends on it.
    pub(crate) async fn choose_database(&mut self, database: &str) {
        let mut query = self.base.clone();
        query.query_pairs_mut().clear().append_pair("db", database);
        let request = Request::get(format!("/web/login?{}", query.query().unwrap_or_default()));
        if let Ok(Answer { session_id: Some(id), .. }) = self.send(request, None).await {
            self.cookie =
                HeaderValue::from_str(&format!("session_id={}", id.expose_secret())).ok().map(|mut cookie| {
                    cookie.set_sensitive(true);
                    cookie
                });
        }
    }

    fn url(&self, path: &str) -> Url {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    async fn read(&self, mut response: reqwest::Response, timeout: Duration) -> Result<Vec<u8>, Error> {
        let limit = self.limits.max_response_bytes;
        let announced = response.content_length().unwrap_or(0);
        if announced > limit {
            return Err(too_big(limit));
        }
        // What a server announces is only a hint: it must not make this client reserve what never arrives.
        let mut body = Vec::with_capacity(usize::try_from(announced.min(1 << 20)).unwrap_or(0));
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    if (body.len() + chunk.len()) as u64 > limit {
                        return Err(too_big(limit));
                    }
                    body.extend_from_slice(&chunk);
                }
                Ok(None) => return Ok(body),
                Err(error) => return Err(self.broken_off(&error, body.len(), timeout)),
            }
        }
    }
}

/// The session that an answer starts.
fn session_id(headers: &HeaderMap) -> Option<SecretString> {
    headers.get_all(SET_COOKIE).iter().find_map(|set| {
        let (name, value) = set.to_str().ok()?.split(';').next()?.split_once('=')?;
        (name.trim() == "session_id" && !value.trim().is_empty()).then(|| value.trim().into())
    })
}

/// Reads a `Retry-After`: seconds, or the date at which to try again.
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    // A date that has passed means now.
    Some(Duration::try_from(at.duration_since(now)).unwrap_or_default())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn parse_base(url: &str) -> Result<Url, Error> {
    // The text itself stays out of the message: what cannot be parsed cannot be stripped of a password.
    let wrong = |why: &str| {
        Error::config(format!("the server's URL is not usable: {why}"))
            .with_remedy("give one like https://odoo.example.com")
    };
    let mut base = Url::parse(url.trim()).map_err(|error| match error.to_string() {
        relative if relative.contains("without a base") => wrong("it does not begin with http:// or https://"),
        other => wrong(&other),
    })?;
    if !matches!(base.scheme(), "http" | "https") {
        return Err(wrong("it does not begin with http:// or https://"));
    }
    // As copied from a browser's address bar.
    base.set_query(None);
    base.set_fragment(None);
    Ok(base)
}

fn without_login(url: &mut Url) {
    // These fail on URLs that cannot have them, which is as good.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// A URL that may be shown: no user name, password, query or trailing slash.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    without_login(&mut url);
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_url_is_shown_without_what_is_secret_or_noise() {
        let base = parse_base(" https://bob:hunter2@odoo.example.com/?db=x#menu ").unwrap();
        assert_eq!(shown(&base), "https://odoo.example.com");
        assert_eq!(shown(&parse_base("http://h:8069/odoo/").unwrap()), "http://h:8069/odoo");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        for (value, seconds) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Mon, 23 Nov 2026 12:01:30 GMT", Some(90)),
            ("Mon, 23 Nov 2026 11:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn a_url_that_is_none_is_not_repeated() {
        for url in ["odoo.example.com", "bob:hunter2@h", "ftp://bob:hunter2@h", "", "http://bob:hunter2@"] {
            let error = parse_base(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains("https://odoo.example.com"), "{error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}
