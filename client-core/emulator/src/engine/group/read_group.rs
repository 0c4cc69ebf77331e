//! `read_group`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{By, Sum, dates, quoted};
use crate::Fault;
use crate::engine::definitions::{Kind, ModelId};
use crate::engine::domain;
use crate::engine::env::Env;
use crate::engine::rights::Rights;
use crate::engine::signature::Arguments;
use crate::series::Difference;

pub(super) const FUNCTIONS: [&str; 9] =
    ["array_agg", "count", "count_distinct", "bool_and", "bool_or", "max", "min", "avg", "sum"];

impl Env<'_> {
    pub(crate) fn read_group(&mut self, model: ModelId, given: &Arguments) -> Result<Value, Fault> {
        Rights::check(self, model, "read")?;
        // The database is asked in any case up to 16.
        let asks = !self.has(Difference::GroupsInOwnWords);
        let expr =
            if asks { domain::parse(self.registry.series, given.domain())? } else { self.parse(given.domain())? };
        let nothing = self.is_nothing(model, &expr)?;
        if nothing && !asks && !given.texts("groupby").is_empty() {
            return Ok(json!([]));
        }
        let lazy = given.get("lazy") != &json!(false);
        let mut names = Vec::new();
        for name in given.texts("groupby") {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let used = if lazy { 1.min(names.len()) } else { names.len() };
        let active_test = self.active_test;
        let asked = if asks { Some(self.selected(model, &expr, active_test)?) } else { None };
        let by = names[..used].iter().map(|name| By::read(self, model, name)).collect::<Result<Vec<_>, _>>()?;
        let sums = self.sums(model, &given.texts("fields"), &by)?;
        let ids = match asked {
            Some(ids) => ids,
            None => self.matching(model, &expr, active_test)?,
        };
        let mut groups: Vec<_> = self
            .grouped(model, &ids, &by)?
            .into_iter()
            .map(|group| {
                let added =
                    sums.iter().map(|sum| self.add_up(model, &group.ids, sum).unwrap_or_default()).collect::<Vec<_>>();
                (group, added)
            })
            .collect();
        if let Some(order) = given.text("orderby") {
            self.sort_groups(&mut groups, &by, &sums, order)?;
        }
        let limit = given.int("limit").and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
        let offset = given.int("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
        let offset = if limit.is_none() && !self.has(Difference::GroupOffsetAlone) { 0 } else { offset };
        let rest = &names[used..];
        let groups: Vec<_> = groups.into_iter().skip(offset).take(limit.unwrap_or(usize::MAX)).collect();
        let set: Vec<Vec<Value>> = (0..by.len())
            .map(|n| groups.iter().filter_map(|(group, _)| group.keys[n].as_ref()?.as_int()).map(Value::from).collect())
            .collect();
        let count_name = match by.first() {
            Some(first) if lazy => format!("{}_count", first.name),
            _ => "__count".to_owned(),
        };
        let is_old = !self.has(Difference::GroupsInOwnWords);
        // 18 has a part of a date in the domain only where there is one.
        let always = self.has(Difference::DomainObjects);
        let mut answers = Vec::new();
        for (group, added) in groups {
            let mut answer = Map::new();
            for (sum, value) in sums.iter().zip(added) {
                let value = if value.is_null() && (!is_old || !by.is_empty()) { json!(false) } else { value };
                answer.insert(sum.name.clone(), value);
            }
            answer.insert(count_name.clone(), json!(group.ids.len()));
            if by.is_empty() && is_old {
                answer.insert("id".to_owned(), group.ids.iter().min().map_or(Value::Null, |id| json!(id)));
                answers.push(Value::Object(answer));
                continue;
            }
            let mut parts = Vec::new();
            let mut ranges = Map::new();
            for ((one, key), set) in by.iter().zip(&group.keys).zip(&set) {
                let value = self.key_value(one, key.as_ref());
                let range = one.step.zip(value.as_str());
                let range = range.and_then(|(step, from)| dates::range(step, from, one.zone(self).as_ref()));
                match (&range, one.step) {
                    (Some((from, to, label)), _) => {
                        parts.push(vec![json!("&"), json!([one.name, ">=", from]), json!([one.name, "<", to])]);
                        answer.insert(one.text.clone(), json!(label));
                        ranges.insert(one.text.clone(), json!({"from": from, "to": to}));
                    }
                    (None, step) => {
                        let bare = if value.is_array() { value[0].clone() } else { value.clone() };
                        let condition = if one.kind == Kind::Many2many && value == false && !is_old {
                            match self.has(Difference::NoneIsNotAny) {
                                true if self.has(Difference::DomainObjects) => json!([one.name, "not any", []]),
                                true => json!([one.name, "not any", [[1, "=", 1]]]),
                                false => json!([one.name, "not in", set]),
                            }
                        } else if let Some(part) =
                            one.part.and(one.text.rsplit_once(':')).filter(|_| value != false || always)
                        {
                            json!([format!("{}.{}", one.name, part.1), "=", bare])
                        } else {
                            json!([one.name, "=", bare])
                        };
                        parts.push(vec![condition]);
                        let is_unset = one.part.is_some() && value == false;
                        answer.insert(one.text.clone(), value);
                        if step.is_some() || is_unset {
                            ranges.insert(one.text.clone(), json!(false));
                        }
                    }
                }
            }
            if self.has(Difference::RelatedIsPath) && by.iter().any(|one| one.step.is_some()) {
                answer.insert("__range".to_owned(), Value::Object(ranges));
            }
            if let Value::Array(domain) = given.domain() {
                // As an object of 19 has them: what was there comes first, and each condition is a part.
                if by.is_empty() && !self.has(Difference::DomainObjects) {
                    answer.insert("__domain".to_owned(), json!(domain));
                    answers.push(Value::Object(answer));
                    continue;
                } else if self.has(Difference::DomainObjects) {
                    parts = conditions(normalized(domain))
                        .into_iter()
                        .chain(parts.into_iter().flat_map(conditions))
                        .collect();
                } else if is_old {
                    parts.push(normalized(domain));
                } else {
                    parts.insert(0, normalized(domain));
                }
            }
            answer.insert("__domain".to_owned(), all_of(parts));
            if !rest.is_empty() {
                answer.insert("__context".to_owned(), json!({"group_by": rest}));
            }
            answers.push(Value::Object(answer));
        }
        Ok(Value::Array(answers))
    }

    /// What is to be added up: `color`, `color:sum`, `total:sum(color)`.
    fn sums(&self, model: ModelId, fields: &[&str], by: &[By]) -> Result<Vec<Sum>, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let all: Vec<String>;
        let fields = if fields.is_empty() {
            all = def
                .numbered()
                .filter(|(_, field)| field.is_stored())
                .map(|(_, field)| field.name.to_string())
                .collect();
            all.iter().map(String::as_str).collect()
        } else {
            fields.to_vec()
        };
        let mut sums: Vec<Sum> = Vec::new();
        for spec in fields {
            if spec == "__count" || spec == "sequence" && !self.has(Difference::GroupsInOwnWords) {
                continue;
            }
            let (name, function) = spec.split_once(':').map_or((spec, None), |(name, function)| (name, Some(function)));
            let (function, of) = match function.and_then(|function| function.split_once('(')) {
                Some((function, of)) => (Some(function), of.trim_end_matches(')')),
                None => (function, name),
            };
            let Some((number, field)) = def.field(of) else {
                return Err(Fault::value(format!("Invalid field {} on model {}", quoted(of), quoted(&def.name))));
            };
            let is_column = field.is_stored() && !field.kind.is_x2many() || field.inherited.is_some();
            let function = match function {
                Some(function) if !is_column => {
                    let _ = function;
                    return Err(Fault::user(format!("Cannot aggregate field {}.", quoted(of))));
                }
                Some(function) if !FUNCTIONS.contains(&function) => {
                    return Err(Fault::user(format!("Invalid aggregation function {}.", quoted(function))));
                }
                Some(function) => function.to_owned(),
                None => match &field.pin.aggregator {
                    Some(aggregator) if is_column => aggregator.clone(),
                    _ => continue,
                },
            };
            if by.iter().any(|one| one.number == number) && !self.has(Difference::AggregatesOfKeys) {
                continue;
            }
            if by.iter().any(|one| one.text == name) {
                continue;
            }
            if sums.iter().any(|sum| sum.name == name) {
                return Err(Fault::user(format!("Output name {} is used twice.", quoted(name))));
            }
            self.may_read_field(model, number)?;
            sums.push(Sum { name: name.to_owned(), function, field: Some(number) });
        }
        Ok(sums)
    }
}

