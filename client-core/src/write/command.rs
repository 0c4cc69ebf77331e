//! What a write does to the records of a one2many or many2many.

use std::fmt;
use std::marker::PhantomData;

use serde_json::{Value, json};

use crate::error::Refusal;
use crate::field::kind;
use crate::model::ToIds;
use crate::write::ToValues;
use crate::write::values::ToWrite;
use crate::{Id, Ids, Model};

/// One change to the records that a one2many or many2many of a record holds: what Odoo calls a
/// [command](https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html#odoo.fields.Command).
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model};
/// # enum Tag {}
/// # impl Model for Tag { const ODOO_NAME: &'static str = "res.partner.category"; }
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # impl Partner { const CATEGORY_ID: Field<Self, kind::Many2many<Tag>> = Field::new("category_id"); }
/// use odoo_client::{Command, Id, Values};
///
/// let (vip, old) = (Id::new(3), Id::new(5));
/// let values = Values::<Partner>::new().set(Partner::CATEGORY_ID, [Command::link(vip), Command::unlink(old)]);
/// assert_eq!(serde_json::to_string(&values)?, r#"{"category_id":[[4,3,0],[3,5,0]]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The commands of a list are carried out one after another. Commands are for writes only: a filter on such a field
/// compares with ids.
pub struct Command<M> {
    /// The three elements, as on the wire.
    triple: Result<Value, Refusal>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Command<M> {
    fn new(triple: Value) -> Self {
        Self { triple: Ok(triple), model: PhantomData }
    }

    fn with(number: i64, id: i64, values: impl ToValues<Model = M>) -> Self {
        let values = values.to_values().into_json();
        let triple = values.map(|values| Value::Array(vec![number.into(), id.into(), values]));
        Self { triple, model: PhantomData }
    }

    /// Creates a record and links it. The field that points back (of a one2many) is set by the server.
    ///
    /// On the wire `[0, 0, {…}]`.
    pub fn create(values: impl ToValues<Model = M>) -> Self {
        Self::with(0, 0, values)
    }

    /// Writes values to a linked record.
    ///
    /// On the wire `[1, id, {…}]`.
    pub fn update(id: Id<M>, values: impl ToValues<Model = M>) -> Self {
        Self::with(1, id.get(), values)
    }

    /// Deletes a linked record from the database.
    ///
    /// On the wire `[2, id, 0]`.
    pub fn delete(id: Id<M>) -> Self {
        Self::new(json!([2, id.get(), 0]))
    }

    /// Removes the link to a record. The record itself stays, except in a one2many whose inverse field is set to delete
    /// it (`ondelete="cascade"`).
    ///
    /// On the wire `[3, id, 0]`.
    pub fn unlink(id: Id<M>) -> Self {
        Self::new(json!([3, id.get(), 0]))
    }

    /// Links a record that exists. In a one2many this takes it away from the record that had it.
    ///
    /// On the wire `[4, id, 0]`.
    pub fn link(id: Id<M>) -> Self {
        Self::new(json!([4, id.get(), 0]))
    }

    /// Removes all links, each as [`unlink`](Self::unlink) does.
    ///
    /// On the wire `[5, 0, 0]`.
    pub fn clear() -> Self {
        Self::new(json!([5, 0, 0]))
    }

    /// Makes these records the linked ones: others are unlinked.
    ///
    /// On the wire `[6, 0, [id, …]]`.
    pub fn set(ids: impl ToIds<M>) -> Self {
        Self::new(set(ids.to_ids()))
    }
}

impl<M> Command<M> {
    pub(crate) fn triple(&self) -> Result<Value, Refusal> {
        self.triple.clone()
    }
}

impl<M> Clone for Command<M> {
    fn clone(&self) -> Self {
        Self { triple: self.triple.clone(), model: PhantomData }
    }
}

/// The JSON of the command.
impl<M> fmt::Debug for Command<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.triple {
            Ok(triple) => fmt::Display::fmt(triple, f),
            Err(refusal) => fmt::Display::fmt(refusal, f),
        }
    }
}

impl<M> serde::Serialize for Command<M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.triple {
            Ok(triple) => triple.serialize(serializer),
            Err(refusal) => Err(serde::ser::Error::custom(refusal)),
        }
    }
}

fn list<M>(commands: impl IntoIterator<Item = Command<M>>) -> Result<Value, Refusal> {
    commands.into_iter().map(|command| command.triple).collect()
}

fn set(ids: Vec<i64>) -> Value {
    json!([6, 0, ids])
}

/// The records of the field shall be these.
fn set_list<M>(ids: impl ToIds<M>) -> Result<Value, Refusal> {
    Ok(Value::Array(vec![set(ids.to_ids())]))
}

macro_rules! lists {
    ($([$($generics:tt)*] $value:ty: $list:ident;)*) => { $(
        impl<$($generics)*> ToWrite<kind::One2many<M>> for $value {
            fn to_write(self) -> Result<Value, Refusal> {
                $list(self)
            }
        }

        impl<$($generics)*> ToWrite<kind::Many2many<M>> for $value {
            fn to_write(self) -> Result<Value, Refusal> {
                $list(self)
            }
        }

        lists! { @optional [$($generics)*] $value: One2many Many2many }
    )* };
    (@optional $generics:tt $value:ty: $($kind:ident)*) => {
        $(lists! { @impl $generics $value: $kind })*
    };
    (@impl [$($generics:tt)*] $value:ty: $kind:ident) => {
        /// No records, if it is `None`.
        impl<$($generics)*> ToWrite<kind::$kind<M>> for Option<$value> {
            fn to_write(self) -> Result<Value, Refusal> {
                self.map_or(Ok(Value::Bool(false)), ToWrite::<kind::$kind<M>>::to_write)
            }
        }
    };
}

lists! {
    [M] Vec<Command<M>>: list;
    [M, const N: usize] [Command<M>; N]: list;
    [M] Ids<M>: set_list;
    [M] &Ids<M>: set_list;
    [M] Vec<Id<M>>: set_list;
    [M] &[Id<M>]: set_list;
    [M] &Vec<Id<M>>: set_list;
    [M, const N: usize] [Id<M>; N]: set_list;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Values;

    enum Line {}
    impl Model for Line {
        const ODOO_NAME: &'static str = "x.line";
    }

    #[test]
    fn every_command_as_odoo_wants_it() {
        let values = || Values::<Line>::new().set_raw("qty", 2);
        let all: [Command<Line>; 7] = [
            Command::create(values()),
            Command::update(Id::new(1), values()),
            Command::delete(Id::new(2)),
            Command::unlink(Id::new(3)),
            Command::link(Id::new(4)),
            Command::clear(),
            Command::set([Id::new(6), Id::new(7)]),
        ];
        let written = ToWrite::<kind::One2many<Line>>::to_write(all);
        assert_eq!(
            written.unwrap().to_string(),
            r#"[[0,0,{"qty":2}],[1,1,{"qty":2}],[2,2,0],[3,3,0],[4,4,0],[5,0,0],[6,0,[6,7]]]"#
        );
    }
}
