use odoo_client::field::kind;
use odoo_client::model::UnknownValue;
use odoo_client::{Command, Field, Id, Model, Values};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
impl Order {
    const AMOUNT_TOTAL: Field<Self, kind::Monetary> = Field::new("amount_total");
    const CATEGORY_ID: Field<Self, kind::Many2many<Tag>> = Field::new("category_id");
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const ORDER_LINE: Field<Self, kind::One2many<Line>> = Field::new("order_line");
    const STATE: Field<Self, kind::Selection<State>> = Field::new("state");
    const TAG_ID: Field<Self, kind::Many2one<Tag>> = Field::new("tag_id");
}

enum Line {}
impl Model for Line {
    const ODOO_NAME: &'static str = "sale.order.line";
}

enum Tag {}
impl Model for Tag {
    const ODOO_NAME: &'static str = "crm.tag";
}

enum State {
    Sale,
    Unknown(UnknownValue),
}
odoo_client::__rt::selection! { State: 0 "sale" => Sale, }

fn relations(tag: Id<Tag>, line: Id<Line>) {
    let _ = Values::new().set(Order::CATEGORY_ID, tag);
    let _ = Values::new().set(Order::CATEGORY_ID, [line]);
    let _ = Values::new().set(Order::CATEGORY_ID, Command::link(tag));
    let _ = Values::new().set(Order::ORDER_LINE, [Values::<Line>::new()]);
    let _ = Values::new().set(Order::TAG_ID, 7);
    let _ = Values::new().set(Order::TAG_ID, line);
}

fn others() {
    let _ = Values::new().set(Order::STATE, "sale");
    let _ = Values::new().set_readonly(Order::NAME, "S1");
}

fn main() {}
