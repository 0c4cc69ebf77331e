//! From a schema to what will be printed: every name decided, every clash resolved, every selection placed.

mod limits;
mod required;
mod row;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::limits::Limits;
pub(crate) use self::required::{Relations, Required};
pub use self::row::{Rows, UsualRows};
use crate::fixes::{self, Fix, Fixes};
use crate::names::{self, Wanted};
use crate::schema::{Field, Method, Model, Parameter, Schema, Selection};
use crate::types::Type;

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

impl Marker<'_> {
    /// Whether its records may be above and below each other. What a model calls their parents (`_parent_name`), the server does
    /// not tell: here any relation of records to others of the same model will do, but for who made a user, and of what is not
    /// pinned nothing is known.
    pub(crate) fn has_parents(&self) -> bool {
        let is_to_itself = |(name, field): (&String, &Field)| {
            field.stored
                && field.relation.as_deref() == Some(self.model)
                && !matches!(name.as_str(), "create_uid" | "write_uid")
        };
        self.body.as_ref().is_none_or(|body| body.schema.fields.iter().any(is_to_itself))
    }
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
    /// Where its description is not the server's.
    pub(crate) fixes: &'a [Fix],
}

impl FieldIr<'_> {
    /// What it is called in Rust, where that is not as on the server.
    pub(crate) fn renamed(&self) -> Option<&str> {
        renamed(self.fixes)
    }

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
    /// The same values as other models have: an enum of the module of shared selections, by its path there.
    Shared(String),
}

/// An enum of the module of shared selections. It is called as the field is that the values are of, and is in a module that is
/// called after the model of that: what a person sees of it is what the code of that model says.
pub(crate) struct SharedEnum<'a> {
    pub(crate) module: String,
    pub(crate) type_name: String,
    pub(crate) selection: &'a Selection,
    /// The segments whose features need it.
    pub(crate) segments: BTreeSet<&'a str>,
    /// `model.field` of all that have it.
    pub(crate) users: Vec<(&'a str, &'a str)>,
}

/// Modules and features of a crate that are not those of a segment: `selections` and `fields` are modules of their own, `lib`
/// and `main` are roots of crates.
const RESERVED_MODULES: &[&str] = &["selections", "fields", "lib", "main", "all", "default", "methods"];

impl<'a> Crate<'a> {
    /// Of a schema to which the fixes were applied.
    pub(crate) fn lower(whole: &'a Schema, rows: &Rows, fixes: &'a Fixes) -> Self {
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

        let (shared, shared_names) = shared::place(whole);
        let relations = Relations::of(whole);
        let usual = UsualRows::of(whole);
        let holds = |model: &str, name: &str, field: &Field| rows.hold(&usual, model, name, field);
        let segments: Vec<Segment<'a>> = segments
            .into_iter()
            .map(|(segment, models)| {
                let module = names::ident_beside(segment, RESERVED_MODULES);
                let wanted = |name: fn(&str) -> (String, String)| {
                    names::resolve(models.keys().map(|model| model_wants(model, name)).collect())
                };
                let types = wanted(|rest| (names::camel(rest), capital(&names::spelt(rest))));
                let files =
                    wanted(|rest| (names::ident(&rest.replace('.', "_")), names::spelt(rest).to_ascii_lowercase()));
                let markers = models
                    .into_iter()
                    .zip(types.into_iter().zip(files))
                    .map(|((model, schema), (type_name, file))| Marker {
                        model,
                        type_name,
                        body: schema.map(|schema| {
                            Body::lower(whole, &holds, &relations, fixes, (model, schema), file, &shared_names)
                        }),
                    })
                    .collect();
                Segment { feature: module.clone(), module, markers }
            })
            .collect();
        let bodies = segments.iter().flat_map(|segment| &segment.markers).filter_map(|marker| marker.body.as_ref());
        let fields = bodies.flat_map(|body| &body.fields).filter(|field| field.limits.name().is_some());
        let limited = fields.map(|field| (field.name, names::ident(field.name))).collect();
        Self { segments, shared, limited }
    }
}

/// The names for what comes behind the first segment of a model. `sale.order` and a model that is called `order` alone
/// are in different segments; `x.x` and `x` are not.
fn model_wants(model: &str, name: fn(&str) -> (String, String)) -> Wanted {
    let (is_usual, rest) = match model.split_once('.') {
        Some((_, rest)) => (names::is_usual(rest, '.'), rest),
        None => (false, model),
    };
    let (plain, full) = name(rest);
    Wanted { plain, is_usual, full }
}

