//! What a model and a field are: their numbers, types, and what is known of each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use odoo_codegen::Field;

use crate::facts::{ModelFacts, OnDelete};

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
    /// What Odoo's code calls it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Html => "Html",
            Self::Selection => "Selection",
            Self::Reference => "Reference",
            Self::Integer => "Integer",
            Self::Many2oneReference => "Many2oneReference",
            Self::Float => "Float",
            Self::Monetary => "Monetary",
            Self::Boolean => "Boolean",
            Self::Date => "Date",
            Self::Datetime => "Datetime",
            Self::Binary => "Binary",
            _ => "Char",
        }
    }

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
    pub(crate) fn named(name: &str) -> Self {
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
    pub(crate) domain: Option<serde_json::Value>,
    /// `active_test` in the context of the field.
    pub(crate) active_test: Option<bool>,
}

impl FieldDef {
    /// Whether the database has it: a column, or a table of pairs, or the column of the far side.
    pub(crate) fn is_stored(&self) -> bool {
        self.pin.stored
    }

    /// Whether it has values of its own, be it in the database of another model: those that differ by company, up to 17.
    pub(crate) fn is_held(&self) -> bool {
        self.pin.stored || self.pin.company_dependent
    }

    /// The parts of the path that a related field follows.
    pub(crate) fn related(&self) -> Option<impl Iterator<Item = &str>> {
        self.pin.related.as_ref().filter(|_| !self.pin.stored).map(|path| path.split('.'))
    }

    /// Whether only Odoo's Python knows the value.
    pub(crate) fn is_computed(&self) -> bool {
        !self.is_held() && self.pin.related.is_none() && self.side.is_none() && self.inverse.is_none()
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
    pub(crate) names_search: Option<Vec<String>>,
    /// The many2one by which records of the model are a tree.
    pub(crate) parent: Option<FieldId>,
    pub(crate) has_parent_store: bool,
    pub(crate) active: Option<FieldId>,
    /// The many2one fields along which it has the fields of another model, and that model.
    pub(crate) inherits: Vec<(FieldId, ModelId)>,
    pub(crate) facts: Arc<ModelFacts>,
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
