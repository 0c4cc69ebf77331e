//! For build scripts and tests, and therefore the one part of this library that reads and writes files.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::Path;
use std::{env, fs, io};

use crate::{Error, Schema, Settings, generate_module, pin};

/// Makes a module of typed models in a build script, of a pin that is in the package.
///
/// `pin` is the folder `schema` of a target, which `cargo odoo regen` writes, as a path from the folder of the package. The module
/// is the file `<name>.rs` in cargo's `OUT_DIR`, by the name in the settings. No server is asked, and the script runs again only when the pin has
/// changed. What is wrong is told as an error of the build.
///
/// ```no_run
/// // build.rs
/// odoo_codegen::build("odoo/acme/schema", &odoo_codegen::Settings::new("acme"));
/// ```
///
/// ```ignore
/// // src/main.rs or src/lib.rs: the module may have any name, and be in any other
/// mod acme {
///     include!(concat!(env!("OUT_DIR"), "/acme.rs"));
/// }
/// use acme::res::Country;
/// ```
///
/// The package depends on `odoo-client` by this name. There are no features: everything that is pinned is compiled, each time that
/// the package is. For a few models that is simple; many are better off in a crate of their own, as `cargo odoo regen` makes it.
///
/// `codegen/example` in the repository is such a package.
pub fn build(pin: impl AsRef<Path>, settings: &Settings) {
    let pin = pin.as_ref();
    println!("cargo::rerun-if-changed={}", pin.display());
    if let Err(error) = make(pin, settings) {
        let mut text = format!("{}: {error}", pin.display());
        let mut source = error.source();
        while let Some(error) = source {
            text += &format!(": {error}");
            source = error.source();
        }
        for line in text.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn make(pin: &Path, settings: &Settings) -> Result<(), Error> {
    let module = generate_module(&read_pin(pin)?, settings)?;
    let file = format!("{}.rs", settings.package);
    let folder = env::var_os("OUT_DIR").ok_or_else(|| Error::Module {
        file: file.clone(),
        source: io::Error::other("there is no OUT_DIR: this is for build scripts"),
    })?;
    fs::write(Path::new(&folder).join(&file), module).map_err(|source| Error::Module { file, source })
}

/// Reads the pin in a folder `schema`.
///
/// # Errors
///
/// When a file of it cannot be read, or as [`pin::from_files`].
pub fn read_pin(folder: impl AsRef<Path>) -> Result<Schema, Error> {
    pin::from_files(&read(folder.as_ref())?)
}

/// The files of a pin.
fn read(pin: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    let mut add = |file: String| {
        let text =
            fs::read_to_string(pin.join(&file)).map_err(|source| Error::PinRead { file: file.clone(), source })?;
        files.insert(file, text);
        Ok(())
    };
    add(pin::PIN_FILE.to_owned())?;
    let failed = |source| Error::PinRead { file: "models".to_owned(), source };
    let models = match fs::read_dir(pin.join("models")) {
        // A pin of no models has none.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        models => models.map_err(failed)?,
    };
    for entry in models {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            add(format!("models/{name}"))?;
        }
    }
    Ok(files)
}
