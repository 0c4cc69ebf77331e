//! JSON-RPC at `/jsonrpc`: the user is named and the password sent with every call. Deprecated since Odoo 19, which plans
//! to drop it in 22.
//!
//! See Odoo's [External RPC API](https://www.odoo.com/documentation/19.0/developer/reference/external_rpc_api.html).

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::transport::answers::reply::Reply;
use crate::transport::http::JSONRPC as PATH;
use crate::transport::http::body::Json;
use crate::transport::wires::arguments::Split;
use crate::transport::wires::json2::bearer;
use crate::transport::{Envelope, Http, Identity, Invocation, Request, Transport};
use crate::version::{Difference, ServerVersion};

/// What the body of a call begins with, up to its parameters: as [`Call`] writes it.
pub(crate) const HEAD: &str = r#"{"jsonrpc":"2.0","method":"call","id":0,"params":"#;

/// Who logs in, and where.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) database: String,
    pub(crate) user: String,
    /// A password, or an API key: on this wire one stands in the other's place.
    pub(crate) secret: SecretString,
}

/// The JSON-RPC wire of a user who has logged in.
pub(crate) struct JsonRpc {
    credentials: Credentials,
    uid: i64,
    /// What all calls begin with, up to the model's name: envelope, database, user and password.
    head: SecretString,
}

impl JsonRpc {
    /// Makes the server tell what is wrong when a call fails.
    ///
    /// Odoo 14 with several databases turns every error into an HTML page without detail, unless the request comes with
    /// a session that has chosen a database. Choosing one takes no login. Newer versions need none of this.
    pub(crate) async fn prepare(http: &mut Http, version: &ServerVersion, database: &str) {
        if !version.has(Difference::ErrorsInWords) {
            http.choose_database(database).await;
        }
    }

    /// Exchanges the user's name and password or API key for the user's id.
    pub(crate) async fn log_in(http: &Http, credentials: Credentials) -> Result<Self, Error> {
        let Credentials { database, user, secret } = &credentials;
        let doing = |error: Error| {
            error.before_a_call(format!("cannot log in to database `{database}` at {} as `{user}`", http.shown_url()))
        };
        let environment = serde_json::Map::new();
        let arguments = (database, user, secret.expose_secret(), environment);
        let request = request("common", "authenticate", &arguments).map_err(doing)?;
        let answer = http.ask(request).await.map_err(doing)?;
        // The uid, or `false` for a wrong login.
        let uid = match Reply::new(answer, Envelope::JsonRpc).read_as::<Value>().map_err(doing)? {
            Value::Bool(false) | Value::Null => None,
            uid => Some(uid.as_i64().ok_or_else(|| doing(Error::decode(format!("the id of the user is {uid}"))))?),
        };
        let uid = uid.ok_or_else(|| {
            doing(Error::new(ErrorKind::AccessDenied, "the server refuses the user or the password").with_remedy(
                "check user and password; a user with two-factor authentication needs an API key, or `ClientBuilder::totp`; keys can expire",
            ))
        })?;
        let args = serde_json::to_string(&(database, uid, secret.expose_secret())).map_err(|error| {
            doing(Error::new(ErrorKind::Encode, "the login cannot be written as JSON").with_source(error))
        })?;
        // The list goes on in each call.
        let args = args.trim_end_matches(']');
        let head = format!("{HEAD}{{\"service\":\"object\",\"method\":\"execute_kw\",\"args\":{args},");
        Ok(Self { head: head.into(), credentials, uid })
    }

    /// Who is logged in.
    pub(crate) fn identity(&self) -> Identity {
        let Credentials { database, user, .. } = &self.credentials;
        Identity { database: database.clone(), user: user.clone(), uid: self.uid }
    }

    /// The header that shows the key, where it is one, to routes that want one.
    pub(crate) fn bearer(&self) -> Result<HeaderValue, Error> {
        bearer(&self.credentials.secret)
    }

    pub(crate) fn execute_kw(&self, invocation: &Invocation) -> Result<Request, Error> {
        let Invocation { target, arguments, context, .. } = invocation;
        let split = Split::new(&target.method, target.ids.as_deref(), arguments, context.as_map());
        let head = self.head.expose_secret();
        let mut json = Json::with_capacity(head.len() + 128 + arguments.size_hint());
        json.raw(head);
        json.value(&*target.model)?;
        json.raw(",");
        json.value(&*target.method)?;
        json.raw(",");
        split.write_args(&mut json)?;
        json.raw(",");
        split.write_kwargs(&mut json)?;
        json.raw("]}}");
        Ok(Request::post(PATH, json.finish()))
    }
}

pub(crate) fn request(service: &'static str, method: &'static str, args: &impl Serialize) -> Result<Request, Error> {
    Ok(Request::post(PATH, envelope(&Params { service, method, args })?))
}

impl Transport {
    /// Calls a method of a service, whatever wire calls of models take.
    pub(crate) async fn service(
        &self,
        service: &'static str,
        method: &'static str,
        args: &impl Serialize,
    ) -> Result<Reply, Error> {
        let answer = self.http.again(request(service, method, args)?, self.http.limits().call).await?;
        Reply::new(answer, Envelope::JsonRpc).check(None)
    }
}

/// The body of a request whose parameters these are, at any address that speaks JSON-RPC.
pub(crate) fn envelope(params: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(&Call(params))
        .map_err(|error| Error::new(ErrorKind::Encode, "the call cannot be written as JSON").with_source(error))
}

/// `{"jsonrpc": "2.0", "method": "call", "id": 0, "params": …}`: HTTP pairs request and answer, so the id tells nothing.
struct Call<P>(P);

impl<P: Serialize> Serialize for Call<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("jsonrpc", "2.0")?;
        map.serialize_entry("method", "call")?;
        map.serialize_entry("id", &0)?;
        map.serialize_entry("params", &self.0)?;
        map.end()
    }
}

struct Params<'a, A> {
    service: &'static str,
    method: &'static str,
    args: &'a A,
}

impl<A: Serialize> Serialize for Params<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("service", self.service)?;
        map.serialize_entry("method", self.method)?;
        map.serialize_entry("args", self.args)?;
        map.end()
    }
}
