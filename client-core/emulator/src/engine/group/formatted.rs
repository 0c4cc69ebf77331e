//! `formatted_read_group`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::having::Having;
use super::read_group::{FUNCTIONS, all_of};
use super::{By, Sum, dates, quoted};
use crate::Fault;
use crate::engine::definitions::{Kind, ModelId};
use crate::engine::env::Env;
use crate::engine::rights::Rights;
use crate::engine::signature::Arguments;

impl Env<'_> {
    pub(crate) fn formatted_read_group(&mut self, model: ModelId, given: &Arguments) -> Result<Value, Fault> {
        Rights::check(self, model, "read")?;
        let expr = self.parse(given.domain())?;
        let nothing = self.is_nothing(model, &expr)?;
        let names = given.texts("groupby");
        if nothing && !names.is_empty() {
            return Ok(json!([]));
        }
        let by = names.iter().map(|name| By::along(self, model, name)).collect::<Result<Vec<_>, _>>()?;
        let is_bare = |one: &&By| one.step.is_some() && !one.text.contains(':');
        if let Some(one) = by.iter().find(is_bare) {
            let last = one.text.rsplit('.').next().unwrap_or_default();
            return Err(Fault::value(format!("Granularity not set on a date(time) field: {}", quoted(last))));
        }
        let sums =
            given.texts("aggregates").into_iter().map(|spec| self.sum(model, spec)).collect::<Result<Vec<_>, _>>()?;
        // Where all records are one group, it is told of.
        let having = if by.is_empty() { &Value::Null } else { given.get("having") };
        let having = Having::read(self, model, having)?;
        let ids = self.matching(model, &expr, self.active_test)?;
        let mut groups: Vec<_> = self
            .grouped(model, &ids, &by)?
            .into_iter()
            .filter(|group| having.fits(self, model, &group.ids) == Some(true))
            .map(|group| {
                let added =
                    sums.iter().map(|sum| self.add_up(model, &group.ids, sum).unwrap_or_default()).collect::<Vec<_>>();
                (group, added)
            })
            .collect();
        if let Some(order) = given.text("order") {
            self.sort_groups(&mut groups, &by, &sums, order)?;
        }
        let limit = given.int("limit").and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
        let offset = given.int("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
        let mut answers = Vec::new();
        for (group, added) in groups.into_iter().skip(offset).take(limit.unwrap_or(usize::MAX)) {
            let mut answer = Map::new();
            for (sum, value) in sums.iter().zip(added) {
                answer.insert(sum.name.clone(), if value.is_null() { json!(false) } else { value });
            }
            let mut parts = Vec::new();
            for (one, key) in by.iter().zip(&group.keys) {
                let value = self.key_value(one, key.as_ref());
                let range = one.step.zip(value.as_str());
                let range = range.and_then(|(step, from)| dates::range(step, from, one.zone(self).as_ref()));
                let (path, name) = one.name.rsplit_once('.').map_or(("", &*one.name), |(path, name)| (path, name));
                if let Some((from, to, label)) = range {
                    let range = [json!([name, ">=", from]), json!([name, "<", to])];
                    if path.is_empty() {
                        parts.extend(range.map(|condition| vec![condition]));
                    } else {
                        let [from, to] = range;
                        parts.push(along(path, vec![json!("&"), from, to], false));
                    }
                    answer.insert(one.text.clone(), json!([from, label]));
                    continue;
                }
                let bare = if value.is_array() { value[0].clone() } else { value.clone() };
                let name = match name_of_part(one) {
                    Some(part) => format!("{name}.{part}"),
                    None => name.to_owned(),
                };
                let condition = if one.kind == Kind::Many2many && value == false {
                    json!([name, "not any", []])
                } else {
                    json!([name, "=", bare])
                };
                parts.push(along(path, vec![condition], value == false));
                answer.insert(one.text.clone(), value);
            }
            answer.insert("__extra_domain".to_owned(), all_of(parts));
            answers.push(Value::Object(answer));
        }
        Ok(Value::Array(answers))
    }

    /// `color:sum`, or `__count`.
    pub(super) fn sum(&self, model: ModelId, spec: &str) -> Result<Sum, Fault> {
        if spec == "__count" {
            return Ok(Sum { name: spec.to_owned(), function: "count".to_owned(), field: None });
        }
        let def = Arc::clone(self.registry.def(model));
        let (name, function) = spec.split_once(':').map_or((spec, None), |(name, function)| (name, Some(function)));
        if name.contains('.') {
            return Err(Fault::value(format!("Invalid {}, this dot notation is not supported", quoted(spec))));
        }
        let Some((number, field)) = def.field(name) else {
            let (name, model, spec) = (quoted(name), quoted(&def.name), quoted(spec));
            return Err(Fault::value(format!("Invalid field {name} on model {model} for {spec}.")));
        };
        let Some(function) = function else {
            return Err(Fault::value(format!("Aggregate method is mandatory for {}", quoted(name))));
        };
        if !FUNCTIONS.contains(&function) && !matches!(function, "recordset" | "array_agg_distinct" | "sum_currency") {
            let (function, spec) = (quoted(function), quoted(spec));
            return Err(Fault::value(format!("Invalid aggregate method {function} for {spec}.")));
        }
        self.may_read_field(model, number)?;
        if !field.is_stored() && field.inherited.is_none() || field.kind.is_x2many() {
            return Err(Fault::value(format!("Cannot convert {}.{name} to SQL because it is not stored", def.name)));
        }
        Ok(Sum { name: spec.to_owned(), function: function.to_owned(), field: Some(number) })
    }
}

/// What the part of a date is called, where that is what is grouped by.
fn name_of_part(by: &By) -> Option<&str> {
    by.part.and_then(|_| Some(by.text.rsplit_once(':')?.1))
}

/// The domain of what a path leads to, as one of the record where the path begins. Seen on 19.0.
fn along(path: &str, domain: Vec<Value>, or_nothing: bool) -> Vec<Value> {
    path.split('.').filter(|field| !field.is_empty()).rev().fold(domain, |domain, field| {
        let leads = json!([field, "any", domain]);
        if or_nothing { vec![json!("|"), json!([field, "not any", []]), leads] } else { vec![leads] }
    })
}
