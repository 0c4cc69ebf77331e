//! `cargo xtask bench compile`: the generated crate beside the plain design.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::measure::{Cargo, Cost};
use super::plain::{Counts, Plain};
use super::table::{Spread, table};
use crate::Target;

/// Measures what a generated crate costs to compile, beside the same rows and enums with serde's derive.
///
/// The plain crate is made of the generated one, so both have the same rows, fields, enums, docs and features. Measured
/// are processor seconds (all processes, user and system) and the peak memory of the biggest process; incremental
/// compilation is off, dependencies are built beforehand, and only the crate in question is compiled.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench compile                    odoo19, once
  cargo xtask bench compile odoo14 --runs 3
  cargo xtask bench compile --skip-derive      the generated crate alone, which takes seconds

The plain crate of a large pin takes minutes and gigabytes.")]
pub(crate) struct Args {
    /// A folder of generated/
    #[arg(default_value = "odoo19")]
    target: String,
    /// How often each is compiled, in turns
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Leave out the plain design, and with it the ratios
    #[arg(long)]
    skip_derive: bool,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
}

/// The features of the user's crate, each with a module that may have a whole row to read.
const USED: [(&str, &str, &str); 3] =
    [("account", "move_", "Move"), ("res", "partner", "Partner"), ("sale", "order", "Order")];

#[derive(Serialize)]
struct Outcome {
    target: String,
    runs: u32,
    counts: Counts,
    user_features: Vec<&'static str>,
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

/// How much of the plain design's check something takes: medians. A user's crate beyond what it takes without models.
#[derive(Serialize)]
struct Ratio {
    what: &'static str,
    of: &'static str,
    ratio: f64,
    goal: f64,
}

const CHECK: &str = "a  check, generated";
const SERDE: &str = "a  check, generated, with feature serde";
const DERIVE: &str = "a  check, derive";
const BUILD: &str = "b  dev build, generated";
const USER: &str = "c  dev build, generated and a user's crate";
const BARE: &str = "d  dev build, a user's crate without models";

pub(crate) fn run(args: &Args) -> Result<()> {
    let target = Target::load(&args.target)?;
    let name = target.name.as_str();
    let cargo = Cargo::new()?;
    eprintln!("{name}: making the plain crate of the generated one");
    let plain = Plain::of(&target.folder, name)?;
    let pinned = pinned_models(&target)?;
    if pinned != plain.counts.rows {
        bail!(
            "{name} has {} rows, but its pin {pinned} models: run `cargo xtask regen {name} --offline` first",
            plain.counts.rows
        );
    }
    let derive = Crate::derive(&cargo, name, &plain)?;
    let generated = Crate {
        folder: crate::workspace(),
        build: "generated".to_owned(),
        packages: vec![name.to_owned()],
        features: "all".to_owned(),
        of_client: "",
    };
    let serde = Crate { build: "generated-serde".to_owned(), of_client: "odoo-client/serde", ..generated.clone() };
    let (user, user_features) = Crate::user(&cargo, &target)?;
    let bare = Crate::bare(&cargo, &user)?;

    eprintln!("building the dependencies");
    // Without features the generated and the plain crate are nearly empty, but all of what they depend on is built.
    let wanted = |krate: &Crate, command| krate.measure(&cargo, command, "").map(drop);
    wanted(&generated, "check")?;
    wanted(&serde, "check")?;
    wanted(&generated, "build")?;
    wanted(&user, "build")?;
    wanted(&bare, "build")?;
    if !args.skip_derive {
        wanted(&derive, "check")?;
    }

    let mut costs: BTreeMap<&'static str, Vec<Cost>> = BTreeMap::new();
    for run in 1..=args.runs {
        for (what, krate, command) in [
            (CHECK, &generated, "check"),
            (SERDE, &serde, "check"),
            (DERIVE, &derive, "check"),
            (BUILD, &generated, "build"),
            (USER, &user, "build"),
            (BARE, &bare, "build"),
        ] {
            if what == DERIVE && args.skip_derive {
                continue;
            }
            let cost = krate.measure_anew(&cargo, command)?;
            eprintln!(
                "run {run} of {}: {}: {:.2} s of processor time, {:.2} s, {:.0} MB",
                args.runs, what, cost.cpu_seconds, cost.wall_seconds, cost.peak_megabytes
            );
            costs.entry(what).or_default().push(cost);
        }
    }
    let measured = [CHECK, SERDE, DERIVE, BUILD, USER, BARE]
        .into_iter()
        .filter_map(|what| Some(Measured::new(what, costs.remove(what)?)));
    let measured: Vec<_> = measured.collect();
    let ratios = ratios(&measured);
    let outcome =
        Outcome { target: target.name, runs: args.runs, counts: plain.counts, user_features, measured, ratios };
    crate::show(&outcome, &outcome.show(), args.json)
}

fn pinned_models(target: &Target) -> Result<usize> {
    let folder = target.folder.join("schema/models");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    Ok(entries.flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "json")).count())
}

/// What is compiled: packages of a workspace, with features.
#[derive(Clone)]
struct Crate {
    folder: PathBuf,
    /// The name of its target directory.
    build: String,
    /// The packages that a measurement compiles; the first is the one that cargo is told to.
    packages: Vec<String>,
    features: String,
    /// A feature of a dependency, which is on when that is built beforehand as well.
    of_client: &'static str,
}

impl Crate {
    fn derive(cargo: &Cargo, target: &str, plain: &Plain) -> Result<Self> {
        let package = format!("derive-{target}");
        let folder = cargo.bench.join(&package);
        make(&folder, plain.files.clone())?;
        Ok(Self { folder, build: package.clone(), packages: vec![package], features: "all".to_owned(), of_client: "" })
    }

