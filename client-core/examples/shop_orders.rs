//! Brings the orders of a shop into an Odoo 19, with their customers and lines: what is missing is created, what differs is
//! changed, and lines that the shop no longer has are deleted. A second run finds nothing to do; `remove` deletes all of it.
//!
//! ```sh
//! eval "$(cargo xtask live up 19)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-client --example shop_orders
//! cargo run -p odoo-client --example shop_orders remove
//! ```

use std::process::ExitCode;

use odoo_client::ops::{Upsert, UpsertReport};
use odoo_client::{Client, Error, ErrorKind, Id, Values};
use odoo19::product::Product;
use odoo19::res::Partner;
use odoo19::sale::{Order, OrderLine};

struct ShopOrder {
    number: &'static str,
    customer: (&'static str, &'static str),
    /// Quantities and prices.
    lines: &'static [(f64, f64)],
}

/// The shop.
const ORDERS: [ShopOrder; 2] = [
    ShopOrder { number: "1001", customer: ("7", "Brouwerij De Gans"), lines: &[(2.0, 12.5), (1.0, 80.0)] },
    ShopOrder { number: "1002", customer: ("8", "Atelier Morel"), lines: &[(10.0, 3.0)] },
];

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shop_orders: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    if std::env::args().nth(1).as_deref() == Some("remove") {
        return remove(&odoo).await;
    }
    let sold = odoo.search(Product::SALE_OK.eq(true)).await?;
    let Some(product) = sold.first().copied() else {
        println!("there is nothing to sell");
        return Ok(());
    };
    let customers = ORDERS.iter().map(|ShopOrder { customer: (number, name), .. }| {
        Upsert::xml_id(format!("shop_example.customer_{number}"), Values::new().set(Partner::NAME, *name))
    });
    told("customers", &odoo.upsert_many(customers).send().await?);
    let orders = ORDERS.iter().map(move |order| upsert(order, product));
    told("orders", &odoo.upsert_many(orders).send().await?);
    Ok(())
}

fn upsert(order: &ShopOrder, product: Id<Product>) -> Upsert<Order> {
    let lines = order.lines.iter().enumerate().map(|(at, (quantity, price))| {
        let values = Values::new().set(OrderLine::PRODUCT_ID, product).set(OrderLine::PRODUCT_UOM_QTY, *quantity);
        Upsert::xml_id(format!("shop_example.line_{}_{at}", order.number), values.set(OrderLine::PRICE_UNIT, *price))
    });
    let values = Values::new().set(Order::CLIENT_ORDER_REF, order.number);
    Upsert::xml_id(format!("shop_example.order_{}", order.number), values)
        .refer(Order::PARTNER_ID, format!("shop_example.customer_{}", order.customer.0))
        .lines(Order::ORDER_LINE, lines)
        .prune(Order::ORDER_LINE)
}

fn told<M>(what: &str, report: &UpsertReport<M>) {
    println!("{what}: {report}");
    for (at, error) in report.failed() {
        println!("{what} {at}: {error}");
    }
}

async fn remove(odoo: &Client) -> Result<(), Error> {
    let orders =
        odoo.ids_of::<Order>(ORDERS.iter().map(|order| format!("shop_example.order_{}", order.number))).await?;
    let customers = ORDERS.iter().map(|order| format!("shop_example.customer_{}", order.customer.0));
    let customers = odoo.ids_of::<Partner>(customers).await?;
    let lines = ORDERS
        .iter()
        .flat_map(|order| (0..order.lines.len()).map(|at| format!("shop_example.line_{}_{at}", order.number)));
    // Before their order: the database would delete them with it, and leave their external ids behind.
    let lines = odoo.ids_of::<OrderLine>(lines).await?;
    odoo.delete_many(lines.into_iter().flatten().collect::<Vec<_>>()).send().await?;
    odoo.delete_many(orders.into_iter().flatten().collect::<Vec<_>>()).send().await?;
    match odoo.delete_many(customers.into_iter().flatten().collect::<Vec<_>>()).send().await {
        Err(rest) if rest.error.kind() == ErrorKind::User => println!("the customers stay: {}", rest.error),
        done => done?,
    }
    Ok(())
}
