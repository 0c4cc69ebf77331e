//! What comes of an answer: its result, or the error that it stands for.

use std::marker::PhantomData;
use std::mem::take;
use std::sync::OnceLock;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, DeserializeSeed};

use crate::error::{Error, ErrorKind};
use crate::model::json;
use crate::transport::answers::envelope::{Envelope, ReplyError, USUAL, find_result, read_reply, usual_result};
use crate::transport::answers::fault::{Exchange, Fault};
use crate::transport::answers::page;
use crate::transport::http::answer::Answer;
use crate::transport::http::failure::ASK_FOR_LESS;
use crate::transport::http::spare::keep;
use crate::transport::{Target, TimeLimit};

/// A complete answer whose result or error is still to be read.
pub(crate) struct Reply {
    answer: Answer,
    envelope: Envelope,
    target: Option<Target>,
    attempts: u32,
    /// Whether it is known to have a result.
    is_checked: bool,
    /// The body without the floats that Python writes and JSON does not know, if it had any.
    mended: OnceLock<String>,
}

impl Drop for Reply {
    fn drop(&mut self) {
        keep(take(&mut self.answer.body));
    }
}

impl Reply {
    pub(crate) fn new(answer: Answer, envelope: Envelope) -> Self {
        Self { answer, envelope, target: None, attempts: 1, is_checked: false, mended: OnceLock::new() }
    }

    /// Of an answer that is known to be JSON, whatever it says of itself.
    pub(crate) fn of_json(answer: Answer) -> Self {
        let mut reply = Self::new(answer, Envelope::Bare);
        reply.is_checked = true;
        reply
    }

    /// Tells the attempts it took, for errors.
    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Names the call this answers, for errors.
    pub(crate) fn with_target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// Reads the result with a seed, which may borrow from the answer.
    ///
    /// A seed that fails makes an error of kind `Decode` with the seed's message; anything else wrong with the answer has its own kind.
    pub(crate) fn read<'de, S: DeserializeSeed<'de>>(&'de self, seed: S) -> Result<S::Value, Error> {
        self.has_result()?;
        read_reply(self.body(), self.envelope, seed).map_err(|failure| self.failed(failure))
    }

    /// Sees, if nobody has, that there is something to read.
    fn has_result(&self) -> Result<(), Error> {
        let problem = if self.is_checked { None } else { self.problem(self.target.as_ref()) };
        problem.map_or(Ok(()), |error| Err(self.name_call(error)))
    }

    #[cold]
    fn failed(&self, failure: ReplyError<'_>) -> Error {
        self.name_call(self.explain(failure, self.target.as_ref()))
    }

    /// The text of the result, if the answer is as usual, to be read by whoever sees that it is one value and nothing else.
    pub(crate) fn usual_result(&self) -> Option<&str> {
        if self.is_checked { usual_result(self.body(), self.envelope) } else { None }
    }

