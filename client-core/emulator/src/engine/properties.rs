//! Properties: what they are is said by another record, which a many2one leads to, and each record has values of them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::definitions::{FieldDef, FieldId, Kind, ModelDef, ModelId};
use super::env::Env;
use super::python::{ids, is_true};
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
        let field = self.registry.def(model).def(number);
        // Those of the record that this one has fields of.
        if let Some(link) = field.inherited {
            let parent =
                self.registry.def(model).def(link).comodel.zip(self.cell(model, id, link).and_then(|id| id.as_int()));
            let of_parent =
                parent.and_then(|(comodel, id)| Some((comodel, id, self.registry.def(comodel).id_of(&field.name)?)));
            return of_parent.map_or_else(|| json!([]), |(comodel, id, number)| self.properties(comodel, id, number));
        }
        let held = match self.cell(model, id, number) {
            Some(Cell::Json(held)) => held,
            _ => Arc::default(),
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

    /// What properties a record has: as the record says that this one belongs to.
    fn definition(&self, model: ModelId, id: i64, number: FieldId) -> Vec<Value> {
        let held = self.container(self.registry.def(model), number).and_then(|(link, comodel, definition)| {
            let container = self.cell(model, id, link)?.as_int()?;
            self.cell(comodel, container, definition)
        });
        match held {
            Some(Cell::Json(list)) => list.as_array().cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The link to that record, its model and the field that says it. By their names, as Odoo has them: those of `lead_properties` are
    /// in the `lead_properties_definition` of the team.
    fn container(&self, def: &ModelDef, number: FieldId) -> Option<(FieldId, ModelId, FieldId)> {
        let wanted = format!("{}_definition", def.def(number).name);
        let links = def.numbered().filter(|(_, field)| field.kind == Kind::Many2one);
        links
            .filter_map(|(link, field)| Some((link, field.comodel?)))
            .find_map(|(link, comodel)| Some((link, comodel, self.registry.def(comodel).id_of(&wanted)?)))
    }

    /// A record that belongs to another one than before, or is new, keeps values of what is defined there, and has defaults of the rest;
    /// of a change that says the values itself it has these. `moved` are the links that lead elsewhere. Seen on 19.0, and in the source of
    /// 17.0 and 18.0.
    pub(crate) fn settle_properties(&mut self, model: ModelId, id: i64, moved: impl Fn(&FieldDef, FieldId) -> bool) {
        let def = Arc::clone(self.registry.def(model));
        for (number, field) in def.numbered().filter(|(_, field)| field.is_properties() && field.is_stored()) {
            if !self.container(&def, number).is_some_and(|(link, ..)| moved(field, link)) {
                continue;
            }
            let Some(row) = self.store.row(model, id) else { return };
            let mut row = (**row).clone();
            let held = match row.get(number) {
                Some(Cell::Json(held)) => Arc::clone(held),
                _ => Arc::default(),
            };
            let value = |one: &Value| {
                let name = one["name"].as_str()?;
                let held = held.get(name).filter(|value| !value.is_null());
                let value = held.or_else(|| one.get("default").filter(|default| is_true(default)))?;
                Some((name.to_owned(), value.clone()))
            };
            let values: Map<_, _> = self.definition(model, id, number).iter().filter_map(value).collect();
            row.set(number, Some(Cell::Json(Arc::new(Value::Object(values)))));
            self.store.put(model, id, Some(row));
        }
    }
}
