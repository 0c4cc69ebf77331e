//! Doc comments from text that an Odoo administrator, or a hostile server, can write.

use proc_macro2::TokenStream;
use quote::quote;

/// `///` comments from lines that are Markdown already.
pub(crate) fn outer<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> TokenStream {
    let lines = spaced(lines);
    quote!(#(#[doc = #lines])*)
}

/// `//!` comments from lines that are Markdown already.
pub(crate) fn inner<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> TokenStream {
    let lines = spaced(lines);
    quote!(#(#![doc = #lines])*)
}

fn spaced<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| {
        let line = line.as_ref();
        if line.is_empty() { String::new() } else { format!(" {line}") }
    })
}

/// One line of Markdown that shows `text` as it is.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        push_word(&mut out, word);
    }
    out
}

/// Markdown lines that show `text` as it is: line breaks and paragraphs stay, indentation goes, because an indented
/// line in a doc comment is code that `cargo test` compiles and runs.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in text.lines() {
        let text = line(text);
        if !text.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(text);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Code in Markdown: a technical name or a selection value.
pub(crate) fn code(text: &str) -> String {
    // An escape is longer than a character, but says exactly what the value is.
    let shown: String = text.chars().flat_map(char::escape_debug).collect();
    // `escape_debug` escapes quotes for the sake of a literal, which this is not.
    let shown = shown.replace("\\'", "'").replace("\\\"", "\"").replace("\\\\", "\\");
    match shown.contains('`') {
        _ if shown.trim().is_empty() => format!("`\"{shown}\"`"),
        false => format!("`{shown}`"),
        true => format!("`` {shown} ``"),
    }
}

fn push_word(out: &mut String, word: &str) {
    let is_link = (word.starts_with("http://") || word.starts_with("https://")) && !word.contains('`');
    if is_link && word.chars().all(|c| c.is_ascii_graphic()) {
        // A bare link is a lint of rustdoc, and escaped it would not work.
        out.push_str(&format!("`{word}`"));
        return;
    }
    let starts_line = out.is_empty();
    for (at, c) in word.chars().enumerate() {
        if is_invisible(c) {
            continue;
        }
        let marks = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$');
        // At the start of a line these make a heading, a list or a rule.
        let opens = starts_line && (at == 0 && matches!(c, '#' | '-' | '+' | '=') || is_list_number(word, at, c));
        if marks || opens {
            out.push('\\');
        }
        out.push(c);
    }
}

/// The `.` or `)` of `1.` or `2)`.
fn is_list_number(word: &str, at: usize, c: char) -> bool {
    matches!(c, '.' | ')') && at > 0 && word.chars().take(at).all(|c| c.is_ascii_digit())
}

/// Marks that reorder or hide text, so that a reader sees other than what is there.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{061c}' | '\u{00ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_help_stays_text() {
        for (text, shown) in [
            ("a */ b", "a \\*/ b"),
            ("\"\"\" </summary>", "\"\"\" \\</summary\\>"),
            ("```\nfn main() {}\n```", "\\`\\`\\`\nfn main() {}\n\\`\\`\\`"),
            ("    std::process::exit(1)", "std::process::exit(1)"),
            ("\tlet x;", "let x;"),
            ("~~~\nx", "\\~\\~\\~\nx"),
            ("a\u{202e}b\u{1b}[31mc", "ab \\[31mc"),
            ("# title\r\n- item\n1. one", "\\# title\n\\- item\n1\\. one"),
            ("[x]: javascript:alert(1)", "\\[x\\]: javascript:alert(1)"),
            ("see https://example.com/a_b", "see `https://example.com/a_b`"),
            ("one\n\n\n\ntwo\n", "one\n\ntwo"),
        ] {
            assert_eq!(paragraphs(text).join("\n"), shown, "{text:?}");
        }
    }

    #[test]
    fn values_are_shown_exactly() {
        for (value, shown) in
            [("draft", "`draft`"), ("", "`\"\"`"), (" ", "`\" \"`"), ("a`b", "`` a`b ``"), ("\n", "`\\n`"), ("'", "`'`")]
        {
            assert_eq!(code(value), shown);
        }
    }
}
