#![doc = include_str!("../README.md")]

mod data;
mod demo;
mod emulator;
pub mod engine;
mod facts;
mod fault;
mod http;
mod ordinary;
mod pinned;
mod script;
mod seen;
pub mod series;
mod state;
mod usual;

pub use emulator::{Builder, Emulator, Snapshot};
pub use engine::{Caller, Engine, MethodCall};
pub use facts::{Facts, FactsError};
pub use fault::Fault;
pub use pinned::StartError;
pub use script::Failure;
pub use seen::SeenRequest;
pub use series::Series;
