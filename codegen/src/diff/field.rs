//! What changed about a field, by what code can do with it.

use std::collections::BTreeMap;

use super::change::Changes;
use super::{What, pairs};
use crate::lower::{Kind, Limits, Relations, Required, UsualRows, kind};
use crate::schema::{Field, Model, Schema, Selection};

/// A schema, and what is found out about all of it once.
pub(super) struct Side<'a> {
    schema: &'a Schema,
    relations: Relations<'a>,
    rows: UsualRows<'a>,
    nothing: BTreeMap<&'a str, &'a str>,
}

impl<'a> Side<'a> {
    pub(super) fn of(schema: &'a Schema) -> Self {
        let nothing = BTreeMap::new();
        Self { schema, relations: Relations::of(schema), rows: UsualRows::of(schema), nothing }
    }

    /// The models that a model delegates to, by the many2one.
    pub(super) fn parents(&self, model: &str) -> &BTreeMap<&'a str, &'a str> {
        self.rows.parents(model).unwrap_or(&self.nothing)
    }

    pub(super) fn model<'s>(&'s self, name: &'a str, model: &'a Model) -> OfModel<'s, 'a> {
        OfModel { side: self, name, delegated: self.relations.delegated(model) }
    }
}

/// A model of one of the two.
pub(super) struct OfModel<'s, 'a> {
    side: &'s Side<'a>,
    name: &'a str,
    delegated: BTreeMap<&'a str, &'a str>,
}

impl<'a> OfModel<'_, 'a> {
    pub(super) fn field(&self, name: &str, field: &'a Field) -> Seen<'a> {
        let Side { schema, relations, rows, .. } = self.side;
        let kind = kind(schema, name, field);
        let required = Required::of(relations, &self.delegated, self.name, name, field);
        Seen {
            field,
            limits: Limits::of(schema, self.name, name, field, &kind),
            kind,
            must_be_given: matches!(required, Some(Required::Given | Required::Parent(_))),
            in_rows: rows.hold(self.name, name, field),
        }
    }
}

/// A field, as code sees it.
pub(super) struct Seen<'a> {
    field: &'a Field,
    kind: Kind<'a>,
    limits: Limits,
    must_be_given: bool,
    in_rows: bool,
}

impl Seen<'_> {
    /// Its type in a word, with what a relation points to.
    fn ttype(&self) -> String {
        let ttype = self.field.ttype.as_str();
        match &self.kind {
            Kind::Relation(_, relation) => format!("{ttype} to {relation}"),
            // Code sees these as any JSON.
            Kind::Plain("Json") if ttype == "many2one" => "json".to_owned(),
            _ => ttype.to_owned(),
        }
    }

    fn has_type_of(&self, other: &Self) -> bool {
        self.field.ttype == other.field.ttype
            && match (&self.kind, &other.kind) {
                (Kind::Relation(..), Kind::Relation(..)) | (Kind::Selection(_), Kind::Selection(_)) => true,
                (Kind::Plain(was), Kind::Plain(is)) => was == is,
                (was, is) => matches!((was, is), (Kind::Id, Kind::Id)),
            }
    }
}

pub(super) fn diff(changes: &mut Changes, was: Option<Seen<'_>>, is: Option<Seen<'_>>) {
    let nothing = None::<&str>;
    match (was, is) {
        (Some(was), Some(is)) => diff_both(changes, &was, &is),
        (Some(was), None) => drop(changes.add(What::FieldGone).values(Some(was.ttype()), nothing)),
        (None, Some(is)) => {
            let what = if is.must_be_given { What::FieldNewGiven } else { What::FieldNew };
            changes.add(what).values(nothing, Some(is.ttype()));
        }
        (None, None) => {}
    }
}

