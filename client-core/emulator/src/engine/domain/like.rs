//! `LIKE` of PostgreSQL: `%`, `_` and a backslash before what is meant literally.

/// A pattern, made ready.
#[derive(Debug)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
    ignores_case: bool,
    /// What a text contains anywhere, where that is all: a search for bytes.
    contains: Option<Vec<u8>>,
}

#[derive(Debug, PartialEq)]
enum Part {
    Any,
    One,
    Char(char),
}

impl Part {
    fn ascii(&self) -> Option<u8> {
        match self {
            Self::Char(c) => u8::try_from(*c).ok().filter(u8::is_ascii),
            Self::Any | Self::One => None,
        }
    }
}

impl Pattern {
    pub(crate) fn new(pattern: &str, ignores_case: bool) -> Self {
        let mut parts = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            match c {
                '%' if parts.last() == Some(&Part::Any) => {}
                '%' => parts.push(Part::Any),
                '_' => parts.push(Part::One),
                '\\' => parts.extend(chars.next().map(|c| Part::Char(fold(c, ignores_case)))),
                c => parts.push(Part::Char(fold(c, ignores_case))),
            }
        }
        let contains = match parts.as_slice() {
            [Part::Any, inner @ .., Part::Any] => inner.iter().map(Part::ascii).collect(),
            _ => None,
        };
        Self { parts, ignores_case, contains }
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        match &self.contains {
            Some(wanted) if !self.ignores_case || text.is_ascii() => {
                let same = |bytes: &[u8]| match self.ignores_case {
                    true => bytes.eq_ignore_ascii_case(wanted),
                    false => bytes == wanted,
                };
                wanted.is_empty() || text.as_bytes().windows(wanted.len()).any(same)
            }
            _ => self.walk(text),
        }
    }

    fn walk(&self, text: &str) -> bool {
        let (mut part, mut rest) = (0, text);
        // Where to go on when what follows the last `%` does not fit.
        let mut again: Option<(usize, &str)> = None;
        loop {
            let mut chars = rest.chars();
            let next = chars.next();
            match (self.parts.get(part), next) {
                (Some(Part::Any), _) => {
                    part += 1;
                    again = Some((part, rest));
                    continue;
                }
                (None, None) => return true,
                (Some(Part::One), Some(_)) => {
                    (part, rest) = (part + 1, chars.as_str());
                    continue;
                }
                (Some(Part::Char(c)), Some(next)) if *c == fold(next, self.ignores_case) => {
                    (part, rest) = (part + 1, chars.as_str());
                    continue;
                }
                _ => {}
            }
            let Some((after, from)) = again else { return false };
            let mut chars = from.chars();
            if chars.next().is_none() {
                return false;
            }
            again = Some((after, chars.as_str()));
            (part, rest) = (after, chars.as_str());
        }
    }
}

/// The lower case of a character, where that is one character, as the C library has it.
fn fold(c: char, ignores_case: bool) -> char {
    if !ignores_case {
        return c;
    }
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_sql() {
        for (pattern, text, expected) in [
            ("%b%", "abc", true),
            ("a%c", "abbc", true),
            ("a%c", "abbd", false),
            ("a_c", "abc", true),
            ("a_c", "ac", false),
            ("%%", "", true),
            ("_", "é", true),
            ("100\\%", "100%", true),
            ("100\\%", "1000", false),
            ("%ab%ab", "abxabab", true),
            ("É%", "été", false),
            ("%%", "x", true),
            ("%b\\%%", "ab%", true),
            ("%é%", "été", true),
        ] {
            assert_eq!(Pattern::new(pattern, false).fits(text), expected, "{pattern} {text}");
        }
        for (pattern, text, expected) in [
            ("É%", "été", true),
            ("%TN%", "Partner", true),
            ("%TN%", "pärTner", true),
            ("%tm%", "Partner", false),
            // The sign of Kelvin is a K.
            ("%k%", "3 \u{212a}", true),
        ] {
            assert_eq!(Pattern::new(pattern, true).fits(text), expected, "{pattern} {text}");
        }
    }
}
