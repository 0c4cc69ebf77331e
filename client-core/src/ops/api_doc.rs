//! What Odoo itself says of its models' methods, and whether it would still say the same.

use std::fmt;

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
        self.needs_api_doc("does not describe its methods")?;
        let document = model.unwrap_or("index");
        // It becomes part of the address.
        if !document.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) || document.starts_with('.')
        {
            return Err(Error::new(ErrorKind::UnknownModel, "no model can have that name"));
        }
        self.transport().api_doc(&format!("{document}.json")).await
    }

    /// The tag of the schema as it is now, to be kept for [`schema_unchanged`](Self::schema_unchanged).
    ///
    /// Take it before you look at the schema: what changes in between is then seen the next time.
    ///
    /// On the wire a GET of the documentation of a small model, whose `ETag` is the same for all models; it takes the server
    /// about 0.1 s.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) before Odoo 19, or if something in front of the server takes the `ETag`
    /// off; [`Access`](crate::ErrorKind::Access) for a user without the group Technical Documentation; and those of any call.
    pub async fn schema_tag(&self) -> Result<SchemaTag, Error> {
        match self.tag(None).await? {
            Some(tag) => Ok(SchemaTag(tag)),
            None => {
                Err(Error::new(ErrorKind::Protocol, "the API documentation is not changed since it was never read"))
            }
        }
    }

    /// Whether models and fields are as they were when the server said this tag: in some milliseconds, for a program that looks
    /// every minute. A tag of another database, or of a user with other groups or another language, is none that this server
    /// knows: `false`.
    ///
    /// What it sees: apps that are installed, updated or removed, and fields and models that are made, changed or removed by
    /// hand or by Studio. What it does not see: new Python code without an update of its module; another language's labels;
    /// what a field can choose from where that is data, such as the installed languages; default values; that a copy of the
    /// database was restored and then changed otherwise. [`Client::check`] looks at the fields themselves.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Model, Record};
    /// # enum Partner {}
    /// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # impl Partner { const NAME: Field<Self, kind::Char> = Field::new("name"); }
    /// # #[derive(Record)]
    /// # #[odoo(model = Partner)]
    /// # struct Customer { name: String }
    /// # async fn f(odoo: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use odoo_client::ops::SchemaTag;
    ///
    /// let kept = std::fs::read_to_string("schema.tag").map(SchemaTag::new);
    /// if !matches!(&kept, Ok(tag) if odoo.schema_unchanged(tag).await?) {
    ///     let tag = odoo.schema_tag().await?;
    ///     odoo.check::<Customer>().await?.into_result()?;
    ///     std::fs::write("schema.tag", tag.as_str())?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire the same GET with `If-None-Match`: 304 says that nothing changed.
    ///
    /// # Errors
    ///
    /// As [`schema_tag`](Self::schema_tag).
    pub async fn schema_unchanged(&self, since: &SchemaTag) -> Result<bool, Error> {
        Ok(self.tag(Some(&since.0)).await?.is_none())
    }

    async fn tag(&self, known: Option<&str>) -> Result<Option<String>, Error> {
        /// Small, in every database, and for every user to read.
        const DOCUMENT: &str = "res.lang.json";
        self.needs_api_doc("does not tell whether its schema has changed").map_err(|error| {
            error.with_remedy("`Client::check` looks at the fields that a record has, on every series")
        })?;
        self.transport().tag(DOCUMENT, known).await
    }

    fn needs_api_doc(&self, lack: &str) -> Result<(), Error> {
        if self.version().has(Difference::ApiDoc) {
            return Ok(());
        }
        let what = format!("Odoo {} {lack}: the API documentation came with 19.0", self.version().series());
        Err(Error::new(ErrorKind::Unsupported, what))
    }
}

/// What a server says of its schema, to be asked later whether it would still say so: a text that means nothing to anybody else,
/// other for each database, and for users of other groups or another language. It is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SchemaTag(String);

impl SchemaTag {
    /// A tag that was kept as text. What is none is like one that no server knows.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().trim().to_owned())
    }

    /// The text, to be kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SchemaTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
