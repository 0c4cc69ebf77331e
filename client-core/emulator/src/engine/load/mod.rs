//! `load`: records from a table of texts, as the import of the web client sends them.

mod convert;
mod extract;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use self::convert::Wrong;
use self::extract::{Column, Raw, path_of};
use super::definitions::{Kind, ModelId};
use super::env::Env;
use super::python::{is_true, repr_str, str};
use super::rights::Rights;
use super::rules::NEEDS_NAME;
use crate::Fault;
use crate::series::Difference;

/// A record that is ready to be written.
struct Ready {
    external: Option<String>,
    number: Option<i64>,
    values: Map<String, Value>,
    info: Value,
}

/// An import while it is done.
struct Import {
    model: ModelId,
    /// The module of external ids that do not say theirs.
    module: String,
    ids: Vec<i64>,
    messages: Vec<Value>,
    waiting: Vec<Ready>,
    /// The models of which records may be created by it.
    creatable: HashSet<ModelId>,
}

impl Import {
    fn qualified(&self, name: &str) -> String {
        if name.contains('.') { name.to_owned() } else { format!("{}.{name}", self.module) }
    }
}

impl Env<'_> {
    /// Imports rows: all of them, or none and what is wrong.
    pub(crate) fn load(&mut self, model: ModelId, fields: &Value, data: &Value) -> Result<Value, Fault> {
        let columns = fields.as_array().into_iter().flatten().filter_map(Value::as_str);
        let paths: Vec<Vec<Column>> = columns.map(path_of).collect();
        let rows: Vec<Vec<Value>> =
            data.as_array().into_iter().flatten().map(|row| row.as_array().cloned().unwrap_or_default()).collect();
        Rights::check(self, model, "create")?;
        let module = self.context.get("module").and_then(Value::as_str).unwrap_or("__import__").to_owned();
        let mut import = Import {
            model,
            creatable: self.creatable(model, &paths),
            module: module.clone(),
            ids: Vec::new(),
            messages: Vec::new(),
            waiting: Vec::new(),
        };
        // Lines that are created get their external ids by it.
        self.context.insert("_import_current_module".to_owned(), json!(module));
        let savepoint = self.store.savepoint();
        let records = extract::records(self, model, &paths, &rows)?;
        for (at, record) in records.iter().enumerate() {
            let cell = |column: &Column| match record.get(column) {
                Some(Raw::Cell(cell)) if is_true(cell) => Some(str(cell)),
                _ => None,
            };
            let info = json!({"rows": {"from": record.from, "to": record.to}, "record": at});
            let number = match cell(&Column::Number) {
                Some(text) => self.number(&mut import, &text, &info)?,
                None => None,
            };
            let external = cell(&Column::External).map(|name| import.qualified(&name));
            let (values, _) = self.convert(&mut import, model, record, Some(&info))?;
            import.waiting.push(Ready { external, number, values, info });
        }
        self.write_waiting(&mut import)?;
        if import.messages.iter().any(|message| message["type"] == "error") {
            self.store.roll_back(savepoint);
            return Ok(json!({"ids": false, "messages": import.messages, "nextrow": 0}));
        }
        Ok(json!({"ids": import.ids, "messages": import.messages, "nextrow": 0}))
    }

    /// The model itself, and those of its lines.
    fn creatable(&self, model: ModelId, paths: &[Vec<Column>]) -> HashSet<ModelId> {
        let mut all = HashSet::from([model]);
        for path in paths {
            let mut at = model;
            for column in path {
                let Column::Field(name) = column else { break };
                match self.registry.def(at).field(name).map(|(_, field)| (field.kind, field.comodel)) {
                    Some((Kind::One2many, Some(comodel))) => {
                        all.insert(comodel);
                        at = comodel;
                    }
                    _ => break,
                }
            }
        }
        all
    }

    /// The number of a record that is to be there.
    fn number(&self, import: &mut Import, text: &str, info: &Value) -> Result<Option<i64>, Fault> {
        let id = text.trim().parse::<i64>().map_err(|_| {
            let words = format!("invalid input syntax for type integer: \"{text}\"");
            Fault::new("psycopg2.errors.InvalidTextRepresentation", words)
        })?;
        if self.exists(import.model, id) && (!self.active_test || self.is_active(import.model, id)) {
            return Ok(Some(id));
        }
        let mut message = info.clone();
        message["type"] = json!("error");
        message["field"] = json!(".id");
        message["message"] = json!(format!("Unknown database identifier '{id}'"));
        import.messages.push(message);
        Ok(None)
    }

    fn message(&self, model: ModelId, name: &str, wrong: &Wrong, info: &Value) -> Value {
        let label = self.registry.def(model).field(name).map(|(_, field)| field.pin.label.clone()).unwrap_or_default();
        let mut message = info.clone();
        message["type"] = json!(if wrong.is_warning { "warning" } else { "error" });
        message["field"] = json!(name);
        message["message"] = json!(wrong.words.replace("%(field)s", &label).replace("%(field)r", &repr_str(&label)));
        if let Some(more) = &wrong.more {
            if !more.is_null() {
                message["moreinfo"] = more.clone();
            }
            if self.has(Difference::RelatedIsPath) {
                message["field_name"] = json!(label);
            }
        }
        message
    }

    /// Writes what is ready: all at once, or where that fails one by one.
    fn write_waiting(&mut self, import: &mut Import) -> Result<(), Fault> {
        let waiting = std::mem::take(&mut import.waiting);
        let savepoint = self.store.savepoint();
        let all = waiting.iter().map(|ready| self.load_one(import.model, ready)).collect::<Result<Vec<_>, _>>();
        let fault = match all {
            Ok(ids) => {
                import.ids.extend(ids);
                return Ok(());
            }
            Err(fault) => fault,
        };
        self.store.roll_back(savepoint);
        let at = import.messages.len();
        for ready in &waiting {
            let savepoint = self.store.savepoint();
            match self.load_one(import.model, ready) {
                Ok(id) => import.ids.push(id),
                Err(fault) if fault.is_not_emulated() => return Err(fault),
                Err(fault) => {
                    self.store.roll_back(savepoint);
                    import.messages.push(self.failed(import.model, ready, &fault));
                }
            }
        }
        // What was wrong with all of them at once is said of the first.
        if self.has(Difference::ImportsTellOfUsers)
            && is_users(&fault)
            && let Some(first) = waiting.first()
        {
            let message = self.failed(import.model, first, &fault);
            if !import.messages[at..].contains(&message) {
                import.messages.insert(0, message);
            }
        }
        Ok(())
    }

    fn load_one(&mut self, model: ModelId, ready: &Ready) -> Result<i64, Fault> {
        let known = match &ready.external {
            Some(name) => {
                self.check_model(name, model)?;
                self.named_record(name, model)
            }
            None => ready.number,
        };
        if let Some(id) = known {
            return self.write(model, &[id], &ready.values).map(|()| id);
        }
        let id = self.create(model, &ready.values)?;
        if let Some(name) = &ready.external {
            self.name_externally(name, model, id, false);
        }
        Ok(id)
    }

    /// Refuses an external id that is that of a record of another model.
    fn check_model(&mut self, name: &str, model: ModelId) -> Result<(), Fault> {
        let wanted = Arc::clone(&self.registry.def(model).name);
        match self.by_external_id(name).filter(|(of, _)| **of != *wanted && self.has(Difference::ImportsCheckModels)) {
            Some((of, _)) => Err(Fault::validation(format!(
                "For external id {name} when trying to create/update a record of model {wanted} found record of different \
                 model {of} ({})",
                self.external(name).unwrap_or_default()
            ))),
            None => Ok(()),
        }
    }

    /// What is said of a record that could not be written.
    fn failed(&self, model: ModelId, ready: &Ready, fault: &Fault) -> Value {
        let mut message = ready.info.clone();
        message["type"] = json!("error");
        message["message"] = json!(fault.message);
        let Some(of_database) = of_database(fault) else {
            if !is_users(fault) || !self.has(Difference::ImportsTellOfUsers) {
                let words = format!("<class '{}'>: {}", fault.exception.replace("builtins.", ""), fault.message);
                message["message"] = json!(format!("Unknown error during import: {words}"));
                message["moreinfo"] = json!("Resolve other errors first");
            }
            return message;
        };
        let def = Arc::clone(self.registry.def(model));
        // Which field it is about is known where the row is one of this model's table.
        let is_needed = of_database.contains("mandatory field") || fault.message.contains("mandatory field");
        let is_own = is_needed && fault.message.contains(&format!("({})", def.name));
        let needed = def.numbered().find(|(_, field)| is_own && fault.message.contains(&format!("({})", field.name)));
        message["message"] = json!(match &needed {
            _ if self.has(Difference::ConstraintsNameLabels) => of_database.to_owned(),
            Some((_, field)) => format!("Missing required value for the field '{}' ({})", field.pin.label, field.name),
            None if is_needed => {
                let column = fault.message.rsplit_once('(').map_or("", |(_, column)| column.trim_end_matches(')'));
                format!("Missing required value for the field '{column}'")
            }
            None => format!("'{of_database}'"),
        });
        if let Some((_, field)) = needed {
            message["field"] = json!(&*field.name);
        }
        message
    }
}

/// What the database says, where an exception is made of that.
fn of_database(fault: &Fault) -> Option<&str> {
    let words = fault.message.strip_prefix("The operation cannot be completed:").map(str::trim_start);
    words.or_else(|| (fault.message == NEEDS_NAME).then_some(NEEDS_NAME))
}

/// Whether an exception is one for users.
fn is_users(fault: &Fault) -> bool {
    fault.exception.starts_with("odoo.exceptions.") && of_database(fault).is_none()
}
