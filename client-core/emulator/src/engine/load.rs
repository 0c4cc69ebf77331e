//! `load`: records from a table of texts, as the import of the web client sends them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::definitions::{FieldDef, Kind, ModelId};
use super::env::Env;
use super::python::{is_true, str};
use super::rights::Rights;
use crate::Fault;
use crate::series::Difference;

/// What is wrong with a row.
struct Problem {
    field: String,
    label: String,
    message: String,
}

impl Env<'_> {
    /// Imports rows: all of them, or none and what is wrong.
    pub(crate) fn load(&mut self, model: ModelId, fields: &Value, data: &Value) -> Result<Value, Fault> {
        let columns: Vec<String> =
            fields.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        let rows: Vec<Vec<Value>> =
            data.as_array().into_iter().flatten().map(|row| row.as_array().cloned().unwrap_or_default()).collect();
        Rights::check(self, model, "create")?;
        let def = Arc::clone(self.registry.def(model));
        for column in &columns {
            let name = column.split('/').next().unwrap_or_default();
            if name != "id" && name != ".id" && def.field(name).is_none() {
                return Err(if self.has(Difference::DomainObjects) {
                    Fault::value(format!("Invalid field name '{name}'"))
                } else {
                    Fault::new("builtins.KeyError", name)
                });
            }
            let deep = column.split('/').nth(1).is_some_and(|part| part != "id" && part != ".id");
            if deep && def.field(name).is_some_and(|(_, field)| field.kind.is_x2many()) {
                return Err(Fault::not_emulated(
                    format_args!("`load` with lines of {name} (`{column}`)"),
                    "create the records with commands, or answer `load` by `Engine::on`",
                ));
            }
        }
        let savepoint = self.store.savepoint();
        let mut ids = Vec::with_capacity(rows.len());
        let mut messages = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            match self.load_row(model, &columns, row) {
                Ok(id) => ids.push(id),
                Err(problem) => messages.push(self.message(at, &problem)),
            }
        }
        if messages.is_empty() {
            return Ok(json!({"ids": ids, "messages": [], "nextrow": 0}));
        }
        self.store.roll_back(savepoint);
        Ok(json!({"ids": false, "messages": messages, "nextrow": 0}))
    }

    fn message(&self, at: usize, problem: &Problem) -> Value {
        let mut message = json!({
            "rows": {"from": at, "to": at},
            "record": at,
            "type": "error",
            "message": problem.message,
        });
        if !problem.field.is_empty() {
            message["field"] = json!(problem.field);
        }
        if !problem.label.is_empty() && self.has(Difference::RelatedIsPath) {
            message["field_name"] = json!(problem.label);
        }
        message
    }

    fn load_row(&mut self, model: ModelId, columns: &[String], row: &[Value]) -> Result<i64, Problem> {
        let def = Arc::clone(self.registry.def(model));
        let mut values = Map::new();
        let mut external = None;
        let mut number = None;
        for (column, cell) in columns.iter().zip(row) {
            let (name, part) =
                column.split_once('/').map_or((column.as_str(), None), |(name, part)| (name, Some(part)));
            let text = str(cell);
            match (name, def.field(name)) {
                ("id", _) => external = Some(text).filter(|text| !text.is_empty()),
                (".id", _) => number = text.trim().parse::<i64>().ok(),
                (_, Some((_, field))) => {
                    let value = if field.kind.is_relational() {
                        self.load_relation(field, part, cell)
                    } else {
                        load_value(field, cell)
                    };
                    let value = value.map_err(|message| Problem {
                        field: name.to_owned(),
                        label: field.pin.label.clone(),
                        message,
                    })?;
                    values.insert(name.to_owned(), value);
                }
                _ => {}
            }
        }
        let savepoint = self.store.savepoint();
        let known = match &external {
            Some(name) => self.named_record(&qualified(name), model),
            None => number,
        };
        let done = match known {
            Some(id) => self.write(model, &[id], &values).map(|()| id),
            None => self.create(model, &values),
        };
        match done {
            Ok(id) => {
                if known.is_none()
                    && let Some(name) = &external
                {
                    self.name_externally(&qualified(name), model, id, false);
                }
                Ok(id)
            }
            Err(fault) => {
                self.store.roll_back(savepoint);
                Err(self.problem(model, &values, fault))
            }
        }
    }

    /// What the import says of an exception.
    fn problem(&self, model: ModelId, values: &Map<String, Value>, fault: Fault) -> Problem {
        let def = self.registry.def(model);
        let needed = def.numbered().find(|(_, field)| {
            field.pin.required
                && field.is_stored()
                && !values.get(&*field.name).is_some_and(is_true)
                && fault.message.contains(&format!("({})", field.name))
        });
        match needed {
            Some((_, field)) => {
                let message = if self.has(Difference::ConstraintsNameLabels) {
                    fault
                        .message
                        .strip_prefix("The operation cannot be completed: ")
                        .unwrap_or(&fault.message)
                        .to_owned()
                } else {
                    format!("Missing required value for the field '{}' ({})", field.pin.label, field.name)
                };
                Problem { field: field.name.to_string(), label: String::new(), message }
            }
            None => Problem { field: String::new(), label: String::new(), message: fault.message },
        }
    }

    /// A record that a cell names: by external id, by number, or by name.
    fn load_relation(&mut self, field: &FieldDef, part: Option<&str>, cell: &Value) -> Result<Value, String> {
        let text = str(cell);
        if !is_true(cell) || text.is_empty() {
            return Ok(if field.kind == Kind::Many2one { json!(false) } else { json!([]) });
        }
        let Some(comodel) = field.comodel else { return Ok(json!(false)) };
        let label = &field.pin.label;
        let mut ids = Vec::new();
        let names: Vec<&str> = if field.kind == Kind::Many2one { vec![&text] } else { text.split(',').collect() };
        for name in names {
            let found = match part {
                Some("id") => self
                    .named_record(&qualified(name), comodel)
                    .ok_or_else(|| format!("No matching record found for external id '{name}' in field '{label}'"))?,
                Some(".id") => {
                    name.trim().parse().ok().filter(|id| self.exists(comodel, *id)).ok_or_else(|| {
                        format!("No matching record found for database id '{name}' in field '{label}'")
                    })?
                }
                _ => {
                    let found = self.by_name(comodel, "=", &json!(name), self.active_test).unwrap_or_default();
                    *found
                        .first()
                        .ok_or_else(|| format!("No matching record found for name '{name}' in field '{label}'"))?
                }
            };
            ids.push(found);
        }
        Ok(match (field.kind, ids.first()) {
            (Kind::Many2one, Some(id)) => json!(id),
            _ => json!([[6, 0, ids]]),
        })
    }
}

