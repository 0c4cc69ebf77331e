//! What can be done with a field: type parameters of [`Field`].

use std::marker::PhantomData;

use super::sealed::{Seal, Sealed};
use super::{Field, field};

/// A field that Odoo's user interface lets a user change, and that filters, orders and groups take as well as its type does.
pub enum ReadWrite {}

/// As [`ReadWrite`], but Odoo's user interface does not let a user change it (`readonly`).
pub enum ReadOnly {}

/// A field that the pinned Odoo cannot filter by, order by, group by or aggregate, though others of its type can be: mostly
/// one that is computed when it is read.
///
/// `F` is called as the field is in Odoo, so that the compiler can name it; `W` is [`ReadWrite`] or [`ReadOnly`]; `C` is what
/// else can be done with it: a type of [`can`]. [`Field::unchecked`] lifts these limits.
pub struct Limited<F, W, C>(PhantomData<fn(*const F, *const W, *const C)>);

/// A path over a field of model `M` with the limits `A`, and on to what has the limits `B`: it has those of both.
pub struct Along<M, A, B>(PhantomData<fn(*const M, *const A, *const B)>);

/// A relation to many records, of access `A`, on the way of a path: groups cannot be made along it.
pub struct ToMany<A>(PhantomData<fn(*const A)>);

/// What can be done with a field: [`ReadWrite`], [`ReadOnly`], or [`Limited`] to less. No other type can be one.
pub trait Access: Sealed {
    /// [`ReadWrite`] or [`ReadOnly`].
    type Write;
    /// What can be done with a field of access `B` at the end of a path over a field of this access of the model `M`.
    type Then<M, B>;
}

impl Sealed for ReadWrite {}
impl Sealed for ReadOnly {}
impl<F, W, C> Sealed for Limited<F, W, C> {}
impl<N, A, B> Sealed for Along<N, A, B> {}

impl Access for ReadWrite {
    type Write = Self;
    type Then<M, B> = B;
}

impl Access for ReadOnly {
    type Write = Self;
    type Then<M, B> = B;
}

impl<F, W, C> Access for Limited<F, W, C> {
    type Write = W;
    type Then<M, B> = Along<M, Self, B>;
}

impl<N, A, C> Access for Along<N, A, C> {
    type Write = ReadOnly;
    type Then<M, B> = Along<M, Self, B>;
}

impl<M, A: CanFilter<M>> CanFilter<M> for ToMany<A> {
    fn sealed(_: Seal) {}
}

/// Odoo 19 answers "Only many2one path is accepted", and those before group along no path.
impl<M, A: ToOne<M>> CanGroup<M> for ToMany<A> {
    fn sealed(_: Seal) {}
}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "records of `{M}` cannot be grouped along a relation to many records",
    label = "a one2many or many2many is on the way",
    note = "start from the model of those records: they are grouped by their own fields, and by a path of many2one fields"
)]
pub trait ToOne<M> {}

impl<M, K, A: Access> Field<M, K, A> {
    /// The same field without the limits that the pin knows of: it can be filtered by, ordered by, grouped by and
    /// aggregated as others of its type, and whether the server does so is for you to know. (It is written as before: for
    /// readonly fields there is [`set_readonly`](crate::Values::set_readonly).)
    ///
    /// Up to Odoo 18 **the server drops a condition on a field that is not searchable without a word**: all records are
    /// found, and a deletion of those found deletes all. Odoo 19 refuses the call. Orders by fields that are not stored Odoo 14
    /// passes over as well, and later versions refuse them, as all do with groups and aggregates.
    ///
    /// For fields that became searchable, or stored, since the pin was made.
    ///
    /// ```
    /// # use odoo_client::field::{Limited, ReadWrite, can, kind};
    /// # use odoo_client::{Field, Model};
    /// # enum Product {}
    /// # impl Model for Product { const ODOO_NAME: &'static str = "product.product"; }
    /// # #[allow(non_camel_case_types)]
    /// # enum lst_price {}
    /// # impl Product {
    /// #     const LST_PRICE: Field<Self, kind::Float, Limited<lst_price, ReadWrite, can::Nothing>> =
    /// #         Field::new("lst_price");
    /// # }
    /// let cheap = Product::LST_PRICE.unchecked().lt(1.0);
    /// assert_eq!(cheap.to_string(), "[('lst_price', '<', 1.0)]");
    /// ```
    pub const fn unchecked(self) -> Field<M, K, A::Write> {
        field(self.name)
    }
}

