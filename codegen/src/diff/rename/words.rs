//! Words of labels and names, without what makes no difference.

use std::collections::{BTreeMap, BTreeSet};

/// A text in small letters with single spaces and without punctuation.
pub(super) fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The words of a text that [`plain`] made, without plurals.
pub(super) fn stems(plain: &str) -> BTreeSet<String> {
    plain.split(' ').filter(|word| !word.is_empty()).map(|word| stem(word).to_owned()).collect()
}

/// The words of a name in their order, without plurals and without `id` and `ids`, some said by another word.
pub(super) fn parts(name: &str, said: &BTreeMap<String, String>) -> Vec<String> {
    let parts = name.split(['.', '_']).map(stem).filter(|part| !matches!(*part, "" | "id" | "ids"));
    parts.map(|part| said.get(part).map_or(part, String::as_str).to_owned()).collect()
}

/// The one word in which two names of as many words differ.
pub(super) fn other_word<'p>(old: &'p [String], new: &'p [String]) -> Option<(&'p String, &'p String)> {
    if old.len() != new.len() {
        return None;
    }
    let mut differ = old.iter().zip(new).filter(|(old, new)| old != new);
    let first = differ.next()?;
    differ.next().is_none().then_some(first)
}

fn stem(word: &str) -> &str {
    let cut = if word.len() > 3 && ["xes", "ses", "hes"].iter().any(|end| word.ends_with(end)) {
        2
    } else {
        usize::from(word.len() > 3 && word.ends_with('s') && !word.ends_with("ss"))
    };
    &word[..word.len() - cut]
}
