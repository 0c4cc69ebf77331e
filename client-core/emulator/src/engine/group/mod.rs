//! Groups: records by the values of fields, and what is added up of each group.

mod dates;
mod formatted;
mod having;
mod parts;
mod read_group;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use self::dates::Step;
pub(crate) use self::parts::Part;
use super::cell::Cell;
use super::definitions::{FieldId, Kind, ModelId};
use super::env::Env;
use super::order::{Order, compare};
use super::python::float_json;
use super::store::Key;
use super::zone;
use crate::Fault;
use crate::series::Difference;

/// What is grouped by: a field, and of a date how much of it.
#[derive(Clone, Debug)]
struct By {
    /// As the caller says it: `create_date:month`.
    text: String,
    name: String,
    /// The many2one fields that lead to the model of the field.
    path: Vec<FieldId>,
    of: ModelId,
    number: FieldId,
    kind: Kind,
    step: Option<Step>,
    /// What number of a date.
    part: Option<Part>,
}

/// A group: its values, and its records.
#[derive(Debug)]
struct Group {
    keys: Vec<Option<Cell>>,
    ids: Vec<i64>,
}

/// What is added up: the name it is given, how, and of which field; the number of records if of none.
#[derive(Clone, Debug)]
struct Sum {
    name: String,
    function: String,
    field: Option<FieldId>,
}

impl By {
    /// The same, along a path of many2one fields: `partner_id.country_id`.
    fn along(env: &Env<'_>, model: ModelId, text: &str) -> Result<Self, Fault> {
        let Some((first, rest)) = text.split_once('.') else { return Self::read(env, model, text) };
        let step = Self::read(env, model, first)?;
        let comodel = env.registry.def(model).def(step.number).comodel.filter(|_| step.kind == Kind::Many2one);
        let comodel = comodel.ok_or_else(|| {
            Fault::not_emulated(
                "grouping along anything but many2one fields",
                "group by a field of the model itself, or answer `formatted_read_group` by `emulator.on(…)`",
            )
        })?;
        let mut by = Self::along(env, comodel, rest)?;
        by.path.insert(0, step.number);
        by.name = format!("{first}.{}", by.name);
        text.clone_into(&mut by.text);
        Ok(by)
    }

    fn read(env: &Env<'_>, model: ModelId, text: &str) -> Result<Self, Fault> {
        let def = env.registry.def(model);
        let (name, step) = text.split_once(':').map_or((text, None), |(name, step)| (name, Some(step)));
        let Some((number, field)) = def.field(name) else {
            let words = format!("Invalid field {} on model {}", quoted(name), quoted(&def.name));
            return Err(if env.has(Difference::GroupsInOwnWords) {
                Fault::value(words)
            } else {
                Fault::new("builtins.KeyError", name)
            });
        };
        env.may_read_field(model, number)?;
        env.check_lang(field)?;
        let can = match field.kind {
            Kind::Many2many => field.is_stored() && env.has(Difference::GroupByMany2many),
            Kind::One2many => false,
            _ => field.is_stored() || field.inherited.is_some() || field.pin.related.is_some() && field.pin.sortable,
        };
        if !can {
            return Err(if env.has(Difference::GroupsInOwnWords) {
                Fault::value(format!("Cannot convert {}.{name} to SQL because it is not stored", def.name))
            } else {
                let words = "Fields in 'groupby' must be regular database-persisted fields (no function or related fields), or \
                             function fields with store=True";
                Fault::new("builtins.AssertionError", words)
            });
        }
        let is_date = matches!(field.kind, Kind::Date | Kind::Datetime);
        let part = step.filter(|_| is_date && env.has(Difference::PartsOfDates)).and_then(Part::named);
        let step = match step {
            _ if !is_date || part.is_some() => None,
            Some(step) => Some(Step::named(step).ok_or_else(|| no_step(env, step))?),
            None => Some(Step::Month),
        };
        let (text, name) = (text.to_owned(), name.to_owned());
        Ok(Self { text, name, path: Vec::new(), of: model, number, kind: field.kind, step, part })
    }

