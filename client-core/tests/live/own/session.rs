//! A client for the live tests, and the removal of what they create.

use std::future::Future;

use odoo_client::client::WireKind;
use odoo_client::{Client, ClientBuilder};
use serde_json::json;

/// Over the session wire: 14 gives no details of errors over the other.
pub(crate) async fn client() -> Client {
    ClientBuilder::from_env().unwrap().wire(WireKind::Session).connect().await.unwrap()
}

/// The beginning of the names of a test's own records.
pub(crate) fn mark(test: &str) -> String {
    format!("odoo-client {test} {}", std::process::id())
}

/// Runs a test, then deletes the records of these models whose names begin with the mark, also if it failed.
pub(crate) async fn clean_up(
    odoo: &Client,
    models: &[&'static str],
    mark: &str,
    test: impl Future<Output = ()> + Send + 'static,
) {
    let outcome = tokio::spawn(test).await;
    for model in models.iter().copied() {
        let own = json!([["name", "=like", format!("{mark}%")]]);
        // Without the entry for menus a search finds only those that the user is shown.
        let search = odoo.model(model).call("search").arg("domain", own).with_context(("active_test", false));
        let search = search.with_context(("ir.ui.menu.full_list", true));
        let left: Vec<i64> = search.send().await.unwrap();
        odoo.model(model).call("unlink").ids(left).send::<bool>().await.unwrap();
    }
    outcome.unwrap();
}
