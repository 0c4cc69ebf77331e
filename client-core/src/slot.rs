//! Places that a value of an answer is decoded into, one type at a time.

mod text;
mod wire;

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;

use self::text::{date, datetime, number};
pub use self::wire::{Mismatch, Shape, Wire};
use crate::ids::Numbers;
use crate::link::Target;
use crate::model::NamedId;
use crate::{Id, Ids, Link, Many2one, Model, Reference, Selection, UnknownValue, selection};

/// A place that one value of an answer is decoded into.
///
/// Rows are decoded, shown and copied through this trait by functions that are compiled once, not once a
/// model: that is what keeps hundreds of generated rows cheap to compile.
pub trait Slot {
    /// The form in which this slot wants lists and objects.
    fn shape(&self) -> Shape {
        Shape::Scalar
    }

    /// Takes a value, or says what it expected.
    ///
    /// # Errors
    ///
    /// When the value is not of the slot's type; the slot keeps what it had.
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch>;

    /// The value as it is, which [`put`](Self::put) takes back.
    fn wire(&self) -> Wire<'_>;
}

/// Up to here a float holds every integer exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Slot for bool {
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        match value {
            Wire::Bool(value) => *self = value,
            _ => return Err(Mismatch("a boolean")),
        }
        Ok(())
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
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        match value {
            Wire::Int(value) => *self = value,
            Wire::Float(value) if value.fract() == 0.0 && value.abs() < EXACT => *self = value as i64,
            _ => return Err(Mismatch("an integer")),
        }
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Int(*self)
    }
}

/// For a `many2one_reference`, which is `false` where it is empty.
impl Slot for Option<i64> {
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        *self = match value {
            Wire::Bool(false) | Wire::Null => None,
            _ => {
                let mut number = 0_i64;
                number.put(value).map_err(|_| Mismatch("an integer or `false`"))?;
                Some(number)
            }
        };
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        self.map_or(Wire::Null, Wire::Int)
    }
}

impl Slot for f64 {
    // Python writes a float without a fraction as an integer now and then.
    #[expect(clippy::cast_precision_loss, reason = "the field is a double on the server as well")]
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        match value {
            Wire::Float(value) => *self = value,
            Wire::Int(value) => *self = value as f64,
            _ => return Err(Mismatch("a number")),
        }
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Float(*self)
    }
}

impl Slot for Option<String> {
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        match value {
            Wire::Text(value) => *self = Some(value.to_owned()),
            Wire::Bool(false) | Wire::Null => *self = None,
            _ => *self = Some(number(value).ok_or(Mismatch("text or `false`"))?),
        }
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        self.as_deref().map_or(Wire::Null, Wire::Text)
    }
}

impl Slot for Option<Date> {
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        let expected = Mismatch("a date (`2026-01-31`) or `false`");
        match value {
            Wire::Text(text) => *self = Some(date(text).ok_or(expected)?),
            Wire::Date(date) => *self = Some(date),
            Wire::Bool(false) | Wire::Null => *self = None,
            _ => return Err(expected),
        }
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        self.map_or(Wire::Null, Wire::Date)
    }
}

impl Slot for Option<Timestamp> {
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        let expected = Mismatch("a date and time in UTC (`2026-01-31 12:00:00`) or `false`");
        match value {
            Wire::Text(text) => *self = Some(datetime(text).ok_or(expected)?),
            Wire::Timestamp(time) => *self = Some(time),
            Wire::Bool(false) | Wire::Null => *self = None,
            _ => return Err(expected),
        }
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        self.map_or(Wire::Null, Wire::Timestamp)
    }
}

impl Slot for Option<Reference> {
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        let expected = Mismatch("a reference (`res.partner,7`) or `false`");
        match value {
            Wire::Text(text) => *self = Some(Reference::from_wire(text).ok_or(expected)?),
            Wire::Bool(false) | Wire::Null => *self = None,
            _ => return Err(expected),
        }
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        self.as_ref().map_or(Wire::Null, |reference| Wire::Text(reference.as_wire()))
    }
}

impl Slot for Json {
    fn shape(&self) -> Shape {
        Shape::Raw
    }
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        match value {
            Wire::Raw(text) => self.0 = Some(text.into()),
            _ => return Err(Mismatch("any JSON")),
        }
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Raw(self.get())
    }
}

// From here on there is one implementation a model or an enum: no more in it than needs the type.

impl<M: Model> Slot for Id<M> {
    #[inline]
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        *self = Id::new(id(value)?);
        Ok(())
    }
    #[inline]
    fn wire(&self) -> Wire<'_> {
        Wire::Int(self.get())
    }
}

impl<M: Model> Slot for Option<Many2one<M>> {
    #[inline]
    fn shape(&self) -> Shape {
        Shape::Pair
    }
    #[inline]
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        *self = match many2one(value) {
            Ok(Some(to)) => Some(Many2one { to, model: PhantomData }),
            Ok(None) => None,
            Err(mismatch) => return Err(mismatch),
        };
        Ok(())
    }
    #[inline]
    fn wire(&self) -> Wire<'_> {
        match self {
            Some(many2one) => many2one.to.wire(),
            None => Wire::Null,
        }
    }
}

impl Slot for Target {
    fn shape(&self) -> Shape {
        Shape::Pair
    }
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        self.0 = many2one(value)?;
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        self.0.as_ref().map_or(Wire::Null, NamedId::wire)
    }
}

impl<M: Model> Slot for Link<M> {
    fn shape(&self) -> Shape {
        self.target.shape()
    }
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        self.target.put(value)
    }
    fn wire(&self) -> Wire<'_> {
        self.target.wire()
    }
}

impl Slot for Numbers {
    fn shape(&self) -> Shape {
        Shape::Ids
    }
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        self.0 = ids(value)?.to_vec();
        Ok(())
    }
    fn wire(&self) -> Wire<'_> {
        Wire::Ids(&self.0)
    }
}

impl<M: Model> Slot for Ids<M> {
    fn shape(&self) -> Shape {
        self.numbers.shape()
    }
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        self.numbers.put(value)
    }
    fn wire(&self) -> Wire<'_> {
        self.numbers.wire()
    }
}

#[expect(clippy::manual_map, reason = "a closure is one more function to compile for each enum")]
impl<E: Selection> Slot for Option<E> {
    #[inline]
    fn put(&mut self, value: Wire<'_>) -> Result<(), Mismatch> {
        *self = match known(E::VALUES, value)? {
            Some((at, other)) => Some(E::variant(at, other)),
            None => None,
        };
        Ok(())
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
fn known(values: &[&str], value: Wire<'_>) -> Result<Option<(usize, UnknownValue)>, Mismatch> {
    match value {
        Wire::Text(value) => Ok(Some(selection::look_up(values, value))),
        Wire::Bool(false) | Wire::Null => Ok(None),
        _ => match number(value) {
            Some(value) => Ok(Some(selection::look_up(values, &value))),
            None => Err(Mismatch("a selection value or `false`")),
        },
    }
}

fn id(value: Wire<'_>) -> Result<i64, Mismatch> {
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

fn ids<'a>(value: Wire<'a>) -> Result<&'a [i64], Mismatch> {
    match value {
        Wire::Ids(ids) => Ok(ids),
        // How a computed relation that nothing was assigned to is answered.
        Wire::Bool(false) | Wire::Null => Ok(&[]),
        _ => Err(Mismatch("a list of ids")),
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
        f.write_str(self.get())
    }
}
