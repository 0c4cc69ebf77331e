//! Calls of the other methods that every model has.

use serde_json::{Map, Value, json};

use crate::domains::{self, among, conditions};
use crate::program::{Maker, Step};

/// One of them.
pub(crate) fn other(maker: &mut Maker<'_>, model: usize) -> Step {
    let on = |maker: &mut Maker<'_>| Some(maker.some(model));
    match maker.random.below(12) {
        // A picture has a default that is large.
        0 if !maker.shapes[model].always.contains(&"image_1920") => {
            maker.counts[model] += 1;
            let word = maker.word();
            // And a color one that is drawn by lot.
            let context = json!({"default_color": 3, "default_calendar_last_notif_ack": "2021-05-05 05:05:05"});
            Step { creates: 1, context, ..maker.plain(model, "name_create", vec![("name", word)]) }
        }
        // That of partners is its own: in 14 it calls its argument otherwise, in 19 it knows of tags.
        1 if maker.shapes[model].model != "res.partner" => {
            let mut names: Vec<_> = maker.shapes[model].fields.iter().map(|(name, _)| name.clone()).collect();
            // Those of pictures are large, and those of colors are drawn by lot.
            names.retain(|name| name != "image_1920" && !maker.shapes[model].always.contains(&name.as_str()));
            names.push("no_such_field".to_owned());
            let name = if maker.series.0 >= 19 { "fields" } else { "fields_list" };
            let mut step = maker.plain(model, "default_get", vec![(name, json!(names))]);
            if maker.random.chance(50) {
                step.context = json!({"default_name": maker.word(), "default_color": maker.random.below(7)});
            }
            step
        }
        2 => {
            let names: Vec<_> = maker.shapes[model].fields.iter().map(|(name, _)| name.clone()).collect();
            let attributes =
                json!(["type", "string", "required", "readonly", "relation", "store", "sortable", "searchable"]);
            let args = vec![("allfields", json!(names)), ("attributes", attributes)];
            maker.plain(model, "fields_get", args)
        }
        3 if maker.series.0 < 19 => Step { on: on(maker), ..maker.plain(model, "exists", Vec::new()) },
        4 => {
            let operation = json!(*maker.random.pick(&["read", "write", "create", "unlink", "no_such_operation"]));
            if maker.series.0 >= 18 && maker.random.chance(70) {
                let on = if maker.random.chance(50) { on(maker) } else { Some(Vec::new()) };
                return Step { on, ..maker.plain(model, "has_access", vec![("operation", operation)]) };
            }
            let mut args = vec![("operation", operation)];
            if maker.random.chance(50) {
                args.push(("raise_exception", json!(false)));
            }
            maker.plain(model, "check_access_rights", args)
        }
        5 => Step { on: on(maker), ..maker.plain(model, "get_external_id", Vec::new()) },
        6 if maker.shapes[model].is_whole => {
            let args = if maker.random.chance(50) { vec![("fields", json!([]))] } else { Vec::new() };
            Step { on: on(maker), ..maker.plain(model, "read", args) }
        }
        7 if maker.series.0 < 17 => {
            let fields = maker.field_names(model);
            let (domain, order) = (searched(maker, model), domains::order(maker, model));
            let args = vec![("domain", domain), ("fields", fields), ("order", json!(order)), ("limit", json!(3))];
            maker.plain(model, "web_search_read", args)
        }
        7 | 8 if maker.series.0 >= 17 => {
            let (domain, order) = (searched(maker, model), domains::order(maker, model));
            let specification = specification(maker, model, 2);
            let mut args = vec![("domain", domain), ("specification", specification), ("order", json!(order))];
            if maker.random.chance(50) {
                args.push(("limit", json!(1 + maker.random.below(4))));
                args.push(("offset", json!(maker.random.below(3))));
            }
            if maker.random.chance(20) {
                args.push(("count_limit", json!(2 + maker.random.below(3))));
            }
            maker.plain(model, "web_search_read", args)
        }
        9 if maker.series.0 >= 17 => {
            let specification = specification(maker, model, 2);
            Step { on: on(maker), ..maker.plain(model, "web_read", vec![("specification", specification)]) }
        }
        10 if maker.series.0 >= 17 => {
            let on = vec![maker.random.below(maker.counts[model])];
            let mut vals = maker.values(model, false);
            // What lines it creates is not known when its answer is compared.
            if let Some(vals) = vals.as_object_mut() {
                vals.retain(|_, value| !value.is_array());
            }
            let args = vec![("vals", vals), ("specification", specification(maker, model, 1))];
            Step { on: Some(on), ..maker.plain(model, "web_save", args) }
        }
        _ => {
            let on = on(maker);
            let method = *maker.random.pick(&["toggle_active", "action_archive", "action_unarchive"]);
            Step { on, ..maker.plain(model, method, Vec::new()) }
        }
    }
}

fn searched(maker: &mut Maker<'_>, model: usize) -> Value {
    let mut domain = among(maker, model).as_array().cloned().unwrap_or_default();
    domain.extend(conditions(maker, model, 1));
    Value::Array(domain)
}

/// Which fields are read, and of what they point to.
fn specification(maker: &mut Maker<'_>, model: usize, depth: usize) -> Value {
    let fields = maker.shapes[model].fields.clone();
    let mut all = Map::new();
    for (name, field) in fields {
        if !maker.random.chance(50) {
            continue;
        }
        let inner = maker.shapes.iter().position(|shape| Some(shape.model) == field.relation.as_deref());
        let mut spec = json!({});
        if field.relation.is_some() && maker.random.chance(70) {
            spec["fields"] = match inner {
                Some(inner) if depth > 0 => specification(maker, inner, depth - 1),
                _ => json!({"display_name": {}}),
            };
            if field.ttype.ends_with("2many") {
                if maker.random.chance(25) {
                    spec["limit"] = json!(1 + maker.random.below(2));
                }
                if let Some(inner) = inner.filter(|_| maker.random.chance(25)) {
                    spec["order"] = json!(domains::order(maker, inner));
                }
                if maker.random.chance(20) {
                    spec["context"] = json!({"active_test": false});
                }
            }
        }
        all.insert(name, spec);
    }
    if maker.random.chance(50) {
        all.insert("display_name".to_owned(), json!({}));
    }
    if maker.random.chance(3) {
        all.insert("no_such_field".to_owned(), json!({}));
    }
    Value::Object(all)
}
