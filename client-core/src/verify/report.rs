//! What reading a live Odoo through a pin came to.

use super::Options;
use crate::error::Nature;
use crate::model::Pin;
use crate::read::DecodeError;
use crate::{Client, Error, ErrorKind};

/// What was read, what could not be read, and what did not decode.
///
/// [`Display`](std::fmt::Display) has the verdict first, and counts; with `{:#}` it names all that it counts.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Where the records were read.
    pub url: String,
    /// The database.
    pub database: String,
    /// The series of the pin, which is that of the server.
    pub series: String,
    /// How many models were to be read.
    pub wanted: usize,
    /// How many records of each model at most, and the seed that picked them, if it was a sample.
    pub sample: Option<(u32, u64)>,
    /// How many models were read.
    pub models: usize,
    /// How many records.
    pub records: usize,
    /// How many values.
    pub values: usize,
    /// Models that nobody can read: the server's own business, most often of abstract models.
    pub refused: Vec<Refusal>,
    /// Models and fields that this user may not read: they are not verified.
    pub unread: Vec<Unread>,
    /// Models that were not read, or not to their end, before the time was over.
    pub unreached: Vec<String>,
    /// Fields outside of whole rows that make any read which asks for them fail.
    pub poisonous: Vec<Poison>,
    /// Models and fields of the pin that the server does not have.
    pub missing: Vec<Missing>,
    /// Fields with values that are not what the pin says.
    pub failures: Vec<Misfit>,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// All that can be read, or the sample of it, was read, and is what the pin says.
    Fits,
    /// The server lacks a model or a field, or has values that are not what the pin says.
    DoesNotFit,
    /// What was read is what the pin says. There is more: this user may not read it, or the time was over.
    NotVerified,
}

impl Verdict {
    /// What the program ends with: 0, 1 or 3.
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Fits => 0,
            Self::DoesNotFit => 1,
            Self::NotVerified => 3,
        }
    }
}

/// Why nobody can read a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Why {
    /// No group has the right: abstract models, and some wizards.
    NoGroup,
    /// Groups have the right, and no user is in one of them: features of Odoo that are switched off.
    NoUser,
    /// It has no table in the database, or one that lacks a column.
    NoTable,
    /// The server's code for reading it fails, or refuses.
    Fails,
}

/// A model that nobody can read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Refusal {
    /// Why, as far as the server's words tell.
    pub why: Why,
    /// Its technical name.
    pub model: String,
    /// The server's words.
    pub reason: String,
}

/// What this user may not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Unread {
    /// The model's technical name.
    pub model: String,
    /// The field's technical name; without one it is the whole model.
    pub field: Option<String>,
    /// The server's words.
    pub reason: String,
}

/// A field that makes reads fail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Poison {
    /// The model's technical name.
    pub model: String,
    /// The field's technical name.
    pub field: String,
    /// The server's words.
    pub reason: String,
}

/// What the server does not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Missing {
    /// The model's technical name.
    pub model: String,
    /// The field's technical name; without one it is the whole model.
    pub field: Option<String>,
    /// The server's words.
    pub reason: String,
}

/// A field with values that are not what the pin says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misfit {
    /// How many records have one.
    pub records: usize,
    /// The first of them.
    pub example: DecodeError,
}

/// Whether the server refused, rather than was out of reach.
pub(super) fn is_refusal(error: &Error) -> bool {
    match error.kind() {
        // How an Odoo 14 with several databases reports any refusal.
        ErrorKind::Http => error.status() == Some(500),
        kind => kind.nature() == Nature::Refused,
    }
}

/// What 16.0, 17.0 and 18.0 say of models without a table: `Invalid field calendar.alarm_manager.id in leaf ('id', '>', 0)`.
/// 14.0 and 19.0 pass on what the database says.
pub(super) fn is_about_no_table(model: &str, error: &Error) -> bool {
    let words = error.server_message().unwrap_or_default();
    let class = error.server_exception().and_then(|name| name.rsplit('.').next());
    matches!(class, Some("UndefinedTable" | "UndefinedColumn"))
        || words
            .strip_prefix("Invalid field ")
            .and_then(|rest| rest.strip_prefix(model))
            .is_some_and(|rest| rest.starts_with(".id in "))
}

