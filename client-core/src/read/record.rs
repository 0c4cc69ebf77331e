//! Records: what one row of an answer is decoded into.

use crate::Model;
use crate::read::column::{Column, Columns};
use crate::read::error::DecodeError;
use crate::read::row::RowReader;

/// A type that records of a model are read into: a struct of your own, with the fields that you need and no others.
///
/// `#[derive(Record)]` implements it, and nothing else is meant to. A field of the struct has the name of the field in Odoo (`r#type` or `type_` for
/// what is a keyword in Rust), or says which one it is with `#[odoo(field = "…")]`, and any type that
/// [`FromField`](crate::read::FromField) has for that field. What the model does not have, and a type that cannot hold what
/// Odoo sends, do not compile. Reading asks for exactly these fields.
///
/// ```
/// # use odoo_client::field::{ReadOnly, kind};
/// # use odoo_client::{Field, Model};
/// # enum Partner {}
/// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
/// # enum Country {}
/// # impl Model for Country { const ODOO_NAME: &'static str = "res.country"; }
/// # impl Country { const CODE: Field<Self, kind::Char> = Field::new("code"); }
/// # impl Partner {
/// #     const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
/// #     const NAME: Field<Self, kind::Char> = Field::new("name");
/// #     const REF: Field<Self, kind::Char> = Field::new("ref");
/// #     const PARENT_ID: Field<Self, kind::Many2one<Partner>> = Field::new("parent_id");
/// #     const COUNTRY_ID: Field<Self, kind::Many2one<Country>> = Field::new("country_id");
/// #     const CHILD_IDS: Field<Self, kind::One2many<Partner>> = Field::new("child_ids");
/// # }
/// use odoo_client::{Id, Many2one, Record};
///
/// #[derive(Record, Debug)]
/// #[odoo(model = Partner)]
/// struct Customer {
///     id: Id<Partner>,
///     name: String, // `false` would be an error that names the record
///     #[odoo(field = "ref")]
///     number: Option<String>,
///     parent_id: Option<Many2one<Partner>>,
///     country_id: Option<CountryCode>, // a record in the record
///     child_ids: Vec<Contact>,
/// }
///
/// #[derive(Record, Debug)]
/// #[odoo(model = Country)]
/// struct CountryCode {
///     code: String,
/// }
///
/// #[derive(Record, Debug)]
/// #[odoo(model = Partner)]
/// struct Contact {
///     id: Id<Partner>,
///     name: Option<String>,
/// }
/// ```
///
/// A struct within another is read along with it: a many2one into such a struct or an `Option` of it, a one2many or
/// many2many into a `Vec`, to any depth. Odoo 17 and later answer that in one request, older ones in one more for each
/// field and level (and for every 1,000 records). One inner record that the user may not read, or that was deleted in
/// between, does not lose the others: a [`Readable`](crate::Readable) of the struct takes what is known of it, its id and
/// name. Without that, the record around it is one that does not decode (see [`Page`](crate::read::Page)).
///
/// The attribute `#[odoo(crate = path)]` says where this crate is, if it has another name than `odoo_client`.
///
/// The whole `Row` of every generated model is a record as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a record",
    note = "`#[derive(odoo_client::Record)]` and `#[odoo(model = …)]` make a struct one"
)]
pub trait Record: Sized + 'static {
    /// The model whose records these are.
    type Model: Model;

    /// The fields to ask for, and how they are read.
    #[doc(hidden)]
    fn columns() -> Columns;

    /// What [`from_row`](Self::from_row) needs for each row.
    #[doc(hidden)]
    type Blank: 'static;

    /// Makes that, once for all rows of an answer.
    #[doc(hidden)]
    fn blank() -> Self::Blank;

    /// Takes the values of a row, each in its turn; `None` if there is one that it cannot do without.
    #[doc(hidden)]
    fn from_row(blank: &Self::Blank, row: &mut RowReader<'_>) -> Option<Self>;
}

