//! What may have another name now: proposals with their evidence. Nothing here is applied.

mod fields;
mod models;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::What;
use super::change::Change;
use crate::schema::Schema;

/// How sure a [`Rename`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sure {
    /// The evidence would fit other things too: look before you use it.
    Possible,
    /// Several things agree that hardly do by chance.
    Likely,
}

/// A proposal: what a model or a field that is gone may be called now.
///
/// It is found by what both have in common. A field also has to have a type of the same kind, and to point to the same
/// model, or to one that the old one is renamed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rename {
    /// The new name.
    pub to: String,
    /// How sure that is.
    pub sure: Sure,
    /// What speaks for it: `the same label`.
    pub evidence: Vec<String>,
    /// Other names for which nearly as much speaks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
    /// Of a model: its fields that have other names there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Rename>,
}

/// A possible pair, with points for the evidence.
#[derive(Clone, Debug)]
struct Candidate<'a> {
    from: &'a str,
    to: &'a str,
    points: i32,
    evidence: Vec<String>,
}

/// Those that are this near to the chosen one are named beside it.
const NEAR: i32 = 75;

/// Chooses from the candidates of a model, or from those that are models: the best first, each name once.
fn choose(mut candidates: Vec<Candidate<'_>>, least: i32, likely: i32) -> BTreeMap<&str, (i32, Rename)> {
    candidates.sort_by(|a, b| (b.points, a.from, a.to).cmp(&(a.points, b.from, b.to)));
    let mut chosen: BTreeMap<&str, (i32, Rename)> = BTreeMap::new();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for candidate in candidates.into_iter().filter(|candidate| candidate.points >= least) {
        let Candidate { from, to, points, evidence } = candidate;
        let by = taken.get(to).copied();
        if !chosen.contains_key(from) && by.is_none() {
            let sure = if points >= likely { Sure::Likely } else { Sure::Possible };
            let rename = Rename { to: to.to_owned(), sure, evidence, others: Vec::new(), fields: BTreeMap::new() };
            chosen.insert(from, (points, rename));
            taken.insert(to, from);
            continue;
        }
        // One that lost narrowly makes the winner doubtful: another new name for it, or another old one for that name.
        if let Some((best, rename)) = chosen.get_mut(from)
            && points + NEAR > *best
        {
            rename.others.push(to.to_owned());
            rename.sure = Sure::Possible;
        } else if let Some((best, rename)) = by.and_then(|by| chosen.get_mut(by))
            && points + NEAR > *best
        {
            rename.evidence.push(format!("but {from} may be it as well"));
            rename.sure = Sure::Possible;
        }
    }
    chosen
}

/// Adds proposals to the changes that say that something is gone.
pub(super) fn propose(old: &Schema, new: &Schema, changes: &mut [Change]) {
    let models: BTreeMap<&str, Rename> =
        models::renamed(old, new).into_iter().map(|(name, (_, rename))| (name, rename)).collect();
    let names = models.iter().map(|(from, rename)| (*from, rename.to.as_str())).collect();
    let mut fields = fields::renamed(old, new, &names);
    for change in changes {
        let Some(model) = change.model.as_deref() else { continue };
        change.rename = match (change.what, &change.field) {
            (What::ModelGone, _) => models.get(model).cloned().map(|mut rename| {
                rename.fields = fields.remove(model).unwrap_or_default();
                rename
            }),
            (What::FieldGone, Some(field)) => fields.get_mut(model).and_then(|renamed| renamed.remove(field)),
            _ => None,
        };
    }
}

/// How much two sets have in common, of a hundred.
fn likeness(one: &BTreeSet<String>, other: &BTreeSet<String>) -> i32 {
    let shared = one.intersection(other).count();
    let all = one.len() + other.len() - shared;
    i32::try_from((shared * 100).checked_div(all).unwrap_or(0)).unwrap_or(0)
}
