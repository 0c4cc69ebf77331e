use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Field, Id, Many2one, Model, Record};

enum Order {}
impl Model for Order {
    const ODOO_NAME: &'static str = "sale.order";
}
enum Partner {}
impl Model for Partner {
    const ODOO_NAME: &'static str = "res.partner";
}
impl Order {
    const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const AMOUNT_TOTAL: Field<Self, kind::Monetary> = Field::new("amount_total");
    const PARTNER_ID: Field<Self, kind::Many2one<Partner>> = Field::new("partner_id");
}

#[derive(Record)]
#[odoo(model = Order)]
struct NoSuchField {
    id: Id<Order>,
    nme: String,
}

#[derive(Record)]
#[odoo(model = Order)]
struct Renamed {
    #[odoo(field = "partner")]
    customer: Option<Many2one<Partner>>,
}

fn main() {}
