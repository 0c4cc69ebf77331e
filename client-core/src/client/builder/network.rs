//! What stands between a client and its server: proxies, certificates, headers that others want to see.

use secrecy::SecretString;

use super::ClientBuilder;

impl ClientBuilder {
    /// A header that goes with every request, for what stands in front of Odoo or for controllers of a module: the
    /// `Api-Key` of the OCA's `auth_api_key`, the service token of an access proxy. Its value is kept secret. A second
    /// value for the same name replaces the first.
    ///
    /// Odoo itself does not take `Api-Key` for the calls of this crate: it is for a module's own routes, and comes beside
    /// the credentials of the user. Where a request has a header of that name itself, that one goes: an `Authorization` gives way to
    /// the key of JSON-2, a `Cookie` to that of a web session.
    ///
    /// What is no name or value of a header makes [`connect`](Self::connect) fail.
    ///
    /// ```no_run
    /// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = odoo_client::ClientBuilder::from_env()?.header("Api-Key", std::env::var("GATEWAY_KEY")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.network.headers.push((name.into(), value.into()));
        self
    }

    /// HTTP basic authentication, for a proxy in front of Odoo; it is not the login to Odoo. It replaces a user name and
    /// password in the [`url`](Self::url).
    ///
    /// JSON-2 has its API key in the same header, so the two do not go together: a client that was given database and
    /// user takes JSON-RPC instead. If JSON-2 is all it can take, or is forced, the key is sent and this is not.
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.network.basic_auth = Some((user.into(), password.into()));
        self
    }

    /// Certificates, as PEM, of authorities that are trusted beside those the system trusts: for a company's private CA,
    /// or a server's self-signed certificate. May be given several times.
    ///
    /// What holds no certificate makes [`connect`](Self::connect) fail.
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.network.root_certificates.push(pem.as_ref().to_vec());
        self
    }

    /// The certificate this client shows to servers and proxies that want one, and its private key: both as PEM, one
    /// after the other, with the certificates in between it and its authority if there are any.
    ///
    /// What holds no certificate or no key makes [`connect`](Self::connect) fail.
    pub fn client_certificate(mut self, pem: impl Into<SecretString>) -> Self {
        self.network.client_certificate = Some(pem.into());
        self
    }

    /// The proxy that all requests go through, such as `http://name:password@proxy.example.com:3128`; user name and
    /// password are never shown. Without this the variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` of the
    /// environment hold.
    ///
    /// What is no address of a proxy makes [`connect`](Self::connect) fail.
    pub fn proxy(mut self, url: impl Into<SecretString>) -> Self {
        self.network.proxy = Some(url.into());
        self
    }

    /// **Dangerous**: talks to a server whoever it is. Any certificate is accepted: expired, for another name, made by
    /// anybody on the way to the server, who then reads passwords and data, and changes them.
    ///
    /// For a server on this machine, or for finding out what is wrong. A server with a certificate of its own is better
    /// served by [`root_certificate`](Self::root_certificate). A client made this way says so in its `Debug` output and
    /// in its errors.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.network.accepts_invalid_certificates = true;
        self
    }
}
