//! Conditions on relations.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::leaf::Leaf;
use super::node::Node;
use super::parse::Expr;
use super::scalar::Test;
use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::{FieldId, Kind, ModelId};
use crate::engine::env::Env;
use crate::series::Difference;

/// `any` and `not any`: a record of the relation fits the inner domain, or none does.
pub(super) fn any(
    env: &mut Env<'_>,
    model: ModelId,
    number: FieldId,
    operator: &str,
    inner: &Expr,
) -> Result<Node, Fault> {
    let def = Arc::clone(env.registry.def(model));
    let field = def.def(number);
    let Some(comodel) = field.comodel else {
        return Err(Fault::value(format!("Cannot determine the comodel relation of {}.{}", def.name, field.name)));
    };
    let negated = operator == "not any";
    let is_many2one = field.kind == Kind::Many2one;
    let active_test = !is_many2one && field.active_test.unwrap_or(env.active_test);
    let ids = match env.found(comodel, inner, active_test)? {
        Ok(ids) => ids,
        Err(known) => return Ok(if negated { Node::not(known) } else { known }),
    };
    if is_many2one && (field.is_stored() || env.has_values(model, number)) {
        if ids.is_empty() {
            let none = Node::Ids(Arc::default());
            return Ok(if negated { Node::not(none) } else { none });
        }
        // `partner_id IN (…)` of what is not set is neither; from 19 on it is false.
        let null = (negated || env.has(Difference::DomainObjects)).then_some(negated);
        let cells = ids.into_iter().map(Cell::Int).collect();
        return Ok(Node::Scalar(number, Test::among(cells, negated, null)));
    }
    let owners = owners(env, model, number, &ids)?;
    Ok(if negated { Node::not(owners) } else { owners })
}

/// A record of the relation is one of these, archived or not.
pub(super) fn any_of(env: &mut Env<'_>, model: ModelId, number: FieldId, among: &Expr) -> Result<Node, Fault> {
    any(&mut env.with(false), model, number, "any", among)
}

/// The records of which the field holds one of these.
fn owners(env: &mut Env<'_>, model: ModelId, number: FieldId, ids: &[i64]) -> Result<Node, Fault> {
    let def = Arc::clone(env.registry.def(model));
    let field = def.def(number);
    let ids = env.in_field_domain(field, ids)?;
    let owners: HashSet<i64> = match (field.side, field.inverse, field.comodel) {
        (Some(side), _, _) => {
            let relation = env.store.relation(side.relation);
            ids.iter().flat_map(|id| relation.of(1 - side.side, *id)).collect()
        }
        (None, Some(inverse), Some(comodel)) => {
            let rows = ids.iter().filter_map(|id| env.store.row(comodel, *id));
            let pointed: Vec<_> = rows.map(|row| row.get(inverse).and_then(Cell::as_int)).collect();
            if pointed.contains(&None) && !env.has(Difference::NoNullInSubqueries) {
                // `id NOT IN (…, NULL)` is never true.
                let owners = Node::Ids(Arc::new(pointed.into_iter().flatten().collect()));
                return Ok(Node::Or(vec![owners, Node::Unknown]));
            }
            pointed.into_iter().flatten().collect()
        }
        _ => {
            // A relation that Python computes: only what a test has set is known.
            let wanted: HashSet<i64> = ids.iter().copied().collect();
            let holds = |cell: &Cell| match cell {
                Cell::Ids(ids) => ids.iter().any(|id| wanted.contains(id)),
                Cell::Int(id) => wanted.contains(id),
                _ => false,
            };
            let rows = env.store.table(model).rows.iter();
            rows.filter(|(_, row)| row.get(number).is_some_and(holds)).map(|(id, _)| *id).collect()
        }
    };
    Ok(Node::Ids(Arc::new(owners)))
}

