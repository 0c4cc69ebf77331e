//! Requests to routes of one's own, and of Odoo's that are no calls.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::io::AsyncRead;

use crate::client::RetryPolicy;
use crate::transport::{Answer, Content, Reply, Route, Stream, json_rpc};
use crate::write::Argument;
use crate::{Client, Error};

const BYTES: &str = "application/octet-stream";

/// What a request does: HTTP's own methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Reads what an answer would say of itself.
    Head,
    /// Does whatever the route does.
    Post,
    /// Puts something in a place.
    Put,
    /// Changes a part of something.
    Patch,
    /// Deletes.
    Delete,
}

impl HttpMethod {
    fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Head => Method::HEAD,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Patch => Method::PATCH,
            Self::Delete => Method::DELETE,
        }
    }
}

impl Client {
    /// Starts a request to a route of the same server, such as one of a module of your own
    /// ([`type="http"`](https://www.odoo.com/documentation/19.0/developer/reference/backend/http.html)), with the login of the
    /// client: the API key as bearer token where calls go with one (for `auth="bearer"`, Odoo 18 and later), the web session
    /// elsewhere (`auth="user"`), which begins if there is none. The headers of
    /// [`ClientBuilder::header`](crate::ClientBuilder::header), such as the `Api-Key` of the OCA's `auth_api_key`, go along
    /// as they do with every request. (A key takes the place of basic authentication for a gateway: both are in one header.)
    ///
    /// The path begins with a slash and is below the address of the client. Redirects of a request that only reads are
    /// followed on this server; one that leads elsewhere is an error, as the login would go along. Limits of calls at a time
    /// and of calls a second hold for these requests too. GET and HEAD are made again after a failure that may pass, others
    /// only if nothing was done, or with [`idempotent`](HttpRequest::idempotent).
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// use odoo_client::ops::HttpMethod;
    /// use serde_json::{Value, json};
    ///
    /// let stock: Value = odoo.http(HttpMethod::Get, "/shop/stock").query("sku", "A-1").send().await?.json().await?;
    /// odoo.http(HttpMethod::Post, "/shop/order").json(json!({"sku": "A-1"})).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http(&self, method: HttpMethod, path: impl Into<String>) -> HttpRequest {
        HttpRequest { client: self.clone(), route: Route::new(method.method(), path.into()), query: Vec::new() }
    }
}

/// A request to a route: [`Client::http`].
///
/// What cannot be sent makes [`send`](Self::send) fail before anything is.
#[must_use = "a request does nothing until it is sent"]
pub struct HttpRequest {
    client: Client,
    route: Result<Route, Error>,
    query: Vec<(String, String)>,
}

impl HttpRequest {
    /// Adds a value to the query of the address. It is in no error and no log.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sets a header. Its value is kept secret. An `Authorization` of your own takes the place of the client's login.
    ///
    /// `Cookie`, `Host` and the length are not yours to set: they make [`send`](Self::send) fail.
    pub fn header(self, name: impl AsRef<str>, value: impl Into<SecretString>) -> Self {
        let (name, value) = (name.as_ref(), value.into());
        self.change(|mut route| {
            let known = HeaderName::try_from(name)
                .ok()
                .filter(|name| ![COOKIE, HOST, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name))
                .ok_or_else(|| Error::config(format!("`{name}` is no header that a request can set")))?;
            let mut value = HeaderValue::from_str(value.expose_secret())
                .map_err(|_| Error::config(format!("the value of the header `{name}` is not usable")))?;
            value.set_sensitive(true);
            route.headers.insert(known, value);
            Ok(route)
        })
    }

    /// Sends JSON.
    pub fn json(self, value: impl Argument) -> Self {
        self.change(|mut route| {
            let mut json = Vec::new();
            value.encode(&mut json)?;
            route.content = Content::Bytes(json.into());
            Ok(typed(route, "application/json"))
        })
    }

    /// Sends the fields of a form, as a browser does.
    pub fn form(self, fields: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.bytes(form.into(), "application/x-www-form-urlencoded")
    }

