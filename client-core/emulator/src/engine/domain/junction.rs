//! Several conditions at once: in which order they are read, and which of their mistakes is told.

use super::node::Node;
use super::parse::Expr;
use crate::Fault;

/// All parts, as the series up to 18 read them: from the last to the first. What the database says of one of them is said once all
/// of them are read. Seen on 14.0, and in the source of 16.0 to 18.0.
pub(super) fn all<'p>(
    parts: &'p [Expr],
    mut compile: impl FnMut(&'p Expr) -> Result<Node, Fault>,
) -> Result<Vec<Node>, Fault> {
    let mut nodes = Vec::new();
    let mut of_database: Option<Fault> = None;
    // It reads the whole statement before it looks at what is in it, from left to right.
    let is_syntax = |fault: &Fault| fault.exception.ends_with(".SyntaxError");
    for part in parts.iter().rev() {
        match compile(part) {
            Ok(node) => nodes.push(node),
            Err(fault) if fault.exception.starts_with("psycopg2.") => {
                if is_syntax(&fault) || !of_database.as_ref().is_some_and(is_syntax) {
                    of_database = Some(fault);
                }
            }
            Err(fault) => return Err(fault),
        }
    }
    of_database.map_or(Ok(Node::quick_first(nodes)), Err)
}

/// Parts until one decides for all records: what is wrong with those behind it is not seen. Those that look at other records decide
/// once all are read; then SQL is made, in the order of the fields. So it is on 19.0.
pub(super) fn in_turn<'p>(
    parts: &'p [Expr],
    decides: bool,
    mut compile: impl FnMut(&'p Expr) -> Result<Node, Fault>,
) -> Result<Node, Fault> {
    let mut all = Vec::with_capacity(parts.len());
    flatten(parts, decides, &mut all);
    let mut made = Vec::with_capacity(all.len());
    for part in all {
        match compile(part)? {
            node @ Node::Const(value) if value == decides => return Ok(node),
            // What is so of all records says nothing beside others.
            Node::Const(_) => {}
            node => made.push((part, node)),
        }
    }
    if made.iter().any(|(_, node)| matches!(node, Node::Found(value) if *value == decides)) {
        return Ok(Node::Found(decides));
    }
    let (wrong, mut made): (Vec<_>, Vec<_>) = made.into_iter().partition(|(_, node)| matches!(node, Node::Wrong(_)));
    if let Some((_, first)) = wrong.into_iter().min_by_key(|(part, _)| place(part)) {
        return Ok(first);
    }
    match made.len() {
        0 => Ok(Node::Const(!decides)),
        1 => Ok(made.swap_remove(0).1),
        _ => {
            let nodes = Node::quick_first(made.into_iter().map(|(_, node)| node).collect());
            Ok(if decides { Node::Or(nodes) } else { Node::And(nodes) })
        }
    }
}

/// The parts, and those of parts that are put together alike.
pub(super) fn flatten<'p>(parts: &'p [Expr], decides: bool, all: &mut Vec<&'p Expr>) {
    for part in parts {
        match part {
            Expr::Or(inner) if decides => flatten(inner, decides, all),
            Expr::And(inner) if !decides => flatten(inner, decides, all),
            part => all.push(part),
        }
    }
}

/// Where a part stands when SQL is made: by field, equality first, and what is no condition last.
fn place(part: &Expr) -> (&str, &str) {
    match part {
        Expr::Leaf { path, operator, .. } => {
            let operator = match operator.trim_start_matches("not ") {
                "=" | "!=" | "=?" | "in" => "0in",
                "any" => "1any",
                operator if operator.ends_with("like") => "like",
                operator => operator,
            };
            (path, operator)
        }
        Expr::Not(_) => ("~", "!"),
        Expr::And(_) => ("~", "&"),
        Expr::Or(_) => ("~", "|"),
        Expr::Const(_) => ("~", "~"),
    }
}
