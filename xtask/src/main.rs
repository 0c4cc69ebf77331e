//! `cargo odoo`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_odoo::main("cargo odoo", cargo_odoo::run)
}
