//! An emulator that runs, and how it is made.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use odoo_codegen::Schema;
use serde_json::{Value, json};

use crate::engine::{Engine, MethodCall};
use crate::http::accounts::Accounts;
use crate::http::server::Server;
use crate::pinned::{StartError, read};
use crate::script::Failure;
use crate::seen::SeenRequest;
use crate::state::{State, World};
use crate::{Facts, Fault, usual};

/// The database, if nothing else is said.
const DATABASE: &str = "emulated";
/// The users that every emulator has, each with its login for a password.
const ADMIN: &str = "admin";
/// The id of the administrator, in every series.
const ADMIN_ID: i64 = 2;
/// Odoo's own user, whose rights are not asked about.
const SUPERUSER: i64 = 1;

/// An Odoo made of a pin, which listens on a free port of 127.0.0.1 and is gone when this is dropped.
///
/// It has threads of its own: a test with any runtime, or with none, can ask it. Each test starts its own, so that tests can
/// run at once and find what they made.
///
/// There is a user `admin` with the password `admin`, who may do everything.
///
/// ```no_run
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// use odoo_emulator::Emulator;
/// use serde_json::json;
///
/// let emulator = Emulator::start("generated/odoo19").await?;
/// emulator.create("res.partner", json!({"name": "Acme"}))?;
/// // let odoo = Client::builder().url(emulator.url()).database(emulator.database()).user("admin").password("admin");
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    state: Arc<State>,
    // Its last reference goes with the server.
    _server: Server,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.state.url).finish_non_exhaustive()
    }
}

/// Records, users, keys and rights as they were at some moment.
#[derive(Clone)]
pub struct Snapshot(World);

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

impl Emulator {
    /// Starts one of the pin of a target: `generated/odoo19`, or the folder `schema` in it; with its [`Facts`], if it has some.
    ///
    /// # Errors
    ///
    /// When there is no pin in the folder, its facts are none, or no port is free.
    // Nothing waits yet: a test that awaits it will still be right when something does.
    #[allow(clippy::unused_async, reason = "see above")]
    pub async fn start(pin: impl AsRef<Path>) -> Result<Self, StartError> {
        Self::builder(pin)?.start()
    }

    /// The same, with settings.
    ///
    /// # Errors
    ///
    /// When there is no pin in the folder, or its facts are none.
    pub fn builder(pin: impl AsRef<Path>) -> Result<Builder, StartError> {
        let (schema, facts) = read(pin.as_ref())?;
        Ok(Builder::of(schema).facts(facts))
    }

