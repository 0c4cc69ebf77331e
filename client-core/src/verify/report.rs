//! What reading a live Odoo through a pin came to.

use std::fmt;

use serde_json::json;

use crate::{Client, DecodeError, Error, ErrorKind, Pin};

/// What was read, what the server refused, and what did not decode.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Where the records were read.
    pub url: String,
    /// The database.
    pub database: String,
    /// The series of the pin, which is that of the server.
    pub series: String,
    /// The content hash of the pin.
    pub pin: String,
    /// How many models were read.
    pub models: usize,
    /// How many records.
    pub records: usize,
    /// How many values.
    pub values: usize,
    /// Models that the server would not let be read: its own business, most often of abstract models.
    pub refused: Vec<Refusal>,
    /// Fields outside of whole rows that make any read which asks for them fail.
    pub poisonous: Vec<Poison>,
    /// Models and fields of the pin that the server does not have.
    pub missing: Vec<Refusal>,
    /// Values that are not what the pin says.
    pub failures: Vec<DecodeError>,
}

/// A model that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Its technical name.
    pub model: String,
    /// The server's words.
    pub reason: String,
}

/// A field that makes reads fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Poison {
    /// The model's technical name.
    pub model: String,
    /// The field's technical name.
    pub field: String,
    /// The server's words.
    pub reason: String,
}

/// Whether the server refused, rather than was out of reach.
pub(super) fn is_refusal(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Access
        | ErrorKind::Missing
        | ErrorKind::NotStored
        | ErrorKind::RedirectWarning
        | ErrorKind::Server
        | ErrorKind::UnknownArgument
        | ErrorKind::UnknownField
        | ErrorKind::UnknownMethod
        | ErrorKind::User
        | ErrorKind::Validation => true,
        // How an Odoo 14 with several databases reports any of these.
        ErrorKind::Http => error.status() == Some(500),
        _ => false,
    }
}

/// Whether the error says that the server does not have a model or a field.
fn is_missing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::UnknownModel | ErrorKind::UnknownField)
}

/// The server's words in one line.
fn reason(error: &Error) -> String {
    let class = error.server_exception().and_then(|name| name.rsplit('.').next()).unwrap_or_default();
    let words = error.server_message().map_or_else(|| error.to_string(), str::to_owned);
    let line = words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line: String = line.collect::<Vec<_>>().join(" ").chars().take(300).collect();
    if class.is_empty() { line } else { format!("{class}: {line}") }
}

impl Report {
    pub(super) fn new(client: &Client, pin: &Pin) -> Self {
        Self {
            url: client.url().to_owned(),
            database: client.database().to_owned(),
            series: pin.series.to_owned(),
            pin: pin.hash.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, part: Self) {
        self.models += part.models;
        self.records += part.records;
        self.values += part.values;
        self.refused.extend(part.refused);
        self.poisonous.extend(part.poisonous);
        self.missing.extend(part.missing);
        self.failures.extend(part.failures);
    }

    pub(super) fn sort(&mut self) {
        self.refused.sort();
        self.poisonous.sort();
        self.missing.sort();
        self.failures.sort_by(|a, b| (&a.model, a.id, &a.field).cmp(&(&b.model, b.id, &b.field)));
    }

    pub(super) fn read(&mut self, records: usize, values: usize) {
        self.records += records;
        self.values += values;
    }

    /// Notes that a model could not be read.
    ///
    /// # Errors
    ///
    /// The error itself, if it is not the server's word about this model.
    pub(super) fn refuse(&mut self, model: &str, error: Error) -> Result<(), Error> {
        let refusal = Refusal { model: model.to_owned(), reason: reason(&error) };
        if is_missing(&error) {
            self.missing.push(refusal);
        } else if is_refusal(&error) {
            self.refused.push(refusal);
        } else {
            return Err(error);
        }
        Ok(())
    }

    /// Notes that a field makes reads fail.
    ///
    /// # Errors
    ///
    /// The error itself, if it is not the server's word about this field.
    pub(super) fn poison(&mut self, model: &str, field: &str, error: Error) -> Result<(), Error> {
        if is_missing(&error) {
            self.missing.push(Refusal { model: model.to_owned(), reason: reason(&error) });
        } else if is_refusal(&error) {
            self.poisonous.push(Poison { model: model.to_owned(), field: field.to_owned(), reason: reason(&error) });
        } else {
            return Err(error);
        }
        Ok(())
    }

    /// Whether the pin fits: all that could be read decoded, and the server has every model and field.
    pub fn fits(&self) -> bool {
        self.failures.is_empty() && self.missing.is_empty()
    }

    /// The report as JSON.
    pub fn to_json(&self) -> String {
        let refusals = |list: &[Refusal]| {
            list.iter().map(|r| json!({"model": r.model, "reason": r.reason})).collect::<serde_json::Value>()
        };
        let failures = self
            .failures
            .iter()
            .map(|f| json!({"model": f.model, "id": f.id, "field": f.field, "expected": f.expected, "found": f.found}));
        let poisonous = self.poisonous.iter().map(|p| json!({"model": p.model, "field": p.field, "reason": p.reason}));
        let report = json!({
            "url": self.url,
            "database": self.database,
            "series": self.series,
            "pin": self.pin,
            "fits": self.fits(),
            "models": self.models,
            "records": self.records,
            "values": self.values,
            "refused": refusals(&self.refused),
            "poisonous": poisonous.collect::<serde_json::Value>(),
            "missing": refusals(&self.missing),
            "failures": failures.collect::<serde_json::Value>(),
        });
        format!("{report:#}")
    }
}

/// For people: the lists first, the sum last.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.refused.is_empty() {
            writeln!(f, "{} models that the server would not let be read:", self.refused.len())?;
        }
        for Refusal { model, reason } in &self.refused {
            writeln!(f, "  {model}: {reason}")?;
        }
        if !self.poisonous.is_empty() {
            writeln!(f, "{} fields that make reads fail:", self.poisonous.len())?;
        }
        for Poison { model, field, reason } in &self.poisonous {
            writeln!(f, "  {model}.{field}: {reason}")?;
        }
        if !self.missing.is_empty() {
            writeln!(f, "{} models or fields of the pin that the server does not have:", self.missing.len())?;
        }
        for Refusal { model, reason } in &self.missing {
            writeln!(f, "  {model}: {reason}")?;
        }
        if !self.failures.is_empty() {
            writeln!(f, "{} values that are not what the pin says:", self.failures.len())?;
        }
        for failure in &self.failures {
            writeln!(f, "  {failure}")?;
        }
        writeln!(f, "{} on {}: Odoo {}, pin {}", self.database, self.url, self.series, self.pin)?;
        write!(f, "{} models, {} records, {} values read", self.models, self.records, self.values)?;
        f.write_str(match self.fits() {
            true => "; the pin fits",
            false => "; the pin does not fit: `cargo xtask regen` pins what the server has now",
        })
    }
}