macro_rules! abilities {
    ($(
        $(#[$doc:meta])* $ability:ident($what:ident),
        $(#[$leaf:meta])* $known:ident;
    )*) => { $(
        $(#[$doc])*
        ///
        /// Of which fields that holds is for the pin to say: nobody else can implement it.
        pub trait $ability<M> {
            #[doc(hidden)]
            fn sealed(_: Seal);
        }

        #[doc(hidden)]
        $(#[$leaf])*
        pub trait $known<M, Can> {}

        impl<M, F> $known<M, can::Yes> for F {}
        impl<M> $ability<M> for ReadWrite {
            fn sealed(_: Seal) {}
        }
        impl<M> $ability<M> for ReadOnly {
            fn sealed(_: Seal) {}
        }
        impl<M, F: $known<M, C::$what>, W, C: can::Can> $ability<M> for Limited<F, W, C> {
            fn sealed(_: Seal) {}
        }
        impl<M, N, A: $ability<N>, B: $ability<M>> $ability<M> for Along<N, A, B> {
            fn sealed(_: Seal) {}
        }
    )* };
}

abilities! {
    /// What a field of model `M` must be for a filter: searchable.
    CanFilter(Filter),
    #[diagnostic::on_unimplemented(
        message = "the field `{Self}` of `{M}` cannot be filtered by",
        label = "not searchable in the pinned Odoo",
        note = "Odoo up to 18 drops such a condition without a word, so that all records match; Odoo 19 refuses it",
        note = "who knows better writes `.unchecked()` after the field"
    )]
    KnownToFilter;

    /// What a field of model `M` must be for an order: one that the database can sort by.
    CanOrder(Order),
    #[diagnostic::on_unimplemented(
        message = "records cannot be ordered by the field `{Self}` of `{M}`",
        label = "not sortable in the pinned Odoo",
        note = "Odoo refuses to order by it, or passes over it without a word",
        note = "who knows better writes `.unchecked()` after the field"
    )]
    KnownToOrder;

    /// What a field of model `M` must be for a key of groups.
    CanGroup(Group),
    #[diagnostic::on_unimplemented(
        message = "records cannot be grouped by the field `{Self}` of `{M}`",
        label = "not groupable in the pinned Odoo",
        note = "who knows better writes `.unchecked()` after the field"
    )]
    KnownToGroup;

    /// What a field of model `M` must be for sums, averages and counts of groups.
    CanAggregate(Aggregate),
    #[diagnostic::on_unimplemented(
        message = "the field `{Self}` of `{M}` cannot be aggregated",
        label = "no column of the database in the pinned Odoo",
        note = "who knows better writes `.unchecked()` after the field"
    )]
    KnownToAggregate;
}

/// What can be done with a [`Limited`] field beside reading and writing it: one type for each that is less than all.
pub mod can {
    use super::Sealed;

    /// One of these types.
    pub trait Can: Sealed {
        /// Whether filters take it: [`Yes`] or [`No`].
        type Filter;
        /// Whether orders take it.
        type Order;
        /// Whether groups are made by it.
        type Group;
        /// Whether groups have sums, averages and counts of it.
        type Aggregate;
    }

    /// It can.
    pub enum Yes {}

    /// It cannot.
    pub enum No {}

    macro_rules! can {
        ($($name:ident: $filter:ident $order:ident $group:ident $aggregate:ident;)*) => { $(
            #[doc = concat!("Filter: ", stringify!($filter), ", order: ", stringify!($order), ", group: ", stringify!($group), ", aggregate: ", stringify!($aggregate), ".")]
            pub enum $name {}
            impl Sealed for $name {}
            impl Can for $name {
                type Filter = $filter;
                type Order = $order;
                type Group = $group;
                type Aggregate = $aggregate;
            }
        )* };
    }

    can! {
        Nothing: No No No No;
        Filter: Yes No No No;
        Order: No Yes No No;
        Group: No No Yes No;
        Aggregate: No No No Yes;
        FilterOrder: Yes Yes No No;
        FilterGroup: Yes No Yes No;
        FilterAggregate: Yes No No Yes;
        OrderGroup: No Yes Yes No;
        OrderAggregate: No Yes No Yes;
        GroupAggregate: No No Yes Yes;
        FilterOrderGroup: Yes Yes Yes No;
        FilterOrderAggregate: Yes Yes No Yes;
        FilterGroupAggregate: Yes No Yes Yes;
        OrderGroupAggregate: No Yes Yes Yes;
    }
}
