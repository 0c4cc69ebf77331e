//! What a test says of an engine: records, values, answers, rights, and fields that change while it runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use odoo_codegen::Field;
use serde_json::{Map, Value};

use super::cell::Cell;
use super::database::Engine;
use super::definitions::{FieldDef, FieldId, ModelDef, ModelId};
use super::env::{Env, MethodCall, Unset};
use super::python::str;
use super::rights::OPERATIONS;
use super::store::Row;
use super::values::to_cell;
use crate::Fault;

impl Engine {
    /// Puts records in as they are: each an object with the fields as `read` would give them, ids among them.
    ///
    /// Nothing is checked or computed that Odoo would, so that what a real server answered can be put in; what a many2one points
    /// to may come later. Records without an `id` get the next. A record that is there is written over, in the fields given.
    ///
    /// ```
    /// # use odoo_codegen::{Field, Model, Schema};
    /// # use odoo_emulator::Engine;
    /// # let mut tag = Model::default();
    /// # tag.fields.insert("id".to_owned(), Field::new("integer", "ID"));
    /// # tag.fields.insert("name".to_owned(), Field::new("char", "Name"));
    /// # let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
    /// # schema.models.insert("x_tag".to_owned(), tag);
    /// # let mut odoo = Engine::new(&schema);
    /// use serde_json::json;
    ///
    /// let ids = odoo.seed("x_tag", &json!([{"id": 7, "name": "blue"}, {"name": "red"}]))?;
    /// assert_eq!(ids, [7, 8]);
    /// # Ok::<(), odoo_emulator::Fault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such model or field, or a value is none of its field.
    pub fn seed(&mut self, model: &str, records: &Value) -> Result<Vec<i64>, Fault> {
        let number = self.model(model)?;
        let def = Arc::clone(self.registry.def(number));
        let one = [records.clone()];
        let records = records.as_array().map_or(one.as_slice(), Vec::as_slice);
        Arc::make_mut(&mut self.settings).is_seeding = true;
        let seeded = self.in_transaction(1, Map::new(), |env| {
            let mut ids = Vec::with_capacity(records.len());
            for record in records {
                let Value::Object(record) = record else {
                    return Err(Fault::value(format!("a record of {model} is an object, not {record}")));
                };
                let id = match record.get("id").and_then(Value::as_i64) {
                    Some(id) => valid(model, id)?,
                    None => env.store.next_id(number),
                };
                let mut row = env.store.row(number, id).map(|row| (**row).clone()).unwrap_or_default();
                let mut links = Vec::new();
                for (name, value) in record.iter().filter(|(name, _)| *name != "id") {
                    let field_number = env.registry.named_field(number, name)?;
                    let field = def.def(field_number);
                    match (field.side, field.kind.is_x2many()) {
                        (Some(side), _) => links.push((side, value.clone())),
                        // The far side has it.
                        (None, true) if field.inverse.is_some() => {}
                        _ => row.set(field_number, seed_cell(env, &def, field_number, value)?),
                    }
                }
                env.store.put(number, id, Some(row));
                for (side, value) in links {
                    for target in super::python::ids(&value) {
                        env.link(side, id, target, true);
                    }
                }
                ids.push(id);
            }
            for id in &ids {
                env.place_in_tree(number, *id)?;
            }
            Ok(ids)
        });
        Arc::make_mut(&mut self.settings).is_seeding = false;
        seeded
    }

    /// Puts in the records of several models: an object of lists by model, as `cargo xtask emulator capture` writes it.
    ///
    /// # Errors
    ///
    /// As [`seed`](Self::seed).
    pub fn seed_all(&mut self, models: &Value) -> Result<(), Fault> {
        let Value::Object(models) = models else {
            return Err(Fault::value("records are an object of lists by model"));
        };
        for (model, records) in models {
            self.seed(model, records)?;
        }
        Ok(())
    }

    /// Says what a field of a record is, above all of one that Odoo computes. It is kept until it is said or written again.
    ///
    /// # Errors
    ///
    /// When there is no such model, field or record, or the value is none of the field.
    pub fn set(&mut self, model: &str, id: i64, field: &str, value: &Value) -> Result<(), Fault> {
        let number = self.model(model)?;
        if self.store.row(number, id).is_none() {
            return Err(Fault::value(format!("there is no record {id} of {model}")));
        }
        let record = Map::from_iter([("id".to_owned(), id.into()), (field.to_owned(), value.clone())]);
        self.seed(model, &Value::Object(record)).map(drop)
    }

