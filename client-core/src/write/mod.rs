//! Writing: values, commands, arguments and the context, as Odoo takes them.
//!
//! [`ToField`] has the table of the Rust types that fields are set to and compared with, [`Argument`] that of the types that
//! methods take.

pub(crate) mod argument;
pub(crate) mod binary;
pub(crate) mod command;
pub(crate) mod context;
pub(crate) mod values;
pub(crate) mod writes;

pub use self::argument::{Argument, Serialized};
pub use self::binary::Binary;
pub use self::command::Command;
pub use self::context::Context;
pub use self::values::{SetTo, ToField, ToValues, ToWrite, Values, Writable};
