//! Commands of one2many and many2many fields, done in the order in which Odoo does them: not always that in which they stand.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::definitions::{FieldDef, FieldId, Kind, ModelDef, ModelId, Side};
use super::env::Env;
use super::faults;
use super::python::{is_true, str};
use crate::Fault;
use crate::facts::OnDelete;
use crate::series::Difference;

/// A relation.
#[derive(Clone, Copy)]
struct Of {
    model: ModelId,
    number: FieldId,
    comodel: ModelId,
}

/// A command, taken apart.
struct Command {
    code: i64,
    target: i64,
    values: Map<String, Value>,
    ids: Vec<i64>,
}

impl Env<'_> {
    /// Applies what was written to a relation: to each record of a batch its own, or the same to several at once.
    pub(crate) fn apply_commands(
        &mut self,
        model: ModelId,
        number: FieldId,
        batch: &[(&[i64], &Value)],
        is_new: bool,
    ) -> Result<(), Fault> {
        let def = Arc::clone(self.registry.def(model));
        let field = def.def(number);
        let Some(comodel) = field.comodel else { return Ok(()) };
        let mut read = Vec::with_capacity(batch.len());
        for (on, value) in batch {
            read.push((*on, commands(&def, field, value)?));
        }
        let of = Of { model, number, comodel };
        match (field.side, field.inverse) {
            (Some(side), _) => read
                .into_iter()
                .try_for_each(|(on, commands)| on.last().map_or(Ok(()), |id| self.many2many(of, *id, side, commands))),
            (None, Some(inverse)) => self.one2many(of, inverse, read, is_new),
            _ => Ok(()),
        }
    }

    /// What is linked is worked out first, and then written.
    fn many2many(&mut self, of: Of, id: i64, side: Side, commands: Vec<Command>) -> Result<(), Fault> {
        let Of { model, number, comodel } = of;
        let mut before: BTreeSet<i64> = self.store.relation(side.relation).of(side.side, id).collect();
        // Archived ones are not seen, and so stay whatever the commands say.
        if self.registry.def(model).def(number).active_test.unwrap_or(self.active_test) {
            before.retain(|one| self.is_active(comodel, *one));
        }
        let mut after: Vec<i64> = before.iter().copied().collect();
        let mut to_create = Vec::new();
        let mut to_delete = Vec::new();
        for command in commands {
            match command.code {
                0 => to_create.push((true, command.values)),
                1 => self.write(comodel, &[command.target], &command.values)?,
                2 => to_delete.push(command.target),
                3 => after.retain(|one| *one != command.target),
                4 => {
                    add(&mut after, command.target);
                }
                5 | 6 => {
                    // What was to be created still is, and is no longer linked.
                    to_create.iter_mut().for_each(|(linked, _)| *linked = false);
                    after = if command.code == 6 { command.ids } else { Vec::new() };
                }
                _ => {}
            }
        }
        let all: Vec<_> = to_create.iter().map(|(_, values)| values).collect();
        let created = if all.is_empty() { Vec::new() } else { self.create_all(comodel, &all)? };
        after.extend(created.into_iter().zip(&to_create).filter(|(_, (linked, _))| *linked).map(|(id, _)| id));
        if !to_delete.is_empty() {
            self.unlink(comodel, &to_delete)?;
            before.retain(|one| !to_delete.contains(one));
            after.retain(|one| !to_delete.contains(one));
        }
        let gone: Vec<_> = before.iter().filter(|one| !after.contains(one)).copied().collect();
        after.retain(|one| !before.contains(one));
        for target in &after {
            self.must_link(of, *target)?;
        }
        if !after.is_empty() && !self.exists(of.model, id) {
            let def = self.registry.def(of.model);
            return Err(faults::no_owner(self, def, def.def(of.number)));
        }
        for target in after {
            self.link(side, id, target, true);
        }
        for target in gone {
            self.link(side, id, target, false);
        }
        Ok(())
    }

    /// Refuses to link a record that is not there.
    fn must_link(&self, of: Of, target: i64) -> Result<(), Fault> {
        if self.exists(of.comodel, target) || self.settings.is_seeding {
            return Ok(());
        }
        let codef = self.registry.def(of.comodel);
        if self.has(Difference::LinksAreRead) && codef.facts.rules {
            return Err(faults::missing(self, of.comodel, &[target]));
        }
        let def = self.registry.def(of.model);
        Err(faults::no_target(self, def, def.def(of.number)))
    }

    pub(crate) fn link(&mut self, side: Side, id: i64, target: i64, there: bool) {
        let pair = if side.side == 0 { [id, target] } else { [target, id] };
        self.store.link(side.relation, pair, there);
    }

    /// Links wait until the others are done, or until all are set anew.
    fn one2many(
        &mut self,
        of: Of,
        inverse: FieldId,
        batch: Vec<(&[i64], Vec<Command>)>,
        is_new: bool,
    ) -> Result<(), Fault> {
        let codef = Arc::clone(self.registry.def(of.comodel));
        let name = codef.def(inverse).name.to_string();
        let mut to_create = Vec::new();
        let mut to_delete = Vec::new();
        let mut to_link = Links::new();
        let mut may_clear = !is_new;
        let each = batch.into_iter().flat_map(|(on, commands)| commands.into_iter().map(move |command| (on, command)));
        for (on, command) in each {
            // Where it matters which of several records gets a line, it is the last.
            let Some(last) = on.last().copied() else { continue };
            match command.code {
                0 => {
                    to_create.extend(on.iter().map(|id| {
                        let mut values = command.values.clone();
                        values.insert(name.clone(), json!(id));
                        values
                    }));
                    may_clear = false;
                }
                1 => self.write(of.comodel, &[command.target], &command.values)?,
                2 => to_delete.push(command.target),
                3 => self.let_go(of, inverse, &[command.target], &mut to_delete)?,
                4 => {
                    add_link(&mut to_link, last, command.target);
                    may_clear = false;
                }
                5 | 6 => {
                    let ids = if command.code == 6 { command.ids } else { Vec::new() };
                    if !may_clear && (ids.is_empty() || self.has(Difference::SetIsLinkAtFirst)) {
                        // Nothing has been there before, or is to be lost.
                        ids.iter().for_each(|one| add_link(&mut to_link, last, *one));
                        continue;
                    }
                    self.flush(of, inverse, &mut to_create, &mut to_delete, &mut to_link)?;
                    let mut others: Vec<_> = on.iter().flat_map(|id| self.pointing(of.comodel, inverse, *id)).collect();
                    others.retain(|one| !ids.contains(one) && (!self.active_test || self.is_active(of.comodel, *one)));
                    self.let_go(of, inverse, &others, &mut to_delete)?;
                    self.write(of.comodel, &ids, &Map::from_iter([(name.clone(), json!(last))]))?;
                }
                _ => {}
            }
        }
        self.flush(of, inverse, &mut to_create, &mut to_delete, &mut to_link)
    }

    fn flush(
        &mut self,
        of: Of,
        inverse: FieldId,
        to_create: &mut Vec<Map<String, Value>>,
        to_delete: &mut Vec<i64>,
        to_link: &mut Links,
    ) -> Result<(), Fault> {
        let lines_of = |id: i64| {
            let mut lines = self.pointing(of.comodel, inverse, id);
            lines.retain(|one| !self.active_test || self.is_active(of.comodel, *one));
            lines
        };
        let before: Vec<_> = to_link.iter().map(|(id, _)| lines_of(*id)).collect();
        if !to_delete.is_empty() {
            self.unlink(of.comodel, &std::mem::take(to_delete))?;
        }
        let all = std::mem::take(to_create);
        if !all.is_empty() {
            self.create_all(of.comodel, &all.iter().collect::<Vec<_>>())?;
        }
        let name = self.registry.def(of.comodel).def(inverse).name.to_string();
        for ((id, lines), before) in to_link.iter().zip(before) {
            let mut others = lines.clone();
            if self.has(Difference::SetIsLinkAtFirst) {
                others.retain(|one| !before.contains(one));
                self.must_exist(of.comodel, &others)?;
            } else {
                self.must_exist(of.comodel, &others)?;
                others.retain(|one| self.pointed(of, inverse, *one) != Some(*id));
            }
            self.write(of.comodel, &others, &Map::from_iter([(name.clone(), json!(id))]))?;
        }
        // Up to 15 they are linked once more at every turn.
        if self.has(Difference::SetIsLinkAtFirst) {
            to_link.clear();
        }
        Ok(())
    }

    fn pointed(&self, of: Of, inverse: FieldId, line: i64) -> Option<i64> {
        self.store.row(of.comodel, line)?.get(inverse).and_then(Cell::as_int)
    }

    /// Takes records out of a one2many, whoever they belong to: those that go with what they belong to are to be deleted.
    fn let_go(&mut self, of: Of, inverse: FieldId, lines: &[i64], to_delete: &mut Vec<i64>) -> Result<(), Fault> {
        let codef = Arc::clone(self.registry.def(of.comodel));
        let field = codef.def(inverse);
        if field.on_delete == OnDelete::Cascade {
            to_delete.extend(lines);
            return Ok(());
        }
        if field.kind != Kind::Many2one {
            return Ok(());
        }
        self.write(of.comodel, lines, &Map::from_iter([(field.name.to_string(), json!(false))]))
    }
}

