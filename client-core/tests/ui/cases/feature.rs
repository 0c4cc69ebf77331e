// The generated crate without its features: there are the markers alone.
use golden::account::{Move, move_};
use golden::res::{Currency, Partner};
use odoo_client::{Id, Many2one, Model, Record};

#[derive(Record)]
#[odoo(model = Partner)]
struct Contact {
    id: Id<Partner>,
    email: String,
}

fn main() {
    let _ = Partner::NAME.eq("Acme");
    let _ = Move::NAME;
    let _ = Currency::NAME;
    // What markers are for.
    let _: Option<Many2one<Move>> = None;
    let _ = Partner::ODOO_NAME;
}
