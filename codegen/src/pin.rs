//! The pin: the files under `generated/<target>/schema/` that hold a [`Schema`].
//!
//! One JSON file a model, and `pin.json` that describes the whole. Sorted, without times, database ids or names of
//! people: the same Odoo gives the same bytes on every machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::schema::{Model, Schema};
use odoo_visible::visible;

/// The version of the pin's form. A generator refuses a pin of a form it does not know rather than misread it.
///
/// - 1: models and fields; the hash covers these alone. Still read; it is written anew as 2.
/// - 2: methods, and which required fields have defaults; the hash covers the series and the modules as well.
/// - 3: the hash covers the names of the modules and not their versions, which change every month and no code with them.
pub const FORMAT: u32 = 3;

/// The oldest form that is still read.
const OLDEST: u32 = 1;

/// The name of the file that describes the whole pin.
pub const PIN_FILE: &str = "pin.json";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    format: u32,
    series: String,
    /// Over the names and files of all models, and since format 2 over the series and the modules: see [`FORMAT`].
    hash: String,
    modules: Option<BTreeMap<String, String>>,
    models: Vec<String>,
}

/// The file of a model, relative to the schema folder.
pub fn model_file(model: &str) -> String {
    format!("models/{model}.json")
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
    let mut pin = Pin {
        format: FORMAT,
        series: schema.series.clone(),
        hash: String::new(),
        modules: schema.modules.clone(),
        models: schema.models.keys().cloned().collect(),
    };
    pin.hash = hash(&pin, &files);
    files.insert(PIN_FILE.to_owned(), pretty(PIN_FILE, &pin)?);
    Ok(files)
}

/// The content hash of a pin, from the text of its `pin.json`.
///
/// # Errors
///
/// As [`from_files`], for that one file.
pub fn hash_of(pin_json: &str) -> Result<String, Error> {
    parse::<Pin>(PIN_FILE, pin_json).map(|pin| pin.hash)
}

/// Reads a pin back. `read` gives the text of a file by its path below the schema folder.
///
/// # Errors
///
/// When a file is missing or not of this form, or the content does not match the hash in `pin.json`: a pin is changed
/// by introspecting again, not by hand.
pub fn from_files<E: Into<Error>>(read: impl Fn(&str) -> Result<String, E>) -> Result<Schema, Error> {
    let text = read(PIN_FILE).map_err(Into::into)?;
    // The form comes first: a pin of another one need not parse as this one.
    let format = parse::<serde_json::Value>(PIN_FILE, &text)?["format"].as_u64();
    if !format.is_some_and(|format| (u64::from(OLDEST)..=u64::from(FORMAT)).contains(&format)) {
        return Err(Error::PinFormat { found: format, expected: FORMAT });
    }
    let pin: Pin = parse(PIN_FILE, &text)?;
    let mut models = BTreeMap::new();
    let mut files = BTreeMap::new();
    for name in &pin.models {
        if !crate::names::is_model_name(name) {
            return Err(Error::ModelName { name: name.clone() });
        }
        let file = model_file(name);
        let text = read(&file).map_err(Into::into)?;
        let model: Model = parse(&file, &text)?;
        models.insert(name.clone(), model);
        files.insert(file, text);
    }
    if hash(&pin, &files) != pin.hash {
        return Err(Error::PinHash);
    }
    Ok(Schema { series: pin.series, modules: pin.modules, models })
}

fn hash(pin: &Pin, files: &BTreeMap<String, String>) -> String {
    let mut hasher = Sha256::new();
    let mut add = |part: &str| {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    };
    if pin.format >= 2 {
        add(&pin.series);
        // No modules known is something else than none.
        add(if pin.modules.is_some() { "modules" } else { "" });
        for (name, version) in pin.modules.iter().flatten() {
            add(name);
            if pin.format == 2 {
                add(version);
            }
        }
        add("models");
    }
    for name in &pin.models {
        add(name);
        // A checkout that turns line ends into CRLF is still the same pin.
        add(&files.get(&model_file(name)).map_or("", String::as_str).replace("\r\n", "\n"));
    }
    let mut hash = String::from("sha256:");
    for byte in hasher.finalize() {
        hash.push_str(&format!("{byte:02x}"));
    }
    hash
}

fn pretty(file: &str, value: &impl Serialize) -> Result<String, Error> {
    let mut text =
        serde_json::to_string_pretty(value).map_err(|source| Error::PinFile { file: file.to_owned(), source })?;
    text.push('\n');
    Ok(text)
}

fn parse<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<T, Error> {
    if text.lines().any(|line| line.starts_with("<<<<<<< ")) {
        return Err(Error::PinConflict { file: file.to_owned() });
    }
    serde_json::from_str(text).map_err(|error: serde_json::Error| {
        // It repeats what it does not know.
        let source = serde::de::Error::custom(format_args!("{:.400}", visible(&error.to_string())));
        Error::PinFile { file: file.to_owned(), source }
    })
}
