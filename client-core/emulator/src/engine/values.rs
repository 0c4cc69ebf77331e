//! What is written to a field, as the database takes it.

use std::str::FromStr;
use std::sync::Arc;

use serde_json::Value;

use super::cell::Cell;
use super::definitions::{FieldDef, Kind, ModelDef};
use super::env::Env;
use super::properties;
use super::python::{is_true, repr, str, type_name};
use crate::Fault;
use crate::series::Difference;

/// Makes a value one of the field, or says why it is none. Relations to several records are not written so.
pub(crate) fn to_cell(env: &Env<'_>, model: &ModelDef, field: &FieldDef, value: &Value) -> Result<Option<Cell>, Fault> {
    let is_false = value.is_null() || *value == false;
    Ok(match field.kind {
        Kind::Boolean => Some(Cell::Bool(is_true(value))),
        Kind::Integer | Kind::Many2oneReference => Some(Cell::Int(integer(value)?)),
        Kind::Float | Kind::Monetary => Some(Cell::Float(rounded(field, float(value)?))),
        _ if is_false => None,
        Kind::Char => Some(Cell::text(str(value).chars().take(field.size.unwrap_or(usize::MAX)).collect::<String>())),
        Kind::Text => Some(Cell::text(str(value))),
        Kind::Html => Some(Cell::text(html(&str(value)))),
        Kind::Selection => {
            let text = str(value);
            let known = field.pin.selection.as_ref();
            if known.is_some_and(|known| !known.0.iter().any(|(value, _)| *value == text)) {
                return Err(wrong_value(model, field, value));
            }
            if text.is_empty() { None } else { Some(Cell::text(text)) }
        }
        Kind::Date => date(value)?,
        Kind::Datetime => datetime(value)?,
        Kind::Many2one => match value {
            Value::Number(id) => {
                let id = id.as_i64().filter(|id| *id != 0);
                // A value of a company that points to what is not there is kept, and found by nothing.
                let is_kept = field.pin.company_dependent
                    && env.has(Difference::CompanyValuesInRecord)
                    && !env.has(Difference::CompanyValuesAreRead);
                id.filter(|id| !is_kept || field.comodel.is_none_or(|comodel| env.exists(comodel, *id))).map(Cell::Int)
            }
            Value::String(_) | Value::Array(_) if is_true(value) => {
                return Err(Fault::new(
                    "psycopg2.errors.InvalidTextRepresentation",
                    format!("invalid input syntax for type integer: \"{}\"", str(value)),
                ));
            }
            _ => None,
        },
        Kind::Reference => reference(env, model, field, value)?,
        Kind::Binary => Some(Cell::text(str(value))).filter(|_| is_true(value)),
        Kind::Json if field.is_properties() => Some(Cell::Json(Arc::new(properties::values(value)))),
        Kind::Json => Some(Cell::Json(Arc::new(value.clone()))),
        Kind::One2many | Kind::Many2many => match value {
            // Of a computed relation, whose value a test sets.
            Value::Array(ids) => Some(Cell::Ids(ids.iter().filter_map(Value::as_i64).collect())),
            _ => None,
        },
    })
}

pub(crate) fn wrong_value(model: &ModelDef, field: &FieldDef, value: &Value) -> Fault {
    Fault::value(format!("Wrong value for {}.{}: {}", model.name, field.name, repr(value)))
}

fn integer(value: &Value) -> Result<i64, Fault> {
    match value {
        Value::Number(number) => Ok(number.as_i64().unwrap_or_else(|| number.as_f64().unwrap_or_default() as i64)),
        Value::String(text) if !text.is_empty() => text
            .trim()
            .parse()
            .map_err(|_| Fault::value(format!("invalid literal for int() with base 10: {}", repr(value)))),
        Value::Bool(value) => Ok((*value).into()),
        value if !is_true(value) => Ok(0),
        other => Err(Fault::type_error(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            type_name(other)
        ))),
    }
}

fn float(value: &Value) -> Result<f64, Fault> {
    match value {
        Value::Number(number) => Ok(number.as_f64().unwrap_or_default()),
        Value::String(text) if !text.is_empty() => {
            text.trim().parse().map_err(|_| Fault::value(format!("could not convert string to float: {}", repr(value))))
        }
        Value::Bool(value) => Ok(f64::from(u8::from(*value))),
        value if !is_true(value) => Ok(0.0),
        other => Err(Fault::type_error(format!(
            "float() argument must be a string or a real number, not '{}'",
            type_name(other)
        ))),
    }
}

