//! Routes of one's own: requests that are no calls of a model, to the same server and with the same login.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION};
use tracing::{Instrument, Span};

use crate::error::{Error, ErrorKind};
use crate::model::json;
use crate::transport::answers::fault::{Exchange, Fault};
use crate::transport::answers::page;
use crate::transport::http::answer::{Answer, text};
use crate::transport::http::stream::Stream;
use crate::transport::retry::{Retries, repeat};
use crate::transport::wires::session::asks_for_login;
use crate::transport::{Envelope, Reply, Request, RetryPolicy, TimeLimit, Transport, Wire, trace};

/// How many redirects are followed one after another.
const REDIRECTS: usize = 5;
/// What a stream is given time for at least, in bytes a second.
const SLOWEST: u64 = 100_000;

/// A request to a route.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// Checked; may end in a query.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
    /// Whether the client's login goes along.
    pub(crate) logs_in: bool,
    /// Whether that is a web session, also where calls go with a key.
    pub(crate) in_session: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) is_idempotent: bool,
}

/// The body of a request.
pub(crate) enum Content {
    Nothing,
    Bytes(Bytes),
    /// Gone once it was sent.
    Stream(Mutex<Option<Stream>>),
}

impl Route {
    pub(crate) fn new(method: Method, path: String) -> Result<Self, Error> {
        check(&path)?;
        Ok(Self {
            method,
            path,
            headers: HeaderMap::new(),
            content: Content::Nothing,
            logs_in: true,
            in_session: false,
            timeout: None,
            retry: None,
            is_idempotent: false,
        })
    }

    /// Reads something that only a web session is shown.
    pub(crate) fn get_in_session(path: String) -> Result<Self, Error> {
        Ok(Self { in_session: true, ..Self::new(Method::GET, path)? })
    }

    /// As it may be shown: a query can hold anything.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", self.method, self.path.split('?').next().unwrap_or_default())
    }

    fn is_safe(&self) -> bool {
        self.method.is_safe()
    }

    fn request(&self, path: &str, is_streamed: bool) -> Result<Request, Error> {
        let mut request = Request::new(self.method.clone(), path.to_owned());
        request.headers.clone_from(&self.headers);
        request.is_streamed = is_streamed;
        if is_streamed {
            // A stream is handed on as it comes.
            request.headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
        }
        request.body = match &self.content {
            Content::Nothing => None,
            Content::Bytes(bytes) => Some(bytes.clone().into()),
            Content::Stream(stream) => {
                let stream = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
                let stream = stream.ok_or_else(|| {
                    Error::new(ErrorKind::SessionExpired, "the session had expired, and the stream is spent")
                        .with_remedy(
                            "the client has a new session by now: make the request again, with the stream anew",
                        )
                })?;
                Some(stream.into())
            }
        };
        Ok(request)
    }

    fn retries(&self, transport: &Transport) -> Retries {
        let limits = transport.http.limits();
        let (mut retry, mut limit) = (self.retry.unwrap_or(limits.retry), limits.call);
        if let Content::Stream(stream) = &self.content {
            retry = RetryPolicy::never();
            let length = stream.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, |stream| stream.left);
            limit += Duration::from_secs(length / SLOWEST);
        }
        Retries::new(retry, self.timeout.unwrap_or(limit))
    }
}

impl Transport {
    /// Sends a request, again if need be and if that is safe. The body of the answer is still to come.
    pub(crate) async fn route(&self, route: &Route) -> Result<Answer, Error> {
        self.repeat_route(route, Ok, true).await
    }

    /// The same for a route that speaks JSON-RPC; the reply holds a result, which is not read yet.
    pub(crate) async fn json_route(&self, route: &Route) -> Result<Reply, Error> {
        self.repeat_route(route, |answer| Reply::new(answer, Envelope::JsonRpc).check(None), false).await
    }

    async fn repeat_route<T>(
        &self,
        route: &Route,
        read: impl Fn(Answer) -> Result<T, Error>,
        is_streamed: bool,
    ) -> Result<T, Error> {
        let span = trace::route_span(&route.method, &route.path);
        let mut retries = route.retries(self);
        let is_repeatable = || route.is_idempotent || route.is_safe();
        let (of, by) = (&span, &read);
        let attempt = |limit| async move {
            let answer = Box::pin(self.follow(route, is_streamed, limit, of)).await;
            answer.and_then(by).map_err(|error| meant(error, route))
        };
        let outcome = repeat(&mut retries, Some(self.http.limiter()), is_repeatable, attempt);
        let outcome = outcome.instrument(span.clone()).await;
        trace::record_end(&span, retries.attempts(), &outcome);
        outcome.map_err(|error| error.with_doing(route.shown()))
    }

    /// One attempt, where it leads, and whether that is good.
    async fn follow(&self, route: &Route, is_streamed: bool, limit: TimeLimit, span: &Span) -> Result<Answer, Error> {
        match self.answer_of(route, is_streamed, limit, span).await? {
            answer if answer.status >= 400 => Err(refused(&answer)),
            answer => Ok(answer),
        }
    }

    /// The answer of a route, whatever its status, or of where it leads on this server.
    pub(super) async fn answer_of(
        &self,
        route: &Route,
        is_streamed: bool,
        limit: TimeLimit,
        span: &Span,
    ) -> Result<Answer, Error> {
        let mut path = route.path.clone();
        for _ in 0..=REDIRECTS {
            let answer = self.once(route, &path, is_streamed, limit).await?;
            trace::record_answer(span, &answer);
            if !matches!(answer.status, 300..=303 | 305..=399) {
                return Ok(answer);
            }
            let next = text(&answer.headers, &LOCATION).and_then(|to| self.http.path_of(&path, to));
            match next {
                Some(next) if asks_for_login(&next, route.is_safe()) => return Err(wants_login(&answer)),
                Some(next) if route.is_safe() => path = next,
                // What was to be done is done.
                Some(_) => return Ok(answer),
                None => return Err(leads_away(&answer)),
            }
        }
        let what = format!("the server redirected more than {REDIRECTS} times");
        Err(Error::new(ErrorKind::Http, what))
    }

