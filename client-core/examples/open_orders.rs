//! Lists the open sale orders of two countries from an Odoo 19 with their customers:
//!
//! ```sh
//! eval "$(cargo xtask live up 19)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-client --example open_orders
//! ```

use std::process::ExitCode;

use odoo_client::{Client, Error, Id, Many2one, Record, Timestamp};
use odoo19::res::{Country, Currency, Partner};
use odoo19::sale::{Order, order};

#[derive(Record, Debug)]
#[odoo(model = Order)]
struct OpenOrder {
    id: Id<Order>,
    name: String, // a `false` here is an error that names the record
    partner_id: Option<Customer>,
    currency_id: Option<Many2one<Currency>>,
    amount_total: f64,             // or rust_decimal::Decimal with the feature `decimal`
    date_order: Option<Timestamp>, // UTC
    state: order::State,
}

// Read along with the order, in the same request.
#[derive(Record, Debug)]
#[odoo(model = Partner)]
struct Customer {
    display_name: Option<String>,
    country_id: Option<Many2one<Country>>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    if odoo.version().series() != odoo19::PIN.series {
        eprintln!("warning: {} is Odoo {}, the models are those of {}", odoo.url(), odoo.version(), odoo19::PIN.series);
    }

    // What this program reads, before it begins: fields that are gone, of another type, or not for this user.
    odoo.check::<OpenOrder>().await?.into_result()?;

    let query = odoo
        .query::<OpenOrder>()
        .filter(Order::STATE.eq(order::State::Sale))
        .filter(Order::PARTNER_ID.dot(Partner::COUNTRY_ID).dot(Country::CODE).is_in(["BE", "US"]))
        .order_by(Order::DATE_ORDER.desc());
    println!("{} open orders in {}", query.count().await?, odoo.database());

    println!("{:<12} {:<10} {:<36} {:<20} {:>14}", "Order", "Date", "Customer", "Country", "Total");
    let mut open = query.stream(); // pages behind the scenes; .fetch_all(), .first(), .one() too
    while let Some(order) = open.next().await {
        let OpenOrder { id, name, partner_id, currency_id, amount_total, date_order, state } = order?;
        let date = date_order.map(|date| date.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
        let customer = partner_id.as_ref().and_then(|customer| customer.display_name.as_deref());
        let country = partner_id.as_ref().and_then(|customer| customer.country_id.as_ref()?.name());
        let currency = currency_id.as_ref().and_then(Many2one::name);
        println!(
            "{:<12} {date:<10} {:<36} {:<20} {amount_total:>14.2} {} ({id}, {state:?})",
            printable(Some(&name)),
            printable(customer),
            printable(country),
            printable(currency),
        );
    }
    Ok(())
}

/// Text that people typed into Odoo, without what a terminal would take for commands.
fn printable(text: Option<&str>) -> String {
    text.unwrap_or("-").replace(char::is_control, " ")
}
