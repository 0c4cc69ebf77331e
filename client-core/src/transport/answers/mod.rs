//! What comes of an answer: its result, or the error that it stands for.

pub(crate) mod envelope;
pub(crate) mod fault;
pub(crate) mod page;
pub(crate) mod reply;
