#![allow(non_upper_case_globals)]

use odoo_client::field::kind;
use odoo_client::{Field, Model, Record, Values};

enum Stats {}
impl Model for Stats {
    const ODOO_NAME: &'static str = "x.stats";
}
impl Stats {
    const STAT: Field<Self, kind::Integer> = Field::new("stat");
    // As an older generator numbered them.
    const sTAT: Field<Self, kind::Integer> = Field::new("stat_2");
    const ID: Field<Self, kind::Id> = Field::new("uid");
}

#[derive(Record)]
#[odoo(model = Stats)]
struct Read {
    stat: i64,
    #[odoo(field = "Stat")]
    upper: i64,
}

#[derive(Record)]
#[odoo(model = Stats)]
struct Key {
    id: i64,
}

#[derive(Values)]
#[odoo(model = Stats)]
struct Write {
    stat: i64,
    #[odoo(field = "Stat")]
    upper: i64,
}

#[derive(Values)]
#[odoo(model = Stats)]
struct Missing {
    #[odoo(field = "STAT")]
    capitals: i64,
}

fn main() {}
