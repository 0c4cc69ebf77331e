//! Rust names for Odoo's names.
//!
//! Odoo's names are nearly free text by the time a company has added its own: fields may hold non-ASCII letters or a
//! `$`, selection values any string at all. Every function here is total, and what it returns is a valid identifier;
//! [`Scope`] keeps two of them from being the same.

use std::collections::BTreeSet;

/// A namespace that hands out each identifier once.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// A scope in which these identifiers are taken from the start.
    pub(crate) fn with_reserved(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// `wanted`, or where that is taken, `wanted` with the lowest free number from 2 behind `separator`.
    pub(crate) fn claim(&mut self, wanted: String, separator: &str) -> String {
        let mut name = wanted;
        if self.taken.contains(&name) {
            // The `_` that made `type` or `Self` no keyword.
            let stem = name.trim_end_matches('_').to_owned();
            // `V1` and a 2 would be `V12`, which means another value.
            let separator = if stem.ends_with(|c: char| c.is_ascii_digit()) { "_" } else { separator };
            let mut number = 2;
            loop {
                name = format!("{stem}{separator}{number}");
                if !self.taken.contains(&name) {
                    break;
                }
                number += 1;
            }
        }
        self.taken.insert(name.clone());
        name
    }

    /// An identifier for each, in order. The first that wants a name gets it, and none gets as its numbered name what
    /// another wants as its plain one.
    pub(crate) fn claim_all(&mut self, wanted: Vec<String>, separator: &str) -> Vec<String> {
        let free: Vec<_> = wanted.iter().map(|name| self.taken.insert(name.clone())).collect();
        let claim = |(name, free): (String, bool)| if free { name } else { self.claim(name, separator) };
        wanted.into_iter().zip(free).map(claim).collect()
    }
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

/// A module or struct-field identifier: lower case, words joined by `_`.
pub(crate) fn snake(name: &str) -> String {
    let ident = plain(&name.to_lowercase());
    // `_` behind a keyword rather than `r#` before it: it can be searched for, and four keywords have no raw form.
    if is_keyword(&ident) { format!("{ident}_") } else { ident }
}

/// The identifier of an associated constant.
pub(crate) fn constant(name: &str) -> String {
    plain(&name.to_uppercase()).to_uppercase()
}

/// A type identifier from a technical name: `order.line` is `OrderLine`.
pub(crate) fn camel(name: &str) -> String {
    let mut ident = String::new();
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        push_capitalised(&mut ident, &spell(word));
    }
    type_ident(ident)
}

/// The identifier of a selection value, which can be any string.
///
/// Signs that carry meaning are spelt out (`Etc/GMT+1` is `EtcGMTPlus1`, `-1` is `Minus1`), the others separate words.
/// Capitals inside a word stay, so that `GMT` and `gmt` do not meet.
pub(crate) fn variant(value: &str) -> String {
    if value.is_empty() {
        return "Empty".to_owned();
    }
    let chars: Vec<char> = value.chars().collect();
    let mut ident = String::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let next_is_digit = chars.get(at + 1).is_some_and(char::is_ascii_digit);
        let after_digit = at > 0 && chars[at - 1].is_ascii_digit();
        let spelt = match c {
            '-' if next_is_digit && !after_digit => "Minus",
            '+' => "Plus",
            '%' => "Percent",
            '<' => "Less",
            '>' => "Greater",
            '=' => "Equal",
            '!' => "Not",
            '*' => "Star",
            '&' => "And",
            '@' => "At",
            '$' => "Dollar",
            _ if c.is_alphanumeric() => {
                word.push(c);
                continue;
            }
            _ => "",
        };
        push_capitalised(&mut ident, &spell(&std::mem::take(&mut word)));
        ident.push_str(spelt);
    }
    push_capitalised(&mut ident, &spell(&word));
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

/// ASCII letters, digits and `_` as they are, other letters by their code point, everything else `_`; never empty,
/// never starting with a digit, never the wildcard `_`.
fn plain(name: &str) -> String {
    let mut ident: String = spell(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if ident.is_empty() || ident.starts_with(|c: char| c.is_ascii_digit()) {
        ident.insert(0, '_');
    }
    if ident.chars().all(|c| c == '_') {
        ident.push('0');
    }
    ident
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
        for (name, member, konst) in [
            ("partner_id", "partner_id", "PARTNER_ID"),
            ("type", "type_", "TYPE"),
            ("ref", "ref_", "REF"),
            ("move", "move_", "MOVE"),
            ("self", "self_", "SELF"),
            ("crate", "crate_", "CRATE"),
            ("gen", "gen_", "GEN"),
            ("abstract", "abstract_", "ABSTRACT"),
            ("_barcode_scanned", "_barcode_scanned", "_BARCODE_SCANNED"),
            ("2fa", "_2fa", "_2FA"),
            ("x_studio_größe", "x_studio_gru00f6u00dfe", "X_STUDIO_GRU00D6SSE"),
            ("a$b", "a_b", "A_B"),
            ("_", "_0", "_0"),
        ] {
            assert_eq!((snake(name).as_str(), constant(name).as_str()), (member, konst), "{name}");
        }
    }

    #[test]
    fn selection_values_become_variants() {
        for (value, ident) in [
            ("draft", "Draft"),
            ("in_progress", "InProgress"),
            ("self", "Self_"),
            ("other", "Other"),
            ("1", "V1"),
            ("-1", "Minus1"),
            ("", "Empty"),
            ("+", "Plus"),
            ("-", "Value"),
            ("Etc/GMT+1", "EtcGMTPlus1"),
            ("Etc/GMT-1", "EtcGMTMinus1"),
            ("America/Argentina/Buenos_Aires", "AmericaArgentinaBuenosAires"),
            ("1.5", "V1_5"),
            ("2020-01", "V2020_01"),
            ("*/", "Star"),
            ("größe", "Gru00f6u00dfe"),
            ("\u{202e}x", "X"),
        ] {
            assert_eq!(variant(value), ident, "{value:?}");
        }
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
    fn a_scope_never_hands_out_a_name_twice() {
        let mut scope = Scope::with_reserved(&["Row"]);
        let names: Vec<_> = ["Row", "A", "A2", "A", "A"].map(|n| scope.claim(n.to_owned(), "")).into();
        assert_eq!(names, ["Row2", "A", "A2", "A3", "A4"]);
        let wanted = ["Row", "Draft", "Draft", "Draft2", "V1", "V1", "V12"].map(str::to_owned).into();
        let names = Scope::with_reserved(&["Row"]).claim_all(wanted, "");
        assert_eq!(names, ["Row2", "Draft", "Draft3", "Draft2", "V1", "V1_2", "V12"]);
    }
}
