//! Joins what the compiler says with the changes that are the cause.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use odoo_codegen::diff::{Change, Grade, What};

use super::code::NOTE;
use super::compile::{Compiled, Place, Said};
use super::packages::Packages;
use super::show::{Entry, Found};

/// Where code names something that changes.
struct Use<'a> {
    place: &'a Place,
    change: &'a Change,
    /// Whether what it names is no longer there.
    is_gone: bool,
    /// What it is part of: a library and its tests are compiled each on their own.
    units: BTreeSet<&'a (String, String)>,
    /// What the compiler says of it with the code of the other Odoo.
    error: Option<&'a Said>,
}

/// Errors about a name that is not found: of what follows from it the compiler says nothing.
const EARLY: [&str; 9] = ["E0405", "E0412", "E0422", "E0423", "E0425", "E0432", "E0433", "E0531", "E0532"];

/// An error is taken to be about what is named so many lines above it, where nothing nearer is.
const NEAR: usize = 2;

/// `now` is of the code as it is, in which what changes is deprecated, `then` of that of the other Odoo.
pub(super) fn join(found: &mut Found, packages: &Packages, changes: &[Change], now: &Compiled, then: &Compiled) {
    let mut uses = uses(packages, changes, now);
    let mut told = BTreeSet::new();
    for error in then.errors() {
        let place = error.places.first();
        // A library is compiled again for its tests.
        if !told.insert((place.cloned(), &error.text)) {
            continue;
        }
        let causes = causes(&uses, error);
        if causes.is_empty() {
            found.breaks.push(Entry::new(place, None, Some(error)));
        }
        for at in causes {
            uses[at].error.get_or_insert(error);
        }
    }
    let broken: BTreeSet<_> = then.errors().map(|error| &error.unit).collect();
    let early: BTreeSet<_> =
        then.errors().filter(|error| EARLY.contains(&&*error.code)).map(|error| &error.unit).collect();
    for one in uses {
        let entry = Entry::new(Some(one.place), Some(one.change), one.error);
        let is_checked = one.units.iter().any(|unit| then.done.contains(unit) || broken.contains(unit));
        match one.change.grade {
            _ if one.is_gone || one.error.is_some() => found.breaks.push(entry),
            Grade::Breaking if !is_checked => found.may_break.push(entry),
            // Code does something else with it.
            Grade::Breaking if limit(one.change.what).is_some() => {}
            // What follows from a name that is not found is not told.
            Grade::Breaking if one.units.iter().all(|unit| early.contains(unit)) => found.may_break.push(entry),
            _ => found.dangerous.push(entry),
        }
    }
    let not_reached = now.done.iter().filter(|unit| !then.done.contains(unit) && !broken.contains(unit));
    let not_reached: BTreeSet<_> = not_reached.chain(early).collect();
    found.incomplete = not_reached.into_iter().map(|(package, target)| packages.unit(package, target)).collect();
    found.sort();
}

/// What the compiler says where code does with a field what cannot be done with it: code that does something else is not touched.
fn limit(what: What) -> Option<&'static str> {
    match what {
        What::ReadOnly => Some("is readonly"),
        What::CannotFilter => Some("cannot be filtered"),
        What::CannotOrder => Some("cannot be ordered"),
        What::CannotGroup => Some("cannot be grouped"),
        What::CannotAggregate => Some("cannot be aggregated"),
        _ => None,
    }
}

fn uses<'a>(packages: &Packages, changes: &'a [Change], now: &'a Compiled) -> Vec<Use<'a>> {
    let mut uses: BTreeMap<(&str, usize, usize, usize), Use<'a>> = BTreeMap::new();
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for said in now.said.iter().filter(|said| said.code == "deprecated") {
        let (Some(place), Some(numbers)) = (said.places.first(), said.text.rsplit_once("`: ")) else { continue };
        let Some(numbers) = numbers.1.strip_prefix(NOTE) else { continue };
        let text = files
            .entry(&place.file)
            .or_insert_with(|| fs::read_to_string(packages.path(&place.file)).unwrap_or_default());
        let numbers: BTreeSet<usize> = numbers.split(' ').filter_map(|number| number.parse().ok()).collect();
        let of_change = |at: usize| changes.get(at).map(|change| (at, change));
        let meant: Vec<_> = numbers
            .into_iter()
            .filter_map(of_change)
            .filter(|(_, change)| is_meant(change, text, place.line))
            .collect();
        // A field that is no selection any more has no enum.
        let is_enum = !said.text.contains("associated constant `") && !said.text.contains("field `");
        for (at, change) in only_named(meant, text, is_enum) {
            let is_gone = change.what.is_gone() || change.what == What::Type && is_enum;
            // A line that makes a record names the model more than once.
            let column = if is_given(change) { 0 } else { place.column };
            let one = uses.entry((&place.file, place.line, column, at));
            let one = one.or_insert_with(|| Use { place, change, is_gone, units: BTreeSet::new(), error: None });
            one.units.insert(&said.unit);
        }
    }
    uses.into_values().collect()
}

