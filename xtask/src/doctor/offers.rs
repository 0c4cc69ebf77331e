//! What the server offers this client: wires, and the documentation of its methods.

use odoo_client::Client;
use odoo_client::version::Difference;

use super::checkup::Checkup;
use crate::methods::Documented;

pub(super) async fn look(client: &Client, checkup: &mut Checkup) {
    let wire = client.wire();
    let has_json_2 = client.version().has(Difference::Json2);
    match wire.removed_in().filter(|_| has_json_2) {
        Some(end) => checkup.warn(
            "wires",
            format!("{wire}, {end}; this server has JSON-2 too"),
            "an API key takes JSON-2: `cargo odoo key create`, and give it in place of the password",
        ),
        None => checkup.ok("wires", wire.to_string()),
    }
    if !client.version().has(Difference::ApiDoc) {
        return checkup.skip("api_doc", "before Odoo 19 the server does not tell its methods: they are called by name");
    }
    match Documented::read(client).await {
        Ok(Documented { refused: None, .. }) => {
            checkup.ok("api_doc", "the server tells its methods: `regen` pins them")
        }
        Ok(Documented { refused: Some(why), .. }) => checkup.warn(
            "api_doc",
            format!("the server does not tell its methods: {why}"),
            "typed methods take the module api_doc and its group Technical Documentation; all else works without",
        ),
        Err(error) => checkup.fail("api_doc", format!("{error:#}"), "try again later, or `regen --no-methods`"),
    }
}
