//! `cargo xtask bench regen`: how long regen takes from the pin, and beside bare requests and OdooRPC from a server.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use odoo_codegen::{ATTRIBUTES, Schema, Settings, generate, pin};
use serde::{Deserialize, Serialize};

use super::bare;
use super::measure::{self, Cargo};
use super::peers::OdooRpc;
use super::table::{Spread, table};
use crate::Target;

/// Measures how long regen takes: from the pin, and from a server beside bare requests and OdooRPC.
///
/// From the pin: reading it, generating and printing all files; then the whole command in a copy of the target that holds only
/// the pin, twice, where the second run has nothing to write. With ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD in the
/// environment also the whole command against that server (with --check: it writes nothing), in turns with a loop that asks for the
/// fields of the same models, as many at a time, and throws the answers away, and with OdooRPC, which is installed for it: the first
/// run, and one that knows that the files are as made. Then with methods, and once more when nothing has changed.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench regen
  cargo run --release -p xtask -- bench regen   the command as `cargo install` builds it")]
pub(crate) struct Args {
    /// A folder of generated/
    #[arg(default_value = "odoo19")]
    target: String,
    /// How often each is measured
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Leave out the server, whatever the environment says
    #[arg(long)]
    offline: bool,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
}

/// How much longer than OdooRPC the whole command may take.
const GOAL: f64 = 1.05;

#[derive(Serialize)]
struct Outcome {
    target: String,
    rounds: u32,
    offline: Offline,
    live: Option<Live>,
}

/// Wall seconds, all of them.
#[derive(Serialize)]
struct Offline {
    files: usize,
    read_pin: Spread,
    generate: Spread,
    /// The whole command where nothing but the pin is there.
    first_run: Spread,
    first_run_wrote: usize,
    second_run: Spread,
    second_run_wrote: usize,
}

/// Wall seconds.
#[derive(Serialize)]
struct Live {
    models: usize,
    answer_bytes: u64,
    /// Without methods.
    rounds: Vec<(String, Spread)>,
    /// Of the medians: how much longer regen takes than another.
    ratios: Vec<(String, f64)>,
    goal: f64,
}

pub(crate) async fn run(args: &Args) -> Result<()> {
    let target = Target::load(&args.target)?;
    measure::build_cargo_odoo()?;
    let offline = offline(&target, args.rounds)?;
    let live = if args.offline || std::env::var_os("ODOO_URL").is_none() {
        if !args.offline {
            eprintln!("ODOO_URL is not set: nothing is measured against a server");
        }
        None
    } else {
        Some(live(&target, args.rounds).await?)
    };
    let outcome = Outcome { target: target.name, rounds: args.rounds, offline, live };
    crate::show(&outcome, &outcome.show(), args.json)
}

pub(crate) fn read_pin(target: &Target) -> Result<Schema> {
    let file = target.folder.join("schema").join(pin::PIN_FILE);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut files = BTreeMap::from([(pin::PIN_FILE.to_owned(), text)]);
    let models = crate::pinned_models(target)?.into_iter();
    files.extend(models.map(|(name, text)| (format!("models/{name}.json"), text)));
    Ok(pin::from_files(&files)?)
}

fn offline(target: &Target, rounds: u32) -> Result<Offline> {
    let mut seconds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut add = |what, started: Instant| seconds.entry(what).or_default().push(started.elapsed().as_secs_f64());
    let copies = Cargo::new()?.bench.join("regen");
    let (mut files, mut wrote) = (0, [0, 0]);
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}: from the pin");
        let started = Instant::now();
        let pinned = read_pin(target)?;
        add("read", started);

        let started = Instant::now();
        let pin = pin::to_files(&pinned)?;
        files = generate(&pinned, &Settings::new(&target.name))?.len();
        add("generate", started);

        // Not in generated/ itself: a measurement changes nothing there.
        let folder = copies.join(&target.name);
        let copy = pin.into_iter().map(|(file, text)| (format!("schema/{file}"), text)).collect();
        super::replace(&folder, &copy)?;
        let toml = "target.toml";
        fs::copy(target.folder.join(toml), folder.join(toml)).with_context(|| format!("cannot copy {toml}"))?;
        for (what, wrote) in ["first", "second"].into_iter().zip(&mut wrote) {
            let started = Instant::now();
            *wrote = regen(&target.name, &copies, &["--offline"], &copies)?.written.len();
            add(what, started);
        }
    }
    let mut spread = |what| Spread::of(seconds.remove(what).unwrap_or_default());
    Ok(Offline {
        files,
        read_pin: spread("read"),
        generate: spread("generate"),
        first_run: spread("first"),
        first_run_wrote: wrote[0],
        second_run: spread("second"),
        second_run_wrote: wrote[1],
    })
}

/// What the whole command reports of a target.
#[derive(Deserialize)]
struct Regen {
    /// Or would with `--check`.
    written: Vec<String>,
}

