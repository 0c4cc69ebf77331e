//! What `required` comes to when a record is made: it does not mean that the caller must give the field.

use crate::schema::{Field, Schema};

/// Where the value of a required field of a new record comes from.
pub(crate) enum Required<'a> {
    /// The server computes it, or takes it from another record.
    Computed,
    /// A new record has a default.
    Default,
    /// The record of this model is made along with this one, from the fields that this model has of it (`_inherits`).
    Delegated(&'a str),
    /// From the record that this one is a line of, where it is given as such in these fields (`model.field`); else from the
    /// caller.
    Parent(Vec<String>),
    /// The caller must give it.
    Given,
    /// The server did not tell.
    Unknown,
}

impl<'a> Required<'a> {
    pub(crate) fn of(whole: &'a Schema, model: &str, name: &str, field: &'a Field) -> Option<Self> {
        if !field.required {
            return None;
        }
        if field.computed || field.related.is_some() {
            return Some(Self::Computed);
        }
        let relation = field.relation.as_deref().filter(|_| field.ttype == "many2one");
        if let Some(relation) = relation.filter(|relation| is_delegated(whole, model, name, relation)) {
            return Some(Self::Delegated(relation));
        }
        Some(match field.default {
            None => Self::Unknown,
            Some(true) => Self::Default,
            Some(false) => match parents(whole, model, name, relation) {
                parents if parents.is_empty() => Self::Given,
                parents => Self::Parent(parents),
            },
        })
    }
}

/// Whether the model has most fields of another through this many2one, each by its own name. `fields_get` does not tell of
/// `_inherits`, but nobody writes so many related fields by hand. (A model may have some of them as its own.)
fn is_delegated(whole: &Schema, model: &str, name: &str, relation: &str) -> bool {
    let (Some(model), Some(relation)) = (whole.models.get(model), whole.models.get(relation)) else { return false };
    let is_through = |field: &str| {
        let related = model.fields.get(field).and_then(|field| field.related.as_deref());
        related.and_then(|path| path.strip_prefix(name)?.strip_prefix('.')) == Some(field)
    };
    let through = relation.fields.keys().filter(|field| is_through(field)).count();
    through > 0 && through * 2 >= relation.fields.len()
}

/// The one2many fields on the far side.
fn parents(whole: &Schema, model: &str, name: &str, relation: Option<&str>) -> Vec<String> {
    let Some((relation, far)) = relation.and_then(|relation| Some((relation, whole.models.get(relation)?))) else {
        return Vec::new();
    };
    let lines = far.fields.iter().filter(|(_, field)| {
        field.ttype == "one2many"
            && field.relation.as_deref() == Some(model)
            && field.relation_field.as_deref() == Some(name)
            && !field.computed
    });
    // They are many where a model has several views of its lines.
    lines.map(|(field, _)| format!("{relation}.{field}")).take(3).collect()
}
