//! Records one by one, read page by page.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::query::{Found, Part, Search};
use crate::read::decode::{Read, Rows, Sink};
use crate::read::error::{Failures, failure};
use crate::read::row::RowReader;
use crate::{Error, ErrorKind, Model, Record};

/// How many records the first page asks for.
pub(super) const FIRST: u64 = 200;
/// No page is made larger or smaller than this on its own.
pub(super) const LARGEST: u64 = 5_000;
const SMALLEST: u64 = 10;
/// What a page is to take and weigh.
const PAGE_TIME: Duration = Duration::from_secs(1);
const PAGE_BYTES: usize = 1_000_000;

/// The records of a [`Query`](crate::Query) one by one, read page by page: [`Query::stream`](crate::Query::stream).
///
/// However many there are, no more than two pages are in memory: the one whose records are given out, and the next, which
/// is asked for meanwhile. Pages grow and shrink with the time the server takes and the size of its answers.
///
/// Without an order, or with one by id, each page begins behind the last id of the one before. With any other order
/// the ids of all records are asked for at first (8 bytes each are kept), and then pages of these. Either way a record
/// that is deleted meanwhile makes no other be left out or come twice; one that is created meanwhile comes if its id is
/// still ahead and no order was asked for.
///
/// A page that is not full need not be the last: of some models, `mail.message` among them, Odoo takes what the user may not read
/// out of a page that it has cut off already (seen on 14.0 and 19.0). So the ids behind it are asked for: mostly none, and that is
/// the end; if there are any, they are read as in any other order.
///
/// A record with values that don't decode is an error of kind [`Decode`](ErrorKind::Decode), in its place, and the stream goes
/// on behind it. A call that fails, after the retries that the client's policy allows, ends the stream with its error.
///
/// It is a [`futures_core::Stream`] too, for those who have a use for that. It must be used within a tokio runtime, as
/// all of this crate.
pub struct Records<R: Record> {
    pages: Pages,
    ready: VecDeque<Result<R, Error>>,
}

/// Nothing in it is pinned.
impl<R: Record> Unpin for Records<R> {}

impl<R: Record> Records<R> {
    pub(crate) fn new(search: Result<Search, Error>, page_size: Option<u64>) -> Self {
        Self { pages: Pages::new(search, page_size), ready: VecDeque::new() }
    }

    /// The next record; `None` at the end.
    ///
    /// To give up waiting (in a `select!` or with a time limit) loses no record.
    pub async fn next(&mut self) -> Option<Result<R, Error>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<R, Error>>> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Poll::Ready(Some(record));
            }
            let found = match ready!(self.pages.poll(cx)) {
                Some(Ok(found)) => found,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            let mut queue = Queue::<R> { blank: R::blank(), ready: &mut self.ready };
            let read = found.read(Rows::new(R::Model::ODOO_NAME, &R::columns(), &mut queue));
            self.pages.go_on(read, found.len());
        }
    }
}

impl<R: Record> futures_core::Stream for Records<R> {
    type Item = Result<R, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

/// How many records are at hand.
impl<R: Record> std::fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("ready", &self.ready.len()).finish_non_exhaustive()
    }
}

struct Queue<'a, R: Record> {
    blank: R::Blank,
    ready: &'a mut VecDeque<Result<R, Error>>,
}

impl<R: Record> Sink for Queue<'_, R> {
    fn begin(&mut self) {
        self.ready.clear();
    }

    fn take(&mut self, row: &mut RowReader<'_>) {
        match R::from_row(&self.blank, row) {
            Some(record) if row.is_sound() => self.ready.push_back(Ok(record)),
            _ => {
                let mut failures = Failures::default();
                row.failures(&mut failures);
                self.ready.extend(failure(&failures.first, failures.more).map(Err));
            }
        }
    }
}

/// The pages of a stream, whatever its records are.
struct Pages {
    search: Option<Arc<Search>>,
    /// What is to be given out next: an error from before the first page, or from decoding one.
    error: Option<Error>,
    cursor: Cursor,
    /// How many records may still come.
    left: Option<u64>,
    size: u64,
    largest: u64,
    asked: u64,
    running: Option<JoinHandle<Result<Fetched, Error>>>,
    /// How long the page that was given out last took.
    took: Duration,
}

enum Cursor {
    /// Behind this id, if there was any page yet.
    Id(Option<i64>),
    /// The ids of this part are to be asked for.
    Unknown(Part),
    /// The ids that were not asked for yet.
    Ids(VecDeque<i64>),
}

enum Fetched {
    Ids(Vec<i64>),
    Page(Box<Found>, Duration),
}

