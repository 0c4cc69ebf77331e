//! From a schema to what will be printed: every name decided, every clash resolved, every selection placed.

mod limits;
mod required;
mod row;

use std::collections::{BTreeMap, BTreeSet};

use self::limits::Limits;
pub(crate) use self::required::Required;
pub use self::row::{Rows, is_in_row};
use crate::fixups;
use crate::names::{self, Scope};
use crate::schema::{Field, Method, Model, Parameter, Schema, Selection};

/// A generated crate, ready to print.
pub(crate) struct Crate<'a> {
    pub(crate) segments: Vec<Segment<'a>>,
    /// Selections that several models have, emitted once.
    pub(crate) shared: Vec<SharedEnum<'a>>,
    /// The names of the fields with limits, and the types that are called after them.
    pub(crate) limited: BTreeMap<&'a str, String>,
}

/// All models whose names start alike: one folder, one feature.
pub(crate) struct Segment<'a> {
    pub(crate) module: String,
    pub(crate) feature: String,
    pub(crate) markers: Vec<Marker<'a>>,
}

/// The type that stands for a model. It is there for every model the schema names, pinned or only pointed to.
pub(crate) struct Marker<'a> {
    pub(crate) model: &'a str,
    pub(crate) type_name: String,
    pub(crate) body: Option<Body<'a>>,
}

/// What a pinned model has beyond its marker.
pub(crate) struct Body<'a> {
    pub(crate) module: String,
    pub(crate) schema: &'a Model,
    pub(crate) fields: Vec<FieldIr<'a>>,
    pub(crate) enums: Vec<EnumIr<'a>>,
    pub(crate) methods: Vec<MethodIr<'a>>,
}

pub(crate) struct MethodIr<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: &'a Method,
    /// The identifier of the function.
    pub(crate) function: String,
    /// Those without a default, which are arguments of the function, and their identifiers there.
    pub(crate) arguments: Vec<(String, &'a Parameter)>,
}

pub(crate) struct FieldIr<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: &'a Field,
    pub(crate) constant: String,
    /// The identifier in the whole row, for a field that is part of it.
    pub(crate) member: Option<String>,
    pub(crate) kind: Kind<'a>,
    pub(crate) limits: Limits,
    /// What is to be known of it when a record is made.
    pub(crate) required: Option<Required<'a>>,
}

impl FieldIr<'_> {
    /// Odoo's name of the type, or `json` where the values can be any JSON.
    pub(crate) fn ttype(&self) -> &str {
        if matches!(self.kind, Kind::Plain("Json")) { "json" } else { &self.schema.ttype }
    }
}

/// The Rust side of an Odoo type.
pub(crate) enum Kind<'a> {
    /// The record's own `id`.
    Id,
    /// A type of the runtime that needs nothing else: its name there.
    Plain(&'static str),
    /// A relation: the runtime's name, and the model it points to.
    Relation(&'static str, &'a str),
    /// A selection: the name of its enum in the model's module.
    Selection(String),
}

pub(crate) struct EnumIr<'a> {
    pub(crate) type_name: String,
    pub(crate) field: &'a str,
    pub(crate) source: EnumSource<'a>,
}

pub(crate) enum EnumSource<'a> {
    /// Defined here.
    Here(&'a Selection),
    /// The same values as an enum of this module.
    Sibling(String),
    /// The same values as other models have: an enum of the module of shared selections.
    Shared(String),
}

pub(crate) struct SharedEnum<'a> {
    pub(crate) type_name: String,
    pub(crate) selection: &'a Selection,
    /// The segments whose features need it.
    pub(crate) segments: BTreeSet<&'a str>,
    /// `model.field` of all that have it.
    pub(crate) users: Vec<(&'a str, &'a str)>,
}

/// Names that a selection enum must not take in a model's module, because generated code means the usual ones.
const RESERVED_TYPES: &[&str] = &["Row", "Option", "Vec", "String", "Some", "None", "Default", "Self"];

