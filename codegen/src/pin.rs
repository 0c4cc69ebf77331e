//! The pin: the files under `generated/<target>/schema/` that hold a [`Schema`].
//!
//! One JSON file a model, and `pin.json` for what is of no model. Sorted, without times, database ids or names of people: the
//! same Odoo gives the same bytes on every machine. Nothing in it follows from the rest of it, so that two branches that pinned
//! different models merge: which models there are is told by the files, and a hash or a count of all would always differ.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::schema::{Model, Schema};
use crate::{Error, names};
use odoo_visible::visible;

/// The version of the pin's form. A generator refuses a pin of a form it does not know rather than misread it. Older ones are
/// read, and written anew in this form.
///
/// - 1: models and fields, and in `pin.json` a list of the models and a hash.
/// - 2: methods, and which required fields have defaults.
/// - 3: another hash.
/// - 4: neither list nor hash.
pub const FORMAT: u32 = 4;

/// The oldest form that is still read.
const OLDEST: u32 = 1;

/// The last form in which `pin.json` lists the models: a file of any other is none of the pin.
const LAST_WITH_LIST: u32 = 3;

/// The name of the file for what is of no model.
pub const PIN_FILE: &str = "pin.json";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    format: u32,
    series: String,
    modules: Option<BTreeMap<String, String>>,
    #[serde(default, skip_serializing)]
    models: Option<Vec<String>>,
    #[serde(default, skip_serializing, rename = "hash")]
    _hash: Option<IgnoredAny>,
}

/// The file of a model, relative to the schema folder.
pub fn model_file(model: &str) -> String {
    format!("models/{model}.json")
}

/// The model that a file of the schema folder is of, if it is of one.
fn model_of(file: &str) -> Option<&str> {
    file.strip_prefix("models/")?.strip_suffix(".json")
}

/// The files of a pin, by their path below the schema folder.
///
/// # Errors
///
/// Only if a value could not be written as JSON, which no schema read from a server or a pin can cause.
pub fn to_files(schema: &Schema) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    for (name, model) in &schema.models {
        files.insert(model_file(name), pretty(name, model)?);
    }
    let (series, modules) = (schema.series.clone(), schema.modules.clone());
    let pin = Pin { format: FORMAT, series, modules, models: None, _hash: None };
    files.insert(PIN_FILE.to_owned(), pretty(PIN_FILE, &pin)?);
    Ok(files)
}

/// Reads a pin back from its files, by their path below the schema folder.
///
/// # Errors
///
/// When a file is missing or not of this form, or has a conflict of git in it that nobody has put right.
pub fn from_files(files: &BTreeMap<String, String>) -> Result<Schema, Error> {
    let pin = read_pin(files.get(PIN_FILE).ok_or_else(|| missing(PIN_FILE))?)?;
    let names = match pin.models {
        Some(names) if pin.format <= LAST_WITH_LIST => names,
        _ => files.keys().filter_map(|file| model_of(file)).map(str::to_owned).collect(),
    };
    let mut models = BTreeMap::new();
    for name in names {
        if !names::is_model_name(&name) {
            return Err(Error::ModelName { name });
        }
        let file = model_file(&name);
        let model: Model = parse(&file, files.get(&file).ok_or_else(|| missing(&file))?)?;
        models.insert(name, model);
    }
    Ok(Schema { series: pin.series, modules: pin.modules, models })
}

/// A `pin.json` in which git has left a conflict, without it: the modules of both sides, and of each the newer version. `None`
/// where there is no conflict.
///
/// # Errors
///
/// When the sides are not of one series, or are no pins.
pub fn settle(pin_json: &str) -> Result<Option<String>, Error> {
    let Some(sides) = sides(pin_json) else { return Ok(None) };
    let conflict = || Error::PinConflict { file: PIN_FILE.to_owned() };
    let [ours, theirs] = sides.map(|side| read_pin(&side));
    let (ours, theirs) = (ours.map_err(|_| conflict())?, theirs.map_err(|_| conflict())?);
    if ours.series != theirs.series {
        return Err(conflict());
    }
    let mut modules = ours.modules;
    for (name, version) in theirs.modules.into_iter().flatten() {
        let known = modules.get_or_insert_default().entry(name).or_default();
        if numbers(&version) > numbers(known) {
            *known = version;
        }
    }
    let pin = Pin { format: FORMAT, series: ours.series, modules, models: None, _hash: None };
    pretty(PIN_FILE, &pin).map(Some)
}

/// The numbers of a version, so that 19.0.1.10 is newer than 19.0.1.9.
fn numbers(version: &str) -> Vec<u32> {
    version.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

/// The two texts that git could not make one of, if that is so.
fn sides(text: &str) -> Option<[String; 2]> {
    if !is_conflicted(text) {
        return None;
    }
    let mut sides = [String::new(), String::new()];
    // Of which sides the lines are at hand: the third is what both come from, which git shows if asked to.
    let mut of = [true, true];
    for line in text.lines() {
        match line.get(..7) {
            Some("<<<<<<<") => of = [true, false],
            Some("|||||||") => of = [false, false],
            Some("=======") => of = [false, true],
            Some(">>>>>>>") => of = [true, true],
            _ => {
                for (side, _) in sides.iter_mut().zip(of).filter(|(_, is_of)| *is_of) {
                    side.push_str(line);
                    side.push('\n');
                }
            }
        }
    }
    Some(sides)
}

fn is_conflicted(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("<<<<<<< "))
}

fn read_pin(text: &str) -> Result<Pin, Error> {
    // The form comes first: a pin of another one need not parse as this one.
    let format = parse::<serde_json::Value>(PIN_FILE, text)?["format"].as_u64();
    if !format.is_some_and(|format| (u64::from(OLDEST)..=u64::from(FORMAT)).contains(&format)) {
        return Err(Error::PinFormat { found: format, expected: FORMAT });
    }
    parse(PIN_FILE, text)
}

fn missing(file: &str) -> Error {
    Error::PinRead { file: file.to_owned(), source: std::io::ErrorKind::NotFound.into() }
}

fn pretty(file: &str, value: &impl Serialize) -> Result<String, Error> {
    let mut text =
        serde_json::to_string_pretty(value).map_err(|source| Error::PinFile { file: file.to_owned(), source })?;
    text.push('\n');
    Ok(text)
}

fn parse<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<T, Error> {
    if is_conflicted(text) {
        return Err(Error::PinConflict { file: file.to_owned() });
    }
    serde_json::from_str(text).map_err(|error: serde_json::Error| {
        // It repeats what it does not know.
        let source = serde::de::Error::custom(format_args!("{:.400}", visible(&error.to_string())));
        Error::PinFile { file: file.to_owned(), source }
    })
}
