//! The one error type of this crate, and its kinds.

mod display;
mod fields;
mod kind;
mod missing;
mod refusal;
mod target;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

pub(crate) use self::display::Escaped;
pub(crate) use self::fields::forbids_fields;
pub use self::kind::ErrorKind;
pub(crate) use self::kind::Nature;
pub use self::refusal::Refusal;
pub(crate) use self::target::Target;
pub use odoo_visible::{Visible, visible};

/// Why a call (or the building of a client) failed.
///
/// [`Display`](std::fmt::Display) is written for the person who has to act on it: what was being done, to which model,
/// method and ids, what the server said in its own words, and what to do next. Neither it nor `Debug` ever
/// contains a password, an API key or the server's traceback.
///
/// ```no_run
/// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
/// use odoo_client::ErrorKind;
/// use serde_json::json;
///
/// let written = odoo.model("res.partner").call("write").ids([7]).arg("vals", json!({"name": "Acme"})).send::<bool>().await;
/// match written {
///     Err(error) if error.kind() == ErrorKind::Missing => println!("partner 7 is gone: {error}"),
///     other => drop(other?),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// What failed, in our words.
    what: Cow<'static, str>,
    /// What was being done when there is no model and method to name, as at login.
    doing: Option<String>,
    target: Option<Target>,
    server_message: Option<String>,
    server_exception: Option<String>,
    traceback: Option<String>,
    status: Option<u16>,
    remedy: Option<Cow<'static, str>>,
    may_have_executed: bool,
    /// Set where the kind alone does not tell.
    is_transient: bool,
    /// Whether the call may take effect twice without harm, so that it may be made again even where it may have executed.
    is_repeatable: bool,
    attempts: u32,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Which kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The model of the call that failed, such as `res.partner`.
    pub fn model(&self) -> Option<&str> {
        self.0.target.as_ref().map(|target| &*target.model)
    }

    /// The method of the call that failed, such as `write`.
    pub fn method(&self) -> Option<&str> {
        self.0.target.as_ref().map(|target| &*target.method)
    }

    /// The record ids the call was made on; empty for calls on the model itself.
    pub fn ids(&self) -> &[i64] {
        self.0.target.as_ref().and_then(|target| target.ids.as_deref()).unwrap_or_default()
    }

    /// The server's own words, unchanged: the text a user of Odoo would see in a dialog, in the language of the call's
    /// context, or the text of an HTML page.
    ///
    /// It is text from outside: escape it before you print it. `Display` of this error does.
    pub fn server_message(&self) -> Option<&str> {
        self.0.server_message.as_deref()
    }

    /// The Python class the server raised, such as `odoo.exceptions.ValidationError`.
    pub fn server_exception(&self) -> Option<&str> {
        self.0.server_exception.as_deref()
    }

    /// The field that a refused `create` or `write` had no value for, such as `partner_id`, where the database insists on one.
    ///
    /// It can be a field of another model, which the call writes to as well: that of the template, for a product. The
    /// server names one such field at a time, and none where a rule of the model wants the value: `res.partner` without a
    /// name is refused with the words "Contacts require a name".
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Model, Values};
    /// # enum Order {}
    /// # impl Model for Order { const ODOO_NAME: &'static str = "sale.order"; }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// let error = odoo.create(Values::<Order>::new()).await.unwrap_err();
    /// assert_eq!(error.missing_field(), Some("partner_id"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn missing_field(&self) -> Option<&str> {
        missing::field(self.server_message().unwrap_or_default(), self.traceback().unwrap_or_default())
    }

    /// The fields that the server refuses by name: those that the user has no right to ([`Access`](ErrorKind::Access)),
    /// or one that the model does not have ([`UnknownField`](ErrorKind::UnknownField)). Empty where it is about other things.
    ///
    /// Up to 18 all fields without rights are named at once, from 19 on one at a time; of unknown ones always the first.
    /// [`Client::check`](crate::Client::check) finds all that do not fit a record.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let call = odoo.model("res.partner").call("read").ids([7]).arg("fields", ["name", "nope"]);
    /// let error = call.send::<serde_json::Value>().await.unwrap_err();
    /// assert_eq!((error.fields_model(), error.fields()), (Some("res.partner"), vec!["nope"]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fields(&self) -> Vec<&str> {
        self.named_fields().fields
    }

    /// The model that [`fields`](Self::fields) are of: that of the call, or one that a domain or a record in a record leads to.
    pub fn fields_model(&self) -> Option<&str> {
        let named = self.named_fields();
        if named.fields.is_empty() { None } else { named.model.or_else(|| self.model()) }
    }

    fn named_fields(&self) -> fields::Named<'_> {
        fields::named(self.kind(), self.server_message().unwrap_or_default())
    }

    /// The HTTP status of the answer, if it took part in the failure (JSON-RPC errors come with status 200).
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The Python traceback, if the server sent one. It can hold paths and data of the server, so it is in neither
    /// `Display` nor `Debug`.
    pub fn traceback(&self) -> Option<&str> {
        self.0.traceback.as_deref()
    }

    /// What to do next, if this crate knows.
    pub fn remedy(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }

    /// Whether the same call may succeed if it is made again later, and making it again does no harm: it only reads, or
    /// nothing was done, or its caller [vouched](crate::client::Call::idempotent) for it.
    ///
    /// The client has done so already, as often as its [`RetryPolicy`](crate::RetryPolicy) says.
    pub fn is_retryable(&self) -> bool {
        self.is_transient() && (self.0.is_repeatable || !self.0.may_have_executed)
    }

    /// Whether the same call may succeed later, without anything being changed.
    ///
    /// This says nothing about whether repeating it is safe: a `create` that timed out may have made its record, and made
    /// again it makes a second one. [`is_retryable`](Self::is_retryable) says both.
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::Http => self.0.is_transient || matches!(self.0.status, Some(502..=504)),
            kind => self.0.is_transient || kind.nature() == Nature::Passing,
        }
    }

    /// How often the call was sent before this error was given back; 0 if it was never sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the server asks to wait before the next call: its `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the server may have executed the call, and so changed something, although it failed here.
    ///
    /// `false` means that nothing was changed: the call only reads, was never sent, was refused, or raised an exception,
    /// upon which Odoo rolls its transaction back. `true` means that nobody can know from here (a timeout, a broken connection, a
    /// proxy's error page), or that the call did succeed and only its result could not be read, or what Odoo does after the commit
    /// failed, such as sending mails.
    pub fn may_have_executed(&self) -> bool {
        self.0.may_have_executed
    }
}

