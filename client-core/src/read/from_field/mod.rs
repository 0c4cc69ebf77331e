//! Which Rust types a field can be read into, and how.

mod properties;
mod types;

pub use self::properties::{Properties, Property};
use crate::field::kind;
use crate::read::column::Nested;
use crate::read::error::UNREADABLE;
use crate::read::slot::{Mismatch, NestedJson, Shape, Wire};
use crate::{Model, Record};

/// A Rust type that fields of the kind `K` (see [`kind`]) can be read into.
///
/// | Odoo | Rust |
/// | --- | --- |
/// | `boolean` | `bool` |
/// | `integer` | `i64`, `i32` |
/// | `float`, `monetary` | `f64`; `rust_decimal::Decimal` with the feature `decimal` |
/// | `char`, `text`, `html` | `String` |
/// | `date` | [`Date`](crate::Date); those of `chrono` and `time` with these features |
/// | `datetime` | [`Datetime`](crate::Datetime), which holds all that Odoo can store; [`Timestamp`](crate::Timestamp), for which `9999-12-31 23:59:59` is [`Timestamp::MAX`](crate::Timestamp::MAX) and what else is beyond an error; those of `chrono` and `time` with these features |
/// | `selection` | its enum, `String` |
/// | `binary` | `Vec<u8>`, whatever the context says of `bin_size` |
/// | `id` | [`Id<M>`](crate::Id), `i64` |
/// | `many2one` | [`Many2one<M>`](crate::Many2one), [`Link<M>`](crate::Link), [`Id<M>`](crate::Id), a [`Record`] of `M`, a [`Readable`](crate::Readable) of one |
/// | `one2many`, `many2many` | [`Ids<M>`](crate::Ids), `Vec<Id<M>>`, a `Vec` of a [`Record`] of `M`, or of a [`Readable`](crate::Readable) of one |
/// | `reference`, `many2one_reference` | [`Reference`](crate::Reference); `i64` |
/// | `properties` | [`Properties`] |
/// | any | [`Json`](crate::Json) and `serde_json::Value`: as it came |
///
/// Odoo says `false` where there is no value. An `Option` of these takes that as `None`. Without it, `false` is an
/// error that names the model, the record and the field, unless it is a value itself: a `boolean` is never empty, nor are
/// numbers and lists, and for these there is no `Option`.
///
/// Types of your own are read by way of one that is here:
///
/// ```
/// use odoo_client::field::kind;
/// use odoo_client::read::{FromField, Mismatch, Wire};
///
/// /// A tax number without the blanks that people put into it.
/// struct Vat(String);
///
/// impl FromField<kind::Char> for Vat {
///     fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
///         let text = <String as FromField<kind::Char>>::from_field(value)?;
///         let vat: String = text.split_whitespace().collect();
///         if vat.is_empty() { Err(Mismatch("a tax number")) } else { Ok(Self(vat)) }
///     }
/// }
/// ```
///
/// `Option<Vat>` is read then as well.
#[diagnostic::on_unimplemented(
    message = "a field of Odoo type `{K}` cannot be read into `{Self}`",
    label = "does not hold what the field holds",
    note = "see `odoo_client::read::FromField` for the types that fit; `odoo_client::Json` takes any field as it comes"
)]
pub trait FromField<K>: Sized {
    /// The form in which lists and objects are wanted.
    const SHAPE: Shape = Shape::Scalar;

    /// What to ask for besides the id, if this is a record or several.
    #[doc(hidden)]
    const NESTED: Option<Nested> = None;

    /// Makes it of what the server sent.
    ///
    /// # Errors
    ///
    /// When that is not of this type; it says what would be.
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch>;
}

/// A type of field that can be empty: on the wire `false`, in Rust `None`.
#[diagnostic::on_unimplemented(
    message = "a field of Odoo type `{Self}` is never empty, so it is not read into an `Option`",
    label = "leave out the `Option`"
)]
pub trait Optional: kind::Kind {}

macro_rules! optional {
    ($($kind:ident)*) => { $(impl Optional for kind::$kind {})* };
}

optional! { Binary Char Date Datetime Html Json Many2oneReference Properties PropertiesDefinition Reference Text }

impl<M> Optional for kind::Many2one<M> {}
impl<E> Optional for kind::Selection<E> {}

impl<K: Optional, T: FromField<K>> FromField<K> for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const NESTED: Option<Nested> = T::NESTED;
    #[inline]
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        if is_empty(value) { Ok(None) } else { T::from_field(value).map(Some) }
    }
}

#[inline]
pub(crate) fn is_empty(value: Wire<'_>) -> bool {
    match value {
        Wire::Bool(false) | Wire::Null => true,
        Wire::Raw(json) => is_empty_json(json),
        Wire::Nested(nested) => is_empty_json(nested.get()),
        _ => false,
    }
}

fn is_empty_json(json: &str) -> bool {
    matches!(json, "false" | "null")
}

impl Nested {
    pub(crate) const fn of<R: Record>(is_list: bool) -> Self {
        Self { model: R::Model::ODOO_NAME, columns: R::columns, is_list }
    }
}

impl<M, R: Record<Model = M>> FromField<kind::Many2one<M>> for R {
    const SHAPE: Shape = Shape::Nested;
    const NESTED: Option<Nested> = Some(Nested::of::<R>(false));
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        let nested = nested(value, "a record")?;
        if nested.unread(R::columns).is_some() { Err(UNREADABLE) } else { nested.one() }
    }
}

macro_rules! lists {
    ($($kind:ident)*) => {
        $(impl<M, R: Record<Model = M>> FromField<kind::$kind<M>> for Vec<R> {
            const SHAPE: Shape = Shape::Nested;
            const NESTED: Option<Nested> = Some(Nested::of::<R>(true));
            fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
                if is_empty(value) {
                    // How a computed relation that nothing was assigned to is answered.
                    return Ok(Self::new());
                }
                nested(value, "a list of records")?.many()
            }
        })*
    };
}

lists! { One2many Many2many }

pub(crate) fn nested<'a>(value: Wire<'a>, expected: &'static str) -> Result<NestedJson<'a>, Mismatch> {
    match value {
        Wire::Nested(nested) => Ok(nested),
        _ => Err(Mismatch(expected)),
    }
}
