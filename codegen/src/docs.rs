//! Doc comments from text that an Odoo administrator, or a hostile server, can write.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use odoo_visible::is_invisible;

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

/// Markdown lines that show a text of several kinds of lines as it is meant: lines with four spaces before them are code
/// that nobody runs, `- ` begins an item of a list, and what is between two backticks in a line is code.
pub(crate) fn prose(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut text = text.lines().peekable();
    while let Some(first) = text.next() {
        if let Some(first) = first.strip_prefix(LITERAL) {
            let mut literal = vec![visible(first)];
            while let Some(next) = text.next_if(|next| next.starts_with(LITERAL)) {
                literal.push(visible(next.strip_prefix(LITERAL).unwrap_or(next)));
            }
            let longest = literal.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            lines.push(format!("{fence}text"));
            lines.append(&mut literal);
            lines.push(fence);
            continue;
        }
        let line = match first.strip_prefix("- ") {
            Some(item) => format!("- {}", words(item)),
            None => words(first),
        };
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// What [`prose`] shows, in one line.
pub(crate) fn flat(text: &str) -> String {
    words(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What begins a literal line.
const LITERAL: &str = "    ";

/// One line of Markdown that shows `text` as it is, but for code between backticks.
fn words(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // The last one is not closed.
    if parts.len().is_multiple_of(2) {
        return line(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for (at, part) in parts.iter().enumerate() {
        if at % 2 == 1 {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            // Two spans without anything between them would be read as one.
            if out.ends_with('`') {
                out.push(' ');
            }
            out.push_str(&code(part));
            gap = false;
            continue;
        }
        gap |= part.starts_with(is_gap);
        for word in part.split(is_gap).filter(|word| !word.is_empty()) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            push_word(&mut out, word);
            gap = true;
        }
        gap = part.ends_with(is_gap) || part.is_empty() && gap;
    }
    out
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The text with escapes for what a terminal would obey or a reader would not see.
pub(crate) fn visible(text: &str) -> String {
    odoo_visible::visible(text).to_string()
}

/// A string literal of which a reader sees every character.
pub(crate) fn literal(text: &str) -> Literal {
    let escaped = text.chars().map(|c| match c {
        _ if is_invisible(c) => c.escape_unicode().to_string(),
        _ => c.escape_debug().to_string(),
    });
    // `Literal::string` knows the control characters only.
    let literal = text.chars().any(is_invisible).then(|| format!("\"{}\"", escaped.collect::<String>()));
    literal.and_then(|literal| literal.parse().ok()).unwrap_or_else(|| Literal::string(text))
}

/// Code in Markdown: a technical name or a selection value.
pub(crate) fn code(text: &str) -> String {
    let shown = visible(text);
    if shown.trim().is_empty() {
        return format!("`\"{shown}\"`");
    }
    // Code ends at a run of as many backticks as it started with.
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("{fence}{shown}{fence}") } else { format!("{fence} {shown} {fence}") }
}

fn push_word(out: &mut String, word: &str) {
    let is_link = word.contains("http://") || word.contains("https://");
    if is_link && !word.contains('`') && word.chars().all(|c| c.is_ascii_graphic()) {
        // A bare link is a lint of rustdoc, and escaped it would not work.
        out.push_str(&format!("`{word}`"));
        return;
    }
    let starts_line = out.is_empty();
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in word.chars().enumerate() {
        if is_invisible(c) {
            continue;
        }
        let marks =
            is_link && c == ':' || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$');
        // At the start of a line these make a heading, a list or a rule.
        let opens = starts_line
            && (at == 0 && matches!(c, '#' | '-' | '+' | '=')
                // The `.` or `)` of `1.` or `2)`.
                || at > 0 && at == digits && matches!(c, '.' | ')'));
        if marks || opens {
            out.push('\\');
        }
        out.push(c);
    }
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
        // Minutes, if each dot looked back at all digits.
        let many = 1 << 20;
        let (digits, dots) = ("1".repeat(many), ".".repeat(many));
        assert_eq!(line(&format!("{digits}{dots}")).len(), 2 * many + 1);
    }

    #[test]
    fn prose_has_code_lists_and_literal_lines() {
        for (text, shown) in [
            ("See `_a_b`; `c`.", "See `_a_b`; `c`."),
            ("a_b `c", "a\\_b \\`c"),
            ("Of:\n\n- a*\n- `b`\n\nc", "Of:\n\n- a\\*\n- `b`\n\nc"),
            ("- # x", "- \\# x"),
            ("x\n\n    fn main() {}\n    ```\n\ny", "x\n\n````text\nfn main() {}\n```\n````\n\ny"),
            ("`a``b`", "`a` `b`"),
            ("` `x``", "`\" \"`x`\"\"`"),
            ("a\u{202e}`\u{202e}\u{1b}`", "a`\\u{202e}\\u{1b}`"),
        ] {
            assert_eq!(prose(text).join("\n"), shown, "{text:?}");
        }
        assert_eq!(flat("a\n\n- `b`\n    c"), "a - `b` c");
    }

    #[test]
    fn values_are_shown_exactly() {
        for (value, shown) in [
            ("draft", "`draft`"),
            ("", "`\"\"`"),
            (" ", "`\" \"`"),
            ("a`b", "`` a`b ``"),
            ("``", "``` `` ```"),
            ("\n", "`\\n`"),
            ("'", "`'`"),
        ] {
            assert_eq!(code(value), shown);
        }
    }
}
