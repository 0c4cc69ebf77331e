//! One database: its records and settings, and what is done with them all or not at all.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::definitions::ModelId;
use super::env::{Env, Settings};
use super::python;
use super::registry::Registry;
use super::store::Store;
use crate::Fault;
use crate::series::Series;

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
    pub(super) registry: Arc<Registry>,
    pub(super) store: Store,
    pub(super) settings: Arc<Settings>,
    /// What the time is, if a test says so.
    pub(super) now: Option<Timestamp>,
}

/// All records of an engine at one time: see [`Engine::snapshot`].
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) registry: Arc<Registry>,
    pub(super) store: Store,
}

impl Engine {
    /// The series that is played.
    pub fn series(&self) -> Series {
        self.registry.series
    }

    /// The series as the pin has it: `19.0`, `saas~18.4`.
    pub fn series_name(&self) -> &str {
        &self.registry.series_name
    }

    /// How many times fields were renamed or removed.
    pub(crate) fn schema_changes(&self) -> u64 {
        self.registry.changes
    }

    pub(crate) fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.registry)
    }

    /// Whether the pin has the model.
    pub fn has_model(&self, model: &str) -> bool {
        self.registry.model(model).is_some()
    }

    /// Does something with the records, all of it or nothing.
    pub(super) fn in_transaction<T>(
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
            no_lang: None,
            active_test,
            now: Arc::from(now),
        };
        env.settle_company();
        env.settle_lang();
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
    pub(super) fn model(&self, name: &str) -> Result<ModelId, Fault> {
        self.registry.named(name)
    }
}
