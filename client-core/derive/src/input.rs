//! What the macros read: a struct, its `#[odoo(…)]` attributes, and the constants of the model that its fields mean.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::meta::ParseNestedMeta;
use syn::parse::Parse;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Generics, LitStr, Path, Result, Type};

use crate::names;

/// A struct with `#[odoo(model = …)]`.
pub(crate) struct Input {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// The marker of the model.
    pub(crate) model: Type,
    /// Where this crate's runtime is.
    pub(crate) runtime: Path,
    pub(crate) fields: Vec<Field>,
}

/// A field of the struct.
pub(crate) struct Field {
    /// Its name in Rust.
    pub(crate) member: Ident,
    pub(crate) ty: Type,
    /// The technical name of the field in Odoo.
    pub(crate) name: String,
    /// The model's constant for it, at the place in the user's code where it is named.
    pub(crate) constant: Ident,
}

/// Reads the input and expands it, or reports what is wrong with it.
pub(crate) fn expand(
    input: proc_macro::TokenStream,
    with: impl FnOnce(&Input) -> Result<TokenStream>,
) -> proc_macro::TokenStream {
    let expanded = syn::parse(input).and_then(Input::read).and_then(|input| with(&input));
    expanded.unwrap_or_else(Error::into_compile_error).into()
}

impl Input {
    /// The constant of a field, all of it as if the user had written it where the struct names that field: the compiler is
    /// silent about what macros write and is deprecated. The model has the [name of the macro's own](MODEL) there: what is
    /// wrong with it is said of the attribute, and once.
    pub(crate) fn constant(&self, field: &Field) -> TokenStream {
        let (model, constant) = (Ident::new(MODEL, field.constant.span()), &field.constant);
        quote_spanned!(field.constant.span() => #model::#constant)
    }

    fn read(input: DeriveInput) -> Result<Self> {
        let Data::Struct(data) = input.data else {
            return Err(Error::new(input.ident.span(), "only a struct has fields of Odoo"));
        };
        let Fields::Named(fields) = data.fields else {
            let what = "the fields of the struct need names: those of the fields in Odoo";
            return Err(Error::new(input.ident.span(), what));
        };
        let (mut model, mut runtime) = (None, None);
        attributes(&input.attrs, |meta| {
            if meta.path.is_ident("model") {
                once(&meta, &mut model).map_err(|error| match error.span() {
                    _ if model.is_some() => error,
                    place => Error::new(place, "expected the marker of a model: `model = Order`"),
                })?;
            } else if meta.path.is_ident("crate") {
                once(&meta, &mut runtime)?;
            } else {
                return Err(meta.error("expected `model = …` or `crate = …`"));
            }
            Ok(())
        })?;
        let model = model.ok_or_else(|| {
            Error::new(
                input.ident.span(),
                "whose records are these? Say it with `#[odoo(model = …)]`: `#[odoo(model = Order)]`",
            )
        })?;
        let runtime: Path = match runtime {
            Some(runtime) => runtime,
            None => syn::parse2(quote!(::odoo_client))?,
        };
        let fields: Vec<Field> = fields.named.into_iter().map(Field::read).collect::<Result<_>>()?;
        let mut known = HashSet::new();
        for field in &fields {
            if !known.insert(&*field.name) {
                let what = format!("the field `{}` is in this struct already", field.name);
                return Err(Error::new(field.constant.span(), what));
            }
        }
        Ok(Self { ident: input.ident, generics: input.generics, model, runtime, fields })
    }
}

impl Field {
    fn read(field: syn::Field) -> Result<Self> {
        let Some(member) = field.ident else {
            return Err(Error::new(field.ty.span(), "a field without a name"));
        };
        let mut renamed: Option<LitStr> = None;
        attributes(&field.attrs, |meta| {
            if !meta.path.is_ident("field") {
                return Err(meta.error("expected `field = \"…\"`, the field's name in Odoo"));
            }
            once(&meta, &mut renamed)
        })?;
        let (name, span) = match &renamed {
            Some(name) => (name.value(), name.span()),
            None => (names::of_member(&member), member.span()),
        };
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            return Err(Error::new(span, format!("Odoo has no field names such as {name:?}")));
        }
        let constant = Ident::new(&names::constant(&name), span);
        Ok(Self { member, ty: field.ty, name, constant })
    }
}

/// Reads the entries of all `#[odoo(…)]` attributes.
fn attributes(attributes: &[syn::Attribute], mut entry: impl FnMut(ParseNestedMeta<'_>) -> Result<()>) -> Result<()> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("odoo"))
        .try_for_each(|attribute| attribute.parse_nested_meta(&mut entry))
}

/// Reads the value of an entry that is given once.
fn once<T: Parse>(meta: &ParseNestedMeta<'_>, value: &mut Option<T>) -> Result<()> {
    if value.is_some() {
        let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        return Err(meta.error(format!("`{name}` is given already")));
    }
    *value = Some(meta.value()?.parse()?);
    Ok(())
}

/// The name of the model in expanded code.
pub(crate) const MODEL: &str = "__Model";

/// A name of the macro's own, which no code of the user sees, as if it were written at this place.
pub(crate) fn own(name: &str, place: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(place))
}
