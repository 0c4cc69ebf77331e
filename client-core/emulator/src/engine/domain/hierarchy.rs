//! `child_of` and `parent_of`.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::leaf::Leaf;
use super::node::Node;
use super::parse::Expr;
use super::relational;
use super::scalar::Test;
use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::{FieldId, Kind, ModelId};
use crate::engine::env::Env;
use crate::series::Difference;

/// Records below or above others, by the tree of their model. Without a field it is of the record itself.
pub(super) fn node(env: &mut Env<'_>, model: ModelId, number: Option<FieldId>, leaf: Leaf<'_>) -> Result<Node, Fault> {
    let def = Arc::clone(env.registry.def(model));
    let field = number.map(|number| def.def(number));
    let comodel = field.and_then(|field| field.comodel).unwrap_or(model);
    let codef = Arc::clone(env.registry.def(comodel));
    // A field that points to its own model is the tree; otherwise the tree is that of the model pointed to.
    let own = field.filter(|field| comodel == model && field.kind != Kind::Many2many);
    let parent = match (own, number) {
        (Some(field), Some(number)) if field.kind == Kind::Many2one => Some(number),
        (Some(field), _) => field.inverse.or(codef.parent),
        _ => codef.parent,
    };
    // The paths of records that are not there cannot be read.
    let reads = codef.has_parent_store || leaf.operator == "parent_of";
    if reads && !env.has(Difference::DomainObjects) {
        env.must_exist(comodel, &crate::engine::python::ids(leaf.value))?;
    }
    let start = ids(env, comodel, leaf.value)?;
    if start.is_empty() {
        return Ok(Node::Found(false));
    }
    let Some(parent) = parent else {
        return Err(Fault::value(format!("{} has no field that makes a tree of it: {}", codef.name, leaf.tuple())));
    };
    // Of a one2many the tree is upside down, unless the paths of the model say where things are (up to 18).
    let upside_down = own.is_some_and(|field| field.kind == Kind::One2many)
        && (env.has(Difference::DomainObjects) || !codef.has_parent_store);
    let found = if (leaf.operator == "child_of") != upside_down {
        below(env, comodel, parent, start)
    } else {
        above(env, comodel, parent, start)
    };
    if upside_down
        && env.has(Difference::DomainObjects)
        && let Some(number) = number
    {
        let among = Expr::leaf("id", "in", found.into_iter().map(Value::from).collect::<Vec<_>>());
        return relational::any_of(env, model, number, &among);
    }
    match (number, own.is_some()) {
        (Some(number), false) if field.is_some_and(|field| field.kind == Kind::Many2one) => {
            Ok(Node::Scalar(number, Test::among(found.into_iter().map(Cell::Int).collect(), false, None)))
        }
        (Some(number), false) if comodel != model => {
            let among = Expr::leaf("id", "in", found.into_iter().map(Value::from).collect::<Vec<_>>());
            relational::any_of(env, model, number, &among)
        }
        _ => Ok(Node::Ids(Arc::new(found.into_iter().collect::<HashSet<_>>()))),
    }
}

fn ids(env: &mut Env<'_>, model: ModelId, value: &Value) -> Result<Vec<i64>, Fault> {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    let mut ids = Vec::new();
    for value in values {
        match value {
            Value::Number(id) => ids.extend(id.as_i64()),
            Value::String(_) => ids.extend(env.by_name(model, "ilike", value, env.active_test)?),
            _ => {}
        }
    }
    ids.retain(|id| env.store.row(model, *id).is_some());
    Ok(ids)
}

fn below(env: &mut Env<'_>, model: ModelId, parent: FieldId, start: Vec<i64>) -> BTreeSet<i64> {
    env.store.ensure_index(model, parent);
    let mut found = BTreeSet::new();
    let mut waiting = start;
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            waiting.extend(env.pointing(model, parent, id));
        }
    }
    found
}

fn above(env: &Env<'_>, model: ModelId, parent: FieldId, start: Vec<i64>) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    let mut waiting = start;
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            let row = env.store.row(model, id);
            waiting.extend(row.and_then(|row| row.get(parent)?.as_int()));
        }
    }
    found
}
