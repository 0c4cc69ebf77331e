//! What Odoo itself says of its models' methods.

use serde::de::DeserializeOwned;

use crate::version::Difference;
use crate::{Client, Error, ErrorKind};

impl Client {
    /// Odoo's own API documentation: of one model all fields and methods, with their parameters and docs as HTML; without a
    /// model the index, which has the names of all models that the user may read with those of their methods.
    ///
    /// On the wire a GET of `/doc-bearer/<model>.json` or `/doc-bearer/index.json` with the key of a client that has one, and
    /// of `/doc/…` in the web session of any other. Each model takes the server about 0.2 s. Odoo keeps the index as an
    /// attachment, which it makes when it is first asked for it after a change of modules.
    ///
    /// ```no_run
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// let doc: serde_json::Value = odoo.api_doc(Some("sale.order")).await?;
    /// println!("{}", doc["methods"]["action_confirm"]["signature"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) before Odoo 19; [`Access`](crate::ErrorKind::Access) for a user without the
    /// group Technical Documentation, or for a model that the user may not read; and those of any call.
    pub async fn api_doc<T: DeserializeOwned>(&self, model: Option<&str>) -> Result<T, Error> {
        if !self.version().has(Difference::ApiDoc) {
            let what = format!("Odoo {} has no API documentation: it came with 19.0", self.version().series());
            return Err(Error::new(ErrorKind::Unsupported, what));
        }
        let document = model.unwrap_or("index");
        // It becomes part of the address.
        if !document.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) || document.starts_with('.')
        {
            return Err(Error::new(ErrorKind::UnknownModel, "no model can have that name"));
        }
        self.transport().api_doc(&format!("{document}.json")).await
    }
}
