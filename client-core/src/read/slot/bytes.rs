//! Binary fields: base64 on the wire, bytes here.

use base64::engine::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::read::slot::{Mismatch, Slot, Wire};

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

/// Decodes base64. Odoo keeps the text of a binary field as it was written to it, and some encoders break lines.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok().or_else(|| {
        let is_broken = text.bytes().any(|b| b.is_ascii_whitespace());
        let joined = || text.bytes().filter(|b| !b.is_ascii_whitespace()).collect::<Vec<_>>();
        is_broken.then(joined).and_then(|joined| STANDARD.decode(joined).ok())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Binary;
    use crate::field::kind;
    use crate::write::values::ToWrite;

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
    }
}