impl<'a> Crate<'a> {
    pub(crate) fn lower(whole: &'a Schema, rows: &Rows) -> Self {
        let mut segments: BTreeMap<&str, BTreeMap<&'a str, Option<&'a Model>>> = BTreeMap::new();
        for (name, model) in &whole.models {
            segments.entry(first_segment(name)).or_default().insert(name, Some(model));
            for relation in model.fields.values().filter_map(|field| field.relation.as_deref()) {
                segments.entry(first_segment(relation)).or_default().entry(relation).or_insert(None);
            }
        }
        // A model may be seen as a relation before it is seen itself.
        for (name, model) in &whole.models {
            segments.entry(first_segment(name)).or_default().insert(name, Some(model));
        }

        let (shared, shared_names) = place_selections(whole);
        // `selections` and `fields` are modules of their own, `lib` and `main` are roots of crates, `all`, `default` and
        // `methods` are features of their own.
        let mut modules = Scope::with_reserved(&["selections", "fields", "lib", "main", "all", "default", "methods"]);
        let segments: Vec<Segment<'a>> = segments
            .into_iter()
            .map(|(segment, models)| {
                let module = modules.claim(names::snake(segment), "_");
                let rest = |model: &'a str| model.split_once('.').map_or(model, |(_, rest)| rest);
                let types = models.keys().map(|model| names::camel(rest(model))).collect();
                let files = models.keys().map(|model| names::snake(&rest(model).replace('.', "_"))).collect();
                let types = Scope::default().claim_all(types, "");
                let files = Scope::default().claim_all(files, "_");
                let markers = models
                    .into_iter()
                    .zip(types.into_iter().zip(files))
                    .map(|((model, schema), (type_name, file))| Marker {
                        model,
                        type_name,
                        body: schema.map(|schema| Body::lower(whole, rows, model, schema, file, &shared_names)),
                    })
                    .collect();
                Segment { feature: module.clone(), module, markers }
            })
            .collect();
        let bodies = segments.iter().flat_map(|segment| &segment.markers).filter_map(|marker| marker.body.as_ref());
        let fields = bodies.flat_map(|body| &body.fields).filter(|field| field.limits.name().is_some());
        let limited: BTreeSet<&str> = fields.map(|field| field.name).collect();
        let types = Scope::default().claim_all(limited.iter().map(|name| names::snake(name)).collect(), "_");
        let limited = limited.into_iter().zip(types).collect();
        Self { segments, shared, limited }
    }
}

impl<'a> Body<'a> {
    fn lower(
        whole: &'a Schema,
        rows: &Rows,
        model: &'a str,
        schema: &'a Model,
        module: String,
        shared: &BTreeMap<Vec<&'a str>, String>,
    ) -> Self {
        let mut constants = Scope::default();
        let mut members = Scope::default();
        let mut types = Scope::with_reserved(RESERVED_TYPES);
        let mut enums: Vec<EnumIr<'a>> = Vec::new();
        let mut fields: Vec<FieldIr<'a>> = Vec::with_capacity(schema.fields.len());
        for (name, field) in in_naming_order(&schema.fields) {
            let kind = match (field.ttype.as_str(), field.relation.as_deref(), &field.selection) {
                _ if name == "id" => Kind::Id,
                _ if fixups::is_mistyped(whole, field) => Kind::Plain("Json"),
                ("selection", _, Some(selection)) => {
                    let type_name = types.claim(names::camel(name), "");
                    let source = match shared.get(&selection.values()) {
                        Some(shared) => EnumSource::Shared(shared.clone()),
                        None => match enums.iter().find(|known| known.is(selection)) {
                            Some(known) => EnumSource::Sibling(known.type_name.clone()),
                            None => EnumSource::Here(selection),
                        },
                    };
                    enums.push(EnumIr { type_name: type_name.clone(), field: name, source });
                    Kind::Selection(type_name)
                }
                (ttype, Some(relation), _) if relation_kind(ttype).is_some() => {
                    Kind::Relation(relation_kind(ttype).unwrap_or("Json"), relation)
                }
                (ttype, ..) => Kind::Plain(plain_kind(ttype)),
            };
            fields.push(FieldIr {
                name,
                schema: field,
                constant: constants.claim(names::constant(name), "_"),
                member: rows.hold(whole, (model, schema), name, field).then(|| members.claim(names::snake(name), "_")),
                limits: Limits::of(whole, name, field, &kind),
                kind,
                required: Required::of(whole, model, name, field),
            });
        }
        // `id` first, where Odoo answers it whatever was asked; the others as the pin has them.
        fields.sort_by_key(|field| (field.name != "id", field.name));
        debug_assert!(names::is_model_name(model));
        Self { module, schema, fields, enums, methods: schema.methods.as_ref().map(methods).unwrap_or_default() }
    }
}

/// Functions that markers have beside those of methods.
const RESERVED_FUNCTIONS: &[&str] = &["values"];

