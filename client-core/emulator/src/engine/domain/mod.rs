//! Domains: read, checked, and answered record by record, with the three values of logic that a database has.

mod compile;
mod hierarchy;
mod leaf;
mod like;
mod node;
mod parse;
mod relational;
mod scalar;

pub(crate) use compile::compile;
pub(crate) use parse::{Expr, is_negative, parse};
