//! Records: what one row of an answer is decoded into.

use crate::decode::DecodeError;
use crate::{Model, Slot};

/// A type that records of a model are read into.
///
/// The whole `Row` of every generated model is one. Reading asks for exactly the fields of its [`Slots`].
pub trait Record: Sized + 'static {
    /// The model whose records these are.
    type Model: Model;
    /// What a row is decoded into first.
    type Slots: Slots;

    /// Makes the record of its decoded values.
    fn from_slots(slots: Self::Slots) -> Self;
}

/// The values of one row, as places that can be filled by number.
///
/// Generated rows implement it, and are [`Record`]s by that.
pub trait Slots: 'static {
    /// The model whose fields these are.
    type Model: Model
    where
        Self: Sized;

    /// The names of the fields in the order of their numbers, joined by spaces; `id` is the first, if it is among them.
    ///
    /// Odoo answers in the order it was asked, so that a field is nearly always found without searching. (One text,
    /// because a list takes the compiler far longer.)
    fn fields() -> &'static str
    where
        Self: Sized;

    /// A row that nothing was read into yet.
    fn empty() -> Self
    where
        Self: Sized;

    /// The place of the field with this number.
    fn slot(&mut self, at: usize) -> Option<&mut dyn Slot>;

    /// The value of the field with this number.
    fn get(&self, at: usize) -> Option<&dyn Slot>;
}

impl<T: Slots> Record for T {
    type Model = T::Model;
    type Slots = T;

    fn from_slots(slots: T) -> T {
        slots
    }
}

/// The fields that reading `R` asks for.
pub(crate) fn fields<R: Record>() -> Vec<&'static str> {
    names(R::Slots::fields())
}

fn names(fields: &'static str) -> Vec<&'static str> {
    fields.split_ascii_whitespace().collect()
}

/// Gives a struct that implements [`Slots`] a `Debug` and a `Clone` that are not compiled anew for each model; used by
/// generated code.
#[macro_export]
macro_rules! row {
    ($row:ident) => {
        impl ::std::fmt::Debug for $row {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let model = <<Self as $crate::Slots>::Model as $crate::Model>::NAME;
                $crate::rows::debug(model, <Self as $crate::Slots>::fields(), self, f)
            }
        }
        impl ::std::clone::Clone for $row {
            #[inline]
            fn clone(&self) -> Self {
                let mut clone = <Self as $crate::Slots>::empty();
                $crate::rows::copy(self, &mut clone);
                clone
            }
        }
    };
}

/// What [`row!`](crate::row) calls.
pub mod rows {
    use std::fmt;

    use super::Slots;

    /// Shows a row as a struct with the names of the model and its fields in Odoo.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    pub fn debug(model: &str, fields: &str, row: &dyn Slots, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(model);
        for (at, name) in fields.split_ascii_whitespace().enumerate() {
            if let Some(value) = row.get(at) {
                shown.field(name, &format_args!("{}", value.wire()));
            }
        }
        shown.finish()
    }

    /// Copies all values of a row to another of the same type.
    pub fn copy(from: &dyn Slots, to: &mut dyn Slots) {
        let mut at = 0;
        while let (Some(from), Some(to)) = (from.get(at), to.slot(at)) {
            // What came out of a slot fits into another of its type.
            let _ = to.put(from.wire());
            at += 1;
        }
    }
}

/// The records of an answer, and those that could not be decoded: one odd value does not lose the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<R> {
    /// The records, in the order of the answer, without those that failed.
    pub records: Vec<R>,
    /// What did not decode: one entry a value.
    pub failures: Vec<DecodeError>,
}
