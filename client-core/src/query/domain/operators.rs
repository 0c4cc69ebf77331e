//! The conditions that a field can be put under: those that Odoo has for its type.

use serde_json::Value;

use super::Domain;
use crate::error::Refusal;
use crate::field::kind::{self, Kind};
use crate::field::sealed::Seal;
use crate::field::{CanFilter, Field, Path, Relation};
use crate::model::HasParents;
use crate::model::ids::ToIds;
use crate::write::values::ToField;
use crate::{Id, Many2one, Model};

/// A Rust value that a field of type `K` of the model `M` can be compared with: all that a write can set it to, and ids for
/// the `id` itself and for the relations to many records. For a type of your own implement [`ToField`].
#[diagnostic::on_unimplemented(
    message = "a field of `{M}` of Odoo type `{K}` cannot be compared with `{Self}`",
    label = "not a value of what the field holds",
    note = "a selection takes a variant of the enum in its type, as in `State::Sale`; a relation takes an `Id` of its model, as in `Id::new(7)`, or `.dot(…)` leads to a field of that",
    note = "dates, times and decimals are of the version of `jiff` that is `odoo_client::jiff`, and with the features `chrono`, `time` and `decimal` of those of `chrono`, `time` and `rust_decimal` that are re-exported likewise",
    note = "see `odoo_client::write::ToField` for all types that fit"
)]
pub trait ToOperand<M, K> {
    /// The value as JSON on the wire.
    ///
    /// # Errors
    ///
    /// When it cannot be sent as it is.
    fn to_operand(self) -> Result<Value, Refusal>;
}

#[diagnostic::do_not_recommend]
impl<M, K, V: ToField<K>> ToOperand<M, K> for V {
    fn to_operand(self) -> Result<Value, Refusal> {
        self.to_json()
    }
}

#[diagnostic::do_not_recommend]
impl<M> ToOperand<M, kind::Id> for Id<M> {
    fn to_operand(self) -> Result<Value, Refusal> {
        Ok(self.get().into())
    }
}

macro_rules! ids_for_many {
    ($($kind:ident)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<M, N> ToOperand<M, kind::$kind<N>> for Id<N> {
                fn to_operand(self) -> Result<Value, Refusal> {
                    Ok(self.get().into())
                }
            }
            #[diagnostic::do_not_recommend]
            impl<M, N> ToOperand<M, kind::$kind<N>> for Many2one<N> {
                fn to_operand(self) -> Result<Value, Refusal> {
                    Ok(self.id().get().into())
                }
            }
            #[diagnostic::do_not_recommend]
            impl<M, N> ToOperand<M, kind::$kind<N>> for &Many2one<N> {
                fn to_operand(self) -> Result<Value, Refusal> {
                    Ok(self.id().get().into())
                }
            }
        )*
    };
}

ids_for_many! { One2many Many2many }

/// Types of fields that can be without a value, which is `false` on the wire.
#[diagnostic::on_unimplemented(
    message = "a field of Odoo type `{Self}` always has a value",
    label = "compare it with a value"
)]
pub trait Nullable: Kind {}

/// Types of fields whose values are less or more than others.
#[diagnostic::on_unimplemented(
    message = "values of a field of Odoo type `{Self}` are neither less nor more than others",
    label = "no order"
)]
pub trait Ordered: Kind {}

/// Types of fields that hold text, and relations, of whose records the names are looked into: as Odoo's `name_search` does, which
/// for some models looks into more, such as the email of a `res.partner`.
#[diagnostic::on_unimplemented(message = "a field of Odoo type `{Self}` holds no text", label = "no text to look into")]
pub trait Textual: Kind {}

/// Types of fields that point to records which may be below others: the relations, and the `id` for the record itself.
#[diagnostic::on_unimplemented(
    message = "a field of Odoo type `{Self}` points to no record that could be below another",
    label = "no record"
)]
pub trait Hierarchical<M> {
    /// The model of those records.
    type Of;

    #[doc(hidden)]
    fn sealed(_: Seal);
}

