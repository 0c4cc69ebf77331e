//! Products: a template is made with its one variant.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::Fault;
use crate::engine::definitions::ModelId;
use crate::engine::env::Env;

/// `[code] name`.
pub(super) fn display_name(env: &Env<'_>, model: ModelId, id: i64) -> Value {
    let name = env.text(model, id, "name").unwrap_or_else(|| Arc::from(""));
    match env.text(model, id, "default_code").filter(|code| !code.is_empty()) {
        Some(code) => json!(format!("[{code}] {name}")),
        None => json!(&*name),
    }
}

/// `attribute: value`.
pub(super) fn value_name(env: &Env<'_>, model: ModelId, id: i64) -> Option<Value> {
    let (attribute, _) = env.registry.model("product.attribute")?;
    let of = env.text(attribute, env.int(model, id, "attribute_id")?, "name")?;
    Some(json!(format!("{of}: {}", env.text(model, id, "name")?)))
}

/// A template that is created by itself, rather than with its variant, gets one.
pub(super) fn create_variant(env: &mut Env<'_>, model: ModelId, id: i64) -> Result<(), Fault> {
    let _ = model;
    if env.context.contains_key("create_product_product") {
        return Ok(());
    }
    let Some((product, _)) = env.registry.model("product.product") else { return Ok(()) };
    env.create(product, &Map::from_iter([("product_tmpl_id".to_owned(), json!(id))]))?;
    Ok(())
}
