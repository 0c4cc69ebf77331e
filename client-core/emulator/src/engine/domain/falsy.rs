//! Values that count as not set, and comparisons with them.

use std::sync::Arc;

use super::scalar::{Comparison, Operand, Test};
use crate::engine::cell::{Cell, compare_floats};
use crate::engine::definitions::{FieldDef, Kind};
use crate::engine::env::Env;
use crate::series::Difference;

/// What counts as not set.
#[derive(Clone, Copy)]
pub(super) enum Falsy {
    Zero,
    Text,
}

impl Falsy {
    pub(super) fn is(self, cell: &Cell) -> bool {
        match self {
            Self::Zero => cell.as_f64() == Some(0.0),
            Self::Text => matches!(cell, Cell::Text(text) if text.is_empty()),
        }
    }

    pub(super) fn cell(self, kind: Kind) -> Cell {
        match self {
            Self::Zero if kind == Kind::Integer => Cell::Int(0),
            Self::Zero => Cell::Float(0.0),
            Self::Text => Cell::text(""),
        }
    }
}

/// A comparison with a value, or what it is for all records.
pub(super) fn compared(
    env: &Env<'_>,
    field: &FieldDef,
    comparison: Comparison,
    falsy: Option<Falsy>,
    cell: Option<Cell>,
) -> Result<Test, bool> {
    let cell = match (cell, falsy) {
        (Some(cell), _) => cell,
        (None, Some(falsy)) => falsy.cell(field.kind),
        // A comparison with NULL is NULL; with false, for numbers, with zero.
        (None, None) => match field.kind {
            Kind::Integer | Kind::Many2one | Kind::Many2oneReference => Cell::Int(0),
            Kind::Float | Kind::Monetary => Cell::Float(0.0),
            _ if env.has(Difference::DomainObjects) => return Err(false),
            _ => return Ok(Test::constant(false, None)),
        },
    };
    let null = falsy.and_then(|falsy| {
        let zero = falsy.cell(field.kind);
        let ordering = match (&zero, &cell) {
            (Cell::Text(zero), Cell::Text(text)) => Some(zero.cmp(text)),
            (zero, cell) => zero.as_f64().zip(cell.as_f64()).map(|(zero, value)| compare_floats(zero, value)),
        };
        // 18 does so for numbers alone.
        let counts = matches!(falsy, Falsy::Zero) || env.has(Difference::DomainObjects);
        (counts && ordering.is_some_and(|ordering| comparison.holds(ordering))).then_some(true)
    });
    // Objects of 19 negate a comparison so that what is not set fits.
    let null = if env.has(Difference::DomainObjects) { null.or(Some(false)) } else { null };
    let operand = match &cell {
        Cell::Bool(value) => Operand::Bool(*value),
        Cell::Text(text) => Operand::Text(Arc::clone(text)),
        number => Operand::Number(number.as_f64().unwrap_or_default()),
    };
    Ok(Test::compare(comparison, operand, null))
}
