//! The schema of one Odoo: what a pin holds and the generator reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything the generator knows of one Odoo database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The series of the server, as `common.version` says it: `19.0`, `saas~18.4`.
    pub series: String,
    /// Installed modules and their versions. `None` where the account that introspected was not allowed to read them.
    pub modules: Option<BTreeMap<String, String>>,
    /// The models by technical name (`sale.order`).
    pub models: BTreeMap<String, Model>,
}

/// One model: its label, its fields and its methods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What Odoo calls the model in its user interface. `None` where `ir.model` could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether records are wizards that Odoo removes by itself (`TransientModel`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub transient: bool,
    /// The fields by technical name (`partner_id`).
    pub fields: BTreeMap<String, Field>,
    /// The public methods that not every model has, by name (`action_confirm`). `None` where the server did not tell: before
    /// Odoo 19, or where the account that introspected may not read the API documentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methods: Option<BTreeMap<String, Method>>,
}

/// One public method, as Odoo's own API documentation describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// The module that brings the method.
    pub module: String,
    /// The model that brings it, where that is another one that this model inherits from: `mail.thread`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited: Option<String>,
    /// What it does: plain text with `code`, `- ` before the items of lists, and four spaces before literal lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether it is called on the model itself rather than on records (`@api.model`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub on_model: bool,
    /// Whether it only reads (`@api.readonly`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub readonly: bool,
    /// Its parameters, in the order in which it declares them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// Whether it takes arguments of any other name (`**kwargs`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub takes_more: bool,
    /// The annotation of what it returns: `bool`, `list[int]`. Python's, or a word of the docs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// What is said of what it returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns_help: Option<String>,
}

/// A parameter of a [`Method`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name, which is how an argument is given.
    pub name: String,
    /// The annotation of its type: `int`, `list(int)`. Python's, or a word of the docs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotation: Option<String>,
    /// Its default in JSON, or `…` for one that is none or is long. Without a default it must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// One field, as `fields_get` describes it, made the same across Odoo versions.
///
/// Attributes at their usual value are left out of the pin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Odoo's name of the type: `char`, `many2one` …
    #[serde(rename = "type")]
    pub ttype: String,
    /// What Odoo calls the field in its user interface (`string`).
    pub label: String,
    /// The tooltip, without surrounding white space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The model that a relational field points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// The many2one on the far side of a one2many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation_field: Option<String>,
    /// For a related field, the path it follows: `partner_id.email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<String>,
    /// The field that holds the currency of a monetary one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_field: Option<String>,
    /// The aggregate that Odoo offers when it groups: `sum`, `avg` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregator: Option<String>,
    /// Whether the user interface insists on a value. The server may still fill it by itself.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Of a required field that is not computed: whether a new record has a value by itself (`default_get`), for the account
    /// that introspected. `None` where the server did not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Whether the user interface refuses changes. The server takes writes to many of these.
    #[serde(default, skip_serializing_if = "is_false")]
    pub readonly: bool,
    /// Whether the value is a column (or a relation table) of the database, rather than computed when read.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub stored: bool,
    /// Whether a domain may filter on it.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub searchable: bool,
    /// Whether records can be ordered by it.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub sortable: bool,
    /// Whether records can be grouped by it, where the server says so (18 and later) and it is not what else is known of the
    /// field: that it is sortable, or a stored many2many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groupable: Option<bool>,
    /// Whether the value depends on other fields: Odoo computes it, so that a caller rarely gives it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub computed: bool,
    /// Whether the value differs by language.
    #[serde(default, skip_serializing_if = "is_false")]
    pub translated: bool,
    /// Whether the value differs by company.
    #[serde(default, skip_serializing_if = "is_false")]
    pub company_dependent: bool,
    /// The values of a `selection`, in Odoo's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Selection>,
}

impl Field {
    /// A stored field of this type and label, and nothing else said of it.
    pub fn new(ttype: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            ttype: ttype.into(),
            label: label.into(),
            help: None,
            relation: None,
            relation_field: None,
            related: None,
            currency_field: None,
            aggregator: None,
            required: false,
            default: None,
            readonly: false,
            stored: true,
            searchable: true,
            sortable: true,
            groupable: None,
            computed: false,
            translated: false,
            company_dependent: false,
            selection: None,
        }
    }
}

/// The values of a selection with their labels, in Odoo's order (which is often the order of a workflow).
///
/// In the pin it is a JSON object, one line a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selection(pub Vec<(String, String)>);

impl Selection {
    /// The values alone: unlike the labels, they are the same in every language.
    pub(crate) fn values(&self) -> Vec<&str> {
        self.0.iter().map(|(value, _)| value.as_str()).collect()
    }
}

impl Serialize for Selection {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(value, label)| (value, label)))
    }
}

impl<'de> Deserialize<'de> for Selection {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> serde::de::Visitor<'de> for InOrder {
            type Value = Selection;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of selection values and labels")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Selection, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Selection(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

fn is_false(value: &bool) -> bool {
    !*value
}
