//! The HTTP client underneath every wire.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION,
    RETRY_AFTER, SET_COOKIE,
};
use reqwest::{Method, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};

use super::failure::too_big;
use super::limiter::{Limiter, Load};
use super::network::{Network, root_cause};
use super::{Request, RetryPolicy, jsonrpc, session, trace};
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
    /// The addresses of most calls.
    usual: [(&'static str, Url); 2],
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
    /// How many bytes the body of the request had.
    pub(crate) sent: usize,
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
        if network.accepts_invalid_certificates {
            trace::danger(&shown);
        }
        let builder = reqwest::Client::builder()
            .user_agent(concat!("odoo-client/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            // Shorter than that of nginx, 75 s: a request on a connection that is just being closed fails, and nobody
            // knows whether the server had read it.
            .pool_idle_timeout(Duration::from_secs(60))
            // Followed, a redirect would turn the POST into a GET, or carry the password to another host.
            .redirect(redirect::Policy::none());
        let client = network
            .apply(builder, &base)?
            .build()
            .map_err(|error| Error::config(format!("cannot set up HTTP for {shown}: {}", root_cause(&error))))?;
        let usual = [jsonrpc::PATH, session::CALL].map(|path| (path, url_below(&base, path)));
        Ok(Self { client, base, usual, shown, limits, limiter, network, cookie: None })
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
        let limit = timeout.unwrap_or(self.limits.call);
        let clock = Clock::start(limit, self.limits.idle);
        let url = self.url(&path);
        let sent = body.as_ref().map_or(0, Vec::len);
        let has_body = body.is_some();
        let mut request = self.client.request(if has_body { Method::POST } else { Method::GET }, url);
        if let (Some((user, password)), false) = (&self.network.basic_auth, headers.contains_key(AUTHORIZATION)) {
            request = request.basic_auth(user, Some(password.expose_secret()));
        }
        // A user name and password of the URL are headers by now.
        let mut request = request.build().map_err(|error| self.not_sent(&error, limit))?;
        let own = request.headers_mut();
        own.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if has_body {
            own.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        // No login may take it over: its id would change, and this one be worth nothing.
        if let (Some(cookie), jsonrpc::PATH) = (&self.cookie, &*path) {
            own.insert(COOKIE, cookie.clone());
        }
        for (name, value) in &headers {
            own.insert(name, value.clone());
        }
        *request.body_mut() = body.map(Into::into);
        let response = match clock.within(self.client.execute(request)).await {
            Ok(response) => response.map_err(|error| self.not_sent(&error, limit))?,
            Err(_) => return Err(self.timed_out(limit).executed()),
        };
        let status = response.status().as_u16();
        let headers = response.headers();
        let content_type = text(headers, &CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
        let location = text(headers, &LOCATION).map(|to| match self.base.join(to) {
            Ok(url) => shown(&url),
            Err(_) => "an address that is none".to_owned(),
        });
        let session_id = session_id(headers);
        // Taken off by `reqwest` together with the compression itself.
        let encoding = text(headers, &CONTENT_ENCODING)
            .map(|encoding| encoding.trim().to_ascii_lowercase())
            .filter(|encoding| !encoding.is_empty() && encoding != "identity");
        let retry_after = text(headers, &RETRY_AFTER).and_then(|wait| retry_after(wait, Timestamp::now()));
        let body = self.read(response, &clock, limit).await.map_err(|error| error.with_status(status))?;
        let answer = Answer { path, status, sent, content_type, session_id, location, encoding, retry_after, body };
        trace::request(&answer);
        Ok(answer)
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
        match self.usual.iter().find(|(known, _)| *known == path) {
            Some((_, url)) => url.clone(),
            None => url_below(&self.base, path),
        }
    }

    async fn read(&self, mut response: reqwest::Response, clock: &Clock, timeout: Duration) -> Result<Vec<u8>, Error> {
        let limit = self.limits.max_response_bytes;
        let announced = response.content_length().unwrap_or(0);
        if announced > limit {
            return Err(too_big(limit));
        }
        // What a server announces is only a hint: it must not make this client reserve what never arrives.
        let mut body = Vec::with_capacity(usize::try_from(announced.min(1 << 20)).unwrap_or(0));
        loop {
            let Ok(next) = clock.within(response.chunk()).await else {
                return Err(self.timed_out(timeout).executed());
            };
            match next {
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

fn url_below(base: &Url, path: &str) -> Url {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url.set_query(query);
    url
}

/// Time limits of one request: one timer for both, and none at all where nothing is waited for.
struct Clock {
    end: Option<Instant>,
    idle: Duration,
}

impl Clock {
    fn start(limit: Duration, idle: Duration) -> Self {
        // Without an end of time in reach there is no limit either.
        Self { end: Instant::now().checked_add(limit), idle }
    }

    async fn within<F: Future>(&self, future: F) -> Result<F::Output, Elapsed> {
        let silent = Instant::now().checked_add(self.idle);
        match self.end.into_iter().chain(silent).min() {
            Some(end) => timeout_at(end, future).await,
            None => Ok(future.await),
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

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
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
