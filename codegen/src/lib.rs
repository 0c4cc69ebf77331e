//! Turns the schema of one Odoo into a typed Rust crate.
//!
//! A pure library: but for [`build`], no network, no clock, no environment, no file system. [`read_fields_get`] makes a [`Model`] of what
//! a server answered, [`ApiDoc`] its methods, [`pin`] writes and reads the canonical files that hold a [`Schema`], and [`generate`] turns a
//! schema into the files of a crate; [`diff`](mod@diff) tells two schemas apart. The same schema gives the same bytes on every machine.
//!
//! `cargo odoo regen` is the command around it. From a `build.rs`, [`build`] makes a module of a pin. A program does as it likes:
//!
//! ```
//! use odoo_codegen::{Field, Model, Schema, Settings, generate};
//!
//! let mut partner = Model::default();
//! partner.fields.insert("name".to_owned(), Field::new("char", "Name"));
//! let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
//! schema.models.insert("res.partner".to_owned(), partner);
//!
//! let files = generate(&schema, &Settings::new("my-odoo"))?;
//! assert!(files["src/res/partner.rs"].contains("pub const NAME"));
//! # Ok::<(), odoo_codegen::Error>(())
//! ```

mod api_doc;
mod build;
mod defaults;
mod deprecated;
pub mod diff;
mod docs;
mod emit;
mod error;
mod fields_get;
mod fixes;
mod html;
mod lower;
mod names;
pub mod pin;
mod schema;
mod types;

use std::collections::BTreeMap;

use fixes::Fixes;

pub use api_doc::ApiDoc;
pub use build::{build, read_pin};
pub use defaults::{keep_defaults, set_defaults, wanting_defaults};
pub use deprecated::Item;
pub use error::{Error, Warning};
pub use fields_get::{ATTRIBUTES, read_fields_get};
pub use fixes::{Fix, built_in, fix_problems};
pub use lower::{Rows, UsualRows};
pub use schema::{Field, Method, Model, Parameter, Schema, Selection};
pub use types::KNOWN_TYPES;

/// What the generated crate is called, where its runtime is, what its rows hold, and where the server is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The name of the package.
    pub package: String,
    /// How the crate depends on `odoo-client`: the entries of a dependency, such as `version`, `path`, or `git` and `tag`.
    pub client: Vec<(String, String)>,
    /// The licence of the crate, if it has one.
    pub license: Option<String>,
    /// The edition of the crate, 2021 or later.
    pub edition: String,
    /// What whole rows have more and less than they have by themselves.
    pub rows: Rows,
    /// What is true of fields where the server's description of them is wrong.
    pub fixes: Vec<Fix>,
    /// Items that the compiler is to tell the use of, each with the note it tells.
    pub deprecated: BTreeMap<Item, String>,
}

impl Settings {
    /// A crate of this name that depends on the `odoo-client` of the same version as this generator.
    pub fn new(package: impl Into<String>) -> Self {
        Self {
            package: package.into(),
            client: vec![("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned())],
            license: None,
            edition: "2024".to_owned(),
            rows: Rows::default(),
            fixes: Vec::new(),
            deprecated: BTreeMap::new(),
        }
    }
}

/// The files of the crate, by their path below its folder: `Cargo.toml`, `src/…`, `examples/verify.rs`.
///
/// # Errors
///
/// When the name of the package, of a model or of a field is none, when [`Rows`] name a field that rows cannot have, when a [`Fix`] changes nothing, or, which no input should cause, when two models would be one
/// file or the generated code does not parse.
pub fn generate(schema: &Schema, settings: &Settings) -> Result<BTreeMap<String, String>, Error> {
    lowered(schema, settings, emit::emit)
}

/// The same as the text of one file, to be a module of a crate: for the macro `include!`. It has no features: all models
/// of the schema are there, with their methods. [`build`] is what build scripts call.
///
/// # Errors
///
/// As [`generate`].
pub fn generate_module(schema: &Schema, settings: &Settings) -> Result<String, Error> {
    lowered(schema, settings, emit::inline)
}

/// What one of the emitters makes of a schema.
fn lowered<T>(
    schema: &Schema,
    settings: &Settings,
    emit: impl FnOnce(&lower::Crate<'_>, &Settings, &str) -> Result<T, Error>,
) -> Result<T, Error> {
    check(schema, settings)?;
    let fixes = Fixes::of(schema, &settings.fixes);
    let schema = &*Fixes::apply(schema, &settings.fixes);
    settings.rows.check(schema)?;
    emit(&lower::Crate::lower(schema, &settings.rows, &fixes), settings, &schema.series)
}

/// Whether names are such, and the settings about something.
fn check(schema: &Schema, settings: &Settings) -> Result<(), Error> {
    let package = settings.package.as_str();
    let valid = package.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
    let valid = valid && package.starts_with(|c: char| c.is_ascii_lowercase());
    if !valid || names::is_keyword(&package.replace('-', "_")) {
        return Err(Error::PackageName { name: package.to_owned() });
    }
    if !schema.series.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'~' | b'-' | b'+')) {
        return Err(Error::Series { found: schema.series.clone() });
    }
    for (name, model) in &schema.models {
        let relations = model.fields.values().filter_map(|field| field.relation.as_ref());
        if let Some(name) = std::iter::once(name).chain(relations).find(|name| !names::is_model_name(name)) {
            return Err(Error::ModelName { name: name.clone() });
        }
    }
    for (model, name) in schema.models.iter().flat_map(|(model, m)| m.fields.keys().map(move |name| (model, name))) {
        // A row has its fields' names in one text, joined by spaces: a name with a space would be two.
        if !names::is_field_name(name) {
            return Err(Error::FieldName { model: model.clone(), name: name.clone() });
        }
    }
    for (model, methods) in schema.models.iter().filter_map(|(name, model)| Some((name, model.methods.as_ref()?))) {
        let parameters = methods.values().flat_map(|method| &method.parameters).map(|parameter| &parameter.name);
        if let Some(name) = methods.keys().chain(parameters).find(|name| !names::is_python_name(name)) {
            return Err(Error::MethodName { model: model.clone(), name: name.clone() });
        }
    }
    if let Some((at, problem)) = fix_problems(schema, &settings.fixes).into_iter().next() {
        return Err(Error::Fix { field: settings.fixes[at].field.clone(), problem });
    }
    Ok(())
}
