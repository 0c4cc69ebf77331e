//! How calls travel: a call is described without a word about the wire, a wire turns it into an HTTP request and says
//! where in the answer its result is.
//!
//! Who is logged in is known in one place ([`Identity`]), whatever the wire.

mod address;
mod answers;
mod http;
mod retry;
mod trace;
mod wires;

use std::borrow::Cow;
use std::future::ready;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use tracing::{Instrument, Span};

use self::answers::envelope::Envelope;
pub(crate) use self::answers::page::encoded;
pub(crate) use self::answers::reply::Reply;
pub(crate) use self::http::answer::Answer;
use self::http::body::Body;
pub(crate) use self::http::body::Json;
pub(crate) use self::http::clock::TimeLimit;
pub(crate) use self::http::limiter::Limiter;
pub(crate) use self::http::network::Network;
pub(crate) use self::http::stream::Stream;
pub(crate) use self::http::{Boxed, Http, Limits};
use self::retry::Retries;
pub use self::retry::RetryPolicy;
pub(crate) use self::retry::{connect, random};
pub(crate) use self::wires::arguments::Arguments;
pub use self::wires::choice::WireKind;
pub(crate) use self::wires::choice::{Credential, choose};
pub(crate) use self::wires::discovery::{databases, find_server};
pub(crate) use self::wires::json2::Json2;
pub(crate) use self::wires::jsonrpc::{Credentials, JsonRpc, envelope as json_rpc};
pub(crate) use self::wires::login::{LogIn, Totp, csrf_token};
pub(crate) use self::wires::report::Paper;
pub(crate) use self::wires::route::{Content, Route};
pub(crate) use self::wires::session::{Session, Source};
pub use self::wires::session_info::{Company, SessionInfo};
use crate::error::{Error, Target};
use crate::write::context::Context;

/// A call, described without a word about the wire it takes.
pub(crate) struct Invocation {
    pub(crate) target: Target,
    pub(crate) arguments: Arguments,
    pub(crate) context: Context,
    /// Replaces the client's time limit for the whole call.
    pub(crate) timeout: Option<Duration>,
    /// Replaces the client's policy.
    pub(crate) retry: Option<RetryPolicy>,
    /// Whether the caller vouches that the call may take effect twice.
    pub(crate) is_idempotent: bool,
    /// Whether Odoo does this in a web session only, whatever wire the client has.
    pub(crate) in_session: bool,
}

/// An HTTP request as a wire wants it made.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Path under the server's URL, beginning with a slash; may end in a query.
    pub(crate) path: Cow<'static, str>,
    /// What this request needs beside what every one has, such as a bearer key or a session: values are marked sensitive.
    pub(crate) headers: HeaderMap,
    /// JSON, unless a header says otherwise.
    pub(crate) body: Option<Body>,
    /// Whether the answer comes from who knows whom, before a login, and has no reason to be big.
    pub(crate) is_small: bool,
    /// Whether the body of an answer with a good status is left to come.
    pub(crate) is_streamed: bool,
}

impl Request {
    pub(crate) fn new(method: Method, path: impl Into<Cow<'static, str>>) -> Self {
        Self { method, path: path.into(), headers: HeaderMap::new(), body: None, is_small: false, is_streamed: false }
    }

    pub(crate) fn post(path: impl Into<Cow<'static, str>>, body: impl Into<Body>) -> Self {
        Self { body: Some(body.into()), ..Self::new(Method::POST, path) }
    }

    pub(crate) fn get(path: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::GET, path)
    }

    /// Takes no more than a small answer.
    pub(crate) fn small(self) -> Self {
        Self { is_small: true, ..self }
    }
}

/// Who is logged in, and where.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) database: String,
    pub(crate) user: String,
    pub(crate) uid: i64,
}

/// The way calls take.
pub(crate) enum Wire {
    JsonRpc(JsonRpc),
    /// That of [`Transport::session`].
    Session,
    Json2(Json2),
}

impl Wire {
    pub(crate) fn kind(&self) -> WireKind {
        match self {
            Self::JsonRpc(_) => WireKind::JsonRpc,
            Self::Session => WireKind::Session,
            Self::Json2(_) => WireKind::Json2,
        }
    }

