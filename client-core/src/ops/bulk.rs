//! Many records at once: in chunks, with a report of which went through.

use std::collections::VecDeque;
use std::fmt;

use serde_json::value::{RawValue, to_raw_value};

use super::wrong_count;
use crate::error::ErrorKind;
use crate::model::ToIds;
use crate::write::ToValues;
use crate::{Client, Error, Id, Model, Values};

/// A chunk is a transaction: large ones are faster, small ones keep a lock or hit the server's time limit less easily.
const RECORDS: usize = 500;

/// What a proxy lets through without being told to: nginx refuses requests of more than 1 MiB by default.
const BYTES: usize = 1_000_000;

impl Client {
    /// Creates many records, chunk by chunk.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Model, Values};
    /// # enum Tag {}
    /// # impl Model for Tag { const ODOO_NAME: &'static str = "res.partner.category"; }
    /// # impl Tag { const NAME: Field<Self, kind::Char> = Field::new("name"); }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// let tags = (0..10_000).map(|n| Values::new().set(Tag::NAME, format!("tag {n}")));
    /// let mut report = odoo.create_many(tags).max_records(1_000).send().await;
    /// // What the server could not be reached for surely was not created: try that again, but not for ever.
    /// if report.error.as_ref().is_some_and(Error::is_retryable) {
    ///     report = report.resume(&odoo).await;
    /// }
    /// let ids = report.into_result()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `create` with a list of values.
    pub fn create_many<V: ToValues>(&self, values: impl IntoIterator<Item = V>) -> CreateMany<V::Model> {
        CreateMany {
            client: self.clone(),
            report: Created { left: values.into_iter().map(V::to_values).collect(), ..Created::default() },
            max_records: RECORDS,
            max_bytes: BYTES,
        }
    }

    /// Writes the same values to many records, chunk by chunk; [`update`](Self::update) does it in one.
    ///
    /// In a chunk with a record that does not exist, no record is written.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Id, Model, Values};
    /// # enum Partner {}
    /// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # impl Partner { const ACTIVE: Field<Self, kind::Boolean> = Field::new("active"); }
    /// # async fn f(odoo: Client, ids: Vec<Id<Partner>>) -> Result<(), Error> {
    /// let report = odoo.update_many(ids, Values::new().set(Partner::ACTIVE, false)).send().await;
    /// println!("{} archived, {} left", report.done.len(), report.left.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_many<V: ToValues>(&self, ids: impl ToIds<V::Model>, values: V) -> OnMany<V::Model> {
        OnMany::new(self.clone(), ids, Some(values.to_values()))
    }

    /// Deletes many records, chunk by chunk. Many models pass over ids that no record has (any more), others raise
    /// [`Missing`](crate::ErrorKind::Missing), and then none of the chunk is deleted.
    pub fn delete_many<M: Model>(&self, ids: impl ToIds<M>) -> OnMany<M> {
        OnMany::new(self.clone(), ids, None)
    }
}

/// Many records to be created.
#[must_use = "nothing is created until it is sent"]
pub struct CreateMany<M> {
    client: Client,
    report: Created<M>,
    max_records: usize,
    max_bytes: usize,
}

impl<M: Model> CreateMany<M> {
    /// At most this many records a chunk: 500 if not said otherwise.
    pub fn max_records(mut self, records: usize) -> Self {
        self.max_records = records.max(1);
        self
    }

    /// At most this many bytes of JSON a chunk: one million if not said otherwise. A record that is larger goes alone.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Creates the records. The first chunk that fails ends it: nothing is sent twice, and nothing after it.
    pub async fn send(self) -> Created<M> {
        let Self { client, mut report, max_records, max_bytes } = self;
        let mut waiting: VecDeque<Values<M>> = std::mem::take(&mut report.left).into();
        while report.error.is_none() && !waiting.is_empty() {
            let chunk = match chunk(&waiting, max_records, max_bytes) {
                Ok(chunk) => chunk,
                Err(error) => {
                    report.error = Some(error);
                    break;
                }
            };
            let size = chunk.len();
            let created: Result<Vec<i64>, Error> =
                client.model(M::ODOO_NAME).call("create").arg("vals_list", chunk).send().await;
            match created {
                Ok(ids) if ids.len() == size => {
                    report.ids.extend(ids.into_iter().map(Id::new));
                    waiting.drain(..size);
                }
                Ok(ids) => {
                    report.error = Some(wrong_count(M::ODOO_NAME, "create", size, ids.len()));
                    report.in_doubt.extend(waiting.drain(..size));
                }
                Err(error) => {
                    if error.may_have_executed() {
                        report.in_doubt.extend(waiting.drain(..size));
                    }
                    report.error = Some(error);
                }
            }
        }
        report.left = waiting.into();
        report.limits = Some((max_records, max_bytes));
        report
    }
}

/// The first values, as many as make a chunk, written as JSON.
fn chunk<M: Model>(
    values: &VecDeque<Values<M>>,
    max_records: usize,
    max_bytes: usize,
) -> Result<Vec<Box<RawValue>>, Error> {
    let mut chunk: Vec<Box<RawValue>> = Vec::new();
    let mut bytes = 0;
    for values in values.iter().take(max_records) {
        let json = to_raw_value(values.json()?).map_err(|error| {
            Error::new(ErrorKind::Encode, "the values cannot be written as JSON").with_source(error)
        })?;
        bytes += json.get().len();
        if bytes > max_bytes && !chunk.is_empty() {
            break;
        }
        chunk.push(json);
    }
    Ok(chunk)
}