/// A whole row.
///
/// Generated rows implement it, and are [`Record`]s by that.
pub trait Slots: Sized + 'static {
    /// The model whose fields these are.
    type Model: Model;

    /// The names of the fields in their order, joined by spaces; `id` is the first, if it is among them.
    ///
    /// Odoo answers in the order it was asked, so that a field is nearly always found without searching. (One text,
    /// because a list takes the compiler far longer.)
    fn fields() -> &'static str;

    /// A row that nothing was read into yet.
    fn empty() -> Self;

    /// Takes the values of a row, in the order of the fields. The reader is told what is in this row: one of an answer
    /// has no use for that, one that copies gives it back, one that shows keeps it.
    fn read(&self, row: &mut RowReader<'_>) -> Self;
}

impl<T: Slots> Record for T {
    type Model = T::Model;
    type Blank = T;

    fn columns() -> Columns {
        let mut reader = RowReader::for_columns();
        T::empty().read(&mut reader);
        columns(T::fields(), reader)
    }

    fn blank() -> T {
        T::empty()
    }

    fn from_row(blank: &T, row: &mut RowReader<'_>) -> Option<T> {
        Some(blank.read(row))
    }
}

fn columns(fields: &'static str, reader: RowReader<'_>) -> Columns {
    let columns = fields.split_ascii_whitespace().zip(reader.into_columns());
    columns.map(|(name, (shape, types))| Column { name, shape, types, nested: None }).collect()
}

/// What the traits of generated rows call.
pub mod rows {
    use std::fmt;

    use super::{Model as _, RowReader, Slots};
    use crate::read::slot::Wire;

    /// Shows a row as a struct with the names of the model and its fields in Odoo.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    #[inline]
    pub fn debug<R: Slots>(row: &R, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(R::Model::ODOO_NAME, R::fields(), &|each| tell(row, each), f)
    }

    /// A copy of a row.
    #[inline]
    #[must_use]
    pub fn clone<R: Slots>(row: &R) -> R {
        row.read(&mut RowReader::copying())
    }

    /// Whether two rows have the same values: a many2one to the same record, whatever its name. What is not a number is
    /// the same as what is not a number either.
    #[inline]
    #[must_use]
    pub fn eq<R: Slots>(one: &R, other: &R) -> bool {
        is_same(&|each| tell(one, each), &|each| tell(other, each))
    }

    #[inline]
    pub(crate) fn tell<R: Slots>(row: &R, each: &mut dyn FnMut(Wire<'_>)) {
        row.read(&mut RowReader::telling(each));
    }

    // From here on nothing is compiled anew for each model.

    /// Tells the values of a row.
    pub(crate) type Told<'r> = &'r dyn Fn(&mut dyn FnMut(Wire<'_>));

    fn show(model: &str, fields: &str, row: Told<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values = Vec::new();
        row(&mut |value| values.push(value.to_string()));
        let mut shown = f.debug_struct(model);
        for (name, value) in fields.split_ascii_whitespace().zip(values) {
            shown.field(name, &format_args!("{value}"));
        }
        shown.finish()
    }

    fn is_same(one: Told<'_>, other: Told<'_>) -> bool {
        let values = |row: Told<'_>| {
            let mut values = Vec::new();
            row(&mut |value| {
                values.push(match value {
                    Wire::Pair(id, _) => id.to_string(),
                    // Its `Debug` is another for 0 and -0.
                    Wire::Float(0.0) => String::new(),
                    value => format!("{value:?}"),
                });
            });
            values
        };
        values(one) == values(other)
    }
}

/// Gives a generated row its traits.
#[doc(hidden)]
#[macro_export]
macro_rules! __row {
    ($row:ident) => {
        impl ::std::fmt::Debug for $row {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::__rt::rows::debug(self, f)
            }
        }
        impl ::std::clone::Clone for $row {
            #[inline]
            fn clone(&self) -> Self {
                $crate::__rt::rows::clone(self)
            }
        }
        impl ::std::cmp::PartialEq for $row {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::__rt::rows::eq(self, other)
            }
        }
        $crate::__serialize_row! { $row }
    };
}

/// The records of an answer, and those that could not be decoded: one odd value does not lose the others.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<R> {
    /// The records, in the order of the answer, without those that failed.
    pub records: Vec<R>,
    /// What did not decode: one entry a value, for the first hundred of them.
    pub failures: Vec<DecodeError>,
    /// How many more values did not decode.
    pub more_failures: usize,
}
