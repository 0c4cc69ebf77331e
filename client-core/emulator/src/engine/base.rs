//! What every database has: its models and modules, a company, its users, a language.

use odoo_codegen::Schema;
use serde_json::{Value, json};

use super::cell::Cell;
use super::database::Engine;
use super::seed::row_of;

/// Fills a new database.
pub(super) fn fill(engine: &mut Engine, schema: &Schema) {
    list_models(engine);
    list_modules(engine, schema);
    // What is not is taken back by the next transaction.
    engine.store.commit();
    for (model, records) in [
        (
            "res.currency",
            json!([{"id": 1, "name": "USD", "symbol": "$", "active": true, "rounding": 0.01}, {"id": 2, "name": "EUR", "symbol": "€", "active": true, "rounding": 0.01}]),
        ),
        (
            "res.lang",
            json!([{"id": 1, "name": "English (US)", "code": "en_US", "iso_code": "en", "url_code": "en", "active": true, "direction": "ltr", "date_format": "%m/%d/%Y", "time_format": "%H:%M:%S", "week_start": "7", "grouping": "[3,0]", "decimal_point": ".", "thousands_sep": ","}]),
        ),
        (
            "res.partner",
            json!([
                {"id": 1, "name": "My Company", "is_company": true, "active": true, "type": "contact", "display_name": "My Company", "complete_name": "My Company", "commercial_partner_id": 1, "company_type": "company"},
                {"id": 2, "name": "System", "active": false, "type": "contact", "display_name": "System", "complete_name": "System", "commercial_partner_id": 2},
                {"id": 3, "name": "Administrator", "active": true, "type": "contact", "lang": "en_US", "tz": "UTC", "email": "admin@example.com", "display_name": "Administrator", "complete_name": "Administrator", "commercial_partner_id": 3},
            ]),
        ),
        (
            "res.company",
            json!([{"id": 1, "name": "My Company", "partner_id": 1, "currency_id": 1, "active": true, "sequence": 10}]),
        ),
        (
            "res.users",
            json!([
                {"id": 1, "login": "__system__", "partner_id": 2, "company_id": 1, "company_ids": [1], "active": false, "notification_type": "email"},
                {"id": 2, "login": "admin", "partner_id": 3, "company_id": 1, "company_ids": [1], "active": true, "notification_type": "email"},
            ]),
        ),
    ] {
        seed_known(engine, model, records);
    }
}

/// Puts in records as far as the pin has the model and the fields.
fn seed_known(engine: &mut Engine, model: &str, mut records: Value) {
    let Some((_, def)) = engine.registry.model(model) else { return };
    for record in records.as_array_mut().into_iter().flatten() {
        if let Value::Object(record) = record {
            for name in ["create_date", "write_date"] {
                record.insert(name.to_owned(), json!("2026-01-01 00:00:00"));
            }
            record.retain(|name, _| {
                def.field(name)
                    .is_some_and(|(_, field)| field.is_stored() && (&**name != "display_name" || field.is_stored()))
            });
        }
    }
    // Of a pin in which a field of these has another type, the record is left out.
    let _ = engine.seed(model, &records);
}

/// `ir.model`: what lists the models.
fn list_models(engine: &mut Engine) {
    let Some((model, def)) = engine.registry.model("ir.model").map(|(model, def)| (model, std::sync::Arc::clone(def)))
    else {
        return;
    };
    let [name, label, transient, state] = ["model", "name", "transient", "state"].map(|field| def.id_of(field));
    let listed: Vec<_> =
        engine.registry.models.iter().map(|one| (one.name.clone(), one.pin_label.clone(), one.transient)).collect();
    for (id, (one, title, is_transient)) in (1..).zip(listed) {
        let mut row =
            row_of([(name, Cell::Text(one)), (transient, Cell::Bool(is_transient)), (state, Cell::text("base"))]);
        if let (Some(label), Some(title)) = (label, title) {
            row.set(label, Some(Cell::text(title)));
        }
        engine.store.put(model, id, Some(row));
    }
}

/// `ir.module.module`: what is installed.
fn list_modules(engine: &mut Engine, schema: &Schema) {
    let Some((model, def)) =
        engine.registry.model("ir.module.module").map(|(model, def)| (model, std::sync::Arc::clone(def)))
    else {
        return;
    };
    let [name, version, state, title] = ["name", "latest_version", "state", "shortdesc"].map(|field| def.id_of(field));
    for (id, (module, known)) in (1..).zip(schema.modules.iter().flatten()) {
        let row = row_of([
            (name, Cell::text(module)),
            (version, Cell::text(known)),
            (state, Cell::text("installed")),
            (title, Cell::text(module)),
        ]);
        engine.store.put(model, id, Some(row));
    }
}
