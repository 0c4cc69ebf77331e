use odoo_client::Record;

#[derive(Record)]
struct NoModel {
    name: String,
}

#[derive(Record)]
#[odoo(modell = Order)]
struct Misspelt {
    name: String,
}

#[derive(Record)]
#[odoo(model = Order)]
struct Twice {
    name: String,
    #[odoo(field = "name")]
    title: String,
}

#[derive(Record)]
#[odoo(model = Order)]
enum NoStruct {}

#[derive(Record)]
#[odoo(model = Order)]
struct Generic<T> {
    name: T,
}

fn main() {}
