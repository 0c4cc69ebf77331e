//! What a report looks like, to people and to programs.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use super::{Misfit, Missing, Poison, Refusal, Report, Unread, Verdict, Why};

impl Verdict {
    /// As in JSON.
    const fn word(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::DoesNotFit => "does not fit",
            Self::NotVerified => "not verified",
        }
    }
}

impl Why {
    const fn word(self) -> &'static str {
        match self {
            Self::NoGroup => "no group",
            Self::NoUser => "no user",
            Self::NoTable => "no table",
            Self::Fails => "fails",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::NoGroup => "no group has the right (abstract models, some wizards)",
            Self::NoUser => "whose groups have no users (features that are switched off)",
            Self::NoTable => "without a table of their own",
            Self::Fails => "where the server's own code fails or refuses",
        }
    }
}

impl Report {
    /// The report as JSON, with all names.
    pub fn to_json(&self) -> String {
        let refused = self.refused.iter().map(|r| json!({"model": r.model, "why": r.why.word(), "reason": r.reason}));
        let part = |model: &str, field: &Option<String>, reason: &str| json!({"model": model, "field": field, "reason": reason});
        let unread = self.unread.iter().map(|u| part(&u.model, &u.field, &u.reason));
        let missing = self.missing.iter().map(|m| part(&m.model, &m.field, &m.reason));
        let poisonous = self.poisonous.iter().map(|p| json!({"model": p.model, "field": p.field, "reason": p.reason}));
        let failures = self.failures.iter().map(|Misfit { records, example: e }| {
            json!({"model": e.model, "field": e.field, "records": records, "expected": e.expected,
                "example": {"id": e.id, "found": e.found}})
        });
        let report = json!({
            "url": self.url,
            "database": self.database,
            "series": self.series,
            "verdict": self.verdict().word(),
            "sample": self.sample.map(|(size, seed)| json!({"size": size, "seed": seed})),
            "wanted": self.wanted,
            "models": self.models,
            "records": self.records,
            "values": self.values,
            "refused": refused.collect::<Value>(),
            "unread": unread.collect::<Value>(),
            "unreached": self.unreached,
            "poisonous": poisonous.collect::<Value>(),
            "missing": missing.collect::<Value>(),
            "failures": failures.collect::<Value>(),
        });
        format!("{report:#}")
    }
}

/// `1 model`, `2 models`.
fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A model, or a field of it.
fn place(model: &str, field: &Option<String>) -> String {
    field.as_ref().map_or_else(|| model.to_owned(), |field| format!("{model}.{field}"))
}

/// The verdict first. What tells why the pin does not fit is always named; other things are counted, unless it is `{:#}`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.verdict() {
            Verdict::Fits => "the pin fits",
            Verdict::DoesNotFit => "the pin does not fit: `cargo odoo regen` pins what the server has now",
            Verdict::NotVerified if self.models == 0 => "not verified: nothing was read",
            Verdict::NotVerified => "not verified: what was read fits, and there is more",
        })?;
        let (models, records) = (count(self.wanted, "model"), count(self.records, "record"));
        write!(f, "\nread: {} of {models}, {records}, {}", self.models, count(self.values, "value"))?;
        if let Some((size, seed)) = self.sample {
            write!(f, " (a sample: up to {} of each model, `--seed {seed}`)", count(size as usize, "record"))?;
        }
        write!(f, "\nfrom {} on {}: Odoo {}", self.database, self.url, self.series)?;
        self.show_misfits(f)?;
        self.show_unread(f)?;
        self.show_refused(f)
    }
}

impl Report {
    fn show_misfits(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.missing.is_empty() {
            write!(f, "\nof the pin, but not on the server ({}):", self.missing.len())?;
        }
        for Missing { model, field, reason } in &self.missing {
            write!(f, "\n  {}: {reason}", place(model, field))?;
        }
        if !self.failures.is_empty() {
            write!(f, "\nvalues that are not what the pin says, of {}:", count(self.failures.len(), "field"))?;
        }
        for Misfit { records, example } in &self.failures {
            write!(f, "\n  {}, such as {example}", count(*records, "record"))?;
        }
        Ok(())
    }

    fn show_unread(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.unreached.is_empty() {
            write!(f, "\nnot read to the end when the time was over: {}", count(self.unreached.len(), "model"))?;
        }
        if f.alternate() {
            self.unreached.iter().try_for_each(|model| write!(f, "\n  {model}"))?;
        }
        if !self.unread.is_empty() {
            let models = self.unread.iter().filter(|unread| unread.field.is_none()).count();
            let fields = count(self.unread.len() - models, "field");
            write!(f, "\nthis user may not read: {} and {fields} of others", count(models, "model"))?;
        }
        if f.alternate() {
            for Unread { model, field, reason } in &self.unread {
                write!(f, "\n  {}: {reason}", place(model, field))?;
            }
        }
        Ok(())
    }

    fn show_refused(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut by_reason: BTreeMap<Why, Vec<&Refusal>> = BTreeMap::new();
        for refusal in &self.refused {
            by_reason.entry(refusal.why).or_default().push(refusal);
        }
        if !self.refused.is_empty() {
            write!(f, "\nnobody can read, which is the server's own business: {}", count(self.refused.len(), "model"))?;
        }
        for (why, refusals) in by_reason {
            write!(f, "\n  {} {}", refusals.len(), why.sentence())?;
            if f.alternate() {
                for Refusal { model, reason, .. } in refusals {
                    write!(f, "\n    {model}: {reason}")?;
                }
            }
        }
        if !self.poisonous.is_empty() {
            write!(f, "\nfields that make reads fail: {}", self.poisonous.len())?;
        }
        // They are few, and what `--all-fields` is asked for.
        for Poison { model, field, reason } in &self.poisonous {
            write!(f, "\n  {model}.{field}: {reason}")?;
        }
        let hidden = !(self.refused.is_empty() && self.unread.is_empty() && self.unreached.is_empty());
        if hidden && !f.alternate() {
            f.write_str("\n`--verbose` names them all")?;
        }
        Ok(())
    }
}
