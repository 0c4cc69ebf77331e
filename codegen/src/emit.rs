//! Prints a lowered crate.

mod inline;
mod manifest;
pub(crate) mod method;
mod model;
pub(crate) mod selection;

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::lower::{Crate, Marker, Segment};
use crate::{Error, Item, Settings, docs};

pub(crate) use inline::inline;

/// How far the module of a model is below the root.
const LEVELS: usize = 2;

/// What every emitter needs to know beside its own part of the tree.
struct Context<'a> {
    settings: &'a Settings,
    series: &'a str,
    /// Where the marker of a model is: its module and its type.
    markers: BTreeMap<&'a str, (&'a str, &'a str)>,
    limited: &'a BTreeMap<&'a str, String>,
    /// Whether it is a module of another crate that is made: such has no features, and does not know where it is.
    is_module: bool,
}

/// One file to print: its path and its tokens.
struct Source {
    path: String,
    tokens: TokenStream,
}

pub(crate) fn emit(lowered: &Crate<'_>, settings: &Settings, series: &str) -> Result<BTreeMap<String, String>, Error> {
    let context = Context::new(lowered, settings, series, false);

    // Printing takes nearly all of the time and every file stands alone.
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut jobs = Job::all(lowered);
    jobs.push(Job::Verify(lowered));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let (context, jobs, next) = (&context, &jobs, &next);
    let printed: Vec<Result<Vec<(String, String)>, Error>> = std::thread::scope(|scope| {
        let work = move || {
            let mut done = Vec::new();
            while let Some(job) = jobs.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                if let Some(source) = job.source(context) {
                    let text = prettyplease::unparse(&source.parse()?);
                    done.push((source.path, format!("{}{text}", context.banner("//"))));
                }
            }
            Ok(done)
        };
        let threads: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let here = work();
        std::iter::once(here)
            .chain(threads.into_iter().map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))))
            .collect()
    });
    let mut files = BTreeMap::new();
    for done in printed {
        for (path, text) in done? {
            if let Some(_clash) = files.insert(path.clone(), text) {
                return Err(Error::Clash { path });
            }
        }
    }
    files.insert("Cargo.toml".to_owned(), manifest::manifest(context, lowered));
    Ok(files)
}

enum Job<'l, 'a> {
    Root(&'l Crate<'a>),
    Shared(&'l Crate<'a>),
    Fields(&'l Crate<'a>),
    Verify(&'l Crate<'a>),
    Segment(&'l Segment<'a>),
    Model(&'l Segment<'a>, usize),
    Methods(&'l Segment<'a>, usize),
}

impl<'l, 'a> Job<'l, 'a> {
    /// Those of the modules.
    fn all(lowered: &'l Crate<'a>) -> Vec<Self> {
        let mut jobs = vec![Job::Root(lowered), Job::Shared(lowered), Job::Fields(lowered)];
        for segment in &lowered.segments {
            jobs.push(Job::Segment(segment));
            jobs.extend((0..segment.markers.len()).flat_map(|at| [Job::Model(segment, at), Job::Methods(segment, at)]));
        }
        jobs
    }

    fn source(&self, context: &Context<'_>) -> Option<Source> {
        match self {
            Job::Root(lowered) => Some(root(context, lowered)),
            Job::Shared(lowered) => selection::shared(context, lowered),
            Job::Fields(lowered) => fields(lowered),
            Job::Verify(lowered) => Some(verify(context, lowered)),
            Job::Segment(segment) => Some(module(context, segment)),
            Job::Model(segment, at) => model::model(context, segment, segment.markers.get(*at)?),
            Job::Methods(segment, at) => method::methods(context, segment, segment.markers.get(*at)?),
        }
    }
}

