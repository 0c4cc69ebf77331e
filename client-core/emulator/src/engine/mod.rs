//! The state of one database, and what its methods do with it.

mod fields_get;
mod registry;

use std::sync::Arc;

use odoo_codegen::Schema;
use serde_json::{Map, Value};

use self::registry::Registry;
use crate::Fault;
use crate::series::Series;

/// Who calls, and with which context.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The id of the user in `res.users`.
    pub uid: i64,
    /// The context that came with the call: `lang`, `active_test` and the like.
    pub context: Map<String, Value>,
}

impl Caller {
    /// This user, without a context.
    pub fn new(uid: i64) -> Self {
        Self { uid, context: Map::new() }
    }
}

/// One database made of a pin.
#[derive(Clone, Debug)]
pub struct Engine {
    registry: Arc<Registry>,
}

impl Engine {
    /// A database of this schema, with what every database has.
    pub fn new(schema: &Schema) -> Self {
        Self { registry: Arc::new(Registry::new(schema)) }
    }

    /// The series that is played.
    pub fn series(&self) -> Series {
        self.registry.series
    }

    /// The series as the pin has it: `19.0`, `saas~18.4`.
    pub fn series_name(&self) -> &str {
        &self.registry.series_name
    }

    /// Calls a method of a model, as `execute_kw` does: `args` are positional, the ids first where the method is one of
    /// records.
    ///
    /// A call that fails leaves everything as it was.
    ///
    /// # Errors
    ///
    /// The exception that an Odoo of this series raises.
    pub fn call(
        &mut self,
        caller: &Caller,
        model: &str,
        method: &str,
        args: Vec<Value>,
        kwargs: Map<String, Value>,
    ) -> Result<Value, Fault> {
        let _ = (caller, args);
        match method {
            "fields_get" => fields_get::fields_get(&self.registry, model, &kwargs),
            _ => Err(Fault::not_emulated(format_args!("{model}.{method}"), "later")),
        }
    }
}
