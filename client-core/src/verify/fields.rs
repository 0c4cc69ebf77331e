//! Fields that are not part of whole rows: computed and binary ones, some of which make any read fail.

use super::Report;
use crate::decode::{Rows, Sink};
use crate::record::Column;
use crate::slot::{Mismatch, Shape, Wire};
use crate::{Client, DecodeError, Error, Id, Ids, Json, Many2one, Model, Reference, Slot, Slots, UnknownValue};

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
    report: &mut Report,
) -> Result<(), Error> {
    let mut readable = fields.to_vec();
    for ids in ids.chunks(PAGE) {
        let mut waiting = vec![readable.clone()];
        while let Some(fields) = waiting.pop() {
            if fields.is_empty() {
                continue;
            }
            match read_page(client, model, &fields, ids).await {
                Ok((rows, failures)) => {
                    report.values += rows * fields.len();
                    report.failures.extend(failures);
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

async fn read_page(
    client: &Client,
    model: &'static str,
    fields: &[Field],
    ids: &[i64],
) -> Result<(usize, Vec<DecodeError>), Error> {
    let names: Vec<_> = std::iter::once("id").chain(fields.iter().map(|field| field.0)).collect();
    let call = client.model(model).call("read").ids(ids.iter().copied()).arg("fields", &names);
    let reply = call.context("active_test", false).context("bin_size", true).send_reply().await?;
    let mut sink = Counted { row: AnyRow::new(fields), fields, failures: Vec::new() };
    let columns: Vec<Column> = names.iter().enumerate().map(|(at, name)| sink.row.column(at, name)).collect();
    let read = reply.read(Rows::new(model, &columns, &mut sink))?;
    Ok((read.rows, sink.failures))
}

/// A row whose fields are known only at run time.
struct AnyRow {
    slots: Vec<Box<dyn Slot>>,
}

impl AnyRow {
    fn new(fields: &[Field]) -> Self {
        let id: Box<dyn Slot> = Box::new(Id::<AnyModel>::default());
        Self { slots: std::iter::once(id).chain(fields.iter().map(|field| slot(field.1))).collect() }
    }

    fn column(&self, at: usize, name: &'static str) -> Column {
        Column { name, shape: self.get(at).map_or(Shape::Scalar, Slot::shape), nested: None }
    }
}

impl Slots for AnyRow {
    type Model = AnyModel;
    /// Unknown here: whoever made the row knows them.
    fn fields() -> &'static str {
        ""
    }
    fn empty() -> Self {
        Self { slots: Vec::new() }
    }
    fn slot(&mut self, at: usize) -> Option<&mut dyn Slot> {
        Some(&mut **self.slots.get_mut(at)?)
    }
    fn get(&self, at: usize) -> Option<&dyn Slot> {
        self.slots.get(at).map(|slot| &**slot)
    }
}

/// The slot that a generated row would have for a field of this type.
fn slot(ttype: &str) -> Box<dyn Slot> {
    match ttype {
        "boolean" => Box::new(false),
        "integer" => Box::new(0_i64),
        "float" | "monetary" => Box::new(0_f64),
        "char" | "html" | "text" => Box::new(None::<String>),
        "selection" => Box::new(None::<AnyValue>),
        "date" => Box::new(None::<crate::Date>),
        "datetime" => Box::new(None::<crate::Timestamp>),
        "many2one" => Box::new(None::<Many2one<AnyModel>>),
        "many2many" | "one2many" => Box::new(Ids::<AnyModel>::EMPTY),
        "many2one_reference" => Box::new(None::<i64>),
        "reference" => Box::new(None::<Reference>),
        _ => Box::new(Json::default()),
    }
}

enum AnyModel {}

impl Model for AnyModel {
    const NAME: &'static str = "any";
}

/// A selection of which no value is known: like any other, it takes all.
enum AnyValue {
    Unknown(UnknownValue),
}

crate::selection! { AnyValue: }

struct Counted<'a> {
    row: AnyRow,
    fields: &'a [Field],
    failures: Vec<DecodeError>,
}

impl Sink for Counted<'_> {
    fn put(&mut self, at: usize, value: Wire<'_>) -> Result<(), Mismatch> {
        self.row.slot(at).map_or(Ok(()), |slot| slot.put(value))
    }
    fn accept(&mut self) {}
    fn reject(&mut self, failures: Vec<DecodeError>) {
        self.row = AnyRow::new(self.fields);
        self.failures.extend(failures);
    }
}
