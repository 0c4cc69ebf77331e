//! Fields that may have another name in their model, or in the model that theirs was renamed to.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{other_word, parts, plain, stems};
use super::{Candidate, Rename, choose, likeness};
use crate::schema::{Field, Model, Schema};

/// The least points of a proposal, and of one that others are judged by.
const LEAST: i32 = 230;
const LIKELY: i32 = 300;

/// More fields with the same in common are not compared one by one: it tells nothing about any of them.
const COMMON: usize = 24;

/// The models that are renamed.
pub(super) type Models<'a> = BTreeMap<&'a str, &'a str>;

/// What each field that is gone may be called now, by its model.
pub(super) fn renamed(old: &Schema, new: &Schema, models: &Models<'_>) -> BTreeMap<String, BTreeMap<String, Rename>> {
    let mut told = told(old, new, models);
    let said = models.iter().filter_map(|(from, to)| {
        let none = BTreeMap::new();
        let (from, to) = (parts(from, &none), parts(to, &none));
        other_word(&from, &to).map(|(old, new)| (old.clone(), new.clone()))
    });
    let said: BTreeMap<String, String> = said.collect();
    let pairs: Vec<Pair<'_>> = old
        .models
        .iter()
        .filter_map(|(name, was)| {
            let is = new.models.get(models.get(name.as_str()).copied().unwrap_or(name))?;
            Pair::of(name, was, is, models, told.remove(name.as_str()).unwrap_or_default(), said.clone())
        })
        .collect();
    // First what is sure in itself; then, with that, what is called so elsewhere too.
    let first: Vec<_> = pairs.iter().map(|pair| choose(pair.candidates(&Elsewhere::new()), LIKELY, LIKELY)).collect();
    let mut elsewhere = Elsewhere::new();
    for (pair, first) in pairs.iter().zip(&first) {
        for (from, (_, rename)) in first {
            elsewhere.entry(from).or_default().entry(rename.to.clone()).or_default().insert(pair.name);
        }
    }
    let mut renamed = BTreeMap::new();
    for (mut pair, first) in pairs.into_iter().zip(&first) {
        pair.learn(first);
        let chosen = choose(pair.candidates(&elsewhere), LEAST, LIKELY).into_iter();
        let chosen: BTreeMap<_, _> = chosen.map(|(from, (_, rename))| (from.to_owned(), rename)).collect();
        if !chosen.is_empty() {
            renamed.insert(pair.name.to_owned(), chosen);
        }
    }
    renamed
}

/// The models in which a name was replaced by another.
type Elsewhere<'a> = BTreeMap<&'a str, BTreeMap<String, BTreeSet<&'a str>>>;

/// A field that is gone or new, with what it is compared by.
struct Traits<'a> {
    name: &'a str,
    field: &'a Field,
    /// The model it points to, by its new name.
    relation: Option<&'a str>,
    label: String,
    label_words: BTreeSet<String>,
    /// Whether another field of the model has this label.
    label_is_shared: bool,
    help: String,
}

/// A model before and after, with the fields that are in one alone.
struct Pair<'a> {
    name: &'a str,
    gone: Vec<Traits<'a>>,
    new: Vec<Traits<'a>>,
    /// How many of the first and of the second there are of a kind that point to a model.
    pointing: [BTreeMap<(&'a str, &'a str), usize>; 2],
    /// By which names others speak of fields now.
    told: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Words of old names, by which others new names say.
    said: BTreeMap<String, String>,
}

