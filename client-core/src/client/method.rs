//! Typed calls of methods: what the functions of generated models return, and [`Client::call`] sends.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::Call;
use crate::error::Refusal;
use crate::model::ToIds;
use crate::write::Argument;
use crate::{Client, Context, Error, Model, RetryPolicy};

/// A call of a method whose arguments and result are typed, to be sent by [`Client::call`].
///
/// Crates generated from an Odoo 19 or later have a function for each public method of a model, behind their feature
/// `methods`: its arguments are those that the method insists on; the others are set with [`arg`](Self::arg), by the name
/// and with the type that the docs of the function say.
///
/// `R` is what the method returns. Odoo says so of few of its methods; any other returns a [`Value`], or what
/// [`returns`](Self::returns) says.
///
/// ```no_run
/// # use odoo_client::{Id, MethodCall, Model};
/// # enum Order {}
/// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
/// # impl Order {
/// #     fn action_confirm(ids: &[Id<Self>]) -> MethodCall<bool> { MethodCall::on("action_confirm", ids, &[]) }
/// #     fn message_post(ids: &[Id<Self>]) -> MethodCall { MethodCall::on("message_post", ids, &[]) }
/// # }
/// # async fn f(odoo: odoo_client::Client, order: Id<Order>) -> Result<(), odoo_client::Error> {
/// let done: bool = odoo.call(Order::action_confirm(&[order])).await?;
/// let note = Order::message_post(&[order]).arg("body", "On its way.").returns::<Vec<i64>>();
/// let messages = odoo.call(note).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is sent: give it to `Client::call`"]
pub struct MethodCall<R = Value> {
    model: &'static str,
    method: &'static str,
    /// `None` for a method that is called on the model itself.
    ids: Option<Vec<i64>>,
    arguments: Vec<(Cow<'static, str>, Encoded)>,
    context: Context,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    is_idempotent: bool,
    result: PhantomData<fn() -> R>,
}

/// An argument in JSON, or why there is none.
type Encoded = Result<Vec<u8>, Refusal>;

pub(crate) fn encode(value: &dyn Argument) -> Encoded {
    let mut json = Vec::new();
    value.encode(&mut json).map(|()| json)
}

impl<R> MethodCall<R> {
    /// A method of these records, with the arguments it insists on. Nothing checks that the model has such a method: this is
    /// for generated code, and for your own functions for methods that no pin knows (those of an Odoo before 19).
    ///
    /// ```
    /// # use odoo_client::Model;
    /// # enum Order {}
    /// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
    /// use odoo_client::model::ToIds;
    /// use odoo_client::MethodCall;
    ///
    /// fn action_confirm(orders: impl ToIds<Order>) -> MethodCall<bool> {
    ///     MethodCall::on("action_confirm", orders, &[])
    /// }
    /// ```
    #[inline]
    pub fn on<M: Model>(method: &'static str, ids: impl ToIds<M>, arguments: &[(&'static str, &dyn Argument)]) -> Self {
        Self::new(M::ODOO_NAME, method, Some(ids.to_ids()), arguments)
    }

    /// A method of the model itself; else as [`on`](Self::on).
    #[inline]
    pub fn of<M: Model>(method: &'static str, arguments: &[(&'static str, &dyn Argument)]) -> Self {
        Self::new(M::ODOO_NAME, method, None, arguments)
    }

    fn new(
        model: &'static str,
        method: &'static str,
        ids: Option<Vec<i64>>,
        arguments: &[(&'static str, &dyn Argument)],
    ) -> Self {
        let arguments = arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), encode(*value))).collect();
        Self {
            model,
            method,
            ids,
            arguments,
            context: Context::new(),
            timeout: None,
            retry: None,
            is_idempotent: false,
            result: PhantomData,
        }
    }

    /// Says that the method only reads, so that it is called again after a failure as reads are; for generated code.
    #[doc(hidden)]
    pub fn reads(mut self) -> Self {
        self.is_idempotent = true;
        self
    }

    /// Gives the method an argument by name; a second value for the same name replaces the first. As [`Call::arg`].
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl Argument) -> Self {
        self.arguments.push((name.into(), encode(&value)));
        self
    }

    /// Reads the result as this type, where the one that Odoo's docs say, if they say any, is not what is wanted or not what
    /// comes.
    pub fn returns<T>(self) -> MethodCall<T> {
        let Self { model, method, ids, arguments, context, timeout, retry, is_idempotent, result: _ } = self;
        MethodCall { model, method, ids, arguments, context, timeout, retry, is_idempotent, result: PhantomData }
    }

    /// Sets entries of the context, for this call only; they take precedence over the client's: one entry as in
    /// `with_context(("lang", "fr_FR"))`, or a [`Context`].
    pub fn with_context(mut self, context: impl Into<Context>) -> Self {
        self.context.extend(context.into());
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

    /// Vouches that the server may execute this call twice without harm, as [`Call::idempotent`]. A method of which Odoo says
    /// that it only reads (`@api.readonly`) needs no such word.
    pub fn idempotent(mut self) -> Self {
        self.is_idempotent = true;
        self
    }

    /// The untyped call, of this client.
    fn into_call(self, client: &Client) -> Call {
        let mut call = client.model(self.model).call(self.method).with_context(self.context);
        if let Some(ids) = self.ids {
            call = call.ids(ids);
        }
        for (name, value) in self.arguments {
            call = call.encoded(name, value);
        }
        if let Some(timeout) = self.timeout {
            call = call.timeout(timeout);
        }
        if let Some(policy) = self.retry {
            call = call.retry(policy);
        }
        if self.is_idempotent { call.idempotent() } else { call }
    }
}

impl<R> fmt::Debug for MethodCall<R> {
    /// Without the arguments' values: they can be anything, passwords too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MethodCall")
            .field("model", &self.model)
            .field("method", &self.method)
            .field("ids", &self.ids)
            .field("arguments", &self.arguments.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Calls a method by the function that a generated model has for it.
    ///
    /// Methods without such a function, such as all those of an Odoo before 19, are called by name: see
    /// [`ModelRef::call`](crate::client::ModelRef::call).
    ///
    /// ```no_run
    /// # use odoo_client::{Id, MethodCall, Model};
    /// # enum Order {}
    /// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
    /// # impl Order { fn action_confirm(ids: &[Id<Self>]) -> MethodCall<bool> { MethodCall::on("action_confirm", ids, &[]) } }
    /// # async fn f(odoo: odoo_client::Client, order_id: Id<Order>) -> Result<(), odoo_client::Error> {
    /// odoo.call(Order::action_confirm(&[order_id])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call. [`Decode`](crate::ErrorKind::Decode) when the result is not what Odoo's docs say it is: then the
    /// method has been executed, and [`MethodCall::returns`] helps the next time.
    pub async fn call<R: DeserializeOwned>(&self, method: MethodCall<R>) -> Result<R, Error> {
        method.into_call(self).send().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;

    enum Order {}

    impl Model for Order {
        const ODOO_NAME: &'static str = "sale.order";
    }

    #[test]
    fn values_are_not_shown() {
        let call: MethodCall = MethodCall::on::<Order>("go", &[Id::new(7)], &[("password", &"hunter2")]);
        let shown = format!("{:?}", call.arg("other", "hunter2").with_context(("key", "hunter2")));
        assert!(!shown.contains("hunter2") && shown.contains("password") && shown.contains("sale.order"), "{shown}");
    }
}
