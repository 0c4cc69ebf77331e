//! What a program's `tracing` subscriber is told: which calls were made and what became of them. Never an argument, a
//! result, a credential or a word of the server, which may hold any of them.

use std::time::Duration;

use reqwest::Method;
use tracing::field::{Empty, display};
use tracing::{Span, debug_span, trace, warn};

use super::http::answer::Answer;
use super::{Target, WireKind};
use crate::error::{Error, Escaped};

/// The span of a call, with all its attempts.
pub(super) fn call_span(target: &Target, wire: WireKind) -> Span {
    debug_span!(
        "call",
        model = %Escaped(&target.model),
        method = %Escaped(&target.method),
        ids = target.ids.as_ref().map_or(0, Vec::len),
        wire = %wire,
        sent = Empty,
        received = Empty,
        status = Empty,
        attempts = Empty,
        error = Empty,
    )
}

/// The span of a report.
pub(super) fn report_span(name: &str, ids: usize) -> Span {
    let (wire, name) = (WireKind::Session, Escaped(name));
    debug_span!(
        "report",
        name = %name,
        ids,
        wire = %wire,
        sent = Empty,
        received = Empty,
        status = Empty,
        attempts = Empty,
        error = Empty,
    )
}

/// The span of a request to a route: without the query, which may name records.
pub(super) fn route_span(method: &Method, path: &str) -> Span {
    let path = Escaped(path.split('?').next().unwrap_or_default());
    debug_span!(
        "http",
        method = %method,
        path = %path,
        sent = Empty,
        received = Empty,
        status = Empty,
        attempts = Empty,
        error = Empty,
    )
}

/// The answer to the last attempt.
pub(super) fn record_answer(span: &Span, answer: &Answer) {
    if !span.is_disabled() {
        span.record("sent", answer.sent).record("received", answer.body.len()).record("status", answer.status);
    }
}

/// What came of all attempts.
pub(super) fn record_end<T>(span: &Span, attempts: u32, outcome: &Result<T, Error>) {
    if !span.is_disabled() {
        span.record("attempts", attempts);
        if let Err(error) = outcome {
            span.record("error", display(format_args!("{:?}", error.kind())));
        }
    }
}

/// Any request, such as those of a login: without the query, which may name records.
pub(super) fn tell_request(answer: &Answer) {
    trace!(
        path = answer.path.split('?').next().unwrap_or_default(),
        sent = answer.sent,
        received = answer.body.len(),
        status = answer.status,
        "request"
    );
}

/// A failure after which the same is tried again.
pub(super) fn warn_of_retry(error: &Error, attempts: u32, delay: Duration) {
    let (kind, status) = (error.kind(), error.status());
    warn!(?kind, status, attempts, ?delay, "trying again");
}

/// A client that talks to a server whoever it is.
pub(super) fn warn_of_danger(server: &str) {
    warn!(server, "DANGER: certificates are not checked, so the server may be anybody");
}
