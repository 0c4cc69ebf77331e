//! Which fields whole rows have.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use odoo_codegen::{Error, Field, Model, Schema, Settings, generate};

fn related(ttype: &str, path: &str) -> Field {
    let mut field = Field::new(ttype, "");
    (field.stored, field.related) = (false, Some(path.to_owned()));
    field
}

fn link(to: &str) -> Field {
    let mut field = Field::new("many2one", "");
    (field.required, field.relation) = (true, Some(to.to_owned()));
    field
}

fn computed(ttype: &str) -> Field {
    Field { stored: false, computed: true, ..Field::new(ttype, "") }
}

fn model(fields: impl IntoIterator<Item = (&'static str, Field)>) -> Model {
    let mut model = Model::default();
    model.fields.insert("id".to_owned(), Field::new("integer", "ID"));
    model.fields.extend(fields.into_iter().map(|(name, field)| (name.to_owned(), field)));
    model
}

/// Two models, the second of which delegates to the first.
fn delegating(link: Field) -> Schema {
    let parent =
        model([("name", Field::new("char", "")), ("image", Field::new("binary", "")), ("age", computed("integer"))]);
    let child = model([
        ("parent_id", link),
        ("name", related("char", "parent_id.name")),
        ("image", related("binary", "parent_id.image")),
        ("age", related("integer", "parent_id.age")),
        // Not by its own name: this is no delegation.
        ("alias", related("char", "parent_id.name")),
    ]);
    schema([("x.parent", parent), ("x.child", child)])
}

fn schema(models: impl IntoIterator<Item = (&'static str, Model)>) -> Schema {
    let models = models.into_iter().map(|(name, model)| (name.to_owned(), model)).collect();
    Schema { series: "19.0".to_owned(), models, ..Schema::default() }
}

fn settings(include: &[&str], exclude: &[&str]) -> Settings {
    let mut settings = Settings::new("rows");
    settings.rows.include = include.iter().map(|entry| (*entry).to_owned()).collect();
    settings.rows.exclude = exclude.iter().map(|entry| (*entry).to_owned()).collect();
    settings
}

/// The fields that the row of a file asks for.
fn row<'a>(files: &'a BTreeMap<String, String>, file: &str) -> Vec<&'a str> {
    let (_, body) = files[&format!("src/x/{file}.rs")].split_once("fn fields() -> &'static str {").unwrap();
    body.split('"').nth(1).unwrap().split(' ').collect()
}

#[test]
fn what_a_record_delegates_is_in_its_row() {
    let files = generate(&delegating(link("x.parent")), &settings(&[], &[])).unwrap();
    assert_eq!(row(&files, "parent"), ["id", "name"]);
    assert_eq!(row(&files, "child"), ["id", "name", "parent_id"]);
}

#[test]
fn and_what_that_one_delegates() {
    let mut schema = delegating(link("x.parent"));
    let through = ["name", "image", "age", "alias", "parent_id"].map(|name| {
        let ttype = schema.models["x.child"].fields[name].ttype.clone();
        let field = Field { relation: Some("x.parent".to_owned()), ..related(&ttype, &format!("child_id.{name}")) };
        (name, field)
    });
    let grandchild = model(through.into_iter().chain([("child_id", link("x.child"))]));
    schema.models.insert("x.grandchild".to_owned(), grandchild);
    let files = generate(&schema, &settings(&[], &[])).unwrap();
    assert_eq!(row(&files, "grandchild"), ["id", "child_id", "name", "parent_id"]);
}

#[test]
fn other_related_fields_are_not() {
    let optional = Field { required: false, ..link("x.parent") };
    let found = Field { stored: false, ..link("x.parent") };
    let elsewhere = Field { relation: Some("x.elsewhere".to_owned()), ..link("x.parent") };
    for through in [optional, found, elsewhere] {
        let files = generate(&delegating(through.clone()), &settings(&[], &[])).unwrap();
        assert!(!row(&files, "child").contains(&"name"), "{through:?}");
    }
    // Odoo would have given the record all fields of the other.
    let mut schema = delegating(link("x.parent"));
    schema.models.get_mut("x.parent").unwrap().fields.insert("more".to_owned(), Field::new("char", ""));
    assert_eq!(row(&generate(&schema, &settings(&[], &[])).unwrap(), "child"), ["id", "parent_id"]);
    // Two that each say it of the other have it nowhere.
    let endless = |to| model([("link_id", link(to)), ("name", related("char", "link_id.name"))]);
    let files = generate(&schema_of_two(endless("x.b"), endless("x.a")), &settings(&[], &[])).unwrap();
    assert_eq!(row(&files, "a"), ["id", "link_id"]);
}

fn schema_of_two(a: Model, b: Model) -> Schema {
    schema([("x.a", a), ("x.b", b)])
}

#[test]
fn rows_have_what_they_are_told_to_have() {
    let schema = delegating(link("x.parent"));
    let files = generate(&schema, &settings(&["x.child.age", "x.child.alias"], &["x.parent.name"])).unwrap();
    assert_eq!(row(&files, "child"), ["id", "age", "alias", "name", "parent_id"]);
    assert_eq!(row(&files, "parent"), ["id"]);
    // The pin is the same whatever is chosen.
    let plain = generate(&schema, &settings(&[], &[])).unwrap();
    assert_eq!(plain["src/lib.rs"], files["src/lib.rs"]);
    let both = generate(&schema, &settings(&["x.child.age"], &["x.child.age"])).unwrap();
    assert_eq!(row(&both, "child"), ["id", "name", "parent_id"]);
}

#[test]
fn rows_cannot_be_told_anything() {
    let schema = delegating(link("x.parent"));
    for entry in ["x.child.gone", "x.gone.name", "x.child.image", "x.child.id", "name", "x.child"] {
        for settings in [settings(&[entry], &[]), settings(&[], &[entry])] {
            let error = generate(&schema, &settings).unwrap_err();
            assert!(matches!(&error, Error::Row { entry: told } if told == entry), "{error}");
        }
    }
}
