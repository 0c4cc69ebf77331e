//! Models that every Odoo has, for pins that leave them out: a pin of a few models can be logged in to and asked what it has, as a
//! server of these models would.

use odoo_codegen::{Field, Model, Schema};

/// Fields, as `name type`, with what they point to or follow behind it.
type Fields = &'static [&'static str];

const MODELS: [(&str, Fields); 12] = [
    ("ir.model", &["model char", "name char", "transient boolean", "state char"]),
    ("ir.model.data", &["module char", "name char", "model char", "res_id integer", "noupdate boolean"]),
    ("ir.model.fields", &["model char", "name char"]),
    ("ir.module.module", &["name char", "latest_version char", "state char", "shortdesc char"]),
    ("res.company", &["name char", "partner_id many2one res.partner", "currency_id many2one res.currency"]),
    ("res.currency", &["name char", "symbol char", "active boolean"]),
    ("res.partner", &["name char", "email char", "lang char", "tz char", "active boolean"]),
    (
        "res.users",
        &[
            "login char",
            "partner_id many2one res.partner",
            "company_id many2one res.company",
            "company_ids many2many res.company",
            "active boolean",
            "name char partner_id.name",
            "lang char partner_id.lang",
            "tz char partner_id.tz",
        ],
    ),
    (
        "res.users.apikeys",
        &["name char", "user_id many2one res.users", "scope char", "create_date datetime", "expiration_date datetime"],
    ),
    ("res.users.apikeys.description", &["name char", "duration char", "expiration_date datetime"]),
    ("res.users.identitycheck", &["password char"]),
    ("res.users.log", &["create_uid many2one res.users"]),
];

/// The schema with the usual models that it lacks, and their names.
pub(crate) fn complete(schema: &Schema) -> (Schema, Vec<&'static str>) {
    let mut complete = schema.clone();
    let mut added = Vec::new();
    for (name, fields) in MODELS {
        if schema.models.contains_key(name) {
            continue;
        }
        let mut model = Model::default();
        for field in fields.iter().chain(&["id integer", "display_name char"]) {
            let (field, made) = read(field);
            model.fields.insert(field.to_owned(), made);
        }
        complete.models.insert(name.to_owned(), model);
        added.push(name);
    }
    (complete, added)
}

fn read(text: &'static str) -> (&'static str, Field) {
    let mut words = text.split(' ');
    let (name, ttype) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut field = Field::new(ttype, name);
    match words.next() {
        Some(target) if ttype.contains("2") => field.relation = Some(target.to_owned()),
        Some(path) => {
            field.related = Some(path.to_owned());
            field.stored = false;
        }
        None if name == "display_name" => field.stored = false,
        None => {}
    }
    (name, field)
}
