//! The value of a many2one in a whole row.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::model::NamedId;
use crate::{Id, Many2one, Model};

/// The record of model `M` that a many2one of a whole row points to, or none.
///
/// What an `Option<Many2one<M>>` would be, but with the same inside for all models: the compiler then makes one place to
/// decode into, not one for each of the hundreds that generated rows point to. Two are equal that point to the same
/// record, whatever its name.
///
/// ```
/// # enum Partner {}
/// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// use odoo_client::{Id, Link, Many2one};
///
/// let nobody = Link::<Partner>::EMPTY;
/// assert_eq!((nobody.id(), nobody.name()), (None, None));
///
/// let acme = Link::from(Many2one::<Partner>::new(Id::new(7)));
/// assert_eq!(acme.id(), Some(Id::new(7)));
/// if let Some(partner) = acme.get() {
///     println!("{partner}");
/// }
/// ```
pub struct Link<M> {
    pub(crate) target: Target,
    pub(crate) model: PhantomData<fn() -> M>,
}

/// A record and its name, without its model: one type, and so one place to decode into, for all models.
#[derive(Clone, Default)]
pub(crate) struct Target(pub(crate) Option<NamedId>);

impl<M> Link<M> {
    /// To no record.
    pub const EMPTY: Self = Self { target: Target(None), model: PhantomData };

    pub(crate) fn to(target: Target) -> Self {
        Self { target, model: PhantomData }
    }

    /// The id of the record.
    pub fn id(&self) -> Option<Id<M>> {
        self.target.id().map(Id::new)
    }

    /// The record's `display_name`; none either where the server did not tell it.
    pub fn name(&self) -> Option<&str> {
        self.target.0.as_ref()?.name.as_deref()
    }

    /// The record.
    pub fn get(&self) -> Option<Many2one<M>> {
        self.clone().into()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.target.0.is_none()
    }
}

impl Target {
    fn id(&self) -> Option<i64> {
        self.0.as_ref().map(|to| to.id)
    }
}

impl<M> From<Many2one<M>> for Link<M> {
    fn from(many2one: Many2one<M>) -> Self {
        Self::to(Target(Some(many2one.to)))
    }
}

impl<M> From<Link<M>> for Option<Many2one<M>> {
    fn from(link: Link<M>) -> Self {
        link.target.0.map(|to| Many2one { to, model: PhantomData })
    }
}

impl<M> Default for Link<M> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<M> Clone for Link<M> {
    fn clone(&self) -> Self {
        Self::to(self.target.clone())
    }
}

impl<M> PartialEq for Link<M> {
    fn eq(&self, other: &Self) -> bool {
        self.target.id() == other.target.id()
    }
}

impl<M> Eq for Link<M> {}

impl<M> Hash for Link<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.target.id().hash(state);
    }
}

impl<M: Model> fmt::Debug for Link<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
