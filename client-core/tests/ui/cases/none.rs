use odoo_client::field::kind;
use odoo_client::{Field, Model, Values};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const NAME: Field<Self, kind::Char> = Field::new("name");
}

fn main() {
    let _ = Values::new().set(Order::NAME, None);
}