    /// The next record of a model gets this id, or a later one.
    ///
    /// # Errors
    ///
    /// When there is no such model, or the database has no such number.
    pub fn start_ids_at(&mut self, model: &str, id: i64) -> Result<(), Fault> {
        let number = self.model(model)?;
        self.store.start_ids_at(number, valid(model, id)?);
        Ok(())
    }

    /// How many records a model has.
    pub fn count(&self, model: &str) -> usize {
        self.registry.model(model).map_or(0, |(number, _)| self.store.table(number).rows.len())
    }

    /// Answers calls of a method: of one that Odoo's Python has, or instead of what the emulator does by itself.
    ///
    /// ```
    /// # use odoo_codegen::{Field, Model, Schema};
    /// # use odoo_emulator::{Caller, Engine};
    /// # let mut order = Model::default();
    /// # order.fields.insert("id".to_owned(), Field::new("integer", "ID"));
    /// # order.fields.insert("state".to_owned(), Field::new("char", "State"));
    /// # let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
    /// # schema.models.insert("x_order".to_owned(), order);
    /// # let mut odoo = Engine::new(&schema);
    /// use serde_json::{Map, json};
    ///
    /// odoo.on("x_order", "action_confirm", |call| {
    ///     let ids = json!(call.ids());
    ///     call.call("x_order", "write", vec![ids, json!({"state": "sale"})])
    /// })?;
    /// let id = odoo.seed("x_order", &json!({"state": "draft"}))?;
    /// odoo.call(&Caller::new(2), "x_order", "action_confirm", vec![json!(id)], Map::new())?;
    /// # Ok::<(), odoo_emulator::Fault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such model, or it has no such method: the pins of Odoo 19 and later know the public methods of most models.
    /// Private ones, which begin with `_`, are for other answers to call.
    pub fn on(
        &mut self,
        model: &str,
        method: &str,
        answer: impl Fn(&mut MethodCall<'_>) -> Result<Value, Fault> + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        self.registry.named_method(model, method)?;
        let handlers = &mut Arc::make_mut(&mut self.settings).handlers;
        handlers.insert((model.to_owned(), method.to_owned()), Arc::new(answer));
        Ok(())
    }

    /// Says what a new record has in a field where nobody says anything.
    ///
    /// # Errors
    ///
    /// When there is no such model or field.
    pub fn default(&mut self, model: &str, field: &str, value: impl Into<Value>) -> Result<(), Fault> {
        let number = self.model(model)?;
        self.field(number, field)?;
        let defaults = &mut Arc::make_mut(&mut self.settings).defaults;
        defaults.insert((model.to_owned(), field.to_owned()), value.into());
        Ok(())
    }

    /// Denies a user to `read`, `write`, `create` or `unlink` records of a model; without any of these, all of them.
    ///
    /// # Errors
    ///
    /// When there is no such model or operation.
    pub fn deny(&mut self, uid: i64, model: &str, operations: &[&str]) -> Result<(), Fault> {
        let number = self.model(model)?;
        let known = operations.iter().map(|operation| OPERATIONS.into_iter().find(|known| known == operation));
        let known: Vec<_> = known
            .collect::<Option<_>>()
            .ok_or_else(|| Fault::value(format!("the operations are {}", OPERATIONS.join(", "))))?;
        let known = if known.is_empty() { OPERATIONS.to_vec() } else { known };
        Arc::make_mut(&mut self.settings).rights.deny(uid, number, &known);
        Ok(())
    }

    /// Denies a user a field: it is not read, not written, not searched by, and not told of.
    ///
    /// # Errors
    ///
    /// When there is no such model or field.
    pub fn deny_field(&mut self, uid: i64, model: &str, field: &str) -> Result<(), Fault> {
        let number = self.model(model)?;
        let field = self.field(number, field)?;
        Arc::make_mut(&mut self.settings).rights.deny_field(uid, number, field);
        Ok(())
    }

    /// Takes back all that was denied to a user.
    pub fn allow_all(&mut self, uid: i64) {
        Arc::make_mut(&mut self.settings).rights.allow_all(uid);
    }

    /// What a field is that nobody has set and that only Odoo's Python could compute.
    pub fn unset(&mut self, unset: Unset) {
        Arc::make_mut(&mut self.settings).unset = unset;
    }

    /// Holds the clock, so that `create_date` and the like are known; `None` lets it go again.
    pub fn set_now(&mut self, now: Option<Timestamp>) {
        self.now = now;
    }

    /// Renames a field while the database runs, as an upgrade of Odoo does. The records keep its values.
    ///
    /// # Errors
    ///
    /// When there is no such model or field, or one that has the new name.
    pub fn rename_field(&mut self, model: &str, field: &str, name: &str) -> Result<(), Fault> {
        let number = self.model(model)?;
        let field_number = self.field(number, field)?;
        if self.registry.def(number).id_of(name).is_some() {
            return Err(Fault::value(format!("{model} has a field {name} already")));
        }
        self.change(number, |def| {
            def.by_name.remove(field);
            let name: Arc<str> = Arc::from(name);
            def.by_name.insert(Arc::clone(&name), field_number);
            def.fields[usize::from(field_number)].name = name;
        });
        Ok(())
    }

    /// Removes a field while the database runs.
    ///
    /// # Errors
    ///
    /// When there is no such model or field.
    pub fn remove_field(&mut self, model: &str, field: &str) -> Result<(), Fault> {
        let number = self.model(model)?;
        let field_number = self.field(number, field)?;
        self.change(number, |def| {
            def.by_name.remove(field);
            def.removed.insert(field_number);
        });
        Ok(())
    }

    /// Adds a field while the database runs, as Studio does. No relation to several records can be added so.
    ///
    /// # Errors
    ///
    /// When there is no such model, or there is such a field.
    pub fn add_field(&mut self, model: &str, name: &str, field: &Field) -> Result<(), Fault> {
        let number = self.model(model)?;
        let def = self.registry.def(number);
        if def.id_of(name).is_some() {
            return Err(Fault::value(format!("{model} has a field {name} already")));
        }
        let name: Arc<str> = Arc::from(name);
        let added = FieldDef::new(&self.registry.by_name, &def.facts, &name, field, None);
        let Ok(at) = FieldId::try_from(def.fields.len()) else {
            return Err(Fault::value(format!("{model} has too many fields")));
        };
        self.change(number, |def| {
            def.by_name.insert(name, at);
            def.fields.push(added);
        });
        Ok(())
    }

    fn field(&self, model: ModelId, field: &str) -> Result<FieldId, Fault> {
        self.registry.named_field(model, field)
    }

    fn change(&mut self, model: ModelId, change: impl FnOnce(&mut ModelDef)) {
        let registry = Arc::make_mut(&mut self.registry);
        registry.changes += 1;
        change(Arc::make_mut(&mut registry.models[model]));
    }

    /// The models that have records.
    pub fn models_with_records(&self) -> BTreeSet<String> {
        let models = self.registry.models.iter().enumerate();
        models
            .filter(|(number, _)| !self.store.table(*number).rows.is_empty())
            .map(|(_, def)| def.name.to_string())
            .collect()
    }
}

/// A number that a record can have: in the database it has 32 bits.
fn valid(model: &str, id: i64) -> Result<i64, Fault> {
    let is_valid = id > 0 && i32::try_from(id).is_ok();
    if is_valid { Ok(id) } else { Err(Fault::value(format!("{id} is the number of no record of {model}"))) }
}

/// A value as `read` gives it: a many2one is `[id, name]` there.
fn seed_cell(env: &Env<'_>, def: &ModelDef, number: FieldId, value: &Value) -> Result<Option<Cell>, Fault> {
    use super::definitions::Kind;
    let field = def.def(number);
    match (field.kind, value) {
        (Kind::Many2one, Value::Array(pair)) => Ok(pair.first().and_then(Value::as_i64).map(Cell::Int)),
        (Kind::Many2one, Value::Object(record)) => Ok(record.get("id").and_then(Value::as_i64).map(Cell::Int)),
        // As the server has it: not made HTML once more.
        (Kind::Html | Kind::Selection, Value::String(text)) => Ok(Some(Cell::text(text))),
        (Kind::Char | Kind::Text, Value::Object(texts)) if field.pin.translated => {
            let texts = texts.iter().map(|(lang, text)| (Arc::from(lang.as_str()), Arc::from(str(text))));
            Ok(Some(Cell::Texts(Arc::new(texts.collect()))))
        }
        _ => to_cell(env, def, field, value),
    }
}

/// For what puts rows in without a detour.
pub(crate) fn row_of(cells: impl IntoIterator<Item = (Option<FieldId>, Cell)>) -> Row {
    let mut row = Row::default();
    for (field, cell) in cells {
        if let Some(field) = field {
            row.set(field, Some(cell));
        }
    }
    row
}
