//! External ids: what `ir.model.data` says of records.

use std::sync::Arc;

use serde_json::{Value, json};

use super::cell::Cell;
use super::definitions::{FieldId, ModelId};
use super::env::Env;
use super::seed::row_of;
use super::store::Row;
use crate::Fault;
use crate::series::Difference;

/// `ir.model.data` by the numbers of its fields.
struct Data {
    model: ModelId,
    module: FieldId,
    name: FieldId,
    of: FieldId,
    res_id: FieldId,
    noupdate: Option<FieldId>,
}

impl Env<'_> {
    fn data(&self) -> Option<Data> {
        let (model, def) = self.registry.model("ir.model.data")?;
        let id = |name: &str| def.id_of(name);
        let [module, name, of, res_id] = [id("module")?, id("name")?, id("model")?, id("res_id")?];
        Some(Data { model, module, name, of, res_id, noupdate: id("noupdate") })
    }

    /// The external ids of a record, the oldest first, each with whether updates leave the record alone.
    fn external_ids(&mut self, model: ModelId, id: i64) -> Vec<(String, bool)> {
        let Some(data) = self.data() else { return Vec::new() };
        self.store.ensure_index(data.model, data.res_id);
        let of = Arc::clone(&self.registry.def(model).name);
        self.pointing(data.model, data.res_id, id)
            .into_iter()
            .filter_map(|one| self.store.row(data.model, one))
            .filter(|row| *text(row, data.of) == *of)
            .map(|row| {
                let (module, name) = (text(row, data.module), text(row, data.name));
                let noupdate = data.noupdate.and_then(|field| row.get(field)) == Some(&Cell::Bool(true));
                (if module.is_empty() { name.to_string() } else { format!("{module}.{name}") }, noupdate)
            })
            .collect()
    }

    /// `get_external_id`: by id as a text, empty where there is none.
    pub(crate) fn get_external_id(&mut self, model: ModelId, ids: &[i64]) -> Value {
        let named = ids.iter().map(|id| {
            let first = self.external_ids(model, *id).into_iter().next();
            (id.to_string(), json!(first.map(|(name, _)| name).unwrap_or_default()))
        });
        Value::Object(named.collect())
    }

    /// `get_metadata`: who made and changed records, and what they are called elsewhere.
    pub(crate) fn get_metadata(&mut self, model: ModelId, ids: &[i64]) -> Result<Value, Fault> {
        let names = ["create_uid", "create_date", "write_uid", "write_date"];
        let def = Arc::clone(self.registry.def(model));
        let names: Vec<_> = names.into_iter().filter(|name| def.field(name).is_some()).collect();
        let mut records = self.read(model, ids, &names)?;
        for record in records.iter_mut().filter_map(Value::as_object_mut) {
            let id = record.get("id").and_then(Value::as_i64).unwrap_or_default();
            let all = self.external_ids(model, id);
            let first = all.first().cloned();
            record.insert("xmlid".to_owned(), first.as_ref().map_or(json!(false), |(name, _)| json!(name)));
            record.insert("noupdate".to_owned(), json!(first.is_some_and(|(_, noupdate)| noupdate)));
            if self.has(Difference::AllExternalIds) {
                let all = all.into_iter().map(|(name, noupdate)| json!({"xmlid": name, "noupdate": noupdate}));
                record.insert("xmlids".to_owned(), all.collect());
            }
        }
        Ok(Value::Array(records))
    }

    /// The record that an external id is of: its model, and its id.
    pub(crate) fn by_external_id(&mut self, name: &str) -> Option<(String, i64)> {
        let data = self.data()?;
        let row = self.external(name).and_then(|id| self.store.row(data.model, id))?;
        Some((text(row, data.of).to_string(), row.get(data.res_id)?.as_int()?))
    }

    /// Where `ir.model.data` has an external id.
    pub(crate) fn external(&mut self, name: &str) -> Option<i64> {
        let data = self.data()?;
        let (module, name) = name.split_once('.').unwrap_or(("", name));
        self.store.ensure_index(data.model, data.name);
        let key = super::store::Key::Text(Arc::from(name));
        let ids = self.store.table(data.model).index(data.name)?.get(&key)?;
        let is_it = |id: &&i64| self.store.row(data.model, **id).is_some_and(|row| *text(row, data.module) == *module);
        ids.iter().find(is_it).copied()
    }

    /// Gives a record an external id.
    pub(crate) fn name_externally(&mut self, name: &str, model: ModelId, id: i64, noupdate: bool) {
        let Some(data) = self.data() else { return };
        let before = self.external(name);
        let (module, name) = name.split_once('.').unwrap_or(("", name));
        let of = Arc::clone(&self.registry.def(model).name);
        let row = row_of([
            (Some(data.module), Cell::text(module)),
            (Some(data.name), Cell::text(name)),
            (Some(data.of), Cell::Text(of)),
            (Some(data.res_id), Cell::Int(id)),
            (data.noupdate, Cell::Bool(noupdate)),
        ]);
        let number = before.unwrap_or_else(|| self.store.next_id(data.model));
        self.store.put(data.model, number, Some(row));
    }

    /// Whether what an external id is of is there.
    pub(crate) fn named_record(&mut self, name: &str, model: ModelId) -> Option<i64> {
        let (of, id) = self.by_external_id(name)?;
        (*of == *self.registry.def(model).name && self.exists(model, id)).then_some(id)
    }
}

fn text(row: &Row, field: FieldId) -> Arc<str> {
    row.get(field).and_then(|cell| cell.as_text("").cloned()).unwrap_or_else(|| Arc::from(""))
}
