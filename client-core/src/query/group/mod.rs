//! Groups of records: how many there are of each kind, and sums over them.

mod column;
mod period;
mod read;

use std::fmt;
use std::marker::PhantomData;

#[cfg(feature = "decimal")]
pub use self::column::ToDecimal;
#[cfg(feature = "fuzzing")]
pub use self::column::fuzzed;
pub use self::column::{Aggregated, Groupable, Number, Temporal, Tuple};
pub use self::period::{ByPeriod, Period};
use self::read::{Aggregate, Key, Plan, Spec};
use crate::field::Path;
use crate::field::sealed::Seal;
use crate::field::{CanAggregate, CanGroup, Field};
use crate::query::Sortable;
use crate::{Client, Domain, Error, Model};

impl Client {
    /// Starts to group records of a model: [`by`](Grouping::by) what, and what to sum over each group.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Model};
    /// # enum Order {}
    /// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
    /// # impl Order {
    /// #     const AMOUNT_TOTAL: Field<Self, kind::Monetary> = Field::new("amount_total");
    /// #     const DATE_ORDER: Field<Self, kind::Datetime> = Field::new("date_order");
    /// #     const PARTNER_ID: Field<Self, kind::Many2one<Order>> = Field::new("partner_id");
    /// # }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// // The ten best customers.
    /// let best = odoo.group::<Order>().by(Order::PARTNER_ID).sum(Order::AMOUNT_TOTAL).desc().limit(10).fetch_all().await?;
    /// for group in best {
    ///     println!("{:?}: {} in {} orders", group.key, group.value, group.count);
    /// }
    /// // With several keys or several values these are tuples.
    /// let months = odoo.group::<Order>().by(Order::DATE_ORDER.month()).by(Order::PARTNER_ID);
    /// for group in months.sum(Order::AMOUNT_TOTAL).avg(Order::AMOUNT_TOTAL).fetch_all().await? {
    ///     let ((month, customer), (sum, average)) = (group.key, group.value);
    ///     println!("{month:?} {customer:?}: {sum}, {average:?} on average");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `formatted_read_group` with Odoo 19 and later, `read_group` before.
    #[doc(alias = "read_group")]
    #[doc(alias = "formatted_read_group")]
    pub fn group<M: Model>(&self) -> Grouping<M> {
        Grouping { client: self.clone(), plan: Plan::new(M::ODOO_NAME), filter: Domain::all(), types: PhantomData }
    }
}

/// What records of a model are to be grouped by, and what to find out about each group; [`fetch_all`](Self::fetch_all) does it.
///
/// `K` and `V` keep track of the types of the keys and the values.
#[must_use = "nothing is grouped until it is fetched"]
pub struct Grouping<M, K = (), V = ()> {
    client: Client,
    plan: Plan,
    filter: Domain<M>,
    types: PhantomData<fn() -> (K, V)>,
}

/// Records of model `M` that have the same key, or all of them where nothing was grouped by.
///
/// Key and value are those asked for: `()` for none, the thing itself for one, a tuple for several.
#[non_exhaustive]
pub struct Group<M, K, V> {
    /// What the records have in common. An empty field is a key as well: `None`.
    pub key: K,
    /// The aggregates.
    pub value: V,
    /// How many records there are.
    pub count: u64,
    domain: Domain<M>,
}

impl<M, K, V> Group<M, K, V> {
    /// The filter that finds the records of the group.
    pub fn domain(&self) -> Domain<M> {
        self.domain.clone()
    }
}

impl<M, K: Clone, V: Clone> Clone for Group<M, K, V> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), value: self.value.clone(), count: self.count, domain: self.domain.clone() }
    }
}

impl<M, K: fmt::Debug, V: fmt::Debug> fmt::Debug for Group<M, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Group");
        shown.field("key", &self.key).field("value", &self.value).field("count", &self.count);
        shown.finish_non_exhaustive()
    }
}

/// What groups can be made by: a field, a path, or the [period](ByPeriod) of a date.
#[diagnostic::on_unimplemented(
    message = "records of `{M}` cannot be grouped by this",
    label = "neither a field, a path nor a period",
    note = "by a constant of the model, as in `Order::STATE`; by a date's period, as in `Order::DATE_ORDER.month()`"
)]
pub trait GroupBy<M> {
    /// The type of the key.
    type Key;

    #[doc(hidden)]
    fn spec(self) -> Spec;
}

impl<M, K: Groupable, A: CanGroup<M>> GroupBy<M> for Field<M, K, A> {
    type Key = K::Key;
    fn spec(self) -> Spec {
        Spec(Key::new(self.path(), None, K::IS_MANY))
    }
}

/// Of Odoo 19 and later, and over many2one fields alone: what leads over others cannot be grouped by.
impl<M, K: Groupable, N, A: CanGroup<N>> GroupBy<M> for Path<M, K, N, A> {
    type Key = K::Key;
    fn spec(self) -> Spec {
        Spec(Key::new(self.path(), None, K::IS_MANY))
    }
}

