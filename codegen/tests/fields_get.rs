//! `fields_get` differs from version to version, and modules put odd values in it; what is read of it does not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use odoo_codegen::{Error, Field, KNOWN_TYPES, Model, Warning, read_fields_get};
use serde_json::{Value, json};

mod support;

/// Excerpts of what Odoo 14.0 and 19.0 Community answered on `sale.order.line`.
fn recorded(version: &str) -> Model {
    let file = support::golden().parent().unwrap().join(format!("fields_get/{version}.json"));
    let answer: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let (model, warnings) = read_fields_get("sale.order.line", &answer).unwrap();
    assert_eq!(warnings, []);
    model
}

fn one(attributes: Value) -> (Field, Vec<Warning>) {
    let (mut model, warnings) = read_fields_get("x.model", &json!({ "x_field": attributes })).unwrap();
    (model.fields.remove("x_field").unwrap(), warnings)
}

#[test]
fn versions_are_read_alike() {
    let (old, new) = (recorded("14"), recorded("19"));
    // A list in 14, a dotted path in 19.
    assert_eq!(old.fields["state"].related.as_deref(), Some("order_id.state"));
    assert_eq!(new.fields["state"].related.as_deref(), Some("order_id.state"));
    // `group_operator` in 14, `aggregator` in 19.
    assert_eq!(old.fields["discount"].aggregator.as_deref(), Some("sum"));
    assert_eq!(old.fields["price_subtotal"].aggregator, new.fields["price_subtotal"].aggregator);
    assert_eq!(old.fields["price_subtotal"].currency_field, new.fields["price_subtotal"].currency_field);
    assert_eq!(old.fields["order_id"].relation.as_deref(), Some("sale.order"));
    assert_eq!(old.fields["order_id"], new.fields["order_id"]);
    let states = |model: &Model| model.fields["state"].selection.clone().unwrap().0;
    assert_eq!(states(&old)[0], ("draft".to_owned(), "Quotation".to_owned()));
    assert_eq!(states(&old)[0], states(&new)[0]);
}

#[test]
fn what_is_empty_is_absent() {
    for empty in [json!(false), json!(null), json!(""), json!(" \n ")] {
        let (field, warnings) = one(json!({
            "type": "monetary", "string": empty, "help": empty, "related": empty, "aggregator": empty, "group_operator": empty,
            "currency_field": empty, "relation": empty, "relation_field": empty, "selection": empty,
        }));
        assert_eq!((field, warnings), (Field::new("monetary", ""), vec![]));
    }
    assert_eq!(one(json!({ "type": "char", "string": "X", "related": [] })).0, Field::new("char", "X"));
    // Where nothing is said, as 14 does of the virtual fields of `res.users`.
    assert_eq!(one(json!({ "type": "boolean", "string": "X" })).0, Field::new("boolean", "X"));
}

/// Real ones: `readonly: 1` (`mail.message.message_id` in 14), `store: "True"` (`hr.leave.accrual.plan` in 19).
#[test]
fn flags_are_what_python_takes_for_true() {
    for (value, truth) in [(json!(true), true), (json!(1), true), (json!("True"), true), (json!("False"), true)]
        .into_iter()
        .chain([(json!(false), false), (json!(0), false), (json!(""), false), (json!(null), false)])
    {
        let (field, _) = one(json!({
            "type": "char", "string": "X", "readonly": value, "required": value, "store": value, "searchable": value,
            "sortable": value, "translate": value, "company_dependent": value,
        }));
        let flags = [field.readonly, field.required, field.stored, field.searchable, field.sortable];
        assert_eq!((flags, field.translated, field.company_dependent), ([truth; 5], truth, truth), "{value}");
    }
}

/// As 14 answers for `sale.order.partner_id` and `sale.order.name`.
#[test]
fn a_field_that_is_writable_in_a_state_is_not_readonly() {
    let draft = json!({"draft": [["readonly", false]], "sent": [["readonly", false]]});
    assert!(!one(json!({"type": "char", "readonly": true, "states": draft})).0.readonly);
    let done = json!({"done": [["readonly", true]], "draft": [["required", false]]});
    assert!(one(json!({"type": "char", "readonly": true, "states": done})).0.readonly);
    for odd in
        [json!({}), json!(false), json!([["readonly", false]]), json!({"draft": "readonly"}), json!({"draft": [[]]})]
    {
        assert!(one(json!({"type": "char", "readonly": true, "states": odd})).0.readonly, "{odd}");
    }
}

