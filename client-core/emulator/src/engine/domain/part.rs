//! Conditions on the number of a part of a date: `date_order.month_number`.

use serde_json::Value;

use super::leaf::Leaf;
use super::like::Pattern;
use super::node::Node;
use super::scalar::{Comparison, Operand, Test};
use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::{FieldDef, FieldId, Kind};
use crate::engine::env::Env;
use crate::engine::group::Part;
use crate::engine::python::str;
use crate::engine::zone;

/// The condition of a leaf on this part, on the clocks of the zone that the context names.
pub(super) fn node(
    env: &Env<'_>,
    number: FieldId,
    field: &FieldDef,
    part: &str,
    leaf: Leaf<'_>,
) -> Result<Node, Fault> {
    let Some(part) = Part::named(part) else {
        let words = format!(
            "Error when processing the granularity {part} is not supported. Only {} are supported",
            Part::NAMES.join(", ")
        );
        return Node::wrong_in_sql(env, Fault::value(words));
    };
    let zone = zone::of_context(&env.context).filter(|_| field.kind == Kind::Datetime);
    let test = test(leaf)?;
    Ok(Node::Part(number, part, zone, test))
}

fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        // A part of a number is no number of a date: nothing is equal to it.
        value => value.as_f64().map(|number| if number.fract() == 0.0 { number as i64 } else { i64::MIN }),
    }
}

fn test(leaf: Leaf<'_>) -> Result<Test, Fault> {
    let negated = leaf.is_negative();
    if leaf.positive().ends_with("like") {
        let pattern = if leaf.positive().starts_with('=') { str(leaf.value) } else { format!("%{}%", str(leaf.value)) };
        return Ok(Test::like(Pattern::new(&pattern, true), negated, negated.then_some(true)));
    }
    if let Some(comparison) = Comparison::named(leaf.operator) {
        let Some(number) = number_of(leaf.value) else { return Ok(Test::constant(false, Some(false))) };
        return Ok(Test::compare(comparison, Operand::Number(number as f64), Some(false)));
    }
    let values = match leaf.value {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    let wants_null = values.iter().any(|value| *value == false || value.is_null());
    let cells: Vec<_> = values.iter().filter_map(number_of).map(Cell::Int).collect();
    Ok(if cells.is_empty() && wants_null {
        if negated { Test::is_set() } else { Test::is_null() }
    } else {
        Test::among(cells, negated, Some(wants_null != negated))
    })
}
