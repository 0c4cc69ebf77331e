//! From the answer of `fields_get` to a [`Model`]: one shape for every Odoo version, and nothing volatile.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::schema::{Field, Model, Selection};
use crate::types::Type;
use crate::{Error, Warning, docs, fixes, names};

/// The attributes to ask `fields_get` for: what code, docs or a diff need. Asking for all of them makes the answer
/// several times larger.
///
/// `related`, `aggregator` (19) and `group_operator` (14) differ by version; a server ignores those it doesn't know.
pub const ATTRIBUTES: &[&str] = &[
    "aggregator",
    "company_dependent",
    "currency_field",
    "depends",
    "group_operator",
    "groupable",
    "help",
    "readonly",
    "related",
    "relation",
    "relation_field",
    "required",
    "searchable",
    "selection",
    "sortable",
    "states",
    "store",
    "string",
    "translate",
    "type",
];

/// Reads the answer of `fields_get` on `model`. Label and `transient` are not part of it; the caller sets them.
///
/// Fields that the generator cannot use (a name no Odoo would accept) are left out with a warning; so are, silently,
/// the virtual `in_group_7` and `sel_groups_1_2` of `res.users`, whose names hold database ids.
///
/// # Errors
///
/// When the name of the model is not one, or the answer is not an object of field descriptions.
pub fn read_fields_get(model: &str, answer: &Value) -> Result<(Model, Vec<Warning>), Error> {
    if !names::is_model_name(model) {
        return Err(Error::ModelName { name: model.to_owned() });
    }
    let described = answer.as_object().ok_or_else(|| Error::FieldsGet {
        model: model.to_owned(),
        field: None,
        problem: "is not an object of fields".to_owned(),
    })?;
    let mut read = Model::default();
    let mut warnings = Vec::new();
    for (name, attributes) in described {
        if is_virtual(name) {
            continue;
        }
        if !names::is_field_name(name) {
            warnings.push(Warning::new(model, name, "is not a name a field can have: left out"));
            continue;
        }
        let attributes = attributes.as_object().ok_or_else(|| Error::FieldsGet {
            model: model.to_owned(),
            field: Some(name.clone()),
            problem: "is not described by an object".to_owned(),
        })?;
        let field = read_field(model, name, attributes, &mut warnings)?;
        read.fields.insert(name.clone(), field);
    }
    Ok((read, warnings))
}

