//! Models that may have another name: by their fields, their label, their name, and what points to them.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{parts, plain};
use super::{Candidate, Rename, choose, likeness};
use crate::schema::Schema;

/// A field that more models have tells nothing about which of them to look at.
const COMMON: usize = 60;

/// The same of a word in their names.
const COMMON_WORD: usize = 30;

/// The least points of a proposal, if the names are alike and if not.
const LEAST: i32 = 155;
const LEAST_OF_OTHER_NAMES: i32 = 210;
const LIKELY: i32 = 300;

pub(super) fn renamed<'a>(old: &'a Schema, new: &'a Schema) -> BTreeMap<&'a str, (i32, Rename)> {
    let gone: Vec<&str> =
        old.models.keys().map(String::as_str).filter(|name| !new.models.contains_key(*name)).collect();
    let came: Vec<&str> =
        new.models.keys().map(String::as_str).filter(|name| !old.models.contains_key(*name)).collect();
    if gone.is_empty() || came.is_empty() {
        return BTreeMap::new();
    }
    let index = Index::of(old, new, &came);
    let moved = Moved::of(old, new);
    let mut candidates = Vec::new();
    for from in gone {
        let mut near: BTreeSet<&str> = moved.from.get(from).into_iter().flat_map(BTreeMap::keys).copied().collect();
        for field in old.models[from].fields.keys().filter(|field| index.count(field) <= COMMON) {
            near.extend(index.by_field.get(field.as_str()).into_iter().flatten());
        }
        for word in words(from) {
            near.extend(index.by_word.get(&word).into_iter().flatten().take(COMMON_WORD));
        }
        candidates.extend(near.into_iter().filter_map(|to| candidate(&index, &moved, from, to)));
    }
    choose(candidates, LEAST, LIKELY)
}

fn words(name: &str) -> BTreeSet<String> {
    parts(name, &BTreeMap::new()).into_iter().collect()
}

fn candidate<'a>(index: &Index<'a>, moved: &Moved<'a>, from: &'a str, to: &'a str) -> Option<Candidate<'a>> {
    let (was, is) = (index.old.models.get(from)?, index.new.models.get(to)?);
    let mut points = 0;
    let mut evidence = Vec::new();
    let (mut shared, mut all, mut same) = (0.0, 0.0, 0);
    for name in was.fields.keys().chain(is.fields.keys().filter(|name| !was.fields.contains_key(*name))) {
        all += index.weight(name);
        if let (Some(one), Some(other)) = (was.fields.get(name), is.fields.get(name))
            && one.ttype == other.ttype
        {
            shared += index.weight(name);
            same += 1;
        }
    }
    // No more than 400.
    #[allow(clippy::cast_possible_truncation, reason = "a share")]
    let share = (if all > 0.0 { 400.0 * shared / all } else { 0.0 }) as i32;
    points += share;
    if share >= 120 {
        evidence.push(format!("{same} of {} fields are the same", was.fields.len()));
    }
    if let (Some(one), Some(other)) = (&was.label, &is.label)
        && plain(one) == plain(other)
        && !plain(one).is_empty()
    {
        points += 200;
        evidence.push("the same label".to_owned());
    }
    let (count, all) = moved.fields(true, from, to);
    if count > 0 {
        points += if count == all { 200 } else { 100 };
        evidence.push(format!("{count} of {all} fields that pointed to it now point there"));
    } else if let (count @ 1.., all) = moved.fields(false, from, to) {
        points += 100 * count / all;
        evidence.push(format!("models have new fields to it in place of {count} of {all}"));
    }
    let alike = likeness(&words(from), &words(to));
    points += alike * 3 / 2;
    if alike >= 50 {
        evidence.push("the names are alike".to_owned());
    }
    if was.transient != is.transient {
        points -= 150;
    }
    let is_enough = points >= LEAST_OF_OTHER_NAMES || alike >= 50;
    is_enough.then_some(Candidate { from, to, points, evidence })
}

/// Where to look for models that are like one.
struct Index<'a> {
    old: &'a Schema,
    new: &'a Schema,
    /// In how many models of both there is a field of a name.
    counts: BTreeMap<&'a str, usize>,
    /// The new models by their fields, and by the words of their names.
    by_field: BTreeMap<&'a str, Vec<&'a str>>,
    by_word: BTreeMap<String, Vec<&'a str>>,
}

