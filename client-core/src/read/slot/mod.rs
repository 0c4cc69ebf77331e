//! The types of the values in whole rows.

pub(crate) mod bytes;
mod nested;
mod text;
mod wire;

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Date;

pub(super) use self::nested::{Inner, NestedJson};
use self::text::number;
pub(super) use self::wire::shown;
pub use self::wire::{Shape, Wire};
use crate::model::NamedId;
use crate::model::UnknownValue;
use crate::model::ids::Numbers;
use crate::model::json;
use crate::model::link::Target;
use crate::model::selection;
use crate::model::times::{date, datetime};
pub use crate::read::error::Mismatch;
use crate::{Datetime, Id, Ids, Link, Many2one, Reference, Selection};
use odoo_visible::visible;

/// A type of the values in whole rows.
///
/// They are decoded, shown and copied by way of [`Wire`], the same for all of them.
pub trait Slot: Sized {
    /// The form in which lists and objects are wanted.
    fn shape() -> Shape {
        Shape::Scalar
    }

    /// Makes it of a value on the wire.
    ///
    /// # Errors
    ///
    /// When the value is of another type; it says what was expected.
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch>;

    /// The value on the wire, of which [`from_wire`](Self::from_wire) makes the same.
    fn wire(&self) -> Wire<'_>;
}

/// Up to here a float holds every integer exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Slot for bool {
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Bool(value) => Ok(value),
            _ => Err(Mismatch("a boolean")),
        }
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Bool(*self)
    }
}

impl Slot for i64 {
    // Odoo writes integers past 32 bits as floats (`Integer.convert_to_read`), for the sake of XML-RPC.
    // Models that are views of the database sum and average into integer fields, and Odoo passes on what PostgreSQL
    // answers: `5.0`. (Seen on `im_livechat.report.channel` and `report.pos.order`.)
    #[expect(clippy::cast_possible_truncation, reason = "only where nothing is lost")]
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Int(value) => Ok(value),
            Wire::Float(value) if value.fract() == 0.0 && value.abs() < EXACT => Ok(value as Self),
            _ => Err(Mismatch("an integer")),
        }
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Int(*self)
    }
}

/// For a `many2one_reference`, which is `false` where it is empty.
impl Slot for Option<i64> {
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Bool(false) | Wire::Null => Ok(None),
            _ => i64::from_wire(value).map(Some).map_err(|_| Mismatch("an integer or `false`")),
        }
    }
    fn wire(&self) -> Wire<'_> {
        self.map_or(Wire::Null, Wire::Int)
    }
}

impl Slot for f64 {
    // Python writes a float without a fraction as an integer now and then.
    #[expect(clippy::cast_precision_loss, reason = "the field is a double on the server as well")]
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Float(value) => Ok(value),
            Wire::Int(value) => Ok(value as Self),
            // `NaN` as Python writes it.
            Wire::Text(text) => json::not_a_number(text).ok_or(Mismatch("a number")),
            _ => Err(Mismatch("a number")),
        }
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Float(*self)
    }
}

impl Slot for Option<String> {
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Text(value) => Ok(Some(value.to_owned())),
            Wire::Bool(false) | Wire::Null => Ok(None),
            _ => number(value).map(Some).ok_or(Mismatch("text or `false`")),
        }
    }
    fn wire(&self) -> Wire<'_> {
        self.as_deref().map_or(Wire::Null, Wire::Text)
    }
}

impl Slot for Option<Date> {
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        let read = match value {
            Wire::Text(text) => date(text),
            Wire::Date(date) => Some(date),
            Wire::Bool(false) | Wire::Null => return Ok(None),
            _ => None,
        };
        read.map(Some).ok_or(Mismatch("a date (`2026-01-31`) or `false`"))
    }
    fn wire(&self) -> Wire<'_> {
        self.map_or(Wire::Null, Wire::Date)
    }
}

impl Slot for Option<Datetime> {
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        let read = match value {
            Wire::Text(text) => datetime(text),
            Wire::Datetime(time) => Some(time),
            Wire::Bool(false) | Wire::Null => return Ok(None),
            _ => None,
        };
        read.map(Some).ok_or(Mismatch("a date and time in UTC (`2026-01-31 12:00:00`) or `false`"))
    }
    fn wire(&self) -> Wire<'_> {
        self.map_or(Wire::Null, Wire::Datetime)
    }
}

impl Slot for Option<Reference> {
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        let read = match value {
            Wire::Text(text) => Reference::from_wire(text),
            Wire::Bool(false) | Wire::Null => return Ok(None),
            _ => None,
        };
        read.map(Some).ok_or(Mismatch("a reference (`res.partner,7`) or `false`"))
    }
    fn wire(&self) -> Wire<'_> {
        self.as_ref().map_or(Wire::Null, |reference| Wire::Text(reference.as_wire()))
    }
}

