//! Odoo's own API documentation: not calls of methods, but addresses of their own, since Odoo 19.

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::transport::{Envelope, Reply, Transport, Wire, patiently};

impl Transport {
    /// A document, such as `index.json`: with the key where calls go with one, in the web session elsewhere. Both say the
    /// same.
    pub(crate) async fn api_doc<T: DeserializeOwned>(&self, document: &str) -> Result<T, Error> {
        let attempt = || async {
            let _permit = self.http.limiter().enter().await;
            let limit = self.http.time_limit();
            let answer = match &self.wire {
                Wire::Json2(wire) => wire.get(&self.http, &format!("/doc-bearer/{document}"), limit).await?,
                Wire::JsonRpc(_) | Wire::Session => {
                    let path = format!("/doc/{document}");
                    self.session.send(&self.http, || Ok(crate::transport::Request::get(path.clone())), limit).await?
                }
            };
            Reply::new(answer, Envelope::Bare).checked(None)
        };
        patiently(self.http.limits().retry, self.http.limits().call, attempt).await?.read_as()
    }
}
