//! What Odoo's Python does for a few models that every program uses, imitated. All other models do what Odoo does for any model.

mod address;
mod attachment;
mod category;
mod invoice;
pub(crate) mod methods;
mod partner;
mod product;
mod sale;

pub(crate) use self::partner::NEEDS_NAME;

use serde_json::{Map, Value};

use super::cell::Cell;
use super::definitions::{FieldDef, Kind, ModelDef, ModelId};
use super::domain::Expr;
use super::env::Env;
use super::python::{ids, is_true};
use super::values::to_cell;
use crate::Fault;
use crate::series::Difference;

/// The name of a record, where it is not that of its `_rec_name`.
pub(crate) fn display_name(env: &Env<'_>, model: ModelId, id: i64) -> Option<Value> {
    match &*env.registry.def(model).name {
        "res.partner.category" => category::path(env, model, id),
        "res.partner" => Some(partner::display_name(env, model, id)),
        "product.product" => Some(product::display_name(env, model, id)),
        "product.template" => Some(product::display_name(env, model, id)),
        "product.attribute.value" => product::value_name(env, model, id),
        "product.supplierinfo" => product::vendor_price_name(env, model, id),
        _ => None,
    }
}

/// What a search by name looks at, where that is not a list of fields.
pub(crate) fn name_domain(
    env: &mut Env<'_>,
    model: ModelId,
    operator: &str,
    name: &Value,
) -> Result<Option<Expr>, Fault> {
    match env.registry.def(model).name.clone().as_ref() {
        "res.partner" => Ok(partner::name_domain(env, operator, name)),
        "res.partner.category" => category::name_domain(env, model, operator, name),
        _ => Ok(None),
    }
}

/// The value of a computed field that nobody has set.
pub(crate) fn computed(env: &Env<'_>, model: ModelId, id: i64, field: &str) -> Option<Cell> {
    match (&*env.registry.def(model).name, field) {
        ("res.partner", _) => partner::computed(env, model, id, field),
        // Of a file without content it is the empty text. Seen on 14.0 and 19.0.
        ("ir.attachment", "datas") => Some(Cell::text("")),
        (_, "__last_update") => {
            let number = env.registry.def(model).id_of("write_date")?;
            env.cell(model, id, number)
        }
        _ => None,
    }
}

/// Whether a needed field that Odoo computes stays empty: what it is computed of is not given.
pub(crate) fn stays_empty(def: &ModelDef, field: &FieldDef, given: &Map<String, Value>) -> bool {
    (&*def.name, &*field.name) == ("product.supplierinfo", "product_tmpl_id")
        && !given.get("product_id").is_some_and(is_true)
}

/// Whether a needed field is filled after the row is written.
pub(crate) fn fills(model: &str, field: &str) -> bool {
    matches!((model, field), ("product.template", "product_variant_ids"))
}

/// Whether some fields of a model are computed before there is a record: Python reads all values for them.
pub(crate) fn is_computed_first(env: &Env<'_>, def: &ModelDef) -> bool {
    &*def.name == "res.partner" && env.has(Difference::ComputedFirst)
}

/// Adds what Odoo knows of the values that are given.
pub(crate) fn complete(env: &Env<'_>, model: ModelId, values: &mut Map<String, Value>) {
    match &*env.registry.def(model).name {
        "account.move.line" => invoice::complete_line(env, model, values),
        "sale.order" => sale::complete_order(env, model, values),
        "sale.order.line" => sale::complete_line(env, model, values),
        _ => {}
    }
}

