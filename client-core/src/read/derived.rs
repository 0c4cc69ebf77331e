//! What `#[derive(Record)]` calls: a reader for each field, where the types that do not fit fail.

use std::marker::PhantomData;

use crate::Model;
use crate::field::{Field, kind};
use crate::model::is_same;
use crate::read::FromField;
pub use crate::read::column::{Column, Columns};
use crate::read::row::RowReader;

/// A type that fields of the model `M` whose type is `K` can be read into: [`FromField`], in words that name the
/// model.
#[diagnostic::on_unimplemented(
    message = "this field of `{M}` has the Odoo type `{K}`, which cannot be read into `{Self}`",
    label = "does not hold what the field holds",
    note = "see `odoo_client::read::FromField` for the types that fit; `odoo_client::Json` takes any field as it comes",
    note = "an `Option` is for what can be empty: booleans, numbers and lists cannot",
    note = "dates, times and decimals are of the version of `jiff` that is `odoo_client::jiff`, and with the features `chrono`, `time` and `decimal` of those of `chrono`, `time` and `rust_decimal` that are re-exported likewise"
)]
pub trait Holds<M, K>: FromField<K> {}

#[diagnostic::do_not_recommend]
impl<M, K, T: FromField<K>> Holds<M, K> for T {}

/// A field whose type is known before it is asked what it is read into, so that errors are about the latter.
pub struct Of<M, K> {
    name: &'static str,
    types: PhantomData<fn() -> (*const M, *const K)>,
}

/// The field of a constant, which is to be the one of this name.
#[track_caller]
pub const fn of<M: Model, K, A>(field: Field<M, K, A>, name: &str) -> Of<M, K> {
    check(field, name);
    Of { name: field.name(), types: PhantomData }
}

/// The `id`, whose type does not tell the model.
#[track_caller]
pub const fn of_id<M: Model, A>(field: Field<M, kind::Id, A>, name: &str) -> Of<M, kind::IdOf<M>> {
    check(field, name);
    Of { name: field.name(), types: PhantomData }
}

/// Makes sure that a constant is of the field of this name, or of one that was given it on purpose: its own name tells
/// only as long as nobody gave it to another.
#[track_caller]
pub const fn check<M: Model, K, A>(field: Field<M, K, A>, name: &str) {
    let found = field.name();
    if !is_same(found, name) && !is_renamed(M::__RENAMED_FIELDS, name, found) {
        let mut text = Text { bytes: [0; 1024], len: 0 };
        text.push("this constant of `").push(M::ODOO_NAME).push("` is for the field `").push(found);
        text.push("`, not for `").push(name).push("`: was it made by an older `cargo odoo regen`, or by hand?");
        match std::str::from_utf8(text.bytes.split_at(text.len).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("this constant is for another field"),
        }
    }
}

const fn is_renamed(renamed: &[(&str, &str)], name: &str, found: &str) -> bool {
    let mut at = 0;
    while at < renamed.len() {
        let (called, is) = renamed[at];
        if is_same(called, name) && is_same(is, found) {
            return true;
        }
        at += 1;
    }
    false
}

/// A message that is put together while the program is compiled.
struct Text {
    bytes: [u8; 1024],
    len: usize,
}

impl Text {
    /// Adds this, if there is room.
    const fn push(&mut self, part: &str) -> &mut Self {
        let (part, mut at) = (part.as_bytes(), 0);
        while at < part.len() && self.len + part.len() - at <= self.bytes.len() {
            self.bytes[self.len] = part[at];
            self.len += 1;
            at += 1;
        }
        self
    }
}

impl<M, K: kind::Kind> Of<M, K> {
    /// How it is read into a `T`.
    pub const fn reader<T: Holds<M, K>>(self) -> Reader<T> {
        let (shape, types, nested) = (T::SHAPE, K::TYPES, T::NESTED);
        Reader { column: Column { name: self.name, shape, types, nested }, read: next::<K, T> }
    }
}

/// How a field of a record is read.
pub struct Reader<T> {
    /// What is asked for.
    pub column: Column,
    /// What makes the value of the answer.
    pub read: fn(&mut RowReader<'_>) -> Option<T>,
}

/// The next value: one function for all fields that are of one type and are read into one.
fn next<K: kind::Kind, T: FromField<K>>(row: &mut RowReader<'_>) -> Option<T> {
    row.field((T::SHAPE, K::TYPES), T::from_field)
}