    /// Sends bytes: `application/octet-stream`, unless a header `Content-Type` says otherwise.
    pub fn body(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.bytes(bytes.into().into(), BYTES)
    }

    /// Sends so many bytes of a reader, such as a file, a piece at a time: what is sent is in memory a few hundred
    /// kilobytes at a time, however much it is. The server wants to know the length beforehand.
    ///
    /// A stream is sent once: whatever fails, it is not made again. Beside the client's
    /// [`timeout`](crate::ClientBuilder::timeout) it has ten seconds for each megabyte, unless [`timeout`](Self::timeout) says
    /// otherwise.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client, file: impl tokio::io::AsyncRead + Send + 'static) -> Result<(), odoo_client::Error> {
    /// use odoo_client::ops::HttpMethod;
    ///
    /// odoo.http(HttpMethod::Put, "/shop/film/7").reader(1 << 30, file).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn reader(self, length: u64, reader: impl AsyncRead + Send + 'static) -> Self {
        self.stream(Stream::new(length, reader))
    }

    /// Makes the request without the client's login, but with its headers: for routes that want another one, or none.
    pub fn without_login(self) -> Self {
        self.change(|route| Ok(Route { logs_in: false, ..route }))
    }

    /// Replaces the client's time limit, for this request only. It covers all attempts and the waiting between them, until
    /// the answer begins; for [`bytes`](HttpResponse::bytes) and what reads all of it, until its end.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|route| Ok(Route { timeout: Some(timeout), ..route }))
    }

    /// Replaces the client's policy for what is done after a failure, for this request only.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.change(|route| Ok(Route { retry: Some(policy), ..route }))
    }

    /// Vouches that the request may take effect twice without harm, as [`Call::idempotent`](crate::client::Call::idempotent).
    pub fn idempotent(self) -> Self {
        self.change(|route| Ok(Route { is_idempotent: true, ..route }))
    }

    /// Sends the request. The answer has a good status (200 to 299, or 304 for what was not changed), and its body is still
    /// to come; of a request that does more than read, a redirect on this server is a good answer too.
    ///
    /// # Errors
    ///
    /// [`AccessDenied`](crate::ErrorKind::AccessDenied) for status 401, and where a login is asked for;
    /// [`Access`](crate::ErrorKind::Access) for 403; [`Missing`](crate::ErrorKind::Missing) for 404 and 410;
    /// [`User`](crate::ErrorKind::User) for 400, 409 and 422; [`Config`](crate::ErrorKind::Config) for a path or a header that
    /// cannot be; and those of any call. [`Error::status`] has the number.
    pub async fn send(self) -> Result<HttpResponse, Error> {
        let Self { client, route, query } = self;
        let mut route = route?;
        if !query.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
            route.path.push(if route.path.contains('?') { '&' } else { '?' });
            route.path.push_str(&query);
        }
        route.headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        let answer = client.transport().route(&route).await?;
        Ok(HttpResponse { client, doing: route.shown(), answer })
    }

    /// Sends JSON-RPC, and reads the result.
    pub(super) async fn json_rpc<T: DeserializeOwned>(self, arguments: &Map<String, Value>) -> Result<T, Error> {
        let mut route = self.route?;
        route.content = Content::Bytes(json_rpc(arguments)?.into());
        let route = typed(route, "application/json");
        let reply = self.client.transport().json_route(&route).await?;
        reply.read_as().map_err(|error| error.with_doing(route.shown()))
    }

    pub(super) fn stream(self, stream: Stream) -> Self {
        self.change(|mut route| {
            route.content = Content::Stream(Some(stream).into());
            Ok(typed(route, BYTES))
        })
    }

    fn bytes(self, bytes: Bytes, media_type: &'static str) -> Self {
        self.change(|mut route| {
            route.content = Content::Bytes(bytes);
            Ok(typed(route, media_type))
        })
    }

    fn change(self, change: impl FnOnce(Route) -> Result<Route, Error>) -> Self {
        Self { route: self.route.and_then(change), ..self }
    }
}

fn typed(mut route: Route, media_type: &'static str) -> Route {
    route.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
    route
}

