//! Reads a live Odoo through every row of a generated crate: does the pin still fit?
//!
//! Each generated crate has an example that calls [`main`] with all its rows, and `cargo xtask verify` runs it.

mod fields;
mod report;

use std::process::ExitCode;
use std::sync::Arc;

use tokio::task::JoinSet;

pub use self::report::{Poison, Refusal, Report};
use crate::decode::{Failures, RowReader, Rows, Sink};
use crate::record::Column;
use crate::transport::Reply;
use crate::{Client, DecodeError, Error, ErrorKind, Model, Pin, Record, Slots, query, record};

/// How many models are read at a time.
const CONCURRENT: usize = 4;

/// Records a request asks for: whole rows are wide, and a server computes what is not stored record by record.
const PAGE: usize = 200;

/// One model of a generated crate, by the row it is read through.
#[derive(Clone, Copy)]
pub struct Target {
    model: &'static str,
    row_fields: fn() -> Vec<&'static str>,
    /// The other fields: their names and Odoo's types.
    others: &'static [(&'static str, &'static str)],
    decode: fn(&Reply) -> Result<Decoded, Error>,
}

/// What a page held.
#[derive(Default)]
struct Decoded {
    rows: usize,
    /// The ids of the records that decoded.
    ids: Vec<i64>,
    failures: Vec<DecodeError>,
}

/// Reads rows, and keeps of them no more than that.
struct Check<'a> {
    read: &'a dyn Fn(&mut RowReader<'_>),
    decoded: Decoded,
}

impl Sink for Check<'_> {
    fn begin(&mut self) {
        self.decoded = Decoded::default();
    }

    fn take(&mut self, row: &mut RowReader<'_>) {
        (self.read)(row);
        self.decoded.rows += 1;
        if row.is_sound() {
            self.decoded.ids.extend(row.id());
        } else {
            let mut failures = Failures::default();
            row.failures(&mut failures);
            self.decoded.failures.extend(failures.first);
        }
    }
}

/// Decodes an answer with what reads a row of these columns.
fn check(reply: &Reply, model: &str, columns: &[Column], read: &dyn Fn(&mut RowReader<'_>)) -> Result<Decoded, Error> {
    let mut check = Check { read, decoded: Decoded::default() };
    query::read_rows(reply, Rows::new(model, columns, &mut check), false)?;
    Ok(check.decoded)
}

impl Target {
    /// The model that this row is the whole of, and its fields that are not part of the row.
    pub fn of<R: Slots>(others: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            model: <R as Record>::Model::NAME,
            row_fields: || record::names(&R::columns()),
            others,
            decode: |reply| {
                let empty = R::empty();
                check(reply, <R as Record>::Model::NAME, &R::columns(), &|row| drop(empty.read(row)))
            },
        }
    }
}

/// The whole program: connects with what the environment says, reads, and reports on standard output.
///
/// Arguments: `--all-fields` reads computed and binary fields too, `--json` reports in JSON, anything else is the name
/// of a model to read (all of them if there is none). The exit status is 0 where the pin fits, 1 where it does not, 2
/// where that could not be found out.
pub fn main(pin: &Pin, targets: &[Target]) -> ExitCode {
    let mut options = Options::default();
    let mut json = false;
    let mut wanted: Vec<String> = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--all-fields" => options.all_fields = true,
            "--json" => json = true,
            _ => wanted.push(argument),
        }
    }
    if let Some(unknown) = wanted.iter().find(|name| !targets.iter().any(|target| target.model == **name)) {
        eprintln!("error: the pin has no model `{}`", unknown.escape_debug());
        return ExitCode::from(2);
    }
    let chosen = targets.iter().filter(|target| wanted.is_empty() || wanted.iter().any(|name| name == target.model));
    let targets: Vec<Target> = chosen.copied().collect();
    let read = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string());
    let report = read.and_then(|runtime| {
        runtime
            .block_on(async {
                let client = Client::from_env().await?;
                verify(&client, pin, &targets, options).await
            })
            .map_err(|error| error.to_string())
    });
    match report {
        Ok(report) => {
            println!("{}", if json { report.to_json() } else { report.to_string() });
            ExitCode::from(u8::from(!report.fits()))
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// How thoroughly to read.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Read computed and binary fields too, and find out which of them make reads fail. Of stored binary fields only
    /// the size is asked for: a database can hold gigabytes of them.
    pub all_fields: bool,
}

/// Reads all records of the models.
///
/// # Errors
///
/// When the server is of another series than the pin, or cannot be reached. What it refuses to read is in the report.
pub async fn verify(client: &Client, pin: &Pin, targets: &[Target], options: Options) -> Result<Report, Error> {
    if client.version().series() != pin.series {
        let what = format!("{} is Odoo {}, the pin is of {}", client.url(), client.version().series(), pin.series);
        return Err(Error::new(ErrorKind::Config, what).with_remedy("verify against a server of the pin's series"));
    }
    let mut report = Report::new(client, pin);
    let client = Arc::new(client.clone());
    let mut waiting = targets.iter().copied();
    let mut running: JoinSet<Result<Report, Error>> = JoinSet::new();
    let mut done = 0;
    loop {
        while running.len() < CONCURRENT
            && let Some(target) = waiting.next()
        {
            let client = Arc::clone(&client);
            running.spawn(async move { read_model(&client, &target, options).await });
        }
        let Some(part) = running.join_next().await else { break };
        let part = part.map_err(|error| Error::new(ErrorKind::Server, format!("a task failed: {error}")))??;
        report.add(part);
        done += 1;
        // A line each tenth of the way.
        if targets.len() >= 50 && done * 10 / targets.len() > (done - 1) * 10 / targets.len() {
            eprintln!("reading models {done}/{}", targets.len());
        }
    }
    report.sort();
    Ok(report)
}

async fn read_model(client: &Client, target: &Target, options: Options) -> Result<Report, Error> {
    let mut report = Report::default();
    let row_fields = (target.row_fields)();
    let mut last = 0;
    let mut ids: Vec<i64> = Vec::new();
    loop {
        let call = client
            .model(target.model)
            .call("search_read")
            .arg("domain", serde_json::json!([["id", ">", last]]))
            .arg("fields", &row_fields)
            .arg("order", "id")
            .arg("limit", PAGE)
            .context("active_test", false);
        let page = match call.send_reply().await.and_then(|reply| (target.decode)(&reply)) {
            Ok(page) => page,
            Err(error) => {
                report.refuse(target.model, error)?;
                break;
            }
        };
        let failed: std::collections::BTreeSet<i64> = page.failures.iter().filter_map(|failure| failure.id).collect();
        let read = page.ids.len() + failed.len();
        report.read(read, read * row_fields.len());
        report.failures.extend(page.failures);
        ids.extend(page.ids.iter().chain(&failed));
        let highest = ids.iter().copied().max().unwrap_or(0);
        // A view whose ids are not in order would otherwise be read forever.
        if read < PAGE || highest <= last {
            break;
        }
        last = highest;
    }
    if report.refused.is_empty() && report.missing.is_empty() {
        report.models += 1;
        if options.all_fields {
            fields::read(client, target.model, target.others, &ids, &mut report).await?;
        }
    }
    Ok(report)
}
