//! `cargo xtask bench peers`: this repository beside other clients of Odoo, on one server and the same data.

mod install;
mod show;
pub(crate) mod stub;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use self::install::{Peer, install, run as output};
use crate::machine::Machine;
use crate::measure::Cargo;
use crate::table::Spread;

/// Puts this repository beside other clients of Odoo: the same data from the same server, each task in a process of its own.
///
/// Installs them from their registries into the folder of what is built: packages of Python (with pip, into an environment of its
/// own), of JavaScript (npm) and of Rust. The server is a stub on this machine, which sends what a real Odoo 19 sent; with
/// ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD in the environment also that one. Measured is what the client's process uses,
/// from after the login and one small call to the end of the task.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench peers                          all, as Markdown
  cargo xtask bench peers --builds --save          also clean builds of those in Rust; writes JSON and plots to xtask/bench/figures
  cargo xtask bench peers --only serde --only odoorpc --rounds 3")]
pub(crate) struct Args {
    /// Only clients with this in their name
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// How often each task is done
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Measure clean release builds of those in Rust, which takes minutes
    #[arg(long)]
    builds: bool,
    /// Leave out the real server, whatever the environment says
    #[arg(long)]
    offline: bool,
    /// Write figures/peers.json and plots of it
    #[arg(long)]
    save: bool,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
}

/// What is done: once in a process, by so many workers at a time.
#[derive(Clone, Copy, Serialize)]
struct Task {
    name: &'static str,
    what: &'static str,
    count: usize,
    workers: usize,
    /// Against the stub alone.
    stub_only: bool,
}

const TASKS: [Task; 6] = [
    Task { name: "fetch", what: "10,000 partners of 30 fields at once", count: 10_000, workers: 1, stub_only: false },
    Task { name: "small", what: "small calls, one after another", count: 2000, workers: 1, stub_only: false },
    Task { name: "small", what: "small calls, 16 at a time", count: 2000, workers: 16, stub_only: false },
    Task { name: "small", what: "small calls, 64 at a time", count: 2000, workers: 64, stub_only: false },
    Task { name: "stream", what: "100,000 partners in pages", count: stub::PARTNERS, workers: 1, stub_only: true },
    Task { name: "fields", what: "the fields of all models, 4 at a time", count: 0, workers: 4, stub_only: false },
];

/// What a task took, as the client's process says.
#[derive(Deserialize)]
struct Run {
    count: usize,
    cpu_ms: f64,
    wall_ms: f64,
    before_mb: f64,
    peak_mb: f64,
}

#[derive(Serialize)]
struct Measured {
    peer: &'static str,
    server: &'static str,
    task: Task,
    /// Records, calls or models.
    done: usize,
    cpu_ms: Spread,
    wall_ms: Spread,
    /// Of the whole process.
    peak_mb: Spread,
    /// How much of that came with the task.
    more_mb: Spread,
}

#[derive(Serialize)]
struct Outcome {
    machine: Machine,
    rounds: u32,
    peers: Vec<Peer>,
    measured: Vec<Measured>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let cargo = Cargo::new()?;
    let peers = install(&cargo, &args.only, args.builds)?;
    let target = crate::Target::load("odoo19")?;
    let models = cargo.bench.join("peers/models.txt");
    let names: Vec<_> = crate::pinned_models(&target)?.into_iter().map(|(name, _)| name).collect();
    std::fs::write(&models, names.join("\n"))?;

    let stub = Stub::start()?;
    let mut servers = vec![("stub", Some(stub.url.clone()))];
    if std::env::var_os("ODOO_URL").is_some() && !args.offline {
        servers.push(("real server", None));
    }
    let mut measured = Vec::new();
    for (server, url) in servers {
        for mut task in TASKS.into_iter().filter(|task| server == "stub" || !task.stub_only) {
            // A real server takes longer for a call than all clients.
            if server != "stub" && task.name == "small" {
                task.count /= 10;
            }
            measured.extend(measure(&peers, server, url.as_deref(), task, &models, args.rounds));
        }
    }
    let outcome = Outcome { machine: Machine::this(), rounds: args.rounds, peers, measured };
    if args.save {
        crate::plot::save("peers", &outcome, &outcome.plots())?;
    }
    crate::show(&outcome, &outcome.markdown(), args.json)
}

