//! Odoo's own API documentation: not calls of methods, but addresses of their own, since Odoo 19.

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::transport::retry::{Retries, repeat};
use crate::transport::{Envelope, Reply, Transport, Wire};

impl Transport {
    /// A document, such as `index.json`: with the key where calls go with one, in the web session elsewhere. Both say the
    /// same.
    pub(crate) async fn api_doc<T: DeserializeOwned>(&self, document: &str) -> Result<T, Error> {
        let limits = self.http.limits();
        let mut retries = Retries::new(limits.retry, limits.call);
        let attempt = |limit| async move {
            let answer = match &self.wire {
                Wire::Json2(wire) => wire.get(&self.http, &format!("/doc-bearer/{document}"), limit).await?,
                Wire::JsonRpc(_) | Wire::Session => {
                    let path = format!("/doc/{document}");
                    self.session.send(&self.http, || Ok(crate::transport::Request::get(path.clone())), limit).await?
                }
            };
            Reply::new(answer, Envelope::Bare).check(None)
        };
        repeat(&mut retries, Some(self.http.limiter()), || true, attempt).await?.read_as()
    }
}
