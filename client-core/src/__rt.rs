//! What generated crates and the derives are made of. Not for use by hand: it changes with the generator, and the number of its
//! generation with it, so that a crate made for another one is one error that says what to do.

pub use crate::field::{Field, Limited, ReadOnly, ReadWrite, can, field, kind};
pub use crate::model::pin;
pub use crate::model::selection::{copy as copy_selection, find as find_selection};
pub use crate::model::{Datetime, Id, Ids, Link, Model, Reference, Selection, UnknownValue};
pub use crate::read::Json;
pub use crate::read::record::{Slots, rows};
pub use crate::read::row::RowReader;
#[cfg(feature = "serde")]
pub use crate::serialize::{row as serialize_as_row, row_from, serde};
pub use crate::write::{Argument, Values};
pub use crate::{__row as row, __selection as selection, Date, MethodCall};

/// What `#[derive(Record)]` and `#[derive(Values)]` write.
pub mod derived {
    pub use crate::read::Record;
    pub use crate::read::derived::*;
    pub use crate::write::writes::{Given, Way, to};
    pub use crate::write::{ToValues, Values};
}

/// Compiles for the generation that this runtime is of.
#[doc(hidden)]
#[macro_export]
macro_rules! __generation {
    (2) => {};
    ($other:literal) => {
        ::std::compile_error!(
            "this crate was generated for another version of `odoo-client` than the one it is compiled with: make it anew \
             from its pin with `cargo odoo regen --offline`, or take the version of `odoo-client` it was made for"
        );
    };
}
