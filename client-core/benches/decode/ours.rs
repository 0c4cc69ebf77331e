//! Rows as generated code has them, and the same rows as a user of this crate writes them with `#[derive(Record)]`.

use odoo_client::Model;

/// What all relations lead to.
pub(crate) enum Related {}
impl Model for Related {
    const ODOO_NAME: &'static str = "related";
}

macro_rules! choices {
    ($($name:ident { $($at:literal $value:literal => $variant:ident,)* })*) => {
        mod choice {
            $(
                pub(crate) enum $name { $($variant,)* Unknown(odoo_client::model::UnknownValue) }
                odoo_client::__rt::selection! { $name: $($at $value => $variant,)* }
            )*
        }
        /// The Odoo types of the fields.
        mod kinds {
            use odoo_client::field::kind;
            pub(super) type Text = kind::Char;
            pub(super) type Boolean = kind::Boolean;
            pub(super) type Integer = kind::Integer;
            pub(super) type Float = kind::Float;
            pub(super) type Day = kind::Date;
            pub(super) type Moment = kind::Datetime;
            pub(super) type One = kind::Many2one<super::Related>;
            pub(super) type Many = kind::Many2many<super::Related>;
            $(pub(super) type $name = kind::Selection<super::choice::$name>;)*
        }
        /// What is made of them either way.
        mod types {
            use odoo_client::{Date, Ids};
            pub(super) type Text = Option<String>;
            pub(super) type Boolean = bool;
            pub(super) type Integer = i64;
            pub(super) type Float = f64;
            pub(super) type Day = Option<Date>;
            pub(super) type Many = Ids<super::Related>;
            $(pub(super) type $name = Option<super::choice::$name>;)*
        }
    };
}
with_choices! { choices }

macro_rules! records {
    ($($name:ident $model:literal { $($field:ident $constant:ident $kind:ident,)* })*) => {
        mod models {
            use odoo_client::field::{Field, ReadOnly, kind};
            use super::kinds;
            $(
                pub(crate) enum $name {}
                impl odoo_client::Model for $name {
                    const ODOO_NAME: &'static str = $model;
                }
                impl $name {
                    pub(crate) const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
                    $(pub(crate) const $constant: Field<Self, kinds::$kind> = Field::new(stringify!($field));)*
                }
            )*
        }
        pub(crate) mod rows {
            use odoo_client::__rt::{RowReader, Slots};
            use odoo_client::{Datetime, Id, Link};
            use super::{Related, models, types::*};
            type Moment = Option<Datetime>;
            type One = Link<Related>;
            $(
                #[derive(Default)]
                pub(crate) struct $name { id: Id<models::$name>, $($field: $kind,)* }
                impl Slots for $name {
                    type Model = models::$name;
                    fn fields() -> &'static str {
                        concat!("id", $(" ", stringify!($field),)*)
                    }
                    fn empty() -> Self {
                        Self::default()
                    }
                    fn read(&self, row: &mut RowReader<'_>) -> Self {
                        Self { id: row.value(&self.id), $($field: row.value(&self.$field),)* }
                    }
                }
            )*
        }
        pub(crate) mod derived {
            use odoo_client::{Id, Many2one, Record, Timestamp};
            use super::{Related, models, types::*};
            type Moment = Option<Timestamp>;
            type One = Option<Many2one<Related>>;
            $(
                #[derive(Record)]
                #[odoo(model = models::$name)]
                #[allow(dead_code, reason = "the fields are there to be decoded")]
                pub(crate) struct $name { id: Id<models::$name>, $($field: $kind,)* }
            )*
        }
    };
}
with_records! { records }
