//! Reading one model.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::report::is_about_no_table;
use super::sample::Random;
use super::{Counter, Decoded, Options, Report, Target, fields};
use crate::version::Difference;
use crate::{Client, Error, ErrorKind};

/// Records a request asks for: whole rows are wide, and a server computes what is not stored record by record.
const PAGE: usize = 200;

/// For each record of a sample that lies between the oldest and the newest, how many ids are tried: others were deleted.
const TRIED: usize = 8;

/// Reads a model, and reports what came of it.
pub(super) async fn read(
    client: &Client,
    target: &Target,
    options: &Options,
    deadline: Option<Instant>,
    counter: &Counter,
) -> Result<Report, Error> {
    let mut reading = Reading {
        client,
        target,
        deadline,
        counter,
        report: Report::default(),
        fields: (target.row_fields)(),
        lacking: Vec::new(),
        ids: BTreeSet::new(),
    };
    let outcome = match options.sample {
        None => reading.all().await,
        Some(size) => reading.sample(size as usize, &mut Random::new(options.seed, target.model)).await,
    };
    match outcome {
        Ok(()) => {}
        Err(Stop::Time) => reading.report.unreached.push(target.model.to_owned()),
        Err(Stop::Refused(error)) => {
            let has_no_user = error.kind() == ErrorKind::Access && has_no_user(client, denied(&error)).await;
            reading.report.refuse(target.model, error, has_no_user)?;
            return Ok(reading.report);
        }
    }
    reading.tell_lacking().await?;
    let Reading { mut report, ids, .. } = reading;
    if options.all_fields && report.unreached.is_empty() {
        let ids: Vec<i64> = ids.into_iter().collect();
        fields::read(client, target.model, target.others, &ids, deadline, &mut report).await?;
    }
    report.models += usize::from(report.unreached.is_empty());
    Ok(report)
}

/// The model that an error denies access to: where a field leads, it can be another one than that which is read. `… access
/// 'Analytic Account Distribution' (account.analytic.distribution) records.` in 14 to 19.
fn denied(error: &Error) -> &str {
    let words = error.server_message().unwrap_or_default();
    let named = words.split_once(") records").and_then(|(before, _)| before.rsplit_once('('));
    named.map_or_else(|| error.model().unwrap_or_default(), |(_, model)| model)
}

/// Whether there is nobody in the groups that may read a model, as far as this user may know.
async fn has_no_user(client: &Client, model: &str) -> bool {
    let rights = client.model("ir.model.access").call("search_read").arg("fields", ["group_id"]);
    let rights = rights.arg("domain", json!([["model_id.model", "=", model], ["perm_read", "=", true]]));
    let Ok(Value::Array(rights)) = rights.send().await else { return false };
    // A right of no group is everybody's.
    let Some(groups) = rights.iter().map(|right| right["group_id"][0].as_i64()).collect::<Option<Vec<_>>>() else {
        return false;
    };
    // With the groups that others imply: seen in 14.0 and 19.0.
    let field = if client.version().has(Difference::AllGroupIds) { "all_group_ids" } else { "groups_id" };
    let users = client.model("res.users").call("search_count").arg("domain", json!([[field, "in", groups]]));
    matches!(users.send::<usize>().await, Ok(0))
}

struct Reading<'a> {
    client: &'a Client,
    target: &'a Target,
    deadline: Option<Instant>,
    counter: &'a Counter,
    report: Report,
    /// Those of the row that the server lets this user read.
    fields: Vec<&'static str>,
    /// The others.
    lacking: Vec<&'static str>,
    /// Of what was read.
    ids: BTreeSet<i64>,
}

/// Why a model is read no further.
enum Stop {
    Time,
    Refused(Error),
}

