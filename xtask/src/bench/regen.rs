//! `cargo xtask bench regen`: how long regen takes from the pin, and beside the bare requests from a server.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use odoo_codegen::{Settings, generate, pin, wanting_defaults};
use serde::{Deserialize, Serialize};

use super::bare;
use super::measure::Cargo;
use super::table::{Spread, table};
use crate::introspect::introspect;
use crate::pinned;
use crate::report::Report;
use crate::store::Plan;
use crate::target::Target;

/// Measures how long regen takes: from the pin, and from a server beside the bare requests.
///
/// From the pin: reading it, generating and printing all files and comparing them with the disk; then the whole command
/// in a copy of the target that holds only the pin, twice, where the second run has nothing to write. With a connection
/// in the environment, as `cargo xtask regen` takes it, also the whole command against the server (with --check: it
/// writes nothing), in turns with a loop that sends the same requests, as many at a time, and throws the answers away:
/// as the first run of this program, which makes all files to compare them, and as any later one, which knows them by
/// the stamp of the first. The goal is for the later ones, of a server that is as it was pinned.
#[derive(clap::Args)]
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

/// How much longer than the bare requests the whole command may take.
const GOAL: f64 = 1.05;

/// The folder of the stamps: not those of other runs.
const STAMPS: &str = "regen-stamps";

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
    compare: Spread,
    /// The whole command where nothing but the pin is there.
    first_run: Spread,
    first_run_wrote: usize,
    second_run: Spread,
    second_run_wrote: usize,
}

#[derive(Serialize)]
struct Live {
    models: usize,
    answer_bytes: u64,
    bare: Spread,
    /// Without a stamp of a former run: all files are made.
    first: Spread,
    /// With one, which is what the goal and the ratios are about.
    later: Spread,
    /// Of the medians.
    ratio: f64,
    /// Of the least of each: with other work on the server, the better guess.
    ratio_of_minima: f64,
    goal: f64,
}

pub(crate) async fn run(args: &Args) -> Result<ExitCode> {
    let report = Report::new(args.json);
    let generated = crate::workspace().join("generated");
    let target = Target::load(&generated, &args.target)?;
    let offline = offline(&target, args.rounds, &report)?;
    let live = if args.offline || !target.connection.is_set() {
        if !args.offline {
            report.say(&format!("{} is not set: nothing is measured against a server", target.connection.names.url));
        }
        None
    } else {
        Some(live(&target, args.rounds, &report).await?)
    };
    let outcome = Outcome { target: target.name, rounds: args.rounds, offline, live };
    if !args.json {
        print!("{}", outcome.show());
    }
    report.json(&outcome)?;
    Ok(ExitCode::SUCCESS)
}