impl<M> Hierarchical<M> for kind::Id {
    type Of = M;
    fn sealed(_: Seal) {}
}

impl<M, N> Hierarchical<M> for kind::Many2one<N> {
    type Of = N;
    fn sealed(_: Seal) {}
}

impl<M, N> Hierarchical<M> for kind::One2many<N> {
    type Of = N;
    fn sealed(_: Seal) {}
}

impl<M, N> Hierarchical<M> for kind::Many2many<N> {
    type Of = N;
    fn sealed(_: Seal) {}
}

macro_rules! compared {
    ($($kind:ident: [$($trait:ident)*];)*) => { $($(impl $trait for kind::$kind {})*)* };
}

odoo_field_types::field_types!(compared of compare);

impl<M> Nullable for kind::Many2one<M> {}
impl<M> Nullable for kind::One2many<M> {}
impl<M> Nullable for kind::Many2many<M> {}
impl<E> Nullable for kind::Selection<E> {}

impl<M> Textual for kind::Many2one<M> {}
impl<M> Textual for kind::One2many<M> {}
impl<M> Textual for kind::Many2many<M> {}

/// The same for a field and for a path that ends in one.
macro_rules! operators {
    ($([$($generics:ident),*] $of:ty, $near:ident;)*) => { $(
        impl<$($generics),*> $of
        where
            M: Model,
        {
            /// Has this value.
            ///
            /// Of a relation to many: one of its records is this.
            pub fn eq(self, value: impl ToOperand<$near, K>) -> Domain<M>
            where
                A: CanFilter<$near>,
            {
                Domain::condition(&self.path(), "=", value.to_operand())
            }

            /// Has another value, or none.
            ///
            /// Of a relation to many: none of its records is this. Of a translated field Odoo 14 leaves out the records
            /// without a value.
            pub fn ne(self, value: impl ToOperand<$near, K>) -> Domain<M>
            where
                A: CanFilter<$near>,
            {
                Domain::condition(&self.path(), "!=", value.to_operand())
            }

            /// Has one of these values. With no values: no record.
            ///
            /// Of a relation to many: one of its records is among these.
            pub fn is_in<V: ToOperand<$near, K>>(self, values: impl IntoIterator<Item = V>) -> Domain<M>
            where
                A: CanFilter<$near>,
            {
                Domain::condition(&self.path(), "in", values.into_iter().map(V::to_operand).collect())
            }

            /// Has none of these values. With no values: all records.
            ///
            /// Of a relation to many: none of its records is among these. Of a translated field Odoo 14 leaves out the records
            /// without a value, and behind a path it takes no more than one text of such a field. Nor has it lists of several numbers
            /// with a 0 there, which is an [`Unsupported`](crate::ErrorKind::Unsupported).
            pub fn not_in<V: ToOperand<$near, K>>(self, values: impl IntoIterator<Item = V>) -> Domain<M>
            where
                A: CanFilter<$near>,
            {
                Domain::condition(&self.path(), "not in", values.into_iter().map(V::to_operand).collect())
            }

            /// Has no value; of a relation to many: no record that the user may see.
            pub fn is_empty(self) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Nullable,
            {
                Domain::condition(&self.path(), "=", Ok(false.into()))
            }

            /// Has a value; of a relation to many: a record.
            pub fn is_set(self) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Nullable,
            {
                Domain::condition(&self.path(), "!=", Ok(false.into()))
            }

            /// Is less than this.
            pub fn lt(self, value: impl ToOperand<$near, K>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Ordered,
            {
                Domain::condition(&self.path(), "<", value.to_operand())
            }

            /// Is this or less.
            pub fn le(self, value: impl ToOperand<$near, K>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Ordered,
            {
                Domain::condition(&self.path(), "<=", value.to_operand())
            }

            /// Is more than this.
            pub fn gt(self, value: impl ToOperand<$near, K>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Ordered,
            {
                Domain::condition(&self.path(), ">", value.to_operand())
            }

            /// Is this or more.
            pub fn ge(self, value: impl ToOperand<$near, K>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Ordered,
            {
                Domain::condition(&self.path(), ">=", value.to_operand())
            }

            /// Contains this text, in the same case; `%` in it stands for any text, `_` for any character, and a
            /// backslash before one of these for the character itself.
            ///
            /// Of a relation: the name of a record does; see [`Textual`].
            pub fn like(self, text: impl Into<String>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Textual,
            {
                Domain::condition(&self.path(), "like", Ok(Value::String(text.into())))
            }

            /// Does not contain this text, or is empty; see [`like`](Self::like). Of a translated field Odoo 14 leaves out
            /// those that are empty.
            pub fn not_like(self, text: impl Into<String>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Textual,
            {
                Domain::condition(&self.path(), "not like", Ok(Value::String(text.into())))
            }

            /// Contains this text, in capitals or not; see [`like`](Self::like).
            pub fn ilike(self, text: impl Into<String>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Textual,
            {
                Domain::condition(&self.path(), "ilike", Ok(Value::String(text.into())))
            }

            /// Does not contain this text, in capitals or not, or is empty; see [`not_like`](Self::not_like).
            pub fn not_ilike(self, text: impl Into<String>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Textual,
            {
                Domain::condition(&self.path(), "not ilike", Ok(Value::String(text.into())))
            }

            /// Is this text as a whole, in the same case, with `%` and `_` as in [`like`](Self::like): Odoo's `=like`.
            pub fn eq_like(self, pattern: impl Into<String>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Textual,
            {
                Domain::condition(&self.path(), "=like", Ok(Value::String(pattern.into())))
            }

            /// Is this text as a whole, in capitals or not, with `%` and `_` as in [`like`](Self::like): Odoo's `=ilike`.
            pub fn eq_ilike(self, pattern: impl Into<String>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Textual,
            {
                Domain::condition(&self.path(), "=ilike", Ok(Value::String(pattern.into())))
            }

            /// Is this text as a whole, in capitals or not: [`eq_ilike`](Self::eq_ilike) of the text with its `%`, `_` and
            /// backslashes [escaped](crate::query::escape_like).
            pub fn eq_ignore_case(self, text: impl AsRef<str>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Textual,
            {
                self.eq_ilike(super::escape_like(text))
            }

            /// Is one of these records, or below one, as far down as it goes. For models whose records
            /// [have parents](HasParents).
            ///
            /// Of a field that points to its own model, such as `parent_id` itself, these are the records that make the tree, with
            /// the one at its top; of others the records that point to one of the tree.
            pub fn child_of(self, ids: impl ToIds<K::Of>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Hierarchical<$near, Of: HasParents>,
            {
                Domain::condition(&self.path(), "child_of", Ok(ids.to_ids().into()))
            }

            /// Is one of these records, or above one, as far up as it goes; see [`child_of`](Self::child_of).
            pub fn parent_of(self, ids: impl ToIds<K::Of>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Hierarchical<$near, Of: HasParents>,
            {
                Domain::condition(&self.path(), "parent_of", Ok(ids.to_ids().into()))
            }

            /// Points to a record that this domain lets through: of a relation to many, to one at least, for which alone
            /// all conditions hold. Odoo 17 and later; before that, sending it is
            /// [`Unsupported`](crate::ErrorKind::Unsupported).
            pub fn any(self, domain: Domain<K::Target>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Relation,
            {
                Domain::condition(&self.path(), "any", domain.into_value())
            }

            /// Points to no record that this domain lets through, or to none at all; see [`any`](Self::any).
            pub fn not_any(self, domain: Domain<K::Target>) -> Domain<M>
            where
                A: CanFilter<$near>,
                K: Relation,
            {
                Domain::condition(&self.path(), "not any", domain.into_value())
            }
        }
    )* };
}

operators! {
    [M, K, A] Field<M, K, A>, M;
    [M, K, N, A] Path<M, K, N, A>, N;
}

impl<M, K, A> Field<M, K, A> {
    pub(crate) fn path(self) -> std::borrow::Cow<'static, str> {
        self.name().into()
    }
}
