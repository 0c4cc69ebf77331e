//! The runtime of the generated Odoo crates: transport, authentication, typed reads and writes.
//!
//! ```no_run
//! # async fn run() -> Result<(), odoo_client::Error> {
//! use odoo_client::Client;
//!
//! let odoo = Client::from_env().await?; // ODOO_URL, ODOO_DB, ODOO_USER, ODOO_PASSWORD or ODOO_API_KEY
//! let partners: i64 = odoo.model("res.partner").call("search_count").arg("domain", [(); 0]).send().await?;
//! println!("{partners} partners on Odoo {}", odoo.version());
//! # Ok(())
//! # }
//! ```
//!
//! A crate that `cargo odoo regen` generated brings the types of one Odoo: markers such as `sale::Order`, typed
//! constants for their fields such as `Order::STATE`, and whole rows such as `sale::order::Row`. [`Client::query`] reads
//! these, and structs of your own that `#[derive(Record)]` makes a [`Record`](trait@Record).
//!
//! What programs are written with every day is here at the root; all there is, is in a module for each concept:
//!
//! | | |
//! | --- | --- |
//! | [client] | a server, a user, calls of any method |
//! | [query] | which records: filters, orders, groups, streams |
//! | [read], [write](mod@write) | which Rust types hold which fields, and what is made of them |
//! | [field], [model] | what the constants and types of generated crates are made of |
//! | [ops] | many records at once, files, reports, translations, keys, sessions, checks |
//! | [error], [version] | what went wrong, and what differs between the series of Odoo |
//!
//! The [guide] shows every operation once.
//!
//! # Features
//!
//! - `derive` (default): `#[derive(Record)]` and the other macros.
//! - `rustls` (default): TLS. Without it only `http://` works.
//! - `decimal`, `chrono`, `time`: fields are read into the types of `rust_decimal`, `chrono` and `time` as well, and
//!   written from them; sums of groups by `.sum(…).decimal()`. They are re-exported, as is `jiff`: only types of these versions fit.
//! - `serde`: `Serialize` and `Deserialize` for whole rows (`Row` of every model) and the values in them. Their JSON is what
//!   Odoo's wire has: `false` for what is empty, `[7, "name"]` for a many2one, times as text in UTC. Reading it names the
//!   fields that do not fit. A float that JSON has no number for is the text `"NaN"`, `"Infinity"` or `"-Infinity"`.
//! - `brotli`: answers compressed with brotli; gzip and deflate are always understood.
//! - `blocking`: the same client for programs without an async runtime.
//! - `verify`: what `cargo odoo verify` runs.

#[doc(hidden)]
pub mod __rt;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod client;
pub mod error;
pub mod field;
pub mod model;
pub mod ops;
pub mod query;
pub mod read;
mod serialize;
mod transport;
#[cfg(feature = "verify")]
pub mod verify;
pub mod version;
pub mod write;

/// The version of `chrono` whose types fields are read into and written from.
#[cfg(feature = "chrono")]
pub use chrono;
/// The version of `jiff` whose types fields are read into and written from.
pub use jiff;
/// The version of `rust_decimal` whose type fields are read into and written from.
#[cfg(feature = "decimal")]
pub use rust_decimal;
/// The version of `time` whose types fields are read into and written from.
#[cfg(feature = "time")]
pub use time;

#[doc(inline)]
pub use client::{Client, ClientBuilder, MethodCall, RetryPolicy};
#[doc(inline)]
pub use error::{Error, ErrorKind};
#[doc(inline)]
pub use field::Field;
#[doc(inline)]
pub use model::{Datetime, Id, Ids, Link, Many2one, Model, Reference, Selection};
#[doc(inline)]
pub use query::{Domain, OrderBy, Query};
#[doc(inline)]
pub use read::{Json, Readable, Record};
#[doc(inline)]
pub use write::{Binary, Command, Context, Values};

pub use jiff::Timestamp;
pub use jiff::civil::Date;
#[cfg(feature = "derive")]
pub use odoo_client_derive::{Record, Values};
pub use secrecy::SecretString;

#[doc = include_str!("guide.md")]
pub mod guide {}

#[doc = include_str!("limits.md")]
pub mod limits {}

/// What the package `odoo-fuzz` tries out and nobody else has a use for.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::query::group::fuzzed as group;
    pub use crate::transport::fuzzing::{USUAL, envelope, page};
}

/// The programs of the READMEs, so that they compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../../generated/README.md")]
struct Readme;