    /// The crate of a user who reads whole rows of three models, with the features that the target has for it.
    fn user(cargo: &Cargo, target: &Target) -> Result<(Self, Vec<&'static str>)> {
        let name = &target.name;
        let has = |feature: &str, file: &str| target.folder.join(format!("src/{feature}/{file}.rs")).is_file();
        let used: Vec<_> = USED.into_iter().filter(|(feature, file, _)| has(feature, file)).collect();
        if used.is_empty() {
            bail!("{name} has none of the models that the user's crate reads: account.move, res.partner, sale.order");
        }
        let features: Vec<_> = used.iter().map(|(feature, ..)| *feature).collect();
        let module = name.replace('-', "_");
        let reads: String = used
            .iter()
            .map(|(feature, file, marker)| {
                let path = format!("{module}::{feature}");
                format!(
                    "    let query = odoo.query::<{path}::{file}::Row>().filter({path}::{marker}::NAME.is_set());\n    \
                     let rows = query.fetch_all().await?;\n    \
                     println!(\"{{rows:#?}}\");\n"
                )
            })
            .collect();
        let needs = format!("{name} = {{ path = {:?}, features = {features:?} }}\n", target.folder);
        let mut user = Self::using(cargo, &format!("user-of-{name}"), &needs, &reads)?;
        user.packages.push(name.clone());
        Ok((user, features))
    }

    /// The same crate of a user who reads no model: what compiling and linking it costs with any models or none.
    fn bare(cargo: &Cargo, user: &Self) -> Result<Self> {
        let bare = Self::using(cargo, "user-of-none", "", "    println!(\"{odoo:#?}\");\n")?;
        // With the dependencies of the other.
        Ok(Self { build: user.build.clone(), ..bare })
    }

    fn using(cargo: &Cargo, package: &str, needs: &str, body: &str) -> Result<Self> {
        let main = format!(
            "use odoo_client::{{Client, Error}};\n\n#[tokio::main]\nasync fn main() -> Result<(), Error> {{\n    \
             let odoo = Client::from_env().await?;\n{body}    Ok(())\n}}\n"
        );
        let client = crate::workspace().join("client-core");
        let manifest = format!(
            r#"[package]
name = "{package}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
{needs}odoo-client = {{ path = {client:?} }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt-multi-thread"] }}

[workspace]
"#
        );
        let folder = cargo.bench.join(package);
        let files = [("Cargo.toml", manifest), ("src/main.rs", main)];
        make(&folder, files.into_iter().map(|(file, text)| (file.to_owned(), text)).collect())?;
        let packages = vec![package.to_owned()];
        Ok(Self { folder, build: package.to_owned(), packages, features: String::new(), of_client: "" })
    }

    /// Compiles only the packages in question.
    fn measure_anew(&self, cargo: &Cargo, command: &str) -> Result<Cost> {
        let mut clean = vec!["clean"];
        clean.extend(self.packages.iter().flat_map(|package| ["--package", package]));
        cargo.measure(&self.folder, &self.build, &clean)?;
        self.measure(cargo, command, &self.features)
    }

    fn measure(&self, cargo: &Cargo, command: &str, features: &str) -> Result<Cost> {
        let package = self.packages.first().map_or("", String::as_str);
        // The user's crate has none: it asks for those of the generated one.
        let features = [features, self.of_client].into_iter().filter(|features| !features.is_empty());
        let features = features.flat_map(|features| ["--features", features]).collect::<Vec<_>>();
        cargo.measure(&self.folder, &self.build, &[&[command, "--package", package][..], &features].concat())
    }
}

/// Writes a crate that is no member of the workspace, with the workspace's versions of its dependencies.
fn make(folder: &Path, mut files: BTreeMap<String, String>) -> Result<()> {
    let lock = crate::workspace().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    files.insert("Cargo.lock".to_owned(), lock);
    super::replace(folder, &files)
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
    let Some(derive) = find(DERIVE) else { return Vec::new() };
    let bare = find(BARE).map_or(0.0, |bare| bare.cpu_seconds.median);
    let cpu: fn(&Measured) -> f64 = |measured| measured.cpu_seconds.median;
    let memory: fn(&Measured) -> f64 = |measured| measured.peak_megabytes.median;
    [
        (CHECK, "processor time", cpu, 10.0),
        (CHECK, "memory", memory, 4.0),
        (BUILD, "processor time", cpu, 8.0),
        (USER, "processor time, less d", cpu, 40.0),
    ]
    .into_iter()
    .filter_map(|(what, of, figure, goal)| {
        // What a user's crate costs without any models is no cost of models.
        let beyond = if what == USER { bare } else { 0.0 };
        Some(Ratio { what, of, ratio: (figure(find(what)?) - beyond) / figure(derive), goal: 1.0 / goal })
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
            "{}: {rows} rows of {fields} fields, {enums} enums of {values} values; the user's crate has the features {}; \
             {runs}\n\n{}",
            self.target,
            self.user_features.join(", "),
            table(&costs)
        );
        if !self.ratios.is_empty() {
            let mut lines = vec![cells(["compared with derive's check", "of its", "measured", "goal"])];
            lines.extend(self.ratios.iter().map(|ratio| {
                let Ratio { what, of, ratio, goal } = ratio;
                vec![
                    (*what).to_owned(),
                    (*of).to_owned(),
                    format!("1/{:.1}", 1.0 / ratio),
                    format!("1/{:.0}", 1.0 / goal),
                ]
            }));
            text += &format!("\n{}", table(&lines));
        }
        text
    }
}
