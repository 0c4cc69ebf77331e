//! `cargo xtask bench growth`: whether what takes a big Odoo longer takes it as much longer as it is bigger.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use odoo_codegen::{Model, Schema, pin};
use serde::Serialize;

use crate::Target;
use crate::machine::Machine;
use crate::measure::{self, Cargo, Cost};
use crate::plot::{Lines, Plot};
use crate::table::table;

/// Measures growth: decoding 1,000, 10,000 and 100,000 rows; regen and `cargo check` of pins of 100 to 5,000 models.
///
/// The pins are made of the pinned Odoo 19: some of its models, evenly taken, and for more than it has all of them again under
/// other names, with relations among themselves. Processor seconds, and the peak memory of the biggest process.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many models the pins have
    #[arg(long, value_name = "N", num_args = 1.., default_values_t = [100, 714, 1500, 3000, 5000])]
    models: Vec<usize>,
    /// Leave out decoding, for which the benchmark of `odoo-client` has to be compiled
    #[arg(long)]
    skip_decode: bool,
    /// Write figures/growth.json and plots of it
    #[arg(long)]
    save: bool,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
}

/// The name of all pins.
const NAME: &str = "growth";

const ROWS: [usize; 3] = [1000, 10_000, 100_000];

/// What is decoded, and how often for a figure.
const DECODED: [&str; 2] = ["Partner", "OrderLine"];
const TURNS: usize = 5;

#[derive(Serialize)]
struct Outcome {
    machine: Machine,
    pins: Vec<Pin>,
    rows: Vec<Rows>,
}

#[derive(Serialize)]
struct Pin {
    models: usize,
    fields: usize,
    /// From the pin alone, all files written.
    regen: Cost,
    /// Again, with nothing to write.
    regen_again: Cost,
    check: Cost,
}

#[derive(Serialize)]
struct Rows {
    data: &'static str,
    rows: usize,
    /// The least of some processes.
    milliseconds: f64,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let cargo = Cargo::new()?;
    measure::build_cargo_odoo()?;
    let whole = crate::regen::read_pin(&Target::load("odoo19")?)?;
    let mut pins = Vec::new();
    for &models in &args.models {
        eprintln!("{models} models");
        pins.push(measure(&cargo, &of_size(&whole, models))?);
    }
    let rows = if args.skip_decode { Vec::new() } else { decode()? };
    let outcome = Outcome { machine: Machine::this(), pins, rows };
    if args.save {
        crate::plot::save("growth", &outcome, &outcome.plots())?;
    }
    crate::show(&outcome, &outcome.markdown(), args.json)
}

/// A schema of so many models.
fn of_size(whole: &Schema, count: usize) -> Schema {
    let all = whole.models.len();
    let mut models = BTreeMap::new();
    for copy in 0..count.div_ceil(all) {
        let left = (count - copy * all).min(all);
        for (at, (name, model)) in whole.models.iter().enumerate() {
            // Evenly taken: the names are in the order of the alphabet, and apps are of different kinds.
            if (at + 1) * left / all > at * left / all {
                models.insert(renamed(name, copy), copied(model, copy));
            }
        }
    }
    Schema { series: whole.series.clone(), modules: whole.modules.clone(), models }
}

/// `sale.order` and `sale2.order`.
fn renamed(name: &str, copy: usize) -> String {
    if copy == 0 {
        return name.to_owned();
    }
    let (first, rest) = name.split_once('.').map_or((name, String::new()), |(first, rest)| (first, format!(".{rest}")));
    format!("{first}{}{rest}", copy + 1)
}

fn copied(model: &Model, copy: usize) -> Model {
    let mut model = model.clone();
    for relation in model.fields.values_mut().filter_map(|field| field.relation.as_mut()) {
        *relation = renamed(relation, copy);
    }
    model
}

