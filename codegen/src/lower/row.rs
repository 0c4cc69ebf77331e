//! Which fields are in whole rows: those that the server has at hand, and what the user of the generator says.

use std::collections::BTreeSet;

use crate::Error;
use crate::schema::{Field, Model, Schema};

/// No `_inherits` goes deeper; a pin that somebody wrote by hand may be endless.
const DEEPEST: usize = 4;

/// What whole rows have more and less than [`is_in_row`] says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rows {
    /// Fields that rows are to have besides, as `model.field`: computed ones, for example. Not binary ones: these are read
    /// when they are wanted, into a struct of one's own.
    pub include: BTreeSet<String>,
    /// Fields that rows are not to have, as `model.field`; not `id`, which every row has.
    pub exclude: BTreeSet<String>,
}

impl Rows {
    pub(crate) fn check(&self, schema: &Schema) -> Result<(), Error> {
        let is_known = |entry: &String| {
            let named = entry
                .rsplit_once('.')
                .and_then(|(model, name)| Some((name, schema.models.get(model)?.fields.get(name)?)));
            named.is_some_and(|(name, field)| can_choose(name, field))
        };
        match self.include.iter().chain(&self.exclude).find(|entry| !is_known(entry)) {
            Some(entry) => Err(Error::Row { entry: entry.clone() }),
            None => Ok(()),
        }
    }

    pub(super) fn hold(&self, whole: &Schema, model: (&str, &Model), name: &str, field: &Field) -> bool {
        let names = |fields: &BTreeSet<String>| !fields.is_empty() && fields.contains(&format!("{}.{name}", model.0));
        !names(&self.exclude) && (is_in_row(whole, model.1, name, field) || names(&self.include))
    }
}

/// Whether [`Rows`] may say something of a field.
fn can_choose(name: &str, field: &Field) -> bool {
    name != "id" && field.ttype != "binary"
}

/// Whether a field of a model is in the whole row if nobody says otherwise: `id` and `display_name`, and what the server
/// need not compute, unless it is binary.
///
/// That is what is stored with the record, or with the one that the record delegates to (`_inherits`): the name of a
/// `product.product` is a column of its `product.template`, which Odoo joins. To `fields_get` such a field is one that is not
/// stored, but `related` by its own name to a record that every record must have.
pub fn is_in_row(schema: &Schema, model: &Model, name: &str, field: &Field) -> bool {
    matches!(name, "id" | "display_name") || field.ttype != "binary" && is_at_hand(schema, model, name, field, DEEPEST)
}

fn is_at_hand(schema: &Schema, model: &Model, name: &str, field: &Field, depth: usize) -> bool {
    field.stored || is_delegated(schema, model, name, field, depth).unwrap_or(false)
}

fn is_delegated(schema: &Schema, model: &Model, name: &str, field: &Field, depth: usize) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    let (many2one, same_name) = field.related.as_deref()?.split_once('.')?;
    let link = model.fields.get(many2one)?;
    if same_name != name || link.ttype != "many2one" || !link.required || !link.stored {
        return None;
    }
    let parent = schema.models.get(link.relation.as_deref()?)?;
    // `fields_get` does not tell of `_inherits`, but by it a model has all fields of the other.
    let has_all = parent.fields.keys().all(|field| model.fields.contains_key(field));
    Some(has_all && is_at_hand(schema, parent, name, parent.fields.get(name)?, depth))
}
