//! What the pin forbids cannot be allowed by a trait: those that say what a field can do are for nobody else to implement.

use odoo_client::field::{CanFilter, CanOrder, Limited, ReadOnly, ReadWrite, can, kind};
use odoo_client::query::{Hierarchical, Sortable};
use odoo_client::read::Optional;
use odoo_client::write::Writable;

enum Mine {}

enum MyKind {}

impl Writable<Mine> for ReadOnly {}

impl CanFilter<Mine> for Limited<Mine, ReadOnly, can::Nothing> {}

impl CanOrder<Mine> for Limited<Mine, ReadWrite, can::Filter> {}

impl Hierarchical<Mine> for kind::Char {
    type Of = Mine;
}

impl Sortable for MyKind {}

impl Optional for kind::Integer {}

impl kind::Kind for MyKind {
    const TYPES: &'static [&'static str] = &["char"];
}

impl can::Can for MyKind {
    type Filter = can::Yes;
    type Order = can::Yes;
    type Group = can::Yes;
    type Aggregate = can::Yes;
}

fn main() {}