/// The commands of a value.
fn commands(def: &ModelDef, field: &FieldDef, value: &Value) -> Result<Vec<Command>, Fault> {
    let wrong = |shown: &Value| Fault::value(format!("Wrong value for {}.{}: {}", def.name, field.name, str(shown)));
    let given = match value {
        Value::Array(commands) => commands.clone(),
        value if !is_true(value) => vec![json!([5])],
        other => return Err(wrong(other)),
    };
    // A list of ids alone is all that is to be linked.
    let given = match given.iter().map(Value::as_i64).collect::<Option<Vec<_>>>() {
        Some(ids) if !ids.is_empty() => vec![json!([6, 0, ids])],
        _ => given,
    };
    let mut commands = Vec::with_capacity(given.len());
    for command in &given {
        let part = |at: usize| command.get(at).unwrap_or(&Value::Null);
        commands.push(Command {
            code: part(0).as_i64().ok_or_else(|| wrong(value))?,
            target: part(1).as_i64().unwrap_or_default(),
            values: part(2).as_object().cloned().unwrap_or_default(),
            ids: part(2).as_array().into_iter().flatten().filter_map(Value::as_i64).collect(),
        });
    }
    Ok(commands)
}

/// The lines that records are to get, by record.
type Links = Vec<(i64, Vec<i64>)>;

fn add_link(links: &mut Links, id: i64, line: i64) {
    match links.iter_mut().find(|(known, _)| *known == id) {
        Some((_, lines)) => add(lines, line),
        None => links.push((id, vec![line])),
    }
}

fn add(ids: &mut Vec<i64>, id: i64) {
    if !ids.contains(&id) {
        ids.push(id);
    }
}
