//! Paths from a model over its relations to the field of another.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::field::{Access, Along, Field, ReadWrite, ToMany, kind};

/// A path from records of model `M` over one or more relations to a field of type `K` of the model `N`.
///
/// It takes the conditions that a field of that type takes, if all fields on it can be filtered by: `A` is what can be done with
/// them together. Where a relation to many is on the way, one of its records for which the
/// condition holds is enough.
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model};
/// # enum Country {}
/// # impl Model for Country { const ODOO_NAME: &'static str = "res.country"; }
/// # impl Country { const CODE: Field<Self, kind::Char> = Field::new("code"); }
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # impl Partner { const COUNTRY_ID: Field<Self, kind::Many2one<Country>> = Field::new("country_id"); }
/// # enum Order {}
/// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
/// # impl Order { const PARTNER_ID: Field<Self, kind::Many2one<Partner>> = Field::new("partner_id"); }
/// let belgian = Order::PARTNER_ID.dot(Partner::COUNTRY_ID).dot(Country::CODE).eq("BE");
/// assert_eq!(belgian.to_string(), "[('partner_id.country_id.code', '=', 'BE')]");
/// ```
pub struct Path<M, K, N, A = ReadWrite> {
    path: String,
    types: PhantomData<Types<M, K, N, A>>,
}

/// The types of a path, of none of which it has a value.
type Types<M, K, N, A> = fn(*const M, *const K, *const N, *const A);

/// Types of fields that point to records of a model.
#[diagnostic::on_unimplemented(
    message = "a field of Odoo type `{Self}` points to no other model",
    label = "not a many2one, one2many or many2many"
)]
pub trait Relation: kind::Kind {
    /// The model.
    type Target;
    /// What can be done with a field of access `B` at the end of a path over such a field, of access `A`, of the model `M`.
    type Then<M, A: Access, B>;
}

impl<M> Relation for kind::Many2one<M> {
    type Target = M;
    type Then<N, A: Access, B> = A::Then<N, B>;
}

impl<M> Relation for kind::One2many<M> {
    type Target = M;
    type Then<N, A: Access, B> = Along<N, ToMany<A>, B>;
}

impl<M> Relation for kind::Many2many<M> {
    type Target = M;
    type Then<N, A: Access, B> = Along<N, ToMany<A>, B>;
}

impl<M, K: Relation, A: Access> Field<M, K, A> {
    /// A field of the record, or of one of the records, that this one points to.
    pub fn dot<F, B>(self, field: Field<K::Target, F, B>) -> Path<M, F, K::Target, K::Then<M, A, B>> {
        Path { path: join(self.name(), field.name()), types: PhantomData }
    }
}

impl<M, K: Relation, N, A: Access> Path<M, K, N, A> {
    /// A field of the record, or of one of the records, that the path leads to.
    pub fn dot<F, B>(self, field: Field<K::Target, F, B>) -> Path<M, F, K::Target, K::Then<N, A, B>> {
        Path { path: join(&self.path, field.name()), types: PhantomData }
    }
}

impl<M, K, N, A> Path<M, K, N, A> {
    /// The technical names: `partner_id.country_id`.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    pub(crate) fn path(self) -> Cow<'static, str> {
        self.path.into()
    }
}

fn join(path: &str, field: &str) -> String {
    format!("{path}.{field}")
}

impl<M, K, N, A> Clone for Path<M, K, N, A> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), types: PhantomData }
    }
}

/// The technical names: `partner_id.country_id`.
impl<M, K, N, A> fmt::Debug for Path<M, K, N, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}
