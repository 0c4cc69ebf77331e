//! How much changed, by grade and by model.

use std::collections::BTreeMap;

use odoo_codegen::diff::{Change, Grade};
use serde::Serialize;

use crate::report::counted;

/// So many models are named as the heaviest.
pub(super) const HEAVIEST: usize = 10;

/// How many changes there are of each grade.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Counts {
    pub(super) breaking: usize,
    pub(super) dangerous: usize,
    pub(super) safe: usize,
    /// Models and fields that are gone and may have another name.
    pub(super) renames: usize,
}

impl Counts {
    pub(super) fn of<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Self {
        let mut counts = Self::default();
        for change in changes {
            *match change.grade {
                Grade::Breaking => &mut counts.breaking,
                Grade::Dangerous => &mut counts.dangerous,
                Grade::Safe => &mut counts.safe,
            } += 1;
            counts.renames += usize::from(change.rename.is_some());
        }
        counts
    }

    /// `12 breaking, 3 dangerous, 40 safe`
    pub(super) fn grades(&self) -> String {
        format!("{} breaking, {} dangerous, {} safe", self.breaking, self.dangerous, self.safe)
    }

    /// With the sum and the renames.
    pub(super) fn total(&self) -> String {
        let all = counted(self.breaking + self.dangerous + self.safe, "change");
        let renames = match self.renames {
            0 => String::new(),
            renames => format!("; {} proposed", counted(renames, "rename")),
        };
        format!("{all}: {}{renames}", self.grades())
    }
}

/// The changes by model; first, under no name, those of the schema as a whole.
pub(super) fn by_model(changes: &[Change]) -> BTreeMap<&str, Vec<&Change>> {
    let mut models: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        models.entry(change.model.as_deref().unwrap_or_default()).or_default().push(change);
    }
    models.values_mut().for_each(|changes| changes.sort_by_key(|change| std::cmp::Reverse(change.grade)));
    models
}

/// The models with most changes that break code, then most that are dangerous.
pub(super) fn heaviest<'c>(models: &BTreeMap<&'c str, Vec<&Change>>) -> Vec<(&'c str, Counts)> {
    let counted = models.iter().filter(|(name, _)| !name.is_empty());
    let mut counted: Vec<_> = counted.map(|(name, all)| (*name, Counts::of(all.iter().copied()))).collect();
    counted.retain(|(_, counts)| counts.breaking + counts.dangerous > 0);
    counted.sort_by(|(a, ours), (b, theirs)| (theirs, a).cmp(&(ours, b)));
    counted.truncate(HEAVIEST);
    counted
}
