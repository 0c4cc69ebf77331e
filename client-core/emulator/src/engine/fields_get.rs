//! `fields_get`: from the pin back to what a server says of its fields.

use odoo_codegen::Field;
use serde_json::{Map, Value, json};

use super::definitions::ModelId;
use super::env::Env;
use super::signature::Arguments;
use crate::Fault;
use crate::series::{Difference, Series};

/// The fields of a model, all or those asked for, with all attributes or those asked for.
pub(super) fn fields_get(env: &Env<'_>, model: ModelId, given: &Arguments) -> Result<Value, Fault> {
    let def = env.registry.def(model);
    let (fields, attributes) = (given.texts("allfields"), given.texts("attributes"));
    let described = def.numbered().filter(|(number, field)| {
        (fields.is_empty() || fields.contains(&&*field.name)) && env.settings.rights.may_field(env.uid, model, *number)
    });
    let described = described.map(|(_, field)| {
        let mut described = describe(env.registry.series, &field.name, &field.pin);
        if let Some(digits) = field.digits {
            // How many there are in all says nothing.
            described.insert("digits".to_owned(), json!([16, digits]));
        }
        if !attributes.is_empty() {
            described.retain(|name, _| attributes.contains(&name.as_str()));
        }
        (field.name.to_string(), Value::Object(described))
    });
    Ok(Value::Object(described.collect()))
}

/// What a server says of one field: as much of it as a pin holds, and what follows from that.
fn describe(series: Series, name: &str, field: &Field) -> Map<String, Value> {
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| drop(all.insert(key.to_owned(), value));
    put("type", json!(field.ttype));
    put("string", json!(field.label));
    put("name", json!(name));
    put("store", json!(field.stored));
    put("searchable", json!(field.searchable));
    put("sortable", json!(field.sortable));
    put("required", json!(field.required));
    put("readonly", json!(field.readonly));
    put("company_dependent", json!(field.company_dependent));
    put("translate", json!(field.translated));
    // The pin keeps that it depends on something, not on what.
    put("depends", if field.computed { json!(["id"]) } else { json!([]) });
    if let Some(help) = &field.help {
        put("help", json!(help));
    }
    if let Some(relation) = &field.relation {
        put("relation", json!(relation));
        put("context", json!({}));
        put("domain", json!([]));
    }
    if let Some(relation_field) = &field.relation_field {
        put("relation_field", json!(relation_field));
    }
    if let Some(related) = &field.related {
        let path = || related.split('.').collect::<Vec<_>>();
        put("related", if series.has(Difference::RelatedIsPath) { json!(related) } else { json!(path()) });
    }
    if let Some(currency_field) = &field.currency_field {
        put("currency_field", json!(currency_field));
    }
    if let Some(aggregator) = &field.aggregator {
        put(if series.has(Difference::Aggregator) { "aggregator" } else { "group_operator" }, json!(aggregator));
    }
    if series.has(Difference::Groupable) {
        let usual = if field.ttype == "many2many" { field.stored } else { field.sortable };
        put("groupable", json!(field.groupable.unwrap_or(usual)));
    }
    if let Some(selection) = &field.selection {
        put("selection", selection.0.iter().map(|(value, label)| json!([value, label])).collect());
    }
    all
}
