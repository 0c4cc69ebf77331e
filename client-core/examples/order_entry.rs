//! Enters a sale order with two lines into an Odoo 19, confirms it, prints it, and takes it out again.
//!
//! ```sh
//! eval "$(cargo xtask live up 19)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-client --example order_entry
//! ```

use std::process::ExitCode;

use odoo_client::{Client, Command, Error, ErrorKind, Id, Many2one, Record, Values};
use odoo19::product::Product;
use odoo19::product::product::{self, ServiceTracking, Type};
use odoo19::res::Partner;
use odoo19::sale::{Order, OrderLine, order};

/// The customer's own number of the order: by it an order is found again.
const NUMBER: &str = "odoo-client order_entry";

#[derive(Values)]
#[odoo(model = Order)]
struct NewOrder {
    partner_id: Id<Partner>,
    client_order_ref: String,
    order_line: Vec<Command<OrderLine>>,
}

#[derive(Values)]
#[odoo(model = OrderLine)]
struct NewLine {
    product_id: Id<Product>,
    product_uom_qty: f64,
    discount: Option<f64>, // `None` leaves it to Odoo, as the price and all that is not named here
}

#[derive(Record)]
#[odoo(model = Partner)]
struct Customer {
    id: Id<Partner>,
}

#[derive(Record)]
#[odoo(model = Order)]
struct Entered {
    name: String,
    state: order::State,
    amount_total: f64,
    order_line: Vec<EnteredLine>,
}

#[derive(Record)]
#[odoo(model = OrderLine)]
struct EnteredLine {
    product_id: Option<Many2one<Product>>,
    product_uom_qty: f64,
    price_subtotal: f64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    match error.kind() {
        // Somebody has to decide: Odoo's own words, in the language of the context, are for them.
        ErrorKind::User | ErrorKind::Validation => eprintln!("Odoo refuses the order as it is."),
        // A create or a confirmation is never sent twice by itself. Run again: the order is looked for first.
        _ if error.may_have_executed() => eprintln!("It may have been done all the same: look for {NUMBER:?}."),
        _ => {}
    }
    ExitCode::FAILURE
}

async fn run() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    let left_over = Order::CLIENT_ORDER_REF.eq(NUMBER) & Order::STATE.ne(order::State::Cancel);
    let order = match odoo.search(left_over).await?.first() {
        Some(order) => *order,
        None => enter(&odoo).await?,
    };
    let outcome = confirm(&odoo, order).await;
    // Orders that are confirmed cannot be deleted. These methods are typed, as they are in the pin: feature `methods`.
    let canceled = odoo.call(Order::action_cancel(&[order])).await.map(drop);
    outcome.and(canceled)?;
    odoo.delete(order).await
}

async fn enter(odoo: &Client) -> Result<Id<Order>, Error> {
    // Any customer, and two services that no task is made of. An error if there is no customer.
    let customer: Customer = odoo.query().filter(Partner::IS_COMPANY.eq(true)).limit(1).one().await?;
    let service = Product::TYPE.eq(Type::Service) & Product::SERVICE_TRACKING.eq(ServiceTracking::No);
    let services = odoo.query::<product::Row>().filter(Product::SALE_OK.eq(true) & service).limit(2).ids().await?;

    let lines = services.into_iter().zip([None, Some(10.0)]);
    let line = |(product_id, discount)| Command::create(NewLine { product_id, product_uom_qty: 3.0, discount });
    let order_line = lines.map(line).collect();
    odoo.create(NewOrder { partner_id: customer.id, client_order_ref: NUMBER.into(), order_line }).await
}

async fn confirm(odoo: &Client, order: Id<Order>) -> Result<(), Error> {
    // Confirmed already, if it was but its answer got lost.
    if odoo.search_count(Order::ID.eq(order) & Order::STATE.eq(order::State::Draft)).await? > 0 {
        odoo.call(Order::action_confirm(&[order])).await?;
    }
    for Entered { name, state, amount_total, order_line } in odoo.read([order]).await? {
        println!("{name} ({state:?}): {amount_total:.2}");
        for EnteredLine { product_id, product_uom_qty, price_subtotal } in order_line {
            let product = product_id.as_ref().and_then(Many2one::name).unwrap_or("-").replace(char::is_control, " ");
            println!("  {product_uom_qty:>5} {product:<40} {price_subtotal:>10.2}");
        }
    }
    Ok(())
}