/// What Odoo finds before there is a record: fields that are computed first are computed of all values, and what is linked is read.
pub(crate) fn before_create(env: &Env<'_>, model: ModelId, values: &Map<String, Value>) -> Result<(), Fault> {
    let def = env.registry.def(model);
    if !is_computed_first(env, def) {
        return Ok(());
    }
    // Other values are read before relations are.
    for (name, value) in values {
        if let Some((_, field)) = def.field(name)
            && matches!(field.kind, Kind::Integer | Kind::Float | Kind::Monetary | Kind::Date | Kind::Datetime)
        {
            to_cell(env, def, field, value)?;
        }
    }
    for (name, value) in values {
        let Some(comodel) =
            def.field(name).filter(|(_, field)| field.side.is_some()).and_then(|(_, field)| field.comodel)
        else {
            continue;
        };
        // Whether they are archived is what is read.
        if env.registry.def(comodel).active.is_none() {
            continue;
        }
        for command in value.as_array().into_iter().flatten() {
            match command[0].as_i64() {
                Some(4) => env.must_exist(comodel, &ids(&command[1]))?,
                Some(6) => env.must_exist(comodel, &ids(&command[2]))?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// Whether a change of this field is followed by a look at what it points to: something that is kept is computed of it.
pub(crate) fn reads_target(def: &ModelDef, field: &FieldDef) -> bool {
    &*def.name == "res.partner" && &*field.name == "country_id" && def.id_of("peppol_eas").is_some()
}

/// What to say of a tree with a circle in it, where the model has words of its own.
pub(crate) fn recursion(model: &str) -> Option<Fault> {
    (model == "res.partner").then(partner::recursion)
}

/// The call in which a model creates the records that it has fields of.
pub(crate) fn creating_parents<'e>(env: &'e mut Env<'_>, def: &ModelDef) -> Env<'e> {
    let mut env = env.again();
    if &*def.name == "product.product" {
        env.context.insert(product::MAKES_VARIANT.to_owned(), Value::Bool(false));
    }
    env
}

pub(crate) fn after_create(
    env: &mut Env<'_>,
    model: ModelId,
    id: i64,
    values: &Map<String, Value>,
) -> Result<(), Fault> {
    match env.registry.def(model).name.clone().as_ref() {
        "res.partner" => {
            partner::after(env, model, id)?;
            address::sync(env, model, id, &names(values), true)
        }
        "ir.attachment" => attachment::after(env, model, id, values, true),
        "product.category" => category::complete_names(env, model, id),
        "product.template" => product::create_variant(env, model, id, values),
        _ => Ok(()),
    }
}

fn names(values: &Map<String, Value>) -> Vec<&str> {
    values.keys().map(String::as_str).collect()
}

/// What a model does with values before it looks whether there are such fields.
pub(crate) fn before_fields(
    env: &Env<'_>,
    model: ModelId,
    ids: &[i64],
    values: &Map<String, Value>,
) -> Result<(), Fault> {
    if &*env.registry.def(model).name == "res.partner" {
        partner::before_fields(env, model, ids, values)
    } else {
        Ok(())
    }
}

pub(crate) fn before_write(env: &Env<'_>, model: ModelId, ids: &[i64]) -> Result<(), Fault> {
    // Its own code looks at the records first. Seen on 14.0 and 19.0.
    if &*env.registry.def(model).name == "res.partner" { env.must_be_read(model, ids) } else { Ok(()) }
}

pub(crate) fn after_write(
    env: &mut Env<'_>,
    model: ModelId,
    ids: &[i64],
    values: &Map<String, Value>,
) -> Result<(), Fault> {
    for id in ids {
        match env.registry.def(model).name.clone().as_ref() {
            "res.partner" => {
                partner::after(env, model, *id)?;
                address::sync(env, model, *id, &names(values), false)?;
            }
            "ir.attachment" => attachment::after(env, model, *id, values, false)?,
            "product.category" => category::complete_names(env, model, *id)?,
            _ => {}
        }
    }
    Ok(())
}

pub(crate) fn before_unlink(env: &mut Env<'_>, model: ModelId, ids: &[i64]) -> Result<(), Fault> {
    // Its own code looks at the records first. Seen on 14.0 and 19.0.
    if &*env.registry.def(model).name == "res.partner" {
        env.must_be_read(model, ids)?;
    }
    if &*env.registry.def(model).name == "res.users" && ids.contains(&1) {
        return Err(Fault::user(
            "You can not remove the admin user as it is used internally for resources created by Odoo (updates, module \
             installation, ...)",
        ));
    }
    Ok(())
}

/// What a copy has otherwise than the record that it is of.
pub(crate) fn copied(
    env: &Env<'_>,
    model: ModelId,
    id: i64,
    given: &Map<String, Value>,
    values: &mut Map<String, Value>,
) {
    if &*env.registry.def(model).name == "res.partner" && !given.contains_key("name") {
        let name = env.text(model, id, "name");
        values.insert("name".to_owned(), format!("{} (copy)", name.as_deref().unwrap_or("False")).into());
    }
}
