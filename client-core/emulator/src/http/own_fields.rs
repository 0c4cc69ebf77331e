//! `ir.model.fields`: fields that users add and take away.

use odoo_codegen::Field;
use serde_json::{Map, Value, json};

use crate::Fault;
use crate::engine::Caller;
use crate::state::State;

const FIELDS: &str = "ir.model.fields";

/// `create`: a field for each of the values.
pub(super) fn create(
    state: &State,
    caller: &Caller,
    args: &[Value],
    kwargs: &Map<String, Value>,
) -> Result<Value, Fault> {
    let given = args.first().or_else(|| kwargs.get("vals_list")).cloned().unwrap_or_default();
    let is_one = given.is_object();
    let mut all = if is_one { vec![given] } else { given.as_array().cloned().unwrap_or_default() };
    let mut world = state.world();
    let mut added = Vec::new();
    for values in &mut all {
        let model = world.read("ir.model", values["model_id"].as_i64().unwrap_or_default(), &["model"])?;
        let text = |key: &str| values[key].as_str().unwrap_or_default().to_owned();
        let (name, mut field) = (text("name"), Field::new(text("ttype"), text("field_description")));
        field.relation = values["relation"].as_str().map(str::to_owned);
        let model = model["model"].as_str().unwrap_or_default().to_owned();
        values["model"] = json!(model);
        values["state"] = json!("manual");
        added.push((model, name, field));
    }
    let values = if is_one { all.remove(0) } else { json!(all) };
    let made = world.engine.call(caller, FIELDS, "create", vec![values], Map::new())?;
    for (model, name, field) in added {
        world.engine.add_field(&model, &name, &field)?;
    }
    Ok(made)
}

/// `unlink`: those that users added.
pub(super) fn unlink(state: &State, caller: &Caller, ids: &[i64]) -> Result<Value, Fault> {
    let mut world = state.world();
    let mut gone = Vec::new();
    for id in ids {
        let row = world.read(FIELDS, *id, &["model", "name", "state"])?;
        if row["state"] != "manual" {
            return Err(Fault::user("This column contains module data and cannot be removed!"));
        }
        gone.push(row);
    }
    let done = world.engine.call(caller, FIELDS, "unlink", vec![json!(ids)], Map::new())?;
    for row in gone {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        world.engine.remove_field(text("model"), text("name"))?;
    }
    Ok(done)
}