    async fn once(&self, route: &Route, path: &str, is_streamed: bool, limit: TimeLimit) -> Result<Answer, Error> {
        let request = || route.request(path, is_streamed);
        if route.in_session {
            return self.session.send(&self.http, &request, limit).await;
        }
        if !route.logs_in || route.headers.contains_key(AUTHORIZATION) {
            return self.http.send(request()?, limit).await;
        }
        match &self.wire {
            Wire::Json2(wire) => wire.route(&self.http, request, limit).await,
            Wire::JsonRpc(wire) if !self.session.can_begin() => {
                let mut request = request()?;
                if !self.http.has_basic_auth() {
                    request.headers.insert(AUTHORIZATION, wire.bearer()?);
                }
                self.http.send(request, limit).await
            }
            Wire::JsonRpc(_) | Wire::Session => self.session.send(&self.http, &request, limit).await,
        }
    }
}

/// A path of this server's, and of nothing else: no other scheme or host, and nothing above the folder that Odoo is in.
fn check(path: &str) -> Result<(), Error> {
    let wrong = |why: &str| {
        Err(Error::config(format!("the path of a route {why}")).with_remedy("give one such as `/shop/stock`"))
    };
    if !path.starts_with('/') || path.starts_with("//") {
        return wrong("begins with one slash: the server is that of the client");
    }
    if path.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '#')) {
        return wrong("has no spaces, line ends, backslashes or `#` in it");
    }
    let folders = path.split('?').next().unwrap_or_default().split('/');
    let is_dots = |part: &str| matches!(&*part.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    if folders.into_iter().any(is_dots) { wrong("has no `.` and `..` as parts") } else { Ok(()) }
}

/// What an error means of a route: calls of models have the same statuses for other things.
fn meant(error: Error, route: &Route) -> Error {
    let error = match (error.kind(), error.server_exception()) {
        (ErrorKind::NotOdoo, Some(_)) => {
            nothing_there(404).with_server_message(error.server_message().unwrap_or_default())
        }
        _ => error,
    };
    if route.is_safe() { error.not_executed() } else { error }
}

fn nothing_there(status: u16) -> Error {
    Error::new(ErrorKind::Missing, format!("there is nothing at this path (HTTP {status})")).with_remedy(
        "check the path, that the module of the route is installed in this database, and that the record is there which \
         the path is about",
    )
}

/// What a status means that is no good one.
fn refused(answer: &Answer) -> Error {
    let status = answer.status;
    if let Some(encoding) = answer.encoding() {
        return page::encoded(&encoding).with_status(status);
    }
    let fault = json::tree(&answer.body).and_then(Fault::from_error_body);
    let error = match (status, fault) {
        (404, Some(_)) => nothing_there(status),
        (_, Some(fault)) => {
            return fault.into_error(Exchange { target: None, path: &answer.path, status }).with_retry_after(answer.retry_after());
        }
        (401, _) => Error::new(ErrorKind::AccessDenied, "the route does not accept the login, or the key (HTTP 401)")
            .with_remedy(
                "a route with `auth=\"bearer\"` wants an API key of a user, one with `auth=\"api_key\"` the header `Api-Key`, \
                 one with `auth=\"user\"` a web session, which takes a password",
            ),
        (403, _) => Error::new(ErrorKind::Access, "the route, or something before it, forbids the request (HTTP 403)"),
        (404 | 410, _) => nothing_there(status),
        (405, _) => Error::new(ErrorKind::Http, "the route does not take this method (HTTP 405)"),
        (400 | 409 | 422, _) => {
            Error::new(ErrorKind::User, format!("the route refuses the request (HTTP {status})"))
        }
        (500, _) => Error::new(ErrorKind::Http, "the route failed without saying why (HTTP 500)")
            .with_remedy("the server's log says why")
            .executed(),
        _ => return page::error(answer).with_retry_after(answer.retry_after()),
    };
    error.with_status(status).with_server_message(page::text(&answer.body))
}

fn wants_login(answer: &Answer) -> Error {
    Error::new(ErrorKind::AccessDenied, format!("the server asks for a login (HTTP {})", answer.status))
        .with_status(answer.status)
        .with_remedy("the route wants a web session: give the client user and password; an API key alone begins none")
}

/// Followed, it would carry the login to who knows whom.
fn leads_away(answer: &Answer) -> Error {
    let (status, to) = (answer.status, answer.location.as_deref().unwrap_or("nowhere"));
    Error::new(ErrorKind::Http, format!("the server redirects to {to} (HTTP {status}), which is not this Odoo"))
        .with_status(status)
        .with_remedy("that is not followed, as the login would go along: ask that address without this client")
        .executed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_of_this_server_only() {
        for path in
            ["/", "/shop/stock", "/shop/a-b_c.d?sku=A 1".replace(' ', "%20").as_str(), "/a/...", "/a?b=../c", "/é"]
        {
            assert!(check(path).is_ok(), "{path}");
        }
        for path in [
            "",
            "shop",
            "//evil.example/a",
            "https://evil.example/",
            "/\\evil.example",
            "/a/../../b",
            "/..",
            "/a/.",
            "/%2e%2E/a",
            "/.%2e/a",
            "/a b",
            "/a\r\nHost: evil",
            "/a#b",
        ] {
            assert_eq!(check(path).unwrap_err().kind(), ErrorKind::Config, "{path:?}");
        }
    }
}
