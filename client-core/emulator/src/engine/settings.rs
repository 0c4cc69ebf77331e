//! What a test says of an engine beside its records: who may not do what, and what stands for Odoo's Python.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::methods::MethodCall;
use super::rights::Rights;
use crate::Fault;

/// What answers a call of a method.
pub(crate) type Handler = dyn Fn(&mut MethodCall<'_>) -> Result<Value, Fault> + Send + Sync;

/// What a field is that nobody has set and that only Odoo's Python could compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unset {
    /// Empty where it is a column of the database (a column that nobody wrote to is), an error where it is not.
    #[default]
    ErrorIfNotStored,
    /// An error in both cases, which says how to set it.
    Error,
    /// Empty in both cases.
    Empty,
}

/// See above.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) rights: Rights,
    pub(crate) handlers: HashMap<(String, String), Arc<Handler>>,
    /// Defaults that a test has set, by model and field.
    pub(crate) defaults: HashMap<(String, String), Value>,
    pub(crate) unset: Unset,
    /// While records are put in: what they point to may come later.
    pub(crate) is_seeding: bool,
    /// What `context_get` answers beside the language and the time zone.
    pub(crate) user_context: Map<String, Value>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("rights", &self.rights)
            .field("handlers", &self.handlers.keys().collect::<Vec<_>>())
            .field("unset", &self.unset)
            .finish_non_exhaustive()
    }
}
