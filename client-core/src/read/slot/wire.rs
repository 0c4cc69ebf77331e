//! Values between the JSON of an answer and the slots of a row.

use std::fmt;

use jiff::civil::Date;

use crate::Datetime;
use crate::model::NamedId;
use crate::read::decode::NestedJson;
use odoo_visible::visible;

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

/// What a slot expected instead of what it was given: `a date`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch(pub &'static str);

/// Of a date and time in the last 26 hours of the year 9999.
pub(crate) const BEYOND_TIMESTAMP: Mismatch =
    Mismatch("a date and time that a `Timestamp` holds (an `odoo_client::Datetime` holds all)");

/// Of the id and the name of a record that could not be read.
pub(crate) const UNREADABLE: Mismatch = Mismatch(
    "a record that this user may read and that is still there (a `Readable<…>` holds the id and name of any other)",
);

/// Of a list with the id of a record that could not be read.
pub(crate) const UNREADABLE_IN_LIST: Mismatch = Mismatch(
    "records that this user may read and that are still there (a `Vec<Readable<…>>` holds the ids of any others)",
);

impl Mismatch {
    /// What to do about it.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            BEYOND_TIMESTAMP => "read the field into an `odoo_client::Datetime`",
            UNREADABLE => {
                "read the field into a `Readable<…>` (or an `Option` of one), or give the user the right to read the record"
            }
            UNREADABLE_IN_LIST => {
                "read the field into a `Vec<Readable<…>>`, or give the user the right to read the records"
            }
            _ => {
                "the server does not fit the pin: run `cargo odoo verify` to see where, `cargo odoo regen` to pin anew"
            }
        }
    }
}

impl NamedId {
    pub(crate) fn wire(&self) -> Wire<'_> {
        Wire::Pair(self.id, self.name.as_deref())
    }
}
