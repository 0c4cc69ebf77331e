//! The models of a pin, with numbers in the place of names: what every call looks up.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use odoo_codegen::{Field, Model, Schema};

use super::definitions::{FieldDef, FieldId, Kind, ModelDef, ModelId, Side};
use super::pairs::pair;
use crate::facts::{Facts, FieldFacts, ModelFacts, OnDelete};
use crate::series::Series;

/// All models.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    pub(crate) series: Series,
    pub(crate) series_name: String,
    pub(crate) models: Vec<Arc<ModelDef>>,
    /// How many times a field was changed.
    pub(crate) changes: u64,
    pub(crate) by_name: HashMap<Arc<str>, ModelId>,
    /// What is known of every model.
    pub(crate) base: Arc<ModelFacts>,
    /// How many tables of pairs there are.
    pub(crate) relations: usize,
    pointing: Vec<Vec<(ModelId, FieldId)>>,
    sides: Vec<Vec<Side>>,
}

impl Registry {
    pub(crate) fn new(schema: &Schema, own: &Facts) -> Self {
        let series = Series::parse(&schema.series).unwrap_or(Series(19, 0));
        let known = Facts::of_series(series);
        let facts_of = |name: &str| own.get(name).or_else(|| known.get(name)).cloned().unwrap_or_default();
        let names: Vec<Arc<str>> = schema.models.keys().map(|name| Arc::from(name.as_str())).collect();
        let by_name: HashMap<_, _> = names.iter().cloned().zip(0..).collect();
        let facts: Vec<_> = names.iter().map(|name| facts_of(name)).collect();
        let parents = all_delegations(&by_name, &facts, schema);
        let mut models: Vec<_> = names
            .into_iter()
            .zip(schema.models.values())
            .zip(facts.iter().zip(&parents))
            .map(|((name, model), (facts, parents))| ModelDef::new(&by_name, facts, parents, name, model))
            .collect();
        forget_circular_names(&mut models);
        let relations = pair(&mut models);
        for model in 0..models.len() {
            for field in 0..models[model].fields.len() {
                let def = &models[model].fields[field];
                if def.kind == Kind::One2many
                    && let Some(comodel) = def.comodel
                    && let Some(name) = &def.pin.relation_field
                {
                    models[model].fields[field].inverse = models[comodel].id_of(name);
                }
            }
        }
        let mut pointing = vec![Vec::new(); models.len()];
        let mut sides = vec![Vec::new(); models.len()];
        for (model, def) in models.iter().enumerate() {
            for (number, field) in def.numbered() {
                match (field.comodel, field.side) {
                    (Some(comodel), Some(side)) => {
                        sides[model].push(side);
                        sides[comodel].push(Side { side: 1 - side.side, ..side });
                    }
                    (Some(comodel), None) if field.kind == Kind::Many2one && field.is_stored() => {
                        pointing[comodel].push((model, number));
                    }
                    _ => {}
                }
            }
        }
        let models = models.into_iter().map(Arc::new).collect();
        let (series_name, base) = (schema.series.clone(), facts_of("base"));
        Self { series, series_name, models, changes: 0, by_name, base, relations, pointing, sides }
    }

    pub(crate) fn model(&self, name: &str) -> Option<(ModelId, &Arc<ModelDef>)> {
        let number = *self.by_name.get(name)?;
        Some((number, &self.models[number]))
    }

    pub(crate) fn def(&self, model: ModelId) -> &Arc<ModelDef> {
        &self.models[model]
    }

    /// The many2one fields that one2many fields are the far side of: they have an index from the start.
    pub(crate) fn inverses(&self) -> Vec<(ModelId, FieldId)> {
        let fields = self.models.iter().flat_map(|model| &model.fields);
        fields.filter_map(|field| Some((field.comodel?, field.inverse?))).collect()
    }

    /// The tables of pairs that point to a model, from its side.
    pub(crate) fn sides_to(&self, target: ModelId) -> &[Side] {
        &self.sides[target]
    }

    /// The stored many2one fields that point to a model.
    pub(crate) fn pointing_to(&self, target: ModelId) -> &[(ModelId, FieldId)] {
        &self.pointing[target]
    }
}

impl ModelDef {
    fn new(
        by_name: &HashMap<Arc<str>, ModelId>,
        facts: &Arc<ModelFacts>,
        parents: &[&str],
        name: Arc<str>,
        model: &Model,
    ) -> Self {
        let numbers: HashMap<Arc<str>, FieldId> =
            model.fields.keys().map(|name| Arc::from(name.as_str())).zip(0..).collect();
        let inherits: Vec<_> = parents
            .iter()
            .filter_map(|field| {
                let relation = model.fields.get(*field)?.relation.as_deref()?;
                Some((*numbers.get(*field)?, *by_name.get(relation)?))
            })
            .collect();
        let fields = numbers.iter().map(|(name, number)| (*number, name));
        let mut fields: Vec<_> = fields.collect();
        fields.sort();
        let fields: Vec<_> = fields
            .into_iter()
            .zip(model.fields.values())
            .map(|((_, name), field)| {
                let delegate = field.related.as_deref().and_then(|path| path.split_once('.'));
                let delegate =
                    delegate.filter(|(parent, rest)| !field.stored && *rest == &**name && parents.contains(parent));
                FieldDef::new(
                    by_name,
                    facts,
                    name,
                    field,
                    delegate.and_then(|(parent, _)| numbers.get(parent).copied()),
                )
            })
            .collect();
        let is_char = |name: &&str| numbers.contains_key(*name);
        let rec_name = facts.rec_name.as_deref().into_iter().chain(["name", "x_name"]).find(is_char);
        let parent = facts.parent.as_deref().unwrap_or("parent_id");
        Self {
            label: model.label.clone().unwrap_or_else(|| name.to_string()),
            transient: model.transient,
            is_abstract: facts.is_abstract || !model.fields.contains_key("id"),
            order: pinned_order(facts.order.as_deref().unwrap_or("id"), &model.fields),
            rec_name: rec_name.and_then(|name| numbers.get(name).copied()),
            // As far as the pin has them.
            names_search: facts.names_search.as_ref().map(|names| {
                let is_pinned = |name: &&String| model.fields.contains_key(name.split('.').next().unwrap_or_default());
                names.iter().filter(is_pinned).cloned().collect()
            }),
            parent: numbers.get(parent).copied(),
            has_parent_store: facts.parent_store,
            active: ["active", "x_active"].into_iter().find_map(|name| numbers.get(name).copied()),
            name,
            fields,
            by_name: numbers,
            inherits,
            facts: Arc::clone(facts),
            removed: HashSet::new(),
            pin_label: model.label.clone(),
            methods: model.methods.as_ref().map(|methods| methods.keys().cloned().collect()),
        }
    }
}

