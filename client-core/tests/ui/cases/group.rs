use odoo_client::{Client, Field, Model, ReadOnly, kind};

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

fn group(odoo: &Client) {
    // How, by day or by month?
    let _ = odoo.group::<Order>().by(Order::DATE_ORDER);
    let _ = odoo.group::<Order>().by(Order::ORDER_LINE);
    let _ = odoo.group::<Order>().sum(Order::NAME);
    let _ = odoo.group::<Order>().by(Order::NAME.month());
    let _ = odoo.group::<Order>().sum(Line::QTY);
}

fn main() {}
