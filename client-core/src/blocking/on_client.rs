//! The methods of the client: one line each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::http::Waiting;
use super::{
    ApiKeys, ChangeMany, Client, CreateMany, Grouping, HttpRequest, HttpResponse, JsonRoute, ModelRef, Query,
    UpsertMany,
};
use crate::field::kind;
use crate::model::{IrAttachment, ResUsers, ToIds, ToNumbers};
use crate::ops::{
    Attachment, Check, CreateManyError, HttpMethod, Loaded, Operation, ReportFormat, SchemaTag, Translation, Upsert,
    UpsertManyError, UpsertReport, Upserted,
};
use crate::read::Page;
use crate::transport::{SessionInfo, WireKind};
use crate::version::ServerVersion;
use crate::write::{Argument, ToField, ToValues};
use crate::{Context, Domain, Error, Field, Id, Many2one, MethodCall, Model, Record, Values};

macro_rules! tell {
    ($($name:ident -> $result:ty;)*) => {
        impl Client {
            $(
                #[doc = concat!("As [`crate::Client::", stringify!($name), "`].")]
                pub fn $name(&self) -> $result {
                    self.client.$name()
                }
            )*
        }
    };
}

tell! {
    version -> &ServerVersion;
    uid -> Id<ResUsers>;
    database -> &str;
    user -> &str;
    wire -> WireKind;
    url -> &str;
    context -> &Context;
    session_id -> Option<SecretString>;
}

macro_rules! wait {
    ($($name:ident [$($generics:tt)*] ($($arg:ident: $type:ty),*) -> $result:ty $([$($bounds:tt)*])?;)*) => {
        impl Client {
            $(
                #[doc = concat!("As [`crate::Client::", stringify!($name), "`].")]
                ///
                /// # Errors
                ///
                /// The same.
                pub fn $name<$($generics)*>(&self $(, $arg: $type)*) -> Result<$result, Error>
                $(where $($bounds)*)?
                {
                    self.wait(self.client.$name($($arg),*))
                }
            )*
        }
    };
}

