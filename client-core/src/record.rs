//! Records: what one row of an answer is decoded into.

use std::fmt;

use crate::decode::DecodeError;
use crate::{Model, Slot};

/// A type that records of a model are read into: the whole `Row` of a generated model.
///
/// Reading asks for exactly the fields of its [`Slots`].
pub trait Record: Sized + 'static {
    /// The model whose records these are.
    type Model: Model;
    /// What a row is decoded into first.
    type Slots: Slots + Default;

    /// Makes the record of its decoded values.
    fn from_slots(slots: Self::Slots) -> Self;
}

/// The values of one row, as places that can be filled by name.
pub trait Slots: 'static {
    /// The fields asked for, in the order in which they are asked.
    ///
    /// Odoo answers in that order too, so that a field is nearly always found without searching.
    fn fields(&self) -> &[&'static str];

    /// The place of the field at this position in [`fields`](Self::fields).
    fn slot(&mut self, at: usize) -> Option<&mut dyn Slot>;

    /// The value of the field at this position.
    fn get(&self, at: usize) -> Option<&dyn Slot>;
}

/// Makes a struct that implements [`Slots`] a [`Record`], and gives it `Debug`, `Clone` and `PartialEq` that are not
/// compiled anew for each model; used by generated code.
#[macro_export]
macro_rules! row {
    ($row:ident: $model:ty) => {
        impl $crate::Record for $row {
            type Model = $model;
            type Slots = Self;
            #[inline]
            fn from_slots(slots: Self) -> Self {
                slots
            }
        }
        impl ::std::fmt::Debug for $row {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::rows::debug(<$model as $crate::Model>::NAME, self, f)
            }
        }
        impl ::std::clone::Clone for $row {
            #[inline]
            fn clone(&self) -> Self {
                let mut clone = Self::default();
                $crate::rows::copy(self, &mut clone);
                clone
            }
        }
        impl ::std::cmp::PartialEq for $row {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::rows::eq(self, other)
            }
        }
    };
}

/// What [`row!`](crate::row) calls.
pub mod rows {
    use super::{Slots, fmt};

    /// Shows a row as a struct with the names of Odoo's fields.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    pub fn debug(model: &str, row: &dyn Slots, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(model);
        for (at, name) in row.fields().iter().enumerate() {
            if let Some(slot) = row.get(at) {
                shown.field(name, &slot);
            }
        }
        shown.finish()
    }

    /// Copies all values of a row to another of the same type.
    pub fn copy(from: &dyn Slots, to: &mut dyn Slots) {
        for at in 0..from.fields().len() {
            if let (Some(from), Some(to)) = (from.get(at), to.slot(at)) {
                to.copy_from(from);
            }
        }
    }

    /// Whether two rows of one type have the same values.
    pub fn eq(one: &dyn Slots, other: &dyn Slots) -> bool {
        (0..one.fields().len()).all(|at| match (one.get(at), other.get(at)) {
            (Some(one), Some(other)) => one.same_as(other),
            _ => false,
        })
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
