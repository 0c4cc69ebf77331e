//! Selections: open enums named by value.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, Source, ident};
use crate::lower::{Body, Crate, EnumIr, EnumSource};
use crate::names::{self, Wanted};
use crate::schema::Selection;
use crate::{Item, docs};

/// `src/selections.rs`: those that several models have.
pub(super) fn shared(context: &Context<'_>, lowered: &Crate<'_>) -> Option<Source> {
    if lowered.shared.is_empty() {
        return None;
    }
    let features: BTreeMap<_, _> = lowered
        .segments
        .iter()
        .filter_map(|segment| Some((crate::lower::first_segment(segment.markers.first()?.model), &*segment.feature)))
        .collect();
    let mut modules: BTreeMap<&str, Vec<TokenStream>> = BTreeMap::new();
    for shared in &lowered.shared {
        let features: BTreeSet<_> = shared.segments.iter().filter_map(|segment| features.get(segment)).collect();
        let cfg = match features.len() {
            1 => quote!(#[cfg(#(feature = #features)*)]),
            _ => quote!(#[cfg(any(#(feature = #features),*))]),
        };
        let mut lines = vec!["The values of:".to_owned(), String::new()];
        lines
            .extend(shared.users.iter().map(|(model, field)| format!("- {}", docs::code(&format!("{model}.{field}")))));
        let cfg = context.with_features(cfg);
        let of = |(model, field): &(&str, &str)| Item::Enum((*model).to_owned(), (*field).to_owned());
        let own = context.settings.mark(shared.users.iter().map(of));
        let marks = Marks { context, own, users: shared.users.clone() };
        let defined = define(&shared.type_name, lines, shared.selection, &cfg, &marks);
        modules.entry(&shared.module).or_default().push(defined);
    }
    let modules = modules.into_iter().map(|(module, enums)| {
        let module = ident(module);
        quote! {
            pub mod #module {
                use ::odoo_client::__rt as odoo;
                #(#enums)*
            }
        }
    });
    let docs = docs::inner([
        "Selections that several models have, each in a module called after the model that the others have it from.",
    ]);
    let unused = quote!(#![allow(unused_imports, reason = "without any feature there is no selection here")]);
    let unused = context.with_features(unused);
    Some(Source {
        path: "src/selections.rs".to_owned(),
        tokens: quote! {
            #docs
            #unused
            #(#modules)*
        },
    })
}

/// The enum of a model's field, or another name for one that is the same.
pub(super) fn local(context: &Context<'_>, model: &str, body: &Body<'_>, item: &EnumIr<'_>) -> TokenStream {
    let own = context.settings.mark([Item::Enum(model.to_owned(), item.field.to_owned())]);
    let field = docs::code(&format!("{model}.{}", item.field));
    match &item.source {
        EnumSource::Here(selection) => {
            let is_same = |other: &&EnumIr<'_>| match &other.source {
                EnumSource::Sibling(name) => *name == item.type_name,
                _ => other.field == item.field,
            };
            let users = body.enums.iter().filter(is_same).map(|user| (model, user.field)).collect();
            let lines = vec![format!("The values of {field}.")];
            define(&item.type_name, lines, selection, &TokenStream::new(), &Marks { context, own, users })
        }
        EnumSource::Sibling(other) => {
            let docs = docs::outer([format!("The values of {field}.")]);
            let (name, other) = (ident(&item.type_name), ident(other));
            quote!(#docs #own pub type #name = #other;)
        }
        EnumSource::Shared(path) => {
            let (name, shared) = (ident(&item.type_name), path.split("::").map(ident));
            let other = (path.split("::").last() != Some(&item.type_name)).then(|| quote!(as #name));
            let root = context.root(super::LEVELS);
            quote!(pub use #root::selections::#(#shared)::* #other;)
        }
    }
}

/// With more values than this, rustc spends more on a `match` of them than a search among them is worth.
const MANY: usize = 64;

/// What of an enum is deprecated.
struct Marks<'a> {
    context: &'a Context<'a>,
    /// The attribute of the enum itself.
    own: Option<TokenStream>,
    /// The models and fields whose values it has.
    users: Vec<(&'a str, &'a str)>,
}

impl Marks<'_> {
    fn variant(&self, value: &str) -> Option<TokenStream> {
        let items = self.users.iter().flat_map(|(model, field)| {
            let (model, field) = ((*model).to_owned(), (*field).to_owned());
            [Item::Values(model.clone(), field.clone()), Item::Value(model, field, value.to_owned())]
        });
        self.context.settings.mark(items)
    }
}

fn define(
    type_name: &str,
    lines: Vec<String>,
    selection: &Selection,
    cfg: &TokenStream,
    marks: &Marks<'_>,
) -> TokenStream {
    let type_name = ident(type_name);
    let variants = variants(selection);
    let declared = selection.0.iter().zip(&variants).map(|((value, label), variant)| {
        let label = docs::line(label);
        let docs =
            docs::outer([if label.is_empty() { docs::code(value) } else { format!("{label}: {}", docs::code(value)) }]);
        let (variant, deprecated) = (ident(variant), marks.variant(value));
        quote!(#docs #deprecated #variant)
    });
    let mut sorted: Vec<_> = selection.0.iter().map(|(value, _)| value.as_str()).zip(&variants).collect();
    sorted.sort();
    let places = (0..sorted.len()).map(Literal::usize_unsuffixed);
    let values = sorted.iter().map(|(value, _)| docs::literal(value));
    let known = sorted.iter().map(|(_, variant)| ident(variant));
    let many = (sorted.len() > MANY).then(|| quote!(many));
    let docs = docs::outer(lines);
    let deprecated = &marks.own;
    quote! {
        #docs
        #deprecated
        #cfg
        #[non_exhaustive]
        pub enum #type_name {
            #(#declared,)*
            /// A value that is not in the pin.
            Unknown(odoo::UnknownValue),
        }
        #cfg
        odoo::selection! { #many #type_name: #(#places #values => #known,)* }
    }
}

/// An identifier for each value, in the same order. Of values that would meet (`draft`, `Draft`), the usual one, else the
/// first by value, keeps the plain one.
pub(crate) fn variants(selection: &Selection) -> Vec<String> {
    let mut by_value: Vec<_> = selection.values().into_iter().enumerate().collect();
    by_value.sort_by_key(|(_, value)| *value);
    let wanted = |(_, value): &(usize, &str)| {
        let (plain, full) = (names::variant(value), names::spelt(value));
        Wanted { plain, is_usual: names::is_usual(value, '_'), full }
    };
    let idents = names::resolve(by_value.iter().map(wanted).collect());
    let mut named = vec![String::new(); selection.0.len()];
    for ((at, _), name) in by_value.iter().zip(idents) {
        named[*at] = name;
    }
    named
}
