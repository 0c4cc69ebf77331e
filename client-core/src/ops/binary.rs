//! Binary fields: bytes here, base64 on the wire.

use std::collections::HashMap;
use std::fmt;

use base64::display::Base64Display;
use base64::engine::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::error::ErrorKind;
use crate::model::field::{Field, kind};
use crate::read::slot::{Mismatch, Slot, Wire};
use crate::write::values::ToWrite;
use crate::{Client, Error, Id, Model, Refusal};

/// Bytes for a binary field in any call: base64 as they are written, without a copy of it.
///
/// ```
/// let json = serde_json::to_string(&odoo_client::Binary(b"hello"))?;
/// assert_eq!(json, r#""aGVsbG8=""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [`Values::set`](crate::Values::set) takes it as well, and plain bytes too; there the text waits in the values, which
/// the call takes over from them: while it is sent, it is in memory once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Binary<'a>(pub &'a [u8]);

impl Serialize for Binary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

/// How many bytes there are.
impl fmt::Debug for Binary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binary({} bytes)", self.0.len())
    }
}

impl ToWrite<kind::Binary> for Binary<'_> {
    fn to_write(self) -> Result<Value, Refusal> {
        Ok(encode(self.0).into())
    }
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

impl ToWrite<kind::Binary> for &[u8] {
    fn to_write(self) -> Result<Value, Refusal> {
        Binary(self).to_write()
    }
}

impl ToWrite<kind::Binary> for Vec<u8> {
    fn to_write(self) -> Result<Value, Refusal> {
        Binary(&self).to_write()
    }
}

/// For a binary field: its bytes, or `None` where it is empty.
impl Slot for Option<Vec<u8>> {
    fn from_wire(value: Wire<'_>) -> Result<Self, Mismatch> {
        let read = match value {
            Wire::Text(text) => decode(text),
            Wire::Bytes(bytes) => Some(bytes.to_owned()),
            Wire::Bool(false) | Wire::Null => return Ok(None),
            _ => None,
        };
        read.map(Some).ok_or(Mismatch("base64 or `false`"))
    }

    fn wire(&self) -> Wire<'_> {
        self.as_deref().map_or(Wire::Null, Wire::Bytes)
    }
}

impl Client {
    /// Reads a binary field of a record: `None` where it is empty.
    ///
    /// The bytes are decoded from the answer as it is parsed: in memory are the answer, a third larger than the file,
    /// and the file. An answer is at most [`max_response_bytes`](crate::ClientBuilder::max_response_bytes) long.
    ///
    /// ```no_run
    /// # use odoo_client::{Client, Error, Field, Id, Model, kind};
    /// # enum Partner {}
    /// # impl Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # impl Partner { const IMAGE_1920: Field<Self, kind::Binary> = odoo_client::field("image_1920"); }
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
    let call = call.context("bin_size", false).context(format!("bin_size_{field}"), false);
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

/// Decodes base64. Odoo keeps the text of a binary field as it was written to it, and some encoders break lines.
fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok().or_else(|| {
        let is_broken = text.bytes().any(|b| b.is_ascii_whitespace());
        let joined = || text.bytes().filter(|b| !b.is_ascii_whitespace()).collect::<Vec<_>>();
        is_broken.then(joined).and_then(|joined| STANDARD.decode(joined).ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_kind_and_length_go_both_ways() {
        for length in [0, 1, 2, 3, 4, 255, 1_000] {
            let bytes: Vec<u8> = (0..length).map(|n: i32| n.to_le_bytes()[0]).collect();
            let json = serde_json::to_string(&Binary(&bytes)).unwrap();
            let written = ToWrite::<kind::Binary>::to_write(&*bytes);
            assert_eq!(written, Ok(Value::String(json.trim_matches('"').into())));
            let read = <Option<Vec<u8>>>::from_wire(Wire::Text(json.trim_matches('"')));
            assert_eq!(read, Ok(Some(bytes)));
        }
    }

    #[test]
    fn broken_lines_are_joined_and_what_is_no_base64_is_refused() {
        assert_eq!(decode("aGVs\r\nbG8=\n").as_deref(), Some(&b"hello"[..]));
        let read = <Option<Vec<u8>>>::from_wire(Wire::Text("14.85 Kb"));
        assert_eq!(read, Err(Mismatch("base64 or `false`")));
        let error = serde_json::from_str::<Cell>(r#""14.85 Kb""#).err().unwrap();
        assert!(error.to_string().starts_with("8 bytes that are not base64"), "{error}");
    }
}