/// A domain with an operator between all of its conditions.
pub(super) fn normalized(domain: &[Value]) -> Vec<Value> {
    let mut expected = 1;
    let mut result = Vec::new();
    for item in domain {
        if expected == 0 {
            result.insert(0, json!("&"));
            expected = 1;
        }
        result.push(item.clone());
        match item.as_str() {
            Some("&" | "|") => expected += 1,
            Some("!") => {}
            _ => expected -= 1,
        }
    }
    result
}

/// The parts of a domain that must all fit.
fn conditions(domain: Vec<Value>) -> Vec<Vec<Value>> {
    if domain.first() != Some(&json!("&")) {
        return vec![domain];
    }
    // The first of the two ends where as many conditions as operators want are there.
    let mut open = 1;
    let mut end = 1;
    while open > 0 && end < domain.len() {
        match domain[end].as_str() {
            Some("&" | "|") => open += 1,
            Some("!") => {}
            _ => open -= 1,
        }
        end += 1;
    }
    let (first, second) = domain.split_at(end);
    conditions(first[1..].to_vec()).into_iter().chain(conditions(second.to_vec())).collect()
}

/// Several domains at once.
pub(super) fn all_of(parts: Vec<Vec<Value>>) -> Value {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return json!([[1, "=", 1]]);
    }
    let mut all = vec![json!("&"); parts.len() - 1];
    all.extend(parts.into_iter().flatten());
    Value::Array(all)
}
