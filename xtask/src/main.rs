//! The commands people run: `cargo xtask regen`, `verify`, `live`.

mod introspect;
mod progress;
mod regen;
mod report;
mod store;
mod target;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

/// Typed Odoo: pins the schema of a live Odoo and turns it into Rust crates.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    Regen(regen::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Regen(args) => regen::run(args).await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
