//! Records that are created where they are missing, and changed where they differ.

mod compare;
mod item;
mod pass;
mod plan;
mod rows;
mod there;

use std::fmt;

use self::item::{Item, Key, Lines};
use self::pass::chunk;
use self::there::Known;
use crate::error::ErrorKind;
use crate::field::{Field, kind};
use crate::write::{ToField, ToValues, Writable};
use crate::{Client, Error, Id, Model, Values};

/// How many records are looked up at a time.
const CHUNK: usize = 1_000;
/// How many go into one transaction.
const RECORDS: usize = 250;

/// A record that shall be there, with these values: [`Client::upsert`].
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model};
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # enum Line {}
/// # impl Model for Line { const ODOO_NAME: &'static str = "sale.order.line"; }
/// # impl Line { const QTY: Field<Self, kind::Float> = Field::new("product_uom_qty"); }
/// # enum Order {}
/// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
/// # impl Order {
/// #     const CLIENT_ORDER_REF: Field<Self, kind::Char> = Field::new("client_order_ref");
/// #     const PARTNER_ID: Field<Self, kind::Many2one<Partner>> = Field::new("partner_id");
/// #     const ORDER_LINE: Field<Self, kind::One2many<Line>> = Field::new("order_line");
/// # }
/// use odoo_client::Values;
/// use odoo_client::ops::Upsert;
///
/// let line = Upsert::xml_id("shop.line_1001_1", Values::new().set(Line::QTY, 2.0));
/// let order = Upsert::xml_id("shop.order_1001", Values::new().set(Order::CLIENT_ORDER_REF, "S-1001"))
///     .refer(Order::PARTNER_ID, "shop.customer_7")
///     .lines(Order::ORDER_LINE, [line])
///     .prune(Order::ORDER_LINE);
/// ```
#[must_use = "nothing is written until it is given to `Client::upsert` or `upsert_many`"]
pub struct Upsert<M> {
    item: Item,
    model: std::marker::PhantomData<fn() -> M>,
}

impl<M: Model> Upsert<M> {
    /// The record with this external id, such as `shop.order_1001`. Where no record has it, one is created and given it.
    pub fn xml_id(xml_id: impl Into<String>, values: impl ToValues<Model = M>) -> Self {
        Self::new(Key::XmlId(xml_id.into()), values.to_values())
    }

    /// The one record that has this value in the field; it is set to it where it is created.
    ///
    /// Odoo itself keeps nobody from making two. Of several at once that are made this way one is: a new record is
    /// given an external id of the module `__upsert__` that is made of model, field and value, and stays the record for that value
    /// whatever becomes of the field. What others create otherwise at the same moment is not seen. Where several have the
    /// value already, that is an error.
    pub fn by<K, A: Writable<M>, V: ToField<K> + Clone>(
        field: Field<M, K, A>,
        value: V,
        values: impl ToValues<Model = M>,
    ) -> Self {
        let value = match value.to_json() {
            Ok(value) => value,
            Err(refusal) => return Self::new(Key::Refused(refusal.of(M::ODOO_NAME, field.name())), values.to_values()),
        };
        let values = values.to_values();
        let values =
            if values.get(field.name()).is_none() { values.set_raw(field.name(), value.clone()) } else { values };
        Self::new(Key::Natural(field.name(), value), values)
    }

    fn new(key: Key, values: Values<M>) -> Self {
        let item = Item { key, values: values.into_json(), refers: Vec::new(), lines: Vec::new() };
        Self { item, model: std::marker::PhantomData }
    }

    /// Points a many2one to the record with this external id. Where none has it, the record fails.
    pub fn refer<N: Model, A: Writable<M>>(
        mut self,
        field: Field<M, kind::Many2one<N>, A>,
        xml_id: impl Into<String>,
    ) -> Self {
        self.item.refers.push((field.name(), N::ODOO_NAME, xml_id.into()));
        self
    }

    /// Lines, by external ids of their own: those that are missing are added, those that differ are changed, and others
    /// stay, unless [`prune`](Self::prune) is said. All lines of a record set the same fields.
    pub fn lines<N: Model, A: Writable<M>>(
        mut self,
        field: Field<M, kind::One2many<N>, A>,
        lines: impl IntoIterator<Item = Upsert<N>>,
    ) -> Self {
        let items = lines.into_iter().map(|line| line.item).collect();
        self.item.lines.push(Lines { field: field.name(), model: N::ODOO_NAME, items, prune: false });
        self
    }