fn methods(methods: &BTreeMap<String, Method>) -> Vec<MethodIr<'_>> {
    // Of two that differ only by case, the one that is its own identifier keeps it, as with fields.
    let mut methods: Vec<_> = methods.iter().collect();
    methods.sort_by_key(|(name, _)| (names::snake(name) != **name, *name));
    let wanted = methods.iter().map(|(name, _)| names::snake(name)).collect();
    let functions = Scope::with_reserved(RESERVED_FUNCTIONS).claim_all(wanted, "_");
    let mut methods: Vec<_> = methods
        .into_iter()
        .zip(functions)
        .map(|((name, method), function)| {
            let given: Vec<_> = method.parameters.iter().filter(|parameter| parameter.default.is_none()).collect();
            let wanted = given.iter().map(|parameter| names::snake(&parameter.name)).collect();
            // `ids` are the records themselves.
            let idents = Scope::with_reserved(&["ids"]).claim_all(wanted, "_");
            MethodIr { name, schema: method, function, arguments: idents.into_iter().zip(given).collect() }
        })
        .collect();
    methods.sort_by_key(|method| method.name);
    methods
}

impl EnumIr<'_> {
    fn is(&self, selection: &Selection) -> bool {
        matches!(self.source, EnumSource::Here(here) if !here.0.is_empty() && here.values() == selection.values())
    }
}

/// Fields in the order in which they get their identifiers: of two that differ only by case (`Stat`, `stat`), the one
/// that is its own identifier keeps it, whatever else the model has.
fn in_naming_order(fields: &BTreeMap<String, Field>) -> Vec<(&str, &Field)> {
    let mut fields: Vec<_> = fields.iter().map(|(name, field)| (name.as_str(), field)).collect();
    fields.sort_by_key(|(name, _)| (names::snake(name) != *name, *name));
    fields
}

/// A field that has a selection: whether it is a related one, its model, its name, and the selection itself.
type User<'a> = (bool, &'a str, &'a str, &'a Selection);

/// Finds the selections that several models have, and names them after the first field that has them, a related field
/// only if there is no other. Their labels are that field's as well: whether two fields have the same labels depends on
/// the language, and what is shared must not.
fn place_selections(schema: &Schema) -> (Vec<SharedEnum<'_>>, BTreeMap<Vec<&str>, String>) {
    let mut users: BTreeMap<Vec<&str>, BTreeSet<User<'_>>> = BTreeMap::new();
    for (model, fields) in &schema.models {
        for (name, field) in &fields.fields {
            if let (Some(selection), "selection") = (&field.selection, field.ttype.as_str()) {
                users.entry(selection.values()).or_default().insert((field.related.is_some(), model, name, selection));
            }
        }
    }
    let mut shared: Vec<(String, Vec<&str>, BTreeSet<User<'_>>)> = users
        .into_iter()
        // Two that have no values yet have nothing in common.
        .filter(|(values, _)| !values.is_empty())
        .filter(|(_, users)| users.iter().map(|(_, model, ..)| model).collect::<BTreeSet<_>>().len() > 1)
        .filter_map(|(values, users)| {
            let (_, model, field, _) = users.first()?;
            Some((names::camel(&format!("{model}.{field}")), values, users))
        })
        .collect();
    shared.sort();
    let mut types = Scope::with_reserved(RESERVED_TYPES);
    let mut named = BTreeMap::new();
    let shared = shared
        .into_iter()
        .filter_map(|(wanted, values, users)| {
            let type_name = types.claim(wanted, "");
            named.insert(values, type_name.clone());
            Some(SharedEnum {
                type_name,
                selection: users.first()?.3,
                segments: users.iter().map(|(_, model, ..)| first_segment(model)).collect(),
                users: users.into_iter().map(|(_, model, field, _)| (model, field)).collect(),
            })
        })
        .collect();
    (shared, named)
}

pub(crate) fn first_segment(model: &str) -> &str {
    model.split('.').next().unwrap_or(model)
}

fn relation_kind(ttype: &str) -> Option<&'static str> {
    match ttype {
        "many2one" => Some("Many2one"),
        "one2many" => Some("One2many"),
        "many2many" => Some("Many2many"),
        _ => None,
    }
}

fn plain_kind(ttype: &str) -> &'static str {
    match ttype {
        "binary" => "Binary",
        "boolean" => "Boolean",
        "char" => "Char",
        "date" => "Date",
        "datetime" => "Datetime",
        "float" => "Float",
        "html" => "Html",
        "integer" => "Integer",
        "many2one_reference" => "Many2oneReference",
        "monetary" => "Monetary",
        "properties" => "Properties",
        "properties_definition" => "PropertiesDefinition",
        "reference" => "Reference",
        // A selection whose values the server would not tell.
        "selection" | "text" => "Text",
        // `json`, and whatever type a later Odoo invents: any JSON.
        _ => "Json",
    }
}
