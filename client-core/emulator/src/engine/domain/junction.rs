//! Several conditions at once: in which order they are read, and which of their mistakes is told.

use super::node::Node;
use super::parse::Expr;
use crate::Fault;

/// All parts. What the database says of one of them is said once all of them are read.
pub(super) fn all<'a>(parts: impl Iterator<Item = (&'a Expr, Result<Node, Fault>)>) -> Result<Vec<Node>, Fault> {
    let mut nodes = Vec::new();
    let mut of_database: Option<Fault> = None;
    // It reads the whole statement before it looks at what is in it, from left to right.
    let is_syntax = |fault: &Fault| fault.exception.ends_with(".SyntaxError");
    for (_, made) in parts {
        match made {
            Ok(node) => nodes.push(node),
            Err(fault) if fault.exception.starts_with("psycopg2.") => {
                if of_database.is_none() || is_syntax(&fault) {
                    of_database = Some(fault);
                }
            }
            Err(fault) => return Err(fault),
        }
    }
    of_database.map_or(Ok(Node::quick_first(nodes)), Err)
}

/// Parts until one decides for all records: what is wrong with those behind it is not seen.
pub(super) fn in_turn<'a>(
    parts: impl Iterator<Item = (&'a Expr, Result<Node, Fault>)>,
    decides: bool,
) -> Result<Node, Fault> {
    let mut nodes = Vec::new();
    let mut in_sql = None;
    for (part, made) in parts {
        let node = match made {
            Ok(node) => node,
            Err(fault) if is_of_sql(&fault) => {
                in_sql.get_or_insert(fault);
                continue;
            }
            Err(fault) => return Err(fault),
        };
        // What needs a look at other records is decided later.
        let is_late = matches!(part, Expr::Leaf { path, operator, .. }
            if operator.ends_with("_of") || operator.ends_with("any") || path.contains('.'));
        if matches!(node, Node::Const(value) if value == decides) && !is_late {
            return Ok(node);
        }
        nodes.push(node);
    }
    if let Some(fault) = in_sql {
        return Err(fault);
    }
    let nodes = Node::quick_first(nodes);
    Ok(if decides { Node::Or(nodes) } else { Node::And(nodes) })
}

/// Whether a mistake is seen when SQL is made of a domain, after those that are seen before.
fn is_of_sql(fault: &Fault) -> bool {
    let starts = ["Invalid field property", "Cannot convert "];
    fault.exception.starts_with("psycopg2.") || starts.iter().any(|start| fault.message.starts_with(start))
}
