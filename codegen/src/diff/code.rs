//! Which items of generated code a change is about, and a schema against which all code can be compiled that was made for
//! either of two.

use std::collections::BTreeSet;

use super::{Change, Grade, What};
use crate::deprecated::Item;
use crate::schema::{Model, Schema};

impl Change {
    /// The items of the code of `old`, the schema before the change, that behave otherwise after it. None of a change that is
    /// safe, or that no item stands for, as a module that is gone.
    ///
    /// Of a field that a new record must be given it is the model.
    pub fn code(&self, old: &Schema) -> Vec<Item> {
        let (Some(model), true) = (&self.model, self.grade > Grade::Safe) else { return Vec::new() };
        let of_field = |field: &String, item: fn(String, String) -> Item| item(model.clone(), field.clone());
        let was = old.models.get(model);
        if let Some(method) = &self.method {
            return vec![Item::Method(model.clone(), method.clone())];
        }
        let Some(field) = &self.field else {
            let mut items = vec![Item::Model(model.clone())];
            match self.what {
                What::MethodsUnknown => {
                    let methods = was.and_then(|was| was.methods.as_ref()).into_iter().flatten();
                    items = methods.map(|(method, _)| Item::Method(model.clone(), method.clone())).collect();
                }
                What::ModelGone => {
                    let fields = was.into_iter().flat_map(|was| &was.fields);
                    let selections = fields.filter(|(_, field)| field.selection.is_some());
                    items.extend(selections.map(|(field, _)| of_field(field, Item::Enum)));
                }
                _ => {}
            }
            return items;
        };
        let (constant, member) = (of_field(field, Item::Field), of_field(field, Item::Member));
        match self.what {
            What::FieldNew | What::FieldNewGiven | What::MustBeGiven => vec![Item::Model(model.clone())],
            What::FieldGone | What::Type => vec![constant, member, of_field(field, Item::Enum)],
            What::RowGone => vec![member],
            What::ReadOnly | What::CannotFilter | What::CannotOrder | What::CannotGroup | What::CannotAggregate => {
                vec![constant]
            }
            What::ValueGone => {
                let value = |value: &String| Item::Value(model.clone(), field.clone(), value.clone());
                self.items.iter().map(value).collect()
            }
            What::ValueNew => vec![of_field(field, Item::Values)],
            _ => vec![constant, member],
        }
    }
}

impl What {
    /// Whether something that code can name is no longer there. Of other [breaking](Grade::Breaking) changes it depends on
    /// what code does with it.
    pub fn is_gone(self) -> bool {
        matches!(
            self,
            Self::ModelGone
                | Self::FieldGone
                | Self::RowGone
                | Self::ValueGone
                | Self::MethodGone
                | Self::MethodsUnknown
        )
    }
}

/// The new schema with all that is gone from the old one: models, fields, selection values, methods. Code that was made
/// for the old one finds every name in it, so that the compiler comes to what does not fit by its type.
pub fn with_gone(old: &Schema, new: &Schema) -> Schema {
    let mut both = new.clone();
    for (name, was) in &old.models {
        match both.models.get_mut(name) {
            Some(is) => keep(was, is),
            None => drop(both.models.insert(name.clone(), was.clone())),
        }
    }
    both
}

fn keep(was: &Model, is: &mut Model) {
    for (name, field) in &was.fields {
        let Some(now) = is.fields.get_mut(name) else {
            is.fields.insert(name.clone(), field.clone());
            continue;
        };
        if let (Some(before), Some(after)) = (&field.selection, &mut now.selection) {
            let known: BTreeSet<String> = after.0.iter().map(|(value, _)| value.clone()).collect();
            after.0.extend(before.0.iter().filter(|(value, _)| !known.contains(value)).cloned());
        }
    }
    let methods = was.methods.iter().flatten();
    for (name, method) in methods {
        is.methods.get_or_insert_default().entry(name.clone()).or_insert_with(|| method.clone());
    }
}
