//! The programs of `own/programs.rs` with the pin of each version, against the Odoo of that version
//! that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name; skipped without `ODOO_URL`. What they create they
//! delete, also when they fail.

/// `None` without a server of this version.
async fn client(major: u32) -> Option<odoo_client::Client> {
    if std::env::var_os("ODOO_URL").is_none() {
        eprintln!("skipped: no ODOO_URL");
        return None;
    }
    Some(odoo_client::Client::from_env().await.unwrap()).filter(|odoo| odoo.version().major() == major)
}

mod on_19 {
    use odoo_client::{Client, Id, Many2one, Record};
    use odoo19::{
        res::{Country, Partner},
        sale::{Order, order},
    };
    // What the programs leave out.
    use odoo_client::{Command, Domain, Error, ErrorKind};
    use odoo19::res::{PartnerCategory, partner};
    use serde_json::Value;

    include!("own/programs.rs");

    async fn confirm(odoo: &Client, order_id: Id<Order>) -> Result<(), Error> {
        odoo.call(Order::action_confirm(&[order_id])).await?; // typed methods, Odoo 19+ pins
        Ok(())
    }

    #[tokio::test]
    async fn live_acceptance_19() {
        let Some(odoo) = super::client(19).await else { return };
        run(&odoo).await.unwrap();
    }
}

mod on_14 {
    use odoo_client::{Client, Id, Many2one, Record};
    use odoo_client::{Command, Domain, Error, ErrorKind};
    use odoo14::res::{PartnerCategory, partner};
    use odoo14::{
        res::{Country, Partner},
        sale::{Order, order},
    };
    use serde_json::Value;

    include!("own/programs.rs");

    /// By name: 14 does not tell its methods.
    async fn confirm(odoo: &Client, order_id: Id<Order>) -> Result<(), Error> {
        let confirmed: bool = odoo.model("sale.order").call("action_confirm").ids([order_id]).send().await?;
        assert!(confirmed);
        Ok(())
    }

    #[tokio::test]
    async fn live_acceptance_14() {
        let Some(odoo) = super::client(14).await else { return };
        run(&odoo).await.unwrap();
    }
}
