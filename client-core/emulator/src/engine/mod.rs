//! The state of one database, and what its methods do with it.

mod access;
mod base;
mod caller;
mod cell;
mod commands;
mod company;
mod copy;
mod create;
mod database;
mod defaults;
mod definitions;
mod domain;
mod env;
mod external;
mod faults;
mod fields_get;
mod group;
mod load;
mod matching;
mod methods;
mod named;
mod names;
mod order;
mod pairs;
mod properties;
mod python;
mod read;
mod registry;
mod report;
mod rights;
mod rules;
mod seed;
mod signature;
mod spec;
mod store;
mod unlink;
mod values;
mod write;
mod zone;

use std::sync::Arc;

use odoo_codegen::Schema;
use serde_json::{Map, Value};

use self::env::Settings;
use self::store::Store;
use crate::{Facts, Fault};

pub use self::caller::Caller;
pub use self::database::{Engine, Snapshot};
pub use self::env::{MethodCall, Unset};
pub(crate) use self::python::NO_JSON;
pub(crate) use self::registry::Registry;

impl Engine {
    /// A database of this schema, with what every database has: a company, two users, a language, the list of its models.
    pub fn new(schema: &Schema) -> Self {
        Self::with_facts(schema, &Facts::default())
    }

    /// The same, of whose models more is known than the schema says.
    pub fn with_facts(schema: &Schema, facts: &Facts) -> Self {
        let registry = Registry::new(schema, facts);
        let store = Store::new(registry.models.len(), registry.relations, &registry.inverses());
        let mut engine =
            Self { registry: Arc::new(registry), store, settings: Arc::new(Settings::default()), now: None };
        base::fill(&mut engine, schema);
        engine.store.commit();
        engine
    }

    /// Whether a method that every model has is called on the model itself rather than on records; `None` of any other method.
    pub fn is_on_model(&self, method: &str) -> Option<bool> {
        signature::Signature::named(self.registry.series, method).map(|signature| signature.on_model)
    }

    /// Calls a method of a model, as `execute_kw` does: `args` are positional, the ids first where the method is one of
    /// records; a `context` among the named arguments adds to that of the caller.
    ///
    /// A call that fails leaves all records as they were.
    ///
    /// # Errors
    ///
    /// The exception that an Odoo of this series raises; or what the emulator does not do, with what to do about it.
    pub fn call(
        &mut self,
        caller: &Caller,
        model: &str,
        method: &str,
        args: Vec<Value>,
        mut kwargs: Map<String, Value>,
    ) -> Result<Value, Fault> {
        let context = methods::context_of(caller, &mut kwargs);
        self.in_transaction(caller.uid, context, |env| methods::dispatch(env, model, method, args, kwargs))
    }
}
