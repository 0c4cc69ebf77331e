//! The file of one model: its constants, its selections, its whole row.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, Source, ident, selection};
use crate::lower::{Body, FieldIr, Kind, Marker, Required, Segment};
use crate::{Item, docs};

pub(super) fn model(context: &Context<'_>, segment: &Segment<'_>, marker: &Marker<'_>) -> Option<Source> {
    let body = marker.body.as_ref()?;
    let type_name = ident(&marker.type_name);
    let label = body.schema.label.as_deref().map_or(String::new(), |label| format!("{}: ", docs::line(label)));
    let docs = docs::inner([format!(
        "{label}{}, whose marker is [`{type_name}`](super::{type_name})",
        docs::code(marker.model)
    )]);
    let constants = body.fields.iter().map(|field| constant(context, marker.model, field));
    let enums = body.enums.iter().map(|item| selection::local(context, marker.model, body, item));
    let row = row(context, marker, body);
    let methods = (!body.methods.is_empty()).then(|| {
        let cfg = context.with_features(quote!(#[cfg(feature = "methods")]));
        quote!(#cfg mod methods;)
    });
    let tokens = quote! {
        #docs
        #methods
        use ::odoo_client::__rt as odoo;

        impl super::#type_name {
            #(#constants)*
            /// Values to write: none yet.
            #[inline]
            #[must_use]
            pub fn values() -> odoo::Values<Self> {
                odoo::Values::new()
            }
        }

        #row
        #(#enums)*
    };
    Some(Source { path: format!("src/{}/{}.rs", segment.module, body.module), tokens })
}

fn constant(context: &Context<'_>, model: &str, field: &FieldIr<'_>) -> TokenStream {
    let (name, constant, kind) = (docs::literal(field.name), ident(&field.constant), kind(context, field));
    let access = access(context, field);
    let docs = docs::outer(field_docs(field));
    let deprecated = context.settings.mark([Item::Field(model.to_owned(), field.name.to_owned())]);
    quote! {
        #docs
        #deprecated
        pub const #constant: odoo::Field<Self, #kind #access> = odoo::field(#name);
    }
}

fn access(context: &Context<'_>, field: &FieldIr<'_>) -> Option<TokenStream> {
    let is_readonly = field.schema.readonly || field.name == "id";
    let (Some(can), Some(name)) = (field.limits.name(), context.limited.get(field.name)) else {
        return is_readonly.then(|| quote!(, odoo::ReadOnly));
    };
    let write = ident(if is_readonly { "ReadOnly" } else { "ReadWrite" });
    let (root, name, can) = (context.root(super::LEVELS), ident(name), ident(&can));
    Some(quote!(, odoo::Limited<#root::fields::#name, odoo::#write, odoo::can::#can>))
}

fn kind(context: &Context<'_>, field: &FieldIr<'_>) -> TokenStream {
    match &field.kind {
        Kind::Id => quote!(odoo::kind::Id),
        Kind::Plain(name) => {
            let name = ident(name);
            quote!(odoo::kind::#name)
        }
        Kind::Relation(name, model) => {
            let (name, marker) = (ident(name), context.marker(model, super::LEVELS));
            quote!(odoo::kind::#name<#marker>)
        }
        Kind::Selection(name) => {
            let name = ident(name);
            quote!(odoo::kind::Selection<#name>)
        }
    }
}

fn field_docs(field: &FieldIr<'_>) -> Vec<String> {
    let schema = field.schema;
    let mut facts = docs::code(&schema.ttype);
    match (&schema.relation, &schema.relation_field) {
        (Some(relation), Some(inverse)) => {
            facts += &format!(" of {} by {}", docs::code(relation), docs::code(inverse));
        }
        (Some(relation), None) => facts += &format!(" to {}", docs::code(relation)),
        (None, _) => {}
    }
    if let Some(currency) = &schema.currency_field {
        facts += &format!(" in {}", docs::code(currency));
    }
    if let Some(path) = &schema.related {
        facts += &format!(", from {}", docs::code(path));
    }
    for (said, fact) in [
        (schema.readonly, "readonly"),
        (schema.stored, "stored"),
        (!schema.stored, "not stored"),
        (schema.computed && schema.related.is_none(), "computed"),
        (schema.translated, "translated"),
        (schema.company_dependent, "company dependent"),
        (!field.limits.filter, "not searchable"),
        (!field.limits.order, "not sortable"),
        (!field.limits.group, "not groupable"),
    ] {
        if said {
            facts += ", ";
            facts += fact;
        }
    }
    if let Some(required) = &field.required {
        facts += &required_docs(required);
    }
    let label = docs::line(&schema.label);
    let mut lines = vec![if label.is_empty() { facts } else { format!("{label}: {facts}") }];
    if let Some(help) = &schema.help {
        lines.push(String::new());
        lines.extend(docs::paragraphs(help));
    }
    if field.renamed().is_some() {
        lines.extend([String::new(), format!("On the server it is called {}.", docs::code(field.name))]);
    }
    for fix in field.fixes {
        let keys: Vec<_> = fix.keys().into_iter().map(docs::code).collect();
        let because = docs::line(&fix.because);
        lines.extend([String::new(), format!("Not as the server says ({}): {because}", keys.join(", "))]);
    }
    lines
}

fn required_docs(required: &Required<'_>) -> String {
    match required {
        Required::Computed => ", required (computed)".to_owned(),
        Required::Default => ", required (has a default)".to_owned(),
        Required::Delegated(relation) => {
            format!(", required (unless given, its {} is created along with the record)", docs::code(relation))
        }
        Required::Parent(fields) => {
            let fields: Vec<_> = fields.iter().map(|field| docs::code(field)).collect();
            format!(", required (no default: must be given on create, unless as a line of {})", fields.join(" or "))
        }
        // Some models have a `create` that does what only a form would do by itself: 14's `sale.order`, for one.
        Required::Given => ", required (no default: must be given on create, unless the model fills it in)".to_owned(),
        Required::Unknown => ", required".to_owned(),
    }
}

fn row(context: &Context<'_>, marker: &Marker<'_>, body: &Body<'_>) -> TokenStream {
    let type_name = ident(&marker.type_name);
    let in_row: Vec<_> = body
        .fields
        .iter()
        .filter_map(|field| field.member.as_ref().map(|member| (ident(member), field, held(context, marker, field))))
        .collect();
    let names: Vec<_> = in_row.iter().map(|(_, field, _)| field.name).collect();
    let names = docs::literal(&names.join(" "));
    let members = in_row.iter().map(|(member, field, Member { ty, .. })| {
        let label = docs::line(&field.schema.label);
        let docs = docs::outer([if label.is_empty() { docs::code(field.name) } else { label }]);
        let item = Item::Member(marker.model.to_owned(), field.name.to_owned());
        let deprecated = context.settings.mark([item]);
        quote!(#docs #deprecated pub #member: #ty)
    });
    let idents: Vec<_> = in_row.iter().map(|(member, ..)| member).collect();
    let takes = in_row.iter().map(|(member, _, held)| {
        let method = ident(held.take);
        quote!(row.#method(&self.#member))
    });
    let empties = in_row.iter().map(|(.., held)| &held.empty);
    let reader = ident(if in_row.is_empty() { "_row" } else { "row" });
    let docs = docs::outer([format!(
        "One whole {}: what the server need not compute of it, but for binary fields.",
        docs::code(marker.model)
    )]);
    let deprecated = context.settings.mark([Item::Model(marker.model.to_owned())]);
    quote! {
        #docs
        #deprecated
        #[non_exhaustive]
        pub struct Row { #(#members),* }

        impl odoo::Slots for Row {
            type Model = super::#type_name;
            #[inline]
            fn fields() -> &'static str {
                #names
            }
            #[inline]
            fn empty() -> Self {
                Self { #(#idents: #empties),* }
            }
            #[inline]
            fn read(&self, #reader: &mut odoo::RowReader<'_>) -> Self {
                Self { #(#idents: #takes),* }
            }
        }

        odoo::row! { Row }
    }
}

/// How a whole row has the values of a field.
struct Member {
    ty: TokenStream,
    /// Where nothing was read: spelt out, as `Default` would take a call a field.
    empty: TokenStream,
    /// The method of `RowReader` that takes the next value.
    take: &'static str,
}

/// Whatever Odoo may leave empty is an `Option`: `required` is a rule of the user interface, and records older than the rule
/// do break it.
fn held(context: &Context<'_>, marker: &Marker<'_>, field: &FieldIr<'_>) -> Member {
    let (ty, empty, take) = match &field.kind {
        Kind::Id => {
            let type_name = ident(&marker.type_name);
            (quote!(odoo::Id<super::#type_name>), quote!(odoo::Id::new(0)), "record_id")
        }
        Kind::Relation(name, model) => {
            let marker = context.marker(model, super::LEVELS);
            match *name {
                "Many2one" => (quote!(odoo::Link<#marker>), quote!(odoo::Link::EMPTY), "link"),
                _ => (quote!(odoo::Ids<#marker>), quote!(odoo::Ids::EMPTY), "links"),
            }
        }
        Kind::Selection(name) => {
            let name = ident(name);
            (quote!(Option<#name>), quote!(None), "selection")
        }
        Kind::Plain(name) => plain(name),
    };
    Member { ty, empty, take }
}

macro_rules! plain {
    ($($kind:ident: $name:tt [$($take:ident, $type:ty, $empty:expr)?];)*) => {
        /// What rows have for a type that is the same in every pin: its type, what is empty, what reads it.
        fn plain(kind: &str) -> (TokenStream, TokenStream, &'static str) {
            match kind {
                $($(stringify!($kind) => (quote!($type), quote!($empty), stringify!($take)),)?)*
                _ => (quote!(odoo::Json), quote!(odoo::Json::NULL), "json"),
            }
        }
    };
}

odoo_field_types::field_types!(plain of row);