/// `src/lib.rs`.
fn root(context: &Context<'_>, lowered: &Crate<'_>) -> Source {
    let series = context.series;
    let modules = lowered.segments.iter().map(|segment| ident(&segment.module));
    let docs = docs::inner([
        &format!("Typed models of a pinned Odoo {}.", docs::line(series)),
        "",
        "One module for each first segment of a model's name, and a feature of the same name that compiles what is in",
        "it: `sale.order` is the marker type `sale::Order`, with a constant for each field; its whole row and the enums",
        "of its selections are in `sale::order`. Marker types are there without any feature; the compiler then calls them",
        "`Order_needs_the_feature_sale`, or `Order_is_not_in_the_pin`. The feature `all` turns on every model.",
        "",
        "Names are Odoo's, with an `_` behind them where Rust means something else by them: the field `type` is the member `type_`,",
        "and what belongs to `account::Move` is in `account::move_`. Constants have capitals for small letters and the reverse:",
        "`STAT` is the field `stat`, `sTAT` the field `Stat`.",
        "",
        "With the feature `methods`, where the pin has them (Odoo 19 and later tell them), the models that are on have a function",
        "for each of their public methods: `odoo.call(sale::Order::action_confirm(&[id]))`. For others there are functions of",
        "one's own, made with `odoo_client::MethodCall`, and calls by name: `odoo.model(\"sale.order\").call(\"action_confirm\")`.",
    ]);
    let allowed = quote! {
        non_camel_case_types,
        non_snake_case,
        non_upper_case_globals,
        clippy::module_inception,
        clippy::new_ret_no_self,
        clippy::should_implement_trait,
        clippy::too_many_arguments,
        reason = "Odoo's names and signatures: `x_studio__net`, `Stat`, `event.event`"
    };
    // `include!` takes no attributes of a file: of a module, each part has those of the root. What nobody uses or has documented
    // is no matter for the crate that it is in.
    let unused = quote!(#[allow(dead_code, deprecated, missing_docs, unreachable_pub, unused_imports)]);
    let (root, each) = if context.is_module {
        (TokenStream::new(), quote!(#unused #[allow(#allowed)]))
    } else {
        let deprecated = (!context.settings.deprecated.is_empty()).then(|| quote!(#![allow(deprecated)]));
        (quote!(#docs #deprecated #![allow(#allowed)]), TokenStream::new())
    };
    // Each is found under its field's name in the module of its model.
    let selections = (!lowered.shared.is_empty()).then(|| quote!(#each mod selections;));
    let fields = (!lowered.limited.is_empty()).then(|| quote!(#each #[doc(hidden)] pub mod fields;));
    let tokens = quote! {
        #root
        // That of the runtime which this generator writes for: `odoo-client`'s `__rt`.
        ::odoo_client::__generation!(2);
        #(#each pub mod #modules;)*
        #selections
        #fields

        /// The pin that this code was generated from.
        #each
        pub const PIN: ::odoo_client::model::Pin = ::odoo_client::__rt::pin(#series);
    };
    Source { path: "src/lib.rs".to_owned(), tokens }
}

/// `src/fields.rs`: a type for each name of a field with limits, so that the compiler can say it. One for all fields of that
/// name: it is the types that cost.
fn fields(lowered: &Crate<'_>) -> Option<Source> {
    let types = lowered.limited.values().map(|name| ident(name));
    let tokens = quote! {
        #(pub enum #types {})*
    };
    (!lowered.limited.is_empty()).then(|| Source { path: "src/fields.rs".to_owned(), tokens })
}

/// `src/<segment>/mod.rs`: the markers, always compiled, and the models behind the feature.
fn module(context: &Context<'_>, segment: &Segment<'_>) -> Source {
    let feature = &segment.feature;
    let cfg = context.with_features(quote!(#[cfg(feature = #feature)]));
    let markers = segment.markers.iter().map(|marker| self::marker(context, segment, marker));
    let files = segment.markers.iter().filter_map(|marker| marker.body.as_ref()).map(|body| {
        let module = ident(&body.module);
        quote!(#cfg pub mod #module;)
    });
    let first = segment.markers.first().map_or("", |marker| crate::lower::first_segment(marker.model));
    let mut line = format!("Models whose names start with {}.", docs::code(first));
    if !context.is_module {
        line += &format!(" What is more than a marker needs the feature {}.", docs::code(feature));
    }
    let docs = docs::inner([line]);
    Source { path: format!("src/{}/mod.rs", segment.module), tokens: quote!(#docs #(#files)* #(#markers)*) }
}

/// A marker without constants is an alias of a type whose name says why: it is what the compiler names when it does not find one.
fn marker(context: &Context<'_>, segment: &Segment<'_>, marker: &Marker<'_>) -> TokenStream {
    let (type_name, model, feature) = (ident(&marker.type_name), marker.model, &segment.feature);
    let label = marker.body.as_ref().and_then(|body| body.schema.label.as_deref());
    let title = format!("{}{}", label.map_or(String::new(), |l| format!("{}: ", docs::line(l))), docs::code(model));
    let fields = marker.body.iter().flat_map(|body| &body.fields);
    let renamed = fields.filter_map(|field| {
        let (called, name) = (docs::literal(field.renamed()?), docs::literal(field.name));
        Some(quote!((#called, #name)))
    });
    let renamed: Vec<_> = renamed.collect();
    let renamed = (!renamed.is_empty())
        .then(|| quote!(const __RENAMED_FIELDS: &'static [(&'static str, &'static str)] = &[#(#renamed),*];));
    let has_parents = marker.has_parents().then(|| quote!(impl ::odoo_client::model::HasParents for #type_name {}));
    let is_model = quote! {
        impl ::odoo_client::Model for #type_name {
            const ODOO_NAME: &'static str = #model;
            #renamed
        }
        #has_parents
    };
    let deprecated = context.settings.mark([Item::Model(model.to_owned())]);
    let Some(body) = &marker.body else {
        let stand_in = ident(&format!("{}_is_not_in_the_pin", marker.type_name));
        let docs = docs::outer([&*title, "", "Not part of this pin: there is only the marker."]);
        return quote! {
            #[doc(hidden)]
            pub enum #stand_in {}
            #docs
            pub type #type_name = #stand_in;
            #is_model
        };
    };
    let module = &body.module;
    let mut lines = vec![
        title.clone(),
        String::new(),
        format!(
            "Its constants are its fields, [`{module}::Row`] is its whole row, and its selections are in [`{module}`](mod@{module})."
        ),
    ];
    if body.schema.transient {
        lines.extend([String::new(), "A wizard: Odoo removes its records by itself (`TransientModel`).".to_owned()]);
    }
    let docs = docs::outer(lines);
    if context.is_module {
        return quote!(#docs pub enum #type_name {} #is_model);
    }
    let stand_in = ident(&format!("{}_needs_the_feature_{}", marker.type_name, segment.module));
    let without = docs::outer([title, String::new(), format!("Its fields need the feature {}.", docs::code(feature))]);
    quote! {
        #docs
        #deprecated
        #[cfg(feature = #feature)]
        pub enum #type_name {}
        #[cfg(not(feature = #feature))]
        #[doc(hidden)]
        pub enum #stand_in {}
        #without
        #deprecated
        #[cfg(not(feature = #feature))]
        pub type #type_name = #stand_in;
        #is_model
    }
}

/// `examples/verify.rs`: what `cargo odoo verify` runs.
fn verify(context: &Context<'_>, lowered: &Crate<'_>) -> Source {
    let package = ident(&context.settings.package.replace('-', "_"));
    let models = lowered.segments.iter().flat_map(|segment| {
        let (module, package) = (ident(&segment.module), package.clone());
        segment.markers.iter().filter_map(|marker| marker.body.as_ref()).map(move |body| {
            let file = ident(&body.module);
            let others = body.fields.iter().filter(|field| field.member.is_none()).map(|field| {
                let (name, ttype) = (docs::literal(field.name), docs::literal(field.ttype()));
                quote!((#name, #ttype))
            });
            quote!(Target::of::<#package::#module::#file::Row>(&[#(#others),*]))
        })
    });
    let docs = docs::inner([format!(
        "Reads a live Odoo through every row of this crate; `cargo odoo verify {}` runs it.",
        context.settings.package
    )]);
    let tokens = quote! {
        #docs

        use ::std::process::ExitCode;

        use ::odoo_client::verify::{Options, Report, Target, verify};
        use ::odoo_client::{Client, Error};

        /// The arguments: the options as JSON, and how the report is printed: `json`, `all` for all names, or shortly.
        fn main() -> ExitCode {
            let mut arguments = ::std::env::args().skip(1);
            let options = arguments.next().unwrap_or_else(|| "{}".to_owned());
            let runtime = ::tokio::runtime::Builder::new_multi_thread().enable_all().build();
            let report = match runtime.map(|runtime| runtime.block_on(read(&options))) {
                Ok(Ok(report)) => report,
                Ok(Err(error)) => return failed(&error),
                Err(error) => return failed(&error),
            };
            match arguments.next().as_deref() {
                Some("json") => println!("{}", report.to_json()),
                Some("all") => println!("{report:#}"),
                _ => println!("{report}"),
            }
            ExitCode::from(report.verdict().exit_status())
        }

        async fn read(options: &str) -> Result<Report, Error> {
            let options = Options::from_json(options)?;
            let odoo = Client::from_env().await?;
            let targets = [#(#models),*];
            verify(&odoo, &#package::PIN, &targets, &options, |progress| eprintln!("{progress}")).await
        }

        fn failed(error: &dyn ::std::error::Error) -> ExitCode {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    };
    Source { path: "examples/verify.rs".to_owned(), tokens }
}

impl Source {
    fn parse(&self) -> Result<syn::File, Error> {
        syn::parse2(self.tokens.clone())
            .map_err(|problem| Error::Print { path: self.path.clone(), problem: problem.to_string() })
    }
}

impl<'a> Context<'a> {
    fn new(lowered: &'a Crate<'_>, settings: &'a Settings, series: &'a str, is_module: bool) -> Self {
        let markers = |segment: &'a Segment<'_>| {
            segment.markers.iter().map(|m| (m.model, (segment.module.as_str(), m.type_name.as_str())))
        };
        let markers = lowered.segments.iter().flat_map(markers).collect();
        Self { settings, series, markers, limited: &lowered.limited, is_module }
    }

    /// What is above all modules, from a module that is so many levels below.
    fn root(&self, levels: usize) -> TokenStream {
        if !self.is_module {
            return quote!(crate);
        }
        let up = (0..levels).map(|_| quote!(super));
        quote!(#(#up)::*)
    }

    /// What only a crate with features has.
    fn with_features(&self, tokens: TokenStream) -> TokenStream {
        if self.is_module { TokenStream::new() } else { tokens }
    }

    /// The path of a model's marker, from the module of a model or one that is so many levels below the root: `crate::sale::OrderLine`.
    fn marker(&self, model: &str, levels: usize) -> Option<TokenStream> {
        let (module, type_name) = self.markers.get(model)?;
        let (root, module, type_name) = (self.root(levels), ident(module), ident(type_name));
        Some(quote!(#root::#module::#type_name))
    }

    /// Says what the file is and how to make it anew, and nothing that differs from run to run.
    fn banner(&self, comment: &str) -> String {
        format!(
            "{comment} @generated by `cargo odoo regen {}` from its pin in schema/. Do not edit.\n\n",
            self.settings.package
        )
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
