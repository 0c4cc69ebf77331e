//! Records that are read with others, and that the user may not read.

use std::fmt;
use std::marker::PhantomData;

use crate::field::kind;
use crate::model::NamedId;
use crate::read::column::Nested;
use crate::read::from_field::{FromField, is_empty, nested};
use crate::read::slot::{Mismatch, Shape, Wire};
use crate::{Many2one, Record};

/// A record that a relation is read into, or what is known of one that this user may not read or that is gone.
///
/// In a [`Record`] a many2one is read into a `Readable<R>` or an `Option` of it, a one2many or many2many into a
/// `Vec<Readable<R>>`. An empty many2one is `None`, and never [`Unreadable`](Self::Unreadable). With `R` alone, an inner
/// record that cannot be read is a failure of the record around it (see [`Page::failures`](crate::read::Page::failures)).
///
/// Records that the user may not read are those that Odoo's [access rights and record
/// rules](https://www.odoo.com/documentation/19.0/developer/reference/backend/security.html) refuse, such as a partner in
/// another company. The server names them all the same in a many2one. From a list it mostly leaves them out by itself.
/// A struct of nothing but the id is always read: for that Odoo does not look at the record (seen on 14.0 and 19.0).
///
/// Of a one2many of a model of which the user may read nothing at all the server tells no ids either, in whatever form it is
/// asked for (seen on 14.0 and 19.0): a query with such a field fails as a whole, with [`Access`](crate::ErrorKind::Access).
///
/// On the wire, and with the feature `serde`, a record that was read is an object, and one that was not is what the relation
/// holds: `[7, "Azure Interior"]` in a many2one, `7` in a list.
///
/// ```
/// # use odoo_client::field::kind;
/// # use odoo_client::{Field, Model};
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # impl Partner {
/// #     const NAME: Field<Self, kind::Char> = Field::new("name");
/// #     const PARENT_ID: Field<Self, kind::Many2one<Partner>> = Field::new("parent_id");
/// # }
/// use odoo_client::{Readable, Record};
///
/// #[derive(Record)]
/// #[odoo(model = Partner)]
/// struct Contact {
///     parent_id: Option<Readable<Company>>,
/// }
///
/// #[derive(Record)]
/// #[odoo(model = Partner)]
/// struct Company {
///     name: String,
/// }
///
/// let json = br#"[{"id": 1, "parent_id": [7, "Azure Interior"]}]"#;
/// for contact in odoo_client::read::records::<Contact>(json)?.records {
///     match contact.parent_id {
///         Some(Readable::Read(company)) => println!("{}", company.name),
///         Some(Readable::Unreadable(company)) => println!("no right to read {company}, or it is gone"),
///         None => println!("no company"),
///     }
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
pub enum Readable<R: Record> {
    /// The record.
    Read(R),
    /// The id and the name of one that could not be read; in a list the id alone.
    Unreadable(Many2one<R::Model>),
}

impl<R: Record> Readable<R> {
    /// The record, if it could be read.
    pub fn get(&self) -> Option<&R> {
        match self {
            Self::Read(record) => Some(record),
            Self::Unreadable(_) => None,
        }
    }

    fn unreadable(to: NamedId) -> Self {
        Self::Unreadable(Many2one { to, model: PhantomData })
    }
}

impl<M, R: Record<Model = M>> FromField<kind::Many2one<M>> for Readable<R> {
    const SHAPE: Shape = Shape::Nested;
    const NESTED: Option<Nested> = Some(Nested::of::<R>(false));
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        let nested = nested(value, "a record")?;
        match nested.unread(R::columns) {
            Some(to) => Ok(Self::unreadable(to)),
            None => nested.one().map(Self::Read),
        }
    }
}

macro_rules! lists {
    ($($kind:ident)*) => {
        $(impl<M, R: Record<Model = M>> FromField<kind::$kind<M>> for Vec<Readable<R>> {
            const SHAPE: Shape = Shape::Nested;
            const NESTED: Option<Nested> = Some(Nested::of::<R>(true));
            fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
                if is_empty(value) { Ok(Self::new()) } else { list(value) }
            }
        })*
    };
}

lists! { One2many Many2many }

fn list<R: Record>(value: Wire<'_>) -> Result<Vec<Readable<R>>, Mismatch> {
    let list = nested(value, "a list of records")?;
    let parts = list.parts()?;
    let unread: Vec<_> = parts.iter().map(|part| part.unread(R::columns)).collect();
    if unread.iter().all(Option::is_none) {
        return Ok(list.many()?.into_iter().map(Readable::Read).collect());
    }
    // All are read before the first that fails is told, or the others would not be named.
    let read = parts.iter().zip(unread).map(|(part, unread)| match unread {
        Some(to) => Ok(Readable::unreadable(to)),
        None => part.one().map(Readable::Read),
    });
    read.collect::<Vec<_>>().into_iter().collect()
}

/// As on the wire, so that it is read again as what it is: the record, or `[7, "Azure Interior"]`, or the id alone.
#[cfg(feature = "serde")]
mod serialize {
    use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
    use serde::ser::{Serialize, Serializer};
    use serde_json::Value;

    use super::{Many2one, Readable, Record};

    impl<R: Record + Serialize> Serialize for Readable<R> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Read(record) => record.serialize(serializer),
                Self::Unreadable(to) if to.name().is_none() => to.id().serialize(serializer),
                Self::Unreadable(to) => to.serialize(serializer),
            }
        }
    }

    impl<'de, R: Record + DeserializeOwned> Deserialize<'de> for Readable<R> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let json = Value::deserialize(deserializer)?;
            let read = match json {
                Value::Object(_) => R::deserialize(json).map(Self::Read),
                json => Many2one::deserialize(json).map(Self::Unreadable),
            };
            read.map_err(D::Error::custom)
        }
    }
}

impl<R: Record + Clone> Clone for Readable<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Read(record) => Self::Read(record.clone()),
            Self::Unreadable(to) => Self::Unreadable(to.clone()),
        }
    }
}

/// Two that could not be read are the same if they are the same record.
impl<R: Record + PartialEq> PartialEq for Readable<R> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Read(one), Self::Read(other)) => one == other,
            (Self::Unreadable(one), Self::Unreadable(other)) => one == other,
            _ => false,
        }
    }
}

impl<R: Record + fmt::Debug> fmt::Debug for Readable<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(record) => f.debug_tuple("Read").field(record).finish(),
            Self::Unreadable(to) => f.debug_tuple("Unreadable").field(to).finish(),
        }
    }
}
