//! The command `cargo odoo`.
//!
//! A program, and no library to build on: what is public here is for `cargo xtask` of its repository, which is this command and
//! a few more.

mod annotate;
mod capture;
mod connection;
mod diff;
mod doctor;
mod emulate;
mod emulator;
mod fields;
mod impact;
mod introspect;
mod key;
mod lock;
mod methods;
mod new;
mod outcome;
mod pattern;
mod pinned;
mod progress;
mod project;
mod read_toml;
mod regen;
mod report;
mod rows;
mod store;
mod target;
mod verify;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use clap::Subcommand;

/// What `cargo odoo` does.
#[allow(missing_docs, reason = "each is documented where its arguments are")]
#[derive(Subcommand)]
pub enum Command {
    New(new::Args),
    Doctor(doctor::Args),
    Regen(regen::Args),
    Verify(verify::Args),
    Diff(diff::Args),
    Impact(impact::Args),
    Key(key::Args),
    Emulator(emulator::Args),
}

/// Does it.
///
/// # Errors
///
/// What could not be done, and what to do about it.
pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::New(args) => new::run(args).await,
        Command::Doctor(args) => doctor::run(args).await,
        Command::Regen(args) => regen::run(args).await,
        Command::Verify(args) => verify::run(&args),
        Command::Diff(args) => diff::run(args).await,
        Command::Impact(args) => impact::run(args).await,
        Command::Key(args) => key::run(args).await,
        Command::Emulator(args) => emulator::run(args).await,
    }
}

/// The command that this is a run of.
static NAME: OnceLock<&str> = OnceLock::new();

/// Runs what the command line asks for, as the command of this name.
pub fn main<C: Subcommand, F>(name: &'static str, run: impl FnOnce(C) -> F) -> ExitCode
where
    F: Future<Output = Result<ExitCode>>,
{
    if let Some(code) = impact::as_compiler() {
        return code;
    }
    NAME.get_or_init(|| name);
    let command = clap::Command::new(name)
        .bin_name(name)
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true);
    let command = C::augment_subcommands(command)
        .about("Typed Odoo: pins the schema of a live Odoo and turns it into Rust crates");
    let mut command = in_words_of_this_run(command);
    // `cargo odoo regen` calls `cargo-odoo odoo regen`.
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "odoo") {
        arguments.remove(1);
    }
    let parsed = command.try_get_matches_from_mut(arguments).and_then(|matches| C::from_arg_matches(&matches));
    let parsed = parsed.unwrap_or_else(|error| error.format(&mut command).exit());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.context("cannot start").and_then(|runtime| runtime.block_on(run(parsed)));
    done.unwrap_or_else(|error| {
        // What a server or a file says is not for the terminal to obey.
        eprintln!("error: {:#}", odoo_client::error::visible(&as_run(&format!("{error:#}"))));
        ExitCode::from(2)
    })
}

/// A text for the person who runs this, with the command that was really run: all texts are written for `cargo odoo`.
fn as_run(text: &str) -> Cow<'_, str> {
    match NAME.get() {
        Some(name) if *name != "cargo odoo" => text.replace("cargo odoo", name).into(),
        _ => text.into(),
    }
}

/// The same for the help.
fn in_words_of_this_run(command: clap::Command) -> clap::Command {
    let examples = command.get_after_help().map(|help| as_run(&help.to_string()).into_owned());
    let command = if let Some(examples) = examples { command.after_help(examples) } else { command };
    command.mut_subcommands(in_words_of_this_run)
}

/// Cargo, the one that runs this program where there is one, in a folder.
pub fn cargo(folder: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    without_package(&mut command);
    command
}

/// Takes out of the environment of a command what is of this program's own package.
fn without_package(command: &mut std::process::Command) {
    // What cargo told this program of its own package: build scripts that look at it (that of ring does) would run
    // again, and all that depends on them be compiled again, whenever cargo is called from here and from a shell in turns.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
}

/// The environment of a program that connects as the commands do to the server of a target, or to that of the usual
/// variables: what each of these is to hold.
///
/// # Errors
///
/// What is not as it should be in the environment or the target.
pub fn environment(target: Option<&str>) -> Result<Vec<(String, Option<OsString>)>> {
    project::TargetsFolder::default().connection(target)?.environment()
}
