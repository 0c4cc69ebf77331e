//! That names stay as they are when others come.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use super::{Crate, Rows};
use crate::emit::selection::variants;
use crate::fixes::Fixes;
use crate::schema::{Field, Method, Model, Parameter, Schema, Selection};

/// Numbers that look random and are the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % 1_000_003).unwrap_or(0) % end
    }

    fn name(&mut self, parts: &[&str]) -> String {
        (0..=self.below(3)).map(|_| parts[self.below(parts.len())]).collect()
    }
}

/// Every identifier of a crate by what it is for.
fn identifiers(schema: &Schema) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let fixes = Fixes::default();
    let lowered = Crate::lower(schema, &Rows::default(), &fixes);
    for segment in &lowered.segments {
        for marker in &segment.markers {
            let model = marker.model;
            all.insert(format!("segment of {model}"), segment.module.clone());
            all.insert(format!("type of {model}"), marker.type_name.clone());
            let Some(body) = &marker.body else { continue };
            all.insert(format!("file of {model}"), body.module.clone());
            for field in &body.fields {
                all.insert(format!("constant of {model}.{}", field.name), field.constant.clone());
                all.insert(format!("member of {model}.{}", field.name), field.member.clone().unwrap_or_default());
            }
            for item in &body.enums {
                all.insert(format!("enum of {model}.{}", item.field), item.type_name.clone());
            }
            for method in &body.methods {
                all.insert(format!("function of {model}.{}", method.name), method.function.clone());
            }
        }
    }
    for (model, fields) in &schema.models {
        for (field, selection) in fields.fields.iter().filter_map(|(name, f)| Some((name, f.selection.as_ref()?))) {
            for ((value, _), variant) in selection.0.iter().zip(variants(selection)) {
                all.insert(format!("variant of {model}.{field} {value:?}"), variant);
            }
        }
    }
    all
}

/// A schema of names that nearly meet. What is not `usual` (`Crate::lower` has to look at all of them) is left out.
fn schema(random: &mut Random) -> Schema {
    const SEGMENTS: &[&str] = &["main", "lib", "_", "2", "x", "type", "all", "con"];
    const WORDS: &[&str] = &["a", "b", "self", "type", "a2", "row"];
    const FIELDS: &[&str] = &["a", "A", "_", "2", "type", "$", "ö", "u00f6", "row", "Row", "stat", "Stat", "id"];
    const METHODS: &[&str] = &["a", "A", "_", "2", "type", "values", "ö", "None"];
    let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
    for _ in 0..12 {
        let mut model = Model::default();
        for _ in 0..12 {
            let mut field = Field::new(if random.below(2) == 0 { "selection" } else { "char" }, "");
            if field.ttype == "selection" {
                let value = |random: &mut Random| {
                    let words: Vec<_> = (0..=random.below(2)).map(|_| WORDS[random.below(WORDS.len())]).collect();
                    (words.join("_"), String::new())
                };
                let values: BTreeMap<String, String> = (0..random.below(4)).map(|_| value(random)).collect();
                field.selection = Some(Selection(values.into_iter().collect()));
            }
            model.fields.insert(random.name(FIELDS), field);
        }
        let method = Method { parameters: vec![Parameter::default()], ..Method::default() };
        model.methods = Some((0..4).map(|_| (format!("m{}", random.name(METHODS)), method.clone())).collect());
        let rest: Vec<_> = (0..=random.below(2)).map(|_| WORDS[random.below(WORDS.len())]).collect();
        schema.models.insert(format!("{}.{}", random.name(SEGMENTS), rest.join(".")), model);
    }
    schema
}

#[test]
fn what_is_there_keeps_its_names_when_more_comes() {
    let mut random = Random(0x0d00);
    for _ in 0..300 {
        let whole = schema(&mut random);
        let mut part = whole.clone();
        part.models.retain(|_, _| random.below(3) > 0);
        for model in part.models.values_mut() {
            model.fields.retain(|_, _| random.below(3) > 0);
            model.methods.iter_mut().for_each(|methods| methods.retain(|_, _| random.below(3) > 0));
            for selection in model.fields.values_mut().filter_map(|field| field.selection.as_mut()) {
                selection.0.retain(|_| random.below(3) > 0);
            }
        }
        let all = identifiers(&whole);
        for (what, name) in identifiers(&part) {
            assert_eq!(all.get(&what), Some(&name), "{what}");
        }
        let constants = all.iter().filter(|(what, _)| what.starts_with("constant") || what.starts_with("function"));
        let mut seen = BTreeMap::new();
        for (what, name) in constants {
            let model = what.split(' ').next_back().and_then(|of| of.rsplit_once('.')).map(|(model, _)| model);
            assert_eq!(seen.insert((model, name), what), None, "{name}");
        }
    }
}

/// The shared enum that a field's is, by its path below `selections`; none if its model has it alone.
fn shared(schema: &Schema, field: &str) -> Option<String> {
    let fixes = Fixes::default();
    let lowered = Crate::lower(schema, &Rows::default(), &fixes);
    let (model, name) = field.rsplit_once('.')?;
    let shared = lowered.shared.iter().find(|shared| shared.users.contains(&(model, name)))?;
    Some(format!("{}::{}", shared.module, shared.type_name))
}

