//! The emulator on the network: 127.0.0.1, and nothing else.

pub(crate) mod accounts;
pub(crate) mod answer;
pub(crate) mod call;
mod doc;
mod faults;
mod files;
mod identity;
mod info;
mod json2;
mod jsonrpc;
mod own_fields;
mod pages;
mod python;
mod reports;
mod routes;
pub(crate) mod server;
mod session;
pub(crate) mod sessions;
