//! Reading: from what is held to what goes over the wire.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::definitions::{FieldId, Kind, ModelId};
use super::domain::{self, Expr};
use super::env::{Env, Unset};
use super::order::Order;
use super::rights::Rights;
use crate::Fault;
use crate::series::Difference;

impl Env<'_> {
    /// `search`: the ids in order.
    pub(crate) fn search(
        &mut self,
        model: ModelId,
        expr: &Expr,
        offset: usize,
        limit: Option<i64>,
        order: Option<&str>,
    ) -> Result<Vec<i64>, Fault> {
        Rights::check(self, model, "read")?;
        // Where the domain alone says that there is nothing, the rest is not looked at.
        let mut ids = self.matching(model, expr, self.active_test)?;
        if ids.is_empty() && self.is_nothing(model, expr)? {
            return Ok(ids);
        }
        let order = Order::read(self, model, order)?;
        if limit.is_some_and(|limit| limit < 0) {
            return Err(Fault::new("psycopg2.errors.InvalidRowCountInLimitClause", "LIMIT must not be negative\n"));
        }
        order.sort(self, &mut ids);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        Ok(ids.into_iter().skip(offset).take(limit).collect())
    }

    /// The fields that a read asks for, by number: all that the user may read if it names none.
    pub(crate) fn fields_named(&self, model: ModelId, names: &[&str]) -> Result<Vec<FieldId>, Fault> {
        let def = self.registry.def(model);
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            let number = def.id_of(name).ok_or_else(|| {
                let on = if self.has(Difference::ShortFieldErrors) { "on" } else { "on model" };
                Fault::value(format!("Invalid field '{name}' {on} '{}'", def.name))
            })?;
            if !fields.contains(&number) {
                fields.push(number);
            }
        }
        Rights::check_fields(self, model, &fields, "read")?;
        Ok(fields)
    }

    /// Refuses to read what is translated in a language that is not active: a name is, where it is that of a translated field.
    pub(crate) fn check_langs(&self, model: ModelId, fields: &[FieldId]) -> Result<(), Fault> {
        let def = self.registry.def(model);
        let name = def.id_of("display_name");
        let mut asked = fields.iter().map(|field| def.rec_name.filter(|_| Some(*field) == name).unwrap_or(*field));
        asked.try_for_each(|field| self.check_lang(def.def(field)))
    }

    /// The same where no records are read: in 17 and 18 a field that is not there is the key that Odoo looks for.
    pub(crate) fn nothing_named(&self, model: ModelId, names: &[&str]) -> Result<(), Fault> {
        let def = self.registry.def(model);
        let unknown = names.iter().find(|name| def.id_of(name).is_none());
        match unknown.filter(|_| self.has(Difference::FieldsFirst) && !self.has(Difference::EmptyReadsNameFields)) {
            Some(unknown) => Err(Fault::new("builtins.KeyError", *unknown)),
            None => self.fields_named(model, names).map(drop),
        }
    }

    /// Looks at the fields of a search that found nothing, as the series does.
    pub(crate) fn fields_of_none(&mut self, model: ModelId, expr: &Expr, names: &[&str]) -> Result<(), Fault> {
        if !self.has(Difference::FieldsFirst) {
            Ok(())
        } else if self.is_nothing(model, expr)? {
            self.nothing_named(model, names)
        } else {
            // The database is asked for them.
            let fields = self.fields_named(model, names)?;
            self.check_langs(model, &fields)
        }
    }

    /// `read`: the records that are there, as objects. Without names, all fields.
    pub(crate) fn read(&mut self, model: ModelId, ids: &[i64], names: &[&str]) -> Result<Vec<Value>, Fault> {
        Rights::check(self, model, "read")?;
        let def = Arc::clone(self.registry.def(model));
        let fields = if names.is_empty() {
            let numbers = def.numbered().map(|(number, _)| number);
            numbers.filter(|number| self.settings.rights.may_field(self.uid, model, *number)).collect()
        } else {
            self.fields_named(model, names)?
        };
        if !ids.is_empty() {
            self.check_langs(model, &fields)?;
        }
        let id_field = def.id_of("id");
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            if !self.exists(model, *id) {
                continue;
            }
            let mut record = Map::new();
            record.insert("id".to_owned(), json!(id));
            for number in &fields {
                if Some(*number) != id_field {
                    let value = self.read_field(model, *id, *number, !names.is_empty())?;
                    record.insert(def.def(*number).name.to_string(), value);
                }
            }
            records.push(Value::Object(record));
        }
        Ok(records)
    }

    /// One value, as it goes over the wire.
    pub(crate) fn read_field(
        &mut self,
        model: ModelId,
        id: i64,
        number: FieldId,
        is_named: bool,
    ) -> Result<Value, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let field = def.def(number);
        if &*field.name == "id" {
            return Ok(json!(id));
        }
        if &*field.name == "display_name" {
            return Ok(self.display_name(model, id));
        }
        if field.kind.is_x2many() {
            self.check_is_known(model, id, number, is_named)?;
            return Ok(json!(self.read_ids(model, id, number, None)?));
        }
        if field.is_properties() && (field.is_stored() || field.inherited.is_some()) {
            return Ok(self.properties(model, id, number));
        }
        let cell = self.cell(model, id, number).or_else(|| super::rules::computed(self, model, id, &field.name));
        if cell.is_none() {
            self.check_is_known(model, id, number, is_named)?;
        }
        Ok(self.wire(model, number, cell.as_ref()))
    }

    /// Refuses to make up a value that only Odoo's Python could compute.
    fn check_is_known(&self, model: ModelId, id: i64, number: FieldId, is_named: bool) -> Result<(), Fault> {
        let def = self.registry.def(model);
        let field = def.def(number);
        let is_error = match self.settings.unset {
            Unset::Empty => false,
            Unset::ErrorIfNotStored => field.is_computed() && is_named,
            Unset::Error => {
                is_named && (field.is_computed() || field.pin.computed && field.pin.readonly && field.is_stored())
            }
        };
        if !is_error || self.store.row(model, id).is_some_and(|row| row.get(number).is_some()) {
            return Ok(());
        }
        Err(Fault::not_emulated(
            format_args!("{}.{} of record {id}, which Odoo's Python computes,", def.name, field.name),
            format_args!(
                "say what it is by `emulator.engine(|engine| engine.set(\"{}\", {id}, \"{}\", value))`",
                def.name, field.name
            ),
        ))
    }

    /// The records of a relation as they are read: in order, archived ones left out.
    pub(crate) fn read_ids(
        &mut self,
        model: ModelId,
        id: i64,
        number: FieldId,
        order: Option<&str>,
    ) -> Result<Vec<i64>, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let field = def.def(number);
        let Some(comodel) = field.comodel else { return Ok(Vec::new()) };
        let mut ids = self.ids(model, id, number);
        ids.retain(|id| self.exists(comodel, *id));
        if field.active_test.unwrap_or(self.active_test) {
            ids.retain(|id| self.is_active(comodel, *id));
        }
        if let Some(domain) = &field.domain {
            let expr = self.parse(domain)?;
            let node = domain::compile(self, comodel, &expr)?;
            let lang = &self.lang;
            ids.retain(|id| self.store.row(comodel, *id).is_some_and(|row| node.fits(*id, row, lang) == Some(true)));
        }
        Order::read(self, comodel, order)?.sort(self, &mut ids);
        Ok(ids)
    }

    /// A value in the form of its type.
    pub(crate) fn wire(&self, model: ModelId, number: FieldId, cell: Option<&Cell>) -> Value {
        let field = self.registry.def(model).def(number);
        let Some(cell) = cell else {
            return match field.kind {
                Kind::Integer | Kind::Many2oneReference => json!(0),
                Kind::Float | Kind::Monetary => json!(0.0),
                _ => json!(false),
            };
        };
        match cell {
            Cell::Int(id) if field.kind == Kind::Many2one => match field.comodel {
                Some(comodel) if self.exists(comodel, *id) => json!([id, self.display_name(comodel, *id)]),
                _ => json!(false),
            },
            Cell::Int(int) => json!(int),
            Cell::Bool(value) => json!(value),
            Cell::Float(float) => super::python::float_json(*float),
            Cell::Text(text) if field.kind == Kind::Binary && self.wants_size(&field.name) => json!(size(text)),
            Cell::Text(_) | Cell::Texts(_) => cell.as_text(&self.lang).map_or(json!(false), |text| json!(&**text)),
            Cell::Ids(ids) => json!(&**ids),
            Cell::Json(json) => (**json).clone(),
        }
    }

    /// Whether the context asks for the size of a file rather than for the file.
    fn wants_size(&self, field: &str) -> bool {
        let said = |key: &str| self.context.get(key).is_some_and(super::python::is_true);
        said("bin_size") || said(&format!("bin_size_{field}"))
    }
}

/// The size of what base64 holds, as Odoo writes it.
fn size(base64: &str) -> String {
    let padding = base64.bytes().rev().take_while(|byte| *byte == b'=').count();
    let mut size = (base64.len() / 4 * 3).saturating_sub(padding) as f64;
    let units = ["bytes", "Kb", "Mb", "Gb", "Tb"];
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{size:.2} {}", units[unit])
}
