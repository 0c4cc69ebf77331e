//! Imports that are made up: tables of texts, with lines in them, and with mistakes.

use odoo_codegen::Field;
use serde_json::{Value, json};

use crate::program::{Maker, Step};
use crate::shapes::MODULE;

/// A column: its path, and the field at its end; none for the name of a record, or its numbers.
struct Column {
    path: String,
    field: Option<Field>,
    is_line: bool,
}

/// An import of a few records.
pub(crate) fn load(maker: &mut Maker<'_>, model: usize) -> Step {
    let mut columns = columns(maker, model, "");
    let lines = maker.shapes[model].fields.iter().find(|(_, field)| field.ttype == "one2many").cloned();
    if let Some((name, field)) = lines
        && maker.random.chance(60)
        && let Some(inner) = maker.shapes.iter().position(|shape| Some(shape.model) == field.relation.as_deref())
    {
        columns.extend(self::columns(maker, inner, &format!("{name}/")));
    }
    if maker.random.chance(3) {
        columns.push(Column { path: "no_such_field".to_owned(), field: None, is_line: false });
    }
    let count = 1 + maker.random.below(3);
    let mut rows = Vec::new();
    let mut names = Names(maker.random.below(30));
    for _ in 0..count {
        rows.push(row(maker, &mut names, &columns, false));
        while columns.iter().any(|column| column.is_line) && maker.random.chance(40) {
            rows.push(row(maker, &mut names, &columns, true));
        }
    }
    maker.counts[model] += count;
    let paths: Vec<_> = columns.iter().map(|column| column.path.as_str()).collect();
    let args = vec![("fields", json!(paths)), ("data", Value::Array(rows))];
    let mut step = Step { creates: count, ..maker.plain(model, "load", args) };
    if maker.random.chance(20) {
        // A partner takes the zone for its own: it must be one.
        step.context =
            json!({"tz": *maker.random.pick(&["Europe/Brussels", "America/New_York", "Asia/Kolkata", "UTC"])});
    }
    step
}

/// Some columns of a model.
fn columns(maker: &mut Maker<'_>, model: usize, before: &str) -> Vec<Column> {
    let shape = &maker.shapes[model];
    let is_line = !before.is_empty();
    let mut columns = Vec::new();
    if maker.random.chance(20) {
        columns.push(Column { path: format!("{before}id"), field: None, is_line });
    }
    for (name, field) in &shape.fields {
        let is_needed = field.required || name == "name" || shape.always.contains(&name.as_str());
        if field.ttype == "one2many" || !is_needed && !maker.random.chance(if is_line { 25 } else { 35 }) {
            continue;
        }
        // Up to 17 the relations of a line are converted in the order of a set of Python, and the first mistake is told alone.
        let is_second = |column: &Column| column.field.as_ref().is_some_and(|field| field.relation.is_some());
        if is_line && maker.series.0 < 18 && field.relation.is_some() && columns.iter().any(is_second) {
            continue;
        }
        let end = match field.ttype.as_str() {
            // Products are found by more than their name.
            "many2one" if field.relation.as_deref() == Some("product.template") => "/.id",
            "many2one" | "many2many" => *maker.random.pick(&["", "/.id", "/.id", "/id"]),
            _ => "",
        };
        columns.push(Column { path: format!("{before}{name}{end}"), field: Some(field.clone()), is_line });
    }
    columns
}

/// External ids: each is used once in an import.
struct Names(usize);

impl Names {
    fn next(&mut self) -> Value {
        self.0 += 1;
        json!(format!("{MODULE}.n{}", self.0))
    }
}

/// A row: of a record with its first line, or of a line more.
fn row(maker: &mut Maker<'_>, names: &mut Names, columns: &[Column], is_more: bool) -> Value {
    let is_empty = |column: &Column| is_more && !column.is_line;
    columns.iter().map(|column| if is_empty(column) { json!("") } else { cell(maker, names, column) }).collect()
}

fn cell(maker: &mut Maker<'_>, names: &mut Names, column: &Column) -> Value {
    let Some(field) = &column.field else { return if maker.random.chance(80) { names.next() } else { json!("") } };
    match field.ttype.as_str() {
        _ if maker.random.chance(8) => json!(""),
        "integer" | "float" | "monetary" if maker.random.chance(4) => json!("no number"),
        "date" | "datetime" if maker.random.chance(4) => json!("2021-02-30"),
        "selection" | "boolean" if maker.random.chance(4) => json!("no value"),
        "many2one" | "many2many" if column.path.ends_with("/.id") => match maker.record_of(field) {
            Some(one) if one.is_object() => json!({"text": one}),
            _ => json!("99999999"),
        },
        "many2one" | "many2many" if column.path.ends_with("/id") => match field.relation.as_deref() {
            Some("res.country") => json!(*maker.random.pick(&["base.be", "base.fr", "base.no_such_country"])),
            _ => names.next(),
        },
        "many2one" | "many2many" => match field.relation.as_deref() {
            Some("res.country") => json!(*maker.random.pick(&["Belgium", "France", "Nowhere"])),
            Some("uom.uom") => json!(*maker.random.pick(&["Units", "Dozens"])),
            _ => match maker.word() {
                // 14 formats what it says of lines twice.
                word if word == "c%" && column.is_line && maker.series.0 < 16 => json!("ab"),
                word => word,
            },
        },
        "boolean" => json!(*maker.random.pick(&["1", "0", "True", "no", "yes"])),
        "integer" => json!(maker.random.below(7).to_string()),
        "float" | "monetary" => json!(*maker.random.pick(&["1.5", "12", "-3.25", "1e2"])),
        "date" => json!(maker.date()),
        "datetime" => maker.datetime(),
        "selection" => {
            let known = field.selection.as_ref().map_or(&[][..], |known| &known.0);
            let (value, label) = &known[maker.random.below(known.len())];
            json!(if maker.random.chance(50) { value } else { label })
        }
        "binary" => maker.image(),
        _ => maker.word(),
    }
}
