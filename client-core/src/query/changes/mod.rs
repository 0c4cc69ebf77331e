//! What changed since: records that were created or changed, oldest first, and ids that are gone.

mod cursor;
mod gone;
mod walk;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

pub use self::cursor::ChangeCursor;
use self::walk::{Row, Walk};
use crate::model::ToIds;
use crate::query::search::IdOrder;
use crate::query::{Found, Query, Search};
use crate::read::decode::{Rows, Sink};
use crate::read::error::{Failures, failure};
use crate::read::row::RowReader;
use crate::{Error, Id, Model, Record};

/// How long a transaction may take that is not missed, if nothing else is said.
const OVERLAP: Duration = Duration::from_secs(600);

impl<R: Record> Query<R> {
    /// The records that were created or changed since a former run, the oldest changes first; without a cursor, as the first
    /// time, all of them in the order of their ids. Archived records are among them, whatever the query says; its order,
    /// limit and offset are passed over.
    ///
    /// At the end, and after each record, [`Changes::cursor`] is what to keep for the next run. A run that was broken off
    /// goes on from there, and is followed by what changed since.
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Record};
    /// # async fn f<R: Record + std::fmt::Debug>(odoo: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use odoo_client::query::ChangeCursor;
    ///
    /// let kept: Option<ChangeCursor> = std::fs::read_to_string("cursor").ok().map(|text| text.parse()).transpose()?;
    /// let mut changes = odoo.query::<R>().changes(kept);
    /// while let Some(record) = changes.next().await {
    ///     println!("{:?}", record?);
    /// }
    /// std::fs::write("cursor", changes.cursor().to_string())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// **Nothing is skipped**: `write_date` is when a transaction began, and it is seen only when that ends, so each run
    /// looks again at the last ten minutes before the former one ([`overlap`](Changes::overlap)). What it finds there as it was given
    /// is left out, as far as the cursor remembers (5,000 records).
    ///
    /// **What may come twice**: a record that is changed while the run is under way, once as it was and once as it is; more
    /// records within the ten minutes than are remembered; those that are given out when a run is broken off and goes on. So put
    /// records in place by their id, and not behind each other.
    ///
    /// **What is no change**: what does not move `write_date` of the record itself, such as its translations in Odoo 14, values that
    /// are computed when they are read, and what was written past Odoo into its database. A record that no longer passes the filter
    /// does not come; [`gone`](Self::gone) tells of it, as it does of those that were deleted.
    pub fn changes(&self, since: impl Into<Option<ChangeCursor>>) -> Changes<R> {
        let search = self.search();
        Changes { walk: Walk::new(search, since.into(), OVERLAP, self.page_size_wanted()), ready: VecDeque::new() }
    }

    /// Which of these records, which the caller still holds, are no longer there: deleted, or no longer what the query's
    /// filters let through. Archived records are there.
    ///
    /// Ranges of 100,000 ids are compared by their number and sum, a request for each; only where these differ is there a
    /// look at halves of them, and at last at the ids. So run [`changes`](Self::changes) to its end first: what was created and is not
    /// held makes a range look different, which costs requests, but nothing else.
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Id, Record};
    /// # async fn f<R: Record>(odoo: Client, held: Vec<Id<R::Model>>) -> Result<(), Error> {
    /// for id in odoo.query::<R>().gone(held).await? {
    ///     println!("{id} is gone");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `read_group` (`formatted_read_group` since 18.2) of the ids in a range, and `search`.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn gone(&self, held: impl ToIds<R::Model>) -> Result<Vec<Id<R::Model>>, Error> {
        let gone = gone::gone(&self.search()?, held.to_ids()).await?;
        Ok(gone.into_iter().map(Id::new).collect())
    }
}

/// Records that changed, one by one, read page by page: [`Query::changes`].
///
/// One page is in memory at a time, what the cursor remembers, and behind a page that is not full the ids that are left, if there are
/// any: see [`Records`](crate::query::Records). A record with values that don't decode is an error of kind
/// [`Decode`](crate::ErrorKind::Decode) in its place, and the stream goes on behind it; any other error ends it, and a new
/// one goes on from the [`cursor`](Self::cursor).
///
/// It is a [`futures_core::Stream`] too.
#[must_use = "nothing is asked for until a record is"]
pub struct Changes<R: Record> {
    walk: Walk,
    ready: VecDeque<(Row, Result<R, Error>)>,
}

/// Nothing in it is pinned.
impl<R: Record> Unpin for Changes<R> {}

impl<R: Record> Changes<R> {
    /// How long before a run the next one begins: as long as the longest transaction of the server may take, and how far its
    /// clock may be off that of its database. Ten minutes if nothing is said; it holds from the beginning of a run on.
    pub fn overlap(mut self, overlap: Duration) -> Self {
        self.walk.overlap = overlap;
        self
    }

    /// The next record; `None` at the end of the run.
    ///
    /// To give up waiting (in a `select!` or with a time limit) loses no record.
    pub async fn next(&mut self) -> Option<Result<R, Error>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// Where the run is: all records that were given are behind it. To be kept when what was given is kept; at the end of
    /// the run it is where the next one begins.
    pub fn cursor(&self) -> ChangeCursor {
        self.walk.cursor.clone()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<R, Error>>> {
        loop {
            if let Some((row, record)) = self.ready.pop_front() {
                if self.walk.is_news(row) {
                    return Poll::Ready(Some(record));
                }
                continue;
            }
            let found = match ready!(self.walk.poll(cx)) {
                Some(Ok(found)) => found,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            if let Err(error) = self.take(&found) {
                self.walk.end();
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    fn take(&mut self, found: &Found) -> Result<(), Error> {
        let mut queue = Queue::<R> { blank: R::blank(), ready: &mut self.ready };
        let read = found.read(Rows::new(R::Model::ODOO_NAME, &R::columns(), &mut queue))?;
        for ((row, _), hash) in self.ready.iter_mut().zip(found.hashes()?) {
            row.hash = hash;
        }
        self.walk.came(read.rows, found.len());
        Ok(())
    }
}

impl<R: Record> futures_core::Stream for Changes<R> {
    type Item = Result<R, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

/// How many records are at hand.
impl<R: Record> fmt::Debug for Changes<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("ready", &self.ready.len()).finish_non_exhaustive()
    }
}

struct Queue<'a, R: Record> {
    blank: R::Blank,
    ready: &'a mut VecDeque<(Row, Result<R, Error>)>,
}

impl<R: Record> Sink for Queue<'_, R> {
    fn begin(&mut self) {
        self.ready.clear();
    }

    fn take(&mut self, row: &mut RowReader<'_>) {
        let id = row.id().unwrap_or_default();
        let record = match R::from_row(&self.blank, row) {
            Some(record) if row.is_sound() => Ok(record),
            _ => {
                let mut failures = Failures::default();
                row.failures(&mut failures);
                let unknown = || Error::decode("the record does not decode");
                Err(failure(&failures.first, failures.more).unwrap_or_else(unknown))
            }
        };
        self.ready.push_back((Row { id, hash: 0 }, record));
    }
}

/// All records that the domain of a search lets through, archived ones too.
fn of_all(search: Search) -> Search {
    let id_order = Some(IdOrder::Any);
    let mut search = Search { limit: None, offset: 0, order: String::new(), id_order, ..search };
    search.context.insert("active_test".to_owned(), &false);
    search
}
