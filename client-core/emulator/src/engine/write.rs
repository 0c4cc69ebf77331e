//! `write`: values of records change.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::create::AUTOMATIC;
use super::definitions::{FieldId, Kind, ModelDef, ModelId};
use super::env::Env;
use super::faults;
use super::python::str;
use super::rights::Rights;
use super::rules;
use super::values::to_cell;
use crate::Fault;
use crate::series::Difference;

impl Env<'_> {
    /// Writes the same values to records.
    pub(crate) fn write(&mut self, model: ModelId, ids: &[i64], values: &Map<String, Value>) -> Result<(), Fault> {
        if ids.is_empty() {
            return Ok(());
        }
        Rights::check(self, model, "write")?;
        let def = Arc::clone(self.registry.def(model));
        if def.is_abstract {
            return Err(faults::no_table(&def));
        }
        let mut values = values.clone();
        values.retain(|name, _| !AUTOMATIC.contains(&name.as_str()));
        rules::before_fields(self, model, ids, &values)?;
        let given = self.known(&def, values.keys())?;
        Rights::check_fields(self, model, &given, "write")?;
        // Only where records are hidden from users by rules does Odoo look whether they are there.
        if def.facts.rules || !def.facts.is_known {
            self.must_exist(model, ids)?;
        }
        rules::before_write(self, model, ids)?;
        let is_last = self.has(Difference::RelationsLast);
        let parts = if is_last { vec![values.clone()] } else { in_order(&def, &values) };
        for part in parts {
            self.write_part(model, ids, part)?;
        }
        rules::after_write(self, model, ids, &values)
    }

    /// Writes values of which those of relations are last.
    fn write_part(&mut self, model: ModelId, ids: &[i64], mut values: Map<String, Value>) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        let mut lines = Vec::new();
        if ids.len() > 1 {
            self.create_once(&def, &mut values)?;
            if ids.iter().all(|id| self.exists(model, *id)) {
                lines = take_lines(&def, &mut values);
            }
        }
        for id in ids {
            if self.exists(model, *id) {
                self.write_one(model, *id, &values)?;
            } else {
                self.write_nothing(model, *id, &values)?;
            }
        }
        for (number, value) in lines {
            self.apply_commands(model, number, &[(ids, &value)], false)?;
        }
        Ok(())
    }

    /// Creates what commands of many2many fields create, and links it: one record for all that are written to.
    fn create_once(&mut self, def: &ModelDef, values: &mut Map<String, Value>) -> Result<(), Fault> {
        for (name, value) in values {
            let Some((_, field)) = def.field(name) else { continue };
            let (Some(_), Some(comodel)) = (field.side, field.comodel) else { continue };
            for command in value.as_array_mut().into_iter().flatten().filter(|command| command[0] == 0) {
                let created = self.create(comodel, command[2].as_object().unwrap_or(&Map::new()))?;
                *command = json!([4, created, 0]);
            }
            // And deletes what they delete.
            let mut gone = Vec::new();
            for command in value.as_array_mut().into_iter().flatten().filter(|command| command[0] == 2) {
                gone.extend(command[1].as_i64());
                command[0] = json!(3);
            }
            if !gone.is_empty() {
                self.unlink(comodel, &gone)?;
                let is_gone = |id: &Value| id.as_i64().is_some_and(|id| gone.contains(&id));
                for command in value.as_array_mut().into_iter().flatten().filter_map(Value::as_array_mut) {
                    match command.as_mut_slice() {
                        [code, target, ..] if *code == 4 && is_gone(target) => *code = json!(3),
                        [code, _, Value::Array(ids)] if *code == 6 => ids.retain(|id| !is_gone(id)),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Refuses ids of which there is no record.
    pub(crate) fn must_exist(&self, model: ModelId, ids: &[i64]) -> Result<(), Fault> {
        let mut missing: Vec<_> = ids.iter().copied().filter(|id| !self.exists(model, *id)).collect();
        let mut seen = std::collections::HashSet::new();
        missing.retain(|id| seen.insert(*id));
        if missing.is_empty() { Ok(()) } else { Err(faults::missing(self, model, &missing)) }
    }

    /// Refuses the first record that is not there, as Odoo does where it reads one after another.
    pub(crate) fn must_be_read(&self, model: ModelId, ids: &[i64]) -> Result<(), Fault> {
        match ids.iter().find(|id| !self.exists(model, **id)) {
            Some(missing) => Err(faults::missing(self, model, &[*missing])),
            None => Ok(()),
        }
    }

    fn write_one(&mut self, model: ModelId, id: i64, values: &Map<String, Value>) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        let Some(before) = self.store.row(model, id).cloned() else { return Ok(()) };
        let mut row = (*before).clone();
        let mut later = Vec::new();
        let mut changed = Vec::new();
        for (name, value) in values {
            let Some((number, field)) = def.field(name) else { continue };
            let has_relation = field.kind.is_x2many() && (field.side.is_some() || field.inverse.is_some());
            if has_relation || field.related().is_some() {
                later.push((number, value.clone()));
            } else if field.is_stored() || !field.pin.readonly {
                self.check_lang(field)?;
                row.set(number, to_cell(self, &def, field, value)?);
                changed.push(number);
            }
        }
        if !values.is_empty() {
            for (name, cell) in [
                ("write_uid", Cell::Int(self.uid)),
                ("write_date", Cell::Text(Arc::clone(&self.now))),
                ("__last_update", Cell::Text(Arc::clone(&self.now))),
            ] {
                if let Some((number, field)) = def.field(name)
                    && field.is_stored()
                {
                    row.set(number, Some(cell));
                }
            }
        }
        self.translate_all(&def, &mut row, Some(&before));
        for number in &changed {
            let field = def.def(*number);
            if row.get(*number).is_none() && field.pin.required && field.is_stored() && field.kind != Kind::Boolean {
                return Err(faults::required(self, &def, field));
            }
        }
        let moved = def.parent.is_some_and(|parent| row.get(parent) != before.get(parent));
        if moved && let Some(parent) = def.parent {
            self.check_tree(model, id, row.get(parent).and_then(Cell::as_int))?;
        }
        self.check_targets(model, &row, Some(&changed))?;
        let is_other = |link: &FieldId| row.get(*link) != before.get(*link);
        let others: Vec<_> = changed.into_iter().filter(is_other).collect();
        self.store.put(model, id, Some(row));
        self.settle_properties(model, id, |field, link| others.contains(&link) && !values.contains_key(&*field.name));
        if moved {
            self.place_in_tree(model, id)?;
        }
        self.write_later(model, id, &later, false)
    }

    /// What Odoo does when a record that it did not look for is not there: values are converted, and written nowhere.
    fn write_nothing(&mut self, model: ModelId, id: i64, values: &Map<String, Value>) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        for (name, value) in values {
            let Some((number, field)) = def.field(name) else { continue };
            if field.kind.is_x2many() {
                // What is linked to it the database then refuses.
                self.apply_commands(model, number, &[(&[id], value)], false)?;
            } else {
                to_cell(self, &def, field, value)?;
            }
        }
        Ok(())
    }

    /// Refuses to put a record below itself.
    fn check_tree(&self, model: ModelId, id: i64, above: Option<i64>) -> Result<(), Fault> {
        let def = self.registry.def(model);
        let mut at = above;
        let mut steps = 0;
        while let Some(above) = at {
            if above == id {
                return match rules::recursion(&def.name) {
                    Some(fault) => Err(fault),
                    None if def.has_parent_store => Err(Fault::user("Recursion Detected.")),
                    None => Ok(()),
                };
            }
            steps += 1;
            if steps > 1000 {
                return Ok(());
            }
            at = def.parent.and_then(|parent| self.store.row(model, above)?.get(parent)?.as_int());
        }
        Ok(())
    }

    /// Writes what needs the record to be there: relations, and fields of other records.
    pub(crate) fn write_later(
        &mut self,
        model: ModelId,
        id: i64,
        values: &[(FieldId, Value)],
        is_new: bool,
    ) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        for (number, value) in values {
            let field = def.def(*number);
            let path = field.related().map(|path| path.map(str::to_owned).collect::<Vec<_>>());
            match path {
                Some(path) if field.inherited.is_some() || !field.pin.readonly => {
                    self.write_along(model, id, &path, value)?;
                }
                Some(_) => {}
                None => self.apply_commands(model, *number, &[(&[id], value)], is_new)?,
            }
        }
        Ok(())
    }

    /// Writes to the field at the end of a path, on the record that it leads to.
    fn write_along(&mut self, model: ModelId, id: i64, path: &[String], value: &Value) -> Result<(), Fault> {
        let [steps @ .., last] = path else { return Ok(()) };
        let (mut at, mut id) = (model, id);
        for step in steps {
            let def = Arc::clone(self.registry.def(at));
            let Some((number, field)) = def.field(step) else { return Ok(()) };
            let next = if field.kind == Kind::Many2one {
                self.cell(at, id, number).and_then(|cell| cell.as_int())
            } else {
                self.ids(at, id, number).first().copied()
            };
            let (Some(comodel), Some(next)) = (field.comodel, next) else { return Ok(()) };
            (at, id) = (comodel, next);
        }
        let def = Arc::clone(self.registry.def(at));
        if def.id_of(last).is_none() {
            return Err(Fault::value(format!("Invalid field {} on {}", str(&Value::from(last.as_str())), def.name)));
        }
        self.write(at, &[id], &[(last.clone(), value.clone())].into_iter().collect())
    }
}

/// Values in parts, each with one relation at its end.
fn in_order(def: &ModelDef, values: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut parts = vec![Map::new()];
    for (name, value) in values {
        let is_last = def.field(name).is_some_and(|(_, field)| field.kind.is_x2many());
        if let Some(part) = parts.last_mut() {
            part.insert(name.clone(), value.clone());
        }
        if is_last {
            parts.push(Map::new());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Takes the lines out of values: those of several records are written to all of them at once.
fn take_lines(def: &ModelDef, values: &mut Map<String, Value>) -> Vec<(FieldId, Value)> {
    let is_lines = |name: &String| def.field(name).filter(|(_, field)| field.side.is_none() && field.inverse.is_some());
    let found: Vec<_> = values.keys().filter_map(|name| Some((name.clone(), is_lines(name)?.0))).collect();
    found.into_iter().filter_map(|(name, number)| Some((number, values.remove(&name)?))).collect()
}
