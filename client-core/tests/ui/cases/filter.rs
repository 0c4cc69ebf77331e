use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Field, Id, Model};

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
    // A model without parents.
    let _ = Order::ID.child_of(Id::new(7));
    let _ = Order::ORDER_LINE.parent_of(line);
    // A field of another model.
    let _ = Order::NAME.eq("S1") & Line::QTY.gt(1.0);
    let _ = Order::ORDER_LINE.dot(Order::NAME);
    let _ = Order::NAME.dot(Line::QTY);
}
