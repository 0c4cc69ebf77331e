//! Fields that are not part of whole rows: computed and binary ones, some of which make any read fail.

use tokio::time::Instant;

use super::{Decoded, Report};
use crate::model::UnknownValue;
use crate::read::column::Column;
use crate::read::row::RowReader;
use crate::{self as odoo, Client, Error, Ids, Json, Link};

/// A field's name and Odoo's name of its type; `json` where the values can be any JSON.
type Field = (&'static str, &'static str);

/// Records a request asks for. Few: all of their values are computed.
const PAGE: usize = 50;

/// Reads `fields` of the records `ids` and reports what came.
///
/// Where the server refuses, halves of the fields are tried until the guilty ones are found; the others go on.
pub(super) async fn read(
    client: &Client,
    model: &'static str,
    fields: &[Field],
    ids: &[i64],
    deadline: Option<Instant>,
    report: &mut Report,
) -> Result<(), Error> {
    let mut readable = fields.to_vec();
    for ids in ids.chunks(PAGE) {
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            report.unreached.push(model.to_owned());
            return Ok(());
        }
        let mut waiting = vec![readable.clone()];
        while let Some(fields) = waiting.pop() {
            if fields.is_empty() {
                continue;
            }
            match read_page(client, model, &fields, ids).await {
                Ok(page) => {
                    report.values += page.rows * fields.len();
                    report.fail(page.failures);
                }
                Err(error) => match fields.as_slice() {
                    [field] => {
                        report.poison(model, field.0, error)?;
                        readable.retain(|good| good.0 != field.0);
                    }
                    _ if !super::report::is_refusal(&error) => return Err(error),
                    fields => {
                        let (one, other) = fields.split_at(fields.len() / 2);
                        waiting.extend([one.to_vec(), other.to_vec()]);
                    }
                },
            }
        }
    }
    Ok(())
}

async fn read_page(client: &Client, model: &'static str, fields: &[Field], ids: &[i64]) -> Result<Decoded, Error> {
    let names: Vec<_> = std::iter::once("id").chain(fields.iter().map(|field| field.0)).collect();
    let call = client.model(model).call("read").ids(ids.iter().copied()).arg("fields", &names);
    let reply = call.with_context(("active_test", false)).with_context(("bin_size", true)).send_reply().await?;
    // The row that a generated crate would have for them.
    let read = |row: &mut RowReader<'_>| {
        row.integer(&0);
        fields.iter().for_each(|field| take(field.1, row));
    };
    let mut reader = RowReader::for_columns();
    read(&mut reader);
    let columns = names.iter().zip(reader.into_columns());
    let columns = columns.map(|(name, (shape, types))| Column { name, shape, types, nested: None });
    let columns: Vec<_> = columns.collect();
    super::check(&reply, model, &columns, &read)
}

macro_rules! taken {
    ($($kind:ident: [$($name:literal)?] [$($take:ident, $type:ty, $empty:expr)?];)*) => {
        /// Reads a value as a generated row would have it for a field of this type.
        fn take(ttype: &str, row: &mut RowReader<'_>) {
            match ttype {
                "selection" => drop(row.selection::<AnyValue>(&None)),
                "many2one" => drop(row.link::<()>(&Link::EMPTY)),
                "many2many" | "one2many" => drop(row.links::<()>(&Ids::EMPTY)),
                $($($name => drop(row.$take(&$empty)),)?)*
                _ => drop(row.json(&Json::NULL)),
            }
        }
    };
}

odoo_field_types::field_types!(taken of row);

/// A selection of which no value is known: like any other, it takes all.
enum AnyValue {
    Unknown(UnknownValue),
}

crate::__selection! { AnyValue: }
