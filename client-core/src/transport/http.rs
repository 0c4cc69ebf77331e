//! The HTTP client underneath every wire.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::{Url, redirect};
use secrecy::{ExposeSecret, SecretString};

use super::Request;
use crate::error::{Error, ErrorKind};

/// How long to wait and how much to accept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    /// From the first byte sent to the last one received.
    pub(crate) call: Duration,
    /// Between two pieces of an answer.
    pub(crate) idle: Duration,
    pub(crate) max_response_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(120),
            idle: Duration::from_secs(60),
            max_response_bytes: 256 << 20,
        }
    }
}

/// A server's address and the connections to it.
pub(crate) struct Http {
    client: reqwest::Client,
    /// May hold the user name and password of a proxy: show [`shown`](Self::shown) instead.
    base: Url,
    shown: String,
    limits: Limits,
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
    pub(crate) body: Vec<u8>,
}

impl Http {
    pub(crate) fn new(url: &str, limits: Limits) -> Result<Self, Error> {
        let base = parse_base(url)?;
        let shown = shown(&base);
        let builder = reqwest::Client::builder()
            .user_agent(concat!("odoo-client/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .read_timeout(limits.idle)
            // Followed, a redirect would turn the POST into a GET, or carry the password to another host.
            .redirect(redirect::Policy::none());
        let client = with_tls(builder, &base)?
            .build()
            .map_err(|error| Error::config(format!("cannot set up HTTP for {shown}: {}", root_cause(&error))))?;
        Ok(Self { client, base, shown, limits, cookie: None })
    }

    /// The server's address without user name and password.
    pub(crate) fn shown_url(&self) -> &str {
        &self.shown
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
        let body = self.read(response, timeout).await.map_err(|error| error.with_status(status))?;
        Ok(Answer { path, status, content_type, session_id, location, body })
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
                Err(error) if error.is_timeout() => return Err(self.timed_out(timeout).executed()),
                Err(error) => {
                    let what = format!("the answer broke off after {} bytes: {}", body.len(), root_cause(&error));
                    return Err(Error::new(ErrorKind::Connect, what).executed());
                }
            }
        }
    }

    fn not_sent(&self, error: &reqwest::Error, timeout: Duration) -> Error {
        let cause = root_cause(error);
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => Error::new(
                ErrorKind::Timeout,
                format!("no connection to {} within {:?}", self.shown, self.limits.connect.min(timeout)),
            )
            .with_remedy("check host and port, and whether a firewall is in between"),
            (true, false) => Error::new(ErrorKind::Connect, format!("cannot connect to {}: {cause}", self.shown))
                .with_remedy(if self.base.scheme() == "https" {
                    "check the URL, whether the server speaks https, and whether this system trusts its certificate"
                } else {
                    "check the URL, and whether the server is running"
                }),
            (false, true) => self.timed_out(timeout).executed(),
            (false, false) => {
                Error::new(ErrorKind::Connect, format!("the connection to {} broke: {cause}", self.shown)).executed()
            }
        }
    }

    fn timed_out(&self, timeout: Duration) -> Error {
        let within = if self.limits.idle < timeout {
            format!("{timeout:?} (or was silent for {:?})", self.limits.idle)
        } else {
            format!("{timeout:?}")
        };
        Error::new(ErrorKind::Timeout, format!("{} gave no complete answer within {within}", self.shown))
            .with_remedy("the server may still be at work on it: ask for less at a time, or raise the timeout")
    }
}

fn too_big(limit: u64) -> Error {
    Error::new(ErrorKind::Protocol, format!("the answer is bigger than the limit of {limit} bytes"))
        .with_remedy("ask for fewer records or fields at a time, or raise `max_response_bytes`")
        .executed()
}

/// The innermost reason: what `reqwest` and `hyper` wrap around it says no more than that a request failed.
fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// The session that an answer starts.
fn session_id(headers: &HeaderMap) -> Option<SecretString> {
    headers.get_all(SET_COOKIE).iter().find_map(|set| {
        let (name, value) = set.to_str().ok()?.split(';').next()?.split_once('=')?;
        (name.trim() == "session_id" && !value.trim().is_empty()).then(|| value.trim().into())
    })
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

/// A URL that may be shown: no user name, password, query or trailing slash.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // These fail on URLs that cannot have them, which is as good.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().trim_end_matches('/').to_owned()
}

#[cfg(feature = "rustls")]
fn with_tls(builder: reqwest::ClientBuilder, base: &Url) -> Result<reqwest::ClientBuilder, Error> {
    use rustls::crypto::{CryptoProvider, ring};
    // `reqwest` takes the provider of the process. If the program has chosen one that holds, and losing the race to
    // install ours means just that.
    if CryptoProvider::get_default().is_none() {
        let _ = ring::default_provider().install_default();
    }
    // Plain HTTP has no use for the system's certificates, which a small container may not even have.
    Ok(if base.scheme() == "http" { builder.tls_certs_only([]) } else { builder })
}

#[cfg(not(feature = "rustls"))]
fn with_tls(builder: reqwest::ClientBuilder, base: &Url) -> Result<reqwest::ClientBuilder, Error> {
    if base.scheme() == "https" {
        return Err(Error::config("this program was built without TLS, so https:// does not work")
            .with_remedy("enable the feature `rustls` of odoo-client"));
    }
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_is_secret_or_noise() {
        let base = parse_base(" https://bob:hunter2@odoo.example.com/?db=x#menu ").unwrap();
        assert_eq!(shown(&base), "https://odoo.example.com");
        assert_eq!(shown(&parse_base("http://h:8069/odoo/").unwrap()), "http://h:8069/odoo");
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
