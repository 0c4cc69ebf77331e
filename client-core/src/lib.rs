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
//! A crate that `cargo xtask regen` generated brings the types of one Odoo: markers such as `sale::Order`, typed
//! constants for their fields such as `Order::STATE`, and whole rows such as `sale::order::Row`. [`Client::query`] reads
//! these, and structs of your own that `#[derive(Record)]` makes a [`Record`](trait@Record).
//!
//! The [guide] shows every operation once.
//!
//! # Features
//!
//! - `derive` (default): `#[derive(Record)]` and the other macros.
//! - `rustls` (default): TLS. Without it only `http://` works.
//! - `decimal`, `chrono`, `time`: fields are read into the types of `rust_decimal`, `chrono` and `time` as well, and
//!   written from them. They are re-exported, as is `jiff`: only types of these versions fit.
//! - `serde`: `Serialize` and `Deserialize` for whole rows (`Row` of every model) and the values in them. Their JSON is what
//!   Odoo's wire has: `false` for what is empty, `[7, "name"]` for a many2one, times as text in UTC. Reading it names the
//!   fields that do not fit. A float that JSON has no number for is the text `"NaN"`, `"Infinity"` or `"-Infinity"`.
//! - `brotli`: answers compressed with brotli; gzip and deflate are always understood.
//! - `blocking`: the same client for programs without an async runtime.
//! - `verify`: what `cargo xtask verify` runs.

#[doc(hidden)]
pub mod __rt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod error;
mod model;
mod ops;
mod query;
mod read;
mod serialize;
mod transport;
#[cfg(feature = "verify")]
pub mod verify;
mod version;
mod write;

/// The version of `chrono` whose types fields are read into and written from.
#[cfg(feature = "chrono")]
pub use chrono;
pub use client::method::MethodCall;
pub use client::{Call, Client, ClientBuilder, EnvVars, ModelRef};
pub use error::Refusal;
pub use error::{Error, ErrorKind};
/// The version of `jiff` whose types fields are read into and written from.
pub use jiff;
pub use jiff::Timestamp;
pub use jiff::civil::Date;
pub use model::datetime::Datetime;
pub use model::field::{
    Access, Along, CanAggregate, CanFilter, CanGroup, CanOrder, Field, Limited, ReadOnly, ReadWrite, can, field, kind,
};
#[doc(hidden)]
pub use model::ids::given;
pub use model::ids::{Ids, ToIds, ToNumbers};
pub use model::link::Link;
pub use model::path::{Path, Relation};
pub use model::selection::{Selection, UnknownValue};
pub use model::{Id, Many2one, Model, Pin, Reference};
#[cfg(feature = "derive")]
pub use odoo_client_derive::{Record, Values};
pub use odoo_visible::{Visible, visible};
pub use ops::{
    ApiKey, ApiKeys, Attachment, Check, CreateMany, Created, IrAttachment, LoadMessage, Loaded, Misfit, NewApiKey,
    OnMany, Operation, Problem, Processed, ReportFormat, Rotation, Translation,
};
pub use query::Query;
pub use query::domain::{Domain, DomainParseError, Hierarchical, Nullable, Ordered, Textual, ToOperand, escape_like};
#[cfg(feature = "decimal")]
pub use query::group::ToDecimal;
pub use query::group::{Aggregated, ByPeriod, Group, GroupBy, Groupable, Grouping, Number, Period, Temporal, Tuple};
pub use query::order::{OrderBy, Sortable};
pub use query::stream::Records;
pub use read::decode::{DecodeError, records};
pub use read::from_field::{FromField, Optional, Properties, Property};
pub use read::readable::Readable;
pub use read::record::{Page, Record};
pub use read::slot::{Json, Mismatch, Shape, Slot, Wire};
/// The version of `rust_decimal` whose type fields are read into and written from.
#[cfg(feature = "decimal")]
pub use rust_decimal;
pub use secrecy::SecretString;
/// The version of `time` whose types fields are read into and written from.
#[cfg(feature = "time")]
pub use time;
pub use transport::{Company, RetryPolicy, SessionInfo, WireKind};
pub use version::{Difference, ServerVersion};
pub use write::argument::{Argument, Serialized};
pub use write::binary::Binary;
pub use write::command::Command;
pub use write::context::Context;
pub use write::values::{SetTo, ToField, ToValues, ToWrite, Values, Writable};

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
