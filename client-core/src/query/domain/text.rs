//! Domains as Python writes them, which is how Odoo stores and shows them.

use std::fmt::{self, Write as _};

use serde_json::Value;

use super::takes_domain;

/// A list of operators (texts) and conditions (tuples).
pub(super) fn domain(terms: &[Value], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    list("[", terms, "]", f, |term, f| match term {
        Value::Array(parts) => condition(parts, f),
        operator => value(operator, f),
    })
}

fn condition(parts: &[Value], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_domain = parts.get(1).and_then(Value::as_str).is_some_and(takes_domain);
    f.write_str("(")?;
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        match part {
            Value::Array(terms) if is_domain => domain(terms, f)?,
            part => value(part, f)?,
        }
    }
    f.write_str(")")
}

fn value(json: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match json {
        Value::Null => f.write_str("None"),
        Value::Bool(true) => f.write_str("True"),
        Value::Bool(false) => f.write_str("False"),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => self::float(float, f),
            None => fmt::Display::fmt(number, f),
        },
        Value::String(text) => string(text, f),
        Value::Array(values) => list("[", values, "]", f, value),
        Value::Object(entries) => list("{", entries, "}", f, |(key, json), f| {
            string(key, f)?;
            f.write_str(": ")?;
            value(json, f)
        }),
    }
}

fn list<T>(
    open: &str,
    items: impl IntoIterator<Item = T>,
    close: &str,
    f: &mut fmt::Formatter<'_>,
    write: impl Fn(T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    f.write_str(open)?;
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write(item, f)?;
    }
    f.write_str(close)
}

/// The fewest digits that read back as the same number, as both Rust and Python have them, with an exponent where Python has one.
fn float(number: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let scientific = format!("{number:e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    match scientific.split_once('e') {
        Some((digits, _)) if !(-4..16).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            write!(f, "{digits}e{sign}{:02}", exponent.abs())
        }
        _ => write!(f, "{number:?}"),
    }
}

/// In single quotes, or in double ones if that spares a backslash.
fn string(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c == quote => write!(f, "\\{c}")?,
            c if is_printable(c) => f.write_char(c)?,
            c => match u32::from(c) {
                code @ ..=0xff => write!(f, "\\x{code:02x}")?,
                code @ ..=0xffff => write!(f, "\\u{code:04x}")?,
                code => write!(f, "\\U{code:08x}")?,
            },
        }
    }
    f.write_char(quote)
}

/// Rust's own notion of it, which comes from the same tables of Unicode as Python's.
fn is_printable(c: char) -> bool {
    // Behind a letter: alone, Rust escapes what combines with a letter before it.
    c.is_ascii_graphic()
        || c == ' '
        || !['a', c].iter().collect::<String>().escape_debug().to_string().contains("\\u{") && !c.is_control()
}
