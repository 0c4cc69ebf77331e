//! `cargo xtask bench editor`: what rust-analyzer takes for a program with the generated crate, and with the plain designs.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::Target;
use crate::compile::FEW;
use crate::machine::Machine;
use crate::measure::{Cargo, Cost};
use crate::plain::{Design, Plain};
use crate::table::table;

/// Measures what rust-analyzer takes to look at all of a program: processor seconds and peak memory.
///
/// The program makes one call with `odoo-client`; beside it is nothing, or the models of three apps or of all, as they are
/// generated or in one of the plain designs (`cargo xtask bench compile` says what these are). So each figure has what
/// `odoo-client` takes in it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench editor
  cargo xtask bench editor odoo14 --program /opt/rust-analyzer

`cargo install ra_ap_rust-analyzer` installs it from the registry; rustup has it as well.")]
pub(crate) struct Args {
    /// A folder of generated/
    #[arg(default_value = "odoo19")]
    target: String,
    /// The rust-analyzer to measure
    #[arg(long, value_name = "FILE", default_value = "rust-analyzer")]
    program: PathBuf,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Outcome {
    machine: Machine,
    measured: Vec<Measured>,
}

#[derive(Serialize)]
struct Measured {
    models: &'static str,
    cost: Cost,
}

/// A crate of models.
struct Models {
    package: String,
    folder: PathBuf,
}

/// A program that needs no models.
const MAIN: &str = r#"use odoo_client::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), odoo_client::Error> {
    let odoo = Client::from_env().await?;
    println!("{}", odoo.model("res.partner").call("search_count").arg("domain", [("id", ">", 1)]).send::<i64>().await?);
    Ok(())
}
"#;

pub(crate) fn run(args: &Args) -> Result<()> {
    let target = Target::load(&args.target)?;
    let cargo = Cargo::new()?;
    let folder = cargo.bench.join("editor");
    let plain = |design: Design| -> Result<Models> {
        let package = design.package(&target.name);
        let folder = folder.join(&package);
        crate::replace(&folder, &Plain::of(&target.folder, &target.name, design)?.files)?;
        Ok(Models { package, folder })
    };
    let generated = Models { package: target.name.clone(), folder: target.folder.clone() };
    let (lean, usual) = (plain(Design::Lean)?, plain(Design::Usual)?);
    let few = FEW.as_slice();
    let cases: [(&'static str, Option<&Models>, &[&str]); 7] = [
        ("none", None, &[]),
        ("three features", Some(&generated), few),
        ("three features, lean design", Some(&lean), few),
        ("three features, usual design", Some(&usual), few),
        ("all", Some(&generated), &["all"]),
        ("all, lean design", Some(&lean), &["all"]),
        ("all, usual design", Some(&usual), &["all"]),
    ];

    let look = |models: Option<&Models>, features: &[&str]| {
        let program = folder.join("program");
        crate::replace(&program, &files(models, features)?)?;
        fs::copy(crate::workspace().join("Cargo.lock"), program.join("Cargo.lock"))?;
        let command = [args.program.as_os_str(), "analysis-stats".as_ref(), ".".as_ref()];
        Cargo::cost(&command.map(OsString::from), &program)
    };
    eprintln!("building what the programs run while they are compiled");
    look(None, &[])?;
    let mut measured = Vec::new();
    for (models, package, features) in cases {
        let cost = look(package, features)?;
        eprintln!("models: {models}: {:.1} s of processor time, {:.0} MB", cost.cpu_seconds, cost.peak_megabytes);
        measured.push(Measured { models, cost });
    }
    let mut rows = vec![["models", "processor s", "peak MB"].map(str::to_owned).to_vec()];
    rows.extend(measured.iter().map(|Measured { models, cost }| {
        vec![(*models).to_owned(), format!("{:.1}", cost.cpu_seconds), format!("{:.0}", cost.peak_megabytes)]
    }));
    let outcome = Outcome { machine: Machine::this(), measured };
    let text = format!("{}.\n\n{}", outcome.machine, table(&rows));
    crate::show(&outcome, &text, args.json)
}

/// A program with this crate of models, whose build folder is beside its own.
fn files(models: Option<&Models>, features: &[&str]) -> Result<BTreeMap<String, String>> {
    let dependency = |path: &Path, features: &[&str]| {
        let path = path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?;
        Ok::<_, anyhow::Error>(format!("{{ path = {path:?}, features = {features:?} }}"))
    };
    let client = dependency(&crate::workspace().join("client-core"), &[])?;
    let models = match models {
        Some(Models { package, folder }) => format!("{package} = {}\n", dependency(folder, features)?),
        None => String::new(),
    };
    let manifest = format!(
        "[package]\nname = \"program\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{models}\
         odoo-client = {client}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
    );
    let config = "[build]\ntarget-dir = \"../build\"\n\n[net]\noffline = true\n";
    let files = [("Cargo.toml", manifest.as_str()), (".cargo/config.toml", config), ("src/main.rs", MAIN)];
    Ok(files.map(|(file, text)| (file.to_owned(), text.to_owned())).into())
}
