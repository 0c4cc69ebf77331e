//! From texts to the values of fields.

use serde_json::{Map, Value, json};

use super::Import;
use super::extract::{Column, Extracted, Raw};
use crate::Fault;
use crate::engine::definitions::{FieldDef, Kind, ModelId};
use crate::engine::domain::Expr;
use crate::engine::env::Env;
use crate::engine::python::{is_true, repr_str, str};
use crate::engine::zone;
use crate::series::Difference;

/// What is wrong with a value: its words, with `%(field)s` for the label of its field, and more about it.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) words: String,
    pub(super) more: Option<Value>,
    pub(super) is_warning: bool,
}

fn wrong(words: String, more: impl Into<Value>) -> Wrong {
    Wrong { words, more: Some(more.into()), is_warning: false }
}

/// Without a word more.
fn bare(words: impl Into<String>) -> Wrong {
    Wrong { words: words.into(), more: None, is_warning: false }
}

/// Something went wrong: with a value, or with the call.
pub(super) enum Stop {
    Wrong(Wrong),
    Fault(Fault),
}

impl From<Wrong> for Stop {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The values of a record to write, and by field what is wrong with them.
type Values = (Map<String, Value>, Vec<(String, Wrong)>);

type Converted = Result<(Value, Vec<Wrong>), Stop>;

impl Env<'_> {
    /// The values of a record to write, and by field what is wrong with them: of a record with an `info` it is said at once.
    pub(super) fn convert(
        &mut self,
        import: &mut Import,
        model: ModelId,
        record: &Extracted,
        info: Option<&Value>,
    ) -> Result<Values, Fault> {
        let mut values = Map::new();
        let mut all = Vec::new();
        for (column, raw) in &record.values {
            let Column::Field(name) = column else { continue };
            let def = std::sync::Arc::clone(self.registry.def(model));
            let Some((_, field)) = def.field(name) else { continue };
            let is_given = match raw {
                Raw::Cell(cell) => is_true(cell),
                Raw::Records(records) => !records.is_empty(),
            };
            if !is_given {
                values.insert(name.clone(), json!(false));
                continue;
            }
            let converted = match raw {
                Raw::Cell(cell) => self.value(field, cell).map_err(Stop::Wrong),
                Raw::Records(records) => self.relation(import, field, records),
            };
            let problems = match converted {
                Ok((value, warnings)) => {
                    values.insert(name.clone(), value);
                    warnings
                }
                Err(Stop::Wrong(wrong)) => vec![wrong],
                Err(Stop::Fault(fault)) => return Err(fault),
            };
            for wrong in problems {
                match info {
                    Some(info) => import.messages.push(self.message(model, name, &wrong, info)),
                    None => all.push((name.clone(), wrong)),
                }
            }
        }
        Ok((values, all))
    }

    /// The value that a text stands for.
    fn value(&self, field: &FieldDef, cell: &Value) -> Result<(Value, Vec<Wrong>), Wrong> {
        let text = str(cell);
        let seem = |what: &str| format!("'{text}' does not seem to be {what} for field '%(field)s'");
        let value = match field.kind {
            Kind::Integer | Kind::Many2oneReference => {
                json!(text.trim().parse::<i64>().map_err(|_| wrong(seem("an integer"), Value::Null))?)
            }
            Kind::Float | Kind::Monetary => {
                json!(text.trim().parse::<f64>().map_err(|_| wrong(seem("a number"), Value::Null))?)
            }
            Kind::Boolean => return Ok(self.truth(&text)),
            Kind::Date => {
                let day = text.get(..10).unwrap_or(&text).parse::<jiff::civil::Date>();
                let format = "Use the format '2012-12-31'";
                json!(day.map_err(|_| wrong(seem("a valid date"), format))?.to_string())
            }
            Kind::Datetime => {
                let format = "Use the format '2012-12-31 23:59:59'";
                let time = zone::read(text.get(..19).unwrap_or(&text));
                let time = time.ok_or_else(|| wrong(seem("a valid datetime"), format))?;
                let utc = self.tz().map_or(Some(time), |zone| zone::utc(time, &zone)).unwrap_or(time);
                json!(utc.strftime("%Y-%m-%d %H:%M:%S").to_string())
            }
            Kind::Selection => {
                let known = field.pin.selection.as_ref().map_or(&[][..], |known| &known.0);
                let lower = text.to_lowercase();
                let found =
                    known.iter().find(|(value, label)| value.to_lowercase() == lower || label.to_lowercase() == lower);
                let labels: Vec<_> =
                    known.iter().map(|(value, label)| if label.is_empty() { value } else { label }).collect();
                let words = || format!("Value '{text}' not found in selection field '%(field)s'");
                json!(found.ok_or_else(|| wrong(words(), json!(labels)))?.0)
            }
            _ => cell.clone(),
        };
        Ok((value, Vec::new()))
    }