    fn envelope(&self) -> Envelope {
        match self {
            Self::JsonRpc(_) | Self::Session => Envelope::JsonRpc,
            Self::Json2(_) => Envelope::Bare,
        }
    }
}

/// A wire to a server on which this client has been let in.
pub(crate) struct Transport {
    pub(crate) http: Http,
    pub(crate) wire: Wire,
    pub(crate) identity: Identity,
    /// What calls go through on the wire of that name. On the others it is there for what Odoo does only in a session, such
    /// as reports, and begins when it is first used.
    pub(crate) session: Session,
}

impl Transport {
    /// Makes a call, again if need be and if that is safe; the reply holds a result, which is not read yet.
    pub(crate) async fn send(&self, invocation: &Invocation) -> Result<Reply, Error> {
        let wire = if invocation.in_session { WireKind::Session } else { self.wire.kind() };
        let span = trace::call_span(&invocation.target, wire);
        if span.is_disabled() {
            self.repeat(invocation, &span).await
        } else {
            Box::pin(self.repeat(invocation, &span)).instrument(span.clone()).await
        }
    }

    async fn repeat(&self, invocation: &Invocation, span: &Span) -> Result<Reply, Error> {
        let limits = self.http.limits();
        let is_repeatable = || invocation.is_idempotent || invocation.target.only_reads();
        let limit = invocation.timeout.unwrap_or(limits.call);
        let mut retries = Retries::new(invocation.retry.unwrap_or(limits.retry), limit);
        let attempt = |limit| async move {
            let answer = self.attempt(invocation, limit).await?;
            trace::record_answer(span, &answer);
            let envelope = if invocation.in_session { Envelope::JsonRpc } else { self.wire.envelope() };
            Reply::new(answer, envelope).check(Some(&invocation.target))
        };
        let outcome = retry::repeat(&mut retries, Some(self.http.limiter()), is_repeatable, attempt).await;
        trace::record_end(span, retries.attempts(), &outcome);
        outcome.map(|reply| reply.with_attempts(retries.attempts()))
    }

    /// One attempt. It is on the heap, as it is big, and what is around it is moved from one future into the next.
    fn attempt<'a>(&'a self, invocation: &'a Invocation, limit: TimeLimit) -> Boxed<'a, Answer> {
        match &self.wire {
            Wire::JsonRpc(wire) if !invocation.in_session => match wire.execute_kw(invocation) {
                Ok(request) => self.http.send(request, limit),
                Err(error) => Box::pin(ready(Err(error))),
            },
            Wire::Json2(wire) if !invocation.in_session => Box::pin(wire.call(&self.http, invocation, limit)),
            _ => Box::pin(self.session.call(&self.http, invocation, limit)),
        }
    }
}

/// What reads answers, for whoever makes some up.
#[cfg(feature = "fuzzing")]
#[allow(unreachable_pub, reason = "re-exported by the crate's module of that name")]
pub mod fuzzing {
    use std::marker::PhantomData;

    use serde_json::Value;

    use super::answers::envelope::{Envelope, ReplyError, read_reply};

    /// How nearly all answers begin.
    pub const USUAL: &str = super::answers::envelope::USUAL;

    /// The result in an answer of JSON-RPC.
    ///
    /// # Errors
    ///
    /// Whether there is an error in it; otherwise it is no such answer.
    pub fn envelope(body: &[u8]) -> Result<Value, bool> {
        let read = read_reply(body, Envelope::JsonRpc, PhantomData::<Value>);
        read.map_err(|error| matches!(error, ReplyError::Fault(_)))
    }

    /// The text of a page.
    pub fn page(body: &[u8]) -> String {
        super::answers::page::text(body)
    }
}

/// Whether the server has several databases and does not know which one is meant: it says so of every address that needs
/// one. (Odoo 14 only says that there is nothing at this address.)
fn lacks_database(answer: &Answer) -> bool {
    const WORDS: &[u8] = b"No database is selected";
    answer.status == 404 && answer.body.windows(WORDS.len()).take(4 << 10).any(|words| words == WORDS)
}
