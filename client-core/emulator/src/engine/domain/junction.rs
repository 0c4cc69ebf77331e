//! Several conditions at once: in which order they are read, and which of their mistakes is told.

use super::compile::compile;
use super::node::Node;
use super::parse::Expr;
use crate::Fault;
use crate::engine::definitions::ModelId;
use crate::engine::env::Env;

/// All parts. What the database says of one of them is said once all of them are read.
pub(super) fn all(env: &mut Env<'_>, model: ModelId, parts: &[Expr]) -> Result<Vec<Node>, Fault> {
    let mut nodes = Vec::with_capacity(parts.len());
    let mut of_database: Option<Fault> = None;
    for part in parts {
        match compile(env, model, part) {
            Ok(node) => nodes.push(node),
            Err(fault) if fault.exception.starts_with("psycopg2.") => {
                // It reads the whole statement before it looks at what is in it.
                let is_syntax = fault.exception.ends_with(".SyntaxError");
                if is_syntax || of_database.is_none() {
                    of_database = Some(fault);
                }
            }
            Err(fault) => return Err(fault),
        }
    }
    of_database.map_or(Ok(Node::quick_first(nodes)), Err)
}

/// Parts until one decides for all records: what is wrong with those behind it is not seen.
pub(super) fn in_turn(env: &mut Env<'_>, model: ModelId, parts: &[Expr], decides: bool) -> Result<Node, Fault> {
    let mut nodes = Vec::with_capacity(parts.len());
    for part in parts {
        let node = compile(env, model, part)?;
        // What needs a look at other records is decided later.
        let is_late = matches!(part, Expr::Leaf { path, operator, .. }
            if operator.ends_with("_of") || operator.ends_with("any") || path.contains('.'));
        if matches!(node, Node::Const(value) if value == decides) && !is_late {
            return Ok(node);
        }
        nodes.push(node);
    }
    let nodes = Node::quick_first(nodes);
    Ok(if decides { Node::Or(nodes) } else { Node::And(nodes) })
}
