//! What is different between two schemas, and what that does to code that was made for the first.
//!
//! [`diff`] lists it: models, fields, methods, selection values and parameters that came or went, and attributes that
//! changed, each with a [`Grade`] and the reason for it.
//!
//! ```
//! use odoo_codegen::diff::{Grade, What, diff};
//! use odoo_codegen::{Field, Model, Schema};
//!
//! let schema = |field: &str| {
//!     let fields = [(field.to_owned(), Field::new("char", "Reference"))].into();
//!     let models = [("sale.order".to_owned(), Model { fields, ..Model::default() })].into();
//!     Schema { series: "19.0".to_owned(), models, ..Schema::default() }
//! };
//! let changes = diff(&schema("reference"), &schema("code"));
//! assert_eq!((changes[0].what, changes[0].grade), (What::FieldNew, Grade::Safe));
//! assert_eq!((changes[1].what, changes[1].grade), (What::FieldGone, Grade::Breaking));
//! assert_eq!(changes[1].to_string(), "sale.order.reference (char) is gone");
//! ```
//!
//! # The grades
//!
#![doc = include_str!("diff/grades.md")]

mod change;
mod code;
mod field;
mod method;
mod rename;
#[cfg(test)]
mod tests;
mod what;

use std::collections::{BTreeMap, BTreeSet};

pub use self::change::Change;
use self::change::Changes;
pub use self::code::with_gone;
use self::field::Side;
pub use self::rename::{Rename, Sure};
pub use self::what::{Grade, What};
use crate::schema::{Model, Schema};

/// What is different in `new`, seen from `old`: first what concerns the whole, then by model.
///
/// What may only have another name now says so ([`Change::rename`]); it is listed as gone and as new all the same.
///
/// Modules of another version are in it too ([`What::ModuleVersion`]). Equal schemas give nothing. It takes time in
/// proportion to the size of both.
pub fn diff(old: &Schema, new: &Schema) -> Vec<Change> {
    // A schema that has another attribute does not compile here before it is compared too.
    let Schema { series, modules, models } = old;
    let mut changes = Changes::default();
    if *series != new.series {
        changes.add(What::Series).values(Some(series), Some(&new.series));
    }
    diff_modules(&mut changes, modules.as_ref(), new.modules.as_ref());
    let (before, after) = (Side::of(old), Side::of(new));
    for (name, was, is) in pairs(models, &new.models) {
        changes.model = Some(name.clone());
        match (was, is) {
            (Some(was), Some(is)) => diff_model(&mut changes, name, (&before, was), (&after, is)),
            (Some(_), None) => drop(changes.add(What::ModelGone)),
            (None, _) => drop(changes.add(What::ModelNew)),
        }
    }
    rename::propose(old, new, &mut changes.list);
    changes.list
}

fn diff_modules(changes: &mut Changes, old: Option<&BTreeMap<String, String>>, new: Option<&BTreeMap<String, String>>) {
    match (old, new) {
        (Some(old), Some(new)) => {
            for (name, was, is) in pairs(old, new) {
                let what = match (was, is) {
                    (Some(was), Some(is)) if was == is => continue,
                    (Some(_), Some(_)) => What::ModuleVersion,
                    (Some(_), None) => What::ModuleGone,
                    (None, _) => What::ModuleNew,
                };
                changes.add(what).item(name).values(was, is);
            }
        }
        (Some(_), None) => drop(changes.add(What::ModulesUnknown)),
        (None, Some(_)) => drop(changes.add(What::ModulesKnown)),
        (None, None) => {}
    }
}

fn diff_model(changes: &mut Changes, name: &str, (before, was): (&Side<'_>, &Model), (after, is): (&Side<'_>, &Model)) {
    let Model { label, transient, fields, methods } = was;
    if *label != is.label {
        let quoted = |label: &Option<String>| label.as_ref().map(|label| format!("{label:?}"));
        changes.add(What::ModelLabel).values(quoted(label), quoted(&is.label));
    }
    if *transient != is.transient {
        changes.add(if is.transient { What::Transient } else { What::NotTransient });
    }
    for (many2one, was, is) in pairs(before.parents(name), after.parents(name)) {
        if was != is {
            if was.is_some() {
                changes.add(What::DelegationGone).item(many2one).values(was, None::<&str>);
            }
            if is.is_some() {
                changes.add(What::DelegationNew).item(many2one).values(None::<&str>, is);
            }
        }
    }
    let (before, after) = (before.model(name, was), after.model(name, is));
    for (name, was, is) in pairs(fields, &is.fields) {
        changes.field = Some(name.clone());
        field::diff(changes, was.map(|was| before.field(name, was)), is.map(|is| after.field(name, is)));
    }
    changes.field = None;
    match (methods, &is.methods) {
        (Some(was), Some(is)) => {
            for (name, was, is) in pairs(was, is) {
                changes.method = Some(name.clone());
                method::diff(changes, was, is);
            }
            changes.method = None;
        }
        (Some(was), None) if !was.is_empty() => drop(changes.add(What::MethodsUnknown)),
        (None, Some(is)) if !is.is_empty() => drop(changes.add(What::MethodsKnown)),
        _ => {}
    }
}

/// What two maps have under each key of either.
fn pairs<'m, K: Ord, V>(
    old: &'m BTreeMap<K, V>,
    new: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, Option<&'m V>, Option<&'m V>)> {
    let keys: BTreeSet<&K> = old.keys().chain(new.keys()).collect();
    keys.into_iter().map(|key| (key, old.get(key), new.get(key)))
}
