//! The web session of a client.

use secrecy::SecretString;

use crate::client::Client;
use crate::error::Error;
use crate::transport::SessionInfo;

impl Client {
    /// The id of the client's web session, to be kept for another time: [`ClientBuilder::session`] takes it up again.
    /// It is as secret as a password. `None` if the client has no session, as on wires without one.
    ///
    /// The server changes the id now and then, so ask when you need it.
    ///
    /// [`ClientBuilder::session`]: crate::ClientBuilder::session
    pub fn session_id(&self) -> Option<SecretString> {
        self.transport().session.id()
    }

    /// What the server says about the client's web session. On other wires one begins first, with the same user and password.
    ///
    /// On the wire `/web/session/get_session_info`.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) for a client with an API key, which cannot start a session;
    /// [`SessionExpired`](crate::ErrorKind::SessionExpired) when a session that was given has ended, and those of a login.
    pub async fn session_info(&self) -> Result<SessionInfo, Error> {
        self.transport().session.open(&self.transport().http, self.version()).await
    }

    /// Ends the client's web session, on the server too: its id is worth nothing from then on, and neither is this client, if
    /// it used it for its calls. Without a session there is nothing to do.
    ///
    /// On the wire `/web/session/destroy`.
    ///
    /// # Errors
    ///
    /// Those of a request that does not get through. A session that the server had ended already is none.
    pub async fn log_out(&self) -> Result<(), Error> {
        self.transport().session.close(&self.transport().http).await
    }
}
