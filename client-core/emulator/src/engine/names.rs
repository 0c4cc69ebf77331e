//! The names of records: how they are shown, and how they are searched by.

use std::sync::Arc;

use serde_json::{Value, json};

use super::cell::Cell;
use super::definitions::{FieldId, Kind, ModelId};
use super::domain::Expr;
use super::env::Env;
use super::python::{float_repr, is_true};
use super::rules;
use crate::Fault;
use crate::series::Difference;

impl Env<'_> {
    /// `display_name` of a record that is there: a text, or `false`.
    pub(crate) fn display_name(&self, model: ModelId, id: i64) -> Value {
        let def = self.registry.def(model);
        let own = def.id_of("display_name").and_then(|number| self.store.row(model, id)?.get(number).cloned());
        if let Some(name) = own.and_then(|name| name.as_text(&self.lang).cloned()) {
            return json!(&*name);
        }
        if let Some(name) = rules::display_name(self, model, id) {
            return name;
        }
        match def.rec_name {
            Some(field) => self.name_of_value(model, id, field),
            None => json!(format!("{},{id}", def.name)),
        }
    }

    /// How a record is shown that has its name from this field.
    fn name_of_value(&self, model: ModelId, id: i64, number: FieldId) -> Value {
        let field = self.registry.def(model).def(number);
        // Up to 14 what is not set has a name too: that of Python for it.
        let cell = self.cell(model, id, number);
        let is_empty = match &cell {
            Some(Cell::Int(0) | Cell::Bool(false)) | None => true,
            Some(Cell::Float(float)) => *float == 0.0,
            Some(cell) => cell.as_text(&self.lang).is_some_and(|text| text.is_empty()),
        };
        if is_empty && self.has(Difference::RelatedIsPath) {
            return if self.has(Difference::EmptyNamesAreFalse) { json!(false) } else { json!("") };
        }
        let Some(cell) = cell else { return json!(if field.kind.is_number() { "0" } else { "False" }) };
        match (&cell, field.kind) {
            (Cell::Int(target), Kind::Many2one) => match field.comodel.filter(|comodel| self.exists(*comodel, *target))
            {
                Some(comodel) => self.display_name(comodel, *target),
                None => json!(false),
            },
            (Cell::Text(text), Kind::Selection) => {
                let label =
                    field.pin.selection.as_ref().and_then(|known| known.0.iter().find(|(value, _)| **value == **text));
                json!(label.map_or(&**text, |(_, label)| label))
            }
            (Cell::Int(int), _) => json!(int.to_string()),
            (Cell::Float(float), _) => json!(float_repr(*float)),
            (Cell::Bool(value), _) => json!(if *value { "True" } else { "False" }),
            (cell, _) => json!(cell.as_text(&self.lang).map(|text| text.to_string())),
        }
    }

    /// The domain that a search by name stands for.
    pub(crate) fn name_domain(&mut self, model: ModelId, operator: &str, name: &Value) -> Result<Expr, Fault> {
        let def = Arc::clone(self.registry.def(model));
        if let Some(expr) = rules::name_domain(self, model, operator, name)? {
            return Ok(expr);
        }
        if let Some(fields) = &def.names_search {
            let leaves = fields.iter().map(|field| Expr::leaf(field, operator, name.clone())).collect();
            return Ok(if super::domain::is_negative(operator) { Expr::And(leaves) } else { Expr::Or(leaves) });
        }
        match def.rec_name {
            Some(field) if &*def.def(field).name != "display_name" || def.def(field).is_stored() => {
                Ok(Expr::leaf(&def.def(field).name, operator, name.clone()))
            }
            _ => Ok(Expr::Const(true)),
        }
    }

    /// `name_search`: ids and names, in the order of the model.
    pub(crate) fn name_search(
        &mut self,
        model: ModelId,
        name: &Value,
        domain: &Value,
        operator: &str,
        limit: Option<i64>,
    ) -> Result<Value, Fault> {
        let mut expr = self.parse(domain)?;
        if is_true(name) || !matches!(operator, "ilike") {
            expr = Expr::And(vec![self.name_domain(model, operator, name)?, expr]);
        }
        let ids = self.search(model, &expr, 0, limit, None)?;
        Ok(ids.into_iter().map(|id| json!([id, self.display_name(model, id)])).collect())
    }
}
