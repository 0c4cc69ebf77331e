//! Rust names for Odoo's names.
//!
//! Odoo's names are nearly free text by the time a company has added its own: fields may hold capitals, non-ASCII letters
//! or a `$`, selection values any string at all. Every function here is total, and what it returns is a valid identifier.
//!
//! A name must not change because another model, field, method or value came beside it, so that it is made of Odoo's own
//! name alone wherever that can be: two names never have the same [`ident`], [`constant`] or [`enum_type`]. Only models
//! that differ in nothing but their dots (`a.b`, `a_b`) and values that differ in nothing but their signs are told apart
//! by looking at all of them, in [`resolve`].

mod text;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use text::{spelt, variant};

/// The names that one of several things could have.
pub(crate) struct Wanted {
    /// The one that it has if it can.
    pub(crate) plain: String,
    /// Whether it is of the form that Odoo's names usually have, of which no two have the same plain name.
    pub(crate) is_usual: bool,
    /// The one that nothing else has.
    pub(crate) full: String,
}

/// An identifier for each, in order. Of those with the same plain name it is for the usual one, else for the first; each
/// other has its full name, whatever they are.
pub(crate) fn resolve(wanted: Vec<Wanted>) -> Vec<String> {
    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    for (at, Wanted { plain, is_usual, .. }) in wanted.iter().enumerate() {
        match holders.get_mut(plain) {
            Some(holder) if *is_usual && !wanted[*holder].is_usual => *holder = at,
            Some(_) => {}
            None => drop(holders.insert(plain.clone(), at)),
        }
    }
    let mut full_names = BTreeSet::new();
    let name = |(at, Wanted { plain, mut full, .. }): (usize, Wanted)| {
        if holders.get(&plain) == Some(&at) {
            return plain;
        }
        // What nothing is called that was not called so on purpose.
        while holders.contains_key(&full) || !full_names.insert(full.clone()) {
            full.push('_');
        }
        full
    };
    wanted.into_iter().enumerate().map(name).collect()
}

/// Whether Odoo itself would accept this as the name of a model
/// (`regex_object_name` in [odoo/orm/utils.py](https://github.com/odoo/odoo/blob/19.0/odoo/orm/utils.py)), with every
/// part between dots given.
pub(crate) fn is_model_name(name: &str) -> bool {
    name.len() <= 120
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.'))
        && name.split('.').all(|part| !part.is_empty())
}

/// Whether this can be the name of a field: a Python identifier, or a PostgreSQL one (which may hold a `$`).
pub(crate) fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 120 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
}

