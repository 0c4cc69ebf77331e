//! `formatted_read_group`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::read_group::all_of;
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
        let names = given.texts("groupby");
        if given.get("having").as_array().is_some_and(|having| !having.is_empty()) {
            return Err(Fault::not_emulated(
                "`having`",
                "leave out groups in the program, or answer `formatted_read_group` by `Engine::on`",
            ));
        }
        let by = names.iter().map(|name| By::along(self, model, name)).collect::<Result<Vec<_>, _>>()?;
        let sums =
            given.texts("aggregates").into_iter().map(|spec| self.sum(model, spec)).collect::<Result<Vec<_>, _>>()?;
        let ids = self.matching(model, &expr, self.active_test)?;
        let mut groups: Vec<_> = self
            .grouped(model, &ids, &by)?
            .into_iter()
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
                let range = one.step.zip(value.as_str()).and_then(|(step, from)| {
                    Some((from.to_owned(), dates::end(step, from)?, dates::label(step, from)?))
                });
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
    fn sum(&self, model: ModelId, spec: &str) -> Result<Sum, Fault> {
        if spec == "__count" {
            return Ok(Sum { name: spec.to_owned(), function: "count".to_owned(), field: None });
        }
        let def = Arc::clone(self.registry.def(model));
        let Some((name, function)) = spec.split_once(':') else {
            return Err(Fault::value(format!("Aggregate method is mandatory for {}", quoted(spec))));
        };
        let Some((number, field)) = def.field(name) else {
            return Err(Fault::value(format!("Invalid field {} on model {}", quoted(name), quoted(&def.name))));
        };
        self.may_read_field(model, number)?;
        if !field.is_stored() && field.inherited.is_none() || field.kind.is_x2many() {
            return Err(Fault::value(format!("Cannot convert {}.{name} to SQL because it is not stored", def.name)));
        }
        Ok(Sum { name: spec.to_owned(), function: function.to_owned(), field: Some(number) })
    }
}

/// The domain of what a path leads to, as one of the record where the path begins. Seen on 19.0.
fn along(path: &str, domain: Vec<Value>, or_nothing: bool) -> Vec<Value> {
    path.split('.').filter(|field| !field.is_empty()).rev().fold(domain, |domain, field| {
        let leads = json!([field, "any", domain]);
        if or_nothing { vec![json!("|"), json!([field, "not any", []]), leads] } else { vec![leads] }
    })
}