/// A type's name, which no module has.
fn capital(name: &str) -> String {
    match name.split_at_checked(1) {
        Some((first, rest)) if first.starts_with(|c: char| c.is_ascii_lowercase()) => first.to_ascii_uppercase() + rest,
        _ => format!("M{name}"),
    }
}

impl<'a> Body<'a> {
    fn lower(
        whole: &'a Schema,
        holds: &dyn Fn(&str, &str, &Field) -> bool,
        relations: &Relations<'a>,
        fixes: &'a Fixes,
        (model, schema): (&'a str, &'a Model),
        module: String,
        shared: &BTreeMap<Vec<&'a str>, String>,
    ) -> Self {
        let delegated = relations.delegated(schema);
        let mut enums: Vec<EnumIr<'a>> = Vec::new();
        // The enums of this module by their values.
        let mut here: BTreeMap<Vec<&str>, String> = BTreeMap::new();
        let mut fields: Vec<FieldIr<'a>> = Vec::with_capacity(schema.fields.len());
        for (name, field) in &schema.fields {
            let name = name.as_str();
            let fixes = fixes.get(model, name);
            let called = renamed(fixes).unwrap_or(name);
            let kind = kind(whole, called, field);
            if let (Kind::Selection(type_name), Some(selection)) = (&kind, &field.selection) {
                let values = selection.values();
                let source = match (shared.get(&values), here.get(&values)) {
                    (Some(shared), _) => EnumSource::Shared(shared.clone()),
                    (None, Some(known)) => EnumSource::Sibling(known.clone()),
                    (None, None) => {
                        if !values.is_empty() {
                            here.insert(values, type_name.clone());
                        }
                        EnumSource::Here(selection)
                    }
                };
                enums.push(EnumIr { type_name: type_name.clone(), field: name, source });
            }
            fields.push(FieldIr {
                name,
                schema: field,
                constant: names::constant(called),
                member: holds(model, name, field).then(|| names::ident(called)),
                limits: Limits::of(whole, model, name, field, &kind),
                kind,
                required: Required::of(relations, &delegated, model, name, field),
                fixes,
            });
        }
        // `id` first, where Odoo answers it whatever was asked; the others as the pin has them.
        fields.sort_by_key(|field| (field.name != "id", field.name));
        debug_assert!(names::is_model_name(model));
        let methods = schema.methods.as_ref().map(|schemas| methods(schemas, &fields)).unwrap_or_default();
        Self { module, schema, fields, enums, methods }
    }
}

fn renamed(fixes: &[Fix]) -> Option<&str> {
    fixes.iter().find_map(|fix| fix.name.as_deref())
}

/// Functions that markers have beside those of methods.
const RESERVED_FUNCTIONS: &[&str] = &["values"];

/// Names that an argument must not take: `ids` are the records themselves, the others would be patterns.
const RESERVED_ARGUMENTS: &[&str] = &["ids", "None", "Some", "Ok", "Err"];

fn methods<'a>(methods: &'a BTreeMap<String, Method>, fields: &[FieldIr<'_>]) -> Vec<MethodIr<'a>> {
    // A method `Stat` beside a field `sTAT`: they are in one namespace.
    let mut taken: BTreeSet<String> = fields.iter().map(|field| field.constant.clone()).collect();
    methods
        .iter()
        .map(|(name, schema)| {
            let mut function = names::ident_beside(name, RESERVED_FUNCTIONS);
            while !taken.insert(function.clone()) {
                function.push('_');
            }
            let given = schema.parameters.iter().filter(|parameter| parameter.default.is_none());
            let argument = |parameter: &Parameter| names::ident_beside(&parameter.name, RESERVED_ARGUMENTS);
            MethodIr { name, schema, function, arguments: given.map(|given| (argument(given), given)).collect() }
        })
        .collect()
}

pub(crate) fn first_segment(model: &str) -> &str {
    model.split('.').next().unwrap_or(model)
}

/// The Rust side of a field of this name.
pub(crate) fn kind<'a>(whole: &Schema, name: &str, field: &'a Field) -> Kind<'a> {
    match (Type::named(&field.ttype), field.relation.as_deref()) {
        _ if name == "id" => Kind::Id,
        _ if fixes::is_mistyped(whole, field) => Kind::Plain("Json"),
        _ if field.ttype == "selection" && field.selection.is_some() => Kind::Selection(names::enum_type(name)),
        (Some(Type { kind, is_relation: true, .. }), Some(relation)) => Kind::Relation(kind, relation),
        (Some(Type { kind, is_relation: false, .. }), _) => Kind::Plain(kind),
        // A relation to no model, and whatever type a later Odoo invents: any JSON.
        _ => Kind::Plain("Json"),
    }
}
