//! How calls travel: a call is described without a word about the wire, a wire turns it into an HTTP request and says
//! where in the answer its result is.
//!
//! The one wire so far is JSON-RPC. The web session and JSON-2 become further variants of [`Wire`].

mod arguments;
mod fault;
mod http;
mod jsonrpc;
mod page;
mod reply;
mod target;

use std::borrow::Cow;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

pub(crate) use self::arguments::Arguments;
use self::http::Answer;
pub(crate) use self::http::{Http, Limits};
pub(crate) use self::jsonrpc::{Credentials, JsonRpc};
pub(crate) use self::reply::Reply;
pub(crate) use self::target::Target;
use crate::error::Error;

/// A call, described without a word about the wire it takes.
pub(crate) struct Invocation {
    pub(crate) target: Target,
    pub(crate) arguments: Arguments,
    pub(crate) context: Map<String, Value>,
    /// Replaces the client's time limit for the whole call.
    pub(crate) timeout: Option<Duration>,
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

/// A way to make calls over HTTP.
pub(crate) enum Wire {
    JsonRpc(JsonRpc),
}

impl Wire {
    fn request(&self, invocation: &Invocation) -> Result<Request, Error> {
        match self {
            Self::JsonRpc(wire) => wire.execute_kw(invocation),
        }
    }

    fn envelope(&self) -> Envelope {
        match self {
            Self::JsonRpc(_) => Envelope::JsonRpc,
        }
    }
}

/// A wire to a server on which this client has been let in.
pub(crate) struct Transport {
    pub(crate) http: Http,
    pub(crate) wire: Wire,
}

impl Transport {
    /// Makes a call; the answer is complete, but its result or error is not read yet.
    pub(crate) async fn send(&self, invocation: Invocation) -> Result<Reply, Error> {
        match self.attempt(&invocation).await {
            Ok(answer) => Ok(Reply::new(answer, self.wire.envelope()).of(invocation.target)),
            Err(error) => Err(error.with_target(invocation.target)),
        }
    }

    async fn attempt(&self, invocation: &Invocation) -> Result<Answer, Error> {
        let request = self.wire.request(invocation)?;
        self.http.send(request, invocation.timeout).await
    }
}
