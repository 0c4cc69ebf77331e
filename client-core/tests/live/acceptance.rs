//! The programs of `own/programs.rs` with the pin of each version, against the Odoo of that version
//! that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name. What they create they
//! delete, also when they fail.

/// `None` if the server is of another series than this pin.
async fn client(pin: odoo_client::model::Pin) -> Option<odoo_client::Client> {
    let odoo = odoo_client::Client::from_env().await.unwrap();
    if odoo.version().series() == pin.series {
        return Some(odoo);
    }
    crate::own::skipped(format_args!("it is of the pin of {}, the server is {}", pin.series, odoo.version()));
    None
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
    #[ignore = "needs ODOO_URL"]
    async fn live_acceptance_19() {
        let Some(odoo) = super::client(odoo19::PIN).await else { return };
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
    #[ignore = "needs ODOO_URL"]
    async fn live_acceptance_14() {
        let Some(odoo) = super::client(odoo14::PIN).await else { return };
        run(&odoo).await.unwrap();
    }
}
