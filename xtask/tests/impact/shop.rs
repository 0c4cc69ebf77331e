//! What the tests look at: a small pin, and packages that use it.

use std::path::Path;
use std::process::Command;

use odoo_codegen::{Field, Method, Model, Parameter, Schema, Selection};
use serde_json::Value;

use crate::support::{Folder, PASSWORD, Run};

/// Made by hand, as small as can be: each compile costs seconds.
pub(crate) fn before() -> Schema {
    let relation = |ttype: &str, to: &str| Field { relation: Some(to.to_owned()), ..Field::new(ttype, "To") };
    let values = |values: &[&str]| {
        let values = values.iter().map(|value| ((*value).to_owned(), value.to_uppercase())).collect();
        Field { selection: Some(Selection(values)), ..Field::new("selection", "Status") }
    };
    let parameter =
        |name: &str| Parameter { name: name.to_owned(), annotation: Some("int".to_owned()), ..Parameter::default() };
    let method = |parameters: Vec<Parameter>| Method { parameters, ..Method::default() };
    let id = || ("id".to_owned(), Field { readonly: true, ..Field::new("integer", "ID") });
    let model = |fields: Vec<(&str, Field)>| {
        let fields = fields.into_iter().map(|(name, field)| (name.to_owned(), field));
        Model { fields: fields.chain([id()]).collect(), ..Model::default() }
    };
    let mut order = model(vec![
        ("name", Field::new("char", "Number")),
        ("client_order_ref", Field::new("char", "Customer Reference")),
        ("state", values(&["draft", "sale", "done"])),
        ("lot_id", relation("many2one", "stock.production.lot")),
        ("priority", Field::new("integer", "Priority")),
        ("date_order", Field::new("datetime", "Order Date")),
        ("note", Field::new("text", "Terms")),
        ("amount_total", Field::new("float", "Total")),
        ("origin", Field::new("char", "Source")),
        ("weight", Field { stored: false, ..Field::new("float", "Weight") }),
    ]);
    let methods = [("action_confirm", method(vec![])), ("action_wait", method(vec![parameter("days")]))];
    order.methods = Some(methods.map(|(name, method)| (name.to_owned(), method)).into());
    let lot = model(vec![("name", Field::new("char", "Lot/Serial Number")), ("ref", Field::new("char", "Internal"))]);
    let models = [("sale.order".to_owned(), order), ("stock.production.lot".to_owned(), lot)].into();
    Schema { series: "18.0".to_owned(), models, ..Schema::default() }
}

pub(crate) fn field<'s>(schema: &'s mut Schema, name: &str) -> &'s mut Field {
    schema.models.get_mut("sale.order").unwrap().fields.get_mut(name).unwrap()
}

pub(crate) fn rename(schema: &mut Schema, from: &str, to: &str) {
    let fields = &mut schema.models.get_mut("sale.order").unwrap().fields;
    let field = fields.remove(from).unwrap();
    fields.insert(to.to_owned(), field);
}

/// A target with its pin and its code, and packages that use it beside it.
pub(crate) struct Shop {
    pub(crate) folder: Folder,
    /// That of the packages.
    pub(crate) manifest: &'static str,
}

impl Shop {
    pub(crate) fn new(test: &str, pin: &Schema) -> Self {
        let folder = Folder::new(test);
        folder.write("target.toml", "series = [\"18.0\", \"19.0\"]\n");
        folder.pin(pin);
        let run = folder.regen(&["--offline"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        Self { folder, manifest: "../shop/Cargo.toml" }
    }

    pub(crate) fn package(&self, name: &str, dependencies: &str, file: &str, code: &str) {
        let client = client();
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\
             acme = {{ path = \"../acme\", version = \"18.0\", features = [\"sale\", \"stock\", \"methods\"] }}\n\
             odoo-client = {{ path = \"{client}\", default-features = false, features = [\"derive\"] }}\n"
        );
        self.folder.write(&format!("../{name}/Cargo.toml"), &manifest);
        self.folder.write(&format!("../{name}/src/{file}"), code);
    }

    pub(crate) fn workspace(&self, at: &str, members: &[&str]) {
        let manifest = if members.is_empty() { self.folder.read(at) } else { format!("members = {members:?}\n") };
        let manifest = if members.is_empty() {
            format!("{manifest}[workspace]\n")
        } else {
            format!("[workspace]\nresolver = \"3\"\n{manifest}")
        };
        self.folder.write(at, &manifest);
        // The versions that are there offline.
        let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
        self.folder.write(&at.replace(".toml", ".lock"), &lock);
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub(crate) fn client() -> String {
    root().join("client-core").to_string_lossy().replace('\\', "/")
}

/// What another Odoo does to the packages.
pub(crate) fn impact(shop: &Shop, new: &Schema, options: &[&str]) -> Run {
    let folder = &shop.folder;
    let _ = std::fs::remove_dir_all(folder.path("../new"));
    for (file, text) in odoo_codegen::pin::to_files(new).unwrap() {
        folder.write(&format!("../new/{file}"), &text);
    }
    let contents = || folder.tree().into_iter().map(|(name, (_, content))| (name, content)).collect::<Vec<_>>();
    let before = contents();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    command.args(["impact", "acme", "--generated"]).arg(folder.path("..")).arg("--to").arg(folder.path("../new"));
    command.arg("--manifest-path").arg(folder.path(shop.manifest)).args(options).args(["--", "--offline"]);
    // One for all tests, as what the client depends on takes long to compile.
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("impact"));
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").env("NO_COLOR", "1");
    let run = Run::of(&mut command, PASSWORD);
    assert!(before == contents(), "it wrote: {run:?}");
    run
}

/// The entries of a list: `shop 12 sale.order.note: its type was text and is now integer`.
pub(crate) fn lines(found: &Value, list: &str) -> Vec<String> {
    let entries = found[list].as_array().unwrap().iter();
    let line = |entry: &Value| {
        let package = entry["file"].as_str().unwrap().split('/').next().unwrap();
        format!("{package} {} {}", entry["line"], entry["change"]["text"].as_str().unwrap_or_default())
    };
    entries.map(line).collect()
}