    fn truth(&self, text: &str) -> (Value, Vec<Wrong>) {
        match text.to_lowercase().as_str() {
            "1" | "true" | "yes" => (json!(true), Vec::new()),
            "" | "0" | "false" | "no" => (json!(false), Vec::new()),
            _ => {
                let assumes = !self.has(Difference::RelatedIsPath);
                let tail = if assumes { ", assuming 'yes'" } else { "" };
                let words = format!("Unknown value '{text}' for boolean field '%(field)s'{tail}");
                let unknown = Wrong { is_warning: assumes, ..wrong(words, "Use '1' for yes and '0' for no") };
                (json!(true), vec![unknown])
            }
        }
    }

    fn relation(&mut self, import: &mut Import, field: &FieldDef, records: &[Extracted]) -> Converted {
        if field.kind == Kind::One2many {
            return self.lines(import, field, records);
        }
        let Some((subfield, text)) = records.first().map(referencing).transpose()?.flatten() else {
            return Ok((json!(false), Vec::new()));
        };
        if field.kind == Kind::Many2one {
            let (id, warnings) = self.referenced(import, field, &subfield, &text)?;
            return Ok((id.map_or(json!(false), |id| json!(id)), warnings));
        }
        let mut ids = Vec::new();
        let mut all = Vec::new();
        for one in text.split(',') {
            let (id, warnings) = self.referenced(import, field, &subfield, one)?;
            ids.push(id.map_or(json!(false), |id| json!(id)));
            all.extend(warnings);
        }
        Ok((json!([[6, 0, ids]]), all))
    }

    /// Lines: those that are named are linked and written to, others are created.
    fn lines(&mut self, import: &mut Import, field: &FieldDef, records: &[Extracted]) -> Converted {
        let Some(comodel) = field.comodel else { return Ok((json!([]), Vec::new())) };
        let is_reference = |column: &Column| !matches!(column, Column::Field(_));
        let mut records = records.to_vec();
        // One row of references alone may name several records.
        if let [one] = records.as_slice()
            && one.values.iter().all(|(column, _)| is_reference(column))
            && let Some((subfield, text)) = referencing(one)?
        {
            let split = text
                .split(',')
                .map(|text| Extracted { values: vec![(subfield.clone(), Raw::Cell(json!(text)))], ..one.clone() });
            records = split.collect();
        }
        let mut commands = Vec::new();
        let mut all = Vec::new();
        for record in &records {
            let (mut values, problems) = self.convert(import, comodel, record, None)?;
            for (name, problem) in problems {
                if problem.is_warning {
                    all.push(problem);
                    continue;
                }
                let known = self.registry.def(comodel).field(&name).map(|(_, field)| field);
                let label = known.map(|field| format!("/{}", field.pin.label)).unwrap_or_default();
                // What is wrong with a boolean comes with its value: it is told, caught and told again.
                let is_twice = known.is_some_and(|field| field.kind == Kind::Boolean);
                let label = label.repeat(if is_twice { 2 } else { 1 });
                let words = problem.words.replace("%(field)s", &format!("%(field)s{label}"));
                return Err(Wrong { words, ..problem }.into());
            }
            let references: Vec<_> = record.values.iter().filter(|(column, _)| is_reference(column)).cloned().collect();
            let mut known = None;
            if !references.is_empty()
                && let Some((subfield, text)) = referencing(&Extracted { values: references, ..record.clone() })?
            {
                match self.referenced(import, field, &subfield, &text) {
                    Ok((id, warnings)) => {
                        known = id;
                        all.extend(warnings);
                    }
                    Err(Stop::Wrong(_)) if subfield == Column::External => {
                        drop(values.insert("id".to_owned(), json!(text)))
                    }
                    Err(stop) => return Err(stop),
                }
            }
            match known {
                Some(id) => commands.extend([json!([4, id, 0]), json!([1, id, values])]),
                None => commands.push(json!([0, 0, values])),
            }
        }
        Ok((Value::Array(commands), all))
    }

