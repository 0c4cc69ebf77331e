//! Queries: which records of a model, in which order, read into which type; and groups of records.
//!
//! [`Client::query`] starts a [`Query`], which is filtered by a [`Domain`] and ordered by an [`OrderBy`]; [`Client::group`]
//! starts a [`Grouping`].

mod changes;
mod criteria;
pub(crate) mod domain;
pub(crate) mod group;
mod nested;
pub(crate) mod order;
mod search;
pub(crate) mod stream;

use std::fmt;
use std::marker::PhantomData;

pub use self::changes::{ChangeCursor, Changes};
use self::criteria::Criteria;
pub use self::domain::{Domain, DomainParseError, Hierarchical, Nullable, Ordered, Textual, ToOperand, escape_like};
#[cfg(feature = "decimal")]
pub use self::group::ToDecimal;
pub use self::group::{Aggregated, ByPeriod, Group, GroupBy, Groupable, Grouping, Number, Period, Temporal, Tuple};
pub(crate) use self::nested::too_deep;
pub use self::order::{OrderBy, Sortable};
#[cfg(feature = "verify")]
pub(crate) use self::search::read_rows;
pub(crate) use self::search::{Found, Part, Search};
pub use self::stream::Records;
use crate::model::ToIds;
use crate::read::Page;
use crate::read::column::Column;
use crate::read::decode::{Collected, Rows, Sink};
use crate::{Client, Context, Error, ErrorKind, Id, Model, Record};

/// Records of the model of `R`, read into `R`: exactly its fields are asked for.
///
/// [`Client::query`] starts one; nothing is sent before a method with `await`, or [`stream`](Self::stream), asks for
/// something.
///
/// ```no_run
/// # use odoo_client::field::kind;
/// # use odoo_client::{Client, Error, Field, Id, Model, Record};
/// # enum Order {}
/// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
/// # impl Order {
/// #     const NAME: Field<Self, kind::Char> = Field::new("name");
/// #     const AMOUNT_TOTAL: Field<Self, kind::Monetary> = Field::new("amount_total");
/// #     const DATE_ORDER: Field<Self, kind::Datetime> = Field::new("date_order");
/// # }
/// #[derive(Record)]
/// #[odoo(model = Order)]
/// struct Total {
///     name: String,
///     amount_total: f64,
/// }
///
/// # async fn f(odoo: Client) -> Result<(), Error> {
/// let big = odoo.query::<Total>().filter(Order::AMOUNT_TOTAL.gt(10_000.0)).order_by(Order::DATE_ORDER.desc());
/// println!("{} big orders", big.count().await?);
/// for order in big.limit(10).fetch_all().await? {
///     println!("{}: {}", order.name, order.amount_total);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until it is asked for something"]
pub struct Query<R: Record> {
    criteria: Criteria,
    record: PhantomData<fn() -> R>,
}

impl<R: Record> Query<R> {
    pub(crate) fn new(client: Client) -> Self {
        Self { criteria: Criteria::new(client), record: PhantomData }
    }

    /// Only records that the domain lets through; of several filters, those that all of them let through.
    pub fn filter(mut self, domain: impl Into<Domain<R::Model>>) -> Self {
        self.criteria.filter(domain.into().erased());
        self
    }

    /// Orders by a field, or by several; where records are equal, what was said last decides last.
    ///
    /// Without this the order is the model's own, but that of a [`stream`](Self::stream) is by id.
    pub fn order_by(mut self, order: impl Into<OrderBy<R::Model>>) -> Self {
        self.criteria.order_by(order.into().erased());
        self
    }

    /// At most this many records. Of models such as `mail.message` Odoo takes what the user may not read out of those that it has cut
    /// off already: then fewer come than there are, of [`first`](Self::first) and [`exists`](Self::exists) none.
    /// [`stream`](Self::stream) goes on behind them.
    pub fn limit(mut self, limit: u64) -> Self {
        self.criteria.limit = Some(limit);
        self
    }

    /// Without the first so many.
    pub fn offset(mut self, offset: u64) -> Self {
        self.criteria.offset = offset;
        self
    }

    /// Sets entries of the context, for this query only; they take precedence over the client's: one entry as in
    /// `with_context(("lang", "fr_FR"))`, or a [`Context`].
    pub fn with_context(mut self, context: impl Into<Context>) -> Self {
        self.criteria.context.extend(context.into());
        self
    }

    /// Whether archived records are left out, as they are if nothing is said.
    pub fn active_test(self, only_active: bool) -> Self {
        self.with_context(("active_test", only_active))
    }

    /// Has [`stream`](Self::stream) ask for at most this many records at a time. Without this it finds a size that the
    /// server answers within about a second, and with about a megabyte.
    pub fn page_size(mut self, records: u64) -> Self {
        self.criteria.page_size = Some(records.max(1));
        self
    }

    /// All of the records, in one request (and those for [nested](Record) ones on old versions).
    ///
    /// # Errors
    ///
    /// Those of any call, and [`Decode`](ErrorKind::Decode) when a value is not of the type of its field; that error
    /// names every such value. [`fetch_page`](Self::fetch_page) gives the good records along with them.
    #[doc(alias = "search_read")]
    pub async fn fetch_all(&self) -> Result<Vec<R>, Error> {
        decoded(self.search()?.fetch(None).await?)
    }

