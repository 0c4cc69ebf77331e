use odoo_client::field::kind;
use odoo_client::{Field, Model, Record, Values};

/// Types of crates that this program has in another version than the client.
mod other {
    pub struct Timestamp;
    #[derive(Clone, Copy)]
    pub struct OldDecimal;
}

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const AMOUNT_TOTAL: Field<Self, kind::Monetary> = Field::new("amount_total");
    const DATE_ORDER: Field<Self, kind::Datetime> = Field::new("date_order");
}

#[derive(Record, Values)]
#[odoo(model = Order)]
struct Read {
    date_order: Option<other::Timestamp>,
}

fn main() {
    let _ = Values::new().set(Order::AMOUNT_TOTAL, other::OldDecimal);
    let _ = Order::AMOUNT_TOTAL.lt(other::OldDecimal);
}
