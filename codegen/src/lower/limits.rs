//! What the pinned Odoo can do with a field beside reading and writing it.

use super::Kind;
use crate::fixes;
use crate::schema::{Field, Schema};
use crate::types;

/// No field is related to another over more fields; a pin that somebody wrote by hand may go round in a circle.
const LONGEST: usize = 64;

/// Whether filters, orders, groups and aggregates take a field. What no field of its type can is not held against it: the
/// runtime knows that by the type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) filter: bool,
    pub(crate) order: bool,
    pub(crate) group: bool,
    pub(crate) aggregate: bool,
}

impl Limits {
    pub(crate) fn of(whole: &Schema, model: &str, name: &str, field: &Field, kind: &Kind<'_>) -> Self {
        let groupable = is_groupable(whole, name, field);
        let is_sorted = is_sorted(kind);
        Self {
            // Odoo filters by one property of them, and by them as a whole not at all (19.0).
            filter: is_searchable(whole, model, field, &mut LONGEST.clone())
                && !matches!(kind, Kind::Plain("Properties")),
            order: field.sortable || !is_sorted,
            group: groupable || !is_grouped(kind),
            // An aggregate needs what is a column in SQL, and these two together tell: on 14.0 and 19.0 aggregates of just
            // these fields work. `aggregator` is only what Odoo's own views offer.
            aggregate: field.sortable && groupable || !is_sorted,
        }
    }

    /// What it can, as the runtime calls it; nothing for a field without limits.
    pub(crate) fn name(self) -> Option<String> {
        let Self { filter, order, group, aggregate } = self;
        let can = [(filter, "Filter"), (order, "Order"), (group, "Group"), (aggregate, "Aggregate")];
        if can.iter().all(|(can, _)| *can) {
            return None;
        }
        let name: String = can.into_iter().filter(|(can, _)| *can).map(|(_, name)| name).collect();
        Some(if name.is_empty() { "Nothing".to_owned() } else { name })
    }
}

/// Whether a filter by the field of a model is not dropped on the way.
///
/// Up to 18 `fields_get` tells of a related field that is not stored what is true of the last one on its path. A filter by it is
/// one along that path, and is dropped where another on it is not searchable: `account.journal.country_code` of 14.0, which is
/// `company_id.country_id.code`, as a company has no country of its own.
fn is_searchable(whole: &Schema, model: &str, field: &Field, steps: &mut usize) -> bool {
    let Some(path) = field.related.as_deref().filter(|_| field.searchable && !field.stored) else {
        return field.searchable;
    };
    let mut at = Some(model);
    path.split('.').all(|step| {
        // What is not pinned is as it is told.
        let Some((of, field)) = at.and_then(|of| Some((of, whole.models.get(of)?.fields.get(step)?))) else {
            return true;
        };
        at = field.relation.as_deref();
        let Some(rest) = steps.checked_sub(1) else { return true };
        *steps = rest;
        is_searchable(whole, of, field, steps)
    })
}

/// Whether records can be grouped by the field.
///
/// `fields_get` tells it from 18.0 on. Before, `read_group` took what was a column of the model or of one it delegates to,
/// which is what `sortable` says there, and since 15.0 the many2many that are stored. (Those of a delegated model it took as
/// well, but which these are is not told.)
fn is_groupable(whole: &Schema, name: &str, field: &Field) -> bool {
    if fixes::says_groupable(name, field) {
        return false;
    }
    field.groupable.unwrap_or(match field.ttype.as_str() {
        "many2many" => field.stored && fixes::major(&whole.series) >= 15,
        _ => field.sortable,
    })
}

/// The types that the runtime can order by, and aggregate at least by counting: its `Sortable`.
fn is_sorted(kind: &Kind<'_>) -> bool {
    match kind {
        Kind::Id | Kind::Selection(_) => true,
        Kind::Relation(name, _) => *name == "Many2one",
        Kind::Plain(name) => types::is_sorted(name),
    }
}

