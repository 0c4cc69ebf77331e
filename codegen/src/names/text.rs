//! Identifiers of what can be any text, such as the values of selections.

use super::{push_capitalised, spell, type_ident};

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
    let ident = type_ident(ident);
    // The variant for what is not in the pin.
    if ident == "Unknown" { ident + "_" } else { ident }
}

/// Any text as an identifier that no other text has, and none that is [`camel`] or [`variant`] of any: its letters as
/// they are, and its signs by their names.
pub(crate) fn spelt(text: &str) -> String {
    let mut ident = String::new();
    if text.starts_with(|c: char| c.is_ascii_digit()) || matches!(text, "Self" | "Unknown") {
        ident.push_str("_V_");
    }
    for c in text.chars() {
        let name = match c {
            _ if c.is_ascii_alphanumeric() => {
                ident.push(c);
                continue;
            }
            '_' => {
                ident.push_str("__");
                continue;
            }
            '-' => "Minus",
            '+' => "Plus",
            '.' => "Dot",
            ',' => "Comma",
            ':' => "Colon",
            '/' => "Slash",
            ' ' => "Space",
            '%' => "Percent",
            '<' => "Less",
            '>' => "Greater",
            '=' => "Equal",
            '!' => "Not",
            '*' => "Star",
            '&' => "And",
            '@' => "At",
            '$' => "Dollar",
            _ => &format!("u{:04x}", u32::from(c)),
        };
        ident.push_str(&format!("_{name}_"));
    }
    if text.is_empty() {
        ident.push_str("_Empty_");
    }
    ident + "_"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selection_values_become_variants() {
        for (value, ident) in [
            ("draft", "Draft"),
            ("in_progress", "InProgress"),
            ("self", "Self_"),
            ("unknown", "Unknown_"),
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
}
