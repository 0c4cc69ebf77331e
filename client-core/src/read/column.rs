//! Columns: the fields that a record is read from, and how each is read.

use std::borrow::Cow;

use crate::read::slot::Shape;

/// The fields of a record.
pub type Columns = Cow<'static, [Column]>;

/// Odoo's names of types that are read alike.
pub(crate) type Types = &'static [&'static str];

/// A field of a record, and how it is read.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// What Odoo may call its type; none if that does not matter.
    pub(crate) types: Types,
    /// The record that it is read into, if it is a relation of which more than the id is wanted.
    pub(crate) nested: Option<Nested>,
}

/// A record that a relation is read into.
#[derive(Clone, Copy, Debug)]
pub struct Nested {
    pub(crate) model: &'static str,
    pub(crate) columns: fn() -> Columns,
    /// Whether there are several.
    pub(crate) is_list: bool,
}

/// The names to ask for; where there are none, the id: to Odoo no names are all fields, computed and broken ones too.
pub(crate) fn names(columns: &[Column]) -> Vec<&'static str> {
    match columns {
        [] => vec!["id"],
        columns => columns.iter().map(|column| column.name).collect(),
    }
}
