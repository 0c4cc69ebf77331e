//! How a text from elsewhere is shown: a reader sees all of it, and a terminal obeys none of it.
//!
//! A package of its own for `odoo-client`, which re-exports [`visible`], and `odoo-codegen`: neither depends on the other.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// A text from elsewhere, as it may be shown to a person: [`visible`].
#[derive(Clone, Copy)]
pub struct Visible<'a>(&'a str);

/// Shows a text from a server, a file or a user with escapes for what a terminal would obey and for what a reader would
/// not see: control characters, marks that turn the direction of the text around, and others without a shape.
///
/// With a precision it is cut in the middle to about so many bytes. With `#` line ends and tabs stay as they are.
///
/// ```
/// use odoo_visible::visible;
///
/// assert_eq!(visible("\u{1b}[31m gpj.\u{202e}a\n").to_string(), "\\u{1b}[31m gpj.\\u{202e}a\\n");
/// assert_eq!(format!("{:#}", visible("une pomme\n\tété\u{200b}")), "une pomme\n\tété\\u{200b}");
/// assert_eq!(format!("{:.11}", visible(&"ab".repeat(1000))), "abab…abab");
/// ```
pub fn visible(text: &str) -> Visible<'_> {
    Visible(text)
}

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in cut(self.0, f.precision().unwrap_or(usize::MAX)).chars() {
            match c {
                '\n' | '\t' if f.alternate() => f.write_char(c)?,
                _ if is_plain(c) => f.write_char(c)?,
                _ if is_invisible(c) => write!(f, "{}", c.escape_unicode())?,
                _ => write!(f, "{}", c.escape_debug())?,
            }
        }
        Ok(())
    }
}

/// As with [`Display`](fmt::Display), in quotes.
impl fmt::Debug for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// The text itself, or its beginning and its end, together of no more than so many bytes, where it has more.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    let half = most.saturating_sub('…'.len_utf8()) / 2;
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    // There is one within four bytes, as long as characters get in UTF-8.
    let end = (0..=half).rev().find(is_boundary).unwrap_or(0);
    let start = (text.len() - half..text.len()).find(is_boundary).unwrap_or(text.len());
    format!("{}…{}", &text[..end], &text[start..]).into()
}

/// Whether a character has a shape, be it on another that stands before it.
fn is_plain(c: char) -> bool {
    if c.is_ascii() || c.is_control() || is_invisible(c) {
        return c == ' ' || c.is_ascii_graphic();
    }
    // Alone, Rust escapes what combines with a letter before it.
    let is_escaped = |text: &str| text.escape_debug().any(|c| c == '\\');
    let mut buffer = [b'a'; 5];
    let length = c.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..=length]).is_ok_and(|text| !is_escaped(text))
}

/// Marks that reorder or hide text, so that a reader sees other than what is there: Unicode's
/// `Default_Ignorable_Code_Point`, and what stands between lines of annotated text.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_stays_and_what_is_not_is_escaped() {
        for text in ["Zoë's \"Çava\\\"", "漢字 かな", "สวัสดี", "हिन्दी", "e\u{301}", "👍", "x\u{a0}y"]
        {
            assert_eq!(visible(text).to_string(), text.replace('\u{a0}', "\\u{a0}"));
        }
        for c in
            ['\0', '\u{1b}', '\u{7f}', '\u{9b}', '\u{ad}', '\u{202e}', '\u{2066}', '\u{2028}', '\u{3164}', '\u{e000}']
        {
            let shown = visible(&format!("a{c}b")).to_string();
            assert!(shown.is_ascii() && shown.contains('\\') && !shown.contains(c), "{shown}");
        }
        assert_eq!(visible("\r\n\t").to_string(), "\\r\\n\\t");
        assert_eq!(format!("{:#}", visible("\r\n\t")), "\\r\n\t");
    }

    #[test]
    fn a_long_text_is_cut_in_the_middle() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefgh", 7), "ab…gh");
        for most in 0..20 {
            assert!(cut(&"é".repeat(20), most).len() <= most.max('…'.len_utf8()));
        }
    }
}