/// The types that it can group by.
fn is_grouped(kind: &Kind<'_>) -> bool {
    match kind {
        Kind::Id => false,
        Kind::Selection(_) => true,
        Kind::Relation(name, _) => *name != "One2many",
        Kind::Plain(name) => types::is_grouped(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn can(series: &str, kind: &Kind<'_>, field: &Field) -> Option<String> {
        let whole = Schema { series: series.to_owned(), ..Schema::default() };
        Limits::of(&whole, "x.x", "x", field, kind).name()
    }

    #[test]
    fn what_no_field_of_the_type_can_is_no_limit() {
        let computed = |ttype: &str| Field { stored: false, sortable: false, ..Field::new(ttype, "") };
        assert_eq!(can("19.0", &Kind::Relation("One2many", "x.line"), &computed("one2many")), None);
        assert_eq!(can("19.0", &Kind::Plain("Float"), &computed("float")).as_deref(), Some("Filter"));
        let hidden = Field { searchable: false, ..computed("float") };
        assert_eq!(can("19.0", &Kind::Plain("Float"), &hidden).as_deref(), Some("Nothing"));
    }

    /// As 14.0 describes them.
    #[test]
    fn a_filter_along_what_is_not_searchable_would_be_dropped() {
        let link = |to: &str| Field { relation: Some(to.to_owned()), ..Field::new("many2one", "") };
        let related = |path: &str| Field {
            stored: false,
            sortable: false,
            related: Some(path.to_owned()),
            ..Field::new("char", "")
        };
        let fields = [
            ("res.country", "code", Field::new("char", "")),
            ("res.company", "country_id", Field { stored: false, searchable: false, ..link("res.country") }),
            ("res.company", "country_code", related("country_id.code")),
            ("account.journal", "company_id", link("res.company")),
            ("account.journal", "country_code", related("company_id.country_id.code")),
            ("account.move", "journal_id", link("account.journal")),
            ("account.move", "country_code", related("journal_id.country_code")),
            ("account.move", "name", related("journal_id.company_id.name")),
            ("account.move", "stored", Field { stored: true, ..related("journal_id.country_code") }),
            ("account.move", "circle", related("circle")),
        ];
        let mut whole = Schema { series: "14.0".to_owned(), ..Schema::default() };
        for (model, name, field) in fields {
            whole.models.entry(model.to_owned()).or_default().fields.insert(name.to_owned(), field);
        }
        for (model, name, filter) in [
            ("res.company", "country_code", false),
            ("account.journal", "country_code", false),
            ("account.move", "country_code", false),
            ("account.move", "name", true),
            ("account.move", "stored", true),
            ("account.move", "circle", true),
        ] {
            let limits = Limits::of(&whole, model, name, &whole.models[model].fields[name], &Kind::Plain("Char"));
            assert_eq!(limits.filter, filter, "{model}.{name}");
        }
    }

    #[test]
    fn groups_are_as_told_or_by_series() {
        let tags = Field { sortable: false, ..Field::new("many2many", "") };
        let kind = Kind::Relation("Many2many", "x.tag");
        assert_eq!(can("14.0", &kind, &tags).as_deref(), Some("FilterOrderAggregate"));
        assert_eq!(can("16.0", &kind, &tags), None);
        let told = Field { stored: false, groupable: Some(false), ..tags };
        assert_eq!(can("18.0", &kind, &told).as_deref(), Some("FilterOrderAggregate"));
        // As 19.0 says of `project.project.is_favorite` and `crm.lead.activity_state`.
        let favorite = Field { stored: false, groupable: Some(false), ..Field::new("boolean", "") };
        assert_eq!(can("19.0", &Kind::Plain("Boolean"), &favorite).as_deref(), Some("FilterOrder"));
        let state = Field { stored: false, sortable: false, groupable: Some(true), ..Field::new("char", "") };
        assert_eq!(can("19.0", &Kind::Plain("Char"), &state).as_deref(), Some("FilterGroup"));
    }
}