fn offline(target: &Target, rounds: u32, report: &Report) -> Result<Offline> {
    let mut seconds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut add = |what, started: Instant| seconds.entry(what).or_default().push(started.elapsed().as_secs_f64());
    let bench = Cargo::new()?.bench;
    let (copies, stamps) = (bench.join("regen"), bench.join(STAMPS));
    let (mut files, mut wrote) = (0, [0, 0]);
    for round in 1..=rounds {
        report.say(&format!("round {round} of {rounds}: from the pin"));
        let started = Instant::now();
        let pinned = pinned::read(&target.folder).with_context(|| format!("the pin of target {}", target.name))?;
        let (pinned, _) = pinned.with_context(|| format!("target {} has no pin", target.name))?;
        add("read", started);

        let started = Instant::now();
        let pin = pin::to_files(&pinned)?;
        let mut settings = Settings::new(&target.name);
        (settings.rows, settings.fixes) = (target.rows.of(&pinned)?, target.fixes.of(&pinned)?);
        let mut wanted = generate(&pinned, &settings)?;
        add("generate", started);

        files = wanted.len();
        let copy: BTreeMap<String, String> =
            pin.into_iter().map(|(file, text)| (format!("schema/{file}"), text)).collect();
        wanted.extend(copy.clone());
        let started = Instant::now();
        Plan::new(&target.folder, wanted)?;
        add("compare", started);

        // Not in generated/ itself: a measurement changes nothing there.
        let folder = copies.join(&target.name);
        super::replace(&folder, &copy)?;
        let toml = "target.toml";
        fs::copy(target.folder.join(toml), folder.join(toml)).with_context(|| format!("cannot copy {toml}"))?;
        for (what, wrote) in ["first", "second"].into_iter().zip(&mut wrote) {
            let started = Instant::now();
            *wrote = regen(&target.name, &copies, &stamps, "--offline")?.written.len();
            add(what, started);
        }
    }
    let mut spread = |what| Spread::of(seconds.remove(what).unwrap_or_default());
    Ok(Offline {
        files,
        read_pin: spread("read"),
        generate: spread("generate"),
        compare: spread("compare"),
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
    made: bool,
}

/// Runs the whole command.
fn regen(target: &str, generated: &Path, stamps: &Path, how: &str) -> Result<Regen> {
    let this = std::env::current_exe().context("cannot find this program")?;
    let output = Command::new(this)
        .args(["regen", target, "--no-methods", "--json", how, "--generated"])
        .arg(generated)
        .arg("--stamps")
        .arg(stamps)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run `regen {target} {how}`"))?;
    // 1 says that files differ, which is not the question here.
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!("`regen {target} {how}` failed:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let [outcome]: [Regen; 1] =
        serde_json::from_slice(&output.stdout).with_context(|| format!("the report of `regen {target} {how}`"))?;
    Ok(outcome)
}

async fn live(target: &Target, rounds: u32, report: &Report) -> Result<Live> {
    let generated = crate::workspace().join("generated");
    // Tells which models there are, and fills the server's caches.
    let models = introspect(target, false, false, None).await?.schema.models;
    let models: Vec<_> = models.iter().map(|(name, model)| (name.clone(), wanting_defaults(name, model))).collect();
    let stamps = Cargo::new()?.bench.join(STAMPS);
    let names = ["the bare requests", "the first regen --check", "a later regen --check"];
    let (mut seconds, mut bytes) = ([const { Vec::new() }; 3], 0);
    for round in 1..=rounds {
        // A later run comes after the first; the bare requests now before and now after both.
        for what in if round % 2 == 1 { [0, 1, 2] } else { [1, 2, 0] } {
            if what == 1 {
                super::replace(&stamps, &BTreeMap::new())?;
            }
            let started = Instant::now();
            if what == 0 {
                bytes = bare::ask(target, &models).await.context("the bare requests")?;
            } else if regen(&target.name, &generated, &stamps, "--check")?.made == (what == 2) {
                bail!("the files of {0} are not those of its server: run `cargo xtask regen {0}` first", target.name);
            }
            let took = started.elapsed().as_secs_f64();
            seconds[what].push(took);
            report.say(&format!("round {round} of {rounds}: {}: {took:.2} s", names[what]));
        }
    }
    let [bare, first, later] = seconds.map(Spread::of);
    let (ratio, ratio_of_minima) = (later.median / bare.median, later.min / bare.min);
    Ok(Live { models: models.len(), answer_bytes: bytes, bare, first, later, ratio, ratio_of_minima, goal: GOAL })
}

impl Outcome {
    fn show(&self) -> String {
        let line = |what: &str, seconds: &Spread| vec![what.to_owned(), seconds.show(2)];
        let offline = &self.offline;
        let mut rows = vec![
            vec![String::new(), "wall s".to_owned()],
            line("from the pin: reading and checking it", &offline.read_pin),
            line(&format!("from the pin: generating {} files", offline.files), &offline.generate),
            line("from the pin: comparing them with the disk", &offline.compare),
            line(&format!("regen --offline: wrote {} files", offline.first_run_wrote), &offline.first_run),
            line(&format!("regen --offline again: wrote {} files", offline.second_run_wrote), &offline.second_run),
        ];
        let mut last = String::new();
        if let Some(Live { models, answer_bytes, bare, first, later, ratio, ratio_of_minima, goal }) = &self.live {
            let megabytes = answer_bytes / 1_000_000;
            rows.push(line(&format!("server: bare requests for {models} models, {megabytes} MB"), bare));
            rows.push(line("server: the first regen --check, which makes all files", first));
            rows.push(line("server: a later one, which knows them", later));
            last = format!(
                "\na later regen takes {ratio:.3} times as long as its bare requests by the medians, {ratio_of_minima:.3} \
                 by the minima (goal: below {goal})\n"
            );
        }
        let rounds = if self.rounds == 1 { "one round" } else { "min / median / max" };
        format!("{}: {rounds}\n\n{}{last}", self.target, table(&rows))
    }
}
