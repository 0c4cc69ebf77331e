//! Values between the JSON of an answer and the slots of a row.

use std::fmt;

use jiff::civil::Date;
use serde_json::Value;

use super::nested::NestedJson;
use crate::Datetime;
use crate::model::NamedId;
use odoo_visible::{cut, visible};

/// The most of an offending value that is kept for its error.
const SHOWN: usize = 200;

/// A value of a field as it is on the wire: read but not yet understood, or about to be shown or copied.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Wire<'a> {
    /// `null`.
    Null,
    /// `true` or `false`; the latter is also how Odoo says that there is no value.
    Bool(bool),
    /// A number without a fraction.
    Int(i64),
    /// A number with a fraction, or one too large for the above.
    Float(f64),
    /// A string.
    Text(&'a str),
    /// A many2one: the id and, where the server gave it, the name. Only slots of [`Shape::Pair`] get this.
    Pair(i64, Option<&'a str>),
    /// A list of ids. Only slots of [`Shape::Ids`] get this.
    Ids(&'a [i64]),
    /// Any JSON, as its text. Slots of [`Shape::Raw`] get this always, others for what is none of the above.
    Raw(&'a str),
    /// A record, or a list of records, inside of another. Only places of [`Shape::Nested`] get this.
    #[doc(hidden)]
    Nested(NestedJson<'a>),
    /// A date that was understood before; on the wire it is text.
    Date(Date),
    /// A date and time that was understood before; on the wire it is text.
    Datetime(Datetime),
    /// Bytes that were understood before; on the wire they are text in base64.
    Bytes(&'a [u8]),
}

/// As a row shows it: `None` for what is empty.
impl fmt::Display for Wire<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("None"),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Text(value) => fmt::Debug::fmt(value, f),
            Self::Pair(id, Some(name)) => write!(f, "({id}, {name:?})"),
            Self::Pair(id, None) => write!(f, "({id})"),
            Self::Ids(ids) => write!(f, "{ids:?}"),
            Self::Raw(json) => visible(json).fmt(f),
            Self::Nested(nested) => visible(nested.get()).fmt(f),
            Self::Date(value) => value.fmt(f),
            Self::Datetime(value) => value.fmt(f),
            Self::Bytes(bytes) => write!(f, "({} bytes)", bytes.len()),
        }
    }
}

/// An offending value as its error shows it.
pub(crate) fn shown(wire: Wire<'_>) -> String {
    let text = match wire {
        Wire::Null => "null".to_owned(),
        Wire::Bool(value) => value.to_string(),
        Wire::Int(value) => value.to_string(),
        Wire::Float(value) => Value::from(value).to_string(),
        Wire::Text(value) => Value::from(value).to_string(),
        Wire::Pair(id, name) => format!("[{id}, {}]", name.map_or(Value::Bool(false), Value::from)),
        Wire::Ids(ids) => format!("{ids:?}"),
        Wire::Raw(text) => cut(text, SHOWN).into_owned(),
        Wire::Nested(nested) => cut(nested.get(), SHOWN).into_owned(),
        // No answer has these.
        Wire::Date(_) | Wire::Datetime(_) | Wire::Bytes(_) => wire.to_string(),
    };
    cut(&text, SHOWN).into_owned()
}

/// The form in which a slot wants lists and objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// It expects none.
    Scalar,
    /// `[7, "name"]`, or an object with `id` and `display_name`.
    Pair,
    /// `[1, 2, 3]`.
    Ids,
    /// It takes whatever comes, as the text of the JSON.
    Raw,
    /// A record of its own fields, or a list of such.
    #[doc(hidden)]
    Nested,
}

impl NamedId {
    pub(crate) fn wire(&self) -> Wire<'_> {
        Wire::Pair(self.id, self.name.as_deref())
    }
}