/// Rounded half up to the digits that the field keeps, as Odoo does.
fn rounded(field: &FieldDef, value: f64) -> f64 {
    let Some(digits) = field.digits else { return value };
    let factor = 10_f64.powi(digits);
    let scaled = value * factor;
    // What is a hair below a half is meant to be one.
    let epsilon = scaled.abs() * f64::EPSILON;
    let rounded = (scaled.abs() + epsilon).round().copysign(value);
    // As short a number as that one is.
    format!("{:.*}", usize::try_from(digits).unwrap_or_default(), rounded / factor).parse().unwrap_or(value)
}

/// `YYYY-MM-DD`; a time behind it is cut off.
fn date(value: &Value) -> Result<Option<Cell>, Fault> {
    let Value::String(text) = value else {
        return Err(Fault::type_error(format!("'{}' object is not subscriptable", type_name(value))));
    };
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.get(..10).unwrap_or(text);
    match jiff::civil::Date::from_str(day) {
        Ok(_) if day.len() == 10 => Ok(Some(Cell::text(day))),
        _ => Err(no_time(day, "%Y-%m-%d")),
    }
}

fn datetime(value: &Value) -> Result<Option<Cell>, Fault> {
    let Value::String(text) = value else {
        return Err(Fault::type_error(format!("'{}' object is not subscriptable", type_name(value))));
    };
    if text.is_empty() {
        return Ok(None);
    }
    let cut = text.get(..19).unwrap_or(text);
    let format = "%Y-%m-%d %H:%M:%S";
    let whole = match cut.len() {
        10 => format!("{cut} 00:00:00"),
        16 => format!("{cut}:00"),
        19 => cut.to_owned(),
        _ => return Err(no_time(cut, format.get(..cut.len().saturating_sub(2)).unwrap_or(format))),
    };
    let is_time = whole.as_bytes().get(10) == Some(&b' ')
        && jiff::civil::DateTime::from_str(&whole.replacen(' ', "T", 1)).is_ok();
    if is_time { Ok(Some(Cell::text(whole))) } else { Err(no_time(cut, format)) }
}

fn no_time(text: &str, format: &str) -> Fault {
    Fault::value(format!("time data {} does not match format '{format}'", repr(&Value::from(text))))
}

/// `model,id`. What is not there is not set.
fn reference(env: &Env<'_>, model: &ModelDef, field: &FieldDef, value: &Value) -> Result<Option<Cell>, Fault> {
    let text = str(value);
    let known = text.split_once(',').and_then(|(name, id)| {
        let (target, _) = env.registry.model(name)?;
        let id: i64 = id.parse().ok()?;
        let offered =
            field.pin.selection.as_ref().is_none_or(|offered| offered.0.iter().any(|(value, _)| value == name));
        offered.then_some((target, id))
    });
    match known {
        Some((target, id)) => Ok(env.exists(target, id).then(|| Cell::text(&text))),
        None => Err(wrong_value(model, field, value)),
    }
}

/// What Odoo makes of plain text where HTML is wanted. Tags are left as they are: they are not cleaned as Odoo does.
pub(crate) fn html(text: &str) -> String {
    if text.is_empty() || text.contains('<') {
        return text.to_owned();
    }
    let escaped = text.replace('&', "&amp;").replace('>', "&gt;");
    format!("<p>{escaped}</p>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use odoo_codegen::Field;
    use serde_json::json;

    #[test]
    fn floats_are_rounded_half_up() {
        let field = FieldDef { digits: Some(2), ..FieldDef::plain("price", Field::new("float", "Price")) };
        for (value, expected) in [(1.005, 1.01), (2.675, 2.68), (-1.005, -1.01), (1.0049, 1.0)] {
            assert_eq!(rounded(&field, value), expected, "{value}");
        }
    }

    /// As `fields.Date` and `fields.Datetime` of 14.0 and 19.0 take them.
    #[test]
    fn dates_are_dates() {
        assert_eq!(date(&json!("2024-02-29 10:00:00")).unwrap(), Some(Cell::text("2024-02-29")));
        assert!(date(&json!("2023-02-29")).unwrap_err().message.contains("does not match format '%Y-%m-%d'"));
        assert_eq!(datetime(&json!("2024-02-29")).unwrap(), Some(Cell::text("2024-02-29 00:00:00")));
        assert!(datetime(&json!("2024-02-29T10:00:00")).is_err());
    }
}
