//! What one does with an Odoo beyond its plain ORM methods: many records at once, external ids, files, translations,
//! reports, API keys, routes of one's own.
//!
//! All of it is calls as [`Client::model`](crate::Client::model) makes them, so that it works on every wire, except for
//! reports, files as streams and changes of API keys, which Odoo does in a web session only, the services of `/jsonrpc`, and routes.

mod access;
mod api_doc;
mod attachment;
mod binary;
mod bulk;
mod check;
mod external_id;
mod http;
mod json_route;
mod keys;
mod load;
mod orm;
mod report;
mod service;
mod session;
mod translation;
mod upsert;

pub use self::access::Operation;
pub use self::api_doc::SchemaTag;
pub use self::attachment::Attachment;
pub use self::bulk::{ChangeMany, ChangeManyError, CreateMany, CreateManyError};
pub use self::check::{Check, Misfit, Problem};
pub use self::http::{HttpMethod, HttpRequest, HttpResponse};
pub use self::json_route::JsonRoute;
pub use self::keys::{ApiKey, ApiKeys, NewApiKey, Rotation};
pub use self::load::{LoadMessage, Loaded};
pub use self::report::ReportFormat;
pub use self::translation::Translation;
pub use self::upsert::{Upsert, UpsertChange, UpsertMany, UpsertManyError, UpsertReport, Upserted};
pub use crate::transport::{Company, SessionInfo};

use std::borrow::Cow;

use crate::error::Target;
use crate::{Error, ErrorKind, Id};

/// Names a call in an error that is not the server's.
fn target(model: &'static str, method: &'static str, ids: impl IntoIterator<Item = i64>) -> Target {
    Target { model: Cow::Borrowed(model), method: Cow::Borrowed(method), ids: Some(ids.into_iter().collect()) }
}

/// The id of the one record that a call is to have created.
pub(crate) fn one_id<M>(model: &'static str, method: &'static str, ids: &[i64]) -> Result<Id<M>, Error> {
    match ids {
        [id] => Ok(Id::new(*id)),
        _ => Err(wrong_count(model, method, 1, ids.len())),
    }
}

/// The call succeeded, but not with as many ids as records were to be created.
fn wrong_count(model: &'static str, method: &'static str, expected: usize, found: usize) -> Error {
    let what = format!("the server answers {found} ids for {expected} records");
    Error::new(ErrorKind::Decode, what).executed().with_target(Target {
        model: Cow::Borrowed(model),
        method: Cow::Borrowed(method),
        ids: None,
    })
}
