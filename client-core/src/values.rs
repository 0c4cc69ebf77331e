//! Rust values for Odoo's fields: what filters compare with and writes set.

use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::field::{Field, ReadOnly, ReadWrite, kind};
use crate::{Id, Many2one, Model, Reference, Selection};

/// A Rust value that fits fields of the type `K`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a field of Odoo type `{K}`",
    label = "does not fit the field's Odoo type"
)]
pub trait ToField<K> {
    /// The value as JSON on the wire.
    fn to_json(self) -> Value;
}

/// A Rust value that a write can set a field of the type `K` to: all that filters compare with, and what only writes
/// take, such as lists of [`Command`](crate::Command)s and the bytes of a binary field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value to write to a field of Odoo type `{K}`",
    label = "does not fit the field's Odoo type"
)]
pub trait ToWrite<K> {
    /// The value as JSON on the wire.
    fn to_write(self) -> Value;
}

impl<K, V: ToField<K>> ToWrite<K> for V {
    fn to_write(self) -> Value {
        self.to_json()
    }
}

macro_rules! to_field {
    ($($value:ty => $($kind:ident)+: |$it:ident| $json:expr;)*) => {
        $($(impl ToField<kind::$kind> for $value {
            fn to_json(self) -> Value {
                let $it = self;
                $json
            }
        })+)*
    };
}

to_field! {
    &str => Char Text Html: |text| text.into();
    &String => Char Text Html: |text| text.as_str().into();
    String => Char Text Html: |text| text.into();
    bool => Boolean: |value| value.into();
    i64 => Integer Id Many2oneReference: |number| number.into();
    i32 => Integer Float Monetary: |number| number.into();
    f64 => Float Monetary: |number| number.into();
    Date => Date: |date| date.to_string().into();
    Timestamp => Datetime: |time| datetime(time).into();
    Reference => Reference: |reference| reference.to_string().into();
    Value => Json Properties PropertiesDefinition: |json| json;
}

/// Odoo takes no `T`, no zone and no fraction of a second.
fn datetime(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl<M> ToField<kind::Many2one<M>> for Id<M> {
    fn to_json(self) -> Value {
        self.get().into()
    }
}

impl<M> ToField<kind::Many2one<M>> for &Many2one<M> {
    fn to_json(self) -> Value {
        self.id().get().into()
    }
}

impl<E: Selection> ToField<kind::Selection<E>> for E {
    fn to_json(self) -> Value {
        self.as_str().into()
    }
}

/// Fields of model `M` with values to write. What is not named is left as it is.
///
/// ```
/// # use odoo_client::{Field, Model, Values, kind};
/// # enum Partner {}
/// # impl Model for Partner { const NAME: &'static str = "res.partner"; }
/// # impl Partner {
/// #     const NAME: Field<Self, kind::Char> = odoo_client::field("name");
/// #     const EMAIL: Field<Self, kind::Char> = odoo_client::field("email");
/// # }
/// let values = Values::<Partner>::new().set(Partner::NAME, "Acme").clear(Partner::EMAIL);
/// assert_eq!(serde_json::to_string(&values)?, r#"{"email":false,"name":"Acme"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Values<M> {
    values: Map<String, Value>,
    model: PhantomData<fn() -> M>,
}

/// What a field must be for a write to set it: not one that Odoo calls readonly.
#[diagnostic::on_unimplemented(
    message = "this field of `{M}` is readonly",
    label = "readonly in the pinned Odoo",
    note = "Odoo's server takes some of these all the same: `set_readonly` sends it"
)]
pub trait Writable<M> {}

impl<M> Writable<M> for ReadWrite {}

impl<M: Model> Values<M> {
    /// Nothing to write yet.
    pub fn new() -> Self {
        Self { values: Map::new(), model: PhantomData }
    }

    /// Sets a field to a value.
    #[must_use]
    pub fn set<K, A: Writable<M>, V: ToWrite<K>>(self, field: Field<M, K, A>, value: V) -> Self {
        self.insert(field.name(), value.to_write())
    }

    /// Sets a field that Odoo calls readonly. That is a rule of its user interface: the server takes a value for many of
    /// them, in particular on `create`, and passes over others without a word, such as those computed and not stored.
    #[must_use]
    pub fn set_readonly<K>(self, field: Field<M, K, ReadOnly>, value: impl ToWrite<K>) -> Self {
        self.insert(field.name(), value.to_write())
    }

    /// Empties a field: `false` where a field can be empty, 0 for numbers, no records for a one2many or many2many.
    #[must_use]
    pub fn clear<K, A: Writable<M>>(self, field: Field<M, K, A>) -> Self {
        self.insert(field.name(), Value::Bool(false))
    }

    /// Sets a field by name to any JSON: nothing checks that the model has it or that it takes this.
    ///
    /// For fields that are not in the pin.
    #[must_use]
    pub fn set_raw(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.insert(field.into(), value.into());
        self
    }

    fn insert(mut self, field: &str, value: Value) -> Self {
        insert(&mut self.values, field, value);
        self
    }

    /// What is to be written to a field, by name.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.values.get(field)
    }

    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn from_json(values: Map<String, Value>) -> Self {
        Self { values, model: PhantomData }
    }

    pub(crate) fn into_json(self) -> Value {
        Value::Object(self.values)
    }
}

/// Once for all models and fields.
fn insert(values: &mut Map<String, Value>, field: &str, value: Value) {
    values.insert(field.to_owned(), value);
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
/// # use odoo_client::{Field, Model, kind};
/// # enum Partner {}
/// # impl Model for Partner { const NAME: &'static str = "res.partner"; }
/// # impl Partner {
/// #     const NAME: Field<Self, kind::Char> = odoo_client::field("name");
/// #     const EMAIL: Field<Self, kind::Char> = odoo_client::field("email");
/// #     const REF: Field<Self, kind::Char> = odoo_client::field("ref");
/// # }
/// use odoo_client::{ToValues, Values};
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

/// The JSON that is written.
impl<M> std::fmt::Debug for Values<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.values.fmt(f)
    }
}

impl<M> serde::Serialize for Values<M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.values.serialize(serializer)
    }
}
