//! Methods of a few models: languages, groups of users, translations.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::{Kind, ModelId};
use crate::engine::env::Env;
use crate::engine::python::{is_true, str};
use crate::engine::signature::{Arguments, Signature, on_model, on_records};
use crate::series::Difference;

/// The method, where the model has it beside those of every model.
pub(crate) fn named(env: &Env<'_>, model: &str, method: &str) -> Option<Signature> {
    Some(match (model, method) {
        ("res.lang", "get_installed") => on_model("get_installed", 0, &[]).of("ResLang"),
        ("res.users", "has_group") if env.has(Difference::HasAccess) => {
            on_records("has_group", 1, &["group_ext_id"]).of("ResUsers")
        }
        ("res.users", "has_group") => on_model("has_group", 1, &["group_ext_id"]),
        ("ir.translation", "translate_fields") => on_model("translate_fields", 2, &["model", "id", "field"]),
        (_, "get_field_translations") if env.has(Difference::TranslationsInRecord) => {
            on_records("get_field_translations", 1, &["field_name", "langs"])
        }
        (_, "update_field_translations") if env.has(Difference::TranslationsInRecord) => {
            on_records("update_field_translations", 2, &["field_name", "translations", "source_lang"])
        }
        _ => return None,
    })
}

/// Runs it. Seen on 14.0 and 19.0.
pub(crate) fn run(
    env: &mut Env<'_>,
    model: ModelId,
    method: &str,
    on: &[i64],
    given: &Arguments,
) -> Result<Value, Fault> {
    match method {
        "get_installed" => Ok(json!(installed(env))),
        "has_group" => {
            has_group(env, on.first().copied().unwrap_or(env.uid), given.text("group_ext_id").unwrap_or_default())
        }
        "translate_fields" if installed(env).len() < 2 => {
            Err(Fault::user("Translation features are unavailable until you install an extra translation."))
        }
        "get_field_translations" => translations(env, model, on, given),
        "update_field_translations" => update(env, model, on, given),
        other => Err(Fault::not_emulated(
            format_args!("{}.{other}", env.registry.def(model).name),
            "say what it does by `emulator.on(…)`",
        )),
    }
}

/// Codes and names of the languages that are active, by name.
fn installed(env: &Env<'_>) -> Vec<(String, String)> {
    let Some((langs, def)) = env.registry.model("res.lang") else { return Vec::new() };
    let text = |id: i64, name: &str| Some(env.store.row(langs, id)?.get(def.id_of(name)?)?.as_text("")?.to_string());
    let active = env.store.table(langs).rows.keys().copied().filter(|id| env.is_active(langs, *id));
    let mut installed: Vec<_> = active.filter_map(|id| Some((text(id, "code")?, text(id, "name")?))).collect();
    installed.sort_by(|(_, a), (_, b)| a.cmp(b));
    installed
}

fn has_group(env: &mut Env<'_>, user: i64, group: &str) -> Result<Value, Fault> {
    if !group.contains('.') && !env.has(Difference::HasAccess) {
        return Err(Fault::new("builtins.AssertionError", format!("External ID '{group}' must be fully qualified")));
    }
    let group = env.by_external_id(group).filter(|(model, _)| model == "res.groups").map(|(_, id)| id);
    let Some((users, def)) = env.registry.model("res.users") else { return Ok(json!(false)) };
    let groups = ["all_group_ids", "group_ids", "groups_id"].into_iter().filter_map(|name| def.id_of(name));
    let is_in = |groups| group.is_some_and(|group| env.ids(users, user, groups).contains(&group));
    Ok(json!(groups.into_iter().any(is_in)))
}

fn translations(env: &Env<'_>, model: ModelId, on: &[i64], given: &Arguments) -> Result<Value, Fault> {
    let def = Arc::clone(env.registry.def(model));
    let name = given.text("field_name").unwrap_or_default();
    let Some((number, field)) = def.field(name) else { return Err(Fault::new("builtins.KeyError", name)) };
    let id = on.first().copied().unwrap_or_default();
    env.must_exist(model, &[id])?;
    let told = |kind: &str| json!({"translation_type": kind, "translation_show_source": false});
    if !field.pin.translated {
        return Ok(json!([[], told("char")]));
    }
    if has_terms(&field.name, field.kind) {
        return Err(Fault::not_emulated(
            format_args!("the terms of {}.{name}", def.name),
            format_args!("say what they are by `emulator.on(\"{}\", \"get_field_translations\", |call| …)`", def.name),
        ));
    }
    let cell = env.cell(model, id, number);
    let text = |lang: &str| cell.as_ref().and_then(|cell| cell.as_text(lang)).map_or(json!(""), |text| json!(&**text));
    let row = |(lang, _): &(String, String)| json!({"lang": lang, "source": text("en_US"), "value": text(lang)});
    let rows: Vec<_> = installed(env).iter().map(row).collect();
    Ok(json!([rows, told(if field.kind == Kind::Text { "text" } else { "char" })]))
}

fn update(env: &mut Env<'_>, model: ModelId, on: &[i64], given: &Arguments) -> Result<Value, Fault> {
    let def = Arc::clone(env.registry.def(model));
    let name = given.text("field_name").unwrap_or_default();
    let Some((number, field)) = def.field(name) else { return Err(Fault::new("builtins.KeyError", name)) };
    if !field.pin.translated {
        return Ok(json!(false));
    }
    env.must_exist(model, on)?;
    let wanted = given.get("translations").as_object().cloned().unwrap_or_default();
    let known = installed(env);
    let missing: Vec<_> =
        wanted.keys().filter(|lang| !known.iter().any(|(code, _)| code == *lang)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(Fault::user(format!("The following languages are not activated: {}", missing.join(", "))));
    }
    for id in on {
        let Some(row) = env.store.row(model, *id) else { continue };
        let mut row = (**row).clone();
        let mut texts = match row.get(number) {
            Some(Cell::Texts(texts)) => (**texts).clone(),
            Some(Cell::Text(text)) => BTreeMap::from([(Arc::from("en_US"), Arc::clone(text))]),
            _ => BTreeMap::new(),
        };
        for (lang, value) in &wanted {
            let english = texts.get("en_US").cloned().unwrap_or_default();
            let before = texts.get(lang.as_str()).cloned().unwrap_or(english);
            match value {
                // By the terms in it.
                Value::Object(terms) => {
                    let term = |text: String, (source, to): (&String, &Value)| {
                        text.replace(&format!(">{source}<"), &format!(">{}<", str(to)))
                    };
                    texts.insert(Arc::from(lang.as_str()), Arc::from(terms.iter().fold(before.to_string(), term)));
                }
                value if is_true(value) => drop(texts.insert(Arc::from(lang.as_str()), Arc::from(str(value)))),
                _ if lang == "en_US" => return Ok(json!(false)),
                _ => drop(texts.remove(lang.as_str())),
            }
        }
        row.set(number, Some(Cell::Texts(Arc::new(texts))));
        env.store.put(model, *id, Some(row));
    }
    Ok(json!(true))
}

/// Whether a field is translated term by term: pages, and the views of which they are made.
fn has_terms(name: &str, kind: Kind) -> bool {
    kind == Kind::Html || name == "arch_db"
}
