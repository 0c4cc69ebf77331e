//! The fields that conditions name.

use super::leaf::Leaf;
use super::parse::Expr;
use crate::Fault;
use crate::engine::definitions::{FieldDef, FieldId, ModelId};
use crate::engine::env::Env;
use crate::series::Difference;

/// Refuses a domain that names a field which is not there, before any of its conditions is read.
pub(super) fn check(env: &Env<'_>, model: ModelId, expr: &Expr) -> Result<(), Fault> {
    let (path, operator, value) = match expr {
        Expr::Const(_) => return Ok(()),
        Expr::And(parts) | Expr::Or(parts) => return parts.iter().try_for_each(|part| check(env, model, part)),
        Expr::Not(part) => return check(env, model, part),
        Expr::Leaf { path, operator, value } => (path, operator, value),
    };
    let (_, field) = first(env, model, Leaf { path, operator, value })?;
    let Some(comodel) = field.comodel else { return Ok(()) };
    match path.split_once('.') {
        Some((_, rest)) => check(env, comodel, &Expr::leaf(rest, operator, value.clone())),
        None if operator.ends_with("any") => check(env, comodel, &env.parse(value)?),
        None => Ok(()),
    }
}

/// The field that a path begins with.
pub(super) fn first<'e>(env: &'e Env<'_>, model: ModelId, leaf: Leaf<'_>) -> Result<(FieldId, &'e FieldDef), Fault> {
    let def = env.registry.def(model);
    let name = leaf.path.split_once('.').map_or(leaf.path, |(name, _)| name);
    def.field(name).ok_or_else(|| {
        let word = if env.has(Difference::DomainObjects) { "condition" } else { "leaf" };
        Fault::value(format!("Invalid field {}.{name} in {word} {}", def.name, leaf.tuple()))
    })
}
