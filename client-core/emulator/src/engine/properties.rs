//! Properties: what they are is said by another record, which a many2one leads to, and each record has values of them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::definitions::{FieldDef, FieldId, Kind, ModelId};
use super::env::Env;
use super::python::ids;
use crate::series::Difference;

impl FieldDef {
    pub(crate) fn is_properties(&self) -> bool {
        self.pin.ttype == "properties"
    }
}

/// The values of properties by name: of the list that a read gives, or of such an object. Seen on 19.0.
pub(crate) fn values(given: &Value) -> Value {
    let Value::Array(list) = given else { return given.clone() };
    let pair = |one: &Value| Some((one["name"].as_str()?.to_owned(), one.get("value")?.clone()));
    Value::Object(list.iter().filter_map(pair).collect())
}

impl Env<'_> {
    /// What there is of a record: each property with its definition. Seen on 19.0; unset ones on 16.0 to 19.0.
    pub(crate) fn properties(&self, model: ModelId, id: i64, number: FieldId) -> Value {
        let held = match self.cell(model, id, number) {
            Some(Cell::Json(held)) => held,
            _ => Arc::new(json!({})),
        };
        let mut shown = self.definition(model, id, number);
        for one in shown.iter_mut().filter_map(Value::as_object_mut) {
            let value = one.get("name").and_then(Value::as_str).and_then(|name| held.get(name));
            match value.map(|value| self.property(one, value)) {
                Some(value) => drop(one.insert("value".to_owned(), value)),
                None if one.get("type") == Some(&json!("boolean"))
                    && !self.has(Difference::UnsetPropertyHasNoValue) =>
                {
                    one.insert("value".to_owned(), json!(false));
                }
                None => {}
            }
        }
        Value::Array(shown)
    }

    /// The value of one property, as far as it fits.
    fn property(&self, definition: &Map<String, Value>, value: &Value) -> Value {
        let offers = |list: &str, value: &Value| {
            let list = definition.get(list).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|offered| offered[0] == *value))
        };
        let comodel = definition.get("comodel").and_then(Value::as_str).and_then(|name| self.registry.model(name));
        let named = |id: i64| {
            let (comodel, _) = comodel.filter(|(comodel, _)| self.exists(*comodel, id))?;
            Some(json!([id, self.display_name(comodel, id)]))
        };
        match definition.get("type").and_then(Value::as_str) {
            Some("selection") if !offers("selection", value) => json!(false),
            Some("tags") => value.as_array().into_iter().flatten().filter(|tag| offers("tags", tag)).cloned().collect(),
            Some("many2one") => {
                let id = value.as_i64().or_else(|| value[0].as_i64());
                id.and_then(named).unwrap_or(json!(false))
            }
            Some("many2many") => {
                let ids = match value.as_array() {
                    Some(list) if list.iter().any(Value::is_array) => {
                        list.iter().filter_map(|one| one[0].as_i64()).collect()
                    }
                    _ => ids(value),
                };
                ids.into_iter().filter_map(named).collect()
            }
            _ => value.clone(),
        }
    }

    /// What properties a record has: as the record says that this one belongs to. By their names, as Odoo has them: those of
    /// `lead_properties` are in the `lead_properties_definition` of the team.
    fn definition(&self, model: ModelId, id: i64, number: FieldId) -> Vec<Value> {
        let def = self.registry.def(model);
        let wanted = format!("{}_definition", def.def(number).name);
        let links = def.numbered().filter(|(_, field)| field.kind == Kind::Many2one);
        let found = links
            .filter_map(|(link, field)| Some((link, field.comodel?)))
            .find_map(|(link, comodel)| Some((link, comodel, self.registry.def(comodel).id_of(&wanted)?)));
        let held = found.and_then(|(link, comodel, definition)| {
            let container = self.cell(model, id, link)?.as_int()?;
            self.cell(comodel, container, definition)
        });
        match held {
            Some(Cell::Json(list)) => list.as_array().cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// A new record has the values that the definition says. Seen on 19.0, of leads and tasks; products have none.
    pub(crate) fn add_property_defaults(&mut self, model: ModelId, id: i64) {
        let def = Arc::clone(self.registry.def(model));
        if &*def.name == "product.template" {
            return;
        }
        for (number, _) in def.numbered().filter(|(_, field)| field.is_properties() && field.is_stored()) {
            let defaults = self.definition(model, id, number);
            let defaults = defaults.iter().filter_map(|one| Some((one["name"].as_str()?, one.get("default")?)));
            let mut held = match self.cell(model, id, number) {
                Some(Cell::Json(held)) => held.as_object().cloned().unwrap_or_default(),
                _ => Map::new(),
            };
            let before = held.len();
            for (name, value) in defaults {
                held.entry(name).or_insert_with(|| value.clone());
            }
            if held.len() > before
                && let Some(row) = self.store.row(model, id)
            {
                let mut row = (**row).clone();
                row.set(number, Some(Cell::Json(Arc::new(Value::Object(held)))));
                self.store.put(model, id, Some(row));
            }
        }
    }
}
