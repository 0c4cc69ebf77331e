//! The body of an answer while it comes: decompressed, and no bigger than it may be.
//!
//! Not left to `reqwest`, which takes the first member of a gzip for all of it. RFC 9110 and 1952 allow several.

use std::io::{self, ErrorKind, Write};
use std::mem::replace;

use bytes::Bytes;
use flate2::write::{MultiGzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderValue};

use crate::error::Error;
use crate::transport::http::failure::{corrupt, too_big};
use crate::transport::http::spare::{LEAST_BYTES, spare};

/// What is asked for, and read.
pub(crate) const ENCODINGS: HeaderValue =
    HeaderValue::from_static(if cfg!(feature = "brotli") { "gzip, deflate, br" } else { "gzip, deflate" });

/// The part of a body that has come.
pub(crate) struct Received {
    /// How many bytes come over the connection, if that is known, and how many have.
    announced: u64,
    came: u64,
    body: Packed,
}

enum Packed {
    Not(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
    Deflate(Box<ZlibDecoder<Bounded>>),
}

impl Received {
    /// Of a response that begins. Its header says no longer that it is compressed.
    pub(crate) fn new(response: &mut reqwest::Response, limit: u64) -> Result<Self, Error> {
        let announced = response.content_length().unwrap_or(0);
        if announced > limit {
            return Err(too_big(limit));
        }
        let bounded = Bounded { limit, hint: 0, bytes: Vec::new() };
        let body = match response.headers().get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            Some(b"gzip") => Packed::Gzip(Box::new(MultiGzDecoder::new(bounded))),
            Some(b"deflate") => Packed::Deflate(Box::new(ZlibDecoder::new(bounded))),
            _ => Packed::Not(Bounded { hint: usize::try_from(announced).unwrap_or(usize::MAX), ..bounded }),
        };
        if !matches!(body, Packed::Not(_)) {
            response.headers_mut().remove(CONTENT_ENCODING);
        }
        Ok(Self { announced, came: 0, body })
    }

    /// How many bytes have come.
    pub(crate) fn came(&self) -> u64 {
        self.came
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.announced > 0 && self.came == self.announced
    }

    pub(crate) fn add(&mut self, chunk: &[u8], limit: u64) -> Result<(), Error> {
        self.came += chunk.len() as u64;
        // A gzip may have many members of nothing.
        if self.came > limit {
            return Err(too_big(limit));
        }
        let added = match &mut self.body {
            Packed::Not(bounded) => bounded.write_all(chunk),
            Packed::Gzip(decoder) => decoder.write_all(chunk),
            Packed::Deflate(decoder) => decoder.write_all(chunk),
        };
        added.map_err(|error| failed(&error, limit))
    }

    /// All of it, when no more comes.
    pub(crate) fn finish(self, limit: u64) -> Result<Bytes, Error> {
        let finished = match self.body {
            Packed::Not(bounded) => Ok(bounded),
            // What has no body may have the header all the same.
            Packed::Gzip(_) | Packed::Deflate(_) if self.came == 0 => return Ok(Bytes::new()),
            Packed::Gzip(decoder) => decoder.finish(),
            // It does not say itself whether it is at the end. Behind that it takes nothing.
            Packed::Deflate(mut decoder) => match decoder.write(&[0]) {
                Ok(0) => decoder.finish(),
                _ => Err(ErrorKind::UnexpectedEof.into()),
            },
        };
        finished.map(Bounded::finish).map_err(|error| failed(&error, limit))
    }
}

#[cold]
fn failed(error: &io::Error, limit: u64) -> Error {
    match error.kind() {
        ErrorKind::FileTooLarge => too_big(limit),
        ErrorKind::WriteZero => corrupt("cannot be decompressed: there is more behind its end"),
        _ => corrupt(&format!("cannot be decompressed: {error}")),
    }
}

struct Bounded {
    limit: u64,
    /// How many bytes there will be, if that is known.
    hint: usize,
    bytes: Vec<u8>,
}

impl Bounded {
    fn finish(mut self) -> Bytes {
        // Who knows how long it is held.
        if self.bytes.len() < self.bytes.capacity() / 2 {
            self.bytes.shrink_to_fit();
        }
        self.bytes.into()
    }
}

impl Write for Bounded {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let length = self.bytes.len();
        let wanted = length + chunk.len();
        if wanted as u64 > self.limit {
            return Err(ErrorKind::FileTooLarge.into());
        }
        if self.bytes.capacity() < LEAST_BYTES && wanted.max(self.hint) >= LEAST_BYTES {
            let begun = replace(&mut self.bytes, spare());
            self.bytes.extend(begun);
        }
        if self.bytes.capacity() < wanted {
            // What a server announces is only a hint: it must not make this client reserve what never arrives. But nor is
            // more reserved for a big file than it has.
            let missing = self.hint.saturating_sub(length);
            let more = if missing == 0 { length } else { missing.min(length.max(1 << 20)) };
            self.bytes.reserve_exact(more.max(chunk.len()));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
