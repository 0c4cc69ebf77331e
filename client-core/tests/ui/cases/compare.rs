use odoo_client::{Domain, Field, Model, UnknownValue, field, kind};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const DATE_ORDER: Field<Self, kind::Datetime> = field("date_order");
    const NAME: Field<Self, kind::Char> = field("name");
    const PARTNER_ID: Field<Self, kind::Many2one<Partner>> = field("partner_id");
    const STATE: Field<Self, kind::Selection<State>> = field("state");
}

enum Partner {}
impl Model for Partner {
    const ODOO_NAME: &'static str = "res.partner";
}

enum State {
    Sale,
    Unknown(UnknownValue),
}
odoo_client::selection! { State: 0 "sale" => Sale, }

fn main() {
    let _ = Order::STATE.eq("sale");
    let _ = Order::STATE.is_in(["sale"]);
    let _ = Order::PARTNER_ID.eq("Acme");
    let _ = Order::DATE_ORDER.ge("2026-01-31");
}

fn both() -> Domain<Order> {
    Order::NAME.eq("S1") && Order::STATE.ne(State::Sale)
}