impl<M: Model, K, V> Grouping<M, K, V> {
    /// Only records that the domain lets through, and all those filters that were given before.
    pub fn filter(mut self, domain: Domain<M>) -> Self {
        self.filter = std::mem::replace(&mut self.filter, Domain::all()) & domain;
        self
    }

    /// Makes a group of the records that have the same value in this field; with several, of those that have the same
    /// value in each.
    ///
    /// By a many2many a record is in as many groups as it has records there; Odoo 15 and later.
    pub fn by<B: GroupBy<M>>(mut self, by: B) -> Grouping<M, (K, B::Key), V> {
        self.plan.add_key(by.spec());
        self.retype()
    }

    /// Adds up a field, which is 0 for no records.
    pub fn sum<N: Number, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, N::Sum)> {
        self.with_aggregate("sum", field)
    }

    /// The average of a field over the records that have a value; `None` if none has.
    pub fn avg<N: Number, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, Option<f64>)> {
        self.with_aggregate("avg", field)
    }

    /// The least value of a field; `None` if no record has one.
    pub fn min<N: Aggregated, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, N::Value)> {
        self.with_aggregate("min", field)
    }

    /// The greatest value of a field; `None` if no record has one.
    pub fn max<N: Aggregated, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, N::Value)> {
        self.with_aggregate("max", field)
    }

    /// How many records have a value in a field. (How many there are is in every [group](Group::count).)
    pub fn count<N: Sortable, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, u64)> {
        self.with_aggregate("count", field)
    }

    /// How many different values a field has.
    pub fn count_distinct<N: Sortable, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, u64)> {
        self.with_aggregate("count_distinct", field)
    }

    /// Orders the groups by the key or value that was added last, the least first; a further one decides where it
    /// is equal. If nothing is said, they are in the order of their keys.
    pub fn asc(mut self) -> Self {
        self.plan.order_by_last(false);
        self
    }

    /// Orders the groups by the key or value that was added last, the greatest first; see [`asc`](Self::asc).
    pub fn desc(mut self) -> Self {
        self.plan.order_by_last(true);
        self
    }

    /// At most this many groups.
    pub fn limit(mut self, groups: u64) -> Self {
        self.plan.limit = Some(groups);
        self
    }

    /// Without the first so many groups.
    pub fn offset(mut self, groups: u64) -> Self {
        self.plan.offset = groups;
        self
    }

    fn with_aggregate<N, A, T>(mut self, function: &'static str, field: Field<M, N, A>) -> Grouping<M, K, (V, T)> {
        self.plan.add_aggregate(Aggregate { function, field: field.name() });
        self.retype()
    }

    fn retype<L, W>(self) -> Grouping<M, L, W> {
        let Self { client, plan, filter, .. } = self;
        Grouping { client, plan, filter, types: PhantomData }
    }
}

#[cfg(feature = "decimal")]
impl<M: Model, K, V, T: ToDecimal> Grouping<M, K, (V, T)> {
    /// Reads the value that was added last as `rust_decimal::Decimal`: a sum, an average, a least or greatest value of floats
    /// or amounts of money. Odoo computes with floats; this has the digits that it writes.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Model};
    /// # enum Order {}
    /// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
    /// # impl Order {
    /// #     const AMOUNT_TOTAL: Field<Self, kind::Monetary> = Field::new("amount_total");
    /// #     const CURRENCY_ID: Field<Self, kind::Many2one<Order>> = Field::new("currency_id");
    /// # }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// use odoo_client::rust_decimal::Decimal;
    ///
    /// for group in odoo.group::<Order>().by(Order::CURRENCY_ID).sum(Order::AMOUNT_TOTAL).decimal().fetch_all().await? {
    ///     let total: Decimal = group.value;
    ///     println!("{:?}: {total}", group.key);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn decimal(self) -> Grouping<M, K, (V, T::Decimal)> {
        self.retype()
    }
}

impl<M: Model, K: Tuple, V: Tuple> Grouping<M, K, V> {
    /// Makes the groups: a group without records is not among them, but where nothing is grouped by there is always
    /// exactly one.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Unsupported`](crate::ErrorKind::Unsupported) where the server's version cannot do it, and
    /// [`Decode`](crate::ErrorKind::Decode) when a key or value is not what the pin says.
    pub async fn fetch_all(self) -> Result<Vec<Group<M, K::Of, V::Of>>, Error> {
        let filter = self.filter.clone();
        let rows = self.plan.fetch(&self.client, self.filter.for_server(self.client.version())?).await?;
        let mut groups = Vec::with_capacity(rows.len());
        for row in rows {
            groups.push(Group {
                key: self.plan.named(K::read(&row.keys, Seal), 0)?,
                value: self.plan.named(V::read(&row.values, Seal), self.plan.keys.len())?,
                count: row.count,
                domain: Domain::from_wire(row.domain) & if row.is_filtered { Domain::all() } else { filter.clone() },
            });
        }
        Ok(groups)
    }
}

impl<M, K, V> fmt::Debug for Grouping<M, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grouping").field("plan", &self.plan).field("filter", &self.filter).finish_non_exhaustive()
    }
}
