//! What an emulator is made of, and why it did not start.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, io};

use odoo_codegen::Schema;

use crate::{Facts, FactsError};

/// Why an emulator did not start.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The pin cannot be read.
    #[error("cannot read the pin {} (`cargo odoo regen` writes pins; a test runs in the folder of its package)", folder.display())]
    Pin {
        /// Where it should be.
        folder: PathBuf,
        /// What is wrong with it.
        source: odoo_codegen::Error,
    },
    /// What is said of the models beside it is no such thing.
    #[error("cannot use the facts of the target")]
    Facts(#[source] FactsError),
    /// It cannot listen.
    #[error("cannot listen on 127.0.0.1")]
    Listen(#[source] io::Error),
}

/// As `Display` with what is behind it, because a test that ends in `?` shows it to a person.
impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut source = std::error::Error::source(self);
        while let Some(behind) = source {
            write!(f, ": {behind}")?;
            source = behind.source();
        }
        Ok(())
    }
}

type Pinned = (Arc<Schema>, Facts);

/// What is pinned in a folder. A process that starts many reads it once.
pub(crate) fn read(folder: &Path) -> Result<Pinned, StartError> {
    static READ: Mutex<Option<HashMap<PathBuf, Pinned>>> = Mutex::new(None);
    let schema = folder.join("schema");
    let folder = if schema.is_dir() { schema } else { folder.to_owned() };
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let known = read.get_or_insert_default();
    if let Some(read) = known.get(&folder) {
        return Ok(read.clone());
    }
    let schema = odoo_codegen::read_pin(&folder);
    let schema = Arc::new(schema.map_err(|source| StartError::Pin { folder: folder.clone(), source })?);
    let facts = Facts::of_target(&folder).map_err(StartError::Facts)?.unwrap_or_default();
    Ok(known.entry(folder).or_insert((schema, facts)).clone())
}

#[cfg(test)]
mod tests {
    use crate::{Emulator, Fault};

    #[test]
    fn a_test_that_ends_in_an_error_shows_words() {
        let error = Emulator::builder("generated/acmee").unwrap_err();
        let shown = format!("{error:?}");
        assert!(shown.starts_with("cannot read the pin generated/acmee (`cargo odoo regen` writes pins"), "{shown}");
        assert!(shown.contains("pin.json") && !shown.contains('{'), "{shown}");
        let fault = Fault::value("Invalid field 'nam' in 'res.partner'");
        assert_eq!(format!("{fault:?}"), "builtins.ValueError: Invalid field 'nam' in 'res.partner'");
    }
}
