//! The HTTP client underneath every wire.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod clock;
pub(crate) mod failure;
pub(crate) mod limiter;
pub(crate) mod network;
pub(crate) mod received;
pub(crate) mod spare;
pub(crate) mod stream;

use std::borrow::Cow;
use std::mem::take;
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, Url, redirect};
use secrecy::ExposeSecret;

use crate::error::Error;
use crate::transport::address::{self, form, shown, without_login};
use crate::transport::http::answer::Answer;
use crate::transport::http::body::Body;
use crate::transport::http::clock::{Clock, TimeLimit};
use crate::transport::http::failure::{ASK_FOR_LESS, root_cause};
use crate::transport::http::limiter::{Limiter, Load};
use crate::transport::http::network::Network;
use crate::transport::http::received::Received;
use crate::transport::{Request, RetryPolicy, trace};

/// Where calls go over JSON-RPC.
pub(crate) const JSONRPC: &str = "/jsonrpc";
/// Where they go in a web session.
pub(crate) const CALL_KW: &str = "/web/dataset/call_kw";

/// The most of an answer that comes before the login, or makes it: versions, names of databases, a session.
const SMALL_BYTES: u64 = 1 << 20;

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

/// What has to wait, on the heap: for what is big and seldom done, so that no call carries it.
///
/// And no program has it twice: the compiler copies what an `async fn` does to wherever it is awaited, but not this.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A server's address and the connections to it.
pub(crate) struct Http {
    client: reqwest::Client,
    /// Without user name and password: those are the [headers](Self::get_headers).
    base: Url,
    /// The headers of every GET, except for those that `client` adds: at most basic authentication for something in front of
    /// the server.
    get_headers: HeaderMap,
    /// Those of every POST: the same, and the type of what is posted.
    post_headers: HeaderMap,
    /// The addresses of most calls.
    usual: [(&'static str, Url); 2],
    pub(crate) shown: String,
    pub(crate) limits: Limits,
    limiter: Arc<Limiter>,
    pub(crate) network: Network,
    /// [`Difference::ErrorsInWords`], once the version is known: what some answers mean depends on it.
    pub(crate) errors_in_words: OnceLock<bool>,
    /// A session without a login; see [`choose_database`](Self::choose_database).
    cookie: Option<HeaderValue>,
}

impl Http {
    pub(crate) fn new(mut base: Url, limits: Limits, network: Network, limiter: Arc<Limiter>) -> Result<Self, Error> {
        let shown = shown(&base);
        if network.accepts_invalid_certificates {
            trace::warn_of_danger(&shown);
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
        let mut get_headers = HeaderMap::new();
        if let Some(authorization) = network.authorization(&client, &base)? {
            get_headers.insert(AUTHORIZATION, authorization);
        }
        let mut post_headers = get_headers.clone();
        post_headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        without_login(&mut base);
        let usual = [JSONRPC, CALL_KW].map(|path| (path, address::below(&base, path)));
        Ok(Self {
            client,
            base,
            get_headers,
            post_headers,
            usual,
            shown,
            limits,
            limiter,
            network,
            errors_in_words: OnceLock::new(),
            cookie: None,
        })
    }

    /// Whether every request has to carry basic authentication for something in front of the server.
    pub(crate) fn has_basic_auth(&self) -> bool {
        self.get_headers.contains_key(AUTHORIZATION)
    }

    /// Whether the server may be anybody.
    pub(crate) fn accepts_invalid_certificates(&self) -> bool {
        self.network.accepts_invalid_certificates
    }

    /// The server's address without user name and password.
    pub(crate) fn shown_url(&self) -> &str {
        &self.shown
    }

    /// Where the server is if the path of its address is too much, or `None` if it has none.
    pub(crate) fn without_path(&self) -> Option<String> {
        (self.base.path().len() > 1).then(|| self.base.origin().ascii_serialization())
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The limit of a request that begins now, if nothing else is said.
    pub(crate) fn time_limit(&self) -> TimeLimit {
        TimeLimit::new(self.limits.call)
    }

    /// What every call, whichever wire it takes, has to pass before it is sent.
    pub(crate) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Sends a request and reads the whole answer.
    ///
    /// What does not have to wait stays out of the future, which is big.
    pub(crate) fn send(&self, request: Request, limit: TimeLimit) -> Boxed<'_, Answer> {
        let sent = request.body.as_ref().map_or(0, Body::len);
        // While a stream is sent, the server has nothing to say.
        let idle = if request.body.as_ref().is_some_and(Body::is_stream) { limit.limit } else { self.limits.idle };
        let Request { method, path, headers, body, is_small, is_streamed } = request;
        let max = self.limits.max_response_bytes;
        let max = if is_small { max.min(SMALL_BYTES) } else { max };
        let response = self.client.execute(self.prepare(method, &path, headers, body));
        Box::pin(async move {
            let timer = pin!(None);
            let mut clock = Clock::start(limit, idle, timer);
            let mut response = match clock.within(response).await {
                Ok(response) => response.map_err(|error| self.not_sent(&error, limit.limit))?,
                Err(_) => return Err(self.timed_out(limit.limit).executed()),
            };
            if is_streamed && response.status().is_success() {
                let headers = response.headers().clone();
                let answer = self.answer(path, sent, &mut response, Ok(Bytes::new()), limit)?;
                *response.headers_mut() = headers.clone();
                return Ok(Answer { headers, rest: Some(Box::new(response)), ..answer });
            }
            let body = self.read(&mut response, &mut clock, limit.limit, max).await;
            self.answer(path, sent, &mut response, body, limit)
        })
    }

    /// Sends a request that is no call, such as those of a login, when the limiter lets it.
    pub(crate) fn ask(&self, request: Request) -> Boxed<'_, Answer> {
        Box::pin(async {
            self.again(request.small(), self.limits.call).await.map_err(|error| match error.remedy() {
                Some(ASK_FOR_LESS) => {
                    error.with_remedy("no Odoo says so much before a login: is the URL that of an Odoo server?")
                }
                _ => error,
            })
        })
    }

    /// Sends one more request of a call, when the limiter lets it: that wait does not count towards the limit.
    pub(crate) fn again(&self, request: Request, limit: Duration) -> Boxed<'_, Answer> {
        Box::pin(async move {
            self.limiter.keep_pace().await;
            self.send(request, TimeLimit::new(limit)).await
        })
    }

    /// The next piece of a body that was left to come.
    pub(crate) async fn piece(&self, response: &mut reqwest::Response) -> Result<Option<Bytes>, Error> {
        let timer = pin!(None);
        let mut clock = Clock::start(TimeLimit::new(Duration::MAX), self.limits.idle, timer);
        match clock.within(response.chunk()).await {
            Ok(piece) => piece.map_err(|error| self.broken_off(&error, 0, self.limits.idle)),
            Err(_) => Err(self.timed_out(self.limits.idle).executed()),
        }
    }

    /// All of a body that was left to come.
    pub(crate) async fn rest(&self, response: &mut reqwest::Response, limit: TimeLimit) -> Result<Bytes, Error> {
        let timer = pin!(None);
        let mut clock = Clock::start(limit, self.limits.idle, timer);
        self.read(response, &mut clock, limit.limit, self.limits.max_response_bytes).await
    }

    fn prepare(&self, method: Method, path: &str, headers: HeaderMap, body: Option<Body>) -> reqwest::Request {
        let mut request = reqwest::Request::new(method, self.url(path));
        let own = request.headers_mut();
        own.clone_from(if body.is_some() { &self.post_headers } else { &self.get_headers });
        // No login may take it over: its id would change, and this one be worth nothing.
        if let (Some(cookie), JSONRPC) = (&self.cookie, path) {
            own.insert(COOKIE, cookie.clone());
        }
        for (name, value) in &headers {
            own.insert(name, value.clone());
        }
        *request.body_mut() = body.map(Into::into);
        request
    }

    fn answer(
        &self,
        path: Cow<'static, str>,
        sent: usize,
        response: &mut reqwest::Response,
        body: Result<Bytes, Error>,
        limit: TimeLimit,
    ) -> Result<Answer, Error> {
        let status = response.status().as_u16();
        let body = body.map_err(|error| error.with_status(status))?;
        let headers = take(response.headers_mut());
        // Some servers write it in UTF-8, which headers are not.
        let location = headers.get(&LOCATION).filter(|_| response.status().is_redirection());
        let location = location.map(|to| match self.base.join(&String::from_utf8_lossy(to.as_bytes())) {
            Ok(url) => shown(&url),
            Err(_) => "an address that is not valid".to_owned(),
        });
        let errors_in_words = self.errors_in_words.get().copied().unwrap_or_default();
        let max_memory = self.limits.max_response_bytes;
        let answer =
            Answer { path, status, sent, errors_in_words, headers, location, body, limit, max_memory, rest: None };
        trace::tell_request(&answer);
        match status {
            429 => self.limiter.slow_down(limit.began, answer.retry_after()),
            // What is not accepted may be counted, too.
            400.. => {}
            _ => self.limiter.speed_up(),
        }
        Ok(answer)
    }

    /// Asks for a session in which a database is chosen and nobody is logged in, and sends it along from now on.
    ///
    /// If the server gives none, or the session ends, then errors have fewer details; nothing else depends on it.
    pub(crate) async fn choose_database(&mut self, database: &str) {
        let request = Request::get(format!("/web/login?{}", form(&[("db", database)])));
        if let Some(id) = self.ask(request).await.ok().and_then(|answer| answer.session_id()) {
            self.cookie =
                HeaderValue::from_str(&format!("session_id={}", id.expose_secret())).ok().map(|mut cookie| {
                    cookie.set_sensitive(true);
                    cookie
                });
        }
    }

    /// The path of a redirect, if it stays where this Odoo is.
    pub(crate) fn path_of(&self, asked: &str, location: &str) -> Option<String> {
        let url = self.url(asked).join(location).ok()?;
        let folder = self.base.path().trim_end_matches('/');
        let path = url.path().strip_prefix(folder).filter(|path| path.starts_with('/'))?;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        (url.origin() == self.base.origin()).then(|| format!("{path}{query}"))
    }

    fn url(&self, path: &str) -> Url {
        match self.usual.iter().find(|(known, _)| *known == path) {
            Some((_, url)) => url.clone(),
            None => address::below(&self.base, path),
        }
    }

    async fn read(
        &self,
        response: &mut reqwest::Response,
        clock: &mut Clock<'_>,
        timeout: Duration,
        limit: u64,
    ) -> Result<Bytes, Error> {
        let mut body = Received::new(response, limit)?;
        loop {
            let Ok(next) = clock.within(response.chunk()).await else {
                return Err(self.timed_out(timeout).executed());
            };
            match next {
                Ok(Some(chunk)) => {
                    body.add(&chunk, limit)?;
                    // The end has come with it, and need not be waited for.
                    if body.is_complete() {
                        return body.finish(limit);
                    }
                }
                Ok(None) => return body.finish(limit),
                Err(error) => return Err(self.broken_off(&error, body.came(), timeout)),
            }
        }
    }
}
