use odoo_client::{Record, Values};

#[derive(Record)]
#[odoo(model = Order, model = Partner)]
struct TwoModels {
    name: String,
}

#[derive(Values)]
#[odoo(model = Order)]
#[odoo(crate = odoo_client, model = Partner)]
struct TwoAttributes {
    name: String,
}

#[derive(Record)]
#[odoo(model = Order)]
struct TwoNames {
    #[odoo(field = "name", field = "title")]
    name: String,
}

#[derive(Values)]
#[odoo(model = Order)]
struct SameField {
    r#type: String,
    #[odoo(field = "type")]
    kind: String,
}

fn main() {}