/// Fields with these values, `related` to a path where there is one.
fn with_values(values: &[&str], fields: &[(&str, Option<&str>)]) -> Schema {
    let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
    let selection = Selection(values.iter().map(|value| ((*value).to_owned(), String::new())).collect());
    for (place, related) in fields {
        let (model, name) = place.rsplit_once('.').unwrap_or_default();
        let mut field = Field { selection: Some(selection.clone()), ..Field::new("selection", "") };
        field.related = related.map(str::to_owned);
        schema.models.entry(model.to_owned()).or_default().fields.insert(name.to_owned(), field);
    }
    schema
}

#[test]
fn a_shared_selection_is_called_after_the_field_that_people_know_it_by() {
    let state = with_values(
        &["draft", "sale"],
        &[
            ("event.sale.report.sale_order_state", None),
            ("event.registration.sale_state", Some("sale_order_id.state")),
            ("sale.order.state", None),
            ("sale.report.state", None),
        ],
    );
    let lang =
        with_values(&["en_US"], &[("event.event.lang", None), ("mail.guest.lang", None), ("res.partner.lang", None)]);
    let mut wizard = with_values(&["0", "1"], &[("res.config.settings.unit", None), ("stock.move.priority", None)]);
    wizard.models.entry("res.config.settings".to_owned()).or_default().transient = true;
    for (schema, field, is) in [
        (&state, "event.registration.sale_state", "sale_order::State"),
        (&lang, "event.event.lang", "res_partner::Lang"),
        (&wizard, "stock.move.priority", "stock_move::Priority"),
    ] {
        assert_eq!(shared(schema, field).as_deref(), Some(is), "{field}");
    }
}

#[test]
fn what_is_related_to_a_field_has_its_name_even_if_that_is_not_pinned() {
    let mut schema = with_values(
        &["draft", "sale"],
        &[
            ("sale.order.state", None),
            ("sale.order.line.order_state", Some("order_id.state")),
            ("event.registration.line_state", Some("line_id.order_state")),
        ],
    );
    for (model, name, to) in
        [("sale.order.line", "order_id", "sale.order"), ("event.registration", "line_id", "sale.order.line")]
    {
        let link = Field { relation: Some(to.to_owned()), ..Field::new("many2one", "") };
        schema.models.entry(model.to_owned()).or_default().fields.insert(name.to_owned(), link);
    }
    let field = "event.registration.line_state";
    assert_eq!(shared(&schema, field).as_deref(), Some("sale_order::State"));
    let mut without = schema.clone();
    without.models.remove("sale.order");
    assert_eq!(shared(&without, field).as_deref(), Some("sale_order::State"));
    // One that has other values since is not where these come from.
    let more = with_values(&["draft", "sale", "done"], &[("sale.order.state", None)]);
    schema.models.extend(more.models);
    assert_eq!(shared(&schema, field).as_deref(), Some("sale_order_line::OrderState"));
}

/// As on the pinned Odoo 19 of this repository.
#[test]
fn an_app_that_is_installed_renames_no_shared_selection() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated/odoo19/schema");
    let mut files = BTreeMap::new();
    for (below, at) in [("", folder.clone()), ("models/", folder.join("models"))] {
        for entry in std::fs::read_dir(at).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let name = entry.file_name().into_string().unwrap();
            files.insert(format!("{below}{name}"), std::fs::read_to_string(entry.path()).unwrap());
        }
    }
    let whole = crate::pin::from_files(&files).unwrap();
    let names = |schema: &Schema| -> BTreeMap<String, String> {
        let fixes = Fixes::default();
        let lowered = Crate::lower(schema, &Rows::default(), &fixes);
        let of = |(model, field): &(&str, &str), path: String| (format!("{model}.{field}"), path);
        let shared = lowered.shared.iter().map(|shared| (shared, format!("{}::{}", shared.module, shared.type_name)));
        shared.flat_map(|(shared, path)| shared.users.iter().map(move |user| of(user, path.clone()))).collect()
    };
    let with_all = names(&whole);
    for (field, is) in [
        ("event.sale.report.sale_order_state", "sale_order::State"),
        ("event.event.lang", "res_partner::Lang"),
        ("resource.calendar.tz", "res_partner::Tz"),
        ("account.move.activity_state", "mail_activity_mixin::ActivityState"),
    ] {
        assert_eq!(with_all[field], is, "{field}");
    }
    for app in ["event", "fleet", "im_livechat", "lunch", "maintenance", "pos", "purchase", "survey"] {
        let mut without = whole.clone();
        without.models.retain(|model, _| model.split('.').all(|segment| segment != app));
        let without = names(&without);
        assert!(without.len() < with_all.len(), "{app}");
        for (field, path) in without {
            assert_eq!(with_all.get(&field), Some(&path), "{field} without {app}");
        }
    }
}

/// An hour, if each looked at all others.
#[test]
fn very_many_fields_that_meet_are_lowered_in_no_time() {
    let many = 1 << 16;
    let mut model = Model::default();
    for at in 0..many {
        let mut field = Field::new("selection", "");
        field.selection = Some(Selection(vec![(at.to_string(), String::new())]));
        // All of them are `x` if capitals and underscores are not looked at.
        let name: String = (0..17).map(|bit| if at >> bit & 1 == 0 { 'x' } else { 'X' }).collect();
        // A line of the model itself, by a field that must be given.
        let line = Field { relation: Some("x.model".to_owned()), ..Field::new("many2one", "") };
        model.fields.insert(format!("line_{name}"), Field { required: true, default: Some(false), ..line });
        model.fields.insert(name, field);
    }
    let mut schema = Schema { series: "19.0".to_owned(), ..Schema::default() };
    schema.models.insert("x.model".to_owned(), model);
    assert!(identifiers(&schema).len() > 4 * many);
}