    /// The address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        &self.state.database
    }

    /// What a program finds in its environment to connect as the administrator: `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and
    /// `ODOO_PASSWORD`.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("ODOO_URL", self.state.url.clone()),
            ("ODOO_DB", self.state.database.clone()),
            ("ODOO_USER", ADMIN.to_owned()),
            ("ODOO_PASSWORD", ADMIN.to_owned()),
        ]
    }

    /// Looks at the engine, or changes it, while no call is under way: records, rights, methods.
    pub fn engine<T>(&self, look: impl FnOnce(&mut Engine) -> T) -> T {
        look(&mut self.state.world().engine)
    }

    /// Answers calls of a method: of one that Odoo's Python has, or instead of what the emulator does by itself.
    ///
    /// ```no_run
    /// # fn test(emulator: odoo_emulator::Emulator) -> Result<(), odoo_emulator::Fault> {
    /// use serde_json::json;
    ///
    /// emulator.on("sale.order", "action_confirm", |call| {
    ///     let ids = json!(call.ids());
    ///     call.call("sale.order", "write", vec![ids, json!({"state": "sale"})])
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Engine::on`].
    pub fn on(
        &self,
        model: &str,
        method: &str,
        answer: impl Fn(&mut MethodCall<'_>) -> Result<Value, Fault> + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        self.state.world().engine.on(model, method, answer)
    }

    /// Creates a record, as `create` of Odoo does; its id.
    ///
    /// # Errors
    ///
    /// What an Odoo would say of the values.
    pub fn create(&self, model: &str, values: Value) -> Result<i64, Fault> {
        self.state.world().create(SUPERUSER, model, values)
    }

    /// Puts in records from JSON: an object of lists by model, each record an object with its fields as `read` gives them, and
    /// its `id`. Nothing is checked or computed that Odoo would, so that what a real server answered can be put in
    /// (`cargo odoo emulator capture` writes such a file). A user may have a `password`.
    ///
    /// # Errors
    ///
    /// When the pin has no such model or field, or a value is none of its field.
    pub fn load(&self, data: &Value) -> Result<(), Fault> {
        self.state.world().load(data)
    }

    /// Creates the records that come with the emulator, as far as the pin has their models and fields: a few countries,
    /// customers, products and orders, and a user `demo` with the password `demo`, who is not an administrator.
    ///
    /// # Errors
    ///
    /// When the pin has a field of another kind than Odoo's.
    pub fn load_demo(&self) -> Result<(), Fault> {
        self.state.world().load_demo(&usual::complete(&self.state.schema).0)
    }

    /// Adds a user with a password; its id. What it may do is up to the engine's rights.
    ///
    /// # Errors
    ///
    /// When there is such a user.
    pub fn add_user(&self, login: &str, password: &str) -> Result<i64, Fault> {
        let mut world = self.state.world();
        let values = json!({"name": login, "login": login});
        let uid = world.create(SUPERUSER, "res.users", values)?;
        world.accounts.change(uid, &json!({"login": login, "password": password}));
        Ok(uid)
    }

    /// Gives a user another password.
    ///
    /// # Errors
    ///
    /// When there is no such user.
    pub fn set_password(&self, login: &str, password: &str) -> Result<(), Fault> {
        let mut world = self.state.world();
        let uid = world.accounts.uid_of(login).ok_or_else(|| no_user(login))?;
        world.accounts.change(uid, &json!({"password": password}));
        Ok(())
    }

    /// Gives a user two-factor authentication with this secret, in base 32: the code that goes with it is wanted of who logs in
    /// with a password, and programs need an API key.
    ///
    /// # Errors
    ///
    /// When there is no such user.
    pub fn set_totp(&self, login: &str, secret: &str) -> Result<(), Fault> {
        let mut world = self.state.world();
        let account = world.accounts.uid_of(login).and_then(|uid| world.accounts.get_mut(uid));
        account.ok_or_else(|| no_user(login))?.totp = Some(secret.to_owned());
        Ok(())
    }

    /// Makes an API key of a user, with an end or without.
    ///
    /// # Errors
    ///
    /// When there is no such user.
    pub fn add_api_key(&self, login: &str, expires: Option<Timestamp>) -> Result<String, Fault> {
        let mut world = self.state.world();
        let uid = world.accounts.uid_of(login).ok_or_else(|| no_user(login))?;
        world.make_key(uid, "emulator", expires)
    }

    /// Ends all web sessions, as a server does that is restarted without its files.
    pub fn end_sessions(&self) {
        self.state.sessions().clear();
    }

    /// Has something go wrong.
    ///
    /// # Errors
    ///
    /// When it is about a method that there is not, as with [`Engine::on`].
    pub fn fail(&self, failure: Failure) -> Result<(), Fault> {
        if let Some((model, method)) = failure.target() {
            self.state.registry.named_method(model, method)?;
        }
        self.state.script().push(failure);
        Ok(())
    }

    /// The requests that came since the start or the last look by [`take_requests`](Self::take_requests), the oldest first; the
    /// last ten thousand of them.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.state.seen().shown()
    }

    /// The same, and forgets them.
    pub fn take_requests(&self) -> Vec<SeenRequest> {
        let mut seen = self.state.seen();
        let shown = seen.shown();
        seen.clear();
        shown
    }

    /// Records, users, keys and rights as they are now, to go back to.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.state.world().clone())
    }

    /// Goes back to a snapshot. Requests that were seen and failures to come are forgotten; sessions stay.
    pub fn reset(&self, snapshot: &Snapshot) {
        self.state.world().clone_from(&snapshot.0);
        self.state.script().clear();
        self.state.seen().clear();
    }
}

fn no_user(login: &str) -> Fault {
    Fault::missing(format!("there is no user `{login}`"))
}

/// How an emulator is to be.
#[derive(Clone, Debug)]
pub struct Builder {
    schema: Arc<Schema>,
    facts: Facts,
    port: u16,
    database: String,
    others: Vec<String>,
}

impl Builder {
    /// Of a schema that is at hand.
    pub fn of(schema: impl Into<Arc<Schema>>) -> Self {
        let (facts, database) = (Facts::default(), DATABASE.to_owned());
        Self { schema: schema.into(), facts, port: 0, database, others: Vec::new() }
    }

    /// What is known of the models beside the schema, in the place of what was said before.
    #[must_use]
    pub fn facts(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }

    /// This port, rather than one that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The name of the database; `emulated` if nothing is said.
    #[must_use]
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.database = name.into();
        self
    }

    /// A server of several databases, which wants to be told which one is meant. The other is there in name only.
    #[must_use]
    pub fn another_database(mut self, name: impl Into<String>) -> Self {
        self.others.push(name.into());
        self
    }

    /// Starts it.
    ///
    /// # Errors
    ///
    /// When the port is not free.
    pub fn start(self) -> Result<Emulator, StartError> {
        let Self { schema, facts, port, database, others } = self;
        let mut accounts = Accounts::default();
        accounts.change(ADMIN_ID, &json!({"login": ADMIN, "password": ADMIN}));
        let (complete, added) = usual::complete(&schema);
        let mut world = World { engine: Engine::with_facts(&complete, &facts), accounts };
        world.unlist(&added);
        if schema.modules.is_none() {
            world.hide_modules();
        }
        let mut state = None;
        let server = Server::start(port, |address| {
            let made = Arc::new(State::new(schema, world, format!("http://{address}"), database, others));
            Arc::clone(state.insert(made))
        });
        let server = server.map_err(StartError::Listen)?;
        let state = state.ok_or_else(|| StartError::Listen(io::Error::other("nothing listens")))?;
        Ok(Emulator { state, _server: server })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Caller;
    use serde_json::Map;

    /// Programs that find countries by external id need no more models than they name.
    #[tokio::test]
    async fn a_pin_of_a_few_models_has_the_external_ids_of_its_countries() {
        let emulator = Emulator::start("../../codegen/example/pins/acme").await.unwrap();
        emulator.load_demo().unwrap();
        let belgium = vec![json!([["module", "=", "base"], ["name", "=", "be"], ["model", "=", "res.country"]])];
        let caller = Caller::new(ADMIN_ID);
        let found =
            emulator.engine(|engine| engine.call(&caller, "ir.model.data", "search_count", belgium, Map::new()));
        assert_eq!(found.unwrap(), 1);
    }
}
