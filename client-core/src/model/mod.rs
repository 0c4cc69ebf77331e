//! Models, the ids of their records, and the values that Odoo has a type of its own for.
//!
//! Generated crates have a type for each model that implements [`Model`], and an enum for each selection that implements
//! [`Selection`].

pub(crate) mod datetime;
pub(crate) mod ids;
pub(crate) mod json;
pub(crate) mod link;
mod own;
pub(crate) mod selection;
pub(crate) mod times;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use odoo_visible::visible;

pub use self::datetime::Datetime;
pub use self::ids::{Ids, ToIds, ToNumbers};
pub use self::link::Link;
pub use self::own::{IrAttachment, ResCompany, ResPartner, ResUsers, ResUsersApikeys};
pub use self::selection::{Selection, UnknownValue};

/// A model of Odoo, by its marker type in a generated crate. Implement it for a type of your own where a model has none: one
/// that is in no pin.
///
/// ```
/// use odoo_client::{Id, Model};
///
/// enum Partner {}
/// impl Model for Partner {
///     const ODOO_NAME: &'static str = "res.partner";
/// }
/// assert_eq!(format!("{:?}", Id::<Partner>::new(7)), "res.partner(7)");
/// ```
pub trait Model: 'static {
    /// The technical name: `res.partner`.
    const ODOO_NAME: &'static str;

    /// Fields that a `[[fix]]` of a `target.toml` calls otherwise: what they are called in Rust, and the names they have on the
    /// server.
    #[doc(hidden)]
    const __RENAMED_FIELDS: &'static [(&'static str, &'static str)] = &[];
}

/// A model whose records have parents among themselves, so that there are those [below](crate::Field::child_of) and
/// [above](crate::Field::parent_of) one: Odoo's `_parent_name`, which is `parent_id` if the model names no other.
///
/// Generated crates have it for the models with a relation to themselves, and for those that are not in the pin. For a marker
/// of your own implement it.
///
/// ```
/// use odoo_client::field::kind;
/// use odoo_client::model::HasParents;
/// use odoo_client::{Field, Id, Model};
///
/// enum Location {}
/// impl Model for Location {
///     const ODOO_NAME: &'static str = "stock.location";
/// }
/// impl HasParents for Location {}
/// impl Location {
///     const ID: Field<Self, kind::Id> = Field::new("id");
/// }
/// assert_eq!(Location::ID.child_of(Id::new(8)).to_string(), "[('id', 'child_of', [8])]");
/// ```
#[diagnostic::on_unimplemented(
    message = "records of `{Self}` have no parents",
    label = "no model with a relation to itself in the pinned Odoo",
    note = "`child_of` and `parent_of` are for models whose records are above and below each other, such as categories and locations: Odoo refuses them for others"
)]
pub trait HasParents: Model {}

/// What a generated crate was generated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pin {
    /// The series of the Odoo: `19.0`.
    pub series: &'static str,
}

/// For generated code.
#[doc(hidden)]
pub const fn pin(series: &'static str) -> Pin {
    Pin { series }
}

/// The id of a record of model `M`: 64 bits, as Odoo's ids can pass 2³¹.
///
/// On the wire a number.
pub struct Id<M> {
    id: i64,
    model: PhantomData<fn() -> M>,
}

impl<M> Id<M> {
    /// The id of the record that has this number.
    pub const fn new(id: i64) -> Self {
        Self { id, model: PhantomData }
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.id
    }

    /// The same record, by the marker that another crate has for its model: that of a generated crate for one of
    /// [this crate's own](crate::model), or that of a second pin. Of two different models it does not compile.
    ///
    /// ```no_run
    /// # enum Users {}
    /// # impl odoo_client::Model for Users { const ODOO_NAME: &'static str = "res.users"; }
    /// # fn f(odoo: odoo_client::Client) {
    /// use odoo_client::Id;
    ///
    /// let me: Id<Users> = odoo.uid().cast();
    /// # }
    /// ```
    ///
    /// ```compile_fail
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// use odoo_client::Id;
    /// use odoo_client::model::ResUsers;
    ///
    /// let partner: Id<Partner> = Id::<ResUsers>::new(7).cast();
    /// ```
    pub const fn cast<N: Model>(self) -> Id<N>
    where
        M: Model,
    {
        const { assert!(is_same(M::ODOO_NAME, N::ODOO_NAME), "the two are markers of different models") };
        Id::new(self.id)
    }
}

pub(crate) const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

impl<M> Clone for Id<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Id<M> {}

/// The number 0, which no record has.
impl<M> Default for Id<M> {
    fn default() -> Self {
        Self::new(0)
    }
}

