//! `copy`: a record like another.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::definitions::ModelId;
use super::env::Env;
use crate::Fault;
use crate::series::Difference;

impl Env<'_> {
    /// Copies records. Up to 17 it is of one record, and answers its id.
    pub(crate) fn copy(&mut self, model: ModelId, ids: &[i64], given: &Value) -> Result<Value, Fault> {
        if !self.has(Difference::HasAccess) && ids.len() != 1 {
            let name = &self.registry.def(model).name;
            return Err(Fault::value(format!("Expected singleton: {name}{}", super::python::ids_tuple(ids))));
        }
        self.must_exist(model, ids)?;
        let given = given.as_object().cloned().unwrap_or_default();
        let mut copies = Vec::with_capacity(ids.len());
        for id in ids {
            let values = self.copied(model, *id, &given)?;
            copies.push(self.create(model, &values)?);
        }
        match copies.as_slice() {
            [one] if !self.has(Difference::HasAccess) => Ok(json!(one)),
            copies => Ok(json!(copies)),
        }
    }

    /// The values that a copy begins with.
    fn copied(&mut self, model: ModelId, id: i64, given: &Map<String, Value>) -> Result<Map<String, Value>, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let mut values = given.clone();
        for (number, field) in def.numbered() {
            let name = field.name.to_string();
            if values.contains_key(&name) || super::create::AUTOMATIC.contains(&name.as_str()) {
                continue;
            }
            if let Some(link) = field.inherited {
                let Some(comodel) = def.def(link).comodel else { continue };
                let parent = Arc::clone(self.registry.def(comodel));
                if parent.field(&name).is_none_or(|(_, field)| !field.is_copied) {
                    continue;
                }
            } else if !field.is_copied || def.inherits.iter().any(|(link, _)| *link == number) {
                continue;
            }
            if field.kind.is_x2many() {
                let ids = self.ids(model, id, number);
                let Some(comodel) = field.comodel else { continue };
                if field.inverse.is_some() && field.side.is_none() {
                    let mut lines = Vec::with_capacity(ids.len());
                    for line in ids {
                        let mut line = self.copied(comodel, line, &Map::new())?;
                        if let Some(inverse) = field.inverse {
                            line.remove(&*self.registry.def(comodel).def(inverse).name);
                        }
                        lines.push(json!([0, 0, line]));
                    }
                    values.insert(name, Value::Array(lines));
                } else {
                    values.insert(name, json!([[6, 0, ids]]));
                }
                continue;
            }
            let value = match self.cell(model, id, number) {
                None => json!(false),
                Some(Cell::Int(int)) => json!(int),
                Some(cell) => self.wire(model, number, Some(&cell)),
            };
            values.insert(name, value);
        }
        super::rules::copied(self, model, id, given, &mut values);
        Ok(values)
    }
}
