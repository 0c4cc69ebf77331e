//! The models of a pin, with numbers in the place of names: what every call looks up.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use odoo_codegen::{Field, Model, Schema};

use super::facts::{Facts, ModelFacts};
use super::pairs::pair;
use crate::series::Series;

/// The number of a model.
pub(crate) type ModelId = usize;

/// The number of a field in its model.
pub(crate) type FieldId = u16;

/// Types of fields, as far as they are stored and written differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Char,
    Text,
    Html,
    Selection,
    Reference,
    Integer,
    Many2oneReference,
    Float,
    Monetary,
    Boolean,
    Date,
    Datetime,
    Binary,
    Many2one,
    One2many,
    Many2many,
    Json,
}

impl Kind {
    pub(crate) fn is_x2many(self) -> bool {
        matches!(self, Self::One2many | Self::Many2many)
    }

    pub(crate) fn is_relational(self) -> bool {
        self == Self::Many2one || self.is_x2many()
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Float | Self::Monetary)
    }

    /// By the name in `fields_get`. What is not known is kept as raw JSON.
    fn named(name: &str) -> Self {
        match name {
            "char" => Self::Char,
            "text" => Self::Text,
            "html" => Self::Html,
            "selection" => Self::Selection,
            "reference" => Self::Reference,
            "integer" => Self::Integer,
            "many2one_reference" => Self::Many2oneReference,
            "float" => Self::Float,
            "monetary" => Self::Monetary,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "datetime" => Self::Datetime,
            "binary" => Self::Binary,
            "many2one" => Self::Many2one,
            "one2many" => Self::One2many,
            "many2many" => Self::Many2many,
            _ => Self::Json,
        }
    }
}

/// Where the values of a many2many field are: which relation, and from which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    pub(crate) relation: usize,
    pub(crate) side: usize,
}

/// What becomes of a record when the one that it points to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDelete {
    SetNull,
    Cascade,
    Restrict,
}

/// One field.
#[derive(Clone, Debug)]
pub(crate) struct FieldDef {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) pin: Arc<Field>,
    pub(crate) comodel: Option<ModelId>,
    /// The many2one on the far side of a one2many.
    pub(crate) inverse: Option<FieldId>,
    pub(crate) side: Option<Side>,
    /// The many2one of this model along which the field is another's: `_inherits`.
    pub(crate) inherited: Option<FieldId>,
    pub(crate) on_delete: OnDelete,
    /// Whether a copy of the record has the value too.
    pub(crate) is_copied: bool,
    /// How many digits after the point are kept.
    pub(crate) digits: Option<i32>,
    /// How many characters are kept.
    pub(crate) size: Option<usize>,
    /// The domain of a relation that is always part of it.
    pub(crate) domain: Option<&'static serde_json::Value>,
    /// `active_test` in the context of the field.
    pub(crate) active_test: Option<bool>,
}

impl FieldDef {
    /// Whether the database has it: a column, or a table of pairs, or the column of the far side.
    pub(crate) fn is_stored(&self) -> bool {
        self.pin.stored
    }

    /// The parts of the path that a related field follows.
    pub(crate) fn related(&self) -> Option<impl Iterator<Item = &str>> {
        self.pin.related.as_ref().filter(|_| !self.pin.stored).map(|path| path.split('.'))
    }

    /// Whether only Odoo's Python knows the value.
    pub(crate) fn is_computed(&self) -> bool {
        !self.pin.stored && self.pin.related.is_none() && self.side.is_none() && self.inverse.is_none()
    }
}

/// One model.
#[derive(Clone, Debug)]
pub(crate) struct ModelDef {
    pub(crate) name: Arc<str>,
    pub(crate) label: String,
    pub(crate) transient: bool,
    /// Without a table, and without records.
    pub(crate) is_abstract: bool,
    pub(crate) fields: Vec<FieldDef>,
    pub(crate) by_name: HashMap<Arc<str>, FieldId>,
    pub(crate) order: String,
    pub(crate) rec_name: Option<FieldId>,
    pub(crate) names_search: Option<Vec<&'static str>>,
    /// The many2one by which records of the model are a tree.
    pub(crate) parent: Option<FieldId>,
    pub(crate) has_parent_store: bool,
    pub(crate) active: Option<FieldId>,
    /// The many2one fields along which it has the fields of another model, and that model.
    pub(crate) inherits: Vec<(FieldId, ModelId)>,
    pub(crate) facts: ModelFacts,
    /// The methods of its own, where the server told.
    pub(crate) methods: Option<HashSet<String>>,
    /// The fields that a test has taken away.
    pub(crate) removed: HashSet<FieldId>,
    /// What the pin says that it is called.
    pub(crate) pin_label: Option<String>,
}

