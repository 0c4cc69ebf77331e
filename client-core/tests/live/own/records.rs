//! What the live tests of operations share: clients, own records and their removal.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::own::skipped;
use odoo_client::client::WireKind;
use odoo_client::field::{ReadOnly, kind};
use odoo_client::version::Difference;
use odoo_client::{Client, ClientBuilder, Timestamp, Values};
use serde_json::json;

model! { Tag "res.partner.category" {
    ID "id" kind::Id, ReadOnly;
    NAME "name" kind::Char;
    COLOR "color" kind::Integer;
    ACTIVE "active" kind::Boolean;
    PARENT_ID "parent_id" kind::Many2one<Tag>;
} }

model! { Partner "res.partner" {
    ID "id" kind::Id, ReadOnly;
    NAME "name" kind::Char;
    REF "ref" kind::Char;
    CHILD_IDS "child_ids" kind::One2many<Partner>;
    IMAGE_1920 "image_1920" kind::Binary;
    CATEGORY_ID "category_id" kind::Many2many<Tag>;
} }

/// Runs a test over each wire that the server has, one after another, as the user that the environment names.
pub(crate) async fn on_every_wire<T>(test: impl Fn(Client) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    on_every_wire_with(|builder| builder, |odoo, _| test(odoo)).await;
}

/// The same for another database of the server; passed over if it does not have it.
pub(crate) async fn on_every_wire_to<T>(database: &'static str, test: impl Fn(Client) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let databases = ClientBuilder::from_env().unwrap().databases().await.unwrap();
    if !databases.iter().any(|name| name == database) {
        return skipped(format_args!("the server has no database `{database}`"));
    }
    on_every_wire_with(|builder| builder.database(database), |odoo, _| test(odoo)).await;
}

/// The same with further settings. The test is given the builder too that made its client.
pub(crate) async fn on_every_wire_with<T>(
    settings: impl Fn(ClientBuilder) -> ClientBuilder,
    test: impl Fn(Client, ClientBuilder) -> T,
) where
    T: Future<Output = ()> + Send + 'static,
{
    let builder = |wire| settings(ClientBuilder::from_env().unwrap().wire(wire));
    let run = async |builder: ClientBuilder| test(builder.clone().connect().await.unwrap(), builder).await;
    run(builder(WireKind::JsonRpc)).await;
    run(builder(WireKind::Session)).await;
    let session = builder(WireKind::Session).connect().await.unwrap();
    if session.version().has(Difference::Json2) {
        let keys = session.api_keys();
        let tomorrow = Timestamp::now() + Duration::from_secs(86_400);
        let key = keys.create(&key_name(), Some(tomorrow)).await.unwrap();
        let id = key.id.expect("a name of its own");
        let builder = builder(WireKind::Json2).api_key(key.key);
        let outcome = match builder.clone().connect().await {
            Ok(json2) => tokio::spawn(test(json2, builder)).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        keys.revoke([id]).await.unwrap();
        outcome.unwrap();
    }
}

/// The user `demo`, who may do less, over the wire that is chosen for a password.
pub(crate) async fn demo() -> Client {
    ClientBuilder::from_env().unwrap().user("demo").password("demo").connect().await.unwrap()
}

/// The beginning of the names of a test's own records.
pub(crate) fn mark(test: &str) -> String {
    format!("odoo-client {test} {}", std::process::id())
}

/// A name that no other key has: of two that are made at the same moment their ids could not be told apart.
pub(crate) fn key_name() -> String {
    static KEYS: AtomicUsize = AtomicUsize::new(0);
    mark(&format!("key {}", KEYS.fetch_add(1, Ordering::Relaxed)))
}

pub(crate) fn named(mark: &str, name: &str) -> Values<Tag> {
    Values::new().set(Tag::NAME, format!("{mark} {name}"))
}

/// Runs a test, then deletes the records of these models whose names begin with the mark.
pub(crate) async fn clean_up(
    odoo: &Client,
    models: &[&'static str],
    mark: &str,
    test: impl Future<Output = ()> + Send + 'static,
) {
    let outcome = tokio::spawn(test).await;
    for model in models {
        let own = json!([["name", "=like", format!("{mark}%")]]);
        let search = odoo.model(*model).call("search").arg("domain", own).with_context(("active_test", false));
        let left: Vec<i64> = search.send().await.unwrap();
        odoo.model(*model).call("unlink").ids(left).send::<bool>().await.unwrap();
    }
    outcome.unwrap();
}
