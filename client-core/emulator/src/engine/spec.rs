//! Specifications: `web_read` and `web_search_read`, which read records within records.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::definitions::{FieldDef, FieldId, Kind, ModelId};
use super::env::Env;
use super::faults;
use super::python::{is_true, type_name};
use super::rights::Rights;
use super::signature::Arguments;
use super::values::to_cell;
use crate::Fault;
use crate::series::Difference;

impl Env<'_> {
    pub(crate) fn web_search_read(&mut self, model: ModelId, given: &Arguments) -> Result<Value, Fault> {
        let expr = self.parse(given.domain())?;
        let offset = given.int("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
        let limit = given.int("limit").filter(|limit| *limit != 0);
        let is_spec = self.has(Difference::Specifications);
        if is_spec {
            spec_of(given.get("specification"))?;
        }
        let spec = given.get("specification").as_object();
        let names = spec.map_or_else(|| given.texts("fields"), |spec| spec.keys().map(String::as_str).collect());
        let ids = self.search(model, &expr, offset, limit, given.text("order"))?;
        if ids.is_empty() {
            self.fields_of_none(model, &expr, &names)?;
        }
        // How many there are in all is counted only where the page is full, and that is not known to be enough.
        let is_full = limit.is_some_and(|limit| i64::try_from(ids.len()) == Ok(limit));
        let most = given.int("count_limit").and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
        let seen = ids.len() + offset;
        let length = match most {
            _ if ids.is_empty() => 0,
            Some(most) if most <= seen => seen,
            _ if !is_full => seen,
            most => {
                let count = self.matching(model, &expr, self.active_test)?.len();
                most.map_or(count, |most| count.min(most))
            }
        };
        let records = if is_spec {
            self.web_read(model, &ids, given.get("specification"))?
        } else {
            self.active_test = true;
            Value::Array(self.read(model, &ids, &names)?)
        };
        Ok(json!({"length": length, "records": records}))
    }

    pub(crate) fn web_read(&mut self, model: ModelId, ids: &[i64], specification: &Value) -> Result<Value, Fault> {
        let spec = spec_of(specification)?;
        let names: Vec<_> = spec.keys().map(String::as_str).collect();
        Rights::check(self, model, "read")?;
        if self.asks_unknown(model, spec) {
            self.find_unknown(model, ids, spec)?;
        }
        let fields = self.fields_named(model, &names)?;
        if !ids.is_empty() {
            self.check_langs(model, &fields)?;
        }
        // Numbers alone are known without a look at the records.
        if names.iter().all(|name| *name == "id") {
            return Ok(ids.iter().map(|id| json!({"id": id})).collect());
        }
        let missing = ids.iter().find(|id| !self.exists(model, **id));
        if let Some(missing) = missing
            && ids.iter().any(|id| self.exists(model, *id))
            && fields.iter().zip(spec.values()).any(|(field, spec)| self.reads_along(model, *field, spec))
        {
            return Err(faults::missing(self, model, &[*missing]));
        }
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            if !self.exists(model, *id) {
                continue;
            }
            let mut record = Map::from_iter([("id".to_owned(), json!(id))]);
            for (name, number) in names.iter().zip(&fields) {
                let value = self.spec_value(model, *id, *number, &spec[*name])?;
                record.insert((*name).to_owned(), value);
            }
            records.push(Value::Object(record));
        }
        Ok(Value::Array(records))
    }

    /// Whether a specification names a field, at any depth, that is not there.
    fn asks_unknown(&self, model: ModelId, spec: &Map<String, Value>) -> bool {
        let def = self.registry.def(model);
        spec.iter().any(|(name, spec)| match (def.field(name), spec.get("fields").and_then(Value::as_object)) {
            (None, _) => true,
            (Some((_, field)), Some(inner)) => field.comodel.is_some_and(|comodel| self.asks_unknown(comodel, inner)),
            _ => false,
        })
    }

    /// Tells of such a field as Odoo comes to it.
    fn find_unknown(&mut self, model: ModelId, ids: &[i64], spec: &Map<String, Value>) -> Result<(), Fault> {
        let names: Vec<_> = spec.keys().map(String::as_str).collect();
        let def = Arc::clone(self.registry.def(model));
        if ids.is_empty() {
            return self.nothing_named(model, &names);
        }
        self.fields_named(model, &names)?;
        for (name, spec) in spec {
            let (Some((number, field)), Some(inner)) = (def.field(name), spec.get("fields")) else { continue };
            let (Some(comodel), Some(inner)) = (field.comodel, inner.as_object()) else { continue };
            let limit = spec.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
            let mut found = Vec::new();
            for id in ids {
                found.extend(match field.kind {
                    Kind::Many2one => {
                        self.cell(model, *id, number).and_then(|cell| cell.as_int()).into_iter().collect()
                    }
                    _ => self.read_ids(model, *id, number, None)?,
                });
            }
            found.truncate(limit.unwrap_or(usize::MAX));
            if ids.iter().any(|id| self.exists(model, *id)) {
                self.find_unknown(comodel, &found, inner)?;
            }
        }
        Ok(())
    }

    /// The same after these values were written. Of a record that is not there they are told where no other column is asked for: Odoo
    /// has them in its cache then, and does not look whether anything was written. Seen on 19.0.
    pub(crate) fn web_read_written(
        &mut self,
        model: ModelId,
        ids: &[i64],
        values: &Map<String, Value>,
        specification: &Value,
    ) -> Result<Value, Fault> {
        let mut read = self.web_read(model, ids, specification)?;
        if let (Value::Array(records), [id]) = (&mut read, ids)
            && records.is_empty()
        {
            records.extend(self.echo(model, *id, values, spec_of(specification)?)?);
        }
        Ok(read)
    }

    fn echo(
        &mut self,
        model: ModelId,
        id: i64,
        values: &Map<String, Value>,
        spec: &Map<String, Value>,
    ) -> Result<Option<Value>, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let mut record = Map::from_iter([("id".to_owned(), json!(id))]);
        for (name, spec) in spec.iter().filter(|(name, _)| *name != "id") {
            let is_name = name == "display_name";
            // The name of a record in a tree is that of the records above it, too.
            if is_name && def.parent.is_some() {
                return Ok(None);
            }
            let held = if is_name { def.rec_name } else { def.id_of(name) };
            let Some(field) = held.map(|number| def.def(number)) else { return Ok(None) };
            if field.kind.is_x2many() {
                record.insert(name.clone(), json!([]));
                continue;
            }
            let Some((number, value)) = held.zip(values.get(&*field.name)) else { return Ok(None) };
            let cell = to_cell(self, &def, field, value)?;
            let told = match (&cell, field.comodel) {
                (Some(Cell::Int(target)), Some(comodel)) => match spec.get("fields") {
                    Some(inner) => self.nested(comodel, *target, inner)?,
                    None => json!(target),
                },
                (cell, _) => self.wire(model, number, cell.as_ref()),
            };
            record.insert(name.clone(), if is_name && told == "" { json!(false) } else { told });
        }
        Ok(Some(Value::Object(record)))
    }

    /// Whether records are read along a relation, for all at once: one that is missing is an error then.
    fn reads_along(&self, model: ModelId, number: FieldId, spec: &Value) -> bool {
        match self.registry.def(model).def(number).kind {
            Kind::Many2one => spec.get("fields").is_some(),
            Kind::One2many | Kind::Many2many => is_true(spec),
            _ => false,
        }
    }

    fn spec_value(&mut self, model: ModelId, id: i64, number: FieldId, spec: &Value) -> Result<Value, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let field = def.def(number);
        let inner = spec.get("fields").filter(|inner| inner.is_object());
        match field.kind {
            Kind::Many2one => self.spec_many2one(model, id, number, inner),
            Kind::One2many | Kind::Many2many => self.spec_x2many(model, id, number, field, spec, inner),
            Kind::Reference => {
                let text = self.cell(model, id, number).and_then(|cell| cell.as_text("").cloned());
                let (Some(inner), Some(text)) = (inner, text.clone()) else {
                    return Ok(text.map_or(json!(false), |text| json!(&*text)));
                };
                let Some((target, of)) =
                    text.split_once(',').and_then(|(name, of)| Some((self.registry.model(name)?.0, of.parse().ok()?)))
                else {
                    return Ok(json!(false));
                };
                let read = self.nested(target, of, inner)?;
                let mut record = read.as_object().cloned().unwrap_or_default();
                record.insert("id".to_owned(), json!({"id": of, "model": self.registry.def(target).name.to_string()}));
                Ok(Value::Object(record))
            }
            _ => self.read_field(model, id, number, true),
        }
    }

    fn spec_many2one(
        &mut self,
        model: ModelId,
        id: i64,
        number: FieldId,
        inner: Option<&Value>,
    ) -> Result<Value, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let field = def.def(number);
        let target = self.cell(model, id, number).as_ref().and_then(Cell::as_int);
        let (Some(target), Some(comodel)) = (target, field.comodel) else { return Ok(json!(false)) };
        if !self.exists(comodel, target) {
            return Ok(json!(false));
        }
        match inner {
            // Without fields it is the id alone.
            None => Ok(json!(target)),
            Some(inner) => self.nested(comodel, target, inner),
        }
    }

    /// One record within another.
    fn nested(&mut self, model: ModelId, id: i64, inner: &Value) -> Result<Value, Fault> {
        // A name alone is shown whatever the rights are.
        let only_name =
            inner.as_object().is_some_and(|inner| inner.keys().all(|name| name == "display_name" || name == "id"));
        if only_name {
            let mut record = Map::from_iter([("id".to_owned(), json!(id))]);
            if inner.get("display_name").is_some() {
                record.insert("display_name".to_owned(), self.display_name(model, id));
            }
            return Ok(Value::Object(record));
        }
        let mut read = self.web_read(model, &[id], inner)?;
        Ok(read.get_mut(0).map(Value::take).unwrap_or(json!(false)))
    }

    fn spec_x2many(
        &mut self,
        model: ModelId,
        id: i64,
        number: FieldId,
        field: &FieldDef,
        spec: &Value,
        inner: Option<&Value>,
    ) -> Result<Value, Fault> {
        let order = spec.get("order").and_then(Value::as_str).filter(|order| !order.is_empty());
        let ids = self.read_ids(model, id, number, order)?;
        let (Some(inner), Some(comodel)) = (inner, field.comodel) else { return Ok(json!(ids)) };
        let limit = spec.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        let shown = limit.unwrap_or(usize::MAX).min(ids.len());
        // The context is that of what is read of them, not of which they are.
        let context = spec.get("context").and_then(|context| context.get("active_test")).map(is_true);
        let active_test = context.unwrap_or(self.active_test);
        let read = self.with(active_test).web_read(comodel, &ids[..shown], inner)?;
        let mut records = read.as_array().cloned().unwrap_or_default();
        // Beyond the limit the records are named by their ids.
        records.extend(ids[shown..].iter().map(|id| json!({"id": id})));
        Ok(Value::Array(records))
    }
}

fn spec_of(specification: &Value) -> Result<&Map<String, Value>, Fault> {
    specification.as_object().ok_or_else(|| {
        Fault::new("builtins.AttributeError", format!("'{}' object has no attribute 'keys'", type_name(specification)))
    })
}
