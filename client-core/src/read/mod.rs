//! Reading: what the server's records become, and which Rust types hold which fields.
//!
//! A [`Record`] is a struct with the fields that are wanted; [`FromField`] has the table of the types that they can have.

pub(crate) mod decode;
pub(crate) mod from_field;
pub(crate) mod readable;
pub(crate) mod record;
pub(crate) mod slot;

pub use self::decode::{DecodeError, records};
pub use self::from_field::{FromField, Optional, Properties, Property};
pub use self::readable::Readable;
pub use self::record::{Page, Record};
pub use self::slot::{Json, Mismatch, Shape, Wire};