    /// Deletes the lines that were not given.
    pub fn prune<N: Model, A: Writable<M>>(mut self, field: Field<M, kind::One2many<N>, A>) -> Self {
        match self.item.lines.iter_mut().find(|lines| lines.field == field.name()) {
            Some(lines) => lines.prune = true,
            None => {
                self.item.lines.push(Lines { field: field.name(), model: N::ODOO_NAME, items: Vec::new(), prune: true })
            }
        }
        self
    }
}

/// The key.
impl<M> fmt::Debug for Upsert<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Upsert").field(&format_args!("{}", self.item.key)).finish()
    }
}

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UpsertChange {
    /// It was missing.
    Created,
    /// It differed, or lines of it did.
    Updated,
    /// It was as wanted, and was not written.
    Unchanged,
}

/// A record that is there now.
#[non_exhaustive]
pub struct Upserted<M> {
    /// Its id.
    pub id: Id<M>,
    /// What was done to it.
    pub change: UpsertChange,
}

impl<M: Model> fmt::Debug for Upserted<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:?}", self.id, self.change)
    }
}

/// What became of records, in the order in which they were given.
#[non_exhaustive]
pub struct UpsertReport<M> {
    /// Each record, or why it is not as wanted: then nothing of it was written, unless the error says otherwise.
    pub records: Vec<Result<Upserted<M>, Error>>,
}

impl<M> UpsertReport<M> {
    /// How many records this was done to.
    pub fn count(&self, change: UpsertChange) -> usize {
        self.records.iter().flatten().filter(|record| record.change == change).count()
    }

    /// The records that failed, by their place.
    pub fn failed(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.records.iter().enumerate().filter_map(|(at, record)| Some((at, record.as_ref().err()?)))
    }
}

/// How many records are in which state.
impl<M> fmt::Display for UpsertReport<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [created, updated, unchanged] =
            [UpsertChange::Created, UpsertChange::Updated, UpsertChange::Unchanged].map(|change| self.count(change));
        write!(f, "{created} created, {updated} updated, {unchanged} unchanged, {} failed", self.failed().count())
    }
}

/// As `Display`.
impl<M> fmt::Debug for UpsertReport<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Client {
    /// Creates a record where it is missing, writes to it what differs, and leaves it alone where nothing does: no
    /// `write_date` moves, nobody is told. It is found by its external id, or by a [natural key](Upsert::by).
    ///
    /// It may be done again at any time, and by several at once: there is one record (seen on 14 and 19). Record, lines and
    /// external ids are made in one transaction, by Odoo's own import, and two that make the same external id are in each other's
    /// way: one of them finds what the other made. (Both may count it as created.)
    ///
    /// On the wire `search_read` of `ir.model.data`, `read`, and `load` of what differs; `write` for fields that the import does
    /// not take, and `unlink` for lines that go.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Model};
    /// # enum Partner {}
    /// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # impl Partner {
    /// #     const NAME: Field<Self, kind::Char> = Field::new("name");
    /// #     const REF: Field<Self, kind::Char> = Field::new("ref");
    /// # }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// use odoo_client::Values;
    /// use odoo_client::ops::Upsert;
    ///
    /// let acme = odoo.upsert(Upsert::xml_id("shop.customer_7", Values::new().set(Partner::NAME, "Acme"))).await?;
    /// println!("{}: {:?}", acme.id, acme.change);
    /// odoo.upsert(Upsert::by(Partner::REF, "A-1", Values::new().set(Partner::NAME, "Ace"))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// What differs is told by what the server keeps: text with markup that it puts right, and pictures that it makes smaller,
    /// differ each time. Amounts are compared to the digits that Odoo keeps of the field.
    ///
    /// # Errors
    ///
    /// [`Encode`](crate::ErrorKind::Encode) for a [`Command`](crate::Command) that creates a record or writes to one, as each time it would
    /// do so again; [`Missing`](crate::ErrorKind::Missing) for an external id whose record was deleted, and for one that is referred to and
    /// is none; [`Validation`](crate::ErrorKind::Validation) for one of another model's record, and for values that
    /// the server refuses; [`Ambiguous`](crate::ErrorKind::Ambiguous) for a natural key of several records; and those of any call.
    pub async fn upsert<M: Model>(&self, record: Upsert<M>) -> Result<Upserted<M>, Error> {
        let report = self.upsert_many([record]).send().await?;
        report.records.into_iter().next().unwrap_or_else(|| Err(Error::decode("there is no outcome")))
    }

