//! The state of one database, and what its methods do with it.

mod base;
mod cell;
mod commands;
mod copy;
mod create;
mod defaults;
mod domain;
mod env;
mod external;
mod facts;
mod faults;
mod fields_get;
mod group;
mod load;
mod methods;
mod names;
mod order;
mod pairs;
mod python;
mod read;
mod registry;
mod rights;
mod rules;
mod seed;
mod settings;
mod signature;
mod spec;
mod store;
mod unlink;
mod values;
mod write;

use std::sync::Arc;

use jiff::Timestamp;
use odoo_codegen::Schema;
use serde_json::{Map, Value};

use self::env::Env;
use self::registry::{ModelId, Registry};
use self::settings::Settings;
use self::store::Store;
use crate::Fault;
use crate::series::Series;

pub use self::methods::MethodCall;
pub use self::settings::Unset;

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

/// One database made of a pin: its models, its records, and what a test says of it.
///
/// A clone is a database of its own that begins with the same records; they are shared until one of the two changes them.
///
/// ```
/// use odoo_codegen::{Field, Model, Schema};
/// use odoo_emulator::{Caller, Engine};
/// use serde_json::{Map, json};
///
/// let mut tag = Model::default();
/// for (name, kind) in [("id", "integer"), ("name", "char"), ("display_name", "char")] {
///     tag.fields.insert(name.to_owned(), Field::new(kind, name));
/// }
/// let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
/// schema.models.insert("x_tag".to_owned(), tag);
///
/// let mut odoo = Engine::new(&schema);
/// let admin = Caller::new(2);
/// let id = odoo.call(&admin, "x_tag", "create", vec![json!({"name": "blue"})], Map::new())?;
/// let found = odoo.call(&admin, "x_tag", "search", vec![json!([["name", "ilike", "BLU"]])], Map::new())?;
/// assert_eq!(found, json!([id]));
/// # Ok::<(), odoo_emulator::Fault>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    registry: Arc<Registry>,
    store: Store,
    settings: Arc<Settings>,
    /// What the time is, if a test says so.
    now: Option<Timestamp>,
}

/// All records of an engine at one time: see [`Engine::snapshot`].
#[derive(Clone, Debug)]
pub struct Snapshot {
    registry: Arc<Registry>,
    store: Store,
}

impl Engine {
    /// A database of this schema, with what every database has: a company, two users, a language, the list of its models.
    pub fn new(schema: &Schema) -> Self {
        let registry = Registry::new(schema);
        let store = Store::new(registry.models.len(), registry.relations, &registry.inverses());
        let mut engine =
            Self { registry: Arc::new(registry), store, settings: Arc::new(Settings::default()), now: None };
        base::fill(&mut engine, schema);
        engine.store.commit();
        engine
    }

    /// The series that is played.
    pub fn series(&self) -> Series {
        self.registry.series
    }

    /// The series as the pin has it: `19.0`, `saas~18.4`.
    pub fn series_name(&self) -> &str {
        &self.registry.series_name
    }

    /// Whether the pin has the model.
    pub fn has_model(&self, model: &str) -> bool {
        self.registry.model(model).is_some()
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

    /// Does something with the records, all of it or nothing.
    fn in_transaction<T>(
        &mut self,
        uid: i64,
        context: Map<String, Value>,
        work: impl FnOnce(&mut Env<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        // What a call that panicked has done.
        self.store.roll_back(0);
        let lang = context.get("lang").and_then(Value::as_str).unwrap_or("en_US").to_owned();
        let active_test = context.get("active_test").is_none_or(python::is_true);
        let now = self.now.unwrap_or_else(Timestamp::now).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let settings = Arc::clone(&self.settings);
        let mut env = Env {
            registry: Arc::clone(&self.registry),
            store: &mut self.store,
            settings: &settings,
            uid,
            context,
            lang,
            active_test,
            now: Arc::from(now),
        };
        let done = work(&mut env);
        match &done {
            Ok(_) => self.store.commit(),
            Err(_) => self.store.roll_back(0),
        }
        done
    }

    /// All records as they are now. What comes after does not change it; it takes microseconds, whatever there is.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { registry: Arc::clone(&self.registry), store: self.store.clone() }
    }

    /// Makes all records, and fields that were renamed or removed since, those of a snapshot again.
    pub fn reset(&mut self, snapshot: &Snapshot) {
        self.registry = Arc::clone(&snapshot.registry);
        self.store = snapshot.store.clone();
    }

    /// The number of a model, or that there is none.
    fn model(&self, name: &str) -> Result<ModelId, Fault> {
        let found = self.registry.model(name).map(|(number, _)| number);
        found.ok_or_else(|| Fault::value(format!("the pin has no model {name}")))
    }
}
