//! One pass over records: what is there, what differs, and what is written of that.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use serde_json::Value;

use super::item::Item;
use super::plan::{check, plan};
use super::rows::{Group, Plan, groups};
use super::there::{Known, Row, Wanted};
use super::{UpsertChange, of};
use crate::error::{ErrorKind, Nature};
use crate::ops::load::LoadMessage;
use crate::{Client, Error};

/// How often records are looked at again that another program is writing.
const CONFLICTS: u32 = 8;

type Outcome = Result<(i64, UpsertChange), Error>;

/// Does what is to be done with some records.
pub(super) async fn chunk(
    client: &Client,
    model: &'static str,
    items: &[Item],
    max_records: usize,
    known: &mut Known,
) -> Result<Vec<Outcome>, Error> {
    let mut outcomes: Vec<Option<Outcome>> = items.iter().map(|_| None).collect();
    let mut conflicts = 0;
    loop {
        // Of a key that is there twice, the second is compared with what came of the first.
        let mut keys = HashSet::new();
        let is_open = |at: &usize| outcomes[*at].is_none() && keys.insert(items[*at].key.to_string());
        let open: Vec<usize> = (0..items.len()).filter(is_open).collect();
        if open.is_empty() {
            return Ok(outcomes.into_iter().flatten().collect());
        }
        let mut pass = Pass { client, model, items, open, outcomes: &mut outcomes, conflict: None };
        pass.run(max_records, known).await?;
        if let Some(words) = pass.conflict {
            conflicts += 1;
            if conflicts > CONFLICTS {
                return Err(Error::new(ErrorKind::Conflict, "other transactions were in the way, again and again")
                    .with_server_message(words));
            }
            tokio::time::sleep(Duration::from_millis(50 * u64::from(conflicts))).await;
        }
    }
}

struct Pass<'a> {
    client: &'a Client,
    model: &'static str,
    items: &'a [Item],
    /// Those that this pass is about.
    open: Vec<usize>,
    outcomes: &'a mut Vec<Option<Outcome>>,
    /// What the server said of another transaction.
    conflict: Option<String>,
}

