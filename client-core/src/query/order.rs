//! Orders: which record comes first.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::field::{CanOrder, Field, kind};
use crate::version::{Difference, ServerVersion};
use crate::{Error, ErrorKind};

/// An order of records of model `M`: by one field, or by several, of which each decides where those before it are equal.
///
/// Without one, Odoo orders by what the model says (`_order`), which need not tell all records apart: end with the `id`
/// where pages are read one by one.
///
/// ```
/// # use odoo_client::field::{ReadOnly, kind};
/// # use odoo_client::{Field, Model, OrderBy};
/// # enum Order {}
/// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
/// # impl Order {
/// #     const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
/// #     const DATE_ORDER: Field<Self, kind::Datetime> = Field::new("date_order");
/// # }
/// let newest_first = OrderBy::from([Order::DATE_ORDER.desc(), Order::ID.desc()]);
/// assert_eq!(newest_first.to_string(), "date_order desc, id desc");
/// ```
pub struct OrderBy<M> {
    terms: Vec<Term>,
    model: PhantomData<fn() -> M>,
}

/// One field of an order.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) field: Cow<'static, str>,
    pub(crate) is_descending: bool,
    /// Whether records without a value come first; PostgreSQL has them last, and first where the order is descending.
    pub(crate) nulls_first: Option<bool>,
}

impl<M> OrderBy<M> {
    /// By a field, or whatever else Odoo takes there, by name: nothing checks that there is such a field.
    ///
    /// Nor that it can be ordered by: Odoo 14 passes over a field that is not sortable without a word; 18 and 19 refuse
    /// it ([`NotStored`](crate::ErrorKind::NotStored)).
    ///
    /// Odoo 17 and later order by a property as well: `properties.2f8c1b`.
    pub fn raw(field: impl Into<Cow<'static, str>>) -> Self {
        let term = Term { field: field.into(), is_descending: false, nulls_first: None };
        Self { terms: vec![term], model: PhantomData }
    }

    /// The other way round: the last record comes first.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        for term in &mut self.terms {
            term.is_descending = !term.is_descending;
            term.nulls_first = term.nulls_first.map(|first| !first);
        }
        self
    }

    /// Has the records without a value come first; of several fields, it is for the last. Odoo 17 and later.
    ///
    /// If nothing is said they come last, and first in a descending order.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        self.nulls(true)
    }

    /// Has the records without a value come last; of several fields, it is for the last. Odoo 17 and later.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        self.nulls(false)
    }

    fn nulls(mut self, first: bool) -> Self {
        if let Some(term) = self.terms.last_mut() {
            term.nulls_first = Some(first);
        }
        self
    }

    /// No order at all.
    pub(crate) const fn none() -> Self {
        Self { terms: Vec::new(), model: PhantomData }
    }

    /// What decides where this one leaves records equal.
    pub(crate) fn push(&mut self, mut next: Self) {
        self.terms.append(&mut next.terms);
    }

    /// The same order, of whichever model: what is done with it is then compiled once.
    pub(crate) fn erased(self) -> OrderBy<()> {
        OrderBy { terms: self.terms, model: PhantomData }
    }

    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The order as the server takes it.
    pub(crate) fn for_server(&self, version: &ServerVersion) -> Result<String, Error> {
        check(&self.terms, version)?;
        Ok(self.to_string())
    }
}

fn check(terms: &[Term], version: &ServerVersion) -> Result<(), Error> {
    if version.has(Difference::NullsInOrders) || terms.iter().all(|term| term.nulls_first.is_none()) {
        return Ok(());
    }
    let what = format!("Odoo {} has no `nulls first` and `nulls last` in an order", version.series());
    Err(Error::new(ErrorKind::Unsupported, what)
        .with_remedy("leave it out: records without a value come last, and first in a descending order"))
}

/// By the fields of each, one after the other.
impl<M, const N: usize> From<[Self; N]> for OrderBy<M> {
    fn from(orders: [Self; N]) -> Self {
        orders.into_iter().collect()
    }
}

/// By the fields of each, one after the other.
impl<M> FromIterator<Self> for OrderBy<M> {
    fn from_iter<I: IntoIterator<Item = Self>>(orders: I) -> Self {
        let mut all = Self::none();
        orders.into_iter().for_each(|order| all.push(order));
        all
    }
}

impl<M> Clone for OrderBy<M> {
    fn clone(&self) -> Self {
        Self { terms: self.terms.clone(), model: PhantomData }
    }
}

/// As Odoo writes it: `date_order desc, id`.
impl<M> fmt::Display for OrderBy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.terms, f)
    }
}

/// As Odoo writes it: `date_order desc, id`.
impl<M> fmt::Debug for OrderBy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.terms, f)
    }
}

fn write(terms: &[Term], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, term) in terms.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        f.write_str(&term.field)?;
        if term.is_descending {
            f.write_str(" desc")?;
        }
        match term.nulls_first {
            Some(true) => f.write_str(" nulls first")?,
            Some(false) => f.write_str(" nulls last")?,
            None => {}
        }
    }
    Ok(())
}

/// Types of fields that records can be ordered by.
#[diagnostic::on_unimplemented(
    message = "records cannot be ordered by a field of Odoo type `{Self}`",
    label = "nothing to order by"
)]
pub trait Sortable: kind::Kind {}

macro_rules! sortable {
    ($($kind:ident: [$($sortable:ident)?];)*) => { $($(impl $sortable for kind::$kind {})?)* };
}

odoo_field_types::field_types!(sortable of order);

/// By the order of the other model.
impl<M> Sortable for kind::Many2one<M> {}
/// By the values, not by their labels.
impl<E> Sortable for kind::Selection<E> {}

impl<M, K: Sortable, A> Field<M, K, A> {
    /// The least first. Many2one fields go by the order of the model they point to.
    pub fn asc(self) -> OrderBy<M>
    where
        A: CanOrder<M>,
    {
        OrderBy::raw(self.name())
    }

    /// The greatest first.
    pub fn desc(self) -> OrderBy<M>
    where
        A: CanOrder<M>,
    {
        self.asc().reversed()
    }
}