    /// The record that a text names.
    fn referenced(
        &mut self,
        import: &mut Import,
        field: &FieldDef,
        subfield: &Column,
        text: &str,
    ) -> Result<(Option<i64>, Vec<Wrong>), Stop> {
        let Some(comodel) = field.comodel else { return Ok((None, Vec::new())) };
        let comodel_name = self.registry.def(comodel).name.to_string();
        let in_list = if self.has(Difference::HasAccess) { "list,form" } else { "tree,form" };
        let mut action = json!({
            "name": "Possible Values", "type": "ir.actions.act_window", "target": "new", "view_mode": in_list,
            "views": [[false, "list"], [false, "form"]], "context": {"create": false}, "help": "See all possible values",
            "res_model": if *subfield == Column::Name { comodel_name.as_str() } else { "ir.model.data" },
        });
        if *subfield != Column::Name {
            action["domain"] = json!([["model", "=", comodel_name]]);
        }
        let mut warnings = Vec::new();
        let (what, found) = match subfield {
            Column::Number if self.truth(text).0 == false => return Ok((None, warnings)),
            Column::Number => {
                let words = || format!("Invalid database id '{text}' for the field '%(field)s'");
                let id: i64 = text.trim().parse().map_err(|_| wrong(words(), action.clone()))?;
                // Where it is searched for, archived records are not found.
                let finds_archived = self.has(Difference::ImportsFindArchived) || !self.active_test;
                let is_found = |id: &i64| self.exists(comodel, *id) && (finds_archived || self.is_active(comodel, *id));
                ("database id", Some(id).filter(is_found))
            }
            Column::External if self.truth(text).0 == false => return Ok((None, warnings)),
            Column::External => ("external id", self.named_in(comodel, &import.qualified(text))?),
            _ if text.is_empty() => return Ok((None, warnings)),
            _ => {
                if import.creatable.contains(&comodel) {
                    self.write_waiting(import)?;
                }
                let mut expr = Expr::Const(true);
                if !text.is_empty() {
                    expr = self.name_domain(comodel, "=", &json!(text))?;
                }
                let found = self.search(comodel, &expr, 0, Some(100), None)?;
                if found.len() > 1 {
                    warnings.push(several(self, text, found.len()));
                }
                ("name", found.first().copied())
            }
        };
        let words = || format!("No matching record found for {what} '{text}' in field '%(field)s'");
        match found {
            Some(id) => Ok((Some(id), warnings)),
            None => Err(wrong(words(), action).into()),
        }
    }

    /// The record of an external id, which must be of this model where that has a record of the same number.
    fn named_in(&mut self, model: ModelId, name: &str) -> Result<Option<i64>, Wrong> {
        let Some((of, id)) = self.by_external_id(name) else { return Ok(None) };
        if !self.exists(model, id) {
            return Ok(None);
        }
        let wanted = &self.registry.def(model).name;
        if *of != **wanted {
            return Err(bare(format!("Invalid external ID {name}: expected model '{wanted}', found '{of}'")));
        }
        Ok(Some(id))
    }
}

fn several(env: &Env<'_>, text: &str, count: usize) -> Wrong {
    let words = if env.has(Difference::HasAccess) {
        format!("Found multiple matches for value \"{text}\" in field \"%(field)s\" ({count} matches)")
    } else if env.has(Difference::ImportsFindArchived) {
        format!("Found multiple matches for value {} in field %(field)r ({count} matches)", repr_str(text))
    } else if env.has(Difference::RelatedIsPath) {
        format!("Found multiple matches for value '{text}' in field '%(field)s' ({count} matches)")
    } else {
        format!("Found multiple matches for field '%(field)s' ({count} matches)")
    };
    Wrong { is_warning: true, ..bare(words) }
}

/// What a record is named by.
fn referencing(record: &Extracted) -> Result<Option<(Column, String)>, Wrong> {
    if record.values.iter().any(|(column, _)| matches!(column, Column::Field(_))) {
        return Err(bare("Can not create Many-To-One records indirectly, import the field separately"));
    }
    match record.values.as_slice() {
        [] => Ok(None),
        [(column, Raw::Cell(cell))] => Ok(Some((column.clone(), str(cell)))),
        _ => {
            let what = "only provide one of name, external id or database id";
            Err(bare(format!("Ambiguous specification for field '%(field)s', {what}")))
        }
    }
}