/// What reads all models with OdooRPC, four at a time, in the way of the others: seconds by the clock.
pub(crate) struct OdooRpc(Peer, PathBuf);

impl OdooRpc {
    pub(crate) fn install(cargo: &Cargo, models: &[String]) -> Result<Self> {
        let peers = install(cargo, &["odoorpc".to_owned()], false)?;
        let names = cargo.bench.join("peers/models.txt");
        std::fs::write(&names, models.join("\n"))?;
        Ok(Self(peers.into_iter().next().context("OdooRPC cannot be installed")?, names))
    }

    pub(crate) fn read(&self, attributes: &[&str]) -> Result<f64> {
        let [.., fields] = TASKS;
        Ok(once(&self.0, None, fields, &self.1, attributes)?.wall_ms / 1e3)
    }
}

/// Does a task with each client in turns. What a client cannot do is told, and left out.
fn measure(
    peers: &[Peer],
    server: &'static str,
    url: Option<&str>,
    task: Task,
    models: &PathBuf,
    rounds: u32,
) -> Vec<Measured> {
    let mut runs: Vec<Vec<Run>> = peers.iter().map(|_| Vec::new()).collect();
    for round in 1..=rounds {
        for (peer, runs) in peers.iter().zip(&mut runs) {
            eprintln!("{server}: {}: round {round} of {rounds}: {}", task.what, peer.name);
            match once(peer, url, task, models, &[]) {
                Ok(run) => runs.push(run),
                Err(error) => eprintln!("left out: {error:#}"),
            }
        }
    }
    let measured = peers.iter().zip(runs).filter_map(|(peer, runs)| {
        let spread = |of: fn(&Run) -> f64| Spread::of(runs.iter().map(of));
        Some(Measured {
            peer: peer.name,
            server,
            task,
            done: runs.first()?.count,
            cpu_ms: spread(|run| run.cpu_ms),
            wall_ms: spread(|run| run.wall_ms),
            peak_mb: spread(|run| run.peak_mb),
            more_mb: spread(|run| run.peak_mb - run.before_mb),
        })
    });
    measured.collect()
}

fn once(peer: &Peer, url: Option<&str>, task: Task, models: &PathBuf, attributes: &[&str]) -> Result<Run> {
    let (program, arguments) = peer.command.split_first().context("no command")?;
    let mut command = Command::new(program);
    command.args(arguments).arg(task.name).args([task.count, task.workers].map(|number| number.to_string()));
    // All but `id`, which every client gets unasked.
    command.env("PEER_FIELDS", stub::FIELDS.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    command.env("PEER_MODELS", models).env("NO_PROXY", "127.0.0.1");
    if !attributes.is_empty() {
        command.env("PEER_ATTRIBUTES", attributes.join(" "));
    }
    if let Some(url) = url {
        command.env("ODOO_URL", url).env("ODOO_DB", "apps").env("ODOO_USER", "admin").env("ODOO_PASSWORD", "admin");
    }
    let said = output(&mut command)?;
    serde_json::from_str(&said).with_context(|| format!("{}: {said}", peer.name))
}

/// The stub, which ends with this process.
struct Stub {
    process: Child,
    url: String,
}

impl Stub {
    fn start() -> Result<Self> {
        let this = std::env::current_exe().context("cannot find this program")?;
        let mut process = Command::new(this).arg("stub").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        BufReader::new(process.stdout.take().context("the stub has no output")?).read_line(&mut url)?;
        Ok(Self { process, url: url.trim().to_owned() })
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
