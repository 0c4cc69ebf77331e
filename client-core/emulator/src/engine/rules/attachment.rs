//! Attachments: what Odoo tells of their content.

use std::fmt::Write;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};

use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::ModelId;
use crate::engine::env::Env;

/// What the ends of names stand for.
const TYPES: [(&str, &str); 12] = [
    ("csv", "text/csv"),
    ("gif", "image/gif"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("txt", "text/plain"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// Size, checksum and type of what was written. Seen on 14.0 and 19.0.
pub(super) fn after(
    env: &mut Env<'_>,
    model: ModelId,
    id: i64,
    values: &Map<String, Value>,
    is_new: bool,
) -> Result<(), Fault> {
    let content = values.get("datas");
    if content.is_none() && !is_new {
        return Ok(());
    }
    let base64 = content.and_then(Value::as_str).unwrap_or_default();
    let bytes = BASE64_STANDARD.decode(base64).map_err(|_| Fault::new("binascii.Error", "Incorrect padding"))?;
    let Some(row) = env.store.row(model, id) else { return Ok(()) };
    let mut row = (**row).clone();
    let def = env.registry.def(model);
    let mut set = |name: &str, cell: Option<Cell>| {
        if let Some(number) = def.id_of(name) {
            row.set(number, cell);
        }
    };
    set("file_size", Some(Cell::Int(i64::try_from(bytes.len()).unwrap_or(i64::MAX))));
    set("checksum", (!bytes.is_empty()).then(|| Cell::text(hex(&Sha1::digest(&bytes)))));
    if !values.contains_key("mimetype") {
        let name = env.text(model, id, "name").unwrap_or_default().to_lowercase();
        let end = name.rsplit_once('.').map(|(_, end)| end);
        let known = TYPES.iter().find(|(known, _)| Some(*known) == end).map(|(_, name)| *name);
        set("mimetype", Some(Cell::text(known.unwrap_or("application/octet-stream"))));
    }
    env.store.put(model, id, Some(row));
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