    /// All of the records; those with values that don't decode are apart.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn fetch_page(&self) -> Result<Page<R>, Error> {
        page(self.search()?.fetch(None).await?)
    }

    /// The first of the records, if there is any.
    ///
    /// # Errors
    ///
    /// As [`fetch_all`](Self::fetch_all).
    pub async fn first(&self) -> Result<Option<R>, Error> {
        Ok(decoded(self.search()?.fetch(Some(1)).await?)?.pop())
    }

    /// The one record that there is.
    ///
    /// # Errors
    ///
    /// [`Missing`](ErrorKind::Missing) if there is none, [`Ambiguous`](ErrorKind::Ambiguous) if there are several; and
    /// as [`fetch_all`](Self::fetch_all).
    pub async fn one(&self) -> Result<R, Error> {
        let mut found: Vec<R> = decoded(self.search()?.fetch(Some(2)).await?)?;
        let count = found.len();
        found.pop().filter(|_| count == 1).ok_or_else(|| not_one(R::Model::ODOO_NAME, count))
    }

    /// How many records the filters let through, whatever limit and offset are.
    ///
    /// # Errors
    ///
    /// Those of any call.
    #[doc(alias = "search_count")]
    pub async fn count(&self) -> Result<u64, Error> {
        self.search()?.count().await
    }

    /// The ids of the records.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn ids(&self) -> Result<Vec<Id<R::Model>>, Error> {
        let ids = self.search()?.ids(None).await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }

    /// Whether there is any such record.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn exists(&self) -> Result<bool, Error> {
        let ids = self.search()?.ids(Some(1)).await?;
        Ok(!ids.is_empty())
    }

    /// The records one by one, however many there are: see [`Records`].
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Record};
    /// # async fn f<R: Record + std::fmt::Debug>(odoo: Client) -> Result<(), Error> {
    /// let mut records = odoo.query::<R>().stream();
    /// while let Some(record) = records.next().await {
    ///     println!("{:?}", record?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(&self) -> Records<R> {
        Records::new(self.search(), self.criteria.page_size)
    }

    fn page_size_wanted(&self) -> Option<u64> {
        self.criteria.page_size
    }

    fn search(&self) -> Result<Search, Error> {
        self.criteria.search(R::Model::ODOO_NAME, R::columns())
    }
}

// Spelt out, as each `?` of a type of records is two more functions to compile for each.

fn decoded<R: Record>(found: Option<Found>) -> Result<Vec<R>, Error> {
    match page(found) {
        Ok(page) => page.into_records(),
        Err(error) => Err(error),
    }
}

fn page<R: Record>(found: Option<Found>) -> Result<Page<R>, Error> {
    let mut collected = Collected::<R>::new();
    match read(found, R::Model::ODOO_NAME, &R::columns(), &mut collected) {
        Ok(()) => Ok(collected.page()),
        Err(error) => Err(error),
    }
}

fn read(found: Option<Found>, model: &str, columns: &[Column], sink: &mut dyn Sink) -> Result<(), Error> {
    found.map_or(Ok(()), |found| found.read_now(Rows::new(model, columns, sink)).map(drop))
}

fn not_one(model: &str, count: usize) -> Error {
    match count {
        0 => Error::new(ErrorKind::Missing, format!("{model}: no record is what the query asks for")),
        _ => Error::new(ErrorKind::Ambiguous, format!("{model}: several records are what the query asks for"))
            .with_remedy("ask for `first` if any of them will do"),
    }
}

impl<R: Record> Clone for Query<R> {
    fn clone(&self) -> Self {
        Self { criteria: self.criteria.clone(), record: PhantomData }
    }
}

impl<R: Record> fmt::Debug for Query<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.criteria.show(R::Model::ODOO_NAME, f)
    }
}

impl Client {
    /// Starts a query of the records of a model, to be read into `R`.
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Record};
    /// # async fn f<R: Record>(odoo: Client) -> Result<(), Error> {
    /// let all: Vec<R> = odoo.query().fetch_all().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn query<R: Record>(&self) -> Query<R> {
        Query::new(self.clone())
    }

    /// Reads one record with the fields of `R`; `None` if there is none with this id (any more).
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Id, Record};
    /// # async fn f<R: Record + std::fmt::Debug>(odoo: Client) -> Result<(), Error> {
    /// match odoo.get::<R>(Id::new(7)).await? {
    ///     Some(record) => println!("{record:?}"),
    ///     None => println!("it is gone"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Query::fetch_all`].
    pub async fn get<R: Record>(&self, id: Id<R::Model>) -> Result<Option<R>, Error> {
        Ok(self.read([id]).await?.pop())
    }

    /// Reads a record, or several, with the fields of `R`. Ids that no record has (any more) are left out.
    ///
    /// # Errors
    ///
    /// As [`Query::fetch_all`].
    #[doc(alias = "browse")]
    pub async fn read<R: Record>(&self, ids: impl ToIds<R::Model>) -> Result<Vec<R>, Error> {
        self.read_page(ids).await?.into_records()
    }

    /// Reads these records; those with values that don't decode are apart.
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn read_page<R: Record>(&self, ids: impl ToIds<R::Model>) -> Result<Page<R>, Error> {
        page(Some(Search::of::<R>(self).read(Part::Ids(ids.to_ids()), None).await?))
    }
}

impl<R: Record> Page<R> {
    /// All records, or one error that names every value which did not decode.
    ///
    /// # Errors
    ///
    /// [`Decode`](ErrorKind::Decode) if there are failures.
    pub fn into_records(self) -> Result<Vec<R>, Error> {
        match crate::read::error::failure(&self.failures, self.more_failures) {
            None => Ok(self.records),
            Some(error) => Err(error),
        }
    }
}
