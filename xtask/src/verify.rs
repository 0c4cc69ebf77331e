//! `cargo odoo verify`: does a pin still fit its server?

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use odoo_client::verify::Options;

use crate::emulate;
use crate::project::TargetsFolder;
use crate::target::Target;

/// Reads every readable model of a live Odoo through the generated rows of a target.
///
/// Page by page, all records, archived ones too. Says what was read, what could not be read and why, and of every field
/// with values that are not what the pin says how many records have one, and the first: record, field and JSON.
///
/// Exit status: 0 the pin fits; 1 it does not; 2 that could not be found out; 3 what was read fits, but this user may not
/// read all of it, or the time was over.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo verify odoo19                           stored fields of every model
  cargo odoo verify odoo19 --all-fields              computed and binary fields too, naming those that make reads fail
  cargo odoo verify odoo19 sale.order res.partner    two models
  cargo odoo verify odoo19 --sample 300              of a big database: the newest, the oldest and random records
  cargo odoo verify odoo19 --time-limit 10m          as far as it comes in ten minutes
  cargo odoo verify odoo19 --emulate                 an emulator of the pin, with its demo data
  cargo odoo verify odoo19 --json > report.json")]
pub struct Args {
    /// A folder of generated/
    target: String,
    /// Models to read; all of the pin if none is given
    models: Vec<String>,
    /// Read computed and binary fields too
    #[arg(long)]
    all_fields: bool,
    /// Read no more than N records of each model: the newest, the oldest, and random ones from between
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// Pick the random records of the sample that the report with this seed was about
    #[arg(long, requires = "sample")]
    seed: Option<u64>,
    /// Stop after this time, such as 90s, 10m or 1h30m
    #[arg(long, value_name = "TIME", value_parser = time)]
    time_limit: Option<Duration>,
    /// Read an emulator of the pin, with its demo data, rather than a server
    #[arg(long)]
    emulate: bool,
    /// Name everything that the report only counts
    #[arg(long, conflicts_with = "json")]
    verbose: bool,
    /// Report in JSON on standard output, with all names
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: TargetsFolder,
}

fn time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<jiff::SignedDuration>().ok().filter(|time| time.as_secs() > 0);
    time.and_then(|time| time.try_into().ok()).ok_or_else(|| "not a time such as 90s, 10m or 1h30m".to_owned())
}

/// Another one each time, and short enough to be typed again.
fn seed_from_the_clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| u64::from(now.subsec_micros()))
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let project = args.folder.project()?;
    let mut target = Target::load(&project.generated, &args.target)?;
    // It is there until the program has ended.
    let emulator = if args.emulate { Some(emulate::with_data(&target, None)?) } else { None };
    if let Some(emulator) = &emulator {
        target.connection = emulate::connection(emulator);
    }
    if !target.connection.is_set() {
        bail!("{} is not set: verify reads a live Odoo", target.connection.names.url);
    }
    let manifest: PathBuf = target.folder.join("Cargo.toml");
    if !target.has_code {
        bail!("target {} has `code = false`: verify reads through the generated crate", target.name);
    }
    if !manifest.is_file() {
        bail!("target {} has no code yet: run `cargo odoo regen {}` first", target.name, target.name);
    }
    eprintln!("compiling the rows of {} (a minute or two the first time)", target.name);
    let mut command = crate::cargo(&project.root);
    command.args(["run", "--quiet", "--features", "all", "--manifest-path"]).arg(manifest);
    command.arg("--example").arg(format!("verify-{}", target.name)).arg("--");
    let mut options = Options::default();
    options.models.clone_from(&args.models);
    options.all_fields = args.all_fields;
    options.sample = args.sample;
    options.seed = args.seed.unwrap_or_else(seed_from_the_clock);
    options.time_limit = args.time_limit;
    command.arg(options.to_json()).arg(if args.json {
        "json"
    } else if args.verbose {
        "all"
    } else {
        "short"
    });
    // The program reads the usual names, whatever the target calls its variables.
    target.connection.set_in(&mut command)?;
    let status = command.status().context("cannot run cargo")?;
    // Cargo's own failures are 101: that the rows do not compile is not that the pin does not fit.
    let code = status.code().and_then(|code| u8::try_from(code).ok()).filter(|code| *code <= 3);
    Ok(ExitCode::from(code.unwrap_or(2)))
}
