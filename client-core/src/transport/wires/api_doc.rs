//! Odoo's own API documentation: not calls of methods, but addresses of their own, since Odoo 19.

use reqwest::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::transport::http::answer::{Answer, text};
use crate::transport::retry::{Retries, repeat};
use crate::transport::{Envelope, Reply, Request, Transport, Wire};

impl Transport {
    /// A document, such as `index.json`: with the key where calls go with one, in the web session elsewhere. Both say the
    /// same.
    pub(crate) async fn api_doc<T: DeserializeOwned>(&self, document: &str) -> Result<T, Error> {
        self.document(document, None, |answer| Reply::new(answer, Envelope::Bare).check(None)).await?.read_as()
    }

    /// The tag of a document, without its quotes; `None` while it is the one that is known.
    pub(crate) async fn tag(&self, document: &str, known: Option<&str>) -> Result<Option<String>, Error> {
        // What cannot be sent is no tag of any server.
        let known = known.and_then(|tag| HeaderValue::from_str(&format!("\"{tag}\"")).ok());
        let is_known = known.is_some();
        let read = |answer: Answer| {
            if is_known && answer.status == 304 {
                return Ok(None);
            }
            // Odoo sends that of a model without quotes, and a proxy that compresses makes a weak one of it.
            let tag = text(&answer.headers, &ETAG).map(|tag| tag.trim().trim_start_matches("W/").replace('"', ""));
            Reply::new(answer, Envelope::Bare).check(None)?;
            match tag {
                Some(tag) if !tag.is_empty() => Ok(Some(tag)),
                _ => Err(Error::new(ErrorKind::Unsupported, "the API documentation comes without an ETag")
                    .with_remedy("does something in front of the server take it off?")),
            }
        };
        self.document(document, known, read).await
    }

    async fn document<T>(
        &self,
        document: &str,
        known: Option<HeaderValue>,
        read: impl Fn(Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let limits = self.http.limits();
        let mut retries = Retries::new(limits.retry, limits.call);
        let request = |folder: &str| {
            let mut request = Request::get(format!("/{folder}/{document}"));
            request.headers.extend(known.clone().map(|tag| (IF_NONE_MATCH, tag)));
            request
        };
        let (request, read) = (&request, &read);
        let attempt = |limit| async move {
            let answer = match &self.wire {
                Wire::Json2(wire) => wire.get(&self.http, || request("doc-bearer"), limit).await?,
                Wire::JsonRpc(_) | Wire::Session => {
                    self.session.send(&self.http, &|| Ok(request("doc")), limit).await?
                }
            };
            read(answer)
        };
        repeat(&mut retries, Some(self.http.limiter()), || true, attempt).await
    }
}