/// Whether a condition on a relation gives names rather than ids.
pub(super) fn is_by_name(leaf: Leaf<'_>) -> bool {
    match leaf.value {
        _ if leaf.positive().ends_with("like") => true,
        Value::String(_) => true,
        Value::Array(values) => values.iter().any(Value::is_string),
        _ => false,
    }
}

/// A condition on a relation by the names of records.
pub(super) fn by_name(env: &mut Env<'_>, model: ModelId, number: FieldId, leaf: Leaf<'_>) -> Result<Node, Fault> {
    let def = Arc::clone(env.registry.def(model));
    let field = def.def(number);
    let Some(comodel) = field.comodel else { return Ok(Node::Const(false)) };
    if leaf.operator.starts_with(['<', '>']) && env.has(Difference::DomainObjects) {
        let what = "Inequality not supported for relational field using a string";
        return Err(Fault::type_error(format!("{what} in condition {}", leaf.tuple())));
    }
    let is_many2one = field.kind == Kind::Many2one;
    let negated = leaf.is_negative();
    if env.has(Difference::DomainObjects) {
        let operator = if negated { "not any" } else { "any" };
        let inner = Expr::leaf("display_name", leaf.positive(), leaf.value.clone());
        return any(env, model, number, operator, &inner);
    }
    let active_test = !is_many2one && env.active_test;
    // The names of what a many2one does not point to are searched for.
    if is_many2one {
        let operator = if leaf.operator.starts_with(['<', '>']) { "=" } else { leaf.operator };
        let ids = env.by_name(comodel, operator, leaf.value, active_test)?;
        let cells = ids.into_iter().map(Cell::Int).collect();
        return Ok(Node::Scalar(number, Test::among(cells, false, negated.then_some(true))));
    }
    let ids = env.by_name(comodel, leaf.positive(), leaf.value, active_test)?;
    let owners = owners(env, model, number, &ids)?;
    Ok(if negated { Node::not(owners) } else { owners })
}

/// A condition on a one2many or many2many field, by ids or by whether there is any.
pub(super) fn x2many(env: &mut Env<'_>, model: ModelId, number: FieldId, leaf: Leaf<'_>) -> Result<Node, Fault> {
    if is_by_name(leaf) {
        return by_name(env, model, number, leaf);
    }
    let def = Arc::clone(env.registry.def(model));
    let field = def.def(number);
    let negated = leaf.is_negative();
    if leaf.operator == "=?" && *leaf.value == false && env.has(Difference::DomainObjects) {
        return Ok(Node::Const(true));
    }
    let values = match leaf.value {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    };
    let objects = env.has(Difference::DomainObjects);
    if values.is_empty() && leaf.value.is_array() {
        return Ok(Node::Const(negated));
    }
    let ids: Vec<i64> = values.iter().filter_map(Value::as_i64).collect();
    let wants_none = values.iter().any(|value| *value == false || value.is_null());
    if wants_none && leaf.value.is_array() && field.kind == Kind::One2many && !env.has(Difference::LinesTakeFalse) {
        let words = "operator does not exist: integer = boolean";
        return Err(Fault::new("psycopg2.errors.UndefinedFunction", words));
    }
    let mut nodes = Vec::new();
    if wants_none && (objects || !leaf.value.is_array()) {
        let all = match field.comodel {
            Some(comodel) if objects => env.matching(comodel, &Expr::Const(true), false)?,
            Some(comodel) => {
                let points =
                    |row: &crate::engine::store::Row| field.inverse.is_none_or(|inverse| row.get(inverse).is_some());
                let rows = env.store.table(comodel).rows.iter();
                rows.filter(|(_, row)| points(row)).map(|(id, _)| *id).collect()
            }
            None => Vec::new(),
        };
        nodes.push(Node::not(owners(env, model, number, &all)?));
    }
    if !ids.is_empty() || nodes.is_empty() {
        nodes.push(owners(env, model, number, &ids)?);
    }
    let any = if nodes.len() == 1 { nodes.remove(0) } else { Node::Or(nodes) };
    Ok(if negated { Node::not(any) } else { any })
}