/// Whether this can be the name of a public method or of a parameter: a Python identifier, in Odoo a bounded one.
pub(crate) fn is_python_name(name: &str) -> bool {
    name.len() <= 120
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The identifier of a field of a row, a module, a function: Odoo's name, with an `_` behind it where it is reserved.
///
/// No two names have the same: `type_` is for `type`, and `type__` for `type_`.
pub(crate) fn ident(name: &str) -> String {
    ident_beside(name, &[])
}

/// [`ident`] where these are reserved too.
pub(crate) fn ident_beside(name: &str, reserved: &[&str]) -> String {
    let mut ident = escape(name);
    let stem = ident.trim_end_matches('_');
    // `_` behind a keyword rather than `r#` before it: it can be searched for, and four keywords have no raw form.
    if !stem.is_empty() && (reserved.contains(&stem) || is_keyword(stem)) {
        ident.push('_');
    }
    ident
}

/// The identifier of an associated constant: that of the name with capitals for small letters, and the reverse, so that
/// `Stat` (`sTAT`) is not `stat` (`STAT`).
///
/// `odoo-client-derive` finds constants by the same rule.
pub(crate) fn constant(name: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    ident(&name.chars().map(swap).collect::<String>())
}

/// Names that a selection enum must not take in a model's module, because generated code means the usual ones.
const RESERVED_TYPES: &[&str] = &["Row", "Option", "Vec", "String", "Some", "None", "Default", "Self"];

/// The identifier of the enum of a field: `invoice_state` is `InvoiceState`, and what is not of that form is the field's
/// [`ident`] with an `_` behind it.
pub(crate) fn enum_type(field: &str) -> String {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !field.starts_with(|c: char| c.is_ascii_lowercase()) || !field.split('_').all(is_word) {
        return ident_beside(field, RESERVED_TYPES) + "_";
    }
    let mut ident = String::new();
    for word in field.split('_') {
        // `x2` is not `x_2`.
        ident.push_str(if word.starts_with(|c: char| c.is_ascii_digit()) { "_" } else { "" });
        push_capitalised(&mut ident, word);
    }
    unreserved_type(ident)
}

/// The type, or another if generated code means something else by it.
pub(crate) fn unreserved_type(ident: String) -> String {
    if RESERVED_TYPES.contains(&&*ident) { ident + "_" } else { ident }
}

/// Whether a name is words of small letters and digits, each of which begins with a letter.
pub(crate) fn is_usual(name: &str, separator: char) -> bool {
    name.split(separator).all(|word| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// A type identifier from a technical name: `order.line` is `OrderLine`.
pub(crate) fn camel(name: &str) -> String {
    let mut ident = String::new();
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        push_capitalised(&mut ident, &spell(word));
    }
    type_ident(ident)
}

/// Keeps two numbers apart that meet in a name: `1.5` and `15` must not both be `V15`.
fn push_capitalised(ident: &mut String, word: &str) {
    if ident.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
        ident.push('_');
    }
    let mut chars = word.chars();
    if let Some(first) = chars.next() {
        ident.push(first.to_ascii_uppercase());
        ident.push_str(chars.as_str());
    }
}

fn type_ident(ident: String) -> String {
    match ident.chars().next() {
        None => "Value".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("V{ident}"),
        Some(_) if ident == "Self" => "Self_".to_owned(),
        Some(_) => ident,
    }
}

/// ASCII letters, digits and `_` as they are, everything else by its code: `ö` is `u00f6`, and what would be read as
/// such a code has one for its `u`. Never empty, never starting with a digit, never the wildcard `_`.
fn escape(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let is_hex = |c: &char| matches!(c, '0'..='9' | 'a'..='f');
    let mut ident = String::with_capacity(name.len() + 1);
    for (at, &c) in chars.iter().enumerate() {
        let like_a_code = c == 'u' && chars.get(at + 1..at + 5).is_some_and(|code| code.iter().all(is_hex));
        // `_` alone is no name.
        let last = c == '_' && at + 1 == chars.len() && chars.iter().all(|c| *c == '_');
        if (c == '_' || c.is_ascii_alphanumeric()) && !like_a_code && !last {
            ident.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                ident.push_str(&format!("u{unit:04x}"));
            }
        }
    }
    if name.trim_start_matches('_').starts_with(|c: char| c.is_ascii_digit()) {
        // One more than the name has, so that `1st` is not `_1st`.
        ident.insert(0, '_');
    }
    if ident.is_empty() { "__".to_owned() } else { ident }
}

/// Non-ASCII letters by their code point (`ö` is `u00f6`): an identifier that every editor, terminal and reviewer shows
/// the same way, and that no look-alike letter or normalisation form can make ambiguous.
fn spell(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii() || !c.is_alphanumeric() {
            text.push(c);
        } else {
            text.push_str(&format!("u{:04x}", u32::from(c)));
        }
    }
    text
}

