//! Filters: which records of a model are meant.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use serde_json::{Value, json};

use crate::field::{Field, kind};
use crate::values::ToField;

/// A filter on records of model `M`: what Odoo calls a
/// [domain](https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html#search-domains).
///
/// ```
/// # use odoo_client::{Domain, Field, Id, Model, kind};
/// # enum Partner {}
/// # impl Model for Partner { const NAME: &'static str = "res.partner"; }
/// # impl Partner {
/// #     const NAME: Field<Self, kind::Char> = odoo_client::field("name");
/// #     const PARENT_ID: Field<Self, kind::Many2one<Partner>> = odoo_client::field("parent_id");
/// # }
/// let domain = Partner::NAME.ilike("acme") & (Partner::PARENT_ID.is_empty() | Partner::PARENT_ID.eq(Id::new(7)));
/// assert_eq!(
///     serde_json::to_string(&domain)?,
///     r#"["&",["name","ilike","acme"],"|",["parent_id","=",false],["parent_id","=",7]]"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Domain<M> {
    /// Polish notation: an operator before its operands, as on the wire. Always one expression, or none.
    terms: Vec<Value>,
    model: PhantomData<fn() -> M>,
}

impl<M> Domain<M> {
    /// All records.
    pub const fn all() -> Self {
        Self { terms: Vec::new(), model: PhantomData }
    }

    /// A condition on a field or a dotted path of fields, by name: nothing checks that there is such a field or that it
    /// takes this operator and value.
    pub fn raw(field: &str, operator: &str, value: impl Into<Value>) -> Self {
        Self { terms: term(field, operator, value.into()), model: PhantomData }
    }

    /// The JSON, for one type of argument whatever the model.
    pub(crate) fn into_value(self) -> Value {
        self.terms.into()
    }

    fn join(mut self, operator: &str, other: Self) -> Self {
        self.terms.insert(0, operator.into());
        self.terms.extend(other.terms);
        self
    }
}

/// Records that are in both.
impl<M> BitAnd for Domain<M> {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        match (self.terms.is_empty(), other.terms.is_empty()) {
            (true, _) => other,
            (_, true) => self,
            _ => self.join("&", other),
        }
    }
}

/// Records that are in one or the other.
impl<M> BitOr for Domain<M> {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        // All records, or some of them as well: all.
        if self.terms.is_empty() || other.terms.is_empty() { Self::all() } else { self.join("|", other) }
    }
}

/// The other records.
impl<M> Not for Domain<M> {
    type Output = Self;
    fn not(mut self) -> Self {
        if self.terms.is_empty() {
            // No record, in the form that Odoo itself uses (`FALSE_DOMAIN`): `!` needs an operand.
            return Self { terms: vec![json!([0, "=", 1])], model: PhantomData };
        }
        self.terms.insert(0, "!".into());
        self
    }
}

impl<M> Clone for Domain<M> {
    fn clone(&self) -> Self {
        Self { terms: self.terms.clone(), model: PhantomData }
    }
}

/// The JSON of the domain.
impl<M> fmt::Debug for Domain<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&json!(self.terms), f)
    }
}

fn term(field: &str, operator: &str, value: Value) -> Vec<Value> {
    vec![json!([field, operator, value])]
}

impl<M> serde::Serialize for Domain<M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.terms.serialize(serializer)
    }
}

impl<M, K, A> Field<M, K, A> {
    /// Has this value.
    pub fn eq(self, value: impl ToField<K>) -> Domain<M> {
        Domain::raw(self.name(), "=", value.to_json())
    }

    /// Has another value, or none.
    pub fn ne(self, value: impl ToField<K>) -> Domain<M> {
        Domain::raw(self.name(), "!=", value.to_json())
    }

    /// Has one of these values.
    pub fn is_in<V: ToField<K>>(self, values: impl IntoIterator<Item = V>) -> Domain<M> {
        Domain::raw(self.name(), "in", values.into_iter().map(V::to_json).collect::<Value>())
    }

    /// Has none of these values.
    pub fn not_in<V: ToField<K>>(self, values: impl IntoIterator<Item = V>) -> Domain<M> {
        Domain::raw(self.name(), "not in", values.into_iter().map(V::to_json).collect::<Value>())
    }
}

/// Types of fields that can be without a value, which is `false` on the wire.
pub trait Nullable {}

/// Types of fields that have an order.
pub trait Ordered {}

/// Types of fields that hold text.
pub trait Textual {}

macro_rules! kinds {
    ($($trait:ident: $($kind:ident)*;)*) => { $($(impl $trait for kind::$kind {})*)* };
}

kinds! {
    Nullable: Binary Char Date Datetime Html Many2oneReference Reference Text;
    Ordered: Char Date Datetime Float Id Integer Monetary;
    Textual: Char Html Text;
}

impl<M> Nullable for kind::Many2one<M> {}
impl<M> Nullable for kind::One2many<M> {}
impl<M> Nullable for kind::Many2many<M> {}
impl<E> Nullable for kind::Selection<E> {}

impl<M, K: Nullable, A> Field<M, K, A> {
    /// Has no value.
    pub fn is_empty(self) -> Domain<M> {
        Domain::raw(self.name(), "=", false)
    }

    /// Has a value.
    pub fn is_set(self) -> Domain<M> {
        Domain::raw(self.name(), "!=", false)
    }
}

impl<M, K: Ordered, A> Field<M, K, A> {
    /// Is less than this.
    pub fn lt(self, value: impl ToField<K>) -> Domain<M> {
        Domain::raw(self.name(), "<", value.to_json())
    }

    /// Is this or less.
    pub fn le(self, value: impl ToField<K>) -> Domain<M> {
        Domain::raw(self.name(), "<=", value.to_json())
    }

    /// Is more than this.
    pub fn gt(self, value: impl ToField<K>) -> Domain<M> {
        Domain::raw(self.name(), ">", value.to_json())
    }

    /// Is this or more.
    pub fn ge(self, value: impl ToField<K>) -> Domain<M> {
        Domain::raw(self.name(), ">=", value.to_json())
    }
}

impl<M, K: Textual, A> Field<M, K, A> {
    /// Contains this text, in capitals or not; `%` in it stands for any text, `_` for any sign.
    pub fn ilike(self, text: &str) -> Domain<M> {
        Domain::raw(self.name(), "ilike", text)
    }
}
