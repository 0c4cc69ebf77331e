//! Rust values for Odoo's fields: what filters compare with and writes set.

use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::field::{Field, ReadWrite, kind};
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

impl<M> ToField<kind::Id> for Id<M> {
    fn to_json(self) -> Value {
        self.get().into()
    }
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

impl<M: Model> Values<M> {
    /// Nothing to write yet.
    pub fn new() -> Self {
        Self { values: Map::new(), model: PhantomData }
    }

    /// Sets a field to a value.
    #[must_use]
    pub fn set<K>(self, field: Field<M, K, ReadWrite>, value: impl ToWrite<K>) -> Self {
        self.set_raw(field.name(), value.to_write())
    }

    /// Empties a field.
    #[must_use]
    pub fn clear<K>(self, field: Field<M, K, ReadWrite>) -> Self {
        self.set_raw(field.name(), Value::Bool(false))
    }

    /// Sets a field by name to any JSON: nothing checks that the model has it or that it takes this.
    ///
    /// For fields that are not in the pin, and for writes to fields that Odoo calls readonly: that is a rule of its user
    /// interface, and the server takes many of them.
    #[must_use]
    pub fn set_raw(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.insert(field.into(), value.into());
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
