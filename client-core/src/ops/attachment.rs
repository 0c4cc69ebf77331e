//! Files attached to records.

use serde_json::{Map, Value, json};

use tokio::io::AsyncRead;

use super::http::HttpMethod;
use super::{HttpResponse, binary, one_id};
use crate::client::WireKind;
use crate::error::ErrorKind;
use crate::model::IrAttachment;
use crate::transport::{Stream, csrf_token, random};
use crate::version::Difference;
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

const UPLOAD: &str = "/web/binary/upload_attachment";
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

    /// Attaches so many bytes of a reader, such as a file, to a record: what is sent is in memory a few hundred kilobytes at a
    /// time, however much it is. The file's name may not have a line end in it.
    ///
    /// Only a web session can do so: a client with a password begins one, one with nothing but an API key cannot. Odoo keeps all
    /// of the file in its own memory, and from 18 on refuses more than its parameter `web.max_file_upload_size`, 128 MiB
    /// if nothing is said.
    ///
    /// On the wire a form to `/web/binary/upload_attachment`, with the token of a page of the web client. It is sent once.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # async fn f(odoo: odoo_client::Client, file: impl tokio::io::AsyncRead + Send + 'static) -> Result<(), odoo_client::Error> {
    /// use odoo_client::Id;
    ///
    /// let film = odoo.attach_stream(Id::<Partner>::new(7), "film.mp4", 1 << 30, file).await?;
    /// let mut pieces = odoo.download_stream(film).await?;
    /// while let Some(piece) = pieces.chunk().await? {
    ///     println!("{} bytes more", piece.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) for a client that can have no session; [`User`](crate::ErrorKind::User) where
    /// the server does not take the file, in words that seldom say why; [`Http`](crate::ErrorKind::Http) with status 413 for
    /// one that is too big; and those of [`HttpRequest::send`](crate::ops::HttpRequest::send).
    pub async fn attach_stream<M: Model>(
        &self,
        to: Id<M>,
        name: impl AsRef<str>,
        length: u64,
        content: impl AsyncRead + Send + 'static,
    ) -> Result<Id<IrAttachment>, Error> {
        let content = Stream::new(length, content);
        let outcome = self.upload(M::ODOO_NAME, to.get(), name.as_ref(), content).await;
        outcome.map_err(|error| error.with_doing(format!("cannot attach a file to {}({})", M::ODOO_NAME, to.get())))
    }

    async fn upload(&self, model: &str, id: i64, name: &str, content: Stream) -> Result<Id<IrAttachment>, Error> {
        self.transport().session.check()?;
        let page = if self.version().has(Difference::WebClientAtOdoo) { "/odoo" } else { "/web" };
        let page = self.http(HttpMethod::Get, page).send().await?.text().await?;
        let token = csrf_token(&page)
            .ok_or_else(|| Error::new(ErrorKind::Protocol, "the page of the web client has no token for forms"))?;
        // Such as no file has in it.
        let border = format!("{:016x}{:016x}", random(), random());
        let id = id.to_string();
        let fields = [("csrf_token", &*token), ("model", model), ("id", &id)];
        let mut head = String::new();
        for (field, value) in fields {
            head += &format!("--{border}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        }
        let name = name.replace('"', "%22").replace(['\r', '\n'], " ");
        head += &format!("--{border}\r\nContent-Disposition: form-data; name=\"ufile\"; filename=\"{name}\"\r\n");
        head += "Content-Type: application/octet-stream\r\n\r\n";
        let content = content.between(head, format!("\r\n--{border}--\r\n"));
        let form = format!("multipart/form-data; boundary={border}");
        let request = self.http(HttpMethod::Post, UPLOAD).header("Content-Type", form).stream(content);
        let answer: Value = request.send().await?.json().await?;
        let uploaded = &answer[0];
        match (uploaded["id"].as_i64(), uploaded["error"].as_str()) {
            (Some(id), _) => Ok(Id::new(id)),
            (None, Some(words)) => Err(Error::new(ErrorKind::User, "the server does not take the file")
                .with_server_message(words)
                .with_remedy("may the user write to the record? the server's log says more")),
            (None, None) => Err(Error::decode("the answer names no attachment")),
        }
    }

    /// Reads the content of an attachment a piece at a time: what comes is in memory a few hundred kilobytes at a time,
    /// however much it is.
    ///
    /// Only a web session can do so: a client with a password begins one, one with nothing but an API key cannot.
    ///
    /// On the wire `/web/content`.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::ErrorKind::Config) for a client that can have no session; [`Missing`](crate::ErrorKind::Missing) or
    /// [`Access`](crate::ErrorKind::Access) where there is no such attachment, or none for this user;
    /// [`Http`](crate::ErrorKind::Http) for one that is a link; and those of
    /// [`HttpRequest::send`](crate::ops::HttpRequest::send).
    pub async fn download_stream(&self, attachment: Id<IrAttachment>) -> Result<HttpResponse, Error> {
        self.transport().session.check()?;
        self.http(HttpMethod::Get, format!("/web/content/{}", attachment.get())).query("download", 1).send().await
    }

    /// Reads the content of an attachment: nothing where it has none, as with links.
    ///
    /// A client whose calls go through a web session reads the file itself, as [`download_stream`](Self::download_stream) does;
    /// on other wires it comes in base64.
    ///
    /// # Errors
    ///
    /// As [`read_binary`](Self::read_binary).
    pub async fn download(&self, attachment: Id<IrAttachment>) -> Result<Vec<u8>, Error> {
        // What has no content is an error there, in words that say less.
        if self.wire() == WireKind::Session
            && let Ok(answer) = self.download_stream(attachment).await
        {
            return answer.bytes().await;
        }
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
