//! Commands of one2many and many2many fields.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::env::Env;
use super::faults;
use super::python::str;
use super::registry::{FieldId, Kind, ModelId, OnDelete, Side};
use crate::Fault;
use crate::series::Difference;

impl Env<'_> {
    /// Applies what was written to a relation to several records.
    pub(crate) fn apply_commands(
        &mut self,
        model: ModelId,
        id: i64,
        number: FieldId,
        value: &Value,
        is_new: bool,
    ) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        let field = def.def(number);
        let Some(comodel) = field.comodel else { return Ok(()) };
        let commands = match value {
            Value::Array(commands) => commands.clone(),
            value if !super::python::is_true(value) => vec![json!([5])],
            other => return Err(Fault::value(format!("Wrong value for {}.{}: {}", def.name, field.name, str(other)))),
        };
        // A list of ids alone is all that is to be linked.
        let commands = match commands.iter().map(Value::as_i64).collect::<Option<Vec<_>>>() {
            Some(ids) if !ids.is_empty() => vec![json!([6, 0, ids])],
            _ => commands,
        };
        for command in &commands {
            let part = |at: usize| command.get(at).unwrap_or(&Value::Null);
            let Some(code) = part(0).as_i64() else {
                return Err(Fault::value(format!("Wrong value for {}.{}: {}", def.name, field.name, str(value))));
            };
            let target = part(1).as_i64().unwrap_or_default();
            let values = || part(2).as_object().cloned().unwrap_or_default();
            match (code, field.side, field.inverse) {
                (0, Some(side), _) => {
                    let target = self.create(comodel, &values())?;
                    self.link(side, id, target, true);
                }
                (0, None, Some(inverse)) => {
                    let mut values = values();
                    let inverse_name = self.registry.def(comodel).def(inverse).name.to_string();
                    values.insert(inverse_name, json!(id));
                    self.create(comodel, &values)?;
                }
                (1, _, _) => self.write(comodel, &[target], &values())?,
                (2, _, _) => {
                    if let Some(side) = field.side {
                        self.link(side, id, target, false);
                    }
                    self.unlink(comodel, &[target])?;
                }
                (3, Some(side), _) => self.link(side, id, target, false),
                (3, None, Some(inverse)) => self.let_go(comodel, inverse, id, &[target])?,
                (4, Some(side), _) => {
                    self.must_link(model, number, comodel, target)?;
                    self.link(side, id, target, true);
                }
                (4, None, Some(inverse)) => self.take(comodel, inverse, id, target)?,
                (5, Some(side), _) => self.set_links(side, id, &[]),
                (5, None, Some(inverse)) => {
                    let all = self.pointing(comodel, inverse, id);
                    self.let_go(comodel, inverse, id, &all)?;
                }
                (6, side, inverse) => {
                    let ids: Vec<_> = part(2).as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
                    if let Some(side) = side {
                        for target in &ids {
                            self.must_link(model, number, comodel, *target)?;
                        }
                        self.set_links(side, id, &ids);
                    } else if let Some(inverse) = inverse {
                        let all = self.pointing(comodel, inverse, id);
                        let gone: Vec<_> = all.into_iter().filter(|one| !ids.contains(one)).collect();
                        self.let_go(comodel, inverse, id, &gone)?;
                        for target in ids {
                            self.take(comodel, inverse, id, target)?;
                        }
                    }
                }
                _ => {}
            }
        }
        let _ = is_new;
        Ok(())
    }

    /// Refuses to link a record that is not there.
    fn must_link(&self, model: ModelId, number: FieldId, comodel: ModelId, target: i64) -> Result<(), Fault> {
        if self.exists(comodel, target) || self.settings.is_seeding {
            return Ok(());
        }
        let codef = self.registry.def(comodel);
        if self.has(Difference::LinksAreRead) && codef.facts.flag("rules") {
            return Err(faults::missing(self, comodel, &[target]));
        }
        let def = self.registry.def(model);
        Err(faults::no_target(self, def, def.def(number)))
    }

    pub(crate) fn link(&mut self, side: Side, id: i64, target: i64, there: bool) {
        let pair = if side.side == 0 { [id, target] } else { [target, id] };
        self.store.link(side.relation, pair, there);
    }

    fn set_links(&mut self, side: Side, id: i64, ids: &[i64]) {
        let before: Vec<_> = self.store.relation(side.relation).of(side.side, id).collect();
        for gone in before.iter().filter(|one| !ids.contains(one)) {
            self.link(side, id, *gone, false);
        }
        for target in ids {
            self.link(side, id, *target, true);
        }
    }

    /// Makes a record one of a one2many.
    fn take(&mut self, comodel: ModelId, inverse: FieldId, id: i64, target: i64) -> Result<(), Fault> {
        self.must_exist(comodel, &[target])?;
        let name = self.registry.def(comodel).def(inverse).name.to_string();
        self.write(comodel, &[target], &Map::from_iter([(name, json!(id))]))
    }

    /// Takes records out of a one2many: those that go with what they belong to are deleted.
    fn let_go(&mut self, comodel: ModelId, inverse: FieldId, id: i64, targets: &[i64]) -> Result<(), Fault> {
        let codef = Arc::clone(self.registry.def(comodel));
        let field = codef.def(inverse);
        for target in targets {
            let row = self.store.row(comodel, *target);
            let points = row.and_then(|row| row.get(inverse)).and_then(Cell::as_int) == Some(id);
            if field.on_delete == OnDelete::Cascade {
                // Odoo deletes it even if it is another record's.
                self.unlink(comodel, &[*target])?;
            } else if points && field.kind == Kind::Many2one {
                self.write(comodel, &[*target], &Map::from_iter([(field.name.to_string(), json!(false))]))?;
            }
        }
        Ok(())
    }
}
