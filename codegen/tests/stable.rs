//! The same schema gives the same bytes, and what does not matter to code does not change it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use odoo_codegen::{Schema, Settings, generate, pin};

mod support;

fn code(schema: &Schema) -> BTreeMap<String, String> {
    generate(schema, &Settings::new("golden")).unwrap()
}

/// The code without comments.
fn code_alone(schema: &Schema) -> BTreeMap<String, String> {
    let strip = |(path, text): (String, String)| {
        let text = if path.ends_with(".rs") { support::without_docs(&text) } else { text };
        (path, text)
    };
    code(schema).into_iter().map(strip).collect()
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let (schema, _) = support::schema();
    let first = (pin::to_files(&schema).unwrap(), code(&schema));
    for _ in 0..3 {
        assert_eq!((pin::to_files(&schema).unwrap(), code(&schema)), first);
    }
    // Nor does it matter whether the schema comes from a server or from the pin.
    let pinned = pin::from_files(&first.0).unwrap();
    assert_eq!(pinned, schema);
    assert_eq!((pin::to_files(&pinned).unwrap(), code(&pinned)), first);
}

#[test]
fn another_language_changes_only_comments() {
    let (english, _) = support::schema();
    let mut french = english.clone();
    // By hand, as our servers speak English only. Every label is another one, and two fields whose labels are the same
    // in one language need not have the same in another.
    let mut number = 0;
    let mut translate = |text: &str| {
        number += 1;
        format!("Étiquette {number} « {text} »")
    };
    for model in french.models.values_mut() {
        model.label = model.label.as_deref().map(&mut translate);
        for field in model.fields.values_mut() {
            field.label = translate(&field.label);
            field.help = field.help.as_deref().map(&mut translate);
            for (_, label) in field.selection.iter_mut().flat_map(|selection| &mut selection.0) {
                *label = translate(label);
            }
        }
    }
    assert_ne!(code(&english), code(&french));
    let (english, french) = (code_alone(&english), code_alone(&french));
    assert_eq!(english.keys().collect::<Vec<_>>(), french.keys().collect::<Vec<_>>());
    for (path, text) in &english {
        assert_eq!(*text, french[path], "{path}");
    }
}

#[test]
fn a_change_of_the_schema_changes_pin_and_code() {
    let (schema, _) = support::schema();
    let before = (pin::to_files(&schema).unwrap(), code(&schema));
    type Change = fn(&mut Schema);
    let changes: [(&str, Change); 6] = [
        ("src/sale/order.rs", |schema| {
            schema.models.get_mut("sale.order").unwrap().fields.get_mut("id").unwrap().help = Some("Other".to_owned());
        }),
        ("src/res/partner.rs", |schema| {
            schema.models.get_mut("res.partner").unwrap().fields.get_mut("ref").unwrap().ttype = "text".to_owned();
        }),
        ("src/purchase/order.rs", |schema| {
            let order = schema.models.get_mut("purchase.order").unwrap();
            let state = order.fields.get_mut("state").unwrap().selection.as_mut().unwrap();
            state.0.push(("new".to_owned(), "New".to_owned()));
        }),
        ("src/sale/order.rs", |schema| {
            schema.models.get_mut("sale.order").unwrap().fields.remove("display_name");
        }),
        ("src/crm/lead/methods.rs", |schema| {
            let methods = schema.models.get_mut("crm.lead").unwrap().methods.as_mut().unwrap();
            methods.get_mut("message_get_followers").unwrap().readonly = false;
        }),
        ("src/res/lang.rs", |schema| {
            schema.models.remove("res.lang");
        }),
    ];
    for (path, change) in changes {
        let mut changed = schema.clone();
        change(&mut changed);
        let after = (pin::to_files(&changed).unwrap(), code(&changed));
        assert_ne!(before.0, after.0, "{path}");
        assert_ne!(before.1.get(path), after.1.get(path), "{path}");
    }
}
