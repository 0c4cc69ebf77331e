//! Orders: the addresses and the price list of the customer, and what a line has of its product.

use serde_json::{Map, Value, json};

use crate::engine::definitions::ModelId;
use crate::engine::env::Env;

/// What 14.0 looks up when an order is created, and 16.0 to 19.0 compute.
pub(super) fn complete_order(env: &Env<'_>, model: ModelId, values: &mut Map<String, Value>) {
    let def = env.registry.def(model);
    let partners = def.field("partner_id").and_then(|(_, field)| field.comodel);
    let (Some(partner), Some(partners)) = (values.get("partner_id").and_then(Value::as_i64), partners) else { return };
    for (name, kind) in [("partner_invoice_id", "invoice"), ("partner_shipping_id", "delivery")] {
        if def.id_of(name).is_some() && !values.contains_key(name) {
            values.insert(name.to_owned(), json!(address(env, partners, partner, kind)));
        }
    }
    if let Some((_, field)) = def.field("pricelist_id").filter(|(_, field)| field.pin.required)
        && !values.contains_key("pricelist_id")
    {
        let first = || env.store.table(field.comodel?).rows.keys().next().copied();
        let list = env.int(partners, partner, "property_product_pricelist").or_else(first);
        values.insert("pricelist_id".to_owned(), json!(list));
    }
}

/// The contact of a customer for this, or the customer.
fn address(env: &Env<'_>, partners: ModelId, partner: i64, kind: &str) -> i64 {
    let contacts = env.registry.def(partners).id_of("child_ids").map(|children| env.ids(partners, partner, children));
    let is_it = |id: &i64| env.text(partners, *id, "type").as_deref() == Some(kind) && env.is_active(partners, *id);
    contacts.into_iter().flatten().find(is_it).unwrap_or(partner)
}

/// Its name, unit and price, as they are without a price list.
pub(super) fn complete_line(env: &Env<'_>, model: ModelId, values: &mut Map<String, Value>) {
    let def = env.registry.def(model);
    let products = def.field("product_id").and_then(|(_, field)| field.comodel);
    let (Some(product), Some(products)) = (values.get("product_id").and_then(Value::as_i64), products) else { return };
    let of_product =
        |name: &str| env.registry.def(products).id_of(name).and_then(|name| env.cell(products, product, name));
    for (name, value) in [
        ("name", env.display_name(products, product)),
        ("product_uom", json!(of_product("uom_id").and_then(|unit| unit.as_int()))),
        ("product_uom_id", json!(of_product("uom_id").and_then(|unit| unit.as_int()))),
        ("price_unit", json!(of_product("list_price").and_then(|price| price.as_f64()).unwrap_or_default())),
    ] {
        if def.id_of(name).is_some() && !values.contains_key(name) {
            values.insert(name.to_owned(), value);
        }
    }
}
