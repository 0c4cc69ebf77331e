//! `cargo xtask bench compile`: the generated crate beside the plain designs.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::measure::{Cargo, Cost};
use super::plain::{Counts, Design, Plain};
use super::table::{Spread, table};
use crate::Target;

/// Measures what a generated crate costs to compile, beside the same rows and enums with serde's derive.
///
/// The plain crates are made of the generated one, so all have the same rows, fields, enums, docs and features. The lean one
/// can be read and no more (ours are shown, copied, compared, filtered and written as well); the usual one derives what comes
/// to mind. Measured are processor seconds (all processes, user and system) and the peak memory of the biggest process;
/// incremental compilation is off, dependencies are built beforehand, and only the crate in question is compiled.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench compile                    odoo19, once
  cargo xtask bench compile odoo14 --runs 3
  cargo xtask bench compile --skip-derive      the generated crate alone, which takes seconds

The plain crates of a large pin take minutes and gigabytes.")]
pub(crate) struct Args {
    /// A folder of generated/
    #[arg(default_value = "odoo19")]
    target: String,
    /// How often each is compiled, in turns
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Leave out the plain designs, and with them the ratios
    #[arg(long)]
    skip_derive: bool,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
}

/// The features of a user who needs a few apps.
pub(crate) const FEW: [&str; 3] = ["account", "res", "sale"];

#[derive(Serialize)]
struct Outcome {
    target: String,
    runs: u32,
    counts: Counts,
    measured: Vec<Measured>,
    ratios: Vec<Ratio>,
}

#[derive(Serialize)]
struct Measured {
    what: &'static str,
    cpu_seconds: Spread,
    wall_seconds: Spread,
    peak_megabytes: Spread,
    runs: Vec<Cost>,
}

/// How much of what a plain design takes the generated crate does: medians.
#[derive(Serialize)]
struct Ratio {
    what: &'static str,
    beside: &'static str,
    of: &'static str,
    ratio: f64,
    goal: f64,
}

const CHECK: &str = "check, generated";
const SERDE: &str = "check, generated, with feature serde";
const LEAN: &str = "check, lean derive";
const USUAL: &str = "check, usual derive";
const CHECK_FEW: &str = "check, generated, three features";
const LEAN_FEW: &str = "check, lean derive, three features";
const BUILD: &str = "dev build, generated";

pub(crate) fn run(args: &Args) -> Result<()> {
    let target = Target::load(&args.target)?;
    let name = target.name.as_str();
    let cargo = Cargo::new()?;
    eprintln!("{name}: making the plain crates of the generated one");
    let lean = Plain::of(&target.folder, name, Design::Lean)?;
    let counts = lean.counts;
    let pinned = pinned_models(&target)?;
    if pinned != counts.rows {
        bail!(
            "{name} has {} rows, but its pin {pinned} models: run `cargo xtask regen {name} --offline` first",
            counts.rows
        );
    }
    let lean = Crate::plain(&cargo, name, Design::Lean, lean)?;
    let usual = Crate::plain(&cargo, name, Design::Usual, Plain::of(&target.folder, name, Design::Usual)?)?;
    let generated = Crate {
        folder: crate::workspace(),
        build: "generated".to_owned(),
        package: name.to_owned(),
        features: "all".to_owned(),
        of_client: "",
    };
    let serde = Crate { build: "generated-serde".to_owned(), of_client: "odoo-client/serde", ..generated.clone() };
    let few: Vec<_> = FEW.into_iter().filter(|feature| target.folder.join("src").join(feature).is_dir()).collect();
    let few = |of: &Crate| Crate { features: few.join(","), ..of.clone() };
    let (generated_few, lean_few) = (few(&generated), few(&lean));

    let measured: Vec<(&'static str, &Crate, &'static str)> = [
        (CHECK, &generated, "check"),
        (SERDE, &serde, "check"),
        (LEAN, &lean, "check"),
        (USUAL, &usual, "check"),
        (CHECK_FEW, &generated_few, "check"),
        (LEAN_FEW, &lean_few, "check"),
        (BUILD, &generated, "build"),
    ]
    .into_iter()
    .filter(|(what, ..)| !args.skip_derive || ![LEAN, USUAL, LEAN_FEW].contains(what))
    .collect();
    eprintln!("building the dependencies");
    for (_, krate, command) in &measured {
        // Without features the crates are nearly empty, but all of what they depend on is built.
        krate.measure(&cargo, command, "")?;
    }

    let mut costs: BTreeMap<&'static str, Vec<Cost>> = BTreeMap::new();
    for run in 1..=args.runs {
        for (what, krate, command) in &measured {
            let cost = krate.measure_anew(&cargo, command)?;
            eprintln!(
                "run {run} of {}: {}: {:.2} s of processor time, {:.2} s, {:.0} MB",
                args.runs, what, cost.cpu_seconds, cost.wall_seconds, cost.peak_megabytes
            );
            costs.entry(what).or_default().push(cost);
        }
    }
    let measured: Vec<_> =
        measured.iter().filter_map(|(what, ..)| Some(Measured::new(what, costs.remove(what)?))).collect();
    let ratios = ratios(&measured);
    let outcome = Outcome { target: target.name, runs: args.runs, counts, measured, ratios };
    crate::show(&outcome, &outcome.show(), args.json)
}