    /// Reads the result as an owned type, of which nobody here knows how much memory it takes.
    pub(crate) fn read_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.check_memory()?;
        loop {
            match self.read(PhantomData) {
                Err(error) if self.mend(&error) => {}
                read => return read,
            }
        }
    }

    /// Whether the answer can be read another time after this error: it was about floats that are not JSON, which are texts
    /// from now on.
    #[cold]
    pub(crate) fn mend(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Protocol && self.mend_body()
    }

    fn mend_body(&self) -> bool {
        let quoted = || json::quoted(std::str::from_utf8(&self.answer.body).ok()?);
        self.mended.get().is_none() && quoted().is_some_and(|json| self.mended.set(json).is_ok())
    }

    fn body(&self) -> &[u8] {
        self.mended.get().map_or(&self.answer.body, String::as_bytes)
    }

    /// Refuses a body of which a tree of values would take more memory than the client lets an answer take.
    pub(crate) fn check_memory(&self) -> Result<(), Error> {
        let most = self.answer.max_memory;
        if json::is_light(self.body(), most) { Ok(()) } else { Err(self.name_call(too_heavy(most))) }
    }

    /// The error of a result that is not read before the time of its call is over.
    #[cold]
    pub(crate) fn late_error(&self) -> Error {
        let what = format!("the answer has come, but is not read within {:?}", self.answer.limit.limit);
        let error = Error::new(ErrorKind::Timeout, what);
        self.name_call(error.with_remedy("ask for less at a time, or raise the timeout").executed())
    }

    /// What the clock of the server said.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        self.answer.date()
    }

    /// The limit that the call had, which reading its result should keep.
    pub(crate) fn limit(&self) -> TimeLimit {
        self.answer.limit
    }

    /// How many bytes the answer has.
    pub(crate) fn len(&self) -> usize {
        self.answer.body.len()
    }

    /// Adds the call this is the answer to.
    pub(crate) fn name_call(&self, error: Error) -> Error {
        let error = error.with_attempts(self.attempts);
        match &self.target {
            Some(target) => error.with_target(target.clone()),
            None => error,
        }
    }

    /// Turns an answer without a result into the error it stands for.
    ///
    /// It looks no further than the beginning of the envelope and the last byte, so a big result is still read once.
    pub(crate) fn check(mut self, target: Option<&Target>) -> Result<Self, Error> {
        match self.problem(target) {
            None => {
                self.is_checked = true;
                Ok(self)
            }
            Some(error) => Err(error.with_retry_after(self.answer.retry_after())),
        }
    }

    fn problem(&self, target: Option<&Target>) -> Option<Error> {
        let answer = &self.answer;
        let is_usual = answer.status == 200 && self.envelope == Envelope::JsonRpc;
        if is_usual && answer.body.starts_with(USUAL.as_bytes()) && answer.body.ends_with(b"}") {
            return None;
        }
        if let Some(encoding) = answer.encoding() {
            return Some(page::encoded(&encoding));
        }
        if !(200..300).contains(&answer.status) {
            let body = self.check_memory().ok().and_then(|()| json::tree(&answer.body));
            let fault = body.and_then(Fault::from_error_body);
            return Some(fault.map_or_else(|| page::error(answer), |fault| fault.into_error(self.exchange(target))));
        }
        if !is_json(answer) || answer.body.trim_ascii().is_empty() {
            return Some(page::error(answer));
        }
        if self.envelope == Envelope::JsonRpc
            && let Err(failure) = find_result(self.body())
        {
            let failure = match failure {
                ReplyError::Syntax(_) if self.mend_body() => find_result(self.body()).err(),
                failure => Some(failure),
            };
            return failure.map(|failure| self.explain(failure, target));
        }
        is_cut_short(&answer.body).then(|| cut_short(answer))
    }

    #[cold]
    fn explain(&self, failure: ReplyError<'_>, target: Option<&Target>) -> Error {
        match failure {
            ReplyError::Fault(_) if self.check_memory().is_err() => too_heavy(self.answer.max_memory),
            ReplyError::Fault(json) => {
                Fault::from_json_rpc(serde_json::from_str(json).unwrap_or_default()).into_error(self.exchange(target))
            }
            ReplyError::Result(error) => Error::decode(format!("the result is not of the expected type: {error}")),
            ReplyError::Syntax(error) if error.is_eof() => cut_short(&self.answer),
            ReplyError::Syntax(error) => {
                Error::new(ErrorKind::Protocol, format!("the answer is not valid JSON: {error}")).executed()
            }
            ReplyError::Envelope(error) => {
                Error::new(ErrorKind::Protocol, format!("the answer is not JSON-RPC: {error}"))
                    .with_server_message(page::excerpt(&String::from_utf8_lossy(&self.answer.body)))
                    .with_remedy("is the URL that of an Odoo server?")
                    .executed()
            }
        }
    }

    fn exchange<'a>(&'a self, target: Option<&'a Target>) -> Exchange<'a> {
        Exchange { target, path: &self.answer.path, status: self.answer.status }
    }
}

#[cold]
fn too_heavy(most: u64) -> Error {
    let what = format!("what is in the answer takes more memory than the limit of {most} bytes");
    Error::new(ErrorKind::Protocol, what).with_remedy(ASK_FOR_LESS).executed()
}

/// What a server or proxy that gives up half-way sends, if it says that it is complete.
fn cut_short(answer: &Answer) -> Error {
    let what = format!("the answer is cut short after {} bytes", answer.body.len());
    Error::new(ErrorKind::Protocol, what).transient().executed()
}

/// Whether JSON that begins with a bracket or quote does not end with its counterpart.
fn is_cut_short(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let end = match body.first() {
        Some(b'{') => b'}',
        Some(b'[') => b']',
        Some(b'"') => b'"',
        _ => return false,
    };
    body.len() < 2 || body.last() != Some(&end)
}

fn is_json(answer: &Answer) -> bool {
    let beginning = answer.body.trim_ascii_start();
    beginning.starts_with(b"{") || (answer.content_type().contains("json") && !beginning.starts_with(b"<"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_as_it_begins_is_cut_short() {
        for whole in ["[]", " {\"a\":[1]}\n", "\"a\"", "true", "12", "null"] {
            assert!(!is_cut_short(whole.as_bytes()), "{whole}");
        }
        for cut in ["[1,", "{\"a\":[1]", "{", "\"", "[{}, {}"] {
            assert!(is_cut_short(cut.as_bytes()), "{cut}");
        }
    }
}
