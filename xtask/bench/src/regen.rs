//! `cargo xtask bench regen`: how long regen takes from the pin, and beside the bare requests from a server.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use odoo_codegen::{Schema, Settings, generate, pin, wanting_defaults};
use serde::{Deserialize, Serialize};

use super::bare;
use super::measure::Cargo;
use super::table::{Spread, table};
use crate::Target;

/// Measures how long regen takes: from the pin, and from a server beside the bare requests.
///
/// From the pin: reading it, generating and printing all files; then the whole command in a copy of the target that holds only
/// the pin, twice, where the second run has nothing to write. With ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD or
/// ODOO_API_KEY in the environment also the whole command against that server (with --check: it writes nothing), in turns with
/// a loop that asks for the fields and defaults of the same models, as many at a time, and throws the answers away.
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

#[derive(Serialize)]
struct Live {
    models: usize,
    answer_bytes: u64,
    bare: Spread,
    regen: Spread,
    /// Of the medians.
    ratio: f64,
    /// Of the least of each: with other work on the server, the better guess.
    ratio_of_minima: f64,
    goal: f64,
}

pub(crate) async fn run(args: &Args) -> Result<()> {
    let target = Target::load(&args.target)?;
    let built = crate::cargo().args(["build", "--quiet", "--package", "cargo-odoo"]).status();
    if !built.context("cannot run cargo")?.success() {
        bail!("cargo-odoo does not compile");
    }
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
            *wrote = regen(&target.name, &copies, "--offline")?.written.len();
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

/// Runs the whole command, which is beside this program.
fn regen(target: &str, generated: &Path, how: &str) -> Result<Regen> {
    let program = std::env::current_exe().context("cannot find this program")?.with_file_name("cargo-odoo");
    let output = Command::new(program)
        .args(["regen", target, "--no-methods", "--json", how, "--generated"])
        .arg(generated)
        .current_dir(crate::workspace())
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

async fn live(target: &Target, rounds: u32) -> Result<Live> {
    let generated = crate::workspace().join("generated");
    // Which models there are, and of which fields regen asks for the defaults.
    let models = read_pin(target)?.models;
    let models: Vec<_> = models.iter().map(|(name, model)| (name.clone(), wanting_defaults(name, model))).collect();
    // Fills the server's caches.
    bare::ask(&models).await.context("the bare requests")?;
    let names = ["the bare requests", "regen --check"];
    let (mut seconds, mut bytes) = ([const { Vec::new() }; 2], 0);
    for round in 1..=rounds {
        for what in if round % 2 == 1 { [0, 1] } else { [1, 0] } {
            let started = Instant::now();
            if what == 0 {
                bytes = bare::ask(&models).await.context("the bare requests")?;
            } else {
                regen(&target.name, &generated, "--check")?;
            }
            let took = started.elapsed().as_secs_f64();
            seconds[what].push(took);
            eprintln!("round {round} of {rounds}: {}: {took:.2} s", names[what]);
        }
    }
    let [bare, regen] = seconds.map(Spread::of);
    let (ratio, ratio_of_minima) = (regen.median / bare.median, regen.min / bare.min);
    Ok(Live { models: models.len(), answer_bytes: bytes, bare, regen, ratio, ratio_of_minima, goal: GOAL })
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
        if let Some(Live { models, answer_bytes, bare, regen, ratio, ratio_of_minima, goal }) = &self.live {
            let megabytes = answer_bytes / 1_000_000;
            rows.push(line(&format!("server: bare requests for {models} models, {megabytes} MB"), bare));
            rows.push(line("server: regen --check", regen));
            last = format!(
                "\nregen takes {ratio:.3} times as long as the bare requests by the medians, {ratio_of_minima:.3} by the minima \
                 (goal: below {goal})\n"
            );
        }
        let rounds = if self.rounds == 1 { "one round" } else { "min / median / max" };
        format!("{}: {rounds}\n\n{}{last}", self.target, table(&rows))
    }
}
