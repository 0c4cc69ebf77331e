//! Selections that several models have: emitted once, and named after the field that they are of.

use std::collections::{BTreeMap, BTreeSet};

use super::{SharedEnum, first_segment};
use crate::names::{self, Wanted};
use crate::schema::{Field, Schema, Selection};

/// A model and one of its fields.
type Place<'a> = (&'a str, &'a str);

/// The first segments of models in the order in which Odoo's modules build on each other, of what other modules take
/// selections from. Whatever is not here is on top.
///
/// So that a name stays when an app is installed: what the app brings comes after what it builds on. Apps that know nothing of
/// each other are in some order as well; where they have the same values by chance, which is seldom, the name can change.
const LAYERS: &[&str] = &[
    "res",
    "ir",
    "base",
    "bus",
    "iap",
    "mail",
    "sms",
    "phone",
    "rating",
    "portal",
    "digest",
    "resource",
    "utm",
    "link",
    "calendar",
    "uom",
    "product",
    "analytic",
    "account",
    "payment",
    "onboarding",
    "stock",
    "sale",
    "purchase",
    "mrp",
    "repair",
    "pos",
    "crm",
    "hr",
    "project",
    "fleet",
    "maintenance",
    "event",
    "survey",
    "mailing",
    "discuss",
    "website",
];

/// Finds the selections that several models have, by their values, with the path below the module of shared selections that
/// each has there. Its labels are those of the field that it is named after: whether two fields have the same labels depends on
/// the language, and what is shared must not.
pub(super) fn place(schema: &Schema) -> (Vec<SharedEnum<'_>>, BTreeMap<Vec<&str>, String>) {
    let mut users: BTreeMap<Vec<&str>, Vec<(Place<'_>, &Selection)>> = BTreeMap::new();
    for (model, fields) in &schema.models {
        for (name, field) in &fields.fields {
            if let (Some(selection), "selection") = (&field.selection, field.ttype.as_str()) {
                users.entry(selection.values()).or_default().push(((model, name), selection));
            }
        }
    }
    // Two that have no values yet have nothing in common; and one model may have them in several fields.
    let is_shared = |values: &[&str], users: &[(Place<'_>, &Selection)]| {
        !values.is_empty() && users.iter().any(|((model, _), _)| *model != users[0].0.0)
    };
    let mut homes = BTreeMap::new();
    for (values, users) in users.iter().filter(|(values, users)| is_shared(values, users)) {
        let roots = users.iter().map(|(place, _)| root(schema, *place, values));
        let home = roots.min_by_key(|place| rank(schema, *place));
        // The root may be a field that is not in the pin, of which others say something else.
        let home = home.filter(|home| !homes.contains_key(home)).or_else(|| users.first().map(|(place, _)| *place));
        homes.extend(home.map(|home| (home, (values, users))));
    }
    let models: BTreeSet<&str> = homes.keys().map(|(model, _)| *model).collect();
    let wanted = |model: &&str| Wanted {
        plain: names::ident(&model.replace('.', "_")),
        is_usual: names::is_usual(model, '.'),
        full: names::spelt(model).to_ascii_lowercase(),
    };
    let modules = names::resolve(models.iter().map(wanted).collect());
    let modules: BTreeMap<_, _> = models.into_iter().zip(modules).collect();
    let mut paths = BTreeMap::new();
    let shared = homes.into_iter().filter_map(|(home, (values, users))| {
        let (module, type_name) = (modules.get(home.0)?.clone(), names::enum_type(home.1));
        paths.insert(values.clone(), format!("{module}::{type_name}"));
        let labelled = users.iter().find(|(place, _)| *place == home).or(users.first())?;
        Some(SharedEnum {
            module,
            type_name,
            selection: labelled.1,
            segments: users.iter().map(|((model, _), _)| first_segment(model)).collect(),
            users: users.iter().map(|(place, _)| *place).collect(),
        })
    });
    let shared = shared.collect();
    (shared, paths)
}

/// The field that one is `related` to, over however many steps, as far as it has these values.
fn root<'a>(schema: &'a Schema, place: Place<'a>, values: &[&str]) -> Place<'a> {
    let mut at = place;
    // A pin that somebody wrote by hand may go round in a circle.
    for _ in 0..8 {
        let Some(next) = field(schema, at).and_then(|field| related(schema, at.0, field.related.as_deref()?)) else {
            return at;
        };
        let has_them = |field: &Field| field.selection.as_ref().is_some_and(|selection| selection.values() == values);
        if schema.models.contains_key(next.0) && !field(schema, next).is_some_and(has_them) {
            return at;
        }
        at = next;
    }
    at
}

/// Where a path from a model leads.
fn related<'a>(schema: &'a Schema, model: &'a str, path: &'a str) -> Option<Place<'a>> {
    let (steps, last) = path.rsplit_once('.')?;
    let step = |model: &'a str, step: &'a str| field(schema, (model, step))?.relation.as_deref();
    Some((steps.split('.').try_fold(model, step)?, last))
}

fn field<'a>(schema: &'a Schema, (model, name): Place<'_>) -> Option<&'a Field> {
    schema.models.get(model)?.fields.get(name)
}

/// Which of several fields with the same values is the one that the others have them from, judged by each alone: not one that
/// could not be followed to its root, one of a wizard or of a report; rather one of a mixin, which others inherit; not one of
/// what builds on others, nor one that is computed.
fn rank<'a>(schema: &Schema, (model, name): Place<'a>) -> impl Ord + use<'a> {
    let segment = first_segment(model);
    let layer = LAYERS.iter().position(|layer| *layer == segment).unwrap_or(LAYERS.len());
    let is_wizard = schema.models.get(model).is_some_and(|model| model.transient);
    let has_segment = |name: &str| model.split('.').any(|segment| segment == name);
    let field = field(schema, (model, name));
    let is = |what: fn(&Field) -> bool| field.is_some_and(what);
    let is_derived = (is(|field| !field.stored), is(|field| field.computed));
    let is_related = is(|field| field.related.is_some());
    let (is_report, is_no_mixin) = (has_segment("report"), !has_segment("mixin"));
    (is_related, is_wizard, is_report, is_no_mixin, layer, is_derived, model.split('.').count(), model, name)
}
