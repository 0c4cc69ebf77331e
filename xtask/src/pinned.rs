//! The pin of a target, as it is on disk, and what stays of it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use odoo_codegen::{Error, Schema, pin};

use crate::target::Target;

/// The schema that is pinned in a target's folder, if any is; with a note if that took more than reading.
pub(crate) fn read(folder: &Path) -> Result<Option<(Schema, Option<String>)>> {
    read_schema(&folder.join("schema"))
}

/// The same, from the folder `schema` itself.
pub(crate) fn read_schema(folder: &Path) -> Result<Option<(Schema, Option<String>)>> {
    if !folder.join(pin::PIN_FILE).is_file() {
        return Ok(None);
    }
    let mut files = BTreeMap::new();
    let mut add = |file: String| -> Result<(), Error> {
        let read = fs::read_to_string(folder.join(&file));
        let text = read.map_err(|source| Error::PinRead { file: file.clone(), source })?;
        files.insert(file, text);
        Ok(())
    };
    add(pin::PIN_FILE.to_owned())?;
    for name in names(&folder.join("models"))? {
        if name.ends_with(".json") {
            add(format!("models/{name}"))?;
        }
    }
    let settled = pin::settle(&files[pin::PIN_FILE])?;
    let note = settled.map(|text| {
        files.insert(pin::PIN_FILE.to_owned(), text);
        "schema/pin.json had a conflict of git: it has the modules of both sides now, of each the newer version"
            .to_owned()
    });
    Ok(Some((pin::from_files(&files)?, note)))
}

/// The names of what is in a folder that need not be there.
fn names(folder: &Path) -> Result<Vec<String>> {
    let doing = || format!("cannot list {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(doing)?,
    };
    entries.map(|entry| Ok(entry.with_context(doing)?.file_name().to_string_lossy().into_owned())).collect()
}

/// Methods that the server does not tell stay as they were pinned: that a user may not read the documentation does not mean
/// that there are none. Returns how many models that was so of.
pub(crate) fn keep_methods(pinned: Option<&Schema>, read: &mut Schema) -> usize {
    let mut kept = 0;
    for (name, model) in &mut read.models {
        let before = pinned.and_then(|pinned| pinned.models.get(name)?.methods.as_ref());
        if let (None, Some(before)) = (&model.methods, before) {
            model.methods = Some(before.clone());
            kept += 1;
        }
    }
    kept
}

/// With `--only`, what was not read stays as it was pinned.
pub(crate) fn keep_others(target: &Target, pinned: Option<&Schema>, read: &mut Schema) {
    for (name, model) in pinned.into_iter().flat_map(|pinned| &pinned.models) {
        if !target.models.matches(name) && !read.models.contains_key(name) {
            read.models.insert(name.clone(), model.clone());
        }
    }
}