/// Runs the whole command, which is beside this program. What it knows of a server from before is in the folder `built`.
fn regen(target: &str, generated: &Path, how: &[&str], built: &Path) -> Result<Regen> {
    let program = std::env::current_exe().context("cannot find this program")?.with_file_name("cargo-odoo");
    let doing = || format!("`regen {target} {}`", how.join(" "));
    let output = Command::new(program)
        .args(["regen", target, "--json", "--generated"])
        .arg(generated)
        .args(how)
        .current_dir(crate::workspace())
        .env("CARGO_TARGET_DIR", built)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", doing()))?;
    // 1 says that files differ, which is not the question here.
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!("{} failed:\n{}", doing(), String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let [outcome]: [Regen; 1] =
        serde_json::from_slice(&output.stdout).with_context(|| format!("the report of {}", doing()))?;
    Ok(outcome)
}

/// Removes what runs have kept in a folder by names that begin so.
fn forget(built: &Path, names: &str) -> Result<()> {
    let kept = match fs::read_dir(built.join("odoo")) {
        Ok(kept) => kept,
        _ => return Ok(()),
    };
    for entry in kept {
        let file = entry?.path();
        if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(names)) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

async fn live(target: &Target, rounds: u32) -> Result<Live> {
    const WAYS: [&str; 6] = [
        "bare requests",
        "OdooRPC, four threads",
        "regen --check --no-methods, the first run",
        "regen --check --no-methods",
        "regen --check",
        "regen --check, nothing changed",
    ];
    let (generated, cargo) = (crate::workspace().join("generated"), Cargo::new()?);
    // Which models there are. What of their fields has defaults is as pinned, and not asked.
    let names: Vec<String> = read_pin(target)?.models.into_keys().collect();
    let models: Vec<_> = names.iter().map(|name| (name.clone(), Vec::new())).collect();
    let rpc = OdooRpc::install(&cargo, &names).inspect_err(|error| eprintln!("left out: {error:#}")).ok();
    // Fills the server's caches.
    bare::ask(&models).await.context("the bare requests")?;
    let (built, mut bytes) = (cargo.bench.join("regen-built"), 0);
    let mut seconds = WAYS.map(|_| Vec::new());
    for round in 1..=rounds {
        let turns: [usize; 6] = if round % 2 == 1 { [0, 1, 2, 3, 4, 5] } else { [2, 3, 1, 0, 4, 5] };
        for way in turns {
            // The first run knows nothing, others that the files are as made, and the last what the server said.
            if way < 5 {
                forget(&built, if way == 2 { "" } else { "schema-" })?;
            }
            let started = Instant::now();
            let mut took = None;
            match (way, &rpc) {
                (0, _) => bytes = bare::ask(&models).await.context("the bare requests")?,
                (1, Some(rpc)) => took = Some(rpc.read(ATTRIBUTES)?),
                (1, None) => continue,
                (2 | 3, _) => drop(regen(&target.name, &generated, &["--check", "--no-methods"], &built)?),
                _ => drop(regen(&target.name, &generated, &["--check"], &built)?),
            }
            let took = took.unwrap_or_else(|| started.elapsed().as_secs_f64());
            seconds[way].push(took);
            eprintln!("round {round} of {rounds}: {}: {took:.2} s", WAYS[way]);
        }
    }
    let rounds: Vec<_> = WAYS.into_iter().zip(seconds).filter(|(_, seconds)| !seconds.is_empty()).collect();
    let rounds: Vec<_> = rounds.into_iter().map(|(way, seconds)| (way.to_owned(), Spread::of(seconds))).collect();
    let median = |way: &str| rounds.iter().find(|(name, _)| name == way).map(|(_, seconds)| seconds.median);
    let pairs = WAYS[2..4].iter().flat_map(|regen| WAYS[..2].iter().map(move |other| (regen, other)));
    let ratios =
        pairs.filter_map(|(regen, other)| Some((format!("{regen} / {other}"), median(regen)? / median(other)?)));
    let ratios = ratios.collect();
    Ok(Live { models: names.len(), answer_bytes: bytes, rounds, ratios, goal: GOAL })
}

impl Outcome {
    fn show(&self) -> String {
        let line = |what: &str, seconds: &Spread| vec![what.to_owned(), seconds.show(2)];
        let offline = &self.offline;
        let mut rows = vec![
            vec![String::new(), "wall s".to_owned()],
            line("from the pin: reading and checking it", &offline.read_pin),
            line(&format!("from the pin: generating {} files", offline.files), &offline.generate),
            line(&format!("regen --offline: wrote {} files", offline.first_run_wrote), &offline.first_run),
            line(&format!("regen --offline again: wrote {} files", offline.second_run_wrote), &offline.second_run),
        ];
        let mut last = String::new();
        if let Some(Live { models, answer_bytes, rounds, ratios, goal }) = &self.live {
            let megabytes = answer_bytes / 1_000_000;
            rows.extend(rounds.iter().map(|(way, seconds)| line(&format!("server: {way}"), seconds)));
            last = format!("\n{models} models, {megabytes} MB of answers without methods\n");
            for (pair, ratio) in ratios {
                last += &format!("{pair}: {ratio:.3} (goal: {goal})\n");
            }
        }
        let rounds = if self.rounds == 1 { "one round" } else { "min / median / max" };
        format!("{}: {rounds}\n\n{}{last}", self.target, table(&rows))
    }
}
