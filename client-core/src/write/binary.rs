//! Bytes for binary fields: base64 on the wire.

use std::fmt;

use base64::display::Base64Display;
use base64::engine::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::error::Refusal;
use crate::field::kind;
use crate::write::values::ToWrite;

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

pub(crate) fn encode(bytes: &[u8]) -> String {
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