#[test]
fn an_unknown_type_is_a_warning_that_names_the_field() {
    let (field, warnings) = one(json!({ "type": "vector", "string": "X" }));
    assert_eq!(field.ttype, "vector");
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!((warning.model.as_str(), warning.field.as_deref()), ("x.model", Some("x_field")));
    assert!(warning.to_string().starts_with("x.model.x_field has a type this generator does not know, `vector`"));
    for known in KNOWN_TYPES {
        let (_, warnings) = one(json!({ "type": known, "string": "X", "relation": "x.model" }));
        assert_eq!(warnings, [], "{known}");
    }
}

#[test]
fn virtual_fields_of_users_are_not_read() {
    // As 14 answers them: names, labels and values of database ids.
    let answer = json!({
        "login": { "type": "char", "string": "Login" },
        "in_group_7": { "type": "boolean", "string": "Technical" },
        "sel_groups_2_3": { "type": "selection", "string": "Administration", "selection": [[false, ""], [2, "Access Rights"]] },
    });
    let (model, warnings) = read_fields_get("res.users", &answer).unwrap();
    assert_eq!((model.fields.keys().map(String::as_str).collect::<Vec<_>>(), warnings), (vec!["login"], vec![]));
}

#[test]
fn values_of_the_same_label_are_sorted() {
    // As `ir.filters.model_id` has them: Odoo orders models by label, which several share.
    let read = |selection| {
        let fields = json!({"model_id": {"type": "selection", "string": "Model", "selection": selection}});
        read_fields_get("x.model", &fields).unwrap().0.fields["model_id"].selection.clone().unwrap().0
    };
    let one = read(json!([["z.first", "A"], ["b.same", "B"], ["a.same", "B"], ["c.last", "C"]]));
    assert_eq!(one, read(json!([["z.first", "A"], ["a.same", "B"], ["b.same", "B"], ["c.last", "C"]])));
    assert_eq!(
        one.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>(),
        ["z.first", "a.same", "b.same", "c.last"]
    );
}

#[test]
fn selection_values_are_text_and_odd_ones_are_named() {
    let (field, warnings) = one(json!({
        "type": "selection", "string": "X",
        "selection": [[1, "One"], ["b", false], ["c", ""], [-1, "Minus"], [false, ""], [], "d", ["b", "Again"]],
    }));
    let pairs = [("1", "One"), ("b", ""), ("c", ""), ("-1", "Minus")];
    assert_eq!(field.selection.unwrap().0, pairs.map(|(value, label)| (value.to_owned(), label.to_owned())));
    assert_eq!(warnings.len(), 4, "{warnings:?}");
    assert!(warnings.iter().all(|warning| warning.to_string().starts_with("x.model.x_field has the selection ")));
}

#[test]
fn an_answer_of_another_form_says_where() {
    for answer in [json!([]), json!(null), json!("x")] {
        let error = read_fields_get("x.model", &answer).unwrap_err();
        assert!(matches!(&error, Error::FieldsGet { model, field: None, .. } if model == "x.model"), "{error}");
    }
    for field in [json!(null), json!([]), json!({}), json!({ "type": false }), json!({ "type": "" })] {
        let error = read_fields_get("x.model", &json!({ "x_field": field })).unwrap_err();
        assert!(error.to_string().contains("x.model: field `x_field`"), "{error}");
    }
}

#[test]
fn what_can_be_grouped_by_is_kept_where_nothing_else_tells() {
    let usual = json!({"type": "char", "groupable": true, "sortable": true, "store": true});
    let odd = json!({"type": "selection", "groupable": true, "sortable": false, "store": false});
    let stored = json!({"type": "many2many", "relation": "x.tag", "groupable": true, "sortable": false, "store": true});
    let inherited =
        json!({"type": "many2many", "relation": "x.tag", "groupable": true, "sortable": false, "store": false});
    let older = json!({"type": "char", "sortable": false, "store": false});
    let answer = json!({"usual": usual, "odd": odd, "stored": stored, "inherited": inherited, "older": older});
    let (model, _) = read_fields_get("x.model", &answer).unwrap();
    let kept: Vec<_> = model.fields.iter().map(|(name, field)| (name.as_str(), field.groupable)).collect();
    let told = Some(true);
    assert_eq!(kept, [("inherited", told), ("odd", told), ("older", None), ("stored", None), ("usual", None)]);
}
