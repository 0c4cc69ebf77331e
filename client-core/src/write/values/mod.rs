//! Rust values for Odoo's fields: what filters compare with and writes set.

mod text;
mod to_field;

use std::marker::PhantomData;

use serde_json::{Map, Value};

pub(crate) use self::text::{bytes, finite, no_such_number};
#[cfg(feature = "serde")]
pub(crate) use self::text::{date, datetime};
use crate::Model;
use crate::error::Refusal;
use crate::field::sealed::Seal;
use crate::field::{Access, Field, Limited, ReadOnly, ReadWrite};
use crate::write::Argument;

/// A Rust value that fits fields of the type `K`.
///
/// | Odoo | Rust |
/// | --- | --- |
/// | `boolean` | `bool` |
/// | `integer` | `i64`, `i32` |
/// | `float`, `monetary` | `f64`, `i32`; `rust_decimal::Decimal` with the feature `decimal` |
/// | `char`, `text`, `html` | `String`, `&str`, `&String`, `Cow<str>` |
/// | `date` | [`Date`](crate::Date); `chrono::NaiveDate`, `time::Date` with these features |
/// | `datetime` | [`Datetime`](crate::Datetime), [`Timestamp`](crate::Timestamp), whose `MAX` is `9999-12-31 23:59:59`; `chrono::DateTime` of any zone, `time::OffsetDateTime` with these features |
/// | `selection` | its enum |
/// | `many2one` | [`Id<M>`](crate::Id), [`Many2one<M>`](crate::Many2one), [`Link<M>`](crate::Link) |
/// | `reference`, `many2one_reference` | [`Reference`](crate::Reference); `i64` |
/// | `json`, `properties` | `serde_json::Value`, [`Json`](crate::Json), [`Properties`](crate::read::Properties) |
///
/// An `Option` of these is `false` on the wire if it is `None`: that empties the field, and a filter finds what is empty.
///
/// A number that JSON does not have (NaN, infinite ones) and a date that Odoo does not have (before the year 1, after 9999)
/// is a [`Refusal`]: the operation fails before anything is sent. So is a decimal that is not, digit by digit, what a
/// float can hold, such as a third: Odoo computes with floats, and a decimal that is to be sent is rounded by whoever
/// knows how. Odoo has no fractions of a second, and they are cut off.
///
/// For a type of your own:
///
/// ```
/// use odoo_client::error::Refusal;
/// use odoo_client::field::kind;
/// use odoo_client::write::ToField;
/// use serde_json::Value;
///
/// struct Percent(f64);
///
/// impl ToField<kind::Float> for Percent {
///     fn to_json(self) -> Result<Value, Refusal> {
///         if self.0 > 100.0 { Err(Refusal::new("more than 100 %")) } else { ToField::<kind::Float>::to_json(self.0) }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a field of Odoo type `{K}`",
    label = "does not fit the field's Odoo type",
    note = "see `odoo_client::write::ToField` for the types that fit"
)]
pub trait ToField<K> {
    /// The value as JSON on the wire.
    ///
    /// # Errors
    ///
    /// When it cannot be sent as it is.
    fn to_json(self) -> Result<Value, Refusal>;
}

/// A Rust value that a write can set a field of the type `K` to: all that [filters compare with](ToField), and what only
/// writes take.
///
/// | Odoo | Rust |
/// | --- | --- |
/// | `one2many`, `many2many` | lists of [`Command`](crate::Command)s; [`Ids<M>`](crate::Ids) and lists of [`Id<M>`](crate::Id), which [set](crate::Command::set) the records |
/// | `binary` | `Vec<u8>`, `&[u8]`, [`Binary`](crate::Binary), and an `Option` of these |
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value to write to a field of Odoo type `{K}`",
    label = "does not fit the field's Odoo type",
    note = "see `odoo_client::write::ToField` and `odoo_client::write::ToWrite` for the types that fit"
)]
pub trait ToWrite<K> {
    /// The value as JSON on the wire.
    ///
    /// # Errors
    ///
    /// When it cannot be sent as it is.
    fn to_write(self) -> Result<Value, Refusal>;
}

