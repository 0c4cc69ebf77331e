//! The types of Odoo's fields, and what the generator has to know of each: those of `odoo_field_types`, the one table of them, and
//! those whose values are of a type of the pin.

use odoo_field_types::field_types;

/// A type of field, as `fields_get` answers it.
pub(crate) struct Type {
    /// What Odoo calls it.
    name: &'static str,
    /// What the runtime calls it, in `odoo_client::field::kind`.
    pub(crate) kind: &'static str,
    /// Whether its values are records of a model that the field names.
    pub(crate) is_relation: bool,
}

macro_rules! types {
    ($($kind:ident: [$($name:literal)?];)*) => {
        const TYPES: &[Type] = &[
            $($(Type { name: $name, kind: stringify!($kind), is_relation: false },)?)*
            Type { name: "many2many", kind: "Many2many", is_relation: true },
            Type { name: "many2one", kind: "Many2one", is_relation: true },
            Type { name: "one2many", kind: "One2many", is_relation: true },
            // One whose values the server would not tell; of the others each is a type of its own.
            Type { name: "selection", kind: "Text", is_relation: false },
        ];
    };
}

field_types!(types of name);

macro_rules! those_with {
    ($($kind:ident: [$($what:tt)*];)*) => {
        /// Those with something in the column, as the runtime calls them.
        const KINDS: &[&str] = &[$(those_with!(@ $kind $($what)*)),*];
    };
    (@ $kind:ident) => { "" };
    (@ $kind:ident $($what:tt)+) => { stringify!($kind) };
}

/// Whether the runtime orders by it, named as the runtime does: its `Sortable`.
pub(crate) fn is_sorted(kind: &str) -> bool {
    field_types!(those_with of order);
    KINDS.contains(&kind)
}

/// Whether the runtime groups by it: its `Groupable`, and `Temporal`.
pub(crate) fn is_grouped(kind: &str) -> bool {
    field_types!(those_with of group);
    KINDS.contains(&kind)
}

/// The types that `fields_get` is known to answer. Any other becomes raw JSON, with a warning.
pub const KNOWN_TYPES: &[&str] = &{
    let mut names = [""; TYPES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = TYPES[at].name;
        at += 1;
    }
    names
};

impl Type {
    /// By Odoo's name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        TYPES.iter().find(|one| one.name == name)
    }
}
