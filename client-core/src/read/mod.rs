//! Reading: what a record or a row of the server becomes, and which fields are asked for.

pub(crate) mod decode;
pub(crate) mod from_field;
pub(crate) mod readable;
pub(crate) mod record;
pub(crate) mod slot;
