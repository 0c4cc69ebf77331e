//! Tests against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod acceptance;
mod addresses;
#[cfg(feature = "blocking")]
mod blocking;
mod changes;
mod emulated;
mod filters;
mod groups;
mod guide;
#[cfg(feature = "rustls")]
mod guide_network;
mod json;
mod jsonrpc;
mod keys;
mod limits;
mod methods;
mod ops;
mod ops_files;
mod orm;
mod own;
mod query;
mod reports;
mod resilience;
mod rights;
mod routes;
mod sessions;
mod stream;
mod upsert;
mod values;
mod values_back;
mod wires;