impl<'a> Pair<'a> {
    fn of(
        name: &'a str,
        was: &'a Model,
        is: &'a Model,
        models: &Models<'a>,
        told: BTreeMap<&'a str, BTreeSet<&'a str>>,
        said: BTreeMap<String, String>,
    ) -> Option<Self> {
        let only = |one: &'a Model, other: &Model| -> Vec<_> {
            one.fields.iter().filter(|(name, _)| !other.fields.contains_key(*name)).collect()
        };
        let (gone, new) = (only(was, is), only(is, was));
        if gone.is_empty() || new.is_empty() {
            return None;
        }
        let traits = |fields: Vec<(&'a String, &'a Field)>, model: &Model| -> Vec<Traits<'a>> {
            let mut labels: BTreeMap<String, usize> = BTreeMap::new();
            for field in model.fields.values() {
                *labels.entry(plain(&field.label)).or_default() += 1;
            }
            let traits = |(name, field): (&'a String, &'a Field)| {
                let label = plain(&field.label);
                let relation = field.relation.as_deref().map(|to| models.get(to).copied().unwrap_or(to));
                Traits {
                    name,
                    field,
                    relation,
                    label_words: stems(&label),
                    label_is_shared: labels.get(&label).is_some_and(|count| *count > 1),
                    label,
                    help: field.help.as_deref().map(plain).unwrap_or_default(),
                }
            };
            fields.into_iter().map(traits).collect()
        };
        let (gone, new) = (traits(gone, was), traits(new, is));
        let pointing = [&gone, &new].map(|fields| {
            let mut count = BTreeMap::new();
            for (to, ttype) in fields.iter().filter_map(|f| Some((f.relation?, f.field.ttype.as_str()))) {
                *count.entry((kind(ttype), to)).or_default() += 1;
            }
            count
        });
        Some(Self { name, gone, new, pointing, told, said })
    }

    /// Takes from what is chosen by which words the new names of this model say words of the old ones.
    fn learn(&mut self, chosen: &BTreeMap<&str, (i32, Rename)>) {
        let none = BTreeMap::new();
        for (from, (_, rename)) in chosen {
            let (old, new) = (parts(from, &none), parts(&rename.to, &none));
            if let Some((old, new)) = other_word(&old, &new) {
                self.said.entry(old.clone()).or_insert_with(|| new.clone());
            }
        }
    }

    fn candidates(&self, elsewhere: &Elsewhere<'_>) -> Vec<Candidate<'a>> {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, new) in self.new.iter().enumerate() {
            for key in self.keys(new, &BTreeMap::new()) {
                by_key.entry(key).or_default().push(at);
            }
        }
        let by_name: BTreeMap<&str, usize> = self.new.iter().enumerate().map(|(at, new)| (new.name, at)).collect();
        let mut candidates = Vec::new();
        for gone in &self.gone {
            let found = self.keys(gone, &self.said).into_iter().filter_map(|key| by_key.get(&key));
            let mut near: BTreeSet<usize> = found.filter(|near| near.len() <= COMMON).flatten().copied().collect();
            let told = self.told.get(gone.name).into_iter().flatten().copied();
            let others = elsewhere.get(gone.name).into_iter().flat_map(|to| to.keys().map(String::as_str));
            near.extend(told.chain(others).filter_map(|name| by_name.get(name)));
            candidates.extend(near.into_iter().filter_map(|at| self.compare(gone, &self.new[at], elsewhere)));
        }
        candidates
    }

    /// What a field can be found by.
    fn keys(&self, traits: &Traits<'_>, said: &BTreeMap<String, String>) -> Vec<String> {
        let Traits { name, field, relation, label, help, .. } = traits;
        let mut keys: Vec<String> = parts(name, said).into_iter().map(|part| format!("name {part}")).collect();
        keys.push(format!("label {label}"));
        keys.extend((!help.is_empty()).then(|| format!("help {help}")));
        keys.extend(field.related.as_ref().map(|path| format!("related {path}")));
        keys.extend(field.selection.as_ref().map(|selection| format!("selection {:?}", selection.values())));
        keys.extend(relation.map(|to| format!("relation {} {to}", kind(&field.ttype))));
        keys
    }

    fn compare(&self, gone: &Traits<'a>, new: &Traits<'a>, elsewhere: &Elsewhere<'_>) -> Option<Candidate<'a>> {
        let (was, is) = (gone.field, new.field);
        let mut score = Score::default();
        let kinds = (kind(&was.ttype), kind(&is.ttype));
        match kinds {
            _ if was.ttype == is.ttype => {}
            (one, other) if one == other => score.points -= 50,
            ("one", "many") | ("many", "one") => score.points -= 100,
            _ => return None,
        }
        if gone.relation != new.relation {
            return None;
        }
        self.compare_texts(&mut score, gone, new);
        match (&was.related, &is.related) {
            (Some(one), Some(other)) if one == other => score.add(300, "the same related path"),
            (Some(one), Some(other)) if one.rsplit('.').next() == other.rsplit('.').next() => score.points += 50,
            (Some(_), None) | (None, Some(_)) => score.points -= 100,
            _ => {}
        }
        if let (Some(one), Some(other)) = (&was.selection, &is.selection) {
            let values = |selection: &crate::Selection| selection.values().into_iter().map(str::to_owned).collect();
            match likeness(&values(one), &values(other)) {
                100 => score.add(200, "the same selection values"),
                50.. => score.add(100, "most of the selection values"),
                _ => score.points -= 150,
            }
        }
        if self.told.get(gone.name).is_some_and(|to| to.contains(new.name)) {
            score.add(300, "other fields refer to it by the new name");
        }
        if let Some(to) = gone.relation {
            score.points += 50;
            let alone = |at: usize, kind: &str| self.pointing[at].get(&(kind, to)) == Some(&1);
            if was.ttype == is.ttype && alone(0, kinds.0) && alone(1, kinds.1) {
                score.add(100, format!("the only one to {to}"));
            }
            if was.relation_field.is_some() && was.relation_field == is.relation_field {
                score.points += 100;
            }
        }
        let flags = |field: &Field| {
            [field.stored, field.computed, field.readonly, field.required, field.translated, field.company_dependent]
        };
        let differ = flags(was).iter().zip(flags(is)).filter(|(one, other)| **one != *other).count();
        score.points += if differ == 0 { 30 } else { -40 * i32::try_from(differ).unwrap_or(6) };
        if elsewhere
            .get(gone.name)
            .and_then(|to| to.get(new.name))
            .is_some_and(|of| of.iter().any(|model| *model != self.name))
        {
            score.add(200, "the same in other models");
        }
        let Score { points, evidence } = score;
        (points >= LEAST).then_some(Candidate { from: gone.name, to: new.name, points, evidence })
    }

    fn compare_texts(&self, score: &mut Score, gone: &Traits<'_>, new: &Traits<'_>) {
        if gone.label == new.label && !gone.label.is_empty() {
            score.add(if gone.label_is_shared || new.label_is_shared { 200 } else { 300 }, "the same label");
        } else if likeness(&gone.label_words, &new.label_words) >= 50 {
            score.add(100, "a like label");
        }
        if !gone.help.is_empty() && gone.help == new.help {
            score.add(300, "the same help");
        } else if likeness(&stems(&gone.help), &stems(&new.help)) >= 60 {
            score.add(150, "a like help");
        }
        let set = |name, said| -> BTreeSet<String> { parts(name, said).into_iter().collect() };
        let (old, now) = (set(gone.name, &self.said), set(new.name, &BTreeMap::new()));
        let is_part = old.is_subset(&now) || now.is_subset(&old);
        match likeness(&old, &now) {
            100 => score.add(250, "the same name but for its form"),
            60.. if is_part => score.add(200, "a like name"),
            50.. => score.add(150, "a like name"),
            1.. if is_part => score.add(100, "a part of the name"),
            1.. => score.points += 50,
            _ if new.name.starts_with(gone.name) || gone.name.starts_with(new.name) => {
                score.add(100, "a part of the name")
            }
            _ => {}
        }
    }
}