impl Slot for Json {
    fn shape() -> Shape {
        Shape::Raw
    }
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Raw(text) => Ok(Self(Some(text.into()))),
            _ => Err(Mismatch("any JSON")),
        }
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Raw(self.get())
    }
}

impl Slot for Target {
    fn shape() -> Shape {
        Shape::Pair
    }
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        many2one(value).map(Self)
    }
    fn wire(&self) -> Wire<'_> {
        self.0.as_ref().map_or(Wire::Null, NamedId::wire)
    }
}

impl Slot for Numbers {
    fn shape() -> Shape {
        Shape::Ids
    }
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        match value {
            Wire::Ids(ids) => Ok(Self(ids.to_vec())),
            // How a computed relation that nothing was assigned to is answered.
            Wire::Bool(false) | Wire::Null => Ok(Self::default()),
            _ => Err(Mismatch("a list of ids")),
        }
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Ids(&self.0)
    }
}

// From here on there is one implementation a model or an enum: no more in it than needs the type.

impl<M> Slot for Id<M> {
    #[inline]
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        id(value).map(Self::new)
    }
    #[inline]
    fn wire(&self) -> Wire<'_> {
        Wire::Int(self.get())
    }
}

impl<M> Slot for Option<Many2one<M>> {
    fn shape() -> Shape {
        Target::shape()
    }
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        let to = many2one(value)?;
        Ok(to.map(|to| Many2one { to, model: PhantomData }))
    }
    fn wire(&self) -> Wire<'_> {
        self.as_ref().map_or(Wire::Null, |many2one| many2one.to.wire())
    }
}

impl<M> Slot for Link<M> {
    fn shape() -> Shape {
        Target::shape()
    }
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        Target::from_wire(value).map(Self::to)
    }
    fn wire(&self) -> Wire<'_> {
        self.target.wire()
    }
}

impl<M> Slot for Ids<M> {
    fn shape() -> Shape {
        Numbers::shape()
    }
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        Numbers::from_wire(value).map(Self::of)
    }
    fn wire(&self) -> Wire<'_> {
        self.numbers.wire()
    }
}

#[expect(clippy::manual_map, reason = "a closure is one more function to compile for each enum")]
impl<E: Selection> Slot for Option<E> {
    #[inline]
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        Ok(match known(E::VALUES, value)? {
            Some((at, other)) => Some(E::variant(at, other)),
            None => None,
        })
    }
    #[inline]
    fn wire(&self) -> Wire<'_> {
        match self {
            Some(value) => Wire::Text(selection::text(E::VALUES, value.place())),
            None => Wire::Null,
        }
    }
}

/// The place of a selection's value among the known ones, or beyond them, and its text.
pub(crate) fn known(values: &[&str], value: Wire<'_>) -> Result<Option<(usize, UnknownValue)>, Mismatch> {
    match value {
        Wire::Text(value) => Ok(Some(selection::look_up(values, value))),
        Wire::Bool(false) | Wire::Null => Ok(None),
        _ => match number(value) {
            Some(value) => Ok(Some(selection::look_up(values, &value))),
            None => Err(Mismatch("a selection value or `false`")),
        },
    }
}

pub(crate) fn id(value: Wire<'_>) -> Result<i64, Mismatch> {
    match value {
        Wire::Int(id) => Ok(id),
        _ => Err(Mismatch("an id")),
    }
}

fn many2one(value: Wire<'_>) -> Result<Option<NamedId>, Mismatch> {
    match value {
        Wire::Pair(id, name) => Ok(Some(NamedId { id, name: name.map(Box::from) })),
        // Computed fields and `load="_classic_write"` give the bare id.
        Wire::Int(id) => Ok(Some(NamedId { id, name: None })),
        Wire::Bool(false) | Wire::Null => Ok(None),
        _ => Err(Mismatch("a many2one (`[7, \"name\"]`) or `false`")),
    }
}

/// Any JSON, kept as its text: numbers lose no digits.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Json(Option<Box<str>>);

impl Json {
    /// `null`.
    pub const NULL: Self = Self(None);

    /// The text of the JSON; `null` where nothing was read.
    pub fn get(&self) -> &str {
        self.0.as_deref().unwrap_or("null")
    }

    /// Reads the JSON as any type.
    ///
    /// ```
    /// # fn f(properties: odoo_client::Json) -> Result<(), serde_json::Error> {
    /// let list: Vec<serde_json::Value> = properties.parse()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `serde_json`, when the JSON is of another type.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.get())
    }
}

/// The text of the JSON.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&visible(self.get()), f)
    }
}