wait! {
    get [R: Record] (id: Id<R::Model>) -> Option<R>;
    read [R: Record] (ids: impl ToIds<R::Model>) -> Vec<R>;
    read_page [R: Record] (ids: impl ToIds<R::Model>) -> Page<R>;
    search [M: Model] (domain: Domain<M>) -> Vec<Id<M>>;
    search_count [M: Model] (domain: Domain<M>) -> u64;
    create [V: ToValues] (values: V) -> Id<V::Model>;
    update [V: ToValues] (ids: impl ToIds<V::Model>, values: V) -> ();
    delete [M: Model] (ids: impl ToIds<M>) -> ();
    upsert [M: Model] (record: Upsert<M>) -> Upserted<M>;
    copy [V: ToValues] (id: Id<V::Model>, values: V) -> Id<V::Model>;
    call [R: DeserializeOwned] (method: MethodCall<R>) -> R;
    api_doc [T: DeserializeOwned] (model: Option<&str>) -> T;
    schema_tag [] () -> SchemaTag;
    schema_unchanged [] (since: &SchemaTag) -> bool;
    service [T: DeserializeOwned] (service: &'static str, method: &'static str, args: impl Argument) -> T;
    name_search [M: Model] (name: impl AsRef<str>, domain: Domain<M>, limit: u64) -> Vec<Many2one<M>>;
    default_get [M: Model] (fields: impl IntoIterator<Item = impl Into<String>>) -> Values<M>;
    has_access [M: Model] (operation: Operation, ids: impl ToIds<M>) -> bool;
    id_of [M: Model] (xml_id: impl AsRef<str>) -> Option<Id<M>>;
    ids_of [M: Model] (xml_ids: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<Option<Id<M>>>;
    xml_ids_of [M: Model] (ids: impl ToIds<M>) -> Vec<Option<String>>;
    attachments [M: Model] (of: Id<M>) -> Vec<Attachment>;
    attach [M: Model] (to: Id<M>, name: impl AsRef<str>, content: impl AsRef<[u8]>) -> Id<IrAttachment>;
    download [] (attachment: Id<IrAttachment>) -> Vec<u8>;
    read_binary [M: Model, A] (id: Id<M>, field: Field<M, kind::Binary, A>) -> Option<Vec<u8>>;
    load [M, R, C] (fields: impl IntoIterator<Item = impl Into<String>>, rows: R) -> Loaded<M>
        [M: Model, R: IntoIterator<Item = C>, C: IntoIterator<Item: Into<String>>];
    translations [M: Model, K, A] (id: Id<M>, field: Field<M, K, A>) -> Vec<Translation>
        [for<'a> &'a str: ToField<K>];
    write_translations [M: Model, K] (
        id: Id<M>,
        field: Field<M, K>,
        texts: impl IntoIterator<Item = (impl Into<String>, Option<impl Into<String>>)>
    ) -> ()
        [for<'a> &'a str: ToField<K>];
    write_term_translations [M: Model, K] (
        id: Id<M>,
        field: Field<M, K>,
        lang: impl Into<String>,
        terms: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>
    ) -> () [for<'a> &'a str: ToField<K>];
    report [V] (name: impl AsRef<str>, ids: impl ToNumbers<V>, format: ReportFormat) -> Vec<u8>;
    session_info [] () -> SessionInfo;
    log_out [] () -> ();
}

impl Client {
    /// As [`crate::Client::check`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn check<R: Record>(&self) -> Result<Check, Error> {
        self.wait(self.client.check::<R>())
    }

    /// As [`crate::Client::fields_get`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn fields_get<M: Model>(
        &self,
        fields: impl IntoIterator<Item = impl Into<String>>,
        attributes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<BTreeMap<String, Map<String, Value>>, Error> {
        self.wait(self.client.fields_get::<M>(fields, attributes))
    }

    /// As [`crate::Client::model`].
    pub fn model(&self, name: impl Into<Cow<'static, str>>) -> ModelRef {
        self.with(self.client.model(name))
    }

    /// As [`crate::Client::query`].
    pub fn query<R: Record>(&self) -> Query<R> {
        self.with(self.client.query())
    }

    /// As [`crate::Client::group`].
    pub fn group<M: Model>(&self) -> Grouping<M> {
        self.with(self.client.group())
    }

    /// As [`crate::Client::create_many`].
    pub fn create_many<V: ToValues>(&self, values: impl IntoIterator<Item = V>) -> CreateMany<V::Model> {
        self.with(self.client.create_many(values))
    }

    /// As [`crate::Client::update_many`].
    pub fn update_many<V: ToValues>(&self, ids: impl ToIds<V::Model>, values: V) -> ChangeMany<V::Model> {
        self.with(self.client.update_many(ids, values))
    }

    /// As [`crate::Client::delete_many`].
    pub fn delete_many<M: Model>(&self, ids: impl ToIds<M>) -> ChangeMany<M> {
        self.with(self.client.delete_many(ids))
    }

    /// As [`CreateManyError::resume`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn resume<M: Model>(&self, rest: CreateManyError<M>) -> Result<Vec<Id<M>>, CreateManyError<M>> {
        self.wait(rest.resume(&self.client))
    }

    /// As [`crate::Client::upsert_many`].
    pub fn upsert_many<M, I>(&self, records: I) -> UpsertMany<M>
    where
        M: Model,
        I: IntoIterator<Item = Upsert<M>>,
        I::IntoIter: Send + 'static,
    {
        self.with(self.client.upsert_many(records))
    }

    /// As [`UpsertManyError::resume`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn resume_upsert<M: Model>(&self, rest: UpsertManyError<M>) -> Result<UpsertReport<M>, UpsertManyError<M>> {
        self.wait(rest.resume())
    }

    /// As [`crate::Client::http`].
    pub fn http(&self, method: HttpMethod, path: impl Into<String>) -> HttpRequest {
        self.with(self.client.http(method, path))
    }

    /// As [`crate::Client::json_route`].
    pub fn json_route(&self, path: impl Into<String>) -> JsonRoute {
        self.with(self.client.json_route(path))
    }

    /// As [`crate::Client::attach_stream`], with a reader that waits: see [`HttpRequest::reader`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn attach_stream<M: Model>(
        &self,
        to: Id<M>,
        name: impl AsRef<str>,
        length: u64,
        content: impl std::io::Read + Send + Unpin + 'static,
    ) -> Result<Id<IrAttachment>, Error> {
        self.wait(self.client.attach_stream(to, name, length, Waiting(content)))
    }

    /// As [`crate::Client::download_stream`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn download_stream(&self, attachment: Id<IrAttachment>) -> Result<HttpResponse, Error> {
        Ok(self.with(self.wait(self.client.download_stream(attachment))?))
    }

    /// As [`crate::Client::api_keys`].
    pub fn api_keys(&self) -> ApiKeys {
        self.with(self.client.api_keys())
    }
}

#[cfg(test)]
mod tests {
    /// Every file with methods of the async client: the ones of this module are the same.
    #[test]
    fn no_method_of_the_client_is_left_out() {
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let here = include_str!("on_client.rs");
        let mut waiting = vec![std::path::PathBuf::from(sources)];
        let mut missing = Vec::new();
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.ends_with("blocking") && !path.ends_with("verify") {
                    waiting.push(path);
                } else if path.is_file() {
                    missing.extend(methods(&std::fs::read_to_string(&path).unwrap()).filter(|name| {
                        let said = |before: &str, after: &str| here.contains(&format!("{before}{name}{after}"));
                        !(said("\n    ", " [")
                            || said("\n    ", " -> ")
                            || said("pub fn ", "<")
                            || said("pub fn ", "("))
                    }));
                }
            }
        }
        // Those two are in mod.rs.
        missing.retain(|name| !matches!(name.as_str(), "builder" | "from_env" | "with_context"));
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// The public methods in the blocks `impl Client { … }` of a source file, as rustfmt leaves them.
    fn methods(source: &str) -> impl Iterator<Item = String> {
        let blocks = source.split("\nimpl Client {\n").skip(1).filter_map(|rest| rest.split("\n}\n").next());
        let lines = blocks.flat_map(str::lines).map(str::trim_start);
        let names = lines.filter_map(|line| {
            let method = line.strip_prefix("pub async fn ").or_else(|| line.strip_prefix("pub fn "))?;
            method.split(['<', '(']).next().map(str::to_owned)
        });
        names.collect::<Vec<_>>().into_iter()
    }
}
