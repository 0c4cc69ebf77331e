//! The way through the changes, whatever the records are: slices of time, the oldest first, each by id.
//!
//! Within one second nothing tells which change was first: `write_date` has microseconds in the database and seconds on the
//! wire, and 19 compares it by the second. So slices begin and end with a second, and in a slice no order but that of the
//! ids is relied on. A record that is changed while its slice is read moves on to a later one, and comes there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::cursor::{ChangeCursor, End};
use super::of_all;
use crate::model::times;
use crate::query::stream::{FIRST, LARGEST, next_size};
use crate::query::{Found, Part, Search};
use crate::transport::Boxed;
use crate::{Datetime, Error, ErrorKind};

/// How many changes a slice has, but for one of a single second.
const SLICE: usize = 5_000;

/// A record as it came.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) id: i64,
    /// Of all that was read of it.
    pub(super) hash: u64,
}

pub(super) struct Walk {
    /// Gone at the end.
    search: Option<Arc<Search>>,
    error: Option<Error>,
    pub(super) cursor: ChangeCursor,
    pub(super) overlap: Duration,
    /// Whether this run was broken off before: what changed since then behind its back is for one more.
    is_resumed: bool,
    size: u64,
    largest: u64,
    running: Option<Boxed<'static, Fetched>>,
    /// How long the last page took.
    took: Duration,
    /// What of the slice is to be asked for.
    left: Left,
}

/// What is left of a slice.
enum Left {
    /// What is behind the last id that was given.
    Pages,
    /// The last page was not full, which tells nothing: see [`Records`](crate::query::Records). These ids are to be asked for.
    Unknown,
    /// These ids.
    Ids(VecDeque<i64>),
}

enum Fetched {
    /// When the run began, for the server.
    Begin(i64),
    /// How many changes there are at least, and the second of the last one.
    Slice(usize, Option<i64>),
    Ids(Vec<i64>),
    Page(Box<Found>, Duration),
}

impl Walk {
    pub(super) fn new(
        search: Result<Search, Error>,
        kept: Option<ChangeCursor>,
        overlap: Duration,
        page_size: Option<u64>,
    ) -> Self {
        let (search, mut error) = match search {
            Ok(search) => (Some(Arc::new(of_all(search))), None),
            Err(error) => (None, Some(error)),
        };
        let model = search.as_ref().map_or("", |search| search.model);
        let cursor = kept.unwrap_or_else(|| ChangeCursor::new(model));
        if error.is_none() && cursor.model != model {
            error = Some(Error::config(format!("the cursor is of changes of `{}`, not of `{model}`", cursor.model)));
        }
        let is_resumed = cursor.next.is_some();
        Self {
            search,
            error,
            cursor,
            overlap,
            is_resumed,
            size: page_size.map_or(FIRST, |size| size.min(FIRST)),
            largest: page_size.unwrap_or(LARGEST),
            running: None,
            took: Duration::ZERO,
            left: Left::Pages,
        }
    }

    /// No more is asked for.
    pub(super) fn end(&mut self) {
        self.search = None;
    }

    /// Goes past a record: whether it is anything new.
    pub(super) fn is_news(&mut self, Row { id, hash }: Row) -> bool {
        self.cursor.after = id;
        self.cursor.remember(id, hash);
        self.cursor.former.get(&id) != Some(&hash)
    }

    /// The page that was given out had so many rows and bytes.
    pub(super) fn came(&mut self, rows: usize, bytes: usize) {
        if matches!(self.left, Left::Pages) && (rows as u64) < self.size {
            self.left = Left::Unknown;
        }
        self.size = next_size(self.size, self.took, bytes).min(self.largest);
    }