fn pinned_models(target: &Target) -> Result<usize> {
    let folder = target.folder.join("schema/models");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    Ok(entries.flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "json")).count())
}

/// What is compiled: a package, with features.
#[derive(Clone)]
struct Crate {
    folder: PathBuf,
    /// The name of its target directory.
    build: String,
    package: String,
    features: String,
    /// A feature of a dependency, which is on when that is built beforehand as well.
    of_client: &'static str,
}

impl Crate {
    /// One that is no member of the workspace, with the workspace's versions of its dependencies.
    fn plain(cargo: &Cargo, target: &str, design: Design, plain: Plain) -> Result<Self> {
        let package = design.package(target);
        let folder = cargo.bench.join(&package);
        let lock = crate::workspace().join("Cargo.lock");
        let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        let mut files = plain.files;
        files.insert("Cargo.lock".to_owned(), lock);
        super::replace(&folder, &files)?;
        Ok(Self { folder, build: package.clone(), package, features: "all".to_owned(), of_client: "" })
    }

    /// Compiles only the package in question.
    fn measure_anew(&self, cargo: &Cargo, command: &str) -> Result<Cost> {
        cargo.measure(&self.folder, &self.build, &["clean", "--package", &self.package])?;
        self.measure(cargo, command, &self.features)
    }

    fn measure(&self, cargo: &Cargo, command: &str, features: &str) -> Result<Cost> {
        let features = [features, self.of_client].into_iter().filter(|features| !features.is_empty());
        let features = features.flat_map(|features| ["--features", features]).collect::<Vec<_>>();
        cargo.measure(&self.folder, &self.build, &[&[command, "--package", &self.package][..], &features].concat())
    }
}

impl Measured {
    fn new(what: &'static str, runs: Vec<Cost>) -> Self {
        let spread = |of: fn(&Cost) -> f64| Spread::of(runs.iter().map(of));
        Self {
            what,
            cpu_seconds: spread(|cost| cost.cpu_seconds),
            wall_seconds: spread(|cost| cost.wall_seconds),
            peak_megabytes: spread(|cost| cost.peak_megabytes),
            runs,
        }
    }
}

fn ratios(measured: &[Measured]) -> Vec<Ratio> {
    let find = |what: &str| measured.iter().find(|measured| measured.what == what);
    let cpu: fn(&Measured) -> f64 = |measured| measured.cpu_seconds.median;
    let memory: fn(&Measured) -> f64 = |measured| measured.peak_megabytes.median;
    [
        (CHECK, LEAN, "processor time", cpu, 6.0),
        (CHECK, LEAN, "memory", memory, 3.5),
        (CHECK_FEW, LEAN_FEW, "processor time", cpu, 8.0),
        (CHECK, USUAL, "processor time", cpu, 10.0),
        (CHECK, USUAL, "memory", memory, 4.0),
    ]
    .into_iter()
    .filter_map(|(what, beside, of, figure, goal)| {
        Some(Ratio { what, beside, of, ratio: figure(find(what)?) / figure(find(beside)?), goal: 1.0 / goal })
    })
    .collect()
}

impl Outcome {
    fn show(&self) -> String {
        let Counts { rows, fields, enums, values } = self.counts;
        let cells = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let mut costs = vec![cells(["", "processor s", "wall s", "peak MB"])];
        costs.extend(self.measured.iter().map(|measured| {
            let Measured { what, cpu_seconds, wall_seconds, peak_megabytes, .. } = measured;
            vec![(*what).to_owned(), cpu_seconds.show(2), wall_seconds.show(2), peak_megabytes.show(0)]
        }));
        let runs =
            if self.runs == 1 { "one run".to_owned() } else { format!("{} runs: min / median / max", self.runs) };
        let mut text = format!(
            "{}: {rows} rows of {fields} fields, {enums} enums of {values} values; the three features are {}; {runs}\n\n{}",
            self.target,
            FEW.join(", "),
            table(&costs)
        );
        if !self.ratios.is_empty() {
            let mut lines = vec![cells(["", "of its", "measured", "goal"])];
            lines.extend(self.ratios.iter().map(|ratio| {
                let Ratio { what, beside, of, ratio, goal } = ratio;
                vec![
                    format!("{what} / {beside}"),
                    (*of).to_owned(),
                    format!("1/{:.1}", 1.0 / ratio),
                    format!("1/{:.1}", 1.0 / goal),
                ]
            }));
            text += &format!("\n{}", table(&lines));
        }
        text
    }
}
