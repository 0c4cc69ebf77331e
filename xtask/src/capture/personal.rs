//! What is personal in a database, by model and field: listed here, and nowhere else.

use std::collections::BTreeMap;

use anyhow::Result;
use odoo_codegen::{Field, Model, Schema};
use serde_json::json;

use super::Captured;
use super::texts::Known;

/// Models about people and companies: all short texts of theirs are replaced, but for those of [`KEPT`].
const PEOPLE: [&str; 13] = [
    "calendar.attendee",
    "crm.lead",
    "event.registration",
    "hr.applicant",
    "hr.candidate",
    "hr.employee",
    "mail.message",
    "mailing.contact",
    "res.bank",
    "res.company",
    "res.partner",
    "res.partner.bank",
    "res.users",
];

/// Fields by which a model is taken for one of these, of whatever app it is.
const OF_PEOPLE: [&str; 4] = ["contact_name", "email", "mobile", "phone"];

/// What of these tells of nobody.
const KEPT: [&str; 6] = ["lang", "tz", "color", "type", "state", "code"];

/// What of these many have: it is replaced where it is, and not looked for elsewhere.
const ANYBODYS: [&str; 3] = ["function", "job_title", "subject"];

/// Parts of the names of fields that are personal wherever they are.
const PERSONAL: [&str; 24] = [
    "acc_number",
    "address",
    "birth",
    "city",
    "contact",
    "customer",
    "email",
    "emergency",
    "fax",
    "iban",
    "login",
    "mobile",
    "partner_name",
    "partner_display",
    "passport",
    "permit",
    "phone",
    "signature",
    "ssnid",
    "street",
    "vat",
    "visa",
    "website",
    "zip",
];

/// Parts of the names of what lets somebody in.
const SECRET: [&str; 6] = ["password", "secret", "token", "api_key", "access_key", "credential"];

/// Whether a field is left out altogether.
pub(super) fn is_secret(field: &str) -> bool {
    SECRET.iter().any(|part| field.contains(part))
}

/// The records without what may tell of somebody: such values are replaced by made-up ones, wherever they are.
pub(super) fn without(schema: &Schema, mut captured: Captured) -> Result<Captured> {
    let mut made_up = BTreeMap::new();
    let mut others = Vec::new();
    for (model, rows) in &mut captured {
        let pinned = &schema.models[model];
        let is_of_people = PEOPLE.contains(&model.as_str()) || OF_PEOPLE.iter().any(|name| is_text(pinned, name));
        for (id, row) in rows {
            for (name, value) in row {
                let Some(field) = pinned.fields.get(name) else { continue };
                if name.contains("birth") && field.ttype.starts_with("date") {
                    *value = json!(false);
                }
                let Some(text) = value.as_str().map(str::trim).filter(|text| !text.is_empty()) else { continue };
                let (is_personal, is_telling) = match field.ttype.as_str() {
                    // Whatever people write: a word of it is anybody's.
                    "text" | "html" => (true, text.contains(' ')),
                    "char" if PERSONAL.iter().any(|part| name.contains(part)) => (true, true),
                    "char" if is_of_people => (!KEPT.contains(&name.as_str()), !ANYBODYS.contains(&name.as_str())),
                    "char" => (false, false),
                    _ => continue,
                };
                if !is_personal {
                    others.push(value);
                    continue;
                }
                let other = other(model, *id, name, field);
                if is_telling {
                    made_up.entry(text.to_owned()).or_insert_with(|| other.clone());
                }
                *value = json!(other);
            }
        }
    }
    let known = Known::new(made_up)?;
    for value in others {
        if let Some(text) = value.as_str() {
            *value = json!(known.replaced(text));
        }
    }
    Ok(captured)
}

fn is_text(model: &Model, name: &str) -> bool {
    model.fields.get(name).is_some_and(|field| field.stored && field.ttype == "char")
}

/// What stands for a value.
fn other(model: &str, id: i64, name: &str, field: &Field) -> String {
    let short = model.rsplit('.').next().unwrap_or(model);
    match () {
        () if name.contains("email") || name == "login" => format!("{short}{id}@example.com"),
        () if name.contains("phone") || name.contains("mobile") || name.contains("fax") => format!("+1 555 {id:07}"),
        () if name.contains("website") => format!("https://{short}{id}.example.com"),
        () if field.ttype == "html" => format!("<p>{name} of {short} {id}</p>"),
        () => format!("{name} of {short} {id}"),
    }
}
