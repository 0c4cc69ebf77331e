//! The plain designs: the rows and enums of a generated crate as structs and enums with serde's derive, as lean as they can be or
//! as one writes them first.
//!
//! They are made of the generated sources themselves, so that all have the same rows, fields, docs, enums and features.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use serde::{Deserialize, Serialize};
use syn::{Attribute, Fields, GenericArgument, Item, ItemEnum, ItemMacro, ItemStruct, PathArguments, Type};

/// The module of the plain crate with what is written by hand.
const SUPPORT: &str = "plain_support";

/// How much is derived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Design {
    /// `Deserialize` for rows, with one type for what may be `false`, and one macro for enums.
    Lean,
    /// All that comes to mind, for rows and enums, with a function for each field that may be `false`.
    Usual,
}

/// The plain crate.
pub(crate) struct Plain {
    /// By their path below the crate's folder.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) counts: Counts,
}

/// What both crates hold.
#[derive(Serialize, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) rows: usize,
    pub(crate) fields: usize,
    pub(crate) enums: usize,
    pub(crate) values: usize,
}

impl Design {
    pub(crate) fn package(self, target: &str) -> String {
        match self {
            Self::Lean => format!("lean-{target}"),
            Self::Usual => format!("derive-{target}"),
        }
    }
}

impl Plain {
    /// Makes the plain crate of the generated one in `folder`.
    pub(crate) fn of(folder: &Path, package: &str, design: Design) -> Result<Self> {
        let source = folder.join("src");
        let mut paths = Vec::new();
        list(&source, "", &mut paths)?;
        let mut counts = Counts::default();
        let mut files = BTreeMap::new();
        for path in &paths {
            let at = source.join(path);
            let text = fs::read_to_string(&at).with_context(|| format!("cannot read {}", at.display()))?;
            let file = syn::parse_file(&text).with_context(|| format!("{} is not Rust", at.display()))?;
            let mut tokens = convert(&file, design, &mut counts).with_context(|| at.display().to_string())?;
            if path == "lib.rs" {
                let support = quote::format_ident!("{SUPPORT}");
                tokens.extend(quote!(pub mod #support;));
            }
            let plain = syn::parse2(tokens).with_context(|| format!("the plain form of {path} is not Rust"))?;
            files.insert(format!("src/{path}"), prettyplease::unparse(&plain));
        }
        if counts.rows == 0 {
            bail!("{} holds no rows: run `cargo xtask regen {package} --offline` first", source.display());
        }
        let support = match design {
            Design::Lean => include_str!("lean_support.rs"),
            Design::Usual => include_str!("plain_support.rs"),
        };
        if files.insert(format!("src/{SUPPORT}.rs"), support.to_owned()).is_some() {
            bail!("the target has a module named {SUPPORT} of its own");
        }
        files.insert("Cargo.toml".to_owned(), manifest(folder, &design.package(package))?);
        Ok(Self { files, counts })
    }
}

/// The Rust files below `folder`, by their path from it.
fn list(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<()> {
    let failed = || format!("cannot list {}", folder.display());
    for entry in fs::read_dir(folder).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().with_context(failed)?.is_dir() {
            list(&entry.path(), &format!("{prefix}{name}/"), found)?;
        } else if name.ends_with(".rs") {
            found.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// The same features, and dependencies at the versions of the workspace's lock file.
fn manifest(folder: &Path, package: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(default)]
        features: BTreeMap<String, Vec<String>>,
    }
    let path = folder.join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let ours: Manifest = toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
    let features: String = ours.features.iter().map(|(name, on)| format!("{name} = {on:?}\n")).collect();
    Ok(format!(
        r#"[package]
name = "{package}"
version = "0.0.0"
edition = "2024"
publish = false

[features]
{features}
[dependencies]
jiff = {{ version = "1", default-features = false, features = ["serde", "std"] }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"

[workspace]
"#
    ))
}

/// One file in the plain design.
fn convert(file: &syn::File, design: Design, counts: &mut Counts) -> Result<TokenStream> {
    let converted = convert_items(&file.items, design, counts)?;
    let docs = file.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    Ok(quote!(#(#docs)* #![allow(non_camel_case_types)] #converted))
}

/// What is in a file, or in a module that is in it.
fn convert_items(items: &[Item], design: Design, counts: &mut Counts) -> Result<TokenStream> {
    let values = selections(items);
    let mut converted = TokenStream::new();
    for item in items {
        match item {
            Item::Mod(module) => match &module.content {
                None => module.to_tokens(&mut converted),
                Some((_, items)) => {
                    let (attrs, vis, name) = (&module.attrs, &module.vis, &module.ident);
                    let inner = convert_items(items, design, counts)?;
                    converted.extend(quote!(#(#attrs)* #vis mod #name { #inner }));
                }
            },
            // A marker.
            Item::Enum(item) if item.variants.is_empty() => item.to_tokens(&mut converted),
            Item::Enum(item) => converted.extend(selection(item, &values, design, counts)?),
            Item::Struct(item) if item.ident == "Row" => converted.extend(row(item, design, counts)?),
            Item::Type(item) => item.to_tokens(&mut converted),
            Item::Use(item) => {
                let text = item.tree.to_token_stream().to_string().replace(' ', "");
                if text.starts_with("crate::") {
                    item.to_tokens(&mut converted);
                }
            }
            _ => {}
        }
    }
    let support = quote::format_ident!("{SUPPORT}");
    Ok(quote! {
        #[allow(unused_imports)]
        use crate::#support as odoo;
        #converted
    })
}

/// The values of the selections of a file with their variants: for each `Name: 0 "value" => Variant, …` in a `selection!`.
fn selections(items: &[Item]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for item in items {
        if let Item::Macro(ItemMacro { mac, .. }) = item
            && mac.path.segments.last().is_some_and(|segment| segment.ident == "selection")
        {
            let mut name = None;
            let mut value = None;
            let mut known = BTreeMap::new();
            for token in flat(mac.tokens.clone()) {
                match token {
                    TokenTree::Literal(literal) => value = syn::parse2::<syn::LitStr>(quote!(#literal)).ok(),
                    TokenTree::Ident(ident) => match value.take() {
                        Some(value) => drop(known.insert(ident.to_string(), value.value())),
                        // Behind `many`, where there is one.
                        None if known.is_empty() => name = Some(ident.to_string()),
                        None => {}
                    },
                    _ => {}
                }
            }
            found.extend(name.map(|name| (name, known)));
        }
    }
    found
}

/// Tokens without the braces around them, and without attributes.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut out = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {}
            TokenTree::Group(group) => out.extend(flat(group.stream())),
            other => out.push(other),
        }
    }
    out
}

/// An enum, with its values as serde's names, and a variant for any other.
fn selection(
    item: &ItemEnum,
    values: &BTreeMap<String, BTreeMap<String, String>>,
    design: Design,
    counts: &mut Counts,
) -> Result<TokenStream> {
    let name = &item.ident;
    let values = values.get(&name.to_string()).with_context(|| format!("there is no `selection!` for {name}"))?;
    let mut variants = TokenStream::new();
    let mut pairs = TokenStream::new();
    let mut seen = BTreeSet::new();
    for variant in &item.variants {
        let (docs, ident) = (kept(&variant.attrs), &variant.ident);
        match values.get(&ident.to_string()) {
            Some(value) if variant.fields.is_empty() => {
                seen.insert(ident.to_string());
                let rename = (design == Design::Usual).then(|| quote!(#[serde(rename = #value)]));
                variants.extend(quote!(#(#docs)* #rename #ident,));
                pairs.extend(quote!(#value => #ident,));
            }
            None if !variant.fields.is_empty() => {
                let untagged = (design == Design::Usual).then(|| quote!(#[serde(untagged)]));
                variants.extend(quote!(#(#docs)* #untagged #ident(String),));
            }
            _ => bail!("{name}::{ident}: its value is not in the `selection!`"),
        }
    }
    if seen.len() != values.len() {
        bail!("{name} has {} variants, but its `selection!` {}", seen.len(), values.len());
    }
    counts.enums += 1;
    counts.values += values.len();
    let attrs = kept(&item.attrs);
    let features = item.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    Ok(match design {
        Design::Lean => quote! {
            #(#attrs)*
            pub enum #name { #variants }
            #(#features)*
            odoo::selection! { #name { #pairs } }
        },
        Design::Usual => quote! {
            #(#attrs)*
            #[derive(Debug, Clone, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
            pub enum #name { #variants }
        },
    })
}

/// A row, with a type or a function for each field that can be `false`.
fn row(item: &ItemStruct, design: Design, counts: &mut Counts) -> Result<TokenStream> {
    let Fields::Named(fields) = &item.fields else { bail!("its Row has no named fields") };
    let mut members = TokenStream::new();
    for field in &fields.named {
        let (docs, ident, ty) = (kept(&field.attrs), &field.ident, &field.ty);
        let with = reader(ty).map(|path| quote!(, deserialize_with = #path));
        let name = ident.as_ref().map(ToString::to_string).unwrap_or_default();
        // `type_` is Odoo's `type`; no keyword, no renaming.
        let rename = name
            .strip_suffix('_')
            .filter(|plain| syn::parse_str::<syn::Ident>(plain).is_err())
            .map(|plain| quote!(rename = #plain));
        members.extend(match design {
            Design::Lean => {
                let (rename, ty) = (rename.map(|rename| quote!(#[serde(#rename)])), or_false(ty));
                quote!(#(#docs)* #rename pub #ident: #ty,)
            }
            Design::Usual => {
                let rename = rename.map(|rename| quote!(, #rename));
                quote!(#(#docs)* #[serde(default #rename #with)] pub #ident: #ty,)
            }
        });
        counts.fields += 1;
    }
    counts.rows += 1;
    let attrs = kept(&item.attrs);
    let derived = match design {
        Design::Lean => quote!(::serde::Deserialize),
        Design::Usual => quote!(Debug, Clone, Default, ::serde::Serialize, ::serde::Deserialize),
    };
    Ok(quote! {
        #(#attrs)*
        #[derive(#derived)]
        pub struct Row { #members }
    })
}

/// The type that stands for an `Option` in the lean design.
fn or_false(ty: &Type) -> TokenStream {
    match ty {
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option") => {
            let arguments = path.path.segments.last().map(|last| &last.arguments);
            quote!(odoo::OrFalse #arguments)
        }
        _ => quote!(#ty),
    }
}

/// The function that reads a type of which `false` is a value.
fn reader(ty: &Type) -> Option<&'static str> {
    let Type::Path(path) = ty else { return None };
    let option = path.path.segments.last()?;
    if option.ident == "Link" {
        return Some("odoo::nullable");
    }
    if option.ident != "Option" {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &option.arguments else { return None };
    let Some(GenericArgument::Type(Type::Path(inner))) = arguments.args.first() else { return None };
    Some(match inner.path.segments.last()?.ident.to_string().as_str() {
        "Date" if inner.path.segments.len() > 1 => "odoo::date",
        "Datetime" => "odoo::datetime",
        _ => "odoo::nullable",
    })
}

/// The attributes that both crates have: docs and features.
fn kept(attrs: &[Attribute]) -> Vec<&Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("doc") || attr.path().is_ident("cfg")).collect()
}

#[cfg(test)]
mod tests;
