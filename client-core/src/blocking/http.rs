//! Routes of one's own, for programs without an async runtime.

use std::fmt::Display;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, ReadBuf};

use super::{Blocking, HttpRequest, HttpResponse, JsonRoute};
use crate::write::Argument;
use crate::{Error, RetryPolicy};

impl HttpRequest {
    forward! { ops::HttpRequest:
        set query(name: impl Into<String>, value: impl Display);
        set header(name: impl AsRef<str>, value: impl Into<SecretString>);
        set json(value: impl Argument);
        set form(fields: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>);
        set body(bytes: impl Into<Vec<u8>>);
        set without_login();
        set timeout(timeout: Duration);
        set retry(policy: RetryPolicy);
        set idempotent();
    }

    /// As [`crate::ops::HttpRequest::reader`], with a reader that waits, such as a [`std::fs::File`]. It is read on the thread
    /// that serves the client's connections: what waits long for its bytes, such as a pipe, holds the client's other calls
    /// up.
    pub fn reader(self, length: u64, reader: impl Read + Send + Unpin + 'static) -> Self {
        self.map(|inner| inner.reader(length, Waiting(reader)))
    }

    /// As [`crate::ops::HttpRequest::send`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn send(self) -> Result<HttpResponse, Error> {
        let inner = self.driver.wait(self.inner.send())?;
        Ok(Blocking { inner, driver: self.driver })
    }
}

impl HttpResponse {
    /// As [`crate::ops::HttpResponse::status`].
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// As [`crate::ops::HttpResponse::header`].
    pub fn header(&self, name: impl AsRef<str>) -> Option<&str> {
        self.inner.header(name)
    }

    /// As [`crate::ops::HttpResponse::content_length`].
    pub fn content_length(&self) -> Option<u64> {
        self.inner.content_length()
    }

    /// As [`crate::ops::HttpResponse::chunk`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn chunk(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.driver.wait(self.inner.chunk())
    }

    forward! { ops::HttpResponse:
        wait bytes [] () -> Result<Vec<u8>, Error>;
        wait text [] () -> Result<String, Error>;
        wait json [T: DeserializeOwned] () -> Result<T, Error>;
    }
}

impl JsonRoute {
    forward! { ops::JsonRoute:
        set arg(name: impl Into<String>, value: impl Argument);
        set header(name: impl AsRef<str>, value: impl Into<SecretString>);
        set without_login();
        set timeout(timeout: Duration);
        set retry(policy: RetryPolicy);
        set idempotent();
        wait send [T: DeserializeOwned] () -> Result<T, Error>;
    }
}

/// A reader that waits, in the place of one that does not.
pub(super) struct Waiting<R>(pub(super) R);

impl<R: Read + Unpin> AsyncRead for Waiting<R> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = self.0.read(buffer.initialize_unfilled())?;
        buffer.advance(read);
        Poll::Ready(Ok(()))
    }
}
