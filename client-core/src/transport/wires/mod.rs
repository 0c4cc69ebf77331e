//! The ways to Odoo: which one a client takes, how it is let in, and what a call looks like on each.

pub(crate) mod api_doc;
pub(crate) mod arguments;
pub(crate) mod choice;
pub(crate) mod cookie;
pub(crate) mod discovery;
pub(crate) mod json2;
pub(crate) mod jsonrpc;
pub(crate) mod login;
pub(crate) mod report;
pub(crate) mod route;
pub(crate) mod session;
pub(crate) mod session_info;
