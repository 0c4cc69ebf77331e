use odoo_client::field::kind;
use odoo_client::{Field, Model, Record, Values};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const NAME: Field<Self, kind::Char> = Field::new("name");
}

#[derive(Record)]
#[odoo(model = Vec<Order>)]
struct Many {
    name: String,
}

#[derive(Values)]
#[odoo(model = Vec<Order>)]
struct ManyValues {
    name: String,
}

#[derive(Record)]
#[odoo(model = Nothing)]
struct Unknown {
    name: String,
}

fn main() {}
