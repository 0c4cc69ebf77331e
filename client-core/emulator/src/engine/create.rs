//! `create`: values become records.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::definitions::{FieldId, Kind, ModelDef, ModelId};
use super::domain;
use super::env::Env;
use super::faults;
use super::python::is_true;
use super::rights::Rights;
use super::rules;
use super::store::Row;
use super::values::to_cell;
use crate::Fault;
use crate::series::Difference;

/// Fields that Odoo writes itself, and takes from nobody.
pub(crate) const AUTOMATIC: [&str; 6] = ["id", "parent_path", "create_uid", "create_date", "write_uid", "write_date"];

impl Env<'_> {
    /// Creates one record and what is created with it.
    pub(crate) fn create(&mut self, model: ModelId, values: &Map<String, Value>) -> Result<i64, Fault> {
        Ok(self.create_all(model, &[values])?.first().copied().unwrap_or_default())
    }

    /// Creates records as Odoo does: all values are looked at before the first row is written, and all rows are there before the
    /// first line is.
    pub(crate) fn create_all(&mut self, model: ModelId, all: &[&Map<String, Value>]) -> Result<Vec<i64>, Fault> {
        Rights::check(self, model, "create")?;
        let def = Arc::clone(self.registry.def(model));
        if def.is_abstract {
            return Err(faults::no_table(&def));
        }
        let mut prepared = Vec::with_capacity(all.len());
        for values in all {
            let mut values = (*values).clone();
            let external = values.get("id").and_then(Value::as_str).map(str::to_owned);
            values.retain(|name, _| !AUTOMATIC.contains(&name.as_str()));
            let given = self.known(&def, values.keys())?;
            Rights::check_fields(self, model, &given, "write")?;
            rules::complete(self, model, &mut values);
            self.add_defaults(model, &mut values)?;
            rules::before_create(self, model, &values)?;
            prepared.push((values, external));
        }
        for (values, _) in &mut prepared {
            self.create_parents(&def, values)?;
        }
        let mut rows = Vec::with_capacity(prepared.len());
        for (values, _) in &prepared {
            rows.push(self.row_of_values(&def, values)?);
        }
        let mut created = Vec::with_capacity(rows.len());
        for ((row, later), (values, _)) in rows.into_iter().zip(&prepared) {
            self.check_row(&def, &row, values)?;
            self.check_targets(model, &row, None)?;
            let id = self.store.next_id(model);
            self.store.put(model, id, Some(row));
            self.place_in_tree(model, id)?;
            created.push((id, later));
        }
        self.write_relations(model, &created)?;
        let module = self.context.get("_import_current_module").and_then(Value::as_str).map(str::to_owned);
        for ((id, _), (values, external)) in created.iter().zip(&prepared) {
            self.settle_properties(model, *id, |_, _| true);
            rules::after_create(self, model, *id, values)?;
            // Within an import, lines may say what they are called elsewhere.
            if let (Some(name), Some(module)) = (external, &module) {
                let name = if name.contains('.') { name.clone() } else { format!("{module}.{name}") };
                self.name_externally(&name, model, *id, false);
            }
        }
        Ok(created.into_iter().map(|(id, _)| id).collect())
    }

    /// Writes field by field what is written once the records are there.
    fn write_relations(&mut self, model: ModelId, created: &[(i64, Vec<(FieldId, Value)>)]) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        let fields: BTreeSet<FieldId> =
            created.iter().flat_map(|(_, later)| later).map(|(number, _)| *number).collect();
        for number in fields {
            let given =
                created.iter().flat_map(|(id, later)| later.iter().map(move |(field, value)| (id, *field, value)));
            let given: Vec<_> = given.filter(|(_, field, _)| *field == number).collect();
            if def.def(number).related().is_none() {
                let batch: Vec<_> = given.iter().map(|(id, _, value)| (std::slice::from_ref(*id), *value)).collect();
                self.apply_commands(model, number, &batch, true)?;
                continue;
            }
            for (id, _, value) in given {
                self.write_later(model, *id, &[(number, value.clone())], true)?;
            }
        }
        Ok(())
    }

    /// The numbers of fields, all of which must be there.
    pub(crate) fn known<'n>(
        &self,
        def: &ModelDef,
        names: impl Iterator<Item = &'n String>,
    ) -> Result<Vec<FieldId>, Fault> {
        names.map(|name| def.id_of(name).ok_or_else(|| faults::unknown_field(self, def, name, "in"))).collect()
    }

    /// The row of a new record, and what is written once it is there: what is in its relations.
    fn row_of_values(
        &self,
        def: &ModelDef,
        values: &Map<String, Value>,
    ) -> Result<(Row, Vec<(FieldId, Value)>), Fault> {
        let mut row = Row::default();
        let mut later = Vec::new();
        for (name, value) in values {
            let Some((number, field)) = def.field(name) else { continue };
            let has_relation = field.kind.is_x2many() && (field.side.is_some() || field.inverse.is_some());
            if has_relation || field.related().is_some() {
                later.push((number, value.clone()));
            } else if field.is_stored() || !field.pin.readonly {
                self.check_lang(field)?;
                let is_date = matches!(field.kind, Kind::Date | Kind::Datetime) && is_true(value);
                if is_date && !self.has(Difference::DatesReadByPython) && !rules::is_computed_first(self, def) {
                    // The database reads them.
                    let read = domain::of_database(self, field.kind, value)?;
                    row.set(number, to_cell(self, def, field, &read)?);
                    continue;
                }
                row.set(number, to_cell(self, def, field, value)?);
            }
        }
        let uid = Cell::Int(self.uid);
        let now = Cell::Text(Arc::clone(&self.now));
        for (name, cell) in [
            ("create_uid", &uid),
            ("write_uid", &uid),
            ("create_date", &now),
            ("write_date", &now),
            ("__last_update", &now),
        ] {
            if let Some((number, field)) = def.field(name)
                && field.is_stored()
            {
                row.set(number, Some(cell.clone()));
            }
        }
        self.translate_all(def, &mut row, None);
        Ok((row, later))
    }

    /// Creates the records that this one has fields of, where none are given, from the values that are theirs.
    fn create_parents(&mut self, def: &ModelDef, values: &mut Map<String, Value>) -> Result<(), Fault> {
        for (link, parent) in &def.inherits {
            let mut inner = Map::new();
            let of_parent = |name: &String| def.field(name).is_some_and(|(_, field)| field.inherited == Some(*link));
            let names: Vec<_> = values.keys().filter(|name| of_parent(name)).cloned().collect();
            for name in names {
                if let Some(value) = values.remove(&name) {
                    inner.insert(name, value);
                }
            }
            let link_name = &*def.def(*link).name;
            // Odoo adds the defaults of properties to all values, and without the record that defines them there are none.
            if values.contains_key(link_name) {
                let properties =
                    def.numbered().filter(|(_, field)| field.inherited == Some(*link) && field.is_properties());
                for (_, field) in properties {
                    inner.entry(&*field.name).or_insert_with(|| json!({}));
                }
            }
            match values.get(link_name).and_then(Value::as_i64) {
                Some(id) if !inner.is_empty() => self.write(*parent, &[id], &inner)?,
                Some(_) => {}
                None => {
                    let id = rules::creating_parents(self, def).create(*parent, &inner)?;
                    values.insert(link_name.to_owned(), json!(id));
                }
            }
        }
        Ok(())
    }

    /// Refuses what the database would: a needed value that is missing. What is given is not computed, be it nothing.
    fn check_row(&self, def: &ModelDef, row: &Row, given: &Map<String, Value>) -> Result<(), Fault> {
        for (number, field) in def.numbered() {
            let is_needed = field.pin.required
                && field.is_stored()
                && (!field.pin.computed || given.contains_key(&*field.name) || rules::stays_empty(def, field, given))
                && !field.kind.is_x2many()
                && !AUTOMATIC.contains(&&*field.name)
                && !matches!(field.kind, Kind::Boolean);
            if is_needed && row.get(number).is_none() && !rules::fills(&def.name, &field.name) {
                return Err(faults::required(self, def, field));
            }
        }
        Ok(())
    }

    /// Refuses to point to what is not there, in these fields or in all.
    pub(crate) fn check_targets(&self, model: ModelId, row: &Row, fields: Option<&[FieldId]>) -> Result<(), Fault> {
        let def = self.registry.def(model);
        for (number, field) in def.numbered() {
            if field.kind != Kind::Many2one || fields.is_some_and(|fields| !fields.contains(&number)) {
                continue;
            }
            let Some(comodel) = field.comodel.filter(|_| field.is_stored()) else { continue };
            if let Some(id) = row.get(number).and_then(Cell::as_int)
                && !self.exists(comodel, id)
                && !self.settings.is_seeding
            {
                // The values of companies are no foreign keys: Odoo itself reads the record.
                if field.pin.company_dependent || fields.is_some() && rules::reads_target(def, field) {
                    return Err(faults::missing(self, comodel, &[id]));
                }
                return Err(faults::no_target(self, def, field));
            }
        }
        Ok(())
    }

    /// Makes translated texts hold their language: what is written in one language is that of English too where there is none.
    pub(crate) fn translate_all(&self, def: &ModelDef, row: &mut Row, before: Option<&Row>) {
        for (number, field) in def.numbered() {
            if !field.pin.translated {
                continue;
            }
            let Some(Cell::Text(text)) = row.get(number).cloned() else { continue };
            let was = before.and_then(|before| before.get(number));
            let mut texts = match was {
                Some(Cell::Texts(texts)) => (**texts).clone(),
                Some(Cell::Text(text)) => [(Arc::from("en_US"), Arc::clone(text))].into(),
                _ => [(Arc::from("en_US"), Arc::clone(&text))].into(),
            };
            texts.insert(Arc::from(self.lang.as_str()), text);
            let cell = match texts.get("en_US") {
                Some(only) if texts.len() == 1 => Cell::Text(Arc::clone(only)),
                _ => Cell::Texts(Arc::new(texts)),
            };
            row.set(number, Some(cell));
        }
    }

    /// Writes where in the tree a record is: its `parent_path`.
    pub(crate) fn place_in_tree(&mut self, model: ModelId, id: i64) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        let (Some(parent), Some(path)) = (def.parent.filter(|_| def.has_parent_store), def.id_of("parent_path")) else {
            return Ok(());
        };
        self.store.ensure_index(model, parent);
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            let Some(row) = self.store.row(model, id) else { continue };
            let above = row.get(parent).and_then(Cell::as_int);
            let above = above.and_then(|above| self.store.row(model, above)?.get(path)?.as_text("").cloned());
            let mut row = (**row).clone();
            row.set(path, Some(Cell::text(format!("{}{id}/", above.as_deref().unwrap_or_default()))));
            self.store.put(model, id, Some(row));
            waiting.extend(self.pointing(model, parent, id));
        }
        Ok(())
    }
}