fn measure(cargo: &Cargo, schema: &Schema) -> Result<Pin> {
    let models = schema.models.len();
    let generated: PathBuf = cargo.bench.join(NAME).join(models.to_string());
    let folder = generated.join(NAME);
    let mut files: BTreeMap<String, String> =
        pin::to_files(schema)?.into_iter().map(|(file, text)| (format!("schema/{file}"), text)).collect();
    files.insert("target.toml".to_owned(), format!("series = {:?}\n", schema.series));
    crate::replace(&folder, &files)?;
    let program = std::env::current_exe().context("cannot find this program")?.with_file_name("cargo-odoo");
    let regen = || {
        let mut command = vec![program.clone().into_os_string()];
        command.extend(["regen", NAME, "--offline", "--generated"].map(Into::into));
        command.push(generated.clone().into());
        Cargo::cost(&command, &crate::workspace())
    };
    let (first, again) = (regen()?, regen()?);
    // It is below this workspace and no member of it.
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    fs::write(&manifest, text + "\n[workspace]\n")?;
    fs::copy(crate::workspace().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let cargo_check = |features: &[&str]| cargo.measure(&folder, NAME, &[&["check"][..], features].concat());
    cargo_check(&[])?;
    cargo.measure(&folder, NAME, &["clean", "--package", NAME])?;
    let check = cargo_check(&["--features", "all"])?;
    let fields = schema.models.values().map(|model| model.fields.len()).sum();
    Ok(Pin { models, fields, regen: first, regen_again: again, check })
}

/// Each in a process of its own, by the benchmark of `odoo-client`.
fn decode() -> Result<Vec<Rows>> {
    let mut measured = Vec::new();
    for data in DECODED {
        for rows in ROWS {
            eprintln!("{rows} rows of {data}");
            let mut times = Vec::new();
            for _ in 0..TURNS {
                let mut cargo: Command = crate::cargo();
                cargo.args(["bench", "--quiet", "--package", "odoo-client", "--bench", "decode", "--"]);
                let output = cargo.args([data, "rows", &rows.to_string()]).output().context("cannot run cargo")?;
                if !output.status.success() {
                    bail!("decoding failed:\n{}", String::from_utf8_lossy(&output.stderr).trim());
                }
                let nanoseconds = String::from_utf8_lossy(&output.stdout).trim().parse::<f64>();
                times.push(nanoseconds.context("the benchmark says no number")? / 1e6);
            }
            let milliseconds = times.into_iter().fold(f64::INFINITY, f64::min);
            measured.push(Rows { data, rows, milliseconds });
        }
    }
    Ok(measured)
}

#[expect(clippy::cast_precision_loss, reason = "far below what a double holds")]
impl Outcome {
    fn markdown(&self) -> String {
        let cells = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
        let mut text = format!("{}.\n\n", self.machine);
        let mut rows = vec![cells(&[
            "models",
            "fields",
            "regen from the pin, s",
            "again, s",
            "`cargo check`, s",
            "MB",
            "check, ms a model",
        ])];
        rows.extend(self.pins.iter().map(|pin| {
            let Pin { models, fields, regen, regen_again, check } = pin;
            let each = check.cpu_seconds * 1e3 / *models as f64;
            let seconds = [regen, regen_again, check].map(|cost| format!("{:.2}", cost.cpu_seconds));
            let mut row = vec![models.to_string(), fields.to_string()];
            row.extend(seconds);
            row.extend([format!("{:.0}", check.peak_megabytes), format!("{each:.2}")]);
            row
        }));
        text += &table(&rows);
        if !self.rows.is_empty() {
            let mut rows = vec![cells(&["decoded", "rows", "ms", "µs a row"])];
            rows.extend(self.rows.iter().map(|Rows { data, rows, milliseconds }| {
                let each = milliseconds * 1e3 / *rows as f64;
                vec![(*data).to_owned(), rows.to_string(), format!("{milliseconds:.1}"), format!("{each:.2}")]
            }));
            text += &format!("\n{}", table(&rows));
        }
        text
    }

    fn plots(&self) -> Vec<(&'static str, Plot)> {
        let over = |of: fn(&Pin) -> f64| self.pins.iter().map(|pin| (pin.models as f64, of(pin))).collect::<Vec<_>>();
        let lines = vec![
            ("cargo check", over(|pin| pin.check.cpu_seconds)),
            ("regen from the pin", over(|pin| pin.regen.cpu_seconds)),
        ];
        let time = Lines { title: "Processor seconds by models".to_owned(), over: "models", lines };
        let lines = vec![("cargo check", over(|pin| pin.check.peak_megabytes))];
        let memory = Lines { title: "Megabytes by models".to_owned(), over: "models", lines };
        let mut plots = vec![("time", Plot::Lines(time)), ("memory", Plot::Lines(memory))];
        if !self.rows.is_empty() {
            let of = |data: &'static str| {
                let rows = self.rows.iter().filter(|rows| rows.data == data);
                (data, rows.map(|rows| (rows.rows as f64, rows.milliseconds)).collect())
            };
            let lines = DECODED.map(of).to_vec();
            let title = "Milliseconds to decode, by rows".to_owned();
            plots.push(("decode", Plot::Lines(Lines { title, over: "rows", lines })));
        }
        plots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_have_the_models_that_are_asked_for_and_copies_are_among_themselves() {
        let whole = crate::regen::read_pin(&Target::load("odoo19").unwrap()).unwrap();
        for count in [1, 100, 714, 743, 744, 1500] {
            assert_eq!(of_size(&whole, count).models.len(), count);
        }
        let order = &of_size(&whole, 1500).models["sale2.order"];
        assert_eq!(order.fields["partner_id"].relation.as_deref(), Some("res2.partner"));
    }
}
