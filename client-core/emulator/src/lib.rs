#![doc = include_str!("../README.md")]

mod data;
mod demo;
mod emulator;
pub mod engine;
mod fault;
mod http;
mod ordinary;
mod script;
mod seen;
pub mod series;
mod state;
mod usual;

pub use emulator::{Builder, Emulator, Snapshot, StartError};
pub use engine::{Caller, Engine, MethodCall};
pub use fault::Fault;
pub use script::Failure;
pub use seen::SeenRequest;
pub use series::Series;
