//! `cargo xtask`: all that `cargo odoo` does, and what only this repository needs: real servers for tests, and benchmarks.

mod live;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Odoo(cargo_odoo::Command),
    Live(live::Args),
    /// Measures what the generated code costs to compile, and regen to run
    // A package of its own, for what it depends on.
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    cargo_odoo::main("cargo xtask", async |command| match command {
        Command::Odoo(command) => cargo_odoo::run(command).await,
        Command::Live(args) => live::run(&args),
        Command::Bench { arguments } => bench(&arguments),
    })
}

fn bench(arguments: &[OsString]) -> Result<ExitCode> {
    let mut cargo = cargo();
    // As this program was built.
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let program = ["run", "--quiet", "--package", "odoo-bench", "--profile", profile, "--"];
    let status = cargo.args(program).args(arguments).status();
    let code = status.context("cannot run cargo")?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(2)))
}

fn cargo() -> std::process::Command {
    cargo_odoo::cargo(&workspace())
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
