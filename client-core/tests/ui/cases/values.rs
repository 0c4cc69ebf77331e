use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Field, Model, Values};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const AMOUNT_TOTAL: Field<Self, kind::Monetary, ReadOnly> = Field::new("amount_total");
    const DATE_ORDER: Field<Self, kind::Datetime> = Field::new("date_order");
    const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const ORDER_LINE: Field<Self, kind::One2many<Line>> = Field::new("order_line");
}

enum Line {}
impl Model for Line {
    const ODOO_NAME: &'static str = "sale.order.line";
}
impl Line {
    const QTY: Field<Self, kind::Float> = Field::new("qty");
}

#[derive(Values)]
#[odoo(model = Order)]
struct Change {
    name: Option<i64>,
    amount_total: f64,
    nombre: String,
}

fn main() {
    let _ = Values::<Order>::new().set(Order::AMOUNT_TOTAL, 5.0);
    let _ = Values::<Order>::new().clear(Order::AMOUNT_TOTAL);
    let _ = Values::<Order>::new().set(Order::NAME, 5);
    let _ = Values::<Order>::new().set(Line::QTY, 5.0);
}
