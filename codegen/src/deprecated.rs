//! What of generated code can be marked as deprecated, so that the compiler tells where a program uses it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::Settings;

/// An item of generated code, for [`Settings::deprecated`]. Models, fields, methods and values are named as Odoo does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Item {
    /// The marker of a model, and its whole row.
    Model(String),
    /// The constant of a field: the model, the field.
    Field(String, String),
    /// The member of a whole row: the model, the field.
    Member(String, String),
    /// The enum of a field: the model, the field. Other fields with these values have it too.
    Enum(String, String),
    /// All variants of the enum of a field: the model, the field. Other fields with these values have them too.
    Values(String, String),
    /// A variant of it: the model, the field, the value.
    Value(String, String, String),
    /// The function of a method: the model, the method.
    Method(String, String),
}

impl Settings {
    /// The attribute of what is all of these.
    pub(crate) fn mark(&self, items: impl IntoIterator<Item = Item>) -> Option<TokenStream> {
        if self.deprecated.is_empty() {
            return None;
        }
        let notes: Vec<&str> =
            items.into_iter().filter_map(|item| self.deprecated.get(&item)).map(String::as_str).collect();
        let note = notes.join(" ");
        (!notes.is_empty()).then(|| quote!(#[deprecated(note = #note)]))
    }
}
