//! What stands between a client and its server.

use reqwest::Url;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::transport::http::failure::root_cause;
use crate::transport::http::received::ENCODINGS;

/// How requests get to the server. Its values are those of the builder, not looked at yet.
#[derive(Clone, Default)]
pub(crate) struct Network {
    pub(crate) headers: Vec<(String, SecretString)>,
    pub(crate) basic_auth: Option<(String, SecretString)>,
    /// PEM, each with one certificate or more.
    pub(crate) root_certificates: Vec<Vec<u8>>,
    /// PEM: certificate, chain and key.
    pub(crate) client_certificate: Option<SecretString>,
    pub(crate) proxy: Option<SecretString>,
    pub(crate) accepts_invalid_certificates: bool,
}

impl Network {
    pub(crate) fn apply(&self, builder: reqwest::ClientBuilder, base: &Url) -> Result<reqwest::ClientBuilder, Error> {
        let mut builder = builder.default_headers(self.default_headers()?);
        if let Some(url) = &self.proxy {
            // The text itself stays out of the message: it may hold a password.
            let proxy = reqwest::Proxy::all(url.expose_secret()).map_err(|_| {
                Error::config("the proxy's URL is not usable")
                    .with_remedy("give one like http://proxy.example.com:3128")
            })?;
            builder = builder.proxy(proxy);
        }
        self.with_tls(builder, base)
    }

    /// Basic authentication, of the builder or else of the URL.
    pub(crate) fn authorization(&self, client: &reqwest::Client, base: &Url) -> Result<Option<HeaderValue>, Error> {
        let mut request = client.get(base.clone());
        if let Some((user, password)) = &self.basic_auth {
            request = request.basic_auth(user, Some(password.expose_secret()));
        }
        // The last one: of the URL, `reqwest` makes one as well.
        let request = request
            .build()
            .map_err(|error| Error::config(format!("the server's URL is not usable: {}", root_cause(&error))))?;
        Ok(request.headers().get_all(AUTHORIZATION).iter().next_back().cloned())
    }

    fn default_headers(&self) -> Result<HeaderMap, Error> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let header: HeaderName =
                name.parse().map_err(|_| Error::config(format!("`{name}` is not the name of a header")))?;
            let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
                Error::config(format!("the value of the header `{name}` is not usable"))
                    .with_remedy("it may hold visible ASCII characters only; is there a line feed at its end?")
            })?;
            value.set_sensitive(true);
            map.insert(header, value);
        }
        map.insert(ACCEPT, HeaderValue::from_static("application/json"));
        map.entry(ACCEPT_ENCODING).or_insert(ENCODINGS);
        Ok(map)
    }

    #[cfg(feature = "rustls")]
    fn with_tls(&self, mut builder: reqwest::ClientBuilder, base: &Url) -> Result<reqwest::ClientBuilder, Error> {
        use reqwest::{Certificate, Identity};
        use rustls::crypto::{CryptoProvider, ring};

        // `reqwest` takes the provider of the process. If the program has chosen one that holds, and losing the race
        // to install ours means just that.
        if CryptoProvider::get_default().is_none() {
            let _ = ring::default_provider().install_default();
        }
        let mut roots = Vec::new();
        for pem in &self.root_certificates {
            let certificates = Certificate::from_pem_bundle(pem).map_err(|error| unusable("root", &error))?;
            if certificates.is_empty() {
                return Err(Error::config("the root certificate is not usable: there is none in it"));
            }
            roots.extend(certificates);
        }
        if let Some(pem) = &self.client_certificate {
            let identity =
                Identity::from_pem(pem.expose_secret().as_bytes()).map_err(|error| unusable("client", &error))?;
            builder = builder.identity(identity);
        }
        let needs_no_roots = base.scheme() == "http" && !self.proxy_has_tls();
        Ok(if self.accepts_invalid_certificates {
            builder.tls_danger_accept_invalid_certs(true)
        } else if needs_no_roots {
            // Plain HTTP has no use for the system's certificates, which a small container may not even have.
            builder.tls_certs_only([])
        } else if roots.is_empty() {
            builder
        } else {
            builder.tls_certs_merge(roots)
        })
    }

    #[cfg(feature = "rustls")]
    fn proxy_has_tls(&self) -> bool {
        self.proxy.as_ref().is_some_and(|url| url.expose_secret().trim_start().starts_with("https:"))
    }

    #[cfg(not(feature = "rustls"))]
    fn with_tls(&self, builder: reqwest::ClientBuilder, base: &Url) -> Result<reqwest::ClientBuilder, Error> {
        let wants_tls = base.scheme() == "https"
            || !self.root_certificates.is_empty()
            || self.client_certificate.is_some()
            || self.accepts_invalid_certificates;
        if wants_tls {
            return Err(Error::config("this program was built without TLS, so https:// does not work")
                .with_remedy("enable the feature `rustls` of odoo-client"));
        }
        Ok(builder)
    }
}

#[cfg(feature = "rustls")]
fn unusable(which: &str, error: &reqwest::Error) -> Error {
    // Says what it lacks, never what it holds.
    Error::config(format!("the {which} certificate is not usable: {}", root_cause(error)))
        .with_remedy("give it as PEM, beginning with -----BEGIN CERTIFICATE-----")
}