    /// The same for many records, in chunks, with a report for each of them.
    ///
    /// Of 10,000 records with one in a hundred changed that is some thirty requests. They are taken of the iterator a
    /// thousand at a time.
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Model};
    /// # use odoo_client::ops::Upsert;
    /// # async fn f<M: Model>(odoo: Client, records: Vec<Upsert<M>>) -> Result<(), Error> {
    /// let report = match odoo.upsert_many(records).send().await {
    ///     // The server was gone for a while. What it did not answer, it may have done: that is found.
    ///     Err(rest) => rest.resume().await?,
    ///     Ok(report) => report,
    /// };
    /// println!("{report}");
    /// for (at, error) in report.failed() {
    ///     eprintln!("record {at}: {error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn upsert_many<M, I>(&self, records: I) -> UpsertMany<M>
    where
        M: Model,
        I: IntoIterator<Item = Upsert<M>>,
        I::IntoIter: Send + 'static,
    {
        let left = Box::new(records.into_iter().map(|record| record.item));
        UpsertMany {
            client: self.clone(),
            left,
            chunk: Vec::new(),
            max_records: RECORDS,
            known: Known::default(),
            report: UpsertReport { records: Vec::new() },
        }
    }
}

/// Many records that shall be there.
#[must_use = "nothing is done until it is sent"]
pub struct UpsertMany<M> {
    client: Client,
    left: Box<dyn Iterator<Item = Item> + Send>,
    /// What was taken of those, and is not done.
    chunk: Vec<Item>,
    max_records: usize,
    known: Known,
    report: UpsertReport<M>,
}

impl<M: Model> UpsertMany<M> {
    /// At most this many records a transaction: 250 if not said otherwise.
    pub fn max_records(mut self, records: usize) -> Self {
        self.max_records = records.max(1);
        self
    }

    /// Does it.
    ///
    /// # Errors
    ///
    /// Those of a call that does not get through, with all that was done before. What is wrong with a record is in the report.
    pub async fn send(mut self) -> Result<UpsertReport<M>, UpsertManyError<M>> {
        loop {
            if self.chunk.is_empty() {
                self.chunk = self.left.by_ref().take(CHUNK).collect();
            }
            if self.chunk.is_empty() {
                return Ok(self.report);
            }
            match chunk(&self.client, M::ODOO_NAME, &self.chunk, self.max_records, &mut self.known).await {
                Ok(outcomes) => {
                    let records = outcomes.into_iter();
                    let records =
                        records.map(|outcome| outcome.map(|(id, change)| Upserted { id: Id::new(id), change }));
                    self.report.records.extend(records);
                    self.chunk.clear();
                }
                Err(error) => return Err(UpsertManyError { error, rest: Box::new(self) }),
            }
        }
    }
}

/// Why not all of many records were looked at.
#[non_exhaustive]
pub struct UpsertManyError<M> {
    /// What ended it.
    pub error: Error,
    rest: Box<UpsertMany<M>>,
}

impl<M: Model> UpsertManyError<M> {
    /// What became of those before.
    pub fn report(&self) -> &UpsertReport<M> {
        &self.rest.report
    }

    /// Goes on with the chunk that it ended in: what was done of that is found, and counts as unchanged. The report has the
    /// earlier ones, too.
    ///
    /// # Errors
    ///
    /// As [`UpsertMany::send`].
    pub async fn resume(self) -> Result<UpsertReport<M>, Self> {
        self.rest.send().await
    }
}

impl<M> fmt::Debug for UpsertManyError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<M> fmt::Display for UpsertManyError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and then: {}", self.rest.report, self.error)
    }
}

impl<M> std::error::Error for UpsertManyError<M> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl<M> From<UpsertManyError<M>> for Error {
    fn from(error: UpsertManyError<M>) -> Self {
        error.error
    }
}

/// An error of one record.
fn of(key: &Key, kind: ErrorKind, what: impl fmt::Display) -> Error {
    Error::new(kind, format!("`{key}`: {what}"))
}
