//! The clients of the comparison, installed as their users do it, in a folder of what is built.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::measure::{Cargo, Cost};

/// One client.
#[derive(Clone, Serialize)]
pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) language: &'static str,
    pub(super) version: String,
    /// What runs it; a task follows.
    #[serde(skip)]
    pub(super) command: Vec<PathBuf>,
    /// Of a program that has no more than it, in Rust.
    pub(super) build: Option<Build>,
}

/// A clean release build, with all it depends on, and what comes of it.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Build {
    pub(super) cost: Cost,
    pub(super) megabytes: f64,
    pub(super) stripped_megabytes: Option<f64>,
}

/// The features of the package in Rust, and the package whose version is told.
const RUST: [(&str, &str); 6] = [
    ("odoo-client", "odoo-client"),
    ("serde", "serde_json"),
    ("value", "serde_json"),
    ("sonic-rs", "sonic-rs"),
    ("simd-json", "simd-json"),
    ("odoo-api", "odoo-api"),
];

/// How the clients in Rust are named.
fn shown(feature: &'static str) -> &'static str {
    match feature {
        "odoo-client" => "this repository",
        "serde" => "reqwest and serde",
        "value" => "reqwest and Value",
        "sonic-rs" => "reqwest and sonic-rs",
        "simd-json" => "reqwest and simd-json",
        other => other,
    }
}

/// Those that are wanted by name, or all. What cannot be installed is told, and left out.
pub(super) fn install(cargo: &Cargo, only: &[String], builds: bool) -> Result<Vec<Peer>> {
    let is_wanted = |name: &str| only.is_empty() || only.iter().any(|wanted| name.contains(wanted.as_str()));
    let mut peers = Vec::new();
    let here = crate::workspace().join("xtask/bench/peers");
    for (feature, package) in RUST.into_iter().filter(|(feature, _)| is_wanted(feature) || is_wanted(shown(feature))) {
        eprintln!("{}: building", shown(feature));
        peers.push(rust(cargo, &here, feature, package, builds)?);
    }
    let (python, node) = (["odoorpc", "odooly", "xmlrpc"], ["odoo-jsonrpc", "odoo-await"]);
    for (language, names) in [("Python", &python[..]), ("JavaScript", &node[..])] {
        let names = names.iter().copied().filter(|name| is_wanted(name)).collect::<Vec<_>>();
        if names.is_empty() {
            continue;
        }
        eprintln!("{}: installing", names.join(", "));
        let installed = if language == "Python" { in_python(cargo, &here) } else { in_node(cargo, &here) };
        match installed {
            Ok((command, version)) => {
                peers.extend(names.into_iter().map(|name| {
                    let command = command.iter().cloned().chain([name.into()]).collect();
                    Peer { name, language, version: version(name), command, build: None }
                }));
            }
            Err(error) => eprintln!("{language}: left out: {error:#}"),
        }
    }
    Ok(peers)
}

fn rust(cargo: &Cargo, here: &Path, feature: &'static str, package: &str, builds: bool) -> Result<Peer> {
    let folder = cargo.bench.join("peers/rust");
    let manifest = fs::read_to_string(here.join("rust/Cargo.toml"))?;
    let repository = crate::workspace();
    let repository = repository.to_str().context("the path of the repository is not UTF-8")?;
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest.replace("REPOSITORY", repository))?;
    for file in fs::read_dir(here.join("rust/src"))? {
        let file = file?;
        fs::copy(file.path(), folder.join("src").join(file.file_name()))?;
    }
    // Which versions there are is asked once, before anything is measured.
    run(crate::cargo().current_dir(&folder).args(["fetch", "--quiet"]))?;
    let target = format!("peer-{feature}");
    let built = cargo.bench.join("build").join(&target);
    if builds && built.exists() {
        fs::remove_dir_all(&built).with_context(|| format!("cannot remove {}", built.display()))?;
    }
    let cost = cargo.measure(&folder, &target, &["build", "--release", "--features", feature])?;
    let program = built.join("release/peers");
    let megabytes = |path: &Path| -> Result<f64> {
        #[expect(clippy::cast_precision_loss, reason = "far below what a double holds")]
        Ok(fs::metadata(path)?.len() as f64 / 1e6)
    };
    let build = if builds {
        let stripped = built.join("stripped");
        let strip = Command::new("strip").arg("-o").arg(&stripped).arg(&program).status();
        let stripped = strip.is_ok_and(|status| status.success()).then(|| megabytes(&stripped)).transpose()?;
        Some(Build { cost, megabytes: megabytes(&program)?, stripped_megabytes: stripped })
    } else {
        None
    };
    let lock = fs::read_to_string(folder.join("Cargo.lock"))?;
    let version =
        lock.split(&format!("name = \"{package}\"\nversion = \"")).nth(1).and_then(|text| text.split('"').next());
    let version = format!("{package} {}", version.unwrap_or("?"));
    Ok(Peer { name: shown(feature), language: "Rust", version, command: vec![program], build })
}

pub(super) type Installed = (Vec<PathBuf>, Box<dyn Fn(&str) -> String>);

pub(super) fn in_python(cargo: &Cargo, here: &Path) -> Result<Installed> {
    let folder = cargo.bench.join("peers/python");
    let python = folder.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let requirements = here.join("python/requirements.txt");
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements))?;
    let own = run(Command::new(&python).arg("--version"))?;
    let listed = fs::read_to_string(requirements)?;
    let version = move |name: &str| {
        let line = listed.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
        let line = line.map(|line| format!("{}, ", line.replace("==", " "))).unwrap_or_default();
        format!("{line}{}", own.trim())
    };
    Ok((vec![python, here.join("python/peers.py")], Box::new(version)))
}

fn in_node(cargo: &Cargo, here: &Path) -> Result<Installed> {
    let folder = cargo.bench.join("peers/node");
    fs::create_dir_all(&folder)?;
    for file in ["package.json", "peers.mjs"] {
        fs::copy(here.join("node").join(file), folder.join(file))?;
    }
    run(Command::new("npm").args(["install", "--silent", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    let own = run(Command::new("node").arg("--version"))?;
    let manifest: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("package.json"))?)?;
    let version = move |name: &str| {
        let packages = manifest["dependencies"].as_object().into_iter().flatten();
        let package = packages.filter(|(package, _)| package.ends_with(name));
        let package = package.map(|(package, version)| format!("{package} {}, ", version.as_str().unwrap_or_default()));
        format!("{}Node {}", package.collect::<String>(), own.trim())
    };
    Ok((vec!["node".into(), folder.join("peers.mjs")], Box::new(version)))
}

/// Runs it, and gives what it says.
pub(super) fn run(command: &mut Command) -> Result<String> {
    let doing = format!("{command:?}");
    let output = command.output().with_context(|| doing.clone())?;
    if !output.status.success() {
        bail!("{doing}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
