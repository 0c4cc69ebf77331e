//! `#[derive(Record)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::input::{Field, Input, own};

/// A reader for each field, and the draft of a row with a place for each. What does not fit fails in the
/// readers and nowhere else: one error a field, at the field.
pub(crate) fn expand(input: &Input) -> TokenStream {
    let Input { ident, model, runtime, fields } = input;
    let (odoo, draft, value, at) = (own("__odoo"), own("draft"), own("value"), own("at"));
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let readers = fields.iter().map(|field| reader(input, field));
    let places: Vec<_> = (0..fields.len()).map(syn::Index::from).collect();
    let numbers = 0..fields.len();
    quote! {
        #[automatically_derived]
        #[allow(missing_docs, non_camel_case_types, unreachable_pub, clippy::all, clippy::pedantic)]
        const _: () = {
            use #runtime::derived as #odoo;
            #[doc(hidden)]
            pub struct __OdooDraft {
                #(#members: ::core::option::Option<#types>,)*
            }
            const READERS: (#(#odoo::Reader<#types>,)*) = (#(#readers,)*);
            impl #runtime::Record for #ident {
                type Model = #model;
                type Draft = __OdooDraft;
                fn columns() -> #odoo::Columns {
                    const COLUMNS: &[#odoo::Column] = &[#(READERS.#places.column,)*];
                    #odoo::Columns::Borrowed(COLUMNS)
                }
                fn empty() -> __OdooDraft {
                    __OdooDraft { #(#members: ::core::option::Option::None,)* }
                }
                fn put(#draft: &mut __OdooDraft, #at: usize, #value: #odoo::Wire<'_>) -> #odoo::Put {
                    match #at {
                        #(#numbers => #odoo::put(const { READERS.#places.read }, &mut #draft.#members, #value),)*
                        _ => ::core::result::Result::Ok(()),
                    }
                }
                fn finish(#draft: __OdooDraft) -> ::core::option::Option<Self> {
                    match #draft {
                        __OdooDraft { #(#members: ::core::option::Option::Some(#members),)* } => {
                            ::core::option::Option::Some(Self { #(#members,)* })
                        }
                        _ => ::core::option::Option::None,
                    }
                }
            }
        };
    }
}

fn reader(input: &Input, field: &Field) -> TokenStream {
    let Field { ty, constant, name, .. } = field;
    let (odoo, of) = (own("__odoo"), own(if name == "id" { "of_id" } else { "of" }));
    // All of it is said to stand where the field is, so that the compiler underlines no more than that.
    let model = input.model_at(constant.span());
    let of = quote_spanned!(constant.span() => #odoo::#of(#model::#constant));
    quote_spanned!(ty.span() => #of.reader::<#ty>())
}
