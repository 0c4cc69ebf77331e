//! The models of a pin, with numbers in the place of names: what every call looks up.

use std::collections::HashMap;
use std::sync::Arc;

use odoo_codegen::{Field, Schema};

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

/// One field.
#[derive(Clone, Debug)]
pub(crate) struct FieldDef {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) pin: Arc<Field>,
}

/// One model.
#[derive(Clone, Debug)]
pub(crate) struct ModelDef {
    pub(crate) name: Arc<str>,
    pub(crate) label: String,
    pub(crate) transient: bool,
    pub(crate) fields: Vec<FieldDef>,
    pub(crate) by_name: HashMap<Arc<str>, FieldId>,
}

/// All models.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    pub(crate) series: Series,
    pub(crate) series_name: String,
    pub(crate) models: Vec<Arc<ModelDef>>,
    pub(crate) by_name: HashMap<Arc<str>, ModelId>,
}

impl Registry {
    pub(crate) fn new(schema: &Schema) -> Self {
        let mut models = Vec::with_capacity(schema.models.len());
        let mut by_name = HashMap::with_capacity(schema.models.len());
        for (name, model) in &schema.models {
            let name: Arc<str> = Arc::from(name.as_str());
            by_name.insert(Arc::clone(&name), models.len());
            let fields: Vec<_> = model
                .fields
                .iter()
                .map(|(name, field)| FieldDef {
                    name: Arc::from(name.as_str()),
                    kind: Kind::named(&field.ttype),
                    pin: Arc::new(field.clone()),
                })
                .collect();
            let numbers = (0..).zip(&fields).map(|(number, field)| (Arc::clone(&field.name), number)).collect();
            models.push(Arc::new(ModelDef {
                name,
                label: model.label.clone().unwrap_or_default(),
                transient: model.transient,
                fields,
                by_name: numbers,
            }));
        }
        let series = Series::parse(&schema.series).unwrap_or(Series(19, 0));
        Self { series, series_name: schema.series.clone(), models, by_name }
    }

    pub(crate) fn model(&self, name: &str) -> Option<&Arc<ModelDef>> {
        self.by_name.get(name).map(|number| &self.models[*number])
    }
}
