//! Writing: values, commands and arguments, as Odoo takes them.

pub(crate) mod argument;
pub(crate) mod binary;
pub(crate) mod command;
pub(crate) mod context;
pub(crate) mod values;
pub(crate) mod writes;
