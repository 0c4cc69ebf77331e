//! Brings the customers of another system into an Odoo 19: compares them with a stream of those that are there, and
//! creates or updates by external id what differs. A second run finds nothing to do; `remove` deletes them again.
//!
//! ```sh
//! eval "$(cargo xtask live up 19)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-client --example partner_sync
//! cargo run -p odoo-client --example partner_sync remove
//! ```

use std::collections::HashMap;
use std::process::ExitCode;

use odoo_client::{Client, Error, Record};
use odoo19::res::{Country, Partner};

/// The other system: number, name, e-mail, country.
const CUSTOMERS: [[&str; 4]; 3] = [
    ["CRM-1001", "Brouwerij De Gans", "info@degans.example", "BE"],
    ["CRM-1002", "Atelier Morel", "contact@morel.example", "FR"],
    ["CRM-1003", "Northwind Supplies", "", "US"],
];
/// How many rows go into one transaction.
const CHUNK: usize = 500;

#[derive(Record)]
#[odoo(model = Partner)]
struct Known {
    r#ref: String,
    name: Option<String>,
    email: Option<String>,
    country_id: Option<CountryCode>,
    active: bool,
}

#[derive(Record)]
#[odoo(model = Country)]
struct CountryCode {
    code: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome =
        if std::env::args().nth(1).is_some_and(|arg| arg == "remove") { remove().await } else { sync().await };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    // Rows that Odoo refuses are in it, each with its reason. Whatever happened: to run this again does no harm.
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

async fn sync() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    let mut known = HashMap::new();
    // Archived ones too: they would be loaded each time otherwise.
    let mut partners = odoo.query::<Known>().filter(Partner::REF.like("CRM-")).active_test(false).stream();
    while let Some(partner) = partners.next().await {
        let Known { r#ref, name, email, country_id, active } = partner?;
        let country = country_id.and_then(|country| country.code).unwrap_or_default();
        known.insert(r#ref, ([name.unwrap_or_default(), email.unwrap_or_default(), country], active));
    }

    let differs =
        |[number, fields @ ..]: &&[&str; 4]| known.get(*number).is_none_or(|(have, active)| !active || have != fields);
    let rows: Vec<[String; 6]> = CUSTOMERS.iter().filter(differs).map(row).collect();
    println!("{} customers, {} of them in {}, {} to load", CUSTOMERS.len(), known.len(), odoo.database(), rows.len());
    for rows in rows.chunks(CHUNK) {
        // As in a CSV file for Odoo's import. All rows of a call are loaded, or none.
        let loaded =
            odoo.load::<Partner, _, _>(["id", "ref", "name", "email", "country_id/id", "active"], rows.to_vec());
        println!("loaded {:?}", loaded.await?.into_result()?);
    }
    Ok(())
}

async fn remove() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    let ids = odoo.ids_of::<Partner>(CUSTOMERS.map(|[number, ..]| xml_id(number))).await?;
    let ids: Vec<_> = ids.into_iter().flatten().collect();
    println!("deleting {ids:?}");
    Ok(odoo.delete_many(ids).send().await?)
}

fn row([number, name, email, country]: &[&str; 4]) -> [String; 6] {
    let country = format!("base.{}", country.to_lowercase());
    [xml_id(number), (*number).into(), (*name).into(), (*email).into(), country, "1".into()]
}

/// The external id makes a second load an update: no search for duplicates, no race.
fn xml_id(number: &str) -> String {
    format!("crm_sync.partner_{number}")
}