impl ModelDef {
    pub(crate) fn field(&self, name: &str) -> Option<(FieldId, &FieldDef)> {
        let number = *self.by_name.get(name)?;
        Some((number, &self.fields[usize::from(number)]))
    }

    /// Its fields with their numbers.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (FieldId, &FieldDef)> {
        (0..).zip(&self.fields).filter(|(number, _)| !self.removed.contains(number))
    }

    pub(crate) fn id_of(&self, name: &str) -> Option<FieldId> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn def(&self, field: FieldId) -> &FieldDef {
        &self.fields[usize::from(field)]
    }
}

/// All models.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    pub(crate) series: Series,
    pub(crate) series_name: String,
    pub(crate) models: Vec<Arc<ModelDef>>,
    pub(crate) by_name: HashMap<Arc<str>, ModelId>,
    /// How many tables of pairs there are.
    pub(crate) relations: usize,
    pointing: Vec<Vec<(ModelId, FieldId)>>,
    sides: Vec<Vec<Side>>,
}

impl Registry {
    pub(crate) fn new(schema: &Schema) -> Self {
        let series = Series::parse(&schema.series).unwrap_or(Series(19, 0));
        let facts = Facts::of(series);
        let names: Vec<Arc<str>> = schema.models.keys().map(|name| Arc::from(name.as_str())).collect();
        let by_name: HashMap<_, _> = names.iter().cloned().zip(0..).collect();
        let mut models: Vec<_> = names
            .into_iter()
            .zip(schema.models.values())
            .map(|(name, model)| ModelDef::new(&by_name, facts, name, model))
            .collect();
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
        Self { series, series_name: schema.series.clone(), models, by_name, relations, pointing, sides }
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
    fn new(by_name: &HashMap<Arc<str>, ModelId>, facts: Facts, name: Arc<str>, model: &Model) -> Self {
        let facts = facts.model(&name);
        let numbers: HashMap<Arc<str>, FieldId> =
            model.fields.keys().map(|name| Arc::from(name.as_str())).zip(0..).collect();
        let parents = delegations(facts, model);
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
        let rec_name = facts.text("rec_name").into_iter().chain(["name", "x_name"]).find(is_char);
        let parent = facts.text("parent").unwrap_or("parent_id");
        Self {
            label: model.label.clone().unwrap_or_else(|| name.to_string()),
            transient: model.transient,
            is_abstract: facts.flag("abstract") || !model.fields.contains_key("id"),
            order: pinned_order(facts.text("order").unwrap_or("id"), &model.fields),
            rec_name: rec_name.and_then(|name| numbers.get(name).copied()),
            names_search: facts.list("names_search"),
            parent: numbers.get(parent).copied(),
            has_parent_store: facts.flag("parent_store"),
            active: ["active", "x_active"].into_iter().find_map(|name| numbers.get(name).copied()),
            name,
            fields,
            by_name: numbers,
            inherits,
            facts,
            removed: HashSet::new(),
            pin_label: model.label.clone(),
            methods: model.methods.as_ref().map(|methods| methods.keys().cloned().collect()),
        }
    }
}

/// The many2one fields by which a model has the fields of another. Where nothing is known of the model, those that it needs and that
/// it has at least five fields along.
fn delegations(facts: ModelFacts, model: &Model) -> Vec<&str> {
    if facts.is_known() {
        return facts.object("inherits").filter_map(|(_, field)| field.as_str()).collect();
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
    fn new(
        by_name: &HashMap<Arc<str>, ModelId>,
        facts: ModelFacts,
        name: &Arc<str>,
        field: &Field,
        inherited: Option<FieldId>,
    ) -> Self {
        let fact = |key: &str| facts.field(name, key);
        let number = |key: &str| fact(key).and_then(serde_json::Value::as_u64);
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
            on_delete: match fact("ondelete").and_then(serde_json::Value::as_str) {
                Some("cascade") => OnDelete::Cascade,
                Some("restrict") => OnDelete::Restrict,
                None if field.required && !field.computed => OnDelete::Restrict,
                _ => OnDelete::SetNull,
            },
            is_copied: fact("copy").map_or(usual, |copy| copy == true),
            digits: number("digits").and_then(|digits| digits.try_into().ok()),
            size: number("size").and_then(|size| size.try_into().ok()),
            domain: fact("domain"),
            active_test: fact("active_test").and_then(serde_json::Value::as_bool),
        }
    }
}

#[cfg(test)]
impl FieldDef {
    /// A field of no model.
    pub(crate) fn plain(name: &str, field: Field) -> Self {
        let facts = Facts::of(Series(19, 0)).model("");
        Self::new(&HashMap::new(), facts, &Arc::from(name), &field, None)
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
