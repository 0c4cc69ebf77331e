use odoo_client::{Client, Id, Model};

// As of a pin without methods, or with the feature `methods` off.
enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}

async fn confirm(odoo: &Client, order: Id<Order>) {
    let _ = odoo.call(Order::action_confirm(&[order])).await;
}

fn main() {}
