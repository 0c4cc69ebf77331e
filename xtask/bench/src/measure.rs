//! What one cargo command costs: processor time and peak memory of everything it runs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// What a command cost.
#[derive(Serialize, Deserialize, Clone, Copy)]
pub(crate) struct Cost {
    /// User and system time of all processes.
    pub(crate) cpu_seconds: f64,
    pub(crate) wall_seconds: f64,
    /// The peak memory of the biggest process.
    pub(crate) peak_megabytes: f64,
}

/// A command of which the operating system is to count the cost. Only `cargo xtask bench` itself calls this: counted is
/// whatever the children of a process used, so every measurement needs a process of its own.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// Runs a command and prints its cost as JSON.
pub(crate) fn run(args: &Args) -> Result<()> {
    let Some((program, arguments)) = args.command.split_first() else { bail!("no command is given") };
    let started = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let wall_seconds = started.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{} failed: {status}", program.display());
    }
    let (cpu_seconds, peak_megabytes) = used_by_children()?;
    println!("{}", serde_json::to_string(&Cost { cpu_seconds, wall_seconds, peak_megabytes })?);
    Ok(())
}

#[cfg(unix)]
fn used_by_children() -> Result<(f64, f64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("the operating system does not tell what was used")?;
    #[expect(clippy::cast_precision_loss, reason = "seconds and bytes are far below what a double holds")]
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    // Bytes on Apple's systems, KiB on all others.
    let unit = if cfg!(target_vendor = "apple") { 1e6 } else { 1e6 / 1024.0 };
    #[expect(clippy::cast_precision_loss, reason = "as above")]
    let peak = usage.max_rss() as f64 / unit;
    Ok((seconds(usage.user_time()) + seconds(usage.system_time()), peak))
}

#[cfg(not(unix))]
fn used_by_children() -> Result<(f64, f64)> {
    bail!("`bench compile` counts processor time with getrusage, which only Unix has")
}

/// Builds the command that is measured, as this program was built.
pub(crate) fn build_cargo_odoo() -> Result<()> {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let built = crate::cargo().args(["build", "--quiet", "--package", "cargo-odoo", "--profile", profile]).status();
    if !built.context("cannot run cargo")?.success() {
        bail!("cargo-odoo does not compile");
    }
    Ok(())
}

/// The cargo that runs this, and where it puts what it makes.
pub(crate) struct Cargo {
    program: OsString,
    /// The folder of all that the benchmark makes.
    pub(crate) bench: PathBuf,
}

impl Cargo {
    pub(crate) fn new() -> Result<Self> {
        #[derive(Deserialize)]
        struct Metadata {
            target_directory: PathBuf,
        }
        let mut cargo = crate::cargo();
        let program = cargo.get_program().to_owned();
        let output = cargo
            .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
            .stderr(Stdio::inherit())
            .output()
            .context("cannot run cargo")?;
        if !output.status.success() {
            bail!("`cargo metadata` failed: {}", output.status);
        }
        let metadata: Metadata =
            serde_json::from_slice(&output.stdout).context("`cargo metadata` is not as expected")?;
        Ok(Self { program, bench: metadata.target_directory.join("bench") })
    }

    /// Measures one cargo command in `folder`, with a target directory of its own.
    pub(crate) fn measure(&self, folder: &Path, target: &str, arguments: &[&str]) -> Result<Cost> {
        let mut command = vec![self.program.clone()];
        command.extend(arguments.iter().map(Into::into));
        command.extend(["--quiet", "--offline", "--target-dir"].map(Into::into));
        command.push(self.bench.join("build").join(target).into());
        Self::cost(&command, folder)
    }

    /// Measures a command in `folder`.
    pub(crate) fn cost(command: &[OsString], folder: &Path) -> Result<Cost> {
        let this = std::env::current_exe().context("cannot find this program")?;
        let shown: Vec<_> = command.iter().map(|part| part.to_string_lossy()).collect();
        let doing = || format!("`{}` in {}", shown.join(" "), folder.display());
        let output = Command::new(this)
            .args(["measure", "--"])
            .args(command)
            .current_dir(folder)
            .env("CARGO_INCREMENTAL", "0")
            // A cache in front of rustc would be measured in its place.
            .env("RUSTC_WRAPPER", "")
            .env("RUSTC_WORKSPACE_WRAPPER", "")
            .stderr(Stdio::inherit())
            .output()
            .with_context(doing)?;
        if !output.status.success() {
            bail!("{} failed", doing());
        }
        serde_json::from_slice(&output.stdout).with_context(doing)
    }
}