    /// The values of a record: several where the field holds several.
    fn keys(&self, env: &Env<'_>, mut model: ModelId, mut id: i64) -> Vec<Option<Cell>> {
        for field in &self.path {
            let next = env.cell(model, id, *field).and_then(|cell| cell.as_int());
            let (Some(next), Some(comodel)) = (next, env.registry.def(model).def(*field).comodel) else {
                return vec![None];
            };
            (model, id) = (comodel, next);
        }
        if self.kind == Kind::Many2many {
            let mut ids = env.ids(model, id, self.number);
            let field = env.registry.def(model).def(self.number);
            if env.has(Difference::GroupsOfActive) && field.active_test.unwrap_or(env.active_test) {
                ids.retain(|id| field.comodel.is_some_and(|comodel| env.is_active(comodel, *id)));
            }
            return if ids.is_empty() { vec![None] } else { ids.into_iter().map(|id| Some(Cell::Int(id))).collect() };
        }
        let cell = env.cell(model, id, self.number);
        let from_sunday = env.has(Difference::WeeksOfLanguage);
        let zone = self.zone(env);
        vec![match (self.kind, cell) {
            (Kind::Boolean, None) => Some(Cell::Bool(false)),
            (Kind::Date | Kind::Datetime, Some(cell)) => {
                cell.as_text("").and_then(|text| match (self.step, self.part) {
                    (Some(step), _) => dates::start(step, text, zone.as_ref(), from_sunday).map(Cell::text),
                    (None, Some(part)) => {
                        let time = zone::read(text)?;
                        Some(Cell::Int(part.of(zone.map_or(Some(time), |zone| zone::local(time, &zone))?)))
                    }
                    (None, None) => Some(Cell::text(text)),
                })
            }
            // A text is that of the language.
            (_, Some(cell @ Cell::Texts(_))) => cell.as_text(&env.lang).map(Cell::text),
            (_, cell) => cell,
        }]
    }

    /// The zone on whose clocks times are grouped.
    fn zone(&self, env: &Env<'_>) -> Option<TimeZone> {
        (self.kind == Kind::Datetime).then(|| zone::of_context(&env.context)).flatten()
    }
}

/// What is said of a step that there is none of.
fn no_step(env: &Env<'_>, step: &str) -> Fault {
    if env.has(Difference::GroupsInOwnWords) {
        return Fault::value(format!("Granularity specification isn't correct: {}", quoted(step)));
    }
    Fault::new("builtins.KeyError", step)
}

/// As Python shows a text.
fn quoted(text: &str) -> String {
    super::python::repr_str(text)
}