/// Points and what they are for.
#[derive(Default)]
struct Score {
    points: i32,
    evidence: Vec<String>,
}

impl Score {
    fn add(&mut self, points: i32, what: impl Into<String>) {
        self.points += points;
        self.evidence.push(what.into());
    }
}

/// Types that a field is sometimes changed to along with its name.
fn kind(ttype: &str) -> &str {
    match ttype {
        "char" | "text" | "html" => "text",
        "integer" | "float" | "monetary" => "number",
        "many2one" => "one",
        "one2many" | "many2many" => "many",
        other => other,
    }
}

/// What fields that stayed tell of a model's fields: where they said one name, they now say others.
type Told<'a> = BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<&'a str>>>;

fn told<'a>(old: &'a Schema, new: &'a Schema, models: &Models<'_>) -> Told<'a> {
    let now = |model: &'a str| models.get(model).copied().unwrap_or(model).to_owned();
    let mut told = Told::new();
    let mut add = |model: &'a str, from: &'a str, to: &'a str| {
        if from != to {
            told.entry(model).or_default().entry(from).or_default().insert(to);
        }
    };
    for (name, was) in &old.models {
        let Some((is_name, is)) = new.models.get_key_value(&now(name)) else { continue };
        for (field, one) in &was.fields {
            let Some(other) = is.fields.get(field) else { continue };
            if let (Some(from), Some(to)) = (&one.related, &other.related)
                && from != to
            {
                let (from, to) = (path(old, name, from), path(new, is_name, to));
                if from.len() == to.len() {
                    let both = from.into_iter().zip(to).filter(|((model, _), (is_model, _))| now(model) == *is_model);
                    both.for_each(|((model, from), (_, to))| add(model, from, to));
                }
            }
            if let (Some(lines), Some(from), Some(to)) = (&one.relation, &one.relation_field, &other.relation_field)
                && other.relation.as_deref() == Some(&*now(lines))
            {
                add(lines, from, to);
            }
            if let (Some(from), Some(to)) = (&one.currency_field, &other.currency_field) {
                add(name, from, to);
            }
        }
    }
    told
}

/// The fields of a path, each with its model, as far as the schema knows them.
fn path<'a>(schema: &'a Schema, model: &'a str, path: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut at = Some(model);
    let mut fields = Vec::new();
    for field in path.split('.') {
        let Some(model) = at else { break };
        fields.push((model, field));
        at = schema.models.get(model).and_then(|model| model.fields.get(field)?.relation.as_deref());
    }
    fields
}
