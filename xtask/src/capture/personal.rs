//! What is personal in a database, by model and field: listed here, and nowhere else.

use odoo_codegen::Field;
use serde_json::{Value, json};

/// Models about people and companies: all short texts of theirs are replaced, but for those of [`KEPT`].
const PEOPLE: [&str; 12] = [
    "calendar.attendee",
    "crm.lead",
    "event.registration",
    "hr.applicant",
    "hr.candidate",
    "hr.employee",
    "mailing.contact",
    "res.bank",
    "res.company",
    "res.partner",
    "res.partner.bank",
    "res.users",
];

/// What of these tells of nobody.
const KEPT: [&str; 6] = ["lang", "tz", "color", "type", "state", "code"];

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

/// Replaces a value by a made-up one, if it may tell of somebody.
pub(super) fn replace(model: &str, id: i64, name: &str, field: &Field, value: &mut Value) {
    let named = PERSONAL.iter().any(|part| name.contains(part));
    let is_personal = match field.ttype.as_str() {
        // Whatever people write.
        "text" | "html" => true,
        "char" => named || (PEOPLE.contains(&model) && !KEPT.contains(&name)),
        "date" | "datetime" => {
            if name.contains("birth") {
                *value = json!(false);
            }
            false
        }
        _ => false,
    };
    if !is_personal || value.as_str().is_none_or(str::is_empty) {
        return;
    }
    let short = model.rsplit('.').next().unwrap_or(model);
    *value = json!(match () {
        () if name.contains("email") || name == "login" => format!("{short}{id}@example.com"),
        () if name.contains("phone") || name.contains("mobile") || name.contains("fax") => format!("+1 555 {id:07}"),
        () if name.contains("website") => format!("https://{short}{id}.example.com"),
        () if field.ttype == "html" => format!("<p>{name} of {short} {id}</p>"),
        () => format!("{name} of {short} {id}"),
    });
}
