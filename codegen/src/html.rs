//! The HTML of Odoo's API documentation as plain text: paragraphs, lists, `code` and literal lines.

/// The text of a piece of HTML as docutils writes it; `None` if there is none.
///
/// Paragraphs are parted by an empty line, items of lists begin with `- `, code is between backticks, and literal lines
/// begin with four spaces. Whatever else there is becomes its text: the result is never HTML that acts.
pub(crate) fn text(html: &str) -> Option<String> {
    let mut reader = Reader::default();
    let mut rest = html;
    // Behind it no tag ends: one look for all that follows.
    let ends = html.rfind('>').unwrap_or(0);
    while !rest.is_empty() {
        let (words, tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        reader.words(words);
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let is_tag = tag[tag.len().min(1)..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let may_end = is_tag && html.len() - tag.len() < ends;
        rest = match may_end.then(|| tag.split_once('>')).flatten() {
            Some((tag, after)) => {
                reader.tag(tag.trim_start_matches('<'));
                after
            }
            // A lone sign.
            None => {
                reader.words(&tag[..tag.len().min(1)]);
                &tag[tag.len().min(1)..]
            }
        };
    }
    reader.end();
    (!reader.text.is_empty()).then_some(reader.text)
}

#[derive(Default)]
struct Reader {
    text: String,
    /// The paragraph, item or literal block that is being read.
    block: String,
    is_item: bool,
    is_literal: bool,
    /// Whether what was written last is an item of a list.
    after_item: bool,
}

impl Reader {
    fn words(&mut self, html: &str) {
        self.block.push_str(&unescape(html));
    }

    fn tag(&mut self, tag: &str) {
        let (name, ends) = match tag.strip_prefix('/') {
            Some(name) => (name, true),
            None => (tag, false),
        };
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "tt" | "code" if !self.is_literal => self.block.push('`'),
            "br" if !self.is_literal => self.block.push(' '),
            "li" => {
                self.end();
                self.is_item = !ends;
            }
            "pre" => {
                self.end();
                self.is_literal = !ends;
            }
            "p" | "div" | "ul" | "ol" | "dl" | "dt" | "dd" | "table" | "tr" | "td" | "th" | "blockquote" | "h1"
            | "h2" | "h3" | "h4" => self.end(),
            _ => {}
        }
    }

    /// Ends a block.
    fn end(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.trim().is_empty() {
            return;
        }
        let is_item = std::mem::take(&mut self.is_item) && !self.is_literal;
        if !self.text.is_empty() {
            self.text.push_str(if is_item && self.after_item { "\n" } else { "\n\n" });
        }
        self.after_item = is_item;
        if self.is_literal {
            let lines = block.lines().map(str::trim_end).filter(|line| !line.is_empty());
            self.text.push_str(&lines.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n"));
        } else {
            self.text.push_str(if is_item { "- " } else { "" });
            self.text.push_str(&block.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

/// The characters that entities stand for.
fn unescape(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let entity = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| &rest[..end]);
        let known = entity.and_then(|entity| match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            "mdash" => Some('—'),
            "ndash" => Some('–'),
            "hellip" => Some('…'),
            _ => {
                let number = entity.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                code.ok().and_then(char::from_u32)
            }
        });
        match (known, entity) {
            (Some(c), Some(entity)) => {
                text.push(c);
                rest = &rest[entity.len() + 1..];
            }
            _ => text.push('&'),
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn html_becomes_text() {
        for (html, expected) in [
            ("", ""),
            (
                "<div class=\"document\">\n\n\n<p>Confirm the\nquotation.</p>\n<p>Two</p>\n</div>",
                "Confirm the quotation.\n\nTwo",
            ),
            ("<p>See <tt class=\"docutils literal\">_a_b</tt>;</p>", "See `_a_b`;"),
            ("<p>Of:</p><ul class=\"simple\"><li>a</li>\n<li><p>b</p></li></ul><p>c</p>", "Of:\n\n- a\n- b\n\nc"),
            ("<pre class=\"literal-block\">\n[{'a': 1},\n\n  2]\n</pre>", "    [{'a': 1},\n      2]"),
            ("a &lt;b&gt; &amp;lt; &#65;&#x42; &nope; & c", "a <b> &lt; AB &nope; & c"),
            ("1 < 2 <!-- <p>x --> 3", "1 < 2 3"),
            ("<script>alert(1)</script>", "alert(1)"),
            ("<p", "<p"),
            ("x <é> &é;", "x <é> &é;"),
            ("<!-- never ends", ""),
        ] {
            assert_eq!(text(html).unwrap_or_default(), expected, "{html}");
        }
    }

    /// Each sign would look through all that follows: hours.
    #[test]
    fn many_signs_take_no_longer_than_other_letters() {
        let many = 1 << 22;
        for html in ["<", "<a", "< >", "&", "<!", "<!--"] {
            let text = text(&html.repeat(many)).unwrap_or_default();
            assert!(text.len() <= many * 3, "{html}");
        }
    }
}
