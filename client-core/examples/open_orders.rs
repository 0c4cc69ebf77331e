//! Lists the open sale orders of an Odoo 19 with their customers:
//!
//! ```sh
//! eval "$(cargo xtask live up 19)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-client --example open_orders
//! ```

use std::process::ExitCode;

use odoo_client::{Client, Error, Search};
use odoo19::sale::{Order, order};

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

    let open = Order::STATE.eq(order::State::Sale);
    let count = odoo.search_count(open.clone()).await?;
    let newest = Search::new(open).order("date_order desc, id desc").limit(50);
    let orders: Vec<order::Row> = odoo.search_read(newest).await?;

    println!("{:<12} {:<10} {:<36} {:>14}", "Order", "Date", "Customer", "Total");
    for order in &orders {
        let date = order.date_order.map(|date| date.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
        let customer = order.partner_id.as_ref().and_then(|partner| partner.name());
        let currency = order.currency_id.as_ref().and_then(|currency| currency.name());
        println!(
            "{:<12} {date:<10} {:<36} {:>14.2} {}",
            printable(order.display_name.as_deref()),
            printable(customer),
            order.amount_total,
            printable(currency),
        );
    }
    println!("{} of {count} open orders in {}", orders.len(), odoo.database());
    Ok(())
}

/// Text that people typed into Odoo, without what a terminal would take for commands.
fn printable(text: Option<&str>) -> String {
    text.unwrap_or("-").replace(char::is_control, " ")
}