impl Pages {
    fn new(search: Result<Search, Error>, page_size: Option<u64>) -> Self {
        let (search, error) = match search {
            Ok(search) => (Some(Arc::new(search)), None),
            Err(error) => (None, Some(error)),
        };
        let by_id = search.as_ref().is_none_or(|search| search.id_order.is_some());
        Self {
            left: search.as_ref().and_then(|search| search.limit),
            search,
            error,
            cursor: if by_id { Cursor::Id(None) } else { Cursor::Unknown(Part::All) },
            size: page_size.map_or(FIRST, |size| size.min(FIRST)),
            largest: page_size.unwrap_or(LARGEST),
            asked: 0,
            running: None,
            took: Duration::ZERO,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Found, Error>>> {
        loop {
            if let Some(error) = self.error.take() {
                self.search = None;
                return Poll::Ready(Some(Err(error)));
            }
            if self.running.is_none() {
                self.start();
            }
            let Some(running) = &mut self.running else { return Poll::Ready(None) };
            let fetched = ready!(Pin::new(running).poll(cx));
            self.running = None;
            match fetched {
                Ok(Ok(Fetched::Ids(ids))) => self.cursor = Cursor::Ids(ids.into()),
                Ok(Ok(Fetched::Page(found, took))) => {
                    self.took = took;
                    return Poll::Ready(Some(Ok(*found)));
                }
                Ok(Err(error)) => self.error = Some(error),
                // The runtime is being shut down, or a bug of this crate.
                Err(error) => {
                    self.error = Some(Error::new(ErrorKind::Connect, format!("the reading task ended: {error}")))
                }
            }
        }
    }

    /// Sees where the page that was given out ended, and asks for the next.
    fn go_on(&mut self, read: Result<Read, Error>, bytes: usize) {
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                // What of the page did decode is given out before.
                self.error = Some(error);
                return;
            }
        };
        let rows = read.rows as u64;
        self.left = self.left.map(|left| left.saturating_sub(rows));
        self.size = next_size(self.size, self.took, bytes).min(self.largest);
        if let Cursor::Id(last) = &mut self.cursor {
            // A model that is a view of the database need not have its ids in order; it would be read forever.
            if rows > 0 && (read.last.is_none() || read.last == *last) {
                let what = "the server does not order these records by their id: no page can begin behind another";
                self.error = Some(Error::new(ErrorKind::Protocol, what).with_remedy("order by something else"));
                return;
            }
            *last = read.last.or(*last);
            if rows < self.asked {
                self.cursor = Cursor::Unknown(Part::Behind(*last));
            }
        }
        self.start();
    }

    /// Asks for the next page, if there is one.
    fn start(&mut self) {
        let Some(search) = self.search.as_ref().map(Arc::clone) else { return };
        self.asked = self.left.map_or(self.size, |left| left.min(self.size));
        if self.asked == 0 {
            return;
        }
        let (part, limit) = match &mut self.cursor {
            Cursor::Id(last) => (Part::Behind(*last), Some(self.asked)),
            Cursor::Unknown(part) => {
                let part = part.clone();
                // With a limit there would be too few again, where there are too few behind the one of a page.
                let limit = search.limit.filter(|_| matches!(part, Part::All));
                self.running = Some(tokio::spawn(async move { search.ids_of(&part, limit).await.map(Fetched::Ids) }));
                return;
            }
            Cursor::Ids(ids) => {
                let at_most = usize::try_from(self.asked).unwrap_or(usize::MAX).min(ids.len());
                if at_most == 0 {
                    return;
                }
                (Part::Ids(ids.drain(..at_most).collect()), None)
            }
        };
        self.running = Some(tokio::spawn(async move {
            let start = Instant::now();
            let found = search.read(part, limit).await?;
            Ok(Fetched::Page(Box::new(found), start.elapsed()))
        }));
    }
}

/// Nobody waits for that page any more.
impl Drop for Pages {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.abort();
        }
    }
}

/// As many records as make a page of the right time and size, but at most twice as many as before.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an estimate")]
pub(super) fn next_size(size: u64, took: Duration, bytes: usize) -> u64 {
    let by_time = PAGE_TIME.as_secs_f64() / took.as_secs_f64().max(1e-6);
    let by_bytes = PAGE_BYTES as f64 / (bytes as f64).max(1.0);
    let factor = by_time.min(by_bytes).clamp(0.1, 2.0);
    ((size as f64 * factor) as u64).clamp(SMALLEST, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_grow_and_shrink_with_time_and_size() {
        let quick = Duration::from_millis(20);
        assert_eq!(next_size(200, quick, 50_000), 400);
        assert_eq!(next_size(200, Duration::from_secs(4), 50_000), 50);
        assert_eq!(next_size(1_000, quick, 4_000_000), 250);
        assert_eq!(next_size(4_000, quick, 1_000), LARGEST);
        assert_eq!(next_size(20, Duration::from_secs(60), 1_000), SMALLEST);
    }
}
