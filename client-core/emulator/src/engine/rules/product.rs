//! Products: a template is made with its one variant.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::Fault;
use crate::engine::definitions::ModelId;
use crate::engine::env::Env;
use crate::engine::python::{float_repr, is_true};
use crate::series::Difference;

/// `[code] name`.
pub(super) fn display_name(env: &Env<'_>, model: ModelId, id: i64) -> Value {
    let name = env.text(model, id, "name").unwrap_or_else(|| Arc::from(""));
    match env.text(model, id, "default_code").filter(|code| !code.is_empty()) {
        Some(code) => json!(format!("[{code}] {name}")),
        None => json!(&*name),
    }
}

/// `vendor (1.0 Units - $ 2.00)`, where the app that says so is there. Seen on 19.0.
pub(super) fn vendor_price_name(env: &Env<'_>, model: ModelId, id: i64) -> Option<Value> {
    let is_simple = env.context.get("use_simplified_supplier_name").is_some_and(is_true);
    let def = env.registry.def(model);
    if is_simple || !env.has(Difference::DomainObjects) || def.id_of("show_set_supplier_button").is_none() {
        return None;
    }
    let of = |comodel: &str, field: &str| Some((env.registry.model(comodel)?.0, env.int(model, id, field)?));
    let number = |field| def.id_of(field).and_then(|field| env.cell(model, id, field)?.as_f64()).unwrap_or_default();
    let vendor = of("res.partner", "partner_id").map(|(partners, vendor)| env.display_name(partners, vendor));
    let unit = of("uom.uom", "product_uom_id").and_then(|(units, unit)| env.text(units, unit, "name"));
    let amount = grouped(number("price"));
    let price = of("res.currency", "currency_id").and_then(|(all, currency)| {
        let (symbol, position) = (env.text(all, currency, "symbol")?, env.text(all, currency, "position"));
        let is_before = position.is_some_and(|position| &*position == "before");
        Some(if is_before { format!("{symbol}\u{a0}{amount}") } else { format!("{amount}\u{a0}{symbol}") })
    });
    Some(json!(format!(
        "{} ({} {} - {})",
        vendor.as_ref().and_then(Value::as_str).unwrap_or("False"),
        float_repr(number("min_qty")),
        unit.as_deref().unwrap_or("False"),
        price.unwrap_or(amount),
    )))
}

/// An amount with two decimals and commas, as in American English.
fn grouped(amount: f64) -> String {
    let text = format!("{:.2}", amount.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, "00"));
    let mut out = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let sign = if amount < 0.0 { "-" } else { "" };
    format!("{sign}{out}.{decimals}")
}

/// `attribute: value`.
pub(super) fn value_name(env: &Env<'_>, model: ModelId, id: i64) -> Option<Value> {
    let (attribute, _) = env.registry.model("product.attribute")?;
    let of = env.text(attribute, env.int(model, id, "attribute_id")?, "name")?;
    Some(json!(format!("{of}: {}", env.text(model, id, "name")?)))
}

/// Says in a context whether a template is to have a variant.
pub(super) const MAKES_VARIANT: &str = "create_product_product";

/// A template that is created by itself, rather than with its variant, gets one. That takes its properties away, and those that were
/// given are written again: seen on 19.0.
pub(super) fn create_variant(
    env: &mut Env<'_>,
    model: ModelId,
    id: i64,
    values: &Map<String, Value>,
) -> Result<(), Fault> {
    if env.context.get(MAKES_VARIANT).is_some_and(|wanted| !is_true(wanted)) {
        return Ok(());
    }
    let Some((product, _)) = env.registry.model("product.product") else { return Ok(()) };
    env.create(product, &Map::from_iter([("product_tmpl_id".to_owned(), json!(id))]))?;
    match values.get_key_value("product_properties").filter(|(_, given)| is_true(given)) {
        Some((name, given)) => env.write(model, &[id], &Map::from_iter([(name.clone(), given.clone())])),
        None => Ok(()),
    }
}