impl<K, V: ToField<K>> ToWrite<K> for V {
    fn to_write(self) -> Result<Value, Refusal> {
        self.to_json()
    }
}

/// A Rust value that a field of type `K` of the model `M` can be set to: all that is [`ToWrite`], in words that name the
/// model.
#[diagnostic::on_unimplemented(
    message = "this field of `{M}` has the Odoo type `{K}`, to which `{Self}` cannot be written",
    label = "not a value for what the field holds",
    note = "a selection takes a variant of the enum in its type, as in `State::Sale`; a many2one takes an `Id` of its model, as in `Id::new(7)`",
    note = "a one2many or many2many takes a list of commands, as in `[Command::link(id)]` or `[Command::set(ids)]`, or of all ids that it is to have",
    note = "dates, times and decimals are of the version of `jiff` that is `odoo_client::jiff`, and with the features `chrono`, `time` and `decimal` of those of `chrono`, `time` and `rust_decimal` that are re-exported likewise",
    note = "see `odoo_client::write::ToField` and `odoo_client::write::ToWrite` for all types that fit"
)]
pub trait SetTo<M, K>: ToWrite<K> {}

#[diagnostic::do_not_recommend]
impl<M, K, V: ToWrite<K>> SetTo<M, K> for V {}

/// Fields of model `M` with values to write. What is not named is left as it is.
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model, Values};
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # impl Partner {
/// #     const NAME: Field<Self, kind::Char> = Field::new("name");
/// #     const EMAIL: Field<Self, kind::Char> = Field::new("email");
/// # }
/// let values = Values::<Partner>::new().set(Partner::NAME, "Acme").clear(Partner::EMAIL);
/// assert_eq!(serde_json::to_string(&values)?, r#"{"email":false,"name":"Acme"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A value that [cannot be sent](Refusal) is kept as such, and whatever would write these values fails.
pub struct Values<M> {
    values: Result<Map<String, Value>, Refusal>,
    model: PhantomData<fn() -> M>,
}

/// What a field must be for a write to set it: not one that Odoo calls readonly. Nobody else can implement it.
#[diagnostic::on_unimplemented(
    message = "this field of `{M}` is readonly",
    label = "readonly in the pinned Odoo",
    note = "Odoo's server takes some of these all the same: `set_readonly` sends it"
)]
pub trait Writable<M> {
    #[doc(hidden)]
    fn sealed(_: Seal);
}

impl<M> Writable<M> for ReadWrite {
    fn sealed(_: Seal) {}
}

impl<M, F, C> Writable<M> for Limited<F, ReadWrite, C> {
    fn sealed(_: Seal) {}
}

impl<M: Model> Values<M> {
    /// Nothing to write yet.
    pub fn new() -> Self {
        Self { values: Ok(Map::new()), model: PhantomData }
    }

    /// Sets a field to a value.
    #[must_use]
    pub fn set<K, A: Writable<M>, V>(self, field: Field<M, K, A>, value: V) -> Self
    where
        V: SetTo<M, K>, // `None` by itself is of no type: `clear` empties a field
    {
        self.insert(field.name(), value.to_write())
    }

    /// Sets a field that Odoo calls readonly. That is a rule of its user interface: the server takes a value for many of
    /// them, in particular on `create`, and passes over others without a word, such as those computed and not stored.
    #[must_use]
    pub fn set_readonly<K, A>(self, field: Field<M, K, A>, value: impl SetTo<M, K>) -> Self
    where
        A: Access<Write = ReadOnly>,
    {
        self.insert(field.name(), value.to_write())
    }

    /// Empties a field: `false` where a field can be empty, 0 for numbers, no records for a one2many or many2many.
    #[must_use]
    pub fn clear<K, A: Writable<M>>(self, field: Field<M, K, A>) -> Self {
        self.insert(field.name(), Ok(Value::Bool(false)))
    }