impl Pass<'_> {
    async fn run(&mut self, max_records: usize, known: &mut Known) -> Result<(), Error> {
        self.refuse();
        let wanted = Wanted { client: self.client, model: self.model, items: self.items, open: &self.open };
        let there = wanted.look().await?;
        known.learn(self.client, self.model, wanted.fields(self.model)).await?;
        for model in wanted.line_models() {
            known.learn(self.client, model, wanted.fields(model)).await?;
        }
        let mut plans = Vec::new();
        for at in std::mem::take(&mut self.open) {
            if self.outcomes[at].is_some() {
                continue;
            }
            match plan(&self.items[at], self.model, &there, known) {
                Ok(plan) => plans.push(Plan { at, ..plan }),
                Err(error) => self.outcomes[at] = Some(Err(error)),
            }
        }
        let (mut done, mut waiting): (BTreeMap<usize, i64>, _) = (BTreeMap::new(), Vec::new());
        for (number, plan) in plans.iter().enumerate() {
            match plan.id {
                Some(id) if !plan.is_loaded() => drop(done.insert(number, id)),
                _ => waiting.push(number),
            }
        }
        let mut groups = groups(&plans, waiting.into_iter(), max_records);
        // The first is taken first: ids are in the order of the records.
        groups.reverse();
        while let Some(group) = groups.pop() {
            self.load(&plans, group, &mut groups, &mut done).await?;
        }
        self.finish(&plans, &done).await
    }

    /// What cannot be sent.
    fn refuse(&mut self) {
        for at in self.open.clone() {
            if let Err(error) = check(&self.items[at], self.model, true) {
                self.outcomes[at] = Some(Err(error));
            }
        }
        self.open.retain(|at| self.outcomes[*at].is_none());
    }

    /// Imports a group. What keeps all of it from being imported is taken out, and the others are left for the next pass.
    async fn load(
        &mut self,
        plans: &[Plan],
        mut group: Group,
        groups: &mut Vec<Group>,
        done: &mut BTreeMap<usize, i64>,
    ) -> Result<(), Error> {
        // Times are in UTC, and the import reads them as the user's. To import the same twice comes to the same.
        let call = self.client.model(self.model).call("load").arg("fields", &group.columns).arg("data", &group.rows);
        // By number it finds no archived records, unless it is told to.
        let call = if group.columns[0] == ".id" { call.with_context(("active_test", false)) } else { call };
        let answer: Row = match call.with_context(("tz", "UTC")).idempotent().send().await {
            Ok(answer) => answer,
            Err(error) if error.kind().nature() != Nature::Refused => return Err(error),
            Err(error) if group.plans.len() == 1 => {
                self.outcomes[plans[group.plans[0].0].at] = Some(Err(error));
                return Ok(());
            }
            // One of them: which, nobody says.
            Err(_) => {
                let half = group.plans.split_off(group.plans.len() / 2);
                let first = half[0].1;
                let rows = group.rows.split_off(first);
                let plans = half.into_iter().map(|(plan, row)| (plan, row - first)).collect();
                groups.push(Group { columns: group.columns.clone(), plans, rows });
                groups.push(group);
                return Ok(());
            }
        };
        let messages =
            answer.get("messages").and_then(Value::as_array).into_iter().flatten().map(LoadMessage::from_json);
        let errors: Vec<LoadMessage> = messages.filter(|message| message.is_error).collect();
        let ids = answer.get("ids").and_then(Value::as_array);
        if let Some(ids) = ids.filter(|ids| errors.is_empty() && ids.len() == group.plans.len()) {
            done.extend(group.plans.iter().zip(ids).filter_map(|((plan, _), id)| Some((*plan, id.as_i64()?))));
            return Ok(());
        }
        let mut refused: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for message in errors {
            if is_conflict(&message.text) {
                self.conflict = Some(message.text);
                continue;
            }
            let place = group.plans.partition_point(|(_, row)| *row <= message.first_row).saturating_sub(1);
            refused.entry(group.plans[place].0).or_default().push(message.text);
        }
        if refused.is_empty() && self.conflict.is_none() {
            refused.extend(group.plans.iter().map(|(plan, _)| (*plan, vec!["(it does not say why)".to_owned()])));
        }
        for (plan, words) in refused {
            let at = plans[plan].at;
            let error = of(&self.items[at].key, ErrorKind::Validation, "the server refuses the record");
            self.outcomes[at] = Some(Err(error.with_server_message(words.join("\n"))));
        }
        Ok(())
    }

    /// What the import does not do.
    async fn finish(&mut self, plans: &[Plan], done: &BTreeMap<usize, i64>) -> Result<(), Error> {
        let mut doomed: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
        for (number, id) in done {
            let plan = &plans[*number];
            if !plan.rest.is_empty() {
                let call = self
                    .client
                    .model(self.model)
                    .call("write")
                    .ids([*id])
                    .arg("vals", Value::Object(plan.rest.clone()));
                match call.idempotent().done().await {
                    Err(error) if error.kind().nature() == Nature::Refused => {
                        self.outcomes[plan.at] = Some(Err(error));
                        continue;
                    }
                    outcome => outcome?,
                }
            }
            for (model, line) in &plan.doomed {
                doomed.entry(model).or_default().push(*line);
            }
            let is_touched = plan.is_loaded() || !plan.rest.is_empty() || !plan.doomed.is_empty();
            let change = match plan.id {
                None => UpsertChange::Created,
                Some(_) if is_touched => UpsertChange::Updated,
                Some(_) => UpsertChange::Unchanged,
            };
            self.outcomes[plan.at] = Some(Ok((*id, change)));
        }
        for (model, lines) in doomed {
            if self.unlink(model, lines).await?.is_none() {
                continue;
            }
            for number in done.keys() {
                let own = plans[*number].doomed.iter().filter(|(of, _)| *of == model).map(|(_, line)| *line);
                let own: Vec<i64> = own.collect();
                if !own.is_empty()
                    && let Some(error) = self.unlink(model, own).await?
                {
                    self.outcomes[plans[*number].at] = Some(Err(error));
                }
            }
        }
        Ok(())
    }

    /// Deletes lines, or says why they are not to be deleted.
    async fn unlink(&self, model: &'static str, lines: Vec<i64>) -> Result<Option<Error>, Error> {
        match self.client.model(model).call("unlink").ids(lines).done().await {
            // Somebody else was quicker.
            Err(error) if error.kind() == ErrorKind::Missing => Ok(None),
            Err(error) if error.kind().nature() == Nature::Refused => Ok(Some(error)),
            outcome => outcome.map(|()| None),
        }
    }
}

/// Whether another transaction was in the way: the words of the database.
fn is_conflict(words: &str) -> bool {
    ["could not serialize access", "deadlock detected", "ir_model_data_module_name_uniq"]
        .iter()
        .any(|part| words.contains(part))
}
