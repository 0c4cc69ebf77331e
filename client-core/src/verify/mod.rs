//! Reads a live Odoo through every row of a generated crate: does the pin still fit?
//!
//! Each generated crate has an example that calls [`main`] with all its rows, and `cargo odoo verify` runs it.

mod fields;
mod model;
mod options;
mod progress;
mod report;
mod sample;
mod show;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

pub use self::options::Options;
use self::options::Parsed;
use self::progress::Progress;
pub use self::report::{Misfit, Missing, Poison, Refusal, Report, Unread, Verdict, Why};
use crate::model::Pin;
use crate::read::DecodeError;
use crate::read::decode::{Failures, RowReader, Rows, Sink};
use crate::read::record::Column;
use crate::read::record::{self, Slots};
use crate::transport::Reply;
use crate::{Client, Error, ErrorKind, Model, Record, query};

/// How many models are read at a time, if the client has no limit.
const CONCURRENT: usize = 4;

/// How often it is told how far the reading is.
const TOLD_EACH: Duration = Duration::from_secs(10);

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
            model: <R as Record>::Model::ODOO_NAME,
            row_fields: || record::names(&R::columns()),
            others,
            decode: |reply| {
                let empty = R::empty();
                check(reply, <R as Record>::Model::ODOO_NAME, &R::columns(), &|row| drop(empty.read(row)))
            },
        }
    }
}

/// The whole program: connects with what the environment says, reads, and reports on standard output.
///
/// Arguments: the [`Options`], as `--all-fields`, `--sample N`, `--seed N` and `--time-limit 10m`; `--verbose` names all
/// that a count stands for, `--json` reports in JSON, anything else is the name of a model to read (all of them if there
/// is none). The exit status is 0 where the pin fits, 1 where it does not, 2 where that could not be found out, and 3
/// where what was read fits, but not all of it could be read.
pub fn main(pin: &Pin, targets: &[Target]) -> ExitCode {
    match run(pin, targets) {
        Ok(verdict) => ExitCode::from(verdict.exit_status()),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(pin: &Pin, targets: &[Target]) -> Result<Verdict, String> {
    let Parsed { options, models, is_verbose, is_json } = Parsed::from_arguments(std::env::args().skip(1))?;
    if let Some(unknown) = models.iter().find(|name| !targets.iter().any(|target| target.model == **name)) {
        return Err(format!("the pin has no model `{}`", unknown.escape_debug()));
    }
    let chosen = targets.iter().filter(|target| models.is_empty() || models.iter().any(|name| name == target.model));
    let targets: Vec<Target> = chosen.copied().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let report = runtime.map_err(|error| error.to_string())?.block_on(async {
        let client = Client::from_env().await?;
        verify(&client, pin, &targets, options).await
    });
    let report = report.map_err(|error: Error| error.to_string())?;
    match (is_json, is_verbose) {
        (true, _) => println!("{}", report.to_json()),
        (false, true) => println!("{report:#}"),
        (false, false) => println!("{report}"),
    }
    Ok(report.verdict())
}

/// Reads the records of the models: all of them, or as many as the options say.
///
/// # Errors
///
/// When the server is of another series than the pin, or cannot be reached. What it refuses to read is in the report.
pub async fn verify(client: &Client, pin: &Pin, targets: &[Target], options: Options) -> Result<Report, Error> {
    if client.version().series() != pin.series {
        let what = format!("{} is Odoo {}, the pin is of {}", client.url(), client.version().series(), pin.series);
        return Err(Error::new(ErrorKind::Config, what).with_remedy("verify against a server of the pin's series"));
    }
    let mut report = Report::new(client, pin, targets.len(), options);
    // The server's words are told apart, which it has in English only for this.
    let client = Arc::new(client.with_context(crate::Context::new().lang("en_US")));
    let deadline = options.time_limit.map(|limit| Instant::now() + limit);
    let concurrent = client.transport().http.limits().load.max_concurrent_calls.unwrap_or(CONCURRENT);
    let progress = Arc::new(Progress::new(targets.len()));
    let mut waiting = targets.iter().copied();
    let mut running: JoinSet<Result<Report, Error>> = JoinSet::new();
    loop {
        while running.len() < concurrent
            && let Some(target) = waiting.next()
        {
            let (client, progress) = (Arc::clone(&client), Arc::clone(&progress));
            running.spawn(async move { model::read(&client, &target, options, deadline, &progress).await });
        }
        match timeout(TOLD_EACH, running.join_next()).await {
            Err(_) => progress.tell(),
            Ok(None) => break,
            Ok(Some(part)) => {
                let part = part.map_err(|error| Error::new(ErrorKind::Server, format!("a task failed: {error}")))??;
                report.add(part);
                progress.model_done();
            }
        }
    }
    report.sort();
    Ok(report)
}