/// How the rest of this crate makes errors.
impl Error {
    /// Failures are rare: cold, they leave the way clear for what is not.
    #[cold]
    pub(crate) fn new(kind: ErrorKind, what: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            what: what.into(),
            doing: None,
            target: None,
            server_message: None,
            server_exception: None,
            traceback: None,
            status: None,
            remedy: None,
            may_have_executed: false,
            is_transient: false,
            is_repeatable: false,
            attempts: 0,
            retry_after: None,
            source: None,
        }))
    }

    pub(crate) fn config(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Config, what)
    }

    /// The call succeeded, but its result cannot be read: `what` says where and why.
    pub(crate) fn decode(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Decode, what).executed()
    }

    /// Names the call that failed. One that only reads can have changed nothing.
    pub(crate) fn with_target(mut self, target: Target) -> Self {
        self.0.may_have_executed &= !target.only_reads();
        self.0.target = Some(target);
        self
    }

    /// Says what was being done where no model and method can be named, as in "cannot log in to database `x`".
    pub(crate) fn with_doing(mut self, doing: impl Into<String>) -> Self {
        self.0.doing = Some(doing.into());
        self
    }

    /// The same for what comes before any call, such as a login: of what the user asks for, nothing was sent.
    pub(crate) fn before_a_call(self, doing: impl Into<String>) -> Self {
        self.not_executed().with_doing(doing)
    }

    pub(crate) fn with_server_message(mut self, message: impl Into<String>) -> Self {
        self.0.server_message = Some(message.into()).filter(|message: &String| !message.trim().is_empty());
        self
    }

    pub(crate) fn with_server_exception(mut self, name: Option<String>, traceback: Option<String>) -> Self {
        self.0.server_exception = name;
        self.0.traceback = traceback;
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Says which Odoo it is that lacks what was asked for: another series may have it.
    pub(crate) fn on_series(self, series: &str) -> Self {
        use ErrorKind::{UnknownArgument, UnknownField, UnknownMethod, UnknownModel};
        match &self.0.remedy {
            Some(remedy) if matches!(self.0.kind, UnknownModel | UnknownField | UnknownMethod | UnknownArgument) => {
                let remedy = format!("{remedy}; this server is an Odoo {series}");
                self.with_remedy(remedy)
            }
            _ => self,
        }
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Marks that the server may have executed the call.
    pub(crate) fn executed(mut self) -> Self {
        self.0.may_have_executed = true;
        self
    }

    /// Marks that the same call may succeed later, where the kind alone does not tell.
    pub(crate) fn transient(mut self) -> Self {
        self.0.is_transient = true;
        self
    }

    /// Marks that what failed came before the call itself was sent, such as a login.
    pub(crate) fn not_executed(mut self) -> Self {
        self.0.may_have_executed = false;
        self
    }

    /// Marks that the call may take effect twice without harm.
    pub(crate) fn repeatable(mut self) -> Self {
        self.0.is_repeatable = true;
        self
    }

    /// Says how often the call was sent in all.
    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
