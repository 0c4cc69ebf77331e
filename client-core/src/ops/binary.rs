//! One binary field of a record, whole.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::error::ErrorKind;
use crate::field::{Field, kind};
use crate::read::slot::bytes::decode;
use crate::{Client, Error, Id, Model};

impl Client {
    /// Reads a binary field of a record: `None` where it is empty.
    ///
    /// The bytes are decoded from the answer as it is parsed: in memory are the answer, a third larger than the file,
    /// and the file. An answer is at most [`max_response_bytes`](crate::ClientBuilder::max_response_bytes) long.
    ///
    /// ```no_run
    /// # use odoo_client::field::kind;
    /// # use odoo_client::{Client, Error, Field, Id, Model};
    /// # enum Partner {}
    /// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # impl Partner { const IMAGE_1920: Field<Self, kind::Binary> = Field::new("image_1920"); }
    /// # async fn f(odoo: Client) -> Result<(), Error> {
    /// let photo: Option<Vec<u8>> = odoo.read_binary(Id::new(7), Partner::IMAGE_1920).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call, and [`Missing`](crate::ErrorKind::Missing) if there is no such record.
    pub async fn read_binary<M: Model, A>(
        &self,
        id: Id<M>,
        field: Field<M, kind::Binary, A>,
    ) -> Result<Option<Vec<u8>>, Error> {
        read(self, M::ODOO_NAME, id.get(), field.name()).await
    }
}

pub(super) async fn read(
    client: &Client,
    model: &'static str,
    id: i64,
    field: &'static str,
) -> Result<Option<Vec<u8>>, Error> {
    // With `bin_size` the server would answer "14.85 Kb".
    let call = client.model(model).call("read").ids([id]).arg("fields", [field]);
    let call = call.with_context(("bin_size", false)).with_context((format!("bin_size_{field}"), false));
    let rows: Vec<HashMap<String, Cell>> = call.send().await?;
    match rows.into_iter().next().and_then(|mut row| row.remove(field)) {
        Some(Cell::Bytes(bytes)) => Ok(Some(bytes)),
        Some(Cell::Other) => Ok(None),
        None => Err(Error::new(ErrorKind::Missing, "the record does not exist, or was deleted")
            .with_target(super::target(model, "read", [id]))),
    }
}

/// A value of a row that has nothing in it but the `id` and a binary field.
enum Cell {
    Bytes(Vec<u8>),
    /// `false`, or a number.
    Other,
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64 or `false`")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Cell, E> {
        // Not the text itself, which can be of any length.
        decode(text).map(Cell::Bytes).ok_or_else(|| E::custom(format!("{} bytes that are not base64", text.len())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Cell, E> {
        Ok(Cell::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Cell, E> {
        Ok(Cell::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Cell, E> {
        Ok(Cell::Other)
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_base64_is_refused() {
        let error = serde_json::from_str::<Cell>(r#""14.85 Kb""#).err().unwrap();
        assert!(error.to_string().starts_with("8 bytes that are not base64"), "{error}");
    }
}
