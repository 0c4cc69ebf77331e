//! `cargo odoo emulator`: an Odoo made of a pin, for a command or for a while.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use odoo_emulator::{Emulator, Facts};
use serde_json::{Map, Value};

use crate::project::TargetsFolder;
use crate::report::Report;
use crate::target::Target;
use crate::{capture, emulate};

/// Runs an emulator of a target's pin: an Odoo without Python and without a database, for tests and first steps.
///
/// It listens on 127.0.0.1, keeps its records in memory, and has the user `admin` with the password `admin`. With a command, the
/// command is run with ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD set, and the emulator is gone when it has ended. Without one
/// it prints these to export, and stays until it is interrupted.
///
/// Exit status: that of the command; without one 0; 2 if the emulator could not be started.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo emulator odoo19 -- cargo run --example open_orders     a program against it, with demo data
  cargo odoo emulator odoo19 -- cargo test                          tests, each of which finds what is there
  cargo odoo emulator odoo19 --data shop.json                       with records of your own; stays up
  cargo odoo emulator odoo19 --port 8069                            on a port of your choice

What Odoo's code says of the models of your own apps (orders, constant defaults, what a deletion takes along), and no Odoo tells over
the network, is taken from the file facts.json beside the target.toml, which Odoo's shell writes:
  cargo odoo emulator facts | odoo shell -d prod --no-http --log-level=warn > generated/acme/facts.json

A file of records has a list for each model; cargo odoo emulator capture makes one of a live server:
  {\"res.country\": [{\"id\": 20, \"name\": \"Belgium\", \"code\": \"BE\"}],
   \"res.partner\": [{\"id\": 7, \"name\": \"Acme\", \"country_id\": 20}]}")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// A folder of generated/
    #[arg(required = true)]
    target: Option<String>,
    /// The records to begin with, rather than the demo data that comes with it
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Listen on this port rather than on a free one
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Print the environment in JSON on standard output
    #[arg(long)]
    json: bool,
    /// A command to run
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
    #[command(flatten)]
    folder: TargetsFolder,
}

/// What else there is to do with emulators.
#[derive(clap::Subcommand)]
pub(crate) enum Action {
    Capture(capture::Args),
    /// Prints the program for Odoo's shell that writes the facts.json of a target
    Facts,
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    match args.action {
        Some(Action::Capture(args)) => return capture::run(args).await,
        Some(Action::Facts) => {
            crate::report::print(Facts::PROGRAM)?;
            return Ok(ExitCode::SUCCESS);
        }
        None => {}
    }
    let project = args.folder.project()?;
    let target = Target::load(&project.generated, args.target.as_deref().unwrap_or_default())?;
    let emulator = emulate::on_port(&target, args.data.as_deref(), args.port)?;
    match args.command.split_first() {
        Some((program, arguments)) => with_command(&emulator, program, arguments),
        None => stay(&emulator, &args).await,
    }
}

fn with_command(emulator: &Emulator, program: &OsString, arguments: &[OsString]) -> Result<ExitCode> {
    let mut command = std::process::Command::new(program);
    command.args(arguments);
    // Nothing else of the environment makes it connect elsewhere.
    emulate::connection(emulator).set_in(&mut command)?;
    crate::without_package(&mut command);
    let status = command.status().with_context(|| format!("cannot run {}", program.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

async fn stay(emulator: &Emulator, args: &Args) -> Result<ExitCode> {
    let environment = emulator.environment();
    if args.json {
        let said: Map<_, _> =
            environment.map(|(name, value)| (name.to_owned(), Value::String(value))).into_iter().collect();
        Report::new(true).json(&said)?;
    } else {
        for (name, value) in environment {
            println!("export {name}={value}");
        }
    }
    eprintln!("emulated at {} until this is interrupted (Ctrl-C)", emulator.url());
    tokio::signal::ctrl_c().await.context("cannot wait for an interruption")?;
    Ok(ExitCode::SUCCESS)
}
