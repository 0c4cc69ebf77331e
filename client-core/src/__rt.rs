//! What generated crates and the derives are made of. Not for use by hand: it changes with the generator, and the number of its
//! generation with it, so that a crate made for another one is one error that says what to do.

pub use crate::model::field::{Field, Limited, ReadOnly, ReadWrite, can, field, kind};
pub use crate::model::selection::{copy as copy_selection, find as find_selection};
pub use crate::read::decode::RowReader;
pub use crate::read::record::{Slots, rows};
#[cfg(feature = "serde")]
pub use crate::serialize::{row as serialize_as_row, row_from, serde};
pub use crate::{
    Argument, Date, Datetime, Id, Ids, Json, Link, Many2one, MethodCall, Properties, Reference, Selection, Timestamp,
    UnknownValue, Values, row, selection, serialize_row, serialize_selection,
};

/// What `#[derive(Record)]` and `#[derive(Values)]` write.
pub mod derived {
    pub use crate::read::record::derived::*;
    pub use crate::write::writes::{Given, Way, to};
}

/// Compiles for the generation that this runtime is of.
#[doc(hidden)]
#[macro_export]
macro_rules! __generation {
    (1) => {};
    ($other:literal) => {
        ::std::compile_error!(
            "this crate was generated for another version of `odoo-client` than the one it is compiled with: make it anew \
             from its pin with `cargo xtask regen --offline`, or take the version of `odoo-client` it was made for"
        );
    };
}