fn diff_both(changes: &mut Changes, was: &Seen<'_>, is: &Seen<'_>) {
    // A field that has another attribute does not compile here before it is compared too.
    let Field {
        ttype: _, // below, as code sees it
        label,
        help,
        relation,
        relation_field,
        related,
        currency_field,
        aggregator,
        required,
        default,
        readonly,
        stored,
        searchable: _, // these three by what they come to
        sortable: _,
        groupable: _,
        computed,
        translated,
        company_dependent,
        selection,
    } = was.field;
    let now = is.field;
    let mut flag = |was: bool, is: bool, set: What, unset: What| {
        if was != is {
            changes.add(if is { set } else { unset });
        }
    };
    flag(*readonly, now.readonly, What::ReadOnly, What::Writable);
    flag(*stored, now.stored, What::Stored, What::NotStored);
    flag(was.in_rows, is.in_rows, What::RowNew, What::RowGone);
    flag(was.limits.filter, is.limits.filter, What::CanFilter, What::CannotFilter);
    flag(was.limits.order, is.limits.order, What::CanOrder, What::CannotOrder);
    flag(was.limits.group, is.limits.group, What::CanGroup, What::CannotGroup);
    flag(was.limits.aggregate, is.limits.aggregate, What::CanAggregate, What::CannotAggregate);
    flag(*computed, now.computed, What::Computed, What::NotComputed);
    flag(*translated, now.translated, What::Translated, What::NotTranslated);
    flag(*company_dependent, now.company_dependent, What::CompanyDependent, What::NotCompanyDependent);
    match (*required, now.required) {
        (true, false) => drop(changes.add(What::NotRequired)),
        (false, true) if !is.must_be_given => drop(changes.add(What::Required)),
        // What was not known before is no change.
        (_, true) if is.must_be_given && !was.must_be_given && (!required || default.is_some()) => {
            changes.add(What::MustBeGiven);
        }
        (true, true) if *default != now.default => {
            changes.add(What::DefaultKnown).values(*default, now.default);
        }
        _ => {}
    }
    let mut text = |was: &Option<String>, is: &Option<String>, what: What| {
        if was != is {
            changes.add(what).values(was.as_ref(), is.as_ref());
        }
    };
    text(related, &now.related, What::Related);
    if !was.has_type_of(is) {
        // With the type goes all that only that type has.
        changes.add(What::Type).values(Some(was.ttype()), Some(is.ttype()));
    } else {
        text(relation, &now.relation, What::Relation);
        text(relation_field, &now.relation_field, What::RelationField);
        text(currency_field, &now.currency_field, What::CurrencyField);
        text(aggregator, &now.aggregator, What::Aggregator);
        if let (Some(was), Some(is)) = (selection, &now.selection) {
            diff_selection(changes, was, is);
        }
    }
    if *label != now.label {
        changes.add(What::FieldLabel).values(Some(format!("{label:?}")), Some(format!("{:?}", now.label)));
    }
    if *help != now.help {
        changes.add(What::FieldHelp).values(help.as_ref(), now.help.as_ref());
    }
}

fn diff_selection(changes: &mut Changes, was: &Selection, is: &Selection) {
    if was == is {
        return;
    }
    let labels = |selection: &'_ Selection| -> BTreeMap<String, String> { selection.0.iter().cloned().collect() };
    let (old, new) = (labels(was), labels(is));
    let quoted = |label: Option<&String>| label.map(|label| format!("{label:?}"));
    for (value, was, is) in pairs(&old, &new) {
        match (was, is) {
            (Some(was), Some(is)) if was == is => {}
            (Some(_), Some(_)) => {
                changes.add(What::ValueLabel).item(value).values(quoted(was), quoted(is));
            }
            _ => {}
        }
    }
    for (what, values, others) in [(What::ValueGone, was, &new), (What::ValueNew, is, &old)] {
        let values: Vec<_> = values.0.iter().filter(|(value, _)| !others.contains_key(value)).collect();
        if !values.is_empty() {
            changes.add(what).items = values.into_iter().map(|(value, _)| value.clone()).collect();
        }
    }
    let both = |selection: &Selection, other: &BTreeMap<String, String>| {
        selection
            .0
            .iter()
            .map(|(value, _)| value)
            .filter(|value| other.contains_key(*value))
            .cloned()
            .collect::<Vec<_>>()
    };
    if both(was, &new) != both(is, &old) {
        changes.add(What::ValueOrder);
    }
}