/// Those of all models, but for what would lead in a circle: no Odoo does.
fn all_delegations<'a>(
    by_name: &HashMap<Arc<str>, ModelId>,
    facts: &'a [Arc<ModelFacts>],
    schema: &'a Schema,
) -> Vec<Vec<&'a str>> {
    let models: Vec<_> = schema.models.values().collect();
    let comodel = |model: ModelId, field: &str| {
        let relation = models[model].fields.get(field)?.relation.as_deref()?;
        by_name.get(relation).copied()
    };
    let mut all: Vec<_> = facts.iter().zip(&models).map(|(facts, model)| delegations(facts, model)).collect();
    for model in 0..all.len() {
        let mut own = std::mem::take(&mut all[model]);
        own.retain(|field| {
            let (mut seen, mut waiting) = (HashSet::new(), Vec::from_iter(comodel(model, field)));
            while let Some(at) = waiting.pop() {
                if seen.insert(at) {
                    waiting.extend(all[at].iter().filter_map(|field| comodel(at, field)));
                }
            }
            !seen.contains(&model)
        });
        all[model] = own;
    }
    all
}

/// Records that are called by a record that is called by them would have names without an end.
fn forget_circular_names(models: &mut [ModelDef]) {
    for model in 0..models.len() {
        let named_by = |at: ModelId| {
            let field = models[at].def(models[at].rec_name?);
            field.comodel.filter(|_| field.kind == Kind::Many2one)
        };
        let mut chain = std::iter::successors(named_by(model), |at| named_by(*at)).take(models.len());
        if chain.any(|at| at == model) {
            models[model].rec_name = None;
        }
    }
}

/// The many2one fields by which a model has the fields of another. Where nothing is known of the model, those that it needs and that
/// it has at least five fields along.
fn delegations<'a>(facts: &'a ModelFacts, model: &'a Model) -> Vec<&'a str> {
    if facts.is_known {
        return facts.inherits.values().map(String::as_str).collect();
    }
    let needed = model.fields.iter().filter(|(_, field)| field.required && field.ttype == "many2one");
    let along = |parent: &str| {
        let is_along = |(name, field): &(&String, &Field)| {
            !field.stored
                && field.related.as_deref().and_then(|path| path.split_once('.')) == Some((parent, name.as_str()))
        };
        model.fields.iter().filter(is_along).count()
    };
    needed.map(|(name, _)| name.as_str()).filter(|name| along(name) >= 5).collect()
}

impl FieldDef {
    pub(crate) fn new(
        by_name: &HashMap<Arc<str>, ModelId>,
        facts: &ModelFacts,
        name: &Arc<str>,
        field: &Field,
        inherited: Option<FieldId>,
    ) -> Self {
        let unknown = FieldFacts::default();
        let facts = facts.fields.get(&**name).unwrap_or(&unknown);
        let automatic = [
            "id",
            "create_uid",
            "create_date",
            "write_uid",
            "write_date",
            "__last_update",
            "display_name",
            "parent_path",
        ];
        let usual = field.stored && !field.computed && field.ttype != "one2many" && !automatic.contains(&&**name);
        Self {
            name: Arc::clone(name),
            kind: Kind::named(&field.ttype),
            pin: Arc::new(field.clone()),
            comodel: field.relation.as_deref().and_then(|relation| by_name.get(relation).copied()),
            inverse: None,
            side: None,
            inherited,
            on_delete: match facts.ondelete {
                Some(what) => what,
                None if field.required && !field.computed => OnDelete::Restrict,
                None => OnDelete::SetNull,
            },
            is_copied: facts.copy.unwrap_or(usual),
            digits: facts.digits.map(i32::from),
            size: facts.size,
            domain: facts.domain.clone(),
            active_test: facts.active_test,
        }
    }
}

#[cfg(test)]
impl FieldDef {
    /// A field of no model.
    pub(crate) fn plain(name: &str, field: Field) -> Self {
        Self::new(&HashMap::new(), &ModelFacts::default(), &Arc::from(name), &field, None)
    }
}

/// An order without the fields that the pin leaves out.
fn pinned_order(order: &str, fields: &BTreeMap<String, Field>) -> String {
    let is_pinned = |term: &&str| {
        let name = term.trim().split([' ', '.']).next().unwrap_or_default();
        name == "id" || fields.contains_key(name)
    };
    let terms: Vec<_> = order.split(',').filter(is_pinned).collect();
    if terms.is_empty() { "id".to_owned() } else { terms.join(",") }
}
