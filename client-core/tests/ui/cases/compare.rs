use odoo_client::field::kind;
use odoo_client::model::UnknownValue;
use odoo_client::{Domain, Field, Model};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const DATE_ORDER: Field<Self, kind::Datetime> = Field::new("date_order");
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const PARTNER_ID: Field<Self, kind::Many2one<Partner>> = Field::new("partner_id");
    const STATE: Field<Self, kind::Selection<State>> = Field::new("state");
}

enum Partner {}
impl Model for Partner {
    const ODOO_NAME: &'static str = "res.partner";
}

enum State {
    Sale,
    Unknown(UnknownValue),
}
odoo_client::__rt::selection! { State: 0 "sale" => Sale, }

fn main() {
    let _ = Order::STATE.eq("sale");
    let _ = Order::STATE.is_in(["sale"]);
    let _ = Order::PARTNER_ID.eq("Acme");
    let _ = Order::DATE_ORDER.ge("2026-01-31");
}

fn both() -> Domain<Order> {
    Order::NAME.eq("S1") && Order::STATE.ne(State::Sale)
}