/// What became of many records that were to be created: the first ones have [`ids`](Self::ids), those after them may
/// be [`in_doubt`](Self::in_doubt), and the last ones are [`left`](Self::left).
#[must_use = "it tells whether all records were created"]
#[non_exhaustive]
pub struct Created<M> {
    /// The ids of the new records, in the order of the values given: the first id is that of the first values.
    pub ids: Vec<Id<M>>,
    /// The values of the chunk, after those, of which nobody can know from here whether they were created (all of
    /// them or none): see [`Error::may_have_executed`].
    pub in_doubt: Vec<Values<M>>,
    /// The values, after those, that surely were not created.
    pub left: Vec<Values<M>>,
    /// What ended it. `None` if all records were created.
    pub error: Option<Error>,
    limits: Option<(usize, usize)>,
}

impl<M> Default for Created<M> {
    fn default() -> Self {
        Self { ids: Vec::new(), in_doubt: Vec::new(), left: Vec::new(), error: None, limits: None }
    }
}

impl<M: Model> Created<M> {
    /// Goes on with what is left, in chunks of the same size; the report then covers both.
    ///
    /// What is in doubt stays in doubt and is not sent: look into the database for it, and clear
    /// [`in_doubt`](Self::in_doubt), or put what is missing into [`left`](Self::left). Until then nothing is sent at
    /// all, as the ids would no longer be in the order of the values.
    pub async fn resume(mut self, client: &Client) -> Self {
        if !self.in_doubt.is_empty() {
            return self;
        }
        self.error = None;
        let (max_records, max_bytes) = self.limits.unwrap_or((RECORDS, BYTES));
        CreateMany { client: client.clone(), report: self, max_records, max_bytes }.send().await
    }

    /// The ids of all records, or the error that ended it.
    ///
    /// # Errors
    ///
    /// The one in [`error`](Self::error). The ids of the records that were created before it are lost.
    pub fn into_result(self) -> Result<Vec<Id<M>>, Error> {
        match self.error {
            None => Ok(self.ids),
            Some(error) => Err(error),
        }
    }
}

/// How many are in which state, and the error; no values.
impl<M> fmt::Debug for Created<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Created")
            .field("ids", &self.ids.len())
            .field("in_doubt", &self.in_doubt.len())
            .field("left", &self.left.len())
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// Many records to be written or deleted.
#[must_use = "nothing is done until it is sent"]
pub struct OnMany<M> {
    client: Client,
    ids: Vec<Id<M>>,
    /// What to write; without it the records are deleted.
    values: Option<Values<M>>,
    max_records: usize,
    is_idempotent: bool,
}

impl<M: Model> OnMany<M> {
    fn new(client: Client, ids: impl ToIds<M>, values: Option<Values<M>>) -> Self {
        let ids = ids.to_ids().into_iter().map(Id::new).collect();
        Self { client, ids, values, max_records: RECORDS, is_idempotent: false }
    }

    /// At most this many records a chunk: 500 if not said otherwise.
    pub fn max_records(mut self, records: usize) -> Self {
        self.max_records = records.max(1);
        self
    }

    /// Says that a chunk can be sent twice without harm, so that one in doubt is tried again: see
    /// [`Call::idempotent`](crate::client::Call::idempotent).
    pub fn idempotent(mut self) -> Self {
        self.is_idempotent = true;
        self
    }

    /// Writes to the records, or deletes them. The first chunk that fails ends it.
    pub async fn send(self) -> Processed<M> {
        let Self { client, ids, values, max_records, is_idempotent } = self;
        let model = client.model(M::ODOO_NAME);
        let mut at = 0;
        for chunk in ids.chunks(max_records) {
            let call = match &values {
                Some(values) => model.call("write").arg("vals", values),
                None => model.call("unlink"),
            };
            let call = if is_idempotent { call.idempotent() } else { call };
            if let Err(error) = call.ids(chunk.iter().copied()).send::<bool>().await {
                let end = if error.may_have_executed() { at + chunk.len() } else { at };
                let (done, rest) = ids.split_at(at);
                let (in_doubt, left) = rest.split_at(end - at);
                return Processed {
                    done: done.to_vec(),
                    in_doubt: in_doubt.to_vec(),
                    left: left.to_vec(),
                    error: Some(error),
                };
            }
            at += chunk.len();
        }
        Processed { done: ids, in_doubt: Vec::new(), left: Vec::new(), error: None }
    }
}

/// What became of many records that were to be written or deleted.
///
/// What is in doubt can be written again without harm; deleting again what is gone may be an error.
#[must_use = "it tells whether all records were processed"]
#[non_exhaustive]
pub struct Processed<M> {
    /// The records that were.
    pub done: Vec<Id<M>>,
    /// The records of the chunk of which nobody can know from here: all of them were, or none.
    pub in_doubt: Vec<Id<M>>,
    /// The records that surely were not.
    pub left: Vec<Id<M>>,
    /// What ended it. `None` if all records were processed.
    pub error: Option<Error>,
}

impl<M: Model> Processed<M> {
    /// The error that ended it, if there was one.
    ///
    /// # Errors
    ///
    /// The one in [`error`](Self::error).
    pub fn into_result(self) -> Result<(), Error> {
        self.error.map_or(Ok(()), Err)
    }
}

/// How many are in which state, and the error.
impl<M> fmt::Debug for Processed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processed")
            .field("done", &self.done.len())
            .field("in_doubt", &self.in_doubt.len())
            .field("left", &self.left.len())
            .field("error", &self.error)
            .finish()
    }
}
