//! Domains: read, checked, and answered record by record, with the three values of logic that a database has.

mod compile;
mod falsy;
mod fields;
mod hierarchy;
mod junction;
mod leaf;
mod like;
mod merge;
mod moment;
mod node;
mod parse;
mod part;
mod relational;
mod scalar;

pub(crate) use compile::{compile, node};
pub(crate) use moment::of_database;
pub(crate) use node::Node;
pub(crate) use parse::{Expr, is_false, is_negative, parse};
