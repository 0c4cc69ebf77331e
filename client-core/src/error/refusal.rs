//! Values that are not sent.

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, ErrorKind};

/// Why a value cannot be sent as it is: JSON has no such number, or Odoo no such date.
///
/// What it was meant for carries it along (values to write, commands, a domain, the arguments of a call), and the
/// operation that would send that fails with an [`Error`] of kind [`Encode`](crate::ErrorKind::Encode), which names the
/// model and the field. Nothing has been sent then.
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model, Values};
/// # enum Template {}
/// # impl Model for Template { const ODOO_NAME: &'static str = "product.template"; }
/// # impl Template { const WEIGHT: Field<Self, kind::Float> = Field::new("weight"); }
/// let values = Values::new().set(Template::WEIGHT, f64::INFINITY);
/// let refusal = values.refusal().unwrap();
/// assert_eq!(refusal.to_string(), "product.template.weight: JSON has no number `inf`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    /// Model and field, where that is known.
    place: Option<String>,
    why: Cow<'static, str>,
}

impl Refusal {
    /// For a type of your own: says what is wrong with the value, without the field.
    pub fn new(why: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { place: None, why: why.into() }))
    }

    /// Names the field, where no type tells the model.
    #[cold]
    pub(crate) fn on(mut self, field: &str) -> Self {
        self.0.place.get_or_insert_with(|| field.to_owned());
        self
    }

    /// Names model and field. The innermost one counts: of a line, not of the order that it is a line of.
    #[cold]
    pub(crate) fn of(mut self, model: &str, field: &str) -> Self {
        self.0.place.get_or_insert_with(|| format!("{model}.{field}"));
        self
    }
}

/// The field, where it is known, and what is wrong with its value.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.0.why)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(ErrorKind::Encode, format!("nothing was sent: {refusal}")).with_source(refusal)
    }
}
