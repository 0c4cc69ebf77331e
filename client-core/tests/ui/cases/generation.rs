//! A crate that was generated for another version of the runtime.

odoo_client::__generation!(0);

fn main() {}
