//! An Odoo made of a pin, for tests: it keeps records, and answers as the pinned series does.

pub mod engine;
mod fault;
pub mod series;

pub use engine::{Caller, Engine};
pub use fault::Fault;
