//! The commands people run: `cargo xtask new`, `doctor`, `regen`, `verify`, `diff`, `key`, `live`, `bench`.

mod annotate;
mod bench;
mod connection;
mod diff;
mod doctor;
mod fields;
mod introspect;
mod key;
mod live;
mod lock;
mod methods;
mod new;
mod outcome;
mod pattern;
mod pinned;
mod progress;
mod regen;
mod report;
mod rows;
mod stamp;
mod store;
mod target;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

/// Typed Odoo: pins the schema of a live Odoo and turns it into Rust crates.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    New(new::Args),
    Doctor(doctor::Args),
    Regen(regen::Args),
    Verify(verify::Args),
    Diff(diff::Args),
    Key(key::Args),
    Live(live::Args),
    Bench(bench::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::New(args) => new::run(args).await,
        Command::Doctor(args) => doctor::run(args).await,
        Command::Regen(args) => regen::run(args).await,
        Command::Verify(args) => verify::run(&args),
        Command::Diff(args) => diff::run(args).await,
        Command::Key(args) => key::run(args).await,
        Command::Live(args) => live::run(&args),
        Command::Bench(args) => bench::run(args).await,
    };
    done.unwrap_or_else(|error| {
        // What a server or a file says is not for the terminal to obey.
        eprintln!("error: {:#}", odoo_client::error::visible(&format!("{error:#}")));
        ExitCode::from(2)
    })
}

/// Cargo, the one that runs this program where there is one.
fn cargo() -> std::process::Command {
    let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace());
    // What cargo told this program of its own package: build scripts that look at it (that of ring does) would run
    // again, and all that depends on them be compiled again, whenever cargo is called from here and from a shell in turns.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
