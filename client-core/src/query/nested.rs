//! Records within records from servers before 17, which cannot be asked for them: they are read by their ids, and put
//! where a newer server would have put them.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::read::column::{self, Column, Nested};
use crate::read::decode::DEEPEST;
use crate::transport::Boxed;
use crate::{Client, Context, Error, ErrorKind};

/// How many records are read at a time.
const CHUNK: usize = 1_000;

/// How often a part of these is read anew, because there is one in it that cannot be read.
const PARTED: usize = 100;

/// Whether there are records that are gone, or that the user may not read. A field that nobody like them may read is
/// another matter: it is so for all records.
pub(super) fn is_unreadable(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Access | ErrorKind::Missing) && error.fields().is_empty()
}

pub(crate) fn too_deep(model: &str) -> Error {
    Error::config(format!("records of {model} contain records that contain records …, deeper than {DEEPEST} levels"))
        .with_remedy("does a struct contain a list of itself? Give the inner ones a struct of their own")
}

/// A record as the server sent it, in its order.
pub(super) struct Row(Vec<(String, Box<RawValue>)>);

impl Row {
    fn get(&self, field: &str) -> Option<&RawValue> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, value)| &**value)
    }

    fn write(&self, json: &mut String) {
        json.push('{');
        for (at, (name, value)) in self.0.iter().enumerate() {
            json.push_str(if at == 0 { "" } else { "," });
            json.push_str(&Value::from(&**name).to_string());
            json.push(':');
            json.push_str(value.get());
        }
        json.push('}');
    }
}

/// The rows as JSON, with records in place of their ids.
pub(super) async fn fill(
    client: &Client,
    context: &Context,
    columns: &[Column],
    mut rows: Vec<Row>,
    depth: usize,
) -> Result<String, Error> {
    for column in columns {
        let Some(nested) = &column.nested else { continue };
        let mut ids: Vec<i64> = rows.iter().filter_map(|row| row.get(column.name)).flat_map(ids).collect();
        ids.sort_unstable();
        ids.dedup();
        let records = read(client, context, nested, ids, depth).await?;
        for (_, value) in rows.iter_mut().flat_map(|row| &mut row.0).filter(|(name, _)| name == column.name) {
            if let Some(filled) = replacement(value, nested, &records) {
                *value = filled;
            }
        }
    }
    let mut json = String::from("[");
    for (at, row) in rows.iter().enumerate() {
        json.push_str(if at == 0 { "" } else { "," });
        row.write(&mut json);
    }
    json.push(']');
    Ok(json)
}

/// Records in the order of their ids, `None` where there is none to be read. A map would be one more kind of it in every program.
struct Records {
    ids: Vec<i64>,
    records: Vec<Option<Box<RawValue>>>,
}

impl Records {
    fn get(&self, id: i64) -> Option<&RawValue> {
        self.records[self.ids.binary_search(&id).ok()?].as_deref()
    }
}

/// Reads records by their ids, which are in order.
fn read<'a>(
    client: &'a Client,
    context: &'a Context,
    nested: &'a Nested,
    ids: Vec<i64>,
    depth: usize,
) -> Boxed<'a, Records> {
    Box::pin(async move {
        let depth = depth.checked_sub(1).ok_or_else(|| too_deep(nested.model))?;
        let columns = (nested.columns)();
        let mut records: Vec<Option<Box<RawValue>>> = vec![None; ids.len()];
        for some in ids.chunks(CHUNK) {
            let rows = readable(client, context, nested.model, &columns, some).await?;
            let of_rows: Vec<Option<i64>> = rows.iter().map(|row| row.get("id")?.get().parse().ok()).collect();
            let json = fill(client, context, &columns, rows, depth).await?;
            let rows: Vec<Box<RawValue>> = serde_json::from_str(&json)
                .map_err(|error| Error::decode(format!("records of {}: {error}", nested.model)))?;
            for (id, row) in of_rows.into_iter().zip(rows) {
                if let Some(at) = id.and_then(|id| ids.binary_search(&id).ok()) {
                    records[at] = Some(row);
                }
            }
        }
        Ok(Records { ids, records })
    })
}

/// Those of the records that the user may read and that are still there.
async fn readable(
    client: &Client,
    context: &Context,
    model: &'static str,
    columns: &[Column],
    ids: &[i64],
) -> Result<Vec<Row>, Error> {
    let call = |method| client.model(model).call(method).with_context(context.clone());
    let read = |ids: Vec<i64>| call("read").ids(ids).arg("fields", column::names(columns));
    // One that the user may not read fails all of it; a search passes it over.
    match read(ids.to_vec()).send().await {
        Err(error) if is_unreadable(&error) => {}
        rows => return rows,
    }
    let search = call("search").arg("domain", json!([["id", "in", ids]])).with_context(("active_test", false));
    let mut parts: Vec<Vec<i64>> = match search.send().await {
        // The user may read none of the model.
        Err(error) if is_unreadable(&error) => return Ok(Vec::new()),
        found => vec![found?],
    };
    // There are models and computed fields that refuse what a search finds.
    let (mut rows, mut parted) = (Vec::new(), 0);
    while let Some(mut part) = parts.pop() {
        match read(part.clone()).send::<Vec<Row>>().await {
            Ok(read) => rows.extend(read),
            Err(error) if is_unreadable(&error) && parted < PARTED => {
                parted += 1;
                if part.len() > 1 {
                    parts.push(part.split_off(part.len() / 2));
                    parts.push(part);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

/// The ids in a many2one or x2many.
fn ids(value: &RawValue) -> Vec<i64> {
    match serde_json::from_str(value.get()) {
        Ok(Value::Number(id)) => id.as_i64().into_iter().collect(),
        // The name of a many2one is no number.
        Ok(Value::Array(list)) => list.iter().filter_map(Value::as_i64).collect(),
        _ => Vec::new(),
    }
}

/// The record, or the list of records. One that is gone since, or that the user may not read, stays the id (and the name)
/// that it was: it is no record, and not empty either. `None` if all is to stay as it is.
fn replacement(value: &RawValue, nested: &Nested, records: &Records) -> Option<Box<RawValue>> {
    let ids = ids(value);
    let json = if nested.is_list {
        if !value.get().starts_with('[') {
            return None;
        }
        let all =
            ids.iter().map(|id| records.get(*id).map_or_else(|| id.to_string(), |record| record.get().to_owned()));
        format!("[{}]", all.collect::<Vec<_>>().join(","))
    } else {
        records.get(*ids.first()?)?.get().to_owned()
    };
    RawValue::from_string(json).ok()
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct AnyRow;
        impl<'de> Visitor<'de> for AnyRow {
            type Value = Row;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Row(fields))
            }
        }
        json.deserialize_map(AnyRow)
    }
}