/// Whether the error says that the server does not have a model or a field.
fn is_missing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::UnknownModel | ErrorKind::UnknownField)
}

/// Whether nobody can read the model, by the words of 14 to 19.
fn why(model: &str, error: &Error) -> Option<Why> {
    match error.kind() {
        _ if is_about_no_table(model, error) => Some(Why::NoTable),
        ErrorKind::Access => {
            let words = error.server_message().unwrap_or_default();
            words.contains("No group currently allows this operation").then_some(Why::NoGroup)
        }
        // It does not say why.
        ErrorKind::Http => None,
        _ if is_missing(error) => None,
        _ => Some(Why::Fails),
    }
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
    pub(super) fn new(client: &Client, pin: &Pin, wanted: usize, options: &Options) -> Self {
        Self {
            url: client.url().to_owned(),
            database: client.database().to_owned(),
            series: pin.series.to_owned(),
            wanted,
            sample: options.sample.map(|size| (size, options.seed)),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, part: Self) {
        self.models += part.models;
        self.records += part.records;
        self.values += part.values;
        self.refused.extend(part.refused);
        self.unread.extend(part.unread);
        self.unreached.extend(part.unreached);
        self.poisonous.extend(part.poisonous);
        self.missing.extend(part.missing);
        self.failures.extend(part.failures);
    }

    pub(super) fn sort(&mut self) {
        self.refused.sort();
        self.unread.sort();
        self.unreached.sort();
        self.poisonous.sort();
        self.missing.sort();
        let place = |misfit: &Misfit| (misfit.example.model.clone(), misfit.example.field.clone());
        self.failures.sort_by_key(place);
    }

    pub(super) fn read(&mut self, records: usize, values: usize) {
        self.records += records;
        self.values += values;
    }

    /// Notes values of a model that are not what the pin says: of each field the first, and how many there are.
    pub(super) fn fail(&mut self, failures: Vec<DecodeError>) {
        for example in failures {
            match self.failures.iter_mut().find(|known| known.example.field == example.field) {
                Some(known) => known.records += 1,
                None => self.failures.push(Misfit { records: 1, example }),
            }
        }
    }

    /// Notes that a model could not be read.
    ///
    /// # Errors
    ///
    /// The error itself, if it is not the server's word about this model.
    pub(super) fn refuse(&mut self, model: &str, error: Error, has_no_user: bool) -> Result<(), Error> {
        let (name, reason) = (model.to_owned(), reason(&error));
        if !is_refusal(&error) && error.kind() != ErrorKind::UnknownModel {
            return Err(error);
        }
        match why(model, &error).or(has_no_user.then_some(Why::NoUser)) {
            Some(why) => self.refused.push(Refusal { why, model: name, reason }),
            None if is_missing(&error) => self.missing.push(Missing { model: name, field: None, reason }),
            None => self.unread.push(Unread { model: name, field: None, reason }),
        }
        Ok(())
    }

    /// Notes that a field cannot be read.
    ///
    /// # Errors
    ///
    /// The error itself, if it is not the server's word about this field.
    pub(super) fn poison(&mut self, model: &str, field: &str, error: Error) -> Result<(), Error> {
        let (model, name, reason) = (model.to_owned(), field.to_owned(), reason(&error));
        if is_missing(&error) {
            self.missing.push(Missing { model, field: Some(name), reason });
        } else if error.kind() == ErrorKind::Access {
            self.unread.push(Unread { model, field: Some(name), reason });
        } else if is_refusal(&error) {
            self.poisonous.push(Poison { model, field: name, reason });
        } else {
            return Err(error);
        }
        Ok(())
    }

    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        if !self.failures.is_empty() || !self.missing.is_empty() {
            Verdict::DoesNotFit
        } else if self.models == 0 || !self.unread.is_empty() || !self.unreached.is_empty() {
            Verdict::NotVerified
        } else {
            Verdict::Fits
        }
    }
}
