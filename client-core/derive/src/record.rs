//! `#[derive(Record)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Result};

use crate::input::{Field, Input, MODEL, own};

/// A reader for each field. What does not fit fails in the readers and nowhere else: one error a field, at the field.
pub(crate) fn expand(input: &Input) -> Result<TokenStream> {
    let Input { ident, generics, model, runtime, fields } = input;
    if !generics.params.is_empty() {
        return Err(Error::new(generics.span(), "a record has no type parameters or lifetimes"));
    }
    let here = Span::call_site();
    let (odoo, row, alias) = (own("__odoo", here), own("row", here), own(MODEL, model.span()));
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let types = fields.iter().map(|field| &field.ty);
    let readers = fields.iter().map(|field| reader(input, field));
    let values: Vec<_> = (0..fields.len()).map(|at| own(&format!("value_{at}"), here)).collect();
    let places: Vec<_> = (0..fields.len()).map(syn::Index::from).collect();
    Ok(quote! {
        #[automatically_derived]
        #[allow(missing_docs, non_camel_case_types, unreachable_patterns, unreachable_pub, clippy::all, clippy::pedantic)]
        const _: () = {
            use #runtime::__rt::derived as #odoo;
            type #alias = #model;
            const READERS: (#(#odoo::Reader<#types>,)*) = (#(#readers,)*);
            impl #runtime::Record for #ident {
                type Model = #alias;
                fn columns() -> #odoo::Columns {
                    const COLUMNS: &[#odoo::Column] = &[#(READERS.#places.column,)*];
                    #odoo::Columns::Borrowed(COLUMNS)
                }
                type Blank = ();
                fn blank() {}
                fn from_row((): &(), #row: &mut #runtime::__rt::RowReader<'_>) -> ::core::option::Option<Self> {
                    // All of them, before the first that is missing ends it: the error is to name each.
                    #(let #values = (const { READERS.#places.read })(#row);)*
                    // At once, so that there is one place where all are dropped, and not one for each that can be missing.
                    match (#(#values,)*) {
                        (#(::core::option::Option::Some(#values),)*) => {
                            ::core::option::Option::Some(Self { #(#members: #values,)* })
                        }
                        _ => ::core::option::Option::None,
                    }
                }
            }
        };
    })
}

fn reader(input: &Input, field: &Field) -> TokenStream {
    let Field { ty, constant, name, .. } = field;
    // All of it is said to stand where the field is, so that the compiler underlines no more than that.
    let place = constant.span();
    let (odoo, of) = (own("__odoo", place), own(if name == "id" { "of_id" } else { "of" }, place));
    let field = input.constant(field);
    let of = quote_spanned!(place => #odoo::#of(#field, #name));
    quote_spanned!(ty.span() => #of.reader::<#ty>())
}
