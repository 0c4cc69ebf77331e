//! What an emulator is made of, shared by all who ask it something.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use odoo_codegen::Schema;

use crate::engine::{Engine, Registry};
use crate::http::accounts::Accounts;
use crate::http::sessions::Sessions;
use crate::script::Script;
use crate::seen::Seen;
use crate::series::Series;

/// All of it.
pub(crate) struct State {
    world: Mutex<World>,
    sessions: Mutex<Sessions>,
    script: Mutex<Script>,
    seen: Mutex<Seen>,
    pub(crate) series: Series,
    pub(crate) schema: Arc<Schema>,
    /// The models as they were at first.
    pub(crate) registry: Arc<Registry>,
    pub(crate) url: String,
    /// The database that there is, and the names of others that the server claims to have.
    pub(crate) database: String,
    pub(crate) others: Vec<String>,
}

/// What a snapshot holds: records, and who may log in.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) accounts: Accounts,
}

impl State {
    pub(crate) fn new(schema: Arc<Schema>, world: World, url: String, database: String, others: Vec<String>) -> Self {
        let series = world.engine.series();
        let registry = world.engine.registry();
        Self {
            world: Mutex::new(world),
            sessions: Mutex::default(),
            script: Mutex::default(),
            seen: Mutex::default(),
            series,
            schema,
            registry,
            url,
            database,
            others,
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        lock(&self.script)
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen)
    }

    /// Whether a request has to say which database it means.
    pub(crate) fn has_several(&self) -> bool {
        !self.others.is_empty()
    }
}

/// A call that panicked has changed nothing: the engine takes back what a call that fails has done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
