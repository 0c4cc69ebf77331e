//! `#[derive(Values)]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Result;
use syn::spanned::Spanned;

use crate::input::{Field, Input, MODEL, own};

/// A call of `write` for each field, whose spans are those of the struct, so that errors point there. What an `Option` is to be
/// the compiler finds out: the text of a type does not tell whether it is one.
pub(crate) fn expand(input: &Input) -> Result<TokenStream> {
    let Input { ident, generics, model, runtime, fields } = input;
    let (generics, arguments, bounds) = generics.split_for_impl();
    let here = Span::call_site();
    let (odoo, values, alias) = (own("__odoo", here), own("values", here), own(MODEL, model.span()));
    let new = quote_spanned!(model.span() => <#runtime::Values<#alias> as ::core::default::Default>::default());
    let checks = fields.iter().map(|field| check(input, field));
    let writes = fields.iter().map(|field| write(input, field));
    Ok(quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic)]
        const _: () = {
            use #runtime::__rt::derived as #odoo;
            use #odoo::Way as _;
            type #alias = #model;
            const _: () = { #(#checks)* };
            impl #generics #runtime::write::ToValues for #ident #arguments #bounds {
                type Model = #alias;
                fn to_values(self) -> #runtime::Values<#alias> {
                    let #values = #new;
                    #(let #values = #writes;)*
                    #values
                }
            }
        };
    })
}

/// Of a field that the model does not have, and of one that is another, this says so, and nothing else does.
fn check(input: &Input, field: &Field) -> TokenStream {
    let (name, constant, place) = (&field.name, input.constant(field), field.constant.span());
    let odoo = own("__odoo", place);
    quote_spanned!(place => #odoo::check(#constant, #name);)
}

fn write(input: &Input, field: &Field) -> TokenStream {
    let (ty, constant, place) = (&field.ty, input.constant(field), field.ty.span());
    let (odoo, values) = (own("__odoo", place), own("values", place));
    // `self` is that of `to_values`, wherever it is said to stand.
    let this = Ident::new("self", Span::call_site().located_at(place));
    let mut member = field.member.clone();
    member.set_span(place);
    let here = Span::mixed_site().located_at(place);
    let way = quote_spanned!(here => #odoo::Given::<#ty>::new().way());
    let to = quote_spanned!(here => #odoo::to(#constant));
    quote_spanned!(here => #to.write::<#ty, _>(#values, #this.#member, #way))
}
