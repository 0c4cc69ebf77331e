//! Sums up the sales of an Odoo 19: the pipeline, the last months, the best customers and countries.
//!
//! ```sh
//! eval "$(cargo xtask live up 19)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-client --example sales_dashboard
//! ```

use std::process::ExitCode;

use odoo_client::query::Grouping;
use odoo_client::{Client, Error, ErrorKind, Many2one, Record, Selection};
use odoo19::res::{Currency, Partner};
use odoo19::sale::{Order, order};

#[derive(Record)]
#[odoo(model = Order)]
struct Latest {
    name: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if error.kind() == ErrorKind::Access {
                eprintln!("This user may not read all sales.");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let odoo = Client::from_env().await?; // with `.with_context(Context::new().tz("…"))`, months are those of that zone

    println!("Orders");
    for group in odoo.group::<Order>().by(Order::STATE).fetch_all().await? {
        let state = group.key.as_ref().map_or("-", Selection::as_str);
        println!("  {state:<36} {:>5}", group.count);
    }

    println!("\nBy month"); // and currency: sums of several mean nothing
    let months = sold(&odoo).by(Order::DATE_ORDER.month()).desc().by(Order::CURRENCY_ID).limit(12);
    for group in months.sum(Order::AMOUNT_UNTAXED).avg(Order::AMOUNT_UNTAXED).fetch_all().await? {
        let ((month, currency), (sum, average)) = (group.key, group.value);
        let month = month.map(|month| month.from.civil().strftime("%Y-%m").to_string());
        let average = average.unwrap_or_default(); // of no values there is none
        line(month.as_deref(), group.count, sum, currency.as_ref(), &format!("on average {average:.2}"));
    }

    println!("\nBest customers");
    let customers = sold(&odoo).by(Order::PARTNER_ID).by(Order::CURRENCY_ID);
    let customers = customers.sum(Order::AMOUNT_UNTAXED).desc().limit(5);
    for group in customers.fetch_all().await? {
        // What is in a group can be read: its domain is a filter like any other.
        let latest = odoo.query::<Latest>().filter(group.domain()).order_by(Order::DATE_ORDER.desc()).first().await?;
        let ((customer, currency), sum) = (group.key, group.value);
        let latest = latest.map(|order| order.name).unwrap_or_default();
        line(customer.as_ref().and_then(Many2one::name), group.count, sum, currency.as_ref(), &latest);
    }

    println!("\nBy country"); // along a relation: Odoo 19 and later
    let countries = sold(&odoo).by(Order::PARTNER_ID.dot(Partner::COUNTRY_ID)).by(Order::CURRENCY_ID);
    for group in countries.sum(Order::AMOUNT_UNTAXED).desc().fetch_all().await? {
        let (country, currency) = group.key;
        line(country.as_ref().and_then(Many2one::name), group.count, group.value, currency.as_ref(), "");
    }
    Ok(())
}

fn sold(odoo: &Client) -> Grouping<Order> {
    odoo.group().filter(Order::STATE.eq(order::State::Sale))
}

fn line(what: Option<&str>, orders: u64, sum: f64, currency: Option<&Many2one<Currency>>, note: &str) {
    let currency = currency.and_then(Many2one::name);
    println!("  {:<36} {orders:>5} {sum:>14.2} {} {}", printable(what), printable(currency), printable(Some(note)));
}

/// Text that people typed into Odoo, without what a terminal would take for commands.
fn printable(text: Option<&str>) -> String {
    text.unwrap_or("-").replace(char::is_control, " ")
}
