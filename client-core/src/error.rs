//! The one error type of this crate.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use crate::transport::Target;

/// How many characters of the server's words an error message repeats.
const MESSAGE_SHOWN: usize = 2_000;

/// Why a call (or the building of a client) failed.
///
/// [`Display`](fmt::Display) is written for the person who has to act on it: what was being done, to which model,
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
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kinds of failure a program may want to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is missing or wrong; nothing was sent.
    Config,
    /// A value given as an argument cannot be written as JSON; nothing was sent.
    Encode,
    /// The server could not be reached, or the connection broke.
    Connect,
    /// The answer did not come within the client's time limits.
    Timeout,
    /// An HTTP error without an Odoo error inside: a proxy's 502, a rate limit, a redirect, Odoo's own HTML error page.
    Http,
    /// Something answered, but not Odoo.
    NotOdoo,
    /// The answer is cut short, too big, or JSON of another shape than Odoo's protocol prescribes.
    Protocol,
    /// The server refused the user, password or API key.
    AccessDenied,
    /// The server does not know, or no longer knows, the session of this client.
    SessionExpired,
    /// The user is known but lacks the right: Odoo's `AccessError`.
    Access,
    /// A record does not exist, or was deleted: Odoo's `MissingError`.
    Missing,
    /// A constraint refused the values: Odoo's `ValidationError`.
    Validation,
    /// Odoo's business logic refused the call: `UserError` or `RedirectWarning`.
    User,
    /// The server has no database of that name.
    UnknownDatabase,
    /// The database has no model of that name.
    UnknownModel,
    /// The model has no method of that name.
    UnknownMethod,
    /// Any other exception raised on the server.
    Server,
    /// The call succeeded, but its result does not have the type it was to be read as.
    Decode,
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

    /// Whether the same call may succeed if it is made again later, without anything being changed.
    ///
    /// This says nothing about whether repeating it is safe: see [`may_have_executed`](Self::may_have_executed).
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Connect | ErrorKind::Timeout => true,
            ErrorKind::Http => matches!(self.0.status, Some(429 | 502 | 503 | 504)),
            ErrorKind::User | ErrorKind::Server => self.server_exception().is_some_and(is_conflict),
            _ => false,
        }
    }

    /// Whether the server may have executed the call although it failed here.
    ///
    /// `false` means that nothing was changed: the call was never sent, was refused, or raised an exception, upon which
    /// Odoo rolls its transaction back. `true` means that nobody can know from here (a timeout, a broken connection, a
    /// proxy's error page), or that the call did succeed and only its result could not be read.
    pub fn may_have_executed(&self) -> bool {
        self.0.may_have_executed
    }
}

/// How the rest of this crate makes errors.
impl Error {
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

    /// Names the call that failed.
    pub(crate) fn with_target(mut self, target: Target) -> Self {
        self.0.target = Some(target);
        self
    }

    /// Says what was being done where no model and method can be named, as in "cannot log in to database `x`".
    pub(crate) fn with_doing(mut self, doing: impl Into<String>) -> Self {
        self.0.doing = Some(doing.into());
        self
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

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Marks that the server may have executed the call.
    pub(crate) fn executed(mut self) -> Self {
        self.0.may_have_executed = true;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &*self.0;
        if let Some(target) = &error.target {
            write!(f, "{target}: ")?;
        } else if let Some(doing) = &error.doing {
            write!(f, "{}: ", Escaped(doing))?;
        }
        write!(f, "{}", Escaped(&error.what))?;
        if let (ErrorKind::Server, Some(class)) = (error.kind, &error.server_exception) {
            write!(f, " ({})", Escaped(class))?;
        }
        if let Some(message) = &error.server_message {
            // Odoo's sentences end in a full stop, ours go on after them.
            let message = message.trim().trim_end_matches('.');
            match message.char_indices().nth(MESSAGE_SHOWN) {
                None => write!(f, "; the server says: {}", Escaped(message))?,
                Some((end, _)) => write!(f, "; the server says: {}…", Escaped(&message[..end]))?,
            }
        }
        if let Some(remedy) = &error.remedy {
            write!(f, "; {}", Escaped(remedy))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &*self.0;
        f.debug_struct("Error")
            .field("kind", &error.kind)
            .field("message", &format_args!("{:?}", self.to_string()))
            .field("server_exception", &error.server_exception)
            .field("status", &error.status)
            .field("may_have_executed", &error.may_have_executed)
            .field("source", &error.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// Whether a Python exception says that another transaction was in the way, so that trying again can help.
fn is_conflict(exception: &str) -> bool {
    let class = exception.rsplit('.').next().unwrap_or(exception);
    matches!(class, "SerializationFailure" | "LockNotAvailable" | "DeadlockDetected" | "ConcurrencyError" | "LockError")
}

/// Writes a text from outside with its control characters escaped (line feeds stay), so that a hostile server cannot
/// send escape sequences to the terminal this is printed on.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_control() && c != '\n' {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_says_where_what_words_and_remedy() {
        let error = Error::new(ErrorKind::Missing, "a record does not exist")
            .with_target(Target { model: "res.partner".into(), method: "write".into(), ids: Some(vec![7]) })
            .with_server_message("Record does not exist or has been deleted.\n(Record: res.partner(7,), User: 2)")
            .with_remedy("search again");
        assert_eq!(
            error.to_string(),
            "res.partner.write([7]): a record does not exist; the server says: Record does not exist or has been \
             deleted.\n(Record: res.partner(7,), User: 2); search again"
        );
        assert!(!error.may_have_executed());
    }

    #[test]
    fn control_characters_of_the_server_are_escaped() {
        let error = Error::new(ErrorKind::Server, "it failed").with_server_message("a\u{1b}[31mred\u{7}\r\nb\u{9b}");
        assert_eq!(error.to_string(), "it failed; the server says: a\\u{1b}[31mred\\u{7}\\r\nb\\u{9b}");
        assert!(!format!("{error:?}").contains('\u{1b}'));
    }

    #[test]
    fn endless_words_of_the_server_are_cut() {
        let words = "é".repeat(100_000);
        let error = Error::new(ErrorKind::Server, "it failed").with_server_message(&*words);
        assert!(error.to_string().len() < 5_000);
        assert_eq!(error.server_message(), Some(&*words));
    }

    #[test]
    fn the_traceback_is_not_shown() {
        let error = Error::new(ErrorKind::Server, "it failed")
            .with_server_exception(Some("builtins.ValueError".into()), Some("File /srv/odoo/secret.py".into()));
        assert!(!format!("{error} {error:?}").contains("/srv"));
        assert_eq!(error.traceback(), Some("File /srv/odoo/secret.py"));
    }

    #[test]
    fn it_crosses_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
    }
}