    /// Sets a field by name to any JSON: nothing checks that the model has it or that it takes this.
    ///
    /// For fields that are not in the pin.
    #[must_use]
    pub fn set_raw(self, field: impl AsRef<str>, value: impl Argument) -> Self {
        self.insert(field.as_ref(), value.to_json())
    }

    fn insert(mut self, field: &str, value: Result<Value, Refusal>) -> Self {
        insert(&mut self.values, M::ODOO_NAME, field, value);
        self
    }

    /// What is to be written to a field, by name; nothing if there is a [`refusal`](Self::refusal).
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.values.as_ref().ok()?.get(field)
    }

    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.values.as_ref().is_ok_and(Map::is_empty)
    }

    /// The first value that cannot be sent, if there is any: then none of them will be.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.values.as_ref().err()
    }

    pub(crate) fn from_json(values: Map<String, Value>) -> Self {
        Self { values: Ok(values), model: PhantomData }
    }
}

impl<M> Values<M> {
    pub(crate) fn into_json(self) -> Result<Value, Refusal> {
        self.values.map(Value::Object)
    }

    pub(crate) fn json(&self) -> Result<&Map<String, Value>, Refusal> {
        self.values.as_ref().map_err(Refusal::clone)
    }
}

/// Once for all models and fields.
fn insert(values: &mut Result<Map<String, Value>, Refusal>, model: &str, field: &str, value: Result<Value, Refusal>) {
    match (values.as_mut(), value) {
        (Ok(map), Ok(value)) => drop(map.insert(field.to_owned(), value)),
        (Ok(_), Err(refusal)) => *values = Err(refusal.of(model, field)),
        // The first one is told.
        (Err(_), _) => {}
    }
}

/// What can be written: [`Values`], or a struct that derives them with `#[derive(Values)]`.
///
/// The fields of the struct are matched by name, or by `#[odoo(field = "…")]`, and each must be of a type that
/// [fits](ToWrite) the field in Odoo:
///
/// | Rust | writes |
/// | --- | --- |
/// | `T` | the value |
/// | `Option<T>` | the value, or for `None` nothing: the field is left as it is |
/// | `Option<Option<T>>` | the value, nothing for `None`, and for `Some(None)` it empties the field |
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model};
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # impl Partner {
/// #     const NAME: Field<Self, kind::Char> = Field::new("name");
/// #     const EMAIL: Field<Self, kind::Char> = Field::new("email");
/// #     const REF: Field<Self, kind::Char> = Field::new("ref");
/// # }
/// use odoo_client::write::ToValues;
/// use odoo_client::Values;
///
/// #[derive(Values)]
/// #[odoo(model = Partner)]
/// struct Contact {
///     name: String,
///     email: Option<String>,
///     #[odoo(field = "ref")]
///     number: Option<Option<String>>,
/// }
///
/// let contact = Contact { name: "Acme".into(), email: None, number: Some(None) };
/// assert_eq!(serde_json::to_string(&contact.to_values())?, r#"{"name":"Acme","ref":false}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// All that writes takes such a struct: [`Client::create`](crate::Client::create),
/// [`Client::update`](crate::Client::update), [`Command::create`](crate::Command::create).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of values to write",
    label = "neither `Values` nor a struct with `#[derive(Values)]`"
)]
pub trait ToValues {
    /// The model whose fields these are.
    type Model: Model;

    /// The values by field.
    fn to_values(self) -> Values<Self::Model>;
}

impl<M: Model> ToValues for Values<M> {
    type Model = M;

    fn to_values(self) -> Self {
        self
    }
}

impl<M: Model> Default for Values<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> Clone for Values<M> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), model: PhantomData }
    }
}

/// The JSON that is written, or why nothing is.
impl<M> std::fmt::Debug for Values<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.values {
            Ok(values) => values.fmt(f),
            Err(refusal) => std::fmt::Display::fmt(refusal, f),
        }
    }
}

impl<M> serde::Serialize for Values<M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.values {
            Ok(values) => values.serialize(serializer),
            Err(refusal) => Err(serde::ser::Error::custom(refusal)),
        }
    }
}