/// Whether it is about what a new record must be given.
fn is_given(change: &Change) -> bool {
    matches!(change.what, What::FieldNewGiven | What::MustBeGiven)
}

/// That touches code that makes one: a program that names the model beside a word for that.
fn is_meant(change: &Change, text: &str, line: usize) -> bool {
    let makes = |word: &str| matches!(word, "Values" | "values") || word.starts_with("create");
    let is_import = |line: &str| line.trim_start().starts_with("use ");
    let mut near = text.lines().take(line).skip(line.saturating_sub(NEAR + 1)).collect::<Vec<_>>();
    let is_imported = near.last().is_some_and(|line| is_import(line));
    near.retain(|line| !is_import(line));
    !is_given(change) || !is_imported && near.into_iter().flat_map(words).any(makes)
}

/// Of changes of an enum that fields of several models have, those of models that the file names.
fn only_named<'a>(changes: Vec<(usize, &'a Change)>, text: &str, is_enum: bool) -> Vec<(usize, &'a Change)> {
    let is_shared = |change: &Change| is_enum || matches!(change.what, What::ValueGone | What::ValueNew);
    let is_named = |change: &Change| names(text, change.model.as_deref().unwrap_or_default());
    let named: Vec<_> = changes.iter().copied().filter(|(_, change)| !is_shared(change) || is_named(change)).collect();
    if named.is_empty() { changes } else { named }
}

/// Whether code names a model, by its marker or its module.
pub(super) fn names(code: &str, model: &str) -> bool {
    let name = model.split_once('.').map_or(model, |(_, rest)| rest);
    let (module, marker) = (name.replace('.', "_"), name.replace(['.', '_'], ""));
    words(code).any(|word| word.trim_end_matches('_') == module || word.eq_ignore_ascii_case(&marker))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The uses that an error is about.
fn causes(uses: &[Use<'_>], error: &Said) -> Vec<usize> {
    // What is gone is still there for the compiler: rather it is another.
    let is_likely = |one: &Use<'_>| one.change.grade == Grade::Breaking && !one.is_gone;
    let is_possible = |one: &Use<'_>| one.change.grade == Grade::Breaking;
    let mut found = at_place(uses, error, is_likely);
    if found.is_empty() {
        found = at_place(uses, error, is_possible);
    }
    let fits = |at: &usize| limit(uses[*at].change.what).is_none_or(|words| error.text.contains(words));
    if found.iter().any(fits) {
        found.retain(fits);
    }
    found
}

/// What is at the place of an error: in its span, or the nearest before it on the line, or within its lines, or just above.
fn at_place(uses: &[Use<'_>], error: &Said, is_it: impl Fn(&Use<'_>) -> bool) -> Vec<usize> {
    for place in &error.places {
        let is_here = |one: &Use<'_>| is_it(one) && one.place.file == place.file;
        let those = |is_one: &dyn Fn(&Place) -> bool| -> Vec<usize> {
            let all = uses.iter().enumerate().filter(|(_, one)| is_here(one) && is_one(one.place));
            all.map(|(at, _)| at).collect()
        };
        let (from, to) = ((place.line, place.column), place.end);
        let within = those(&|at| from <= (at.line, at.column) && (at.line, at.column) < to);
        if !within.is_empty() {
            return within;
        }
        let furthest = if place.is_primary { NEAR } else { 0 };
        let before = those(&|at| at.line + furthest >= place.line && (at.line, at.column) < from);
        if let Some(nearest) = before.iter().map(|at| (uses[*at].place.line, uses[*at].place.column)).max() {
            return those(&|at| (at.line, at.column) == nearest);
        }
    }
    Vec::new()
}
