//! Requests that got no answer, or not all of it.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::transport::Http;

impl Http {
    /// No answer came at all.
    #[cold]
    pub(crate) fn not_sent(&self, error: &reqwest::Error, timeout: Duration) -> Error {
        #[cfg(feature = "rustls")]
        if let Some(cause) = tls_error(error) {
            return self.not_trusted(cause, error.is_connect());
        }
        let cause = root_cause(error);
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => Error::new(
                ErrorKind::Timeout,
                format!("no connection to {} within {:?}", self.shown, self.limits.connect.min(timeout)),
            )
            .with_remedy("check host and port, and whether a firewall is in between"),
            (true, false) => Error::new(ErrorKind::Connect, format!("cannot connect to {}: {cause}", self.shown))
                .with_remedy("check the URL, the proxy if there is one, and whether the server is running"),
            (false, true) => self.timed_out(timeout).executed(),
            // As `hyper` puts it: "invalid HTTP version parsed".
            (false, false) if cause.starts_with("invalid HTTP ") => {
                Error::new(ErrorKind::Protocol, format!("what {} answers is not HTTP: {cause}", self.shown))
                    .with_remedy("check the port, and whether the server wants https")
                    .executed()
            }
            (false, false) if cause == "message head is too large" => {
                let what = format!("the answer of {} has more headers than are read (100)", self.shown);
                Error::new(ErrorKind::Protocol, what).executed()
            }
            (false, false) => {
                Error::new(ErrorKind::Connect, format!("the connection to {} broke: {cause}", self.shown)).executed()
            }
        }
    }

    #[cfg(feature = "rustls")]
    fn not_trusted(&self, cause: &rustls::Error, is_connect: bool) -> Error {
        use rustls::AlertDescription::{AccessDenied, BadCertificate, CertificateRequired, UnknownCA};
        use rustls::CertificateError::{Expired, ExpiredContext, NotValidForName, NotValidForNameContext};
        use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};

        let note = if self.network.accepts_invalid_certificates {
            " (DANGER: this client accepts invalid certificates)"
        } else {
            ""
        };
        let error = Error::new(ErrorKind::Tls, format!("no secure connection to {}: {cause}{note}", self.shown));
        // The server reads no request before it has accepted the client's certificate, even if one was on its way.
        let wants_certificate =
            matches!(cause, AlertReceived(CertificateRequired | BadCertificate | UnknownCA | AccessDenied));
        let error = if is_connect || wants_certificate { error } else { error.executed() };
        match cause {
            _ if wants_certificate => error.with_remedy("the server wants another `client_certificate`"),
            InvalidCertificate(Expired | ExpiredContext { .. }) => {
                error.with_remedy("the server needs a new one; or is the clock of this machine wrong?")
            }
            InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
                error.with_remedy("the certificate is for another name than that in the URL: check the URL")
            }
            InvalidCertificate(_) => error.with_remedy(
                "if the server is the right one, give the certificate of its authority as `root_certificate`",
            ),
            InvalidMessage(_) => error.with_remedy("does the server speak https at that port?"),
            _ => error,
        }
    }

    /// The body stopped before its end, after so many bytes.
    #[cold]
    pub(crate) fn broken_off(&self, error: &reqwest::Error, bytes: u64, timeout: Duration) -> Error {
        if error.is_timeout() {
            return self.timed_out(timeout).executed();
        }
        let cause = root_cause(error);
        if let Some(is_compression) = is_corrupt(error) {
            let wrong = if is_compression { "cannot be decompressed" } else { "is not in chunks as HTTP has them" };
            return corrupt(&format!("{wrong}: {cause}"));
        }
        Error::new(ErrorKind::Connect, format!("the answer broke off after {bytes} bytes: {cause}")).executed()
    }

    #[cold]
    pub(crate) fn timed_out(&self, timeout: Duration) -> Error {
        let within = if self.limits.idle < timeout {
            format!("{timeout:?} (or was silent for {:?})", self.limits.idle)
        } else {
            format!("{timeout:?}")
        };
        Error::new(ErrorKind::Timeout, format!("{} gave no complete answer within {within}", self.shown))
            .with_remedy("the server may still be at work on it: ask for less at a time, or raise the timeout")
    }
}

#[cold]
pub(crate) fn corrupt(wrong: &str) -> Error {
    Error::new(ErrorKind::Protocol, format!("the answer {wrong}")).transient().executed()
}

/// What to do about an answer that is too big, unless it comes before the login.
pub(crate) const ASK_FOR_LESS: &str = "ask for fewer records or fields at a time, or raise `max_response_bytes`";

#[cold]
pub(crate) fn too_big(limit: u64) -> Error {
    Error::new(ErrorKind::Protocol, format!("the answer is bigger than the limit of {limit} bytes"))
        .with_remedy(ASK_FOR_LESS)
        .executed()
}

/// Whether it is the body that is wrong, not the connection it came over: its compression, or else the sizes of its
/// chunks. Decoders have no kind of error of their own; what the operating system says of a connection is more precise
/// than `Other`.
fn is_corrupt(error: &reqwest::Error) -> Option<bool> {
    use io::ErrorKind::{InvalidData, InvalidInput, Other};
    #[cfg(feature = "rustls")]
    if tls_error(error).is_some() {
        return None;
    }
    let mut is_compression = true;
    let mut next = error.source();
    while let Some(cause) = next {
        let kind = cause.downcast_ref().map(io::Error::kind);
        if matches!(kind, Some(InvalidData | InvalidInput | Other)) {
            return Some(is_compression);
        }
        // As `hyper` puts it, which takes the chunks apart.
        is_compression &= !cause.to_string().starts_with("error reading a body from connection");
        next = cause.source();
    }
    None
}

/// The innermost reason: what `reqwest` and `hyper` wrap around it says no more than that a request failed.
pub(crate) fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// Why there is no trust between client and server, if that is what went wrong.
#[cfg(feature = "rustls")]
pub(crate) fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref() {
            return Some(found);
        }
        // An `io::Error` has as its source not what it wraps but the source of that.
        if let Some(inner) = cause.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()) {
            return tls_error(inner);
        }
        next = cause.source();
    }
    None
}