/// Without values: they can be anything, passwords too.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("HttpRequest");
        match &self.route {
            Ok(route) => shown.field("route", &route.shown()),
            Err(error) => shown.field("error", error),
        };
        shown.finish_non_exhaustive()
    }
}

/// The answer of a route, whose body is still to come.
#[must_use = "its body is not read until it is asked for"]
pub struct HttpResponse {
    client: Client,
    doing: String,
    answer: Answer,
}

impl HttpResponse {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// A header, if the answer has it and it is text. What it says is from outside.
    pub fn header(&self, name: impl AsRef<str>) -> Option<&str> {
        self.answer.headers.get(name.as_ref())?.to_str().ok()
    }

    /// How many bytes there will be, if the server says so.
    pub fn content_length(&self) -> Option<u64> {
        self.header("content-length")?.parse().ok()
    }

    /// The next piece of the body; `None` at the end. There is no limit to how many come, nor to how long that takes, but for
    /// [the server's silence](crate::ClientBuilder::read_timeout).
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::io::Write;
    ///
    /// use odoo_client::ops::HttpMethod;
    ///
    /// let mut answer = odoo.http(HttpMethod::Get, "/shop/export").send().await?;
    /// let mut file = std::fs::File::create("export.csv")?;
    /// while let Some(piece) = answer.chunk().await? {
    ///     file.write_all(&piece)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Connect`](crate::ErrorKind::Connect) and [`Timeout`](crate::ErrorKind::Timeout) if it breaks off, and
    /// [`Protocol`](crate::ErrorKind::Protocol) for what something on the way has compressed without being asked to.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if let Some(encoding) = self.answer.encoding() {
            return Err(self.named(crate::transport::encoded(&encoding)));
        }
        let Some(rest) = &mut self.answer.rest else { return Ok(None) };
        let piece = self.client.transport().http.piece(rest).await;
        piece.map(|piece| piece.map(Into::into)).map_err(|error| self.named(error))
    }

    /// The whole body, of at most [`max_response_bytes`](crate::ClientBuilder::max_response_bytes).
    ///
    /// # Errors
    ///
    /// As [`chunk`](Self::chunk), and [`Protocol`](crate::ErrorKind::Protocol) for one that is too big.
    pub async fn bytes(mut self) -> Result<Vec<u8>, Error> {
        self.read().await?;
        Ok(self.answer.body.into())
    }

    /// The whole body as text.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`Decode`](crate::ErrorKind::Decode) if it is not UTF-8.
    pub async fn text(self) -> Result<String, Error> {
        let doing = self.doing.clone();
        let text = String::from_utf8(self.bytes().await?);
        text.map_err(|_| Error::decode("the answer is not text in UTF-8").with_doing(doing))
    }

    /// The whole body as JSON.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`Decode`](crate::ErrorKind::Decode) if it is other JSON, or none.
    pub async fn json<T: DeserializeOwned>(mut self) -> Result<T, Error> {
        self.read().await?;
        let media_type = self.answer.content_type();
        if !media_type.contains("json") && serde_json::from_slice::<serde::de::IgnoredAny>(&self.answer.body).is_err() {
            return Err(self.named(Error::decode(format!("the answer is not JSON, but `{media_type}`"))));
        }
        let Self { doing, answer, .. } = self;
        Reply::of_json(answer).read_as().map_err(|error| error.with_doing(doing))
    }

    async fn read(&mut self) -> Result<(), Error> {
        if let Some(mut rest) = self.answer.rest.take() {
            let body = self.client.transport().http.rest(&mut rest, self.answer.limit).await;
            self.answer.body = body.map_err(|error| self.named(error))?;
            // What it was compressed with is off.
            self.answer.headers.remove(reqwest::header::CONTENT_ENCODING);
        }
        Ok(())
    }

    fn named(&self, error: Error) -> Error {
        error.with_status(self.answer.status).with_doing(self.doing.clone())
    }
}

/// Without the body.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("route", &self.doing)
            .field("status", &self.answer.status)
            .finish_non_exhaustive()
    }
}