impl<M> PartialEq for Id<M> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<M> Eq for Id<M> {}

impl<M> PartialOrd for Id<M> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<M> Ord for Id<M> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id.cmp(&other.id)
    }
}

impl<M> Hash for Id<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// The model and the number: `res.partner(7)`.
impl<M: Model> fmt::Debug for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_id(M::ODOO_NAME, self.id, f)
    }
}

/// The number alone.
impl<M> fmt::Display for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl<M> From<i64> for Id<M> {
    fn from(id: i64) -> Self {
        Self::new(id)
    }
}

impl<M> From<Id<M>> for i64 {
    fn from(id: Id<M>) -> Self {
        id.id
    }
}

impl<M> serde::Serialize for Id<M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.id)
    }
}

/// A many2one that is set: the id of the record it points to, and that record's name as the server gave it.
///
/// On the wire `[7, "Azure Interior"]`. An empty many2one is `false`, which is what `Option<Many2one<M>>` is for.
pub struct Many2one<M> {
    pub(crate) to: NamedId,
    pub(crate) model: PhantomData<fn() -> M>,
}

/// What a many2one holds, whatever its model.
#[derive(Clone)]
pub(crate) struct NamedId {
    pub(crate) id: i64,
    pub(crate) name: Option<Box<str>>,
}

impl<M> Many2one<M> {
    /// The record with this id, whose name is not known.
    pub const fn new(id: Id<M>) -> Self {
        Self { to: NamedId { id: id.id, name: None }, model: PhantomData }
    }

    pub(crate) fn named(id: i64, name: Option<&str>) -> Self {
        Self { to: NamedId { id, name: name.map(Box::from) }, model: PhantomData }
    }

    /// The id of the record.
    pub const fn id(&self) -> Id<M> {
        Id::new(self.to.id)
    }

    /// The `display_name` of the record. `None` where the server did not give it, as for a record whose name the user
    /// may not read.
    pub fn name(&self) -> Option<&str> {
        self.to.name.as_deref()
    }
}

impl<M> Clone for Many2one<M> {
    fn clone(&self) -> Self {
        Self { to: self.to.clone(), model: PhantomData }
    }
}

/// Two are the same if they point to the same record, whatever its name was when they were read.
impl<M> PartialEq for Many2one<M> {
    fn eq(&self, other: &Self) -> bool {
        self.to.id == other.to.id
    }
}

impl<M> Eq for Many2one<M> {}

impl<M> Hash for Many2one<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to.id.hash(state);
    }
}

/// The model, the id and the name: `res.partner(7, "Azure Interior")`.
impl<M: Model> fmt::Debug for Many2one<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_many2one(M::ODOO_NAME, &self.to, f)
    }
}

/// The name, or where it is not known, the id.
impl<M> fmt::Display for Many2one<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.to.name {
            Some(name) => f.pad(name),
            None => self.to.id.fmt(f),
        }
    }
}

// One function for all models: a generated crate has hundreds of them.

fn debug_id(model: &str, id: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // That of a reference is the server's word.
    write!(f, "{}({id})", visible(model))
}

fn debug_many2one(model: &str, to: &NamedId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &to.name {
        Some(name) => write!(f, "{model}({}, {name:?})", to.id),
        None => debug_id(model, to.id, f),
    }
}

/// The value of a `reference` field: a record of any model.
///
/// On the wire `"res.partner,7"`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// As on the wire, but without white space.
    text: Box<str>,
    /// How much of the text is the model.
    model_len: usize,
    id: i64,
}

impl Reference {
    /// The record of model `M` with this id.
    pub fn to<M: Model>(id: Id<M>) -> Self {
        Self::new(M::ODOO_NAME, id.get())
    }

    pub(crate) fn from_wire(text: &str) -> Option<Self> {
        let (model, id) = text.split_once(',')?;
        Some(Self::new(model, id.trim().parse().ok()?))
    }

    fn new(model: &str, id: i64) -> Self {
        Self { text: format!("{model},{id}").into(), model_len: model.len(), id }
    }

    pub(crate) fn as_wire(&self) -> &str {
        &self.text
    }

    /// The technical name of the record's model.
    pub fn model(&self) -> &str {
        &self.text[..self.model_len]
    }

    /// The number of the record.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The typed id, if it is a record of model `M`.
    pub fn get<M: Model>(&self) -> Option<Id<M>> {
        (self.model() == M::ODOO_NAME).then(|| Id::new(self.id))
    }
}

/// The model and the number: `res.partner(7)`.
impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_id(self.model(), self.id, f)
    }
}

/// As on the wire: `res.partner,7`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
