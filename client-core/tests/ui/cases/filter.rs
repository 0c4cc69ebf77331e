use odoo_client::{Field, Id, Model, ReadOnly, kind};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const AMOUNT_TOTAL: Field<Self, kind::Monetary, ReadOnly> = odoo_client::field("amount_total");
    const DATE_ORDER: Field<Self, kind::Datetime> = odoo_client::field("date_order");
    const ID: Field<Self, kind::Id, ReadOnly> = odoo_client::field("id");
    const NAME: Field<Self, kind::Char> = odoo_client::field("name");
    const ORDER_LINE: Field<Self, kind::One2many<Line>> = odoo_client::field("order_line");
}

enum Line {}
impl Model for Line {
    const ODOO_NAME: &'static str = "sale.order.line";
}
impl Line {
    const QTY: Field<Self, kind::Float> = odoo_client::field("qty");
}

fn main() {
    // A value of another type.
    let _ = Order::NAME.eq(5);
    // An id of another model.
    let line: Id<Line> = Id::new(7);
    let _ = Order::ID.eq(line);
    // Operators that the type does not have.
    let _ = Order::AMOUNT_TOTAL.ilike("5");
    let _ = Order::AMOUNT_TOTAL.is_set();
    let _ = Order::ORDER_LINE.lt(line);
    // A field of another model.
    let _ = Order::NAME.eq("S1") & Line::QTY.gt(1.0);
    let _ = Order::ORDER_LINE.dot(Order::NAME);
    let _ = Order::NAME.dot(Line::QTY);
}
