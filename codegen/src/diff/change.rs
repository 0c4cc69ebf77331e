//! One difference, as people and programs are told of it.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Grade, Rename, What};
use odoo_visible::visible;

/// One difference between two schemas.
///
/// [`Display`](fmt::Display) is a sentence in which nothing that a server made up can act on a terminal. In JSON a change
/// is an object of these members, those left out that are `None`, with the sentence as `text` and the reason as `why`:
///
/// ```json
/// {
///   "model": "sale.order", "field": "state", "items": ["done"], "what": "value_gone", "grade": "breaking",
///   "text": "sale.order.state: its selection no longer has \"done\"",
///   "why": "Code that names such a value stops compiling, and the server refuses it."
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The model; `None` where it is the schema as a whole that changed.
    pub model: Option<String>,
    /// The field of the model.
    pub field: Option<String>,
    /// The method of the model.
    pub method: Option<String>,
    /// The selection values of the field, the parameter of the method, the many2one of a delegation, or the module.
    pub items: Vec<String>,
    /// What changed about it.
    pub what: What,
    /// The attribute before, where it is more than yes or no: a type as `many2one to res.partner`.
    pub before: Option<String>,
    /// The attribute after.
    pub after: Option<String>,
    /// What it does to code.
    pub grade: Grade,
    /// Of a model or a field that is gone, what it may be called now.
    pub rename: Option<Rename>,
}

/// So many items are in a sentence: a selection can have hundreds of values.
const SHOWN: usize = 6;

impl Change {
    /// Why it has its grade, as a sentence.
    pub fn why(&self) -> &'static str {
        self.what.why()
    }

    /// What changed, as Odoo names it: `sale.order`, `sale.order.state`, `sale.order.action_confirm()`. Empty for the
    /// schema as a whole.
    pub fn subject(&self) -> String {
        let mut subject = self.model.clone().unwrap_or_default();
        if let Some(field) = &self.field {
            subject += &format!(".{field}");
        }
        if let Some(method) = &self.method {
            subject += &format!(".{method}()");
        }
        subject
    }

    /// What is said of the subject.
    pub fn says(&self) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        // A selection's value can be any text, even none.
        let item = |item: &String| if self.field.is_some() { format!("{item:?}") } else { item.clone() };
        let mut items = self.items.iter().take(SHOWN).map(item).collect::<Vec<_>>().join(", ");
        if self.items.len() > SHOWN {
            items += &format!(" and {} more", self.items.len() - SHOWN);
        }
        let mut says = String::new();
        let mut rest = self.what.rule().says;
        // In one pass: what a value has in it is no place for another.
        while let Some((before, after)) = rest.split_once('{') {
            says += before;
            match after.split_at_checked(2) {
                Some(("0}", behind)) => (says, rest) = (says + &value(&self.before), behind),
                Some(("1}", behind)) => (says, rest) = (says + &value(&self.after), behind),
                Some((_, behind)) => (says, rest) = (says + &items, behind),
                None => break,
            }
        }
        visible(&(says + rest)).to_string()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (subject, says) = (self.subject(), self.says());
        let is_clause = ["is ", "was ", "has ", "now ", "no longer ", "pointed ", "takes ", "(", "says "];
        let joint = match &*subject {
            "" => "",
            _ if is_clause.iter().any(|verb| says.starts_with(verb)) => " ",
            _ => ": ",
        };
        write!(f, "{}{joint}{says}", visible(&subject))
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Object<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            model: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            field: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            method: Option<&'a str>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            items: &'a [String],
            what: What,
            #[serde(skip_serializing_if = "Option::is_none")]
            before: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            after: Option<&'a str>,
            grade: Grade,
            text: String,
            why: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            rename: Option<&'a Rename>,
        }
        let Self { model, field, method, items, what, before, after, grade, rename } = self;
        Object {
            model: model.as_deref(),
            field: field.as_deref(),
            method: method.as_deref(),
            items,
            what: *what,
            before: before.as_deref(),
            after: after.as_deref(),
            grade: *grade,
            text: self.to_string(),
            why: self.why(),
            rename: rename.as_ref(),
        }
        .serialize(serializer)
    }
}

/// The changes so far, and what the next is about.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) list: Vec<Change>,
    pub(super) model: Option<String>,
    pub(super) field: Option<String>,
    pub(super) method: Option<String>,
}

impl Changes {
    pub(super) fn add(&mut self, what: What) -> &mut Change {
        let (model, field, method) = (self.model.clone(), self.field.clone(), self.method.clone());
        self.list.push(Change {
            model,
            field,
            method,
            items: Vec::new(),
            what,
            before: None,
            after: None,
            grade: what.grade(),
            rename: None,
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}

impl Change {
    pub(super) fn item(&mut self, item: &str) -> &mut Self {
        self.items.push(item.to_owned());
        self
    }

    pub(super) fn values(&mut self, before: Option<impl ToString>, after: Option<impl ToString>) -> &mut Self {
        self.before = before.map(|before| before.to_string());
        self.after = after.map(|after| after.to_string());
        self
    }
}