    /// The next page, when all of the one before is given out.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Found, Error>>> {
        loop {
            if let Some(error) = self.error.take() {
                self.end();
                return Poll::Ready(Some(Err(error)));
            }
            let Some(search) = self.search.as_ref().map(Arc::clone) else { return Poll::Ready(None) };
            if matches!(&self.left, Left::Ids(ids) if ids.is_empty()) && self.running.is_none() {
                self.left = Left::Pages;
                if self.leave_slice() {
                    self.end();
                    return Poll::Ready(None);
                }
            }
            let running = self.running.get_or_insert_with(|| step(search, &self.cursor, &mut self.left, self.size));
            let fetched = ready!(running.as_mut().poll(cx));
            self.running = None;
            match fetched {
                Ok(Fetched::Begin(now)) => {
                    let overlap = i64::try_from(self.overlap.as_secs()).unwrap_or(i64::MAX);
                    self.cursor.next = Some(now.saturating_sub(overlap));
                }
                Ok(Fetched::Slice(0, _)) => {
                    self.cursor.until = Some(End::Never);
                    self.left = Left::Unknown;
                }
                Ok(Fetched::Slice(rows, last)) => self.cursor.until = Some(self.slice(rows, last)),
                Ok(Fetched::Ids(ids)) => self.left = Left::Ids(ids.into()),
                Ok(Fetched::Page(found, took)) => {
                    self.took = took;
                    return Poll::Ready(Some(Ok(*found)));
                }
                Err(error) => self.error = Some(error),
            }
        }
    }

    /// The end of the slice that begins where the cursor is.
    fn slice(&self, rows: usize, last: Option<i64>) -> End {
        let (since, next) = (self.cursor.since.unwrap_or(i64::MIN), self.cursor.next.unwrap_or(i64::MAX));
        // What is from then on, the next run will see again: it is in slices of its own.
        let seam = Some(next).filter(|next| since < *next);
        // Of the last second there may be more.
        let full = last.filter(|_| rows >= SLICE).map(|last| last.max(since + 1));
        seam.into_iter().chain(full).min().map_or(End::Never, End::Before)
    }

    /// Goes on behind a slice that was read: whether there is nothing more to do.
    fn leave_slice(&mut self) -> bool {
        let cursor = &mut self.cursor;
        cursor.after = 0;
        match cursor.until.take() {
            Some(End::Before(end)) => {
                cursor.since = Some(end);
                false
            }
            // Or it was the first run.
            Some(End::Never) | None => {
                cursor.since = cursor.next.take();
                cursor.former = std::mem::take(&mut cursor.given);
                !std::mem::take(&mut self.is_resumed)
            }
        }
    }
}

/// What is to be asked next.
fn step(search: Arc<Search>, cursor: &ChangeCursor, left: &mut Left, size: u64) -> Boxed<'static, Fetched> {
    let (since, until, after) = (cursor.since, cursor.until, cursor.after);
    if cursor.next.is_none() {
        return Box::pin(async move { now(&search).await.map(Fetched::Begin) });
    }
    let conditions = match (since, until) {
        (Some(since), None) => return Box::pin(async move { slice(&search, since).await }),
        (None, _) => Vec::new(),
        (Some(since), Some(End::Never)) => vec![condition(">=", since)],
        (Some(since), Some(End::Before(end))) => vec![condition(">=", since), condition("<", end)],
    };
    let behind = Part::Behind((after > 0).then_some(after));
    let (part, limit) = match left {
        Left::Pages => (behind, Some(size)),
        Left::Unknown => {
            return Box::pin(async move { search.also(conditions).ids_of(&behind, None).await.map(Fetched::Ids) });
        }
        Left::Ids(ids) => {
            let some = usize::try_from(size).unwrap_or(usize::MAX).min(ids.len());
            (Part::Ids(ids.drain(..some).collect()), None)
        }
    };
    Box::pin(async move {
        let start = Instant::now();
        let found = search.also(conditions).read(part, limit).await?;
        Ok(Fetched::Page(Box::new(found), start.elapsed()))
    })
}

fn condition(operator: &str, second: i64) -> Value {
    let time = Timestamp::from_second(second).unwrap_or(Timestamp::MIN);
    json!(["write_date", operator, Datetime::from(time).wire()])
}

/// When it is, for the server: by the newest change, or by the clock of the server, whichever is earlier. The first one is
/// the clock of the database, unless somebody wrote a time to come; the second one may be off.
async fn now(search: &Search) -> Result<i64, Error> {
    let call = search.client.model(search.model).call("search_read").arg("domain", &search.domain);
    let call = call.arg("fields", ["write_date"]).arg("order", "write_date desc, id desc").arg("limit", 1);
    let reply = call.with_context(search.context.clone()).send_reply().await.map_err(explained)?;
    let rows: Vec<Map<String, Value>> = reply.read_as()?;
    let newest = rows.first().and_then(second);
    let clock = reply.date().map(Timestamp::as_second);
    Ok(newest.into_iter().chain(clock).min().unwrap_or_else(|| Timestamp::now().as_second()))
}

/// The first changes since then: how many, and when the last of them was.
async fn slice(search: &Search, since: i64) -> Result<Fetched, Error> {
    let part = search.also(vec![condition(">=", since)]);
    let call = search.client.model(search.model).call("search_read").arg("domain", &part.domain);
    let call = call.arg("fields", ["write_date"]).arg("order", "write_date, id").arg("limit", SLICE);
    let rows: Vec<Map<String, Value>> = call.with_context(search.context.clone()).send().await.map_err(explained)?;
    Ok(Fetched::Slice(rows.len(), rows.last().and_then(second)))
}

fn second(row: &Map<String, Value>) -> Option<i64> {
    times::datetime(row.get("write_date")?.as_str()?)?.timestamp().map(Timestamp::as_second)
}

fn explained(error: Error) -> Error {
    match error.kind() {
        ErrorKind::UnknownField | ErrorKind::NotStored => error.with_remedy(
            "this model does not keep when its records were changed (`write_date`): read all of it each time, with `stream`",
        ),
        _ => error,
    }
}
