//! The names that the generator (`odoo-codegen`, `names.rs`) gives to fields. Neither depends on the other: the program of
//! the generator's golden tests derives from constants with all sorts of names.

use proc_macro2::Ident;

/// The field that a member means, as generated rows have it: `r#type` and `type_` are `type`, `type__` is `type_`.
pub(crate) fn of_member(member: &Ident) -> String {
    let name = member.to_string();
    if let Some(name) = name.strip_prefix("r#") {
        return name.to_owned();
    }
    match name.strip_suffix('_') {
        Some(field) if is_reserved(field) => field.to_owned(),
        _ => name,
    }
}

/// The constant of a field: its name with capitals for small letters and the reverse, so that `Stat` (`sTAT`) is not `stat`
/// (`STAT`); what no identifier can hold by its code.
pub(crate) fn constant(name: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let mut ident = escape(&name.chars().map(swap).collect::<Vec<_>>());
    if is_reserved(&ident) {
        ident.push('_');
    }
    ident
}

fn escape(name: &[char]) -> String {
    let is_hex = |c: &char| matches!(c, '0'..='9' | 'a'..='f');
    let is_blank = name.iter().all(|c| *c == '_');
    let mut ident = String::with_capacity(name.len() + 1);
    for (at, &c) in name.iter().enumerate() {
        let like_a_code = c == 'u' && name.get(at + 1..at + 5).is_some_and(|code| code.iter().all(is_hex));
        if (c == '_' || c.is_ascii_alphanumeric()) && !like_a_code && !(is_blank && at + 1 == name.len()) {
            ident.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                ident.push_str(&format!("u{unit:04x}"));
            }
        }
    }
    if name.iter().find(|c| **c != '_').is_some_and(char::is_ascii_digit) {
        ident.insert(0, '_');
    }
    ident
}

/// Whether generated names have an `_` behind this: it is a keyword, or a device of Windows, and any `_` behind that.
fn is_reserved(name: &str) -> bool {
    let stem = name.trim_end_matches('_');
    let is_port = |name: &str| matches!(stem.strip_prefix(name).map(str::as_bytes), Some([b'0'..=b'9']));
    let is_device = matches!(stem, "aux" | "con" | "nul" | "prn") || is_port("com") || is_port("lpt");
    !stem.is_empty() && (is_device || stem == "gen" || syn::parse_str::<Ident>(stem).is_err())
}
