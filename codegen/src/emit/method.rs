//! The file of a model's methods: a function for each, whose body is one call of the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, Source, ident};
use crate::lower::{Marker, MethodIr, Segment};
use crate::schema::Parameter;
use crate::{Item, docs};

pub(super) fn methods(context: &Context<'_>, segment: &Segment<'_>, marker: &Marker<'_>) -> Option<Source> {
    let body = marker.body.as_ref().filter(|body| !body.methods.is_empty())?;
    let functions = body.methods.iter().map(|method| function(context, marker.model, method));
    let model = context.marker(marker.model, super::LEVELS + 1);
    let docs = docs::inner([format!("Methods of {}", docs::code(marker.model))]);
    let tokens = quote! {
        #docs
        use ::odoo_client::__rt as odoo;

        impl #model {
            #(#functions)*
        }
    };
    Some(Source { path: format!("src/{}/{}/methods.rs", segment.module, body.module), tokens })
}

fn function(context: &Context<'_>, model: &str, method: &MethodIr<'_>) -> TokenStream {
    let (name, function, schema) = (docs::literal(method.name), ident(&method.function), method.schema);
    let docs = docs::outer(function_docs(method));
    let ids = (!schema.on_model).then(|| quote!(ids: &[odoo::Id<Self>],));
    let parameters = method.arguments.iter().map(|(argument, parameter)| {
        let (argument, ttype) = (ident(argument), argument_type(parameter));
        quote!(#argument: #ttype)
    });
    let arguments = method.arguments.iter().map(|(argument, parameter)| {
        let (argument, name) = (ident(argument), docs::literal(&parameter.name));
        quote!((#name, &#argument))
    });
    let result = result_type(schema.returns.as_deref()).map(|ttype| quote!(<#ttype>));
    let reads = schema.readonly.then(|| quote!(.reads()));
    let call = if schema.on_model {
        quote!(odoo::MethodCall::of::<Self>(#name, &[#(#arguments),*]))
    } else {
        quote!(odoo::MethodCall::on(#name, ids, &[#(#arguments),*]))
    };
    let deprecated = context.settings.mark([Item::Method(model.to_owned(), method.name.to_owned())]);
    quote! {
        #docs
        #deprecated
        #[inline]
        pub fn #function(#ids #(#parameters),*) -> odoo::MethodCall #result {
            #call #reads
        }
    }
}

/// The type of an argument, where the annotation leaves no doubt. Annotations are Python's own or words of docstrings.
pub(crate) fn argument_type(parameter: &Parameter) -> TokenStream {
    match parameter.annotation.as_deref() {
        Some("int" | "integer") => quote!(i64),
        Some("float") => quote!(f64),
        Some("bool" | "boolean") => quote!(bool),
        Some("str" | "string") => quote!(&str),
        Some("list[int]" | "list(int)") => quote!(&[i64]),
        Some("list[str]" | "list(str)") => quote!(&[&str]),
        _ => quote!(impl odoo::Argument),
    }
}

/// The type of the result, where the annotation leaves no doubt. What is said to be text or an object often is `false`.
pub(crate) fn result_type(annotation: Option<&str>) -> Option<TokenStream> {
    match annotation? {
        "int" | "integer" => Some(quote!(i64)),
        "float" => Some(quote!(f64)),
        "bool" | "boolean" => Some(quote!(bool)),
        "list[int]" | "list(int)" => Some(quote!(Vec<i64>)),
        _ => None,
    }
}

fn function_docs(method: &MethodIr<'_>) -> Vec<String> {
    let schema = method.schema;
    let mut lines = schema.help.as_deref().map(docs::prose).unwrap_or_default();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let mut facts = format!("{} of the module {}", docs::code(method.name), docs::code(&schema.module));
    if let Some(inherited) = &schema.inherited {
        facts += &format!(", which {} brings", docs::code(inherited));
    }
    facts += if schema.readonly { "; it only reads." } else { "." };
    lines.push(facts);
    if !schema.parameters.is_empty() || schema.takes_more {
        lines.push(String::new());
        // Those that are given first, as the function takes them.
        let (given, optional): (Vec<_>, Vec<_>) = schema.parameters.iter().partition(|p| p.default.is_none());
        lines.extend(given.into_iter().chain(optional).map(parameter_docs));
        if schema.takes_more {
            lines.push("- and others of any name".to_owned());
        }
    }
    let returned = schema.returns.as_deref().map(docs::code).into_iter();
    let returned: Vec<_> = returned.chain(schema.returns_help.as_deref().map(docs::flat)).collect();
    if !returned.is_empty() {
        lines.extend([String::new(), format!("Returns {}", returned.join(": "))]);
    }
    lines
}

fn parameter_docs(parameter: &Parameter) -> String {
    let mut line = format!("- {}", docs::code(&parameter.name));
    if let Some(annotation) = &parameter.annotation {
        line += &format!(", {}", docs::code(annotation));
    }
    if let Some(default) = &parameter.default {
        line += &format!(", by default {}", docs::code(default));
    }
    if let Some(help) = &parameter.help {
        line += &format!(": {}", docs::flat(help));
    }
    line
}
