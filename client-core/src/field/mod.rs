//! The typed constants of models, one for each field: its type in Odoo, and what can be done with it.
//!
//! A [`Field`] has three types: its model, its [kind], which is its type in Odoo, and its [`Access`]. Which Rust types are read
//! from a kind is said by [`FromField`](crate::read::FromField), which are compared with it and written to it by
//! [`ToField`](crate::write::ToField). A [`Path`] leads over relations to the field of another model.

mod access;
mod path;
pub(crate) mod sealed;

use std::fmt;
use std::marker::PhantomData;

pub use self::access::{
    Access, Along, CanAggregate, CanFilter, CanGroup, CanOrder, Limited, ReadOnly, ReadWrite, ToMany, can,
};
pub use self::path::{Path, Relation};
use crate::Model;

/// A field of model `M` whose Odoo type is `K` (see [`kind`]); `A` is its [`Access`]: what can be done with it.
///
/// Generated crates have one constant a field, such as `Partner::NAME`: filters and writes are made of them, so that
/// neither a wrong name nor a wrong type compiles.
pub struct Field<M: ?Sized, K: ?Sized, A: ?Sized = ReadWrite> {
    name: &'static str,
    types: PhantomData<Types<M, K, A>>,
}

/// The types of a field, of none of which it has a value.
type Types<M, K, A> = fn(*const M, *const K, *const A);

/// For generated code, which has a call of it for each field.
#[doc(hidden)]
pub const fn field<M: ?Sized, K: ?Sized, A: ?Sized>(name: &'static str) -> Field<M, K, A> {
    Field { name, types: PhantomData }
}

impl<M, K, A> Field<M, K, A> {
    /// A field by its technical name, for one that no pin has: nothing checks that the model has such a field of such a type.
    ///
    /// ```
    /// use odoo_client::field::kind;
    /// use odoo_client::{Field, Model};
    ///
    /// enum Ticket {}
    /// impl Model for Ticket {
    ///     const ODOO_NAME: &'static str = "x_ticket";
    /// }
    /// impl Ticket {
    ///     const PRIORITY: Field<Self, kind::Integer> = Field::new("x_priority");
    /// }
    /// assert_eq!(Ticket::PRIORITY.gt(2).to_string(), "[('x_priority', '>', 2)]");
    /// ```
    pub const fn new(name: &'static str) -> Self {
        field(name)
    }

    /// The technical name: `partner_id`.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<M, K, A> Clone for Field<M, K, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, K, A> Copy for Field<M, K, A> {}

/// The model and the field: `res.partner.name`.
impl<M: Model, K, A> fmt::Debug for Field<M, K, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", M::ODOO_NAME, self.name)
    }
}

/// The types of Odoo's fields, as type parameters of [`Field`].
///
/// See [Odoo's reference](https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html#fields).
pub mod kind {
    use std::marker::PhantomData;

    use super::sealed::Sealed;

    /// What a field's type is called by Odoo. No other type can be one.
    pub trait Kind: Sealed {
        /// The names of this type and of those that read the same; none if it is any.
        const TYPES: &'static [&'static str];
    }

    macro_rules! kinds {
        ($($kind:ident: [$(#[$doc:meta])* $($same:literal)*];)*) => {
            $($(#[$doc])* pub enum $kind {}
            impl Sealed for $kind {}
            impl Kind for $kind {
                const TYPES: &'static [&'static str] = &[$($same),*];
            })*
        };
    }

    odoo_field_types::field_types!(kinds of docs);

    /// The `id` of a record of model `M`, where the model matters: what [`FromField`](crate::read::FromField) has for [`Id`].
    pub struct IdOf<M>(PhantomData<fn() -> M>);
    /// `many2one` to the model `M`.
    pub struct Many2one<M>(PhantomData<fn() -> M>);
    /// `one2many` of the model `M`.
    pub struct One2many<M>(PhantomData<fn() -> M>);
    /// `many2many` with the model `M`.
    pub struct Many2many<M>(PhantomData<fn() -> M>);
    /// `selection` whose values are the enum `E`.
    pub struct Selection<E>(PhantomData<fn() -> E>);

    impl<M> Sealed for IdOf<M> {}
    impl<M> Kind for IdOf<M> {
        const TYPES: &'static [&'static str] = Id::TYPES;
    }
    impl<M> Sealed for Many2one<M> {}
    impl<M> Kind for Many2one<M> {
        const TYPES: &'static [&'static str] = &["many2one"];
    }
    impl<M> Sealed for One2many<M> {}
    impl<M> Kind for One2many<M> {
        const TYPES: &'static [&'static str] = &["one2many", "many2many"];
    }
    impl<M> Sealed for Many2many<M> {}
    impl<M> Kind for Many2many<M> {
        const TYPES: &'static [&'static str] = One2many::<M>::TYPES;
    }
    impl<E> Sealed for Selection<E> {}
    impl<E> Kind for Selection<E> {
        const TYPES: &'static [&'static str] = &["selection"];
    }
}
