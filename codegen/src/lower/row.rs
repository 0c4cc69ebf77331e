//! Which fields are in whole rows: those that the server has at hand, and what the user of the generator says.

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::schema::{Field, Model, Schema};

/// No `_inherits` goes deeper; a pin that somebody wrote by hand may be endless.
const DEEPEST: usize = 4;

/// What whole rows have more and less than [`UsualRows`] say.
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

    pub(super) fn hold(&self, usual: &UsualRows<'_>, model: &str, name: &str, field: &Field) -> bool {
        let names = |fields: &BTreeSet<String>| !fields.is_empty() && fields.contains(&format!("{model}.{name}"));
        !names(&self.exclude) && (usual.hold(model, name, field) || names(&self.include))
    }
}

/// Whether [`Rows`] may say something of a field.
fn can_choose(name: &str, field: &Field) -> bool {
    name != "id" && field.ttype != "binary"
}

/// Which fields are in whole rows if nobody says otherwise: `id` and `display_name`, and what the server need not compute,
/// unless it is binary.
///
/// That is what is stored with the record, or with the one that the record delegates to (`_inherits`): the name of a
/// `product.product` is a column of its `product.template`, which Odoo joins. To `fields_get` such a field is one that is not
/// stored, but `related` by its own name to a record that every record must have.
pub struct UsualRows<'a> {
    schema: &'a Schema,
    /// Of each model the many2one fields to records that it delegates to, and the models of these.
    parents: BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>,
}

impl<'a> UsualRows<'a> {
    /// Looks at all models once.
    pub fn of(schema: &'a Schema) -> Self {
        let parents = schema.models.iter().map(|(name, model)| (name.as_str(), parents(schema, model))).collect();
        Self { schema, parents }
    }

    /// Whether a field of a model is among them.
    pub fn hold(&self, model: &str, name: &str, field: &Field) -> bool {
        matches!(name, "id" | "display_name")
            || field.ttype != "binary" && self.is_at_hand(model, name, field, DEEPEST).unwrap_or(false)
    }

    /// The models that records of a model delegate to, by the many2one fields to these.
    pub(crate) fn parents(&self, model: &str) -> Option<&BTreeMap<&'a str, &'a str>> {
        self.parents.get(model)
    }

    fn is_at_hand(&self, model: &str, name: &str, field: &Field, depth: usize) -> Option<bool> {
        if field.stored {
            return Some(true);
        }
        let depth = depth.checked_sub(1)?;
        let parent = *self.parents.get(model)?.get(through(name, field)?)?;
        self.is_at_hand(parent, name, self.schema.models.get(parent)?.fields.get(name)?, depth)
    }
}

/// The many2one through which a field is `related` by its own name.
fn through<'a>(name: &str, field: &'a Field) -> Option<&'a str> {
    let (many2one, far) = field.related.as_deref()?.split_once('.')?;
    (far == name).then_some(many2one)
}

/// `fields_get` does not tell of `_inherits`, but by it a model has all fields of the other.
fn parents<'a>(schema: &'a Schema, model: &'a Model) -> BTreeMap<&'a str, &'a str> {
    // Found once for each model, not for each field: they are many.
    let mut has_all: BTreeMap<&str, bool> = BTreeMap::new();
    let links: BTreeSet<&str> = model.fields.iter().filter_map(|(name, field)| through(name, field)).collect();
    let parent = |many2one: &'a str| {
        let link =
            model.fields.get(many2one).filter(|link| link.ttype == "many2one" && link.required && link.stored)?;
        let relation = link.relation.as_deref()?;
        let far = schema.models.get(relation)?;
        let has_all = has_all.entry(relation);
        has_all
            .or_insert_with(|| far.fields.keys().all(|name| model.fields.contains_key(name)))
            .then_some((many2one, relation))
    };
    links.into_iter().filter_map(parent).collect()
}
