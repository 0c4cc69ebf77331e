//! `cargo xtask bench`: what the generated code costs to compile, and regen to run.

mod bare;
mod compile;
mod measure;
mod plain;
mod regen;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;

/// Measures what the generated code costs to compile, and regen to run.
///
/// What is measured is reported next to its goal and never fails. Other work on the machine makes all figures larger:
/// compare those of one run, best on a machine that does nothing else.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Bench,
}

#[derive(Subcommand)]
enum Bench {
    Compile(compile::Args),
    Regen(regen::Args),
    /// Runs a command and prints what it used
    #[command(hide = true)]
    Measure(measure::Args),
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    match args.command {
        Bench::Compile(args) => compile::run(&args),
        Bench::Regen(args) => regen::run(&args).await,
        Bench::Measure(args) => measure::run(&args),
    }
}

/// Makes `folder` hold these files, by their path below it, and nothing else.
fn replace(folder: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    let failed = || format!("cannot write to {}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(failed)?;
    }
    for (file, text) in files {
        let path = folder.join(file);
        path.parent().map_or(Ok(()), fs::create_dir_all).with_context(failed)?;
        fs::write(path, text).with_context(failed)?;
    }
    Ok(())
}
