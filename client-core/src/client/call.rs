//! Calls of any method of any model.

use std::borrow::Cow;
use std::fmt;
use std::future::ready;
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::Client;
use crate::client::method::encode;
use crate::error::Refusal;
use crate::error::Target;
use crate::error::{Error, ErrorKind};
use crate::model::ids::ToNumbers;
use crate::model::json;
use crate::transport::{Arguments, Boxed, Invocation, Json, Reply, RetryPolicy};
use crate::write::argument::Argument;
use crate::write::context::Context;

/// A model of a client's database, by name.
#[derive(Debug, Clone)]
pub struct ModelRef {
    client: Client,
    name: Cow<'static, str>,
}

impl ModelRef {
    pub(super) fn new(client: Client, name: Cow<'static, str>) -> Self {
        Self { client, name }
    }

    /// The model's name, such as `res.partner`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Starts a call of a method; [`Call::send`] makes it.
    pub fn call(&self, method: impl Into<Cow<'static, str>>) -> Call {
        Call::new(self.client.clone(), self.name.clone(), method.into())
    }
}

/// A call of a method, to be sent.
///
/// Arguments have the names the method gives its parameters in the newest Odoo; where older versions name them
/// otherwise or want them by position (`domain` of `search`, `vals_list` of `create`), this crate sees to it. The ORM's methods
/// are in Odoo's [ORM reference](https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html).
///
/// ```no_run
/// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
/// use serde_json::json;
///
/// let partners = odoo.model("res.partner");
/// let id: i64 = partners.call("create").arg("vals_list", json!({"name": "Acme"})).send().await?;
/// let found: Vec<i64> = partners
///     .call("search")
///     .arg("domain", json!([["name", "=", "Acme"]]))
///     .arg("limit", 10)
///     .with_context(("active_test", false))
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is sent"]
#[derive(Clone)]
pub struct Call {
    /// The context of the call is this client's own.
    client: Client,
    target: Target,
    arguments: Arguments,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    is_idempotent: bool,
    /// Whether Odoo does this in a web session only, whatever wire the client has.
    in_session: bool,
    /// The first argument that cannot be sent, and why.
    unsendable: Option<String>,
}

impl Call {
    pub(crate) fn new(client: Client, model: Cow<'static, str>, method: Cow<'static, str>) -> Self {
        Self {
            client,
            target: Target { model, method, ids: None },
            arguments: Arguments::default(),
            timeout: None,
            retry: None,
            is_idempotent: false,
            in_session: false,
            unsendable: None,
        }
    }

    /// Makes the call on this record, or these; without this it is made on the model itself.
    pub fn ids<V>(mut self, ids: impl ToNumbers<V>) -> Self {
        self.target.ids = Some(ids.to_numbers());
        self
    }

    /// Gives the method an argument by name; a second value for the same name replaces the first.
    ///
    /// The argument `context` is merged into the context of the call. A value that [cannot be sent](crate::error::Refusal) makes
    /// [`send`](Self::send) fail.
    pub fn arg(self, name: impl Into<Cow<'static, str>>, value: impl Argument) -> Self {
        self.encoded(name.into(), encode(&value))
    }

    /// An argument in JSON.
    pub(crate) fn encoded(mut self, name: Cow<'static, str>, json: Result<Vec<u8>, Refusal>) -> Self {
        match json {
            Ok(json) if name == "context" => match json::tree(&json) {
                Some(Value::Object(entries)) => self.client.1.extend(entries.into()),
                _ => self.refuse(&name, &"a context is an object"),
            },
            Ok(json) => self.arguments.set(name, json),
            Err(refusal) => self.refuse(&name, &refusal),
        }
        self
    }

    /// An argument that is needed nowhere else: a big text in it is not copied.
    pub(crate) fn tree(mut self, name: &'static str, value: Result<Value, Refusal>) -> Self {
        let mut json = Json::with_capacity(128);
        match value.map(|value| json.tree(value)) {
            Ok(Ok(())) => self.arguments.set_written(name.into(), json),
            Ok(Err(error)) => self.refuse(name, &error),
            Err(refusal) => self.refuse(name, &refusal),
        }
        self
    }

    #[cold]
    fn refuse(&mut self, name: &str, why: &dyn fmt::Display) {
        self.unsendable.get_or_insert_with(|| format!("the argument `{name}` cannot be sent: {why}"));
    }

    /// Sets entries of the context, for this call only; they take precedence over the client's: one entry as in
    /// `with_context(("lang", "fr_FR"))`, or a [`Context`].
    pub fn with_context(mut self, context: impl Into<Context>) -> Self {
        self.client.1.extend(context.into());
        self
    }

    /// Replaces the client's time limit, for this call only. It covers all attempts and the waiting between them, but no login that
    /// comes in between: that has the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Replaces the client's policy for what is done after a failure, for this call only.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Vouches that the server may execute this call twice without harm, so that it is made again even where a failure
    /// leaves open whether it took effect: see [`RetryPolicy`]. Methods of Odoo that only read need no such word.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// use serde_json::json;
    ///
    /// // Writing the same value twice comes to the same; adding a line twice does not.
    /// let write = odoo.model("res.partner").call("write").ids([7]).arg("vals", json!({"comment": "vip"}));
    /// write.idempotent().send::<bool>().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn idempotent(mut self) -> Self {
        self.is_idempotent = true;
        self
    }

    /// Makes the call in the client's web session, whatever wire the client has.
    pub(crate) fn in_session(mut self) -> Self {
        self.in_session = true;
        self
    }

    /// Makes the call and reads its result. A method that returns `None` reads as `()`, an `Option` or a `Value`. Floats
    /// that JSON has no number for are the texts `NaN`, `Infinity` and `-Infinity`.
    ///
    /// After a failure that may pass the call is made again if it cannot take effect twice: see [`RetryPolicy`].
    ///
    /// # Errors
    ///
    /// Any kind but `Config`. [`Error::may_have_executed`] tells whether the call can have had an effect.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.send_reply().await?.read_as()
    }

    /// Makes a call that writes, whatever it returns: the `write` of many a module returns nothing, and has written all the same.
    pub(crate) async fn done(self) -> Result<(), Error> {
        self.send::<IgnoredAny>().await.map(drop)
    }

    /// Makes the call; the caller reads the result from the answer, with a seed if it likes.
    ///
    /// On the heap, so that the many futures that wait for this one are small: they are moved around.
    pub(crate) fn send_reply(self) -> Boxed<'static, Reply> {
        let Self { client, target, arguments, timeout, retry, is_idempotent, in_session, unsendable } = self;
        let Client(client, context) = client;
        if let Some(what) = unsendable.or_else(|| context.refusal().map(ToString::to_string)) {
            return Box::pin(ready(Err(Error::new(ErrorKind::Encode, what).with_target(target))));
        }
        let invocation = Invocation { target, arguments, context, timeout, retry, is_idempotent, in_session };
        Box::pin(async move {
            match client.transport.send(&invocation).await {
                Ok(reply) => Ok(reply.with_target(invocation.target)),
                Err(error) => Err(error.with_target(invocation.target).on_series(client.version.series())),
            }
        })
    }
}

impl fmt::Debug for Call {
    /// Without the arguments' values: they can be anything, passwords too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("target", &format_args!("{}", self.target))
            .field("arguments", &self.arguments.names().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
