//! `#[derive(Values)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type};

use crate::input::{Field, Input, own};

/// One call of `set` or `clear` a field, whose spans are those of the struct, so that errors point there.
pub(crate) fn expand(input: &Input) -> TokenStream {
    let Input { ident, model, runtime, fields } = input;
    let values = own("values");
    let sets = fields.iter().map(|field| set(input, field));
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic)]
        impl #runtime::ToValues for #ident {
            type Model = #model;
            fn to_values(self) -> #runtime::Values<#model> {
                let #values = #runtime::Values::<#model>::new();
                #(#sets)*
                #values
            }
        }
    }
}

fn set(input: &Input, field: &Field) -> TokenStream {
    let Input { model, runtime, .. } = input;
    let Field { member, ty, constant, .. } = field;
    let (values, value) = (own("values"), own("value"));
    let inner = optional(ty);
    let write = |ty: &Type| quote_spanned!(ty.span() => #runtime::Values::<#model>::set::<_, _, #ty>(#values, #model::#constant, #value));
    let (some, none) = (quote!(::core::option::Option::Some), quote!(::core::option::Option::None));
    let written = match (inner, inner.and_then(optional)) {
        (Some(_), Some(ty)) => {
            let write = write(ty);
            quote! {
                match self.#member {
                    #some(#some(#value)) => #write,
                    #some(#none) => #runtime::Values::<#model>::clear(#values, #model::#constant),
                    #none => #values,
                }
            }
        }
        (Some(ty), None) => {
            let write = write(ty);
            quote!(match self.#member { #some(#value) => #write, #none => #values })
        }
        (None, _) => {
            let write = write(ty);
            quote!({ let #value = self.#member; #write })
        }
    };
    quote!(let #values = #written;)
}

/// The `T` of an `Option<T>`, as far as the text of the type tells.
fn optional(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == "Option" => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
