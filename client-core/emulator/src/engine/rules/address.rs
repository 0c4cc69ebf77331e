//! Addresses of partners: a contact has that of the company that it belongs to.

use std::sync::Arc;

use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::{FieldId, ModelId};
use crate::engine::env::Env;
use crate::series::Difference;

const ADDRESS: [&str; 6] = ["street", "street2", "zip", "city", "state_id", "country_id"];

/// Makes the addresses of partners alike after these fields of one were written. Seen on 14.0, 16.0 and 19.0; the source of 17.0 and 18.0.
pub(super) fn sync(env: &mut Env<'_>, model: ModelId, id: i64, written: &[&str], is_new: bool) -> Result<(), Fault> {
    let def = Arc::clone(env.registry.def(model));
    let address: Vec<FieldId> = ADDRESS.iter().filter_map(|name| def.id_of(name)).collect();
    let parent = env.int(model, id, "parent_id");
    let above = parent.filter(|_| is_contact(env, model, id));
    let is_told = |name: &str| written.contains(&name);
    let is_moved = is_told("parent_id");
    let parts: Vec<FieldId> = ADDRESS.iter().filter(|name| is_told(name)).filter_map(|name| def.id_of(name)).collect();
    if let Some(above) = above
        && (is_moved || is_told("type"))
        && has_any(env, model, above, &address)
    {
        copy(env, model, above, id, &address);
    }
    let goes_up = env.has(Difference::AddressesGoUp);
    if let Some(above) = above
        && goes_up
        && (is_moved || !parts.is_empty())
        && has_any(env, model, id, &address)
        && copy(env, model, id, above, &address)
    {
        sync(env, model, above, &ADDRESS, false)?;
    }
    if let Some(children) = def.id_of("child_ids").filter(|_| !parts.is_empty()) {
        for child in env.read_ids(model, id, children, None)? {
            if is_contact(env, model, child) {
                copy(env, model, id, child, &parts);
            }
        }
    }
    // The address of the first contact is taken for that of the company, where it has none.
    if let Some(parent) = parent.filter(|_| is_new && !goes_up)
        && (super::partner::is_company(env, model, parent) || env.int(model, parent, "parent_id").is_none())
        && !has_any(env, model, parent, &address)
        && def.parent.is_some_and(|link| env.pointing(model, link, parent).len() == 1)
    {
        copy(env, model, id, parent, &address);
    }
    Ok(())
}

fn is_contact(env: &Env<'_>, model: ModelId, id: i64) -> bool {
    env.text(model, id, "type").as_deref() == Some("contact")
}

fn has_any(env: &Env<'_>, model: ModelId, id: i64, fields: &[FieldId]) -> bool {
    let row = env.store.row(model, id);
    row.is_some_and(|row| fields.iter().any(|field| row.get(*field).is_some_and(|cell| *cell != Cell::text(""))))
}

/// Gives a record the values of another; whether that changes anything.
fn copy(env: &mut Env<'_>, model: ModelId, from: i64, to: i64, fields: &[FieldId]) -> bool {
    let (Some(from), Some(before)) = (env.store.row(model, from), env.store.row(model, to)) else { return false };
    let mut row = (**before).clone();
    for field in fields {
        row.set(*field, from.get(*field).cloned());
    }
    let is_other = row != **before;
    if is_other {
        env.store.put(model, to, Some(row));
    }
    is_other
}
