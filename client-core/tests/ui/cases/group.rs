use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Client, Field, Model};

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
    const ORDER_ID: Field<Self, kind::Many2one<Order>> = Field::new("order_id");
    const QTY: Field<Self, kind::Float> = Field::new("qty");
}

fn group(odoo: &Client) {
    // How, by day or by month?
    let _ = odoo.group::<Order>().by(Order::DATE_ORDER);
    let _ = odoo.group::<Order>().by(Order::ORDER_LINE);
    let _ = odoo.group::<Order>().sum(Order::NAME);
    let _ = odoo.group::<Order>().by(Order::NAME.month());
    let _ = odoo.group::<Order>().sum(Line::QTY);
    // A path over many records.
    let _ = odoo.group::<Order>().by(Order::ORDER_LINE.dot(Line::QTY));
    let _ = odoo.group::<Line>().by(Line::ORDER_ID.dot(Order::ORDER_LINE).dot(Line::QTY));
    let _ = odoo.group::<Line>().by(Line::ORDER_ID.dot(Order::NAME));
}

fn main() {}
