//! `cargo xtask verify`: does a pin still fit its server?

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::target::Target;

/// Reads every readable model of a live Odoo through the generated rows of a target.
///
/// Page by page, all records, archived ones too. Says what was read, what the server itself refused and why, and every
/// value that is not what the pin says: model, record, field and JSON.
///
/// Exit status: 0 the pin fits; 1 it does not; 2 that could not be found out.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask verify odoo19                           stored fields of every model
  cargo xtask verify odoo19 --all-fields              computed and binary fields too, naming those that make reads fail
  cargo xtask verify odoo19 sale.order res.partner    two models
  cargo xtask verify odoo19 --json > report.json")]
pub(crate) struct Args {
    /// A folder of generated/
    target: String,
    /// Models to read; all of the pin if none is given
    models: Vec<String>,
    /// Read computed and binary fields too
    #[arg(long)]
    all_fields: bool,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let target = Target::load(&crate::workspace().join("generated"), &args.target)?;
    if !target.is_connected() {
        bail!("{} is not set: verify reads a live Odoo", target.connection.url);
    }
    let manifest: PathBuf = target.folder.join("Cargo.toml");
    if !manifest.is_file() {
        bail!("target {} has no code yet: run `cargo xtask regen {}` first", target.name, target.name);
    }
    eprintln!("compiling the rows of {} (a minute or two the first time)", target.name);
    let mut command = crate::cargo();
    command.args(["run", "--quiet", "--features", "all", "--manifest-path"]).arg(manifest);
    command.arg("--example").arg(format!("verify-{}", target.name)).arg("--");
    command.args(args.all_fields.then_some("--all-fields")).args(args.json.then_some("--json")).args(&args.models);
    // The program reads the usual names, whatever the target calls its variables.
    let (names, usual) = (&target.connection, odoo_client::EnvVars::default());
    for (name, usual) in [
        (&names.url, usual.url),
        (&names.database, usual.database),
        (&names.user, usual.user),
        (&names.password, usual.password),
        (&names.api_key, usual.api_key),
        (&names.session_id, usual.session_id),
    ] {
        match std::env::var_os(name) {
            Some(value) => command.env(usual, value),
            None => command.env_remove(usual),
        };
    }
    let status = command.status().context("cannot run cargo")?;
    // Cargo's own failures are 101: that the rows do not compile is not that the pin does not fit.
    let code = status.code().and_then(|code| u8::try_from(code).ok()).filter(|code| *code <= 2);
    Ok(ExitCode::from(code.unwrap_or(2)))
}
