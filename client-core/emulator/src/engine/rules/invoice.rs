//! Lines of invoices.

use serde_json::{Map, Value, json};

use crate::engine::definitions::ModelId;
use crate::engine::env::Env;

/// A line is of a product, if it is not said to be a section or a note: otherwise the invoice would not show it among its lines. 16.0
/// and later compute that (seen on 19.0; those of 14.0 have nothing there), and find taxes and what is owed by their accounts as well.
pub(super) fn complete_line(env: &Env<'_>, model: ModelId, values: &mut Map<String, Value>) {
    let def = env.registry.def(model);
    let field = def.field("display_type").and_then(|(_, field)| field.pin.selection.as_ref());
    if field.is_some_and(|known| known.0.iter().any(|(value, _)| value == "product")) {
        values.entry("display_type").or_insert_with(|| json!("product"));
    }
    // It is in the currency of its invoice. Seen on 14.0 and 19.0.
    let moves = def.field("move_id").and_then(|(_, field)| field.comodel);
    let of = values.get("move_id").and_then(Value::as_i64).zip(moves);
    let currency = of.and_then(|(id, moves)| env.int(moves, id, "currency_id")).or_else(|| env.currency());
    if let Some(currency) = currency.filter(|_| def.id_of("currency_id").is_some()) {
        values.entry("currency_id").or_insert_with(|| json!(currency));
    }
}