impl<'a> Index<'a> {
    fn of(old: &'a Schema, new: &'a Schema, came: &[&'a str]) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for field in old.models.values().chain(new.models.values()).flat_map(|model| model.fields.keys()) {
            *counts.entry(field).or_default() += 1;
        }
        let mut by_field: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut by_word: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for name in came {
            for field in new.models[*name].fields.keys() {
                by_field.entry(field).or_default().push(name);
            }
            for word in words(name) {
                by_word.entry(word).or_default().push(name);
            }
        }
        Self { old, new, counts, by_field, by_word }
    }

    fn count(&self, field: &str) -> usize {
        self.counts.get(field).copied().unwrap_or(1)
    }

    /// How much a field tells about a model: what many have, little.
    #[allow(clippy::cast_precision_loss, reason = "not so many models")]
    fn weight(&self, field: &str) -> f64 {
        let models = self.old.models.len() + self.new.models.len();
        (models as f64 / self.count(field) as f64).ln()
    }
}

/// In how many fields, or models, one model was replaced by another as what is pointed to.
type Pairs<'a> = BTreeMap<&'a str, BTreeMap<&'a str, i32>>;

/// What pointed to models that are gone, and now points to new ones.
struct Moved<'a> {
    /// Fields of the same name.
    kept: Pairs<'a>,
    /// Models that have a new field of the same type to it, where one to the old model is gone.
    from: Pairs<'a>,
    /// How many there are of each in all.
    all: BTreeMap<(bool, &'a str), i32>,
}

impl<'a> Moved<'a> {
    fn of(old: &'a Schema, new: &'a Schema) -> Self {
        let mut moved = Self { kept: Pairs::new(), from: Pairs::new(), all: BTreeMap::new() };
        let is_gone = |model: &&str| !new.models.contains_key(*model);
        let is_new = |model: &&str| !old.models.contains_key(*model);
        for (name, was) in &old.models {
            let Some(is) = new.models.get(name) else { continue };
            let mut gone: BTreeSet<(&str, &str)> = BTreeSet::new();
            for (field, one) in &was.fields {
                let Some(to) = one.relation.as_deref().filter(is_gone) else { continue };
                match is.fields.get(field).map(|other| other.relation.as_deref().filter(is_new)) {
                    None => drop(gone.insert((to, one.ttype.as_str()))),
                    Some(None) => {}
                    Some(Some(now)) => {
                        *moved.kept.entry(to).or_default().entry(now).or_default() += 1;
                        *moved.all.entry((true, to)).or_default() += 1;
                    }
                }
            }
            if gone.is_empty() {
                continue;
            }
            let came = is.fields.iter().filter(|(field, _)| !was.fields.contains_key(*field));
            let came: BTreeSet<(&str, &str)> =
                came.filter_map(|(_, f)| Some((f.relation.as_deref().filter(is_new)?, f.ttype.as_str()))).collect();
            for to in gone.iter().map(|(to, _)| *to).collect::<BTreeSet<_>>() {
                *moved.all.entry((false, to)).or_default() += 1;
                let same = came.iter().filter(|(_, ttype)| gone.contains(&(to, *ttype)));
                for now in same.map(|(now, _)| *now).collect::<BTreeSet<_>>() {
                    *moved.from.entry(to).or_default().entry(now).or_default() += 1;
                }
            }
        }
        for (from, to) in &moved.kept {
            let known = moved.from.entry(from).or_default();
            for now in to.keys() {
                known.entry(now).or_default();
            }
        }
        moved
    }

    /// How many went from one to the other, of how many: fields that kept their name, or models with another one.
    fn fields(&self, is_kept: bool, from: &str, to: &str) -> (i32, i32) {
        let pairs = if is_kept { &self.kept } else { &self.from };
        let count = pairs.get(from).and_then(|known| known.get(to)).copied().unwrap_or(0);
        (count, self.all.get(&(is_kept, from)).copied().unwrap_or(0).max(1))
    }
}
