//! Tests that need no server: it is one of their own, or what real ones said.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod addresses;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "brotli")]
mod brotli;
mod changes;
mod check;
mod derive;
mod derive_values;
mod domain;
mod emulated;
mod faults;
mod faults_cases;
#[cfg(feature = "rustls")]
mod faults_network;
mod faulty;
mod inner;
mod jsonrpc_broken;
mod methods;
mod ops_bulk;
mod ops_recorded;
mod ops_upsert;
mod rooms;
mod routes;
mod schema_tag;
#[cfg(feature = "serde")]
mod serialize;
mod stream;
mod table;
mod traps;
mod usual;
mod values;
#[cfg(feature = "verify")]
mod verify;
mod wires_recorded;
mod wires_session;
