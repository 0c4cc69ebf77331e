//! The body of a request: JSON that is written so that a big argument is in memory once, however often the call is made.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::mem::take;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::transport::http::stream::Stream;

/// From this length on an argument is shared with the call. Below it a copy costs less than a part of its own.
pub(crate) const SHARED_BYTES: usize = 64 << 10;
/// How much of a shared argument is handed over at a time: TLS and a slow connection hold a copy of as much.
const PIECE_BYTES: usize = 256 << 10;

/// JSON as it is written.
pub(crate) struct Json {
    /// What comes before `text`.
    parts: VecDeque<Bytes>,
    text: Vec<u8>,
}

impl Json {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { parts: VecDeque::new(), text: Vec::with_capacity(bytes) }
    }

    /// Adds what is JSON, or a part of it.
    pub(crate) fn raw(&mut self, json: &str) {
        self.copy(json.as_bytes());
    }

    /// Adds a value.
    pub(crate) fn value(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        serde_json::to_writer(&mut self.text, value)
            .map_err(|error| Error::new(ErrorKind::Encode, "the call cannot be written as JSON").with_source(error))
    }

    /// Whether a copy of it costs less than sharing it.
    pub(crate) fn is_small(json: &[u8]) -> bool {
        json.len() < SHARED_BYTES
    }

    /// Adds what is JSON, or a part of it.
    pub(crate) fn copy(&mut self, json: &[u8]) {
        self.text.extend_from_slice(json);
    }

    /// The same; what is big is not copied.
    pub(crate) fn share(&mut self, json: &Bytes) {
        if Self::is_small(json) {
            self.copy(json);
        } else {
            self.parts.push_back(take(&mut self.text).into());
            self.parts.push_back(json.clone());
        }
    }

    /// Adds a value that is needed nowhere else: a big text in it, such as a file in base64, is moved, not copied.
    pub(crate) fn tree(&mut self, value: Value) -> Result<(), Error> {
        match value {
            Value::String(text) if text.len() >= SHARED_BYTES && is_plain(&text) => {
                self.raw("\"");
                self.share(&text.into_bytes().into());
                self.raw("\"");
            }
            Value::Array(items) => {
                self.raw("[");
                for (position, item) in items.into_iter().enumerate() {
                    self.raw(if position > 0 { "," } else { "" });
                    self.tree(item)?;
                }
                self.raw("]");
            }
            Value::Object(map) => {
                self.raw("{");
                for (position, (key, value)) in map.into_iter().enumerate() {
                    self.raw(if position > 0 { "," } else { "" });
                    self.value(&key)?;
                    self.raw(":");
                    self.tree(value)?;
                }
                self.raw("}");
            }
            small => self.value(&small)?,
        }
        Ok(())
    }

    /// What was written, as an argument of a call.
    pub(crate) fn into_parts(self) -> Vec<Bytes> {
        let mut parts = Vec::from(self.parts);
        parts.push(self.text.into());
        parts
    }

    pub(crate) fn finish(self) -> Body {
        let Self { mut parts, text } = self;
        if parts.is_empty() {
            return text.into();
        }
        parts.push_back(text.into());
        Body { bytes: parts.iter().map(Bytes::len).sum(), content: Content::Parts(parts) }
    }
}

/// Whether a text is the same in JSON, except for the quotes.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b >= b' ' && !matches!(b, b'"' | b'\\'))
}

/// What a request carries.
pub(crate) struct Body {
    bytes: usize,
    content: Content,
}

enum Content {
    Whole(Vec<u8>),
    Parts(VecDeque<Bytes>),
    Stream(Stream),
}

impl Body {
    pub(crate) fn len(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.content, Content::Stream(_))
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self { bytes: bytes.len(), content: Content::Parts([bytes].into()) }
    }
}

impl From<Stream> for Body {
    fn from(stream: Stream) -> Self {
        Self { bytes: stream.left.try_into().unwrap_or(usize::MAX), content: Content::Stream(stream) }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.len(), content: Content::Whole(bytes) }
    }
}

impl From<Body> for reqwest::Body {
    fn from(body: Body) -> Self {
        match body.content {
            Content::Whole(bytes) => bytes.into(),
            Content::Parts(parts) => Self::wrap(Pieces { parts, left: body.bytes as u64 }),
            Content::Stream(stream) => Self::wrap(stream),
        }
    }
}

/// Of known length: HTTP/1 servers such as Odoo's want a `Content-Length`.
struct Pieces {
    parts: VecDeque<Bytes>,
    left: u64,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(part) = self.parts.front_mut() else {
            return Poll::Ready(None);
        };
        let piece = part.split_to(part.len().min(PIECE_BYTES));
        if part.is_empty() {
            self.parts.pop_front();
        }
        self.left -= piece.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
impl Body {
    /// All of it, as the server gets it.
    pub(crate) fn into_text(self) -> String {
        let bytes = match self.content {
            Content::Whole(bytes) => bytes,
            Content::Parts(parts) => parts.into_iter().flatten().collect(),
            Content::Stream(_) => Vec::new(),
        };
        String::from_utf8(bytes).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn a_tree_is_written_as_by_serde_json() {
        let plain = "é".repeat(SHARED_BYTES);
        let tree =
            serde_json::json!([{}, {"a\"b": [1.5, null, true, "x\n"], "plain": plain, "quoted": plain.clone() + "\""}]);
        let mut json = Json::with_capacity(0);
        json.tree(tree.clone()).unwrap();
        assert_eq!(json.parts.len(), 2);
        assert_eq!(json.finish().into_text(), tree.to_string());
    }

    #[test]
    fn what_is_big_is_shared_and_nothing_is_lost() {
        let big = Bytes::from(vec![b'7'; SHARED_BYTES + PIECE_BYTES]);
        let mut json = Json::with_capacity(8);
        json.raw("[");
        json.value("a").unwrap();
        json.raw(",");
        json.share(&big);
        json.raw(",");
        json.share(&Bytes::from_static(b"8"));
        json.raw("]");
        let body = json.finish();
        assert_eq!(body.len(), big.len() + 8);
        let Content::Parts(parts) = body.content else { panic!("it is in one piece") };
        assert_eq!(parts[1].as_ptr(), big.as_ptr());

        let mut pieces = Pieces { parts, left: body.bytes as u64 };
        let mut sent = Vec::new();
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(Some(Ok(frame))) = http_body::Body::poll_frame(Pin::new(&mut pieces), &mut context) {
            let piece = frame.into_data().unwrap();
            assert!(!piece.is_empty() && piece.len() <= PIECE_BYTES);
            sent.extend(piece);
            assert_eq!(pieces.left, (body.bytes - sent.len()) as u64);
        }
        assert!(http_body::Body::is_end_stream(&pieces));
        assert_eq!(sent, [b"[\"a\",", &*big, b",8]"].concat());
    }
}
