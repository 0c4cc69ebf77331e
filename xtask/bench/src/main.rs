//! `cargo xtask bench`: what the generated code costs to compile, and regen and clients to run.

mod bare;
mod compile;
mod editor;
mod growth;
mod machine;
mod measure;
mod peers;
mod plain;
mod plot;
mod regen;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use serde::Serialize;

/// Measures what the generated code costs to compile, and regen to run.
///
/// What is measured is reported next to its goal and never fails. Other work on the machine makes all figures larger:
/// compare those of one run, best on a machine that does nothing else.
#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
enum Bench {
    Compile(compile::Args),
    Regen(regen::Args),
    Peers(peers::Args),
    Growth(growth::Args),
    Editor(editor::Args),
    /// Runs a command and prints what it used
    #[command(hide = true)]
    Measure(measure::Args),
    /// The server that clients are compared on
    #[command(hide = true)]
    Stub(peers::stub::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Bench::parse() {
        Bench::Compile(args) => compile::run(&args),
        Bench::Regen(args) => regen::run(&args).await,
        Bench::Peers(args) => peers::run(&args),
        Bench::Growth(args) => growth::run(&args),
        Bench::Editor(args) => editor::run(&args),
        Bench::Measure(args) => measure::run(&args),
        Bench::Stub(args) => peers::stub::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// A generated crate of this workspace.
struct Target {
    name: String,
    folder: PathBuf,
}

impl Target {
    fn load(name: &str) -> Result<Self> {
        let folder = workspace().join("generated").join(name);
        let file = folder.join("target.toml");
        fs::metadata(&file).with_context(|| format!("no target `{name}`: {}", file.display()))?;
        Ok(Self { name: name.to_owned(), folder })
    }
}

/// The models of a pin, each with its file's text.
fn pinned_models(target: &Target) -> Result<Vec<(String, String)>> {
    let folder = target.folder.join("schema/models");
    let doing = || format!("cannot read {}", folder.display());
    let mut models = Vec::new();
    for entry in fs::read_dir(&folder).with_context(doing)? {
        let path = entry.with_context(doing)?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) {
            models.push((name.to_owned(), fs::read_to_string(&path).with_context(doing)?));
        }
    }
    models.sort();
    Ok(models)
}

/// Says what was measured: as a table, or in JSON.
fn show(outcome: &impl Serialize, table: &str, is_json: bool) -> Result<()> {
    if is_json {
        println!("{}", serde_json::to_string_pretty(outcome)?);
    } else {
        print!("{table}");
    }
    Ok(())
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The cargo that runs this, in the folder of the workspace.
fn cargo() -> std::process::Command {
    let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace());
    command
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
