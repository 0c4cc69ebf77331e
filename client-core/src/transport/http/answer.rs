//! A complete answer of a server, and what its headers say.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER, SET_COOKIE};
use secrecy::SecretString;

use crate::transport::http::clock::TimeLimit;

/// A complete answer.
pub(crate) struct Answer {
    /// The path that was asked.
    pub(crate) path: Cow<'static, str>,
    pub(crate) status: u16,
    /// How many bytes the body of the request had.
    pub(crate) sent: usize,
    /// Whether the server is known to be one that says why a call failed.
    pub(crate) errors_in_words: bool,
    /// Read only where they matter, which is seldom.
    pub(crate) headers: HeaderMap,
    /// Where a redirect leads, without user name, password or query.
    pub(crate) location: Option<String>,
    pub(crate) body: Bytes,
    /// When the request began, and how long it may take until its answer is read.
    pub(crate) limit: TimeLimit,
    /// How much memory what is made of the body may take.
    pub(crate) max_memory: u64,
    /// Where the body comes from, if it was left to come.
    pub(crate) rest: Option<Box<reqwest::Response>>,
}

impl Answer {
    /// In lower case.
    pub(crate) fn content_type(&self) -> String {
        text(&self.headers, &CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase()
    }

    /// The session that the server starts with this answer: the value of its `session_id` cookie.
    pub(crate) fn session_id(&self) -> Option<SecretString> {
        self.headers.get_all(SET_COOKIE).iter().find_map(|set| {
            let (name, value) = set.to_str().ok()?.split(';').next()?.split_once('=')?;
            (name.trim() == "session_id" && !value.trim().is_empty()).then(|| value.trim().into())
        })
    }

    /// A compression that is still on the body, for want of a decoder.
    pub(crate) fn encoding(&self) -> Option<String> {
        // Taken off by `reqwest` together with the compression itself.
        text(&self.headers, &CONTENT_ENCODING)
            .map(|encoding| encoding.trim().to_ascii_lowercase())
            .filter(|encoding| !encoding.is_empty() && encoding != "identity")
    }

    /// What the clock of the server, or of a proxy, said.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        text(&self.headers, &DATE).and_then(http_date)
    }

    /// How long the server asks to wait before the next request.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        text(&self.headers, &RETRY_AFTER).and_then(|wait| retry_after(wait, Timestamp::now()))
    }
}

/// Reads a `Retry-After`: seconds, or the date at which to try again.
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = http_date(value)?;
    // A date that has passed means now.
    Some(Duration::try_from(at.duration_since(now)).unwrap_or_default())
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