impl Env<'_> {
    /// Puts records into groups, in the order of what is grouped by.
    fn grouped(&self, model: ModelId, ids: &[i64], by: &[By]) -> Result<Vec<Group>, Fault> {
        let mut at: HashMap<Vec<Option<Key>>, usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        if by.is_empty() {
            return Ok(vec![Group { keys: Vec::new(), ids: ids.to_vec() }]);
        }
        for id in ids {
            let mut all: Vec<Vec<Option<Cell>>> = vec![Vec::new()];
            for one in by {
                let keys = one.keys(self, model, *id);
                all = all
                    .iter()
                    .flat_map(|known| keys.iter().map(|key| [known.as_slice(), std::slice::from_ref(key)].concat()))
                    .collect();
            }
            for keys in all {
                let hashed = keys.iter().map(|key| key.as_ref().map(key_of)).collect();
                let group = *at.entry(hashed).or_insert_with(|| {
                    groups.push(Group { keys: keys.clone(), ids: Vec::new() });
                    groups.len() - 1
                });
                groups[group].ids.push(*id);
            }
        }
        let mut ranks = Vec::new();
        for (n, one) in by.iter().enumerate() {
            ranks.push(self.ranks(one, groups.iter().map(|group| group.keys[n].as_ref()))?);
        }
        groups.sort_by(|a, b| {
            let orders = by
                .iter()
                .enumerate()
                .map(|(n, _)| self.compare_keys(&ranks[n], a.keys[n].as_ref(), b.keys[n].as_ref(), false, None));
            orders.fold(Ordering::Equal, Ordering::then)
        });
        Ok(groups)
    }

    /// Where the records that a key names stand among them, by the order of their model.
    fn ranks<'c>(
        &self,
        by: &By,
        keys: impl Iterator<Item = Option<&'c Cell>>,
    ) -> Result<Option<HashMap<i64, usize>>, Fault> {
        // Of several values the ids count.
        if by.kind != Kind::Many2one {
            return Ok(None);
        }
        let Some(comodel) = self.registry.def(by.of).def(by.number).comodel else { return Ok(None) };
        let mut ids: Vec<i64> = keys.filter_map(|key| key?.as_int()).collect();
        ids.sort_unstable();
        ids.dedup();
        Order::read(self, comodel, None)?.sort(self, &mut ids);
        Ok(Some(ids.into_iter().zip(0..).collect()))
    }

    fn compare_keys(
        &self,
        ranks: &Option<HashMap<i64, usize>>,
        a: Option<&Cell>,
        b: Option<&Cell>,
        descending: bool,
        nulls_first: Option<bool>,
    ) -> Ordering {
        let nulls_first = nulls_first.unwrap_or(descending);
        match (a, b) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => {
                if nulls_first {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Some(_), None) => {
                if nulls_first {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Some(a), Some(b)) => {
                let ordering = match (ranks, a.as_int(), b.as_int()) {
                    (Some(ranks), Some(a), Some(b)) => ranks.get(&a).cmp(&ranks.get(&b)),
                    _ => compare(a, b, &self.lang),
                };
                if descending { ordering.reverse() } else { ordering }
            }
        }
    }

    /// Puts groups in the order that the caller says: by what they are grouped by, or by what is added up.
    fn sort_groups(
        &self,
        groups: &mut [(Group, Vec<Value>)],
        by: &[By],
        sums: &[Sum],
        order: &str,
    ) -> Result<(), Fault> {
        let mut terms = Vec::new();
        for part in order.split(',') {
            let mut words = part.split_whitespace();
            let Some(name) = words.next() else { continue };
            let descending = words.next().is_some_and(|word| word.eq_ignore_ascii_case("desc"));
            let is_key = |one: &By| one.text == name || one.name == name;
            if let Some(n) = by.iter().position(is_key) {
                let ranks = self.ranks(&by[n], groups.iter().map(|(group, _)| group.keys[n].as_ref()))?;
                terms.push((Ok((n, ranks)), descending));
            } else if let Some(n) = sums.iter().position(|sum| sum.name == name) {
                terms.push((Err(Some(n)), descending));
            } else if name == "__count" || name.ends_with("_count") {
                terms.push((Err(None), descending));
            }
        }
        groups.sort_by(|(a, sums_a), (b, sums_b)| {
            let orders = terms.iter().map(|(term, descending)| match term {
                Ok((n, ranks)) => self.compare_keys(ranks, a.keys[*n].as_ref(), b.keys[*n].as_ref(), *descending, None),
                Err(sum) => {
                    let value = |group: &Group, sums: &[Value]| match sum {
                        Some(n) => sums[*n].as_f64(),
                        None => Some(group.ids.len() as f64),
                    };
                    match (value(a, sums_a), value(b, sums_b)) {
                        (Some(a), Some(b)) => {
                            let ordering = a.total_cmp(&b);
                            if *descending { ordering.reverse() } else { ordering }
                        }
                        (a, b) => {
                            let nulls_last = b.is_some().cmp(&a.is_some());
                            if *descending { nulls_last.reverse() } else { nulls_last }
                        }
                    }
                }
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
        Ok(())
    }

    /// What is added up of these records; `None` is NULL.
    fn add_up(&self, model: ModelId, ids: &[i64], sum: &Sum) -> Option<Value> {
        let Some(number) = sum.field else { return Some(json!(ids.len())) };
        let field = self.registry.def(model).def(number);
        let is_id = &*field.name == "id";
        let cells =
            ids.iter().filter_map(|id| if is_id { Some(Cell::Int(*id)) } else { self.cell(model, *id, number) });
        let cells: Vec<Cell> = cells.collect();
        let numbers = || cells.iter().filter_map(Cell::as_f64);
        let is_whole = matches!(field.kind, Kind::Integer | Kind::Many2one);
        let number_of = |value: f64| if is_whole { json!(value as i64) } else { float_json(value) };
        match sum.function.as_str() {
            "count" => Some(json!(cells.len())),
            "count_distinct" => {
                let distinct: std::collections::HashSet<Key> = cells.iter().map(key_of).collect();
                Some(json!(distinct.len()))
            }
            "array_agg" | "recordset" => {
                let all = ids.iter().map(|id| self.wire_bare(model, *id, number, is_id));
                Some(Value::Array(all.collect()))
            }
            "bool_and" | "bool_or" => {
                let mut all = cells.iter().map(|cell| *cell == Cell::Bool(true));
                (!cells.is_empty())
                    .then(|| json!(if sum.function == "bool_and" { all.all(|one| one) } else { all.any(|one| one) }))
            }
            _ if cells.is_empty() => None,
            "sum" => Some(number_of(numbers().sum())),
            "avg" => Some(float_json(numbers().sum::<f64>() / cells.len() as f64)),
            "max" | "min" => {
                let wanted = if sum.function == "max" { Ordering::Greater } else { Ordering::Less };
                let mut best = &cells[0];
                for cell in &cells {
                    if compare(cell, best, &self.lang) == wanted {
                        best = cell;
                    }
                }
                Some(match best {
                    Cell::Int(int) => json!(int),
                    Cell::Float(float) => float_json(*float),
                    Cell::Bool(value) => json!(value),
                    cell => json!(cell.as_text(&self.lang).map(|text| text.to_string())),
                })
            }
            _ => None,
        }
    }

    fn wire_bare(&self, model: ModelId, id: i64, number: FieldId, is_id: bool) -> Value {
        match self.cell(model, id, number) {
            _ if is_id => json!(id),
            Some(Cell::Int(int)) => json!(int),
            None => Value::Null,
            cell => self.wire(model, number, cell.as_ref()),
        }
    }

    /// A value that is grouped by, as it goes over the wire.
    fn key_value(&self, by: &By, key: Option<&Cell>) -> Value {
        let comodel = self.registry.def(by.of).def(by.number).comodel;
        match (key, comodel) {
            (None, _) => json!(false),
            (Some(Cell::Int(id)), Some(comodel)) => json!([id, self.display_name(comodel, *id)]),
            // 19 has them from the database as they are.
            (Some(Cell::Int(int)), _) if by.part.is_some() && self.has(Difference::DomainObjects) => json!(*int as f64),
            (Some(Cell::Int(int)), _) => json!(int),
            (Some(Cell::Float(float)), _) => float_json(*float),
            (Some(Cell::Bool(value)), _) => json!(value),
            (Some(cell), _) => json!(cell.as_text(&self.lang).map(|text| text.to_string())),
        }
    }
}

fn key_of(cell: &Cell) -> Key {
    Key::of(cell).unwrap_or_else(|| match cell {
        Cell::Float(float) => Key::Text(Arc::from(float.to_string())),
        cell => Key::Text(cell.as_text("en_US").cloned().unwrap_or_else(|| Arc::from(""))),
    })
}
