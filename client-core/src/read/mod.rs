//! Reading: what the server's records become, and which Rust types hold which fields.
//!
//! A [`Record`] is a struct with the fields that are wanted; [`FromField`] has the table of the types that they can have.

// From the ground up: `error`, `slot`, `column`, `row`, `record`, `decode`, `from_field`, `readable` and `derived`. Each uses those
// before it alone.
pub(crate) mod column;
pub(crate) mod decode;
pub(crate) mod derived;
pub(crate) mod error;
pub(crate) mod from_field;
pub(crate) mod readable;
pub(crate) mod record;
pub(crate) mod row;
pub(crate) mod slot;

pub use self::decode::records;
pub use self::error::DecodeError;
pub use self::from_field::{FromField, Optional, Properties, Property};
pub use self::readable::Readable;
pub use self::record::{Page, Record};
pub use self::slot::{Json, Mismatch, Shape, Wire};
