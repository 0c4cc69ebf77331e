//! Writing: values, commands and arguments, as Odoo takes them.

pub(crate) mod argument;
pub(crate) mod command;
pub(crate) mod values;
pub(crate) mod writes;
