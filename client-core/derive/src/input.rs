//! What the macros read: a struct, its `#[odoo(…)]` attributes, and the constants of the model that its fields mean.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Path, Result, Type};

/// A struct with `#[odoo(model = …)]`.
pub(crate) struct Input {
    pub(crate) ident: Ident,
    /// The marker of the model.
    pub(crate) model: Path,
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
    with: impl FnOnce(&Input) -> TokenStream,
) -> proc_macro::TokenStream {
    let read = syn::parse(input).and_then(Input::read);
    read.map_or_else(Error::into_compile_error, |input| with(&input)).into()
}

impl Input {
    /// The marker of the model, as if it were written at this place.
    pub(crate) fn model_at(&self, place: Span) -> Path {
        let mut model = self.model.clone();
        for segment in &mut model.segments {
            segment.ident.set_span(segment.ident.span().located_at(place));
        }
        model
    }

    fn read(input: DeriveInput) -> Result<Self> {
        let Data::Struct(data) = input.data else {
            return Err(Error::new(input.ident.span(), "only a struct can be a record"));
        };
        let Fields::Named(fields) = data.fields else {
            return Err(Error::new(input.ident.span(), "only a struct with named fields can be a record"));
        };
        if !input.generics.params.is_empty() {
            return Err(Error::new(input.generics.span(), "a record has no type parameters or lifetimes"));
        }
        let (mut model, mut runtime) = (None, None);
        attributes(&input.attrs, |meta| {
            if meta.path.is_ident("model") {
                model = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("crate") {
                runtime = Some(meta.value()?.parse()?);
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
        let runtime = match runtime {
            Some(runtime) => runtime,
            None => syn::parse2(quote!(::odoo_client))?,
        };
        let fields: Vec<Field> = fields.named.into_iter().map(Field::read).collect::<Result<_>>()?;
        for (at, field) in fields.iter().enumerate() {
            if fields.iter().take(at).any(|other| other.name == field.name) {
                let what = format!("the field `{}` is in this struct already", field.name);
                return Err(Error::new(field.constant.span(), what));
            }
        }
        Ok(Self { ident: input.ident, model, runtime, fields })
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
            renamed = Some(meta.value()?.parse()?);
            Ok(())
        })?;
        let (name, span) = match &renamed {
            Some(name) => (name.value(), name.span()),
            None => (odoo_name(&member), member.span()),
        };
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            return Err(Error::new(span, format!("Odoo has no field names such as {name:?}")));
        }
        let constant = Ident::new(&constant(&name), span);
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

/// The field that a member means: `r#type` and `type_` are `type`, as generated rows have it.
fn odoo_name(member: &Ident) -> String {
    let name = member.to_string();
    if let Some(name) = name.strip_prefix("r#") {
        return name.to_owned();
    }
    match name.strip_suffix('_') {
        Some(keyword) if is_keyword(keyword) => keyword.to_owned(),
        _ => name,
    }
}

fn is_keyword(name: &str) -> bool {
    name == "gen" || syn::parse_str::<Ident>(name).is_err()
}

/// The name that the generator gives the constant of a field.
fn constant(name: &str) -> String {
    let spelt = |c: char| match c {
        _ if c.is_ascii_alphanumeric() => c.to_string(),
        _ if c.is_ascii() || !c.is_alphanumeric() => "_".to_owned(),
        _ => format!("u{:04x}", u32::from(c)),
    };
    let mut constant: String = name.to_uppercase().chars().map(spelt).collect::<String>().to_uppercase();
    if constant.starts_with(|c: char| c.is_ascii_digit()) {
        constant.insert(0, '_');
    }
    if constant.chars().all(|c| c == '_') {
        constant.push('0');
    }
    constant
}

/// A name of the macro's own, which no code of the user sees.
pub(crate) fn own(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