impl Reading<'_> {
    async fn all(&mut self) -> Result<(), Stop> {
        let mut last = 0;
        loop {
            let ids = self.page(json!([["id", ">", last]]), "id", PAGE).await?;
            let highest = ids.iter().copied().max().unwrap_or(0);
            // A view whose ids are not in order would otherwise be read forever.
            if ids.len() < PAGE || highest <= last {
                return Ok(());
            }
            last = highest;
        }
    }

    async fn sample(&mut self, size: usize, random: &mut Random) -> Result<(), Stop> {
        let part = size.div_ceil(3);
        let newest = self.page(json!([["id", ">", 0]]), "id desc", part).await?;
        let Some(end) = newest.iter().copied().min().filter(|_| newest.len() >= part && size > part) else {
            return Ok(());
        };
        let oldest = self.page(json!([["id", ">", 0], ["id", "<", end]]), "id", part.min(size - part)).await?;
        let rest = size.saturating_sub(2 * part);
        let Some(begin) = oldest.iter().copied().max().filter(|_| rest > 0) else { return Ok(()) };
        let tried = random.among(begin + 1, end - 1, rest * TRIED);
        let call = self.call("search", json!([["id", "in", tried]]), "id");
        let there: Vec<i64> = call.send().await.map_err(Stop::Refused)?;
        let picked = random.pick(there, rest);
        self.page(json!([["id", "in", picked]]), "id", rest).await.map(drop)
    }

    /// A search in an order of its own: that of `report.stock.quantity` fails in 14.0 (`KeyError: None`).
    fn call(&self, method: &'static str, domain: Value, order: &str) -> crate::client::Call {
        let call = self.client.model(self.target.model).call(method).arg("domain", domain).arg("order", order);
        call.with_context(("active_test", false))
    }

    /// Reads a page, and tells the ids that were on it.
    async fn page(&mut self, domain: Value, order: &str, limit: usize) -> Result<BTreeSet<i64>, Stop> {
        loop {
            if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(Stop::Time);
            }
            let call = self.call("search_read", domain.clone(), order);
            let call = call.arg("fields", &self.fields).arg("limit", limit);
            match call.send_reply().await.and_then(|reply| (self.target.decode)(&reply)) {
                Ok(page) => return Ok(self.take(page)),
                // With the fields that are left, once.
                Err(error) if self.lacking.is_empty() && self.leaves_out(&error).await.map_err(Stop::Refused)? => {}
                Err(error) => return Err(Stop::Refused(error)),
            }
        }
    }

    fn take(&mut self, page: Decoded) -> BTreeSet<i64> {
        let Decoded { ids, mut failures, .. } = page;
        let ids: BTreeSet<i64> = ids.into_iter().chain(failures.iter().filter_map(|failure| failure.id)).collect();
        // That these did not come is known.
        failures.retain(|failure| !self.lacking.iter().any(|field| *field == failure.field));
        let fresh = ids.difference(&self.ids).count();
        self.counter.add_records(fresh);
        self.report.read(fresh, fresh * self.fields.len());
        self.report.fail(failures);
        self.ids.extend(&ids);
        ids
    }

    /// After an error that may be about fields: leaves out those which the server does not tell this user of, all at once.
    /// Whether there are any.
    async fn leaves_out(&mut self, error: &Error) -> Result<bool, Error> {
        let model = self.target.model;
        if !matches!(error.kind(), ErrorKind::UnknownField | ErrorKind::Access) || is_about_no_table(model, error) {
            return Ok(false);
        }
        let told: Value = self.client.model(model).call("fields_get").arg("attributes", ["type"]).send().await?;
        let (there, lacking) = self.fields.iter().partition(|field| told.get(**field).is_some());
        (self.fields, self.lacking) = (there, lacking);
        Ok(!self.lacking.is_empty())
    }

    /// Asks about each of the fields that were left out, to tell those that are gone from those that this user may not
    /// read.
    async fn tell_lacking(&mut self) -> Result<(), Error> {
        for &field in &self.lacking {
            let call = self.call("search_read", json!([["id", ">", 0]]), "id").arg("fields", [field]).arg("limit", 1);
            if let Err(error) = call.send::<Value>().await {
                self.report.poison(self.target.model, field, error)?;
            }
        }
        Ok(())
    }
}
