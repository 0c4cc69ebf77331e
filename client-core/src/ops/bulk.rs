//! Many records at once: in chunks, with a report of which went through.

use std::collections::VecDeque;
use std::error::Error as StdError;
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
    /// let ids = match odoo.create_many(tags).max_records(1_000).send().await {
    ///     // What the server could not be reached for surely was not created: try that again, but not for ever.
    ///     Err(rest) if rest.error.is_retryable() => rest.resume(&odoo).await?,
    ///     done => done?,
    /// };
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `create` with a list of values.
    pub fn create_many<V: ToValues>(&self, values: impl IntoIterator<Item = V>) -> CreateMany<V::Model> {
        CreateMany {
            client: self.clone(),
            created: Vec::new(),
            left: values.into_iter().map(V::to_values).collect(),
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
    /// if let Err(rest) = odoo.update_many(ids, Values::new().set(Partner::ACTIVE, false)).send().await {
    ///     println!("{} archived, {} left: {}", rest.done.len(), rest.left.len(), rest.error);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "write")]
    pub fn update_many<V: ToValues>(&self, ids: impl ToIds<V::Model>, values: V) -> ChangeMany<V::Model> {
        ChangeMany::new(self.clone(), ids, Some(values.to_values()))
    }

    /// Deletes many records, chunk by chunk. Many models pass over ids that no record has (any more), others raise
    /// [`Missing`](crate::ErrorKind::Missing), and then none of the chunk is deleted.
    #[doc(alias = "unlink")]
    pub fn delete_many<M: Model>(&self, ids: impl ToIds<M>) -> ChangeMany<M> {
        ChangeMany::new(self.clone(), ids, None)
    }
}

/// Many records to be created.
#[must_use = "nothing is created until it is sent"]
pub struct CreateMany<M> {
    client: Client,
    /// Those of an earlier attempt.
    created: Vec<Id<M>>,
    left: VecDeque<Values<M>>,
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

    /// Creates the records: their ids, in the order of the values. The first chunk that fails ends it: nothing is sent twice, and
    /// nothing after it.
    ///
    /// # Errors
    ///
    /// Those of any call, with what was created before.
    pub async fn send(mut self) -> Result<Vec<Id<M>>, CreateManyError<M>> {
        while !self.left.is_empty() {
            let chunk = match chunk(&self.left, self.max_records, self.max_bytes) {
                Ok(chunk) => chunk,
                Err(error) => return Err(self.failed(error, 0)),
            };
            let size = chunk.len();
            let created: Result<Vec<i64>, Error> =
                self.client.model(M::ODOO_NAME).call("create").arg("vals_list", chunk).send().await;
            match created {
                Ok(ids) if ids.len() == size => {
                    self.created.extend(ids.into_iter().map(Id::new));
                    self.left.drain(..size);
                }
                Ok(ids) => {
                    let error = wrong_count(M::ODOO_NAME, "create", size, ids.len());
                    return Err(self.failed(error, size));
                }
                Err(error) => {
                    let in_doubt = if error.may_have_executed() { size } else { 0 };
                    return Err(self.failed(error, in_doubt));
                }
            }
        }
        Ok(self.created)
    }

    fn failed(mut self, error: Error, in_doubt: usize) -> CreateManyError<M> {
        let in_doubt = self.left.drain(..in_doubt).collect();
        let limits = (self.max_records, self.max_bytes);
        CreateManyError { created: self.created, in_doubt, left: self.left.into(), error, limits }
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

/// Why not all of many records were created, and what became of them: the first ones are [`created`](Self::created), those
/// after them may be [`in_doubt`](Self::in_doubt), and the last ones are [`left`](Self::left).
///
/// An [`Error`] can be made of it (`?` does), which knows no more of the records.
#[non_exhaustive]
pub struct CreateManyError<M> {
    /// The ids of the new records, in the order of the values given: the first id is that of the first values.
    pub created: Vec<Id<M>>,
    /// The values of the chunk, after those, of which nobody can know from here whether they were created (all of
    /// them or none): see [`Error::may_have_executed`].
    pub in_doubt: Vec<Values<M>>,
    /// The values, after those, that surely were not created.
    pub left: Vec<Values<M>>,
    /// What ended it.
    pub error: Error,
    limits: (usize, usize),
}

impl<M: Model> CreateManyError<M> {
    /// Goes on with what is left, in chunks of the same size: the ids are those of all records, the earlier ones too.
    ///
    /// What is in doubt stays in doubt and is not sent: look into the database for it, and clear
    /// [`in_doubt`](Self::in_doubt), or put what is missing into [`left`](Self::left). Until then nothing is sent at
    /// all, as the ids would no longer be in the order of the values.
    ///
    /// # Errors
    ///
    /// As [`CreateMany::send`]; the same again while anything is in doubt.
    pub async fn resume(self, client: &Client) -> Result<Vec<Id<M>>, Self> {
        if !self.in_doubt.is_empty() {
            return Err(self);
        }
        let (max_records, max_bytes) = self.limits;
        let (created, left) = (self.created, self.left.into());
        CreateMany { client: client.clone(), created, left, max_records, max_bytes }.send().await
    }
}

/// Many records to be written or deleted.
#[must_use = "nothing is done until it is sent"]
pub struct ChangeMany<M> {
    client: Client,
    ids: Vec<Id<M>>,
    /// What to write; without it the records are deleted.
    values: Option<Values<M>>,
    max_records: usize,
    is_idempotent: bool,
}

impl<M: Model> ChangeMany<M> {
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
    ///
    /// # Errors
    ///
    /// Those of any call, with which records were done before.
    pub async fn send(self) -> Result<(), ChangeManyError<M>> {
        let Self { client, mut ids, values, max_records, is_idempotent } = self;
        let model = client.model(M::ODOO_NAME);
        let mut at = 0;
        while at < ids.len() {
            let chunk = &ids[at..ids.len().min(at + max_records)];
            let size = chunk.len();
            let call = match &values {
                Some(values) => model.call("write").arg("vals", values),
                None => model.call("unlink"),
            };
            let call = if is_idempotent { call.idempotent() } else { call };
            if let Err(error) = call.ids(chunk.iter().copied()).done().await {
                let mut in_doubt = ids.split_off(at);
                let left = in_doubt.split_off(if error.may_have_executed() { size } else { 0 });
                return Err(ChangeManyError { done: ids, in_doubt, left, error });
            }
            at += size;
        }
        Ok(())
    }
}

/// Why not all of many records were written or deleted, and which were.
///
/// What is in doubt can be written again without harm; deleting again what is gone may be an error. An [`Error`] can be made
/// of it (`?` does), which knows no more of the records.
#[non_exhaustive]
pub struct ChangeManyError<M> {
    /// The records that were.
    pub done: Vec<Id<M>>,
    /// The records of the chunk of which nobody can know from here: all of them were, or none.
    pub in_doubt: Vec<Id<M>>,
    /// The records that surely were not.
    pub left: Vec<Id<M>>,
    /// What ended it.
    pub error: Error,
}

macro_rules! errors {
    ($($name:ident: $done:ident;)*) => { $(
        /// How many are in which state, and the error; no values.
        impl<M> fmt::Debug for $name<M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field(stringify!($done), &self.$done.len())
                    .field("in_doubt", &self.in_doubt.len())
                    .field("left", &self.left.len())
                    .field("error", &self.error)
                    .finish_non_exhaustive()
            }
        }

        impl<M> fmt::Display for $name<M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let (done, in_doubt, left) = (self.$done.len(), self.in_doubt.len(), self.left.len());
                write!(f, "{done} records {}, {in_doubt} in doubt, {left} left: {}", stringify!($done), self.error)
            }
        }

        impl<M> StdError for $name<M> {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                self.error.source()
            }
        }

        impl<M> From<$name<M>> for Error {
            fn from(error: $name<M>) -> Self {
                error.error
            }
        }
    )* };
}

errors! {
    CreateManyError: created;
    ChangeManyError: done;
}
