//! Trees of which the name of a record is the way to it: `A / B`.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::ModelId;
use crate::engine::domain::{Expr, is_negative};
use crate::engine::env::Env;
use crate::series::Difference;

/// The names of a record and those above it.
pub(super) fn path(env: &Env<'_>, model: ModelId, id: i64) -> Option<Value> {
    let parent = env.registry.def(model).parent?;
    let mut names = Vec::new();
    let mut at = Some(id);
    while let Some(id) = at
        && names.len() < 100
    {
        names.push(env.text(model, id, "name").unwrap_or_else(|| Arc::from("")));
        at = env.cell(model, id, parent).and_then(|cell| cell.as_int());
    }
    names.reverse();
    Some(json!(names.join(" / ")))
}

/// The last part of a way is what is searched by; from 18 on, all of it, and what is below what is found.
pub(super) fn name_domain(
    env: &mut Env<'_>,
    model: ModelId,
    operator: &str,
    name: &Value,
) -> Result<Option<Expr>, Fault> {
    if env.has(Difference::NamesOfTrees) {
        if !operator.ends_with("like") {
            return Ok(None);
        }
        // 18 looks for what is below those that do not have the name.
        let negated = is_negative(operator) && env.has(Difference::DomainObjects);
        let searched = if negated { operator.strip_prefix("not ").unwrap_or(operator) } else { operator };
        let found = env.matching(model, &Expr::leaf("name", searched, name.clone()), env.active_test)?;
        let below = Expr::leaf("id", "child_of", found);
        return Ok(Some(if negated { Expr::Not(Box::new(below)) } else { below }));
    }
    let Some(text) = name.as_str().filter(|text| !text.is_empty()) else { return Ok(Some(Expr::Const(true))) };
    let last = text.rsplit(" / ").next().unwrap_or(text);
    Ok(Some(Expr::leaf("name", operator, last)))
}

/// Writes `complete_name` of a record and of those below it.
pub(super) fn complete_names(env: &mut Env<'_>, model: ModelId, id: i64) -> Result<(), Fault> {
    let def = Arc::clone(env.registry.def(model));
    let (Some(field), Some(parent)) = (def.id_of("complete_name"), def.parent) else { return Ok(()) };
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        let Some(row) = env.store.row(model, id).cloned() else { continue };
        let name = path(env, model, id).and_then(|name| Some(Cell::text(name.as_str()?)));
        let mut row = (*row).clone();
        if row.get(field) != name.as_ref() {
            row.set(field, name);
            env.store.put(model, id, Some(row));
        }
        waiting.extend(env.pointing(model, parent, id));
    }
    Ok(())
}
