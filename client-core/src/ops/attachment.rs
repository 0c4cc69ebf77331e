//! Files attached to records.

use serde_json::{Map, Value, json};

use super::binary;
use super::one_id;
use crate::model::IrAttachment;
use crate::{Client, Error, Id, Model};

/// A file attached to a record, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// The id, which [`Client::download`] takes.
    pub id: Id<IrAttachment>,
    /// The file's name.
    pub name: String,
    /// The file's type as the server guessed it, such as `application/pdf`.
    pub mimetype: Option<String>,
    /// The file's length in bytes.
    pub size: u64,
    /// The SHA-1 of the content, in hexadecimal digits.
    pub checksum: Option<String>,
    /// The address, where the attachment is a link: it then has no content.
    pub url: Option<String>,
}

const FIELDS: [&str; 6] = ["name", "mimetype", "file_size", "checksum", "type", "url"];

impl Client {
    /// The files attached to a record, oldest first; not those that hold the values of its binary fields.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// use odoo_client::Id;
    ///
    /// let partner = Id::<Partner>::new(7);
    /// odoo.attach(partner, "notes.txt", b"call back").await?;
    /// for file in odoo.attachments(partner).await? {
    ///     let content: Vec<u8> = odoo.download(file.id).await?;
    ///     println!("{} of {} bytes", file.name, content.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call.
    pub async fn attachments<M: Model>(&self, of: Id<M>) -> Result<Vec<Attachment>, Error> {
        let call = self.model(IrAttachment::ODOO_NAME).call("search_read");
        let call = call.arg("domain", json!([["res_model", "=", M::ODOO_NAME], ["res_id", "=", of.get()]]));
        let rows: Vec<Map<String, Value>> = call.arg("fields", FIELDS).arg("order", "id").send().await?;
        Ok(rows.iter().map(attachment).collect())
    }

    /// Attaches a file to a record. The server guesses its type from name and content.
    ///
    /// While it is sent, its base64 is in memory once beside the content, also if the call is made again.
    ///
    /// # Errors
    ///
    /// Those of any call; [`Access`](crate::ErrorKind::Access) if the user may not write to the record, and
    /// [`Http`](crate::ErrorKind::Http) with status 413 if a proxy limits the length of requests.
    pub async fn attach<M: Model>(
        &self,
        to: Id<M>,
        name: impl AsRef<str>,
        content: impl AsRef<[u8]>,
    ) -> Result<Id<IrAttachment>, Error> {
        let mut values = json!({"name": name.as_ref(), "res_model": M::ODOO_NAME, "res_id": to.get()});
        // Not in the macro, which copies.
        values["datas"] = crate::write::binary::encode(content.as_ref()).into();
        let values = Value::Array(vec![values]);
        let call = self.model(IrAttachment::ODOO_NAME).call("create");
        let ids: Vec<i64> = call.tree("vals_list", Ok(values)).send().await?;
        one_id(IrAttachment::ODOO_NAME, "create", &ids)
    }

    /// Reads the content of an attachment: nothing where it has none, as with links.
    ///
    /// # Errors
    ///
    /// As [`read_binary`](Self::read_binary).
    pub async fn download(&self, attachment: Id<IrAttachment>) -> Result<Vec<u8>, Error> {
        // Not `raw`: that is bytes, for which the server has no JSON unless they are UTF-8.
        Ok(binary::read(self, IrAttachment::ODOO_NAME, attachment.get(), "datas").await?.unwrap_or_default())
    }
}

/// Odoo writes integers past 32 bits as floats.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a negative one becomes 0")]
fn size(json: &Value) -> u64 {
    json.as_u64().or_else(|| json.as_f64().map(|size| size as u64)).unwrap_or_default()
}

fn attachment(row: &Map<String, Value>) -> Attachment {
    let text = |field: &str| row.get(field).and_then(Value::as_str).map(str::to_owned);
    let is_link = row.get("type").and_then(Value::as_str) == Some("url");
    Attachment {
        id: Id::new(row.get("id").and_then(Value::as_i64).unwrap_or_default()),
        name: text("name").unwrap_or_default(),
        mimetype: text("mimetype"),
        size: row.get("file_size").map_or(0, size),
        checksum: text("checksum"),
        url: text("url").filter(|_| is_link),
    }
}
