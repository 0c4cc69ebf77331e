//! A body that is read as it is sent: once, and a piece at a time.

use std::io;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

/// How much is read at a time.
const PIECE_BYTES: usize = 64 << 10;

/// What is read, with what comes before and behind it.
pub(crate) struct Stream {
    head: Bytes,
    /// Behind a lock that nobody waits for: whoever has the stream has it alone.
    reader: Mutex<Pin<Box<dyn AsyncRead + Send>>>,
    /// How many bytes of the reader are to come.
    unread: u64,
    tail: Bytes,
    /// How many bytes are to come in all.
    pub(crate) left: u64,
}

impl Stream {
    /// So many bytes of a reader, and no more.
    pub(crate) fn new(length: u64, reader: impl AsyncRead + Send + 'static) -> Self {
        let reader = Mutex::new(Box::pin(reader) as Pin<Box<dyn AsyncRead + Send>>);
        Self { head: Bytes::new(), reader, unread: length, tail: Bytes::new(), left: length }
    }

    /// The same between two texts.
    pub(crate) fn between(self, head: String, tail: String) -> Self {
        let left = self.left + (head.len() + tail.len()) as u64;
        Self { head: head.into(), tail: tail.into(), left, ..self }
    }

    fn read(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let mut piece = vec![0; PIECE_BYTES.min(usize::try_from(self.unread).unwrap_or(PIECE_BYTES))];
        let mut buffer = ReadBuf::new(&mut piece);
        let reader = self.reader.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        ready!(reader.as_mut().poll_read(context, &mut buffer))?;
        let read = buffer.filled().len();
        if read == 0 {
            let what = format!("what is to be sent ended {} bytes too early", self.unread);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::UnexpectedEof, what)));
        }
        piece.truncate(read);
        self.unread -= read as u64;
        Poll::Ready(Ok(piece.into()))
    }
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = if !self.head.is_empty() {
            std::mem::take(&mut self.head)
        } else if self.unread > 0 {
            match ready!(self.read(context)) {
                Ok(piece) => piece,
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        } else if self.tail.is_empty() {
            return Poll::Ready(None);
        } else {
            std::mem::take(&mut self.tail)
        };
        self.left -= piece.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
