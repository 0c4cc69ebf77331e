//! Lists countries that pay in euros. What it knows of the Odoo is the pin in `pins/acme/schema`.
//!
//! ```sh
//! cargo run -p odoo-codegen-example # with ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY in the environment
//! ```

mod acme {
    include!(concat!(env!("OUT_DIR"), "/acme.rs"));
}

use acme::res::{Country, Currency, country};
use odoo_client::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    let countries = odoo
        .query::<country::Row>()
        .filter(Country::CURRENCY_ID.dot(Currency::NAME).eq("EUR"))
        .order_by(Country::NAME.asc())
        .fetch_all()
        .await?;
    for country in countries {
        println!("{} {}", country.code.unwrap_or_default(), country.name.unwrap_or_default());
    }
    Ok(())
}
