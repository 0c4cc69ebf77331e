//! How calls travel: a call is described without a word about the wire, a wire turns it into an HTTP request and says
//! where in the answer its result is.
//!
//! Who is logged in is known in one place ([`Identity`]), whatever the wire.

mod api_doc;
mod arguments;
mod choice;
mod discovery;
mod failure;
mod fault;
mod http;
mod json2;
mod jsonrpc;
mod limiter;
mod login;
mod network;
mod page;
mod reply;
mod report;
mod retry;
mod session;
mod target;
mod trace;

use std::borrow::Cow;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::{Map, Value};
use tokio::time::{Instant, sleep};
use tracing::{Instrument, Span};

pub(crate) use self::arguments::Arguments;
pub use self::choice::WireKind;
pub(crate) use self::choice::{Credential, choose};
pub(crate) use self::discovery::{databases, version};
use self::http::Answer;
pub(crate) use self::http::{Http, Limits};
pub(crate) use self::json2::Json2;
pub(crate) use self::jsonrpc::{Credentials, DETAIL_SINCE, JsonRpc};
pub(crate) use self::login::{LogIn, Totp};
pub(crate) use self::network::Network;
pub(crate) use self::reply::Reply;
pub(crate) use self::report::Paper;
pub use self::retry::RetryPolicy;
pub(crate) use self::retry::patiently;
use self::retry::{Retries, only_reads};
pub(crate) use self::session::{Session, Source};
pub(crate) use self::target::Target;
use crate::error::Error;

/// A call, described without a word about the wire it takes.
pub(crate) struct Invocation {
    pub(crate) target: Target,
    pub(crate) arguments: Arguments,
    pub(crate) context: Map<String, Value>,
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
    /// Path under the server's URL, beginning with a slash; may end in a query.
    pub(crate) path: Cow<'static, str>,
    /// What this request needs beside what every one has, such as a bearer key or a session: values are marked sensitive.
    pub(crate) headers: HeaderMap,
    /// The JSON to POST; without one the request is a GET.
    pub(crate) body: Option<Vec<u8>>,
}

impl Request {
    pub(crate) fn post(path: impl Into<Cow<'static, str>>, body: Vec<u8>) -> Self {
        Self { path: path.into(), headers: HeaderMap::new(), body: Some(body) }
    }

    pub(crate) fn get(path: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), headers: HeaderMap::new(), body: None }
    }
}

/// Where in the body of an answer the result or the error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// `{"jsonrpc": "2.0", "id": …, "result": …}` or the same with `error`.
    JsonRpc,
    /// The body is the result, as JSON-2 answers.
    Bare,
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
    pub(crate) async fn send(&self, invocation: Invocation) -> Result<Reply, Error> {
        let wire = if invocation.in_session { WireKind::Session } else { self.wire.kind() };
        let span = trace::call(&invocation.target, wire);
        self.repeat(invocation, &span).instrument(span.clone()).await
    }

    async fn repeat(&self, mut invocation: Invocation, span: &Span) -> Result<Reply, Error> {
        let envelope = if invocation.in_session { Envelope::JsonRpc } else { self.wire.envelope() };
        let policy = invocation.retry.unwrap_or(self.http.limits().retry);
        let limit = invocation.timeout.unwrap_or(self.http.limits().call);
        let is_repeatable = invocation.is_idempotent || only_reads(&invocation.target.method);
        let mut retries = Retries::new(policy, limit, is_repeatable);
        loop {
            let permit = self.http.limiter().enter().await;
            // What a call waits for its turn is not the server's fault: it does not count.
            let began = Instant::now();
            let outcome = match self.attempt(&invocation).await {
                Ok(answer) => {
                    trace::answered(span, &answer);
                    Reply::new(answer, envelope).checked(Some(&invocation.target))
                }
                Err(error) => Err(error),
            };
            drop(permit);
            let next = match outcome {
                Ok(reply) => {
                    trace::ended(span, retries.attempts() + 1, None);
                    return Ok(reply.of(invocation.target, retries.attempts() + 1));
                }
                Err(error) => retries.after(error, began.elapsed()),
            };
            match next {
                Ok(delay) => sleep(delay).await,
                Err(error) => {
                    trace::ended(span, error.attempts(), Some(error.kind()));
                    return Err(error.with_target(invocation.target));
                }
            }
            invocation.timeout = Some(retries.time_left());
        }
    }

    async fn attempt(&self, invocation: &Invocation) -> Result<Answer, Error> {
        match &self.wire {
            _ if invocation.in_session => self.session.call(&self.http, invocation).await,
            Wire::JsonRpc(wire) => self.http.send(wire.execute_kw(invocation)?, invocation.timeout).await,
            Wire::Session => self.session.call(&self.http, invocation).await,
            Wire::Json2(wire) => wire.call(&self.http, invocation).await,
        }
    }
}

/// Whether the server has several databases and does not know which one is meant: it says so of every address that needs
/// one. (Odoo 14 only says that there is nothing at this address.)
fn lacks_database(answer: &Answer) -> bool {
    const WORDS: &[u8] = b"No database is selected";
    answer.status == 404 && answer.body.windows(WORDS.len()).take(4 << 10).any(|words| words == WORDS)
}
