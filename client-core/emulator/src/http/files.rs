//! Files: `/web/content` and `/web/image`, and the form that attaches one to a record.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::header::CONTENT_DISPOSITION;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::call::Request;
use super::{pages, python};
use crate::Fault;
use crate::engine::Caller;
use crate::series::Difference;
use crate::state::State;

/// A picture of one point: what Odoo shows where there is none.
pub(super) const PICTURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\xdac\
    d\xf8\xcfP\x0f\0\x03\x86\x01\x80Z4}k\0\0\0\0IEND\xaeB`\x82";

const ATTACHMENTS: &str = "ir.attachment";

/// `/web/content/ID`, `/web/content/MODEL/ID/FIELD`, each with a name of the file behind it, and the same of `/web/image`.
pub(super) fn content(state: &State, request: &Request, uid: i64) -> Answer {
    let mut parts = request.path.split('/').skip(2);
    let kind = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let (model, id, field) = match rest[..] {
        // Behind the id may be what tells browsers that it is another.
        [id] | [id, _] => (ATTACHMENTS, id.split('-').next().unwrap_or_default(), "datas"),
        [model, id, field] | [model, id, field, _] => (model, id, field),
        _ => return not_found(state),
    };
    let Ok(id) = id.parse::<i64>() else { return not_found(state) };
    let is_file = model == ATTACHMENTS;
    let fields = if is_file { json!([field, "name", "mimetype", "type", "url"]) } else { json!([field]) };
    let row = match read(state, uid, model, id, fields) {
        Ok(row) => row,
        Err(fault) if fault.exception == "odoo.exceptions.AccessError" => return pages::forbidden(state.series),
        Err(_) => Value::Null,
    };
    if let (Some("url"), Some(url)) = (row["type"].as_str(), row["url"].as_str()) {
        let mut moved = pages::redirect(url);
        moved.status = 301;
        return moved;
    }
    let bytes = row[field].as_str().and_then(|text| BASE64_STANDARD.decode(text).ok()).unwrap_or_default();
    // 14.0 has nothing at the address of an empty file.
    let is_there = is_file && row.is_object() && state.series.has(Difference::ErrorsInWords) || !bytes.is_empty();
    match (is_there, kind) {
        (false, "image") => return Answer::new(200, "image/png", PICTURE),
        (false, _) => return not_found(state),
        (true, _) => {}
    }
    let mimetype =
        row["mimetype"].as_str().unwrap_or(if kind == "image" { "image/png" } else { "application/octet-stream" });
    let answer = Answer::new(200, mimetype, bytes);
    if request.form_value(&request.query, "download").is_none() {
        return answer;
    }
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');
    let name = utf8_percent_encode(row["name"].as_str().unwrap_or(field), KEPT);
    answer.with_header(CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}"))
}

fn not_found(state: &State) -> Answer {
    pages::not_found(state.series, &Value::Null, false)
}

fn read(state: &State, uid: i64, model: &str, id: i64, fields: Value) -> Result<Value, Fault> {
    let kwargs = Map::from_iter([("fields".to_owned(), fields)]);
    let rows = state.world().engine.call(&Caller::new(uid), model, "read", vec![json!([id])], kwargs)?;
    Ok(rows.get(0).cloned().unwrap_or_default())
}

/// `/web/binary/upload_attachment`: a form with files in it, and the record that they are attached to.
pub(super) fn upload(state: &State, request: &Request, uid: i64) -> Answer {
    let kind = request.header("content-type").unwrap_or_default();
    let border = kind.split_once("boundary=").map_or("", |(_, border)| border.trim_matches('"'));
    let parts = if border.is_empty() { Vec::new() } else { parts(&request.body, border) };
    let text = |name: &str| {
        let part = parts.iter().find(|part| part.name == name);
        part.map(|part| String::from_utf8_lossy(part.content).into_owned()).unwrap_or_default()
    };
    if !is_token(&text("csrf_token")) {
        return pages::bad_request(state.series, "Session expired (invalid CSRF token)");
    }
    let (model, id) = (text("model"), text("id").parse::<i64>().unwrap_or_default());
    let files = parts.iter().filter_map(|part| Some((part.file.as_deref()?, part.content)));
    let said: Value = files.map(|(name, content)| attach(state, uid, &model, id, name, content)).collect();
    Answer::html(200, python::json(state.series, &said))
}

fn attach(state: &State, uid: i64, model: &str, id: i64, name: &str, content: &[u8]) -> Value {
    let values = json!({"name": name, "datas": BASE64_STANDARD.encode(content), "res_model": model, "res_id": id});
    let attached = read(state, uid, model, id, json!(["id"])).and_then(|record| match record {
        Value::Null => Err(Fault::missing("there is no such record")),
        _ => state.world().create(uid, ATTACHMENTS, values),
    });
    match attached.and_then(|attached| read(state, uid, ATTACHMENTS, attached, json!(["mimetype", "file_size"]))) {
        Ok(row) => json!({"filename": name, "mimetype": row["mimetype"], "id": row["id"], "size": row["file_size"]}),
        Err(_) if state.series.has(Difference::UploadsSayWhy) => {
            json!({"error": "You are not allowed to upload an attachment here."})
        }
        Err(_) => json!({"error": "Something horrible happened"}),
    }
}

/// Whether it is one that a page of the emulator had.
fn is_token(text: &str) -> bool {
    let is_hex = |text: &str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split_once('o').is_some_and(|(hash, time)| is_hex(hash) && time.parse::<u64>().is_ok())
}

/// A part of a form.
struct Part<'a> {
    name: String,
    /// The name of the file, if it is one.
    file: Option<String>,
    content: &'a [u8],
}

fn parts<'a>(body: &'a [u8], border: &str) -> Vec<Part<'a>> {
    let delimiter = format!("\r\n--{border}");
    let mut found = Vec::new();
    // The first border has no line before it.
    let mut rest = body.strip_prefix(&delimiter.as_bytes()[2..]).unwrap_or_default();
    while let Some((head, behind)) = split(rest, b"\r\n\r\n") {
        let Some((content, next)) = split(behind, delimiter.as_bytes()) else { break };
        let head = String::from_utf8_lossy(head).into_owned();
        let value =
            |key: &str| Some(head.split_once(&format!("; {key}=\""))?.1.split('"').next()?.replace("%22", "\""));
        found.push(Part { name: value("name").unwrap_or_default(), file: value("filename"), content });
        rest = next;
    }
    found
}

/// What is before and what is behind.
fn split<'a>(bytes: &'a [u8], between: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(between.len()).position(|window| window == between)?;
    Some((&bytes[..at], &bytes[at + between.len()..]))
}
