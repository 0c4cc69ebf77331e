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
//! constants for their fields such as `Order::STATE`, and whole rows such as `sale::order::Row`, which
//! [`Client::search_read`] and [`Client::read`] return.
//!
//! # Features
//!
//! - `rustls` (default): TLS. Without it only `http://` works.
//! - `brotli`: answers compressed with brotli; gzip and deflate are always understood.
//! - `verify`: what `cargo xtask verify` runs.

mod client;
mod command;
mod context;
mod decode;
mod domain;
mod error;
mod field;
mod ids;
mod model;
mod ops;
mod orm;
mod record;
mod selection;
mod session;
mod slot;
mod transport;
mod values;
#[cfg(feature = "verify")]
pub mod verify;

pub use client::{Call, Client, ClientBuilder, EnvVars, ModelRef, ServerVersion};
pub use command::Command;
pub use context::Context;
pub use decode::{DecodeError, records};
pub use domain::{Domain, Nullable, Ordered, Textual};
pub use error::{Error, ErrorKind};
pub use field::{Field, ReadOnly, ReadWrite, field, kind};
pub use ids::{Ids, Numbers};
pub use jiff::Timestamp;
pub use jiff::civil::Date;
pub use model::{Id, Many2one, Model, Pin, Reference};
pub use ops::{
    Attachment, Binary, CreateMany, Created, IrAttachment, LoadMessage, Loaded, OnMany, Operation, Processed,
    Translation,
};
pub use orm::Search;
pub use record::{Page, Record, Slots, rows};
pub use secrecy::SecretString;
#[doc(hidden)]
pub use selection::copy as copy_selection;
pub use selection::{Selection, UnknownValue};
pub use session::{Company, SessionInfo};
pub use slot::{Json, Mismatch, Shape, Slot, Wire};
pub use transport::{RetryPolicy, WireKind};
pub use values::{ToField, ToWrite, Values};

/// The README's programs, so that they compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
