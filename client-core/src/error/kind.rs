//! What may go wrong, as far as a program can do something about it.

/// The kinds of failure a program may want to tell apart.
///
/// The same mistake has the same kind whichever wire the call took and whichever version of Odoo answered.
///
/// ```
/// use odoo_client::ErrorKind;
///
/// fn is_the_callers_mistake(kind: ErrorKind) -> bool {
///     matches!(kind, ErrorKind::UnknownField | ErrorKind::UnknownMethod | ErrorKind::UnknownArgument)
/// }
/// assert!(!is_the_callers_mistake(ErrorKind::Timeout));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is missing or wrong; nothing was sent.
    Config,
    /// A value given as an argument cannot be written as JSON; nothing was sent.
    Encode,
    /// The server's version of Odoo does not have what was asked for; nothing was sent.
    Unsupported,
    /// The server could not be reached, or the connection broke.
    Connect,
    /// No trust between client and server: a certificate that is refused, or a server that speaks no TLS.
    Tls,
    /// The answer did not come within the client's time limits.
    Timeout,
    /// The server, or a proxy in front of it, wants fewer calls: HTTP status 429, or a server that has no connection to its
    /// database left.
    RateLimited,
    /// An HTTP error without an Odoo error inside: a proxy's 502, a redirect, Odoo's own HTML error page.
    Http,
    /// Something answered, but not Odoo.
    NotOdoo,
    /// The answer is cut short, too big, or JSON of another shape than Odoo's protocol prescribes.
    Protocol,
    /// The server refused the user, password or API key.
    AccessDenied,
    /// The server does not know, or no longer knows, the session of this client.
    SessionExpired,
    /// The user has two-factor authentication, and the login had no code for it.
    TotpRequired,
    /// The user is known but lacks the right, or the method is private: Odoo's `AccessError`.
    Access,
    /// A record does not exist, or was deleted: Odoo's `MissingError`. Of a route of one's own: status 404 or 410.
    Missing,
    /// One record was asked for, and there are several.
    Ambiguous,
    /// A constraint refused the values: Odoo's `ValidationError`.
    Validation,
    /// Odoo's business logic refused the call: `UserError`. Of a route of one's own: status 400, 409 or 422.
    User,
    /// As [`User`](Self::User), with a page of Odoo where a person could put it right: `RedirectWarning`.
    RedirectWarning,
    /// Another transaction was in the way: a serialization failure, a lock that was not to be had, a deadlock. The
    /// server has rolled the call back.
    Conflict,
    /// The server has no database of that name.
    UnknownDatabase,
    /// The database has no model of that name.
    UnknownModel,
    /// The model has no method of that name.
    UnknownMethod,
    /// The model, or one that a domain leads to, has no field of that name.
    UnknownField,
    /// A filter, an order, a group or an aggregate is of a field that the database does not hold: the server computes it as it
    /// is read. Generated fields know, and do not compile there. (Odoo up to 18 says nothing of such a filter: it leaves the
    /// condition out.)
    NotStored,
    /// The database has no report of that name.
    UnknownReport,
    /// The method has no parameter of that name, or lacks one that it requires.
    UnknownArgument,
    /// Any other exception raised on the server.
    Server,
    /// The models of the server are not as the program has them: what [`Client::check`](crate::Client::check) found.
    Misfit,
    /// The call succeeded, but its result does not have the type it was to be read as.
    Decode,
}

/// What a kind says of all its errors, without looking at them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// The same call may succeed later.
    Passing,
    /// The server was reached, understood the call, and refused it: `verify` reports that and goes on.
    Refused,
    /// Neither, or it depends.
    Other,
}

impl ErrorKind {
    /// Without a `_`, so that the compiler asks it of a new kind.
    pub(crate) fn nature(self) -> Nature {
        match self {
            Self::Connect | Self::Timeout | Self::RateLimited | Self::Conflict => Nature::Passing,
            Self::Access
            | Self::Missing
            | Self::NotStored
            | Self::RedirectWarning
            | Self::Server
            | Self::UnknownArgument
            | Self::UnknownField
            | Self::UnknownMethod
            | Self::User
            | Self::Validation => Nature::Refused,
            Self::Config
            | Self::Encode
            | Self::Unsupported
            | Self::Tls
            | Self::Http
            | Self::NotOdoo
            | Self::Protocol
            | Self::AccessDenied
            | Self::SessionExpired
            | Self::TotpRequired
            | Self::Ambiguous
            | Self::UnknownDatabase
            | Self::UnknownModel
            | Self::UnknownReport
            | Self::Misfit
            | Self::Decode => Nature::Other,
        }
    }
}
