//! The errors that several methods raise, in the words of the series.

use super::definitions::{FieldDef, Kind, ModelDef, ModelId};
use super::env::Env;
use super::python::ids_tuple;
use crate::Fault;
use crate::series::Difference;

/// A record that is not there.
pub(crate) fn missing(env: &Env<'_>, model: ModelId, ids: &[i64]) -> Fault {
    Fault::missing(format!(
        "Record does not exist or has been deleted.\n(Record: {}{}, User: {})",
        env.registry.def(model).name,
        ids_tuple(ids),
        env.uid
    ))
}

/// A field that the model does not have.
pub(crate) fn unknown_field(env: &Env<'_>, def: &ModelDef, name: &str, place: &str) -> Fault {
    let place = if env.has(Difference::ShortFieldErrors) { place } else { "on model" };
    Fault::value(format!("Invalid field '{name}' {place} '{}'", def.name))
}

/// A value that must be there.
pub(crate) fn required(env: &Env<'_>, def: &ModelDef, field: &FieldDef) -> Fault {
    let (model, label, name) = (&def.label, &field.pin.label, &field.name);
    Fault::validation(if env.has(Difference::ConstraintsNameLabels) {
        format!(
            "The operation cannot be completed: Missing required value for the field '{label}' ({name}).\nModel: '{model}' \
             ({})\n- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, \
             you can archive it instead\n",
            def.name
        )
    } else {
        format!(
            "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model \
             requires the record being deleted. If possible, archive it instead.\n\n{}",
            lines(env, &format!("Model: {model} ({})", def.name), &format!("Field: {label} ({name})"))
        )
    })
}

/// A record that another points to, and that is not there or is to go: what the database says of foreign keys.
pub(crate) fn no_target(env: &Env<'_>, def: &ModelDef, field: &FieldDef) -> Fault {
    foreign_key(env, def, field, 2)
}

/// The same of the record itself, which is linked to others and is not there.
pub(crate) fn no_owner(env: &Env<'_>, def: &ModelDef, field: &FieldDef) -> Fault {
    foreign_key(env, def, field, 1)
}

/// Of a many2many the constraint is that of one of its two columns.
fn foreign_key(env: &Env<'_>, def: &ModelDef, field: &FieldDef, column: usize) -> Fault {
    let is_pair = field.kind == Kind::Many2many;
    let table = def.facts.fields.get(&*field.name).and_then(|facts| facts.table.as_ref());
    let part = |n: usize| table.map_or("", |table| &table[n]);
    let constraint = if is_pair {
        format!("{}_{}_fkey", part(0), part(column))
    } else {
        format!("{}_{}_fkey", def.name.replace('.', "_"), field.name)
    };
    Fault::validation(if env.has(Difference::ConstraintsNameLabels) {
        let (who, what) = if is_pair {
            ("Unknown".to_owned(), constraint)
        } else {
            (format!("'{}' ({})", def.label, def.name), format!("'{}' ({})", field.pin.label, field.name))
        };
        format!(
            "The operation cannot be completed: Another model is using the record you are trying to delete.\n\nThe troublemaker \
             is: {who}\nThanks to the following constraint: {what}\nHow about archiving the record instead?"
        )
    } else {
        let unknown = if env.has(Difference::ConstraintsInLines) { "unknown" } else { "Unknown" };
        let who = if is_pair { format!("Unknown ({unknown})") } else { format!("{} ({})", def.label, def.name) };
        let lines = lines(env, &format!("Model: {who}"), &format!("Constraint: {constraint}"));
        format!(
            "The operation cannot be completed: another model requires the record being deleted. If possible, archive it \
             instead.\n\n{lines}"
        )
    })
}

/// What a constraint is about.
fn lines(env: &Env<'_>, model: &str, what: &str) -> String {
    if env.has(Difference::ConstraintsInLines) { format!("{model}\n{what}\n") } else { format!("{model}, {what}") }
}

/// A model without records.
pub(crate) fn no_table(def: &ModelDef) -> Fault {
    Fault::access(format!("You are not allowed to access '{}' ({}) records.", def.label, def.name))
}