fn read_field(
    model: &str,
    name: &str,
    attributes: &Map<String, Value>,
    warnings: &mut Vec<Warning>,
) -> Result<Field, Error> {
    let text = |key: &str| attributes.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let flag = |key: &str, usual: bool| attributes.get(key).map_or(usual, is_true);
    let owned = |key: &str| text(key).map(str::to_owned);

    let ttype = text("type").ok_or_else(|| Error::FieldsGet {
        model: model.to_owned(),
        field: Some(name.to_owned()),
        problem: "has no `type`".to_owned(),
    })?;
    let known = Type::named(ttype);
    if known.is_none() {
        let problem = format!("has a type this generator does not know, `{}`: typed as raw JSON", docs::visible(ttype));
        warnings.push(Warning::new(model, name, problem));
    }
    let relation = text("relation");
    let usable = relation.filter(|relation| names::is_model_name(relation));
    match relation {
        Some(relation) if usable.is_none() => {
            let relation = docs::visible(relation);
            let problem = format!("points to `{relation}`, which is not a name a model can have: typed as raw JSON");
            warnings.push(Warning::new(model, name, problem));
        }
        None if known.is_some_and(|known| known.is_relation) => {
            warnings.push(Warning::new(model, name, "is a relation that names no model: typed as raw JSON"));
        }
        _ => {}
    }
    let stored = flag("store", true);
    let sortable = flag("sortable", true);
    // Most often it is as without being told, and a pin is short.
    let is_usual = |groupable: &bool| *groupable == if ttype == "many2many" { stored } else { sortable };
    let groupable = attributes
        .get("groupable")
        .map(is_true)
        .filter(|groupable| !is_usual(groupable) && !fixes::sorts_by_session(model, name));
    Ok(Field {
        help: owned("help"),
        relation: usable.map(str::to_owned),
        relation_field: owned("relation_field"),
        related: match attributes.get("related") {
            // A list of names in 14, a dotted path since 15.
            Some(Value::Array(path)) => {
                let path: Vec<_> = path.iter().filter_map(Value::as_str).collect();
                (!path.is_empty()).then(|| path.join("."))
            }
            _ => owned("related"),
        },
        currency_field: owned("currency_field").filter(|_| ttype == "monetary"),
        aggregator: owned("aggregator").or_else(|| owned("group_operator")),
        required: flag("required", false),
        readonly: flag("readonly", false) && !attributes.get("states").is_some_and(is_writable_in_a_state),
        stored,
        searchable: flag("searchable", true),
        sortable: sortable && !fixes::sorts_by_session(model, name),
        groupable,
        computed: attributes.get("depends").and_then(Value::as_array).is_some_and(|depends| !depends.is_empty()),
        translated: flag("translate", false),
        company_dependent: flag("company_dependent", false),
        selection: match attributes.get("selection") {
            Some(Value::Array(pairs)) if ttype == "selection" => Some(read_selection(model, name, pairs, warnings)),
            _ => None,
        },
        ..Field::new(ttype, text("string").unwrap_or_default())
    })
}

/// Whether `states`, which Odoo had up to 16, makes a readonly field writable in some state of the record, as
/// `{"draft": [["readonly", false]]}` does: on a sales order of 14 that is most fields.
fn is_writable_in_a_state(states: &Value) -> bool {
    let rules = states.as_object().into_iter().flatten().filter_map(|(_, rules)| rules.as_array()).flatten();
    rules.into_iter().any(|rule| {
        rule.get(0).is_some_and(|name| name == "readonly") && rule.get(1).is_some_and(|value| !is_true(value))
    })
}

/// What Python takes for true: some of Odoo's own modules say `readonly=1` or `store='True'`, and `fields_get` answers
/// that as it is.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}

/// Values are strings in every Odoo we know of, but modules have been seen to use numbers: their decimal form is kept.
fn read_selection(model: &str, field: &str, pairs: &[Value], warnings: &mut Vec<Warning>) -> Selection {
    let mut read: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    let mut known = BTreeSet::new();
    for pair in pairs {
        let value = match pair.get(0) {
            Some(Value::String(value)) => value.clone(),
            Some(Value::Number(value)) => value.to_string(),
            _ => {
                let problem = format!(
                    "has the selection entry {}, which is no value with a label: left out",
                    docs::visible(&pair.to_string())
                );
                warnings.push(Warning::new(model, field, problem));
                continue;
            }
        };
        if !known.insert(value.clone()) {
            let problem = format!("has the selection value `{}` twice: kept once", docs::visible(&value));
            warnings.push(Warning::new(model, field, problem));
            continue;
        }
        let label = pair.get(1).and_then(Value::as_str).unwrap_or_default();
        read.push((value, label.to_owned()));
    }
    // A list of models comes ordered by label, and those of the same label as PostgreSQL happens to find them: such a
    // pin would differ from day to day.
    for same in read.chunk_by_mut(|one, next| one.1 == next.1) {
        same.sort();
    }
    Selection(read)
}

/// `in_group_7`, `sel_groups_1_9_10`: made up by `res.users` from the groups of this very database
/// ([odoo/odoo#13859](https://github.com/odoo/odoo/issues/13859)).
fn is_virtual(name: &str) -> bool {
    ["in_group_", "sel_groups_"].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|ids| !ids.is_empty() && ids.bytes().all(|b| b.is_ascii_digit() || b == b'_'))
    })
}
