//! Makes the module of the models.

fn main() {
    odoo_codegen::build("pins/acme/schema", &odoo_codegen::Settings::new("acme"));
}
