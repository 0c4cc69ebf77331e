//! The derive macros of `odoo-client`, which re-exports them: there they are documented.

mod input;
mod names;
mod record;
mod values;

use proc_macro::TokenStream;

/// Makes a struct a `Record`: see `odoo_client::Record`.
#[proc_macro_derive(Record, attributes(odoo))]
pub fn record(input: TokenStream) -> TokenStream {
    input::expand(input, record::expand)
}

/// Makes a struct a set of values to write: see `odoo_client::write::ToValues`.
#[proc_macro_derive(Values, attributes(odoo))]
pub fn values(input: TokenStream) -> TokenStream {
    input::expand(input, values::expand)
}
