//! What `required` comes to when a record is made: it does not mean that the caller must give the field.

use std::collections::BTreeMap;

use crate::schema::{Field, Model, Schema};

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

/// What is to be known of all models for it, found by one look at each field.
pub(crate) struct Relations<'a> {
    schema: &'a Schema,
    /// The one2many fields of a model (the first) whose lines are of a model by a many2one of that.
    lines: BTreeMap<(&'a str, &'a str, &'a str), Vec<&'a str>>,
}

impl<'a> Relations<'a> {
    pub(crate) fn of(schema: &'a Schema) -> Self {
        let mut lines: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (model, fields) in &schema.models {
            for (name, field) in &fields.fields {
                if let (Some(of), Some(by)) = (field.relation.as_deref(), field.relation_field.as_deref())
                    && field.ttype == "one2many"
                    && !field.computed
                {
                    lines.entry((model.as_str(), of, by)).or_default().push(name.as_str());
                }
            }
        }
        Self { schema, lines }
    }

    /// The many2one fields through which a model has most fields of another, each by its own name. `fields_get` does not
    /// tell of `_inherits`, but nobody writes so many related fields by hand. (A model may have some of them as its own.)
    pub(crate) fn delegated(&self, model: &'a Model) -> BTreeMap<&'a str, &'a str> {
        let mut through: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, field) in &model.fields {
            if let Some((many2one, far)) = field.related.as_deref().and_then(|path| path.split_once('.'))
                && far == name
                && self.far(model, many2one).is_some_and(|(_, far)| far.fields.contains_key(name))
            {
                *through.entry(many2one).or_default() += 1;
            }
        }
        let is_most = |(many2one, count): (&'a str, usize)| {
            let (name, far) = self.far(model, many2one)?;
            (count * 2 >= far.fields.len()).then_some((many2one, name))
        };
        through.into_iter().filter_map(is_most).collect()
    }

    /// The model that a many2one points to.
    fn far(&self, model: &'a Model, many2one: &str) -> Option<(&'a str, &'a Model)> {
        let field = model.fields.get(many2one).filter(|field| field.ttype == "many2one")?;
        let relation = field.relation.as_deref()?;
        Some((relation, self.schema.models.get(relation)?))
    }

    /// The one2many fields on the far side.
    fn parents(&self, model: &str, name: &str, field: &Field) -> Vec<String> {
        let Some(relation) = field.relation.as_deref().filter(|_| field.ttype == "many2one") else { return Vec::new() };
        let lines = self.lines.get(&(relation, model, name)).into_iter().flatten();
        // They are many where a model has several views of its lines.
        lines.map(|field| format!("{relation}.{field}")).take(3).collect()
    }
}

impl<'a> Required<'a> {
    /// Of a field of a model that delegates so.
    pub(crate) fn of(
        relations: &Relations<'_>,
        delegated: &BTreeMap<&str, &'a str>,
        model: &str,
        name: &str,
        field: &Field,
    ) -> Option<Self> {
        if !field.required {
            return None;
        }
        if field.computed || field.related.is_some() {
            return Some(Self::Computed);
        }
        if let Some(relation) = delegated.get(name) {
            return Some(Self::Delegated(relation));
        }
        Some(match field.default {
            None => Self::Unknown,
            Some(true) => Self::Default,
            Some(false) => match relations.parents(model, name, field) {
                parents if parents.is_empty() => Self::Given,
                parents => Self::Parent(parents),
            },
        })
    }
}