/// An external id with its module: those of imports without one are of `__import__`.
fn qualified(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("__import__.{name}") }
}

/// The value that a text stands for.
fn load_value(field: &FieldDef, cell: &Value) -> Result<Value, String> {
    let text = str(cell);
    let label = &field.pin.label;
    if !is_true(cell) || text.is_empty() {
        return Ok(json!(false));
    }
    match field.kind {
        Kind::Integer => text
            .trim()
            .parse::<i64>()
            .map(|int| json!(int))
            .map_err(|_| format!("'{text}' does not seem to be an integer for field '{label}'")),
        Kind::Float | Kind::Monetary => text
            .trim()
            .parse::<f64>()
            .map(|float| json!(float))
            .map_err(|_| format!("'{text}' does not seem to be a number for field '{label}'")),
        Kind::Boolean => match text.to_lowercase().as_str() {
            "1" | "true" | "yes" => Ok(json!(true)),
            "" | "0" | "false" | "no" => Ok(json!(false)),
            _ => Ok(json!(true)),
        },
        Kind::Date if text.parse::<jiff::civil::Date>().is_err() => {
            Err(format!("'{text}' does not seem to be a valid date for field '{label}'"))
        }
        Kind::Datetime if text.replacen(' ', "T", 1).parse::<jiff::civil::DateTime>().is_err() => {
            Err(format!("'{text}' does not seem to be a valid datetime for field '{label}'"))
        }
        Kind::Selection => {
            let known = field.pin.selection.as_ref().into_iter().flat_map(|known| &known.0);
            let mut known =
                known.filter(|(value, title)| *value == text || title.to_lowercase() == text.to_lowercase());
            known
                .next()
                .map(|(value, _)| json!(value))
                .ok_or_else(|| format!("Value '{text}' not found in selection field '{label}'"))
        }
        _ => Ok(json!(text)),
    }
}
