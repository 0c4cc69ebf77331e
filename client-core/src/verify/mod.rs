//! Reads a live Odoo through every row of a generated crate: does the pin still fit?
//!
//! Each generated crate has an example that calls [`verify`] with all its rows and prints the [`Report`], and `cargo odoo verify` runs it.

mod fields;
mod model;
mod options;
mod progress;
mod report;
mod sample;
mod show;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

pub use self::options::Options;
use self::progress::Counter;
pub use self::progress::Progress;
pub use self::report::{Misfit, Missing, Poison, Refusal, Report, Unread, Verdict, Why};
use crate::model::Pin;
use crate::read::DecodeError;
use crate::read::column::{self, Column};
use crate::read::decode::{Rows, Sink};
use crate::read::error::Failures;
use crate::read::record::Slots;
use crate::read::row::RowReader;
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
            row_fields: || column::names(&R::columns()),
            others,
            decode: |reply| {
                let empty = R::empty();
                check(reply, <R as Record>::Model::ODOO_NAME, &R::columns(), &|row| drop(empty.read(row)))
            },
        }
    }
}

/// Reads the records of the models: all of them, or as many as the options say. `tell` is told how far it is, now and then.
///
/// # Errors
///
/// When the server is of another series than the pin, or cannot be reached, and when the options name a model that is not
/// among the targets. What the server refuses to read is in the report.
pub async fn verify(
    client: &Client,
    pin: &Pin,
    targets: &[Target],
    options: &Options,
    tell: impl Fn(&Progress),
) -> Result<Report, Error> {
    if client.version().series() != pin.series {
        let what = format!("{} is Odoo {}, the pin is of {}", client.url(), client.version().series(), pin.series);
        return Err(Error::new(ErrorKind::Config, what).with_remedy("verify against a server of the pin's series"));
    }
    if let Some(unknown) = options.models.iter().find(|name| !targets.iter().any(|target| target.model == **name)) {
        return Err(Error::config(format!("the pin has no model `{}`", unknown.escape_debug())));
    }
    let is_wanted =
        |target: &Target| options.models.is_empty() || options.models.iter().any(|name| name == target.model);
    let targets: Vec<Target> = targets.iter().copied().filter(is_wanted).collect();
    let mut report = Report::new(client, pin, targets.len(), options);
    // The server's words are told apart, which it has in English only for this.
    let client = Arc::new(client.with_context(("lang", "en_US")));
    let deadline = options.time_limit.map(|limit| Instant::now() + limit);
    let concurrent = client.transport().http.limits().load.max_concurrent_calls.unwrap_or(CONCURRENT);
    let counter = Arc::new(Counter::new(targets.len()));
    let options = Arc::new(options.clone());
    let mut waiting = targets.into_iter();
    let mut running: JoinSet<Result<Report, Error>> = JoinSet::new();
    loop {
        while running.len() < concurrent
            && let Some(target) = waiting.next()
        {
            let (client, options, counter) = (Arc::clone(&client), Arc::clone(&options), Arc::clone(&counter));
            running.spawn(async move { model::read(&client, &target, &options, deadline, &counter).await });
        }
        match timeout(TOLD_EACH, running.join_next()).await {
            Err(_) => tell(&counter.progress()),
            Ok(None) => break,
            Ok(Some(part)) => {
                let part = part.map_err(|error| Error::new(ErrorKind::Server, format!("a task failed: {error}")))??;
                report.add(part);
                if let Some(progress) = counter.add_model() {
                    tell(&progress);
                }
            }
        }
    }
    report.sort();
    Ok(report)
}
