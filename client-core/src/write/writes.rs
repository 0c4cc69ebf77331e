//! What `#[derive(Values)]` calls: a field of the struct, and whether its type is an `Option`.

use std::marker::PhantomData;

use crate::field::Field;
use crate::write::{ToWrite, Writable};
use crate::{Model, Values};

/// A field of a struct whose type is `T`. What is written of it, [`way`](Self::way) tells: the compiler takes the first
/// of the three methods of this name that there is for the type, and sees through aliases and macros.
pub struct Given<T>(PhantomData<fn() -> T>);

impl<T> Given<T> {
    /// A field of this type.
    #[expect(clippy::new_without_default, reason = "for the macro alone")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// The value is written.
pub struct Always;

/// The value is written, if there is one.
pub struct IfSome;

/// The value is written, if there is one, and what is empty empties the field.
pub struct SomeOrClear;

impl<T> Given<Option<Option<T>>> {
    /// For two `Option`s.
    pub const fn way(self) -> SomeOrClear {
        SomeOrClear
    }
}

/// What is no two `Option`s.
pub trait Way {
    /// What the type is written by.
    type Way;

    /// Makes it.
    fn way(self) -> Self::Way;
}

impl<T> Way for Given<Option<T>> {
    type Way = IfSome;
    fn way(self) -> IfSome {
        IfSome
    }
}

/// By reference, which the compiler tries last.
impl<T> Way for &Given<T> {
    type Way = Always;
    fn way(self) -> Always {
        Always
    }
}

/// A type that fields of the model `M` whose type is `K` are written of in the way `W`: [`ToWrite`], in words that name
/// the model.
#[diagnostic::on_unimplemented(
    message = "this field of `{M}` has the Odoo type `{K}`, to which `{Self}` cannot be written",
    label = "not a value for what the field holds",
    note = "a selection takes its enum; a many2one an `Id` of its model, as in `Id::new(7)`; a one2many or many2many a list of such, or of `Command`s",
    note = "dates, times and decimals are of the version of `jiff` that is `odoo_client::jiff`, and with the features `chrono`, `time` and `decimal` of those of `chrono`, `time` and `rust_decimal` that are re-exported likewise",
    note = "see `odoo_client::write::ToField` and `odoo_client::write::ToWrite` for all types that fit",
    note = "an `Option` leaves the field alone where it is `None`; in a second `Option` it empties it"
)]
pub trait Writes<M, K, W> {
    /// Writes it.
    fn write<A: Writable<M>>(self, values: Values<M>, field: Field<M, K, A>) -> Values<M>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, K, V: ToWrite<K>> Writes<M, K, Always> for V {
    fn write<A: Writable<M>>(self, values: Values<M>, field: Field<M, K, A>) -> Values<M> {
        values.set(field, self)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, K, V: ToWrite<K>> Writes<M, K, IfSome> for Option<V> {
    fn write<A: Writable<M>>(self, values: Values<M>, field: Field<M, K, A>) -> Values<M> {
        match self {
            Some(value) => values.set(field, value),
            None => values,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, K, V: ToWrite<K>> Writes<M, K, SomeOrClear> for Option<Option<V>> {
    fn write<A: Writable<M>>(self, values: Values<M>, field: Field<M, K, A>) -> Values<M> {
        match self {
            Some(Some(value)) => values.set(field, value),
            Some(None) => values.clear(field),
            None => values,
        }
    }
}

/// A field whose type is known before it is asked what is written to it, so that errors are about the latter.
pub struct To<M, K, A>(Field<M, K, A>);

/// The field of a constant.
pub const fn to<M, K, A>(field: Field<M, K, A>) -> To<M, K, A> {
    To(field)
}

impl<M, K, A> To<M, K, A> {
    /// Writes a field of the struct to it.
    pub fn write<T: Writes<M, K, W>, W>(self, values: Values<M>, value: T, _way: W) -> Values<M>
    where
        A: Writable<M>,
    {
        value.write(values, self.0)
    }
}
