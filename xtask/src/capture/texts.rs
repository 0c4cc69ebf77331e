//! Texts that are not personal by themselves, and may have something personal in them.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError};
use anyhow::{Context, Result};
use regex_automata::meta::Regex;

/// What a mail address looks like.
const MAIL: &str = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+";
/// What a telephone number looks like: that of a country, digits in three groups or more, or a zero before others.
const PHONE: &str = r"(\+|00)[0-9][0-9 ()./-]{5,}[0-9]|\(?[0-9]{1,4}\)?([ .-]{1,2}\(?[0-9]{2,4}\)?){2,}|0[0-9]{1,3}[ /-][0-9]{5,8}|0[0-9]{8,10}";
/// How many digits a telephone number has at least.
const DIGITS: usize = 7;
/// Shorter texts than this say nothing by themselves, and are in many others.
const SHORTEST: usize = 3;

/// What was replaced, and by what.
pub(super) struct Known {
    texts: AhoCorasick,
    made_up: Vec<String>,
    mail: Regex,
    phone: Regex,
}

impl Known {
    pub(super) fn new(made_up: BTreeMap<String, String>) -> Result<Self> {
        let says_something = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST;
        let (texts, made_up): (Vec<_>, Vec<_>) = made_up.into_iter().filter(|(text, _)| says_something(text)).unzip();
        let texts: Result<_, BuildError> = AhoCorasick::builder().ascii_case_insensitive(true).build(texts);
        let regex = |pattern| Regex::new(pattern).context("a pattern is wrong");
        Ok(Self {
            texts: texts.context("too much is personal to be looked for")?,
            made_up,
            mail: regex(MAIL)?,
            phone: regex(PHONE)?,
        })
    }

    /// A text without what is known, and without what looks like a mail address or a telephone number.
    pub(super) fn replaced(&self, text: &str) -> String {
        let mut found: Vec<(Range<usize>, &str)> = self
            .texts
            .find_overlapping_iter(text)
            .map(|found| (found.range(), self.made_up[found.pattern().as_usize()].as_str()))
            .chain(self.mail.find_iter(text).map(|mail| (mail.range(), "somebody@example.com")))
            .filter(|(range, _)| is_word(text, range))
            .collect();
        let phones = self.phone.find_iter(text).map(|phone| phone.range());
        found.extend(phones.filter(|range| is_phone(text, range)).map(|range| (range, "+1 555 0000000")));
        // Of what overlaps, what begins first; of what begins together, the longest.
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let (mut replaced, mut at) = (String::new(), 0);
        for (range, other) in found {
            if range.start >= at {
                replaced += &text[at..range.start];
                replaced += other;
            }
            // What is left of one that overlaps goes as well.
            at = at.max(range.end);
        }
        replaced + &text[at..]
    }
}

/// Whether it is not a part of a longer word.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let goes_on = |inside: Option<char>, outside: Option<char>| {
        [inside, outside].iter().all(|c| c.is_some_and(char::is_alphanumeric))
    };
    let (before, itself, after) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    !goes_on(itself.chars().next(), before.chars().next_back())
        && !goes_on(itself.chars().next_back(), after.chars().next())
}

fn is_phone(text: &str, range: &Range<usize>) -> bool {
    let groups: Vec<usize> =
        text[range.clone()].split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|length| *length > 0).collect();
    let is_date = matches!(groups.as_slice(), [4, 2, 2] | [4, 2, 2, 2] | [2, 2, 4] | [2, 2, 4, 2]);
    let is_path = text[..range.start].ends_with(['/', '_']) || text[range.end..].starts_with(['/', '_']);
    groups.iter().sum::<usize>() >= DIGITS && !is_date && !is_path && is_word(text, range)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_goes_and_what_looks_like_a_mail_or_a_number() {
        let known =
            [("Ada Lovelace", "A"), ("Ada", "B"), ("Ada L", "C"), ("Äöü GmbH", "D"), ("12", "no"), ("--", "no")];
        let known = known.map(|(text, other)| (text.to_owned(), other.to_owned()));
        let known = Known::new(known.into()).unwrap();
        for (text, expected) in [
            ("for ADA LOVELACE, or Ada", "for A, or B"),
            ("Ada Lovely", "B Lovely"),
            ("Canada, Adam", "Canada, Adam"),
            ("(Äöü GmbH)", "(D)"),
            ("12 -- 12", "12 -- 12"),
            ("write to ada.l+x@mail.example.org!", "write to somebody@example.com!"),
            ("<a href='mailto:x@y.de'>", "<a href='mailto:somebody@example.com'>"),
            ("@home, a@b", "@home, a@b"),
            ("call +44 20 7946 0958.", "call +1 555 0000000."),
            ("0032 (0)2/555.12.34, (555) 123-4567", "+1 555 0000000, +1 555 0000000"),
            ("089 1234567 or 0472123456", "+1 555 0000000 or +1 555 0000000"),
            // None of these is a number that somebody answers.
            ("S00012345 of 2026-11-26 10:00:00", "S00012345 of 2026-11-26 10:00:00"),
            ("INV/2026/00001, 601647855631", "INV/2026/00001, 601647855631"),
            ("31.12.2026, 19.0.1.0.3, 1,234,567.00", "31.12.2026, 19.0.1.0.3, 1,234,567.00"),
        ] {
            assert_eq!(known.replaced(text), expected, "{text}");
        }
    }
}
