//! The types of Odoo's fields: a row for each, and what the generator has to know of it. The first file of whoever adds one;
//! `CONTRIBUTING.md`, "To add a type of field", has the steps.

/// A type of field, as `fields_get` answers it.
pub(crate) struct Type {
    /// What Odoo calls it.
    name: &'static str,
    /// What the runtime calls it, in `odoo_client::field::kind`.
    pub(crate) kind: &'static str,
    /// Whether its values are records of a model that the field names.
    pub(crate) is_relation: bool,
    /// Whether the runtime groups by it: its `Groupable`, and `Temporal`.
    pub(crate) is_grouped: bool,
}

const TYPES: &[Type] = &[
    plain("binary", "Binary").not_grouped(),
    plain("boolean", "Boolean"),
    plain("char", "Char"),
    plain("date", "Date"),
    plain("datetime", "Datetime"),
    plain("float", "Float"),
    plain("html", "Html").not_grouped(),
    plain("integer", "Integer"),
    plain("json", "Json").not_grouped(),
    relation("many2many", "Many2many"),
    relation("many2one", "Many2one"),
    plain("many2one_reference", "Many2oneReference"),
    plain("monetary", "Monetary"),
    relation("one2many", "One2many").not_grouped(),
    plain("properties", "Properties").not_grouped(),
    plain("properties_definition", "PropertiesDefinition").not_grouped(),
    plain("reference", "Reference"),
    // One whose values the server would not tell; of the others each is a type of its own.
    plain("selection", "Text"),
    plain("text", "Text"),
];

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

const fn plain(name: &'static str, kind: &'static str) -> Type {
    Type { name, kind, is_relation: false, is_grouped: true }
}

const fn relation(name: &'static str, kind: &'static str) -> Type {
    Type { is_relation: true, ..plain(name, kind) }
}

impl Type {
    const fn not_grouped(self) -> Self {
        Self { is_grouped: false, ..self }
    }

    /// By Odoo's name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        TYPES.iter().find(|one| one.name == name)
    }

    /// By the runtime's.
    pub(crate) fn of_kind(kind: &str) -> Option<&'static Self> {
        TYPES.iter().find(|one| one.kind == kind)
    }
}
