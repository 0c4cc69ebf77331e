use odoo_client::{Record, Values};

#[derive(Record)]
#[odoo(model = Order)]
struct Tuple(String);

#[derive(Values)]
#[odoo(model = Order)]
struct Unit;

#[derive(Values)]
#[odoo(model = Order)]
union Both {
    name: u8,
    title: u8,
}

#[derive(Record)]
#[odoo(model = Order)]
struct Borrowed<'a> {
    name: &'a str,
}

#[derive(Record)]
#[odoo(model = Order)]
struct Counted<const N: usize> {
    name: [u8; N],
}

#[derive(Record)]
#[odoo(model = "sale.order")]
struct Quoted {
    name: String,
}

#[derive(Record)]
#[odoo(model = Order)]
struct Unnamed {
    #[odoo(field = name)]
    title: String,
}

#[derive(Values)]
#[odoo(model = Order)]
struct Blank {
    #[odoo(field = "the name")]
    name: String,
}

fn main() {}
