//! The value of a one2many or many2many in a whole row.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;

use crate::{Id, Model};

/// Ids of records of model `M`, in the server's order.
///
/// What a `Vec<Id<M>>` would be, but with numbers inside: the compiler then makes one list for all models, not one for
/// each of the hundreds that generated rows point to.
///
/// ```
/// # enum Tag {}
/// # impl odoo_client::Model for Tag { const ODOO_NAME: &'static str = "crm.tag"; }
/// use odoo_client::{Id, Ids};
///
/// let tags: Ids<Tag> = [Id::new(3), Id::new(5)].into_iter().collect();
/// assert!(tags.contains(Id::new(5)));
/// assert_eq!(tags.iter().map(Id::get).sum::<i64>(), 8);
/// ```
pub struct Ids<M> {
    pub(crate) numbers: Numbers,
    pub(crate) model: PhantomData<fn() -> M>,
}

/// Ids of records, without their model: one type, and so one place to decode into, for all models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers(pub(crate) Vec<i64>);

impl<M> Ids<M> {
    /// No ids.
    pub const EMPTY: Self = Self { numbers: Numbers(Vec::new()), model: PhantomData };

    pub(crate) fn of(numbers: Numbers) -> Self {
        Self { numbers, model: PhantomData }
    }

    /// The ids one by one.
    pub fn iter(&self) -> <&Self as IntoIterator>::IntoIter {
        self.into_iter()
    }

    /// The first, if there is any.
    pub fn first(&self) -> Option<Id<M>> {
        self.numbers.0.first().map(|id| Id::new(*id))
    }

    /// Whether this one is among them.
    pub fn contains(&self, id: Id<M>) -> bool {
        self.numbers.0.contains(&id.get())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.0.is_empty()
    }
}

impl<M> Default for Ids<M> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<M> Clone for Ids<M> {
    fn clone(&self) -> Self {
        Self::of(self.numbers.clone())
    }
}

impl<M> PartialEq for Ids<M> {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

impl<M> Eq for Ids<M> {}

/// The model and the numbers: `crm.tag[3, 5]`.
impl<M: Model> fmt::Debug for Ids<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(M::ODOO_NAME, &self.numbers.0, f)
    }
}

fn debug(model: &str, ids: &[i64], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{model}{ids:?}")
}

impl<M> FromIterator<Id<M>> for Ids<M> {
    fn from_iter<I: IntoIterator<Item = Id<M>>>(ids: I) -> Self {
        Self::of(Numbers(ids.into_iter().map(Id::get).collect()))
    }
}

impl<M> IntoIterator for Ids<M> {
    type Item = Id<M>;
    type IntoIter = std::iter::Map<std::vec::IntoIter<i64>, fn(i64) -> Id<M>>;
    fn into_iter(self) -> Self::IntoIter {
        self.numbers.0.into_iter().map(Id::new)
    }
}

impl<'a, M> IntoIterator for &'a Ids<M> {
    type Item = Id<M>;
    type IntoIter = std::iter::Map<std::slice::Iter<'a, i64>, fn(&'a i64) -> Id<M>>;
    fn into_iter(self) -> Self::IntoIter {
        self.numbers.0.iter().map(|id| Id::new(*id))
    }
}

/// The ids of one record or of several: an [`Id`], or anything that gives ids, or references to them,
/// one after the other. No records at all are [`Ids::EMPTY`]. A type of your own is one if it iterates over ids.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an id of a `{M}` nor a list of them",
    label = "give an `Id`, a list of them or an iterator: `Id::new(7)` makes one of a number"
)]
pub trait ToIds<M> {
    /// The numbers.
    fn to_ids(self) -> Vec<i64>;
}

impl<M> ToIds<M> for Id<M> {
    fn to_ids(self) -> Vec<i64> {
        vec![self.get()]
    }
}

impl<M> ToIds<M> for &Id<M> {
    fn to_ids(self) -> Vec<i64> {
        vec![self.get()]
    }
}

impl<M, I: IntoIterator<Item: Borrow<Id<M>>>> ToIds<M> for I {
    fn to_ids(self) -> Vec<i64> {
        self.into_iter().map(|id| id.borrow().get()).collect()
    }
}

/// The numbers of one record or of several, where no type tells the model: an `i64` or an [`Id`] of any model, or
/// anything that gives such one after the other.
///
/// `V` tells which of the two it is; the compiler finds it out.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither the number of a record nor a list of such",
    label = "give a number, an `Id`, a list of them or an iterator"
)]
pub trait ToNumbers<V> {
    /// The numbers.
    fn to_numbers(self) -> Vec<i64>;
}

/// How [`ToNumbers`] is given one record, and how several.
mod given {
    pub enum One {}
    pub enum Several {}
}

impl<I: Into<i64>> ToNumbers<given::One> for I {
    fn to_numbers(self) -> Vec<i64> {
        vec![self.into()]
    }
}

impl<I: IntoIterator<Item: Into<i64>>> ToNumbers<given::Several> for I {
    fn to_numbers(self) -> Vec<i64> {
        self.into_iter().map(Into::into).collect()
    }
}
