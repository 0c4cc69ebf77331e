//! Partners: their names, and who of them trades.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::ModelId;
use crate::engine::domain::Expr;
use crate::engine::env::Env;
use crate::series::Difference;

/// The name, with that of the company before it for a person of one.
fn name(env: &Env<'_>, model: ModelId, id: i64) -> String {
    let mut name = env.text(model, id, "name").unwrap_or_else(|| Arc::from("")).to_string();
    let parent = env.int(model, id, "parent_id");
    let company = env.text(model, id, "company_name");
    if parent.is_none() && company.is_none() {
        return name.trim().to_owned();
    }
    if name.is_empty()
        && let Some(kind) = env.text(model, id, "type")
        && matches!(&*kind, "invoice" | "delivery" | "other")
    {
        let field = env.registry.def(model).field("type");
        let labels = field.and_then(|(_, field)| field.pin.selection.as_ref());
        let label = labels.and_then(|labels| labels.0.iter().find(|(value, _)| **value == *kind));
        name = label.map(|(_, label)| label.clone()).unwrap_or_default();
    }
    if !is_company(env, model, id) {
        let of = commercial_name(env, model, id)
            .filter(|name| !name.is_empty())
            .or_else(|| env.text(model, parent?, "name").map(|name| name.to_string()));
        name = format!("{}, {name}", of.unwrap_or_default());
    }
    name.trim().to_owned()
}

pub(super) fn display_name(env: &Env<'_>, model: ModelId, id: i64) -> Value {
    json!(name(env, model, id))
}

pub(super) fn is_company(env: &Env<'_>, model: ModelId, id: i64) -> bool {
    let number = env.registry.def(model).id_of("is_company");
    number.and_then(|number| env.cell(model, id, number)) == Some(Cell::Bool(true))
}

/// Who trades: the first company above, or who has nobody above.
fn commercial(env: &Env<'_>, model: ModelId, id: i64) -> i64 {
    let mut at = id;
    for _ in 0..100 {
        match env.int(model, at, "parent_id") {
            Some(parent) if !is_company(env, model, at) => at = parent,
            _ => break,
        }
    }
    at
}

fn commercial_name(env: &Env<'_>, model: ModelId, id: i64) -> Option<String> {
    let of = commercial(env, model, id);
    if is_company(env, model, of) {
        return env.text(model, of, "name").map(|name| name.to_string());
    }
    env.text(model, id, "company_name").map(|name| name.to_string())
}

/// What a constraint of the database says.
pub(crate) const NEEDS_NAME: &str = "Contacts require a name";

/// Writes what Odoo computes of a partner and of those below it, and refuses one without a name.
pub(super) fn after(env: &mut Env<'_>, model: ModelId, id: i64) -> Result<(), Fault> {
    let def = Arc::clone(env.registry.def(model));
    let Some(parent) = def.parent else { return Ok(()) };
    let kind = env.text(model, id, "type");
    if kind.as_deref() == Some("contact") && env.text(model, id, "name").is_none() {
        let before = if env.has(Difference::ConstraintsInLines) { "The operation cannot be completed: " } else { "" };
        return Err(Fault::validation(format!("{before}{NEEDS_NAME}")));
    }
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        let Some(row) = env.store.row(model, id).cloned() else { continue };
        let mut row = (*row).clone();
        let shown = name(env, model, id);
        let mut set = |name: &str, cell: Option<Cell>| {
            if let Some((number, field)) = def.field(name)
                && field.is_stored()
            {
                row.set(number, cell);
            }
        };
        // Stored under one of these names: by series.
        set("display_name", Some(Cell::text(&shown)));
        set("complete_name", Some(Cell::text(&shown)));
        set("commercial_partner_id", Some(Cell::Int(commercial(env, model, id))));
        set("commercial_company_name", commercial_name(env, model, id).map(Cell::text));
        let email = env.text(model, id, "email").and_then(|email| normalized(&email));
        set("email_normalized", email.map(Cell::text));
        set("partner_share", Some(Cell::Bool(!has_users(env, model, id))));
        env.store.put(model, id, Some(row));
        waiting.extend(env.pointing(model, parent, id));
    }
    Ok(())
}

/// The address in a mail address, in small letters.
fn normalized(email: &str) -> Option<String> {
    let address =
        email.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(email, |(address, _)| address);
    let address = address.trim();
    let is_one = address.matches('@').count() == 1 && !address.contains(char::is_whitespace);
    is_one.then(|| address.to_lowercase())
}

fn has_users(env: &Env<'_>, model: ModelId, id: i64) -> bool {
    let users = env.registry.model("res.users");
    let Some((users, field)) = users.and_then(|(users, def)| Some((users, def.id_of("partner_id")?))) else {
        return false;
    };
    let _ = model;
    !env.pointing(users, field, id).is_empty()
}

/// What Odoo computes at reading.
pub(super) fn computed(env: &Env<'_>, model: ModelId, id: i64, field: &str) -> Option<Cell> {
    match field {
        "company_type" => Some(Cell::text(if is_company(env, model, id) { "company" } else { "person" })),
        "self" => Some(Cell::Int(id)),
        "email_formatted" => {
            let email = env.text(model, id, "email_normalized")?;
            Some(Cell::text(format!("\"{}\" <{email}>", env.text(model, id, "name")?)))
        }
        _ => None,
    }
}

pub(super) fn name_domain(env: &Env<'_>, operator: &str, name: &Value) -> Option<Expr> {
    // Newer series say in `_rec_names_search` where they look.
    if env.has(Difference::RelatedIsPath) || !matches!(operator, "=" | "ilike" | "=ilike" | "like" | "=like") {
        return None;
    }
    let text = name.as_str().filter(|text| !text.is_empty())?;
    let fields = ["email", "display_name", "ref", "vat"];
    Some(Expr::Or(fields.iter().map(|field| Expr::leaf(field, operator, text)).collect()))
}

/// In 19.0 its own code looks first at what the records have in the fields that are written.
pub(super) fn before_fields(
    env: &Env<'_>,
    model: ModelId,
    ids: &[i64],
    values: &Map<String, Value>,
) -> Result<(), Fault> {
    let unknown = values.keys().find(|name| env.registry.def(model).id_of(name).is_none());
    match unknown {
        Some(name) if env.has(Difference::PartnersLookFirst) && ids.iter().any(|id| env.exists(model, *id)) => {
            Err(Fault::new("builtins.KeyError", name))
        }
        _ => Ok(()),
    }
}

pub(super) fn recursion() -> Fault {
    Fault::validation("You cannot create recursive Partner hierarchies.")
}