/// The reserved words of every edition, and file names that Windows keeps for devices (a module is a file).
pub(crate) fn is_keyword(ident: &str) -> bool {
    let is_port = |name: &str| matches!(ident.strip_prefix(name).map(str::as_bytes), Some([b'0'..=b'9']));
    let is_device = matches!(ident, "aux" | "con" | "nul" | "prn") || is_port("com") || is_port("lpt");
    is_device || syn::parse_str::<syn::Ident>(ident).is_err() || ident == "gen"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_names_become_identifiers() {
        for (name, member, konst, ttype) in [
            ("partner_id", "partner_id", "PARTNER_ID", "PartnerId"),
            ("type", "type_", "TYPE", "Type"),
            ("type_", "type__", "TYPE_", "type___"),
            ("self", "self_", "SELF", "Self_"),
            ("Self", "Self_", "sELF", "Self__"),
            ("gen", "gen_", "GEN", "Gen"),
            ("row", "row", "ROW", "Row_"),
            ("Row", "Row", "rOW", "Row__"),
            ("_barcode_scanned", "_barcode_scanned", "_BARCODE_SCANNED", "_barcode_scanned_"),
            ("2fa", "_2fa", "_2FA", "_2fa_"),
            ("_2fa", "__2fa", "__2FA", "__2fa_"),
            ("x2", "x2", "X2", "X2"),
            ("x_2", "x_2", "X_2", "X_2"),
            ("x_1_5", "x_1_5", "X_1_5", "X_1_5"),
            ("a__b", "a__b", "A__B", "a__b_"),
            ("Stat", "Stat", "sTAT", "Stat_"),
            ("TYPE", "TYPE", "type_", "TYPE_"),
            ("nfe40_vICMS", "nfe40_vICMS", "NFE40_Vicms", "nfe40_vICMS_"),
            ("größe", "gru00f6u00dfe", "GRu00f6u00dfE", "gru00f6u00dfe_"),
            ("gru00f6e", "gru007500f6e", "GRU00F6E", "Gru00f6e"),
            ("a$b", "au0024b", "Au0024B", "au0024b_"),
            ("_", "u005f", "u005f", "u005f_"),
            ("__", "_u005f", "_u005f", "_u005f_"),
            ("", "__", "__", "___"),
        ] {
            let made = (ident(name), constant(name), enum_type(name));
            assert_eq!((&*made.0, &*made.1, &*made.2), (member, konst, ttype), "{name}");
        }
    }

    /// All of a few letters that matter, up to six of them.
    #[test]
    fn no_two_names_are_the_same_identifier() {
        let mut names = vec![String::new()];
        let mut longest = names.clone();
        for length in 1..=6 {
            let letters =
                if length <= 4 { &["_", "a", "A", "u", "0", "$", "ö", "type"][..] } else { &["_", "u", "0"] };
            longest = longest.iter().flat_map(|name| letters.iter().map(move |c| format!("{name}{c}"))).collect();
            names.extend(longest.clone());
        }
        names.extend(["Row", "row", "Row_", "row_", "Self", "self", "Self_", "self_"].map(str::to_owned));
        for make in [ident, constant, enum_type, spelt, |name: &str| ident_beside(name, &["a", "_A"])] {
            let made: BTreeSet<String> = names.iter().map(|name| make(name)).collect();
            assert_eq!(made.len(), names.iter().collect::<BTreeSet<_>>().len());
            let wrong: Vec<_> = made.iter().filter(|name| syn::parse_str::<syn::Ident>(name).is_err()).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
        // A full name is not the plain one of anything.
        let plain: BTreeSet<String> = names.iter().flat_map(|name| [variant(name), camel(name)]).collect();
        assert!(names.iter().all(|name| !plain.contains(&spelt(name))));
    }

    #[test]
    fn model_names_of_a_hostile_server_are_refused() {
        for name in ["../x", "a/b", "a..b", ".a", "", "A", "a b", "a\u{1b}[0m", "x;drop"] {
            assert!(!is_model_name(name), "{name:?}");
        }
        for name in ["_unknown", "base", "ir.actions.act_window.view", "x_my.model_2"] {
            assert!(is_model_name(name), "{name:?}");
        }
    }

    #[test]
    fn the_usual_one_has_the_plain_name() {
        let of = |values: &[&str]| {
            let wanted = |value: &&str| {
                let (plain, full) = (variant(value), spelt(value));
                Wanted { plain, is_usual: is_usual(value, '_'), full }
            };
            resolve(values.iter().map(wanted).collect())
        };
        assert_eq!(of(&["%d.%m", "%d/%m"]), ["PercentDPercentM", "_Percent_d_Slash__Percent_m_"]);
        assert_eq!(of(&["Draft", "dra ft", "draft"]), ["Draft_", "DraFt", "Draft"]);
        assert_eq!(of(&["", "Empty", "empty"]), ["_Empty__", "Empty_", "Empty"]);
        assert_eq!(of(&["1", "1 ", "v1"]), ["_V_1_", "_V_1_Space__", "V1"]);
        assert_eq!(of(&["Self", "self", "Unknown", "unknown"]), ["_V_Self_", "Self_", "_V_Unknown_", "Unknown_"]);
    }

    /// Hours, if each looked for a free number.
    #[test]
    fn many_names_that_meet_are_told_apart_in_no_time() {
        let many = |at: usize| Wanted { plain: "A".to_owned(), is_usual: false, full: spelt(&at.to_string()) };
        let names = resolve((0..1 << 20).map(many).collect());
        assert_eq!((names[0].as_str(), names[1].as_str()), ("A", "_V_1_"));
    }
}
