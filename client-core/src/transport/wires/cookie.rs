//! The cookie of a web session, and where the server says whose it is.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

pub(crate) const INFO: &str = "/web/session/get_session_info";

/// `session_id=…`
pub(crate) fn cookie(id: &SecretString) -> Result<HeaderValue, Error> {
    header(&format!("session_id={}", id.expose_secret()))
}

/// The id alone, as a header of its own takes it.
pub(crate) fn header(text: &str) -> Result<HeaderValue, Error> {
    // Neither a line end nor another cookie.
    let is_clean = !text.contains([';', ',', ' ']);
    match HeaderValue::from_str(text) {
        Ok(mut value) if is_clean => {
            value.set_sensitive(true);
            Ok(value)
        }
        _ => Err(Error::config("the session id has characters that cannot be in a cookie")
            .with_remedy("give the value of the cookie `session_id`, and nothing around it")),
    }
}
