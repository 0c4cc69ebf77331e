//! What the user may read of the models that a target wants, and the record rules that hold for the user.

use std::collections::{BTreeMap, BTreeSet};

use odoo_client::version::Difference;
use odoo_client::{Client, Error, ErrorKind};
use serde_json::{Value, json};

use super::checkup::Checkup;
use crate::introspect::may_not;
use crate::report::counted;
use crate::target::Target;

/// The user whom neither rights nor rules hold for.
const SUPERUSER: i64 = 1;

pub(crate) async fn look(client: &Client, target: Option<&Target>, checkup: &mut Checkup) {
    let Some(target) = target else {
        checkup.skip("models", "no target is named, whose models could be looked at");
        return checkup.skip("rules", "no target is named");
    };
    let Some(models) = wanted(client, target, checkup).await else {
        return checkup.skip("rules", "the models come first");
    };
    if client.uid().get() == SUPERUSER {
        checkup.ok("models", format!("{}, all of which this user may read", counted(models.len(), "model")));
        return checkup.ok("rules", "none holds for this user");
    }
    let groups = groups(client).await;
    match (&groups, lines(client, "ir.model.access", "group_id", &models).await) {
        (Some(groups), Some(access)) => {
            // What nobody may read is no loss: abstract models, mostly.
            let refused = access.iter().filter(|(_, lines)| !lines.iter().any(|line| holds(line, groups)));
            unreadable(models.len(), refused.map(|(model, _)| model.clone()).collect(), checkup);
        }
        _ => ask_each(client, models.keys(), checkup).await,
    }
    match (&groups, lines(client, "ir.rule", "groups", &models).await) {
        (Some(groups), Some(rules)) => {
            let limited = rules.iter().filter(|(_, rules)| rules.iter().any(|rule| holds(rule, groups)));
            let limited: Vec<_> = limited.map(|(model, _)| model.clone()).collect();
            if limited.is_empty() {
                return checkup.ok("rules", "none limits which records of these models this user reads");
            }
            let what = format!(
                "a search leaves out what the rules for this user hide, without a word, of {}",
                counted(limited.len(), "model")
            );
            checkup.models("rules", &what, limited, None);
        }
        _ => checkup.skip("rules", "this user may not see them: whether searches leave records out is not known here"),
    }
}

/// The models of the target by name, with their ids where the user may know these; `None` if `regen` would fail on them.
async fn wanted(client: &Client, target: &Target, checkup: &mut Checkup) -> Option<BTreeMap<String, Option<i64>>> {
    let names = target.models.names();
    let domain = names.as_ref().map_or(json!([]), |names| json!([["model", "in", names]]));
    let call = client.model("ir.model").call("search_read").arg("domain", domain).arg("fields", ["model"]);
    let rows: Vec<Value> = match (call.send().await, names) {
        (Ok(rows), _) => rows,
        (Err(error), Some(names)) if may_not(&error) => {
            let what = format!("`{}` may not read ir.model", client.user());
            checkup.warn("models", what, "the pin has no labels of models: with the group Access Rights it would");
            return Some(names.into_iter().map(|name| (name, None)).collect());
        }
        (Err(error), None) if may_not(&error) => {
            checkup.fail(
                "models",
                format!("`{}` may not list the models of this Odoo, which globs need", client.user()),
                "name the models in `include`, which takes no such right, or give the user the group Access Rights",
            );
            return None;
        }
        (Err(error), _) => {
            checkup.error("models", &error);
            return None;
        }
    };
    let there: BTreeMap<_, _> =
        rows.iter().filter_map(|row| Some((row["model"].as_str()?.to_owned(), row["id"].as_i64()))).collect();
    let unmatched = target.models.unmatched(there.keys().map(String::as_str));
    let models: BTreeMap<_, _> = there.iter().filter(|(name, _)| target.models.matches(name)).collect();
    if models.is_empty() || !unmatched.is_empty() {
        let what = if unmatched.is_empty() {
            "`exclude` leaves none of the models of `include`".to_owned()
        } else {
            format!("this Odoo has no model that matches {}", unmatched.join(", "))
        };
        checkup.fail("models", what, "change `include` or `exclude`, or install the app that has them");
        return None;
    }
    Some(models.into_iter().map(|(name, id)| (name.clone(), *id)).collect())
}

/// The groups of the user, with those that they imply.
async fn groups(client: &Client) -> Option<BTreeSet<i64>> {
    let field = if client.version().has(Difference::AllGroupIds) { "all_group_ids" } else { "groups_id" };
    let call = client.model("res.users").call("read").ids([client.uid()]).arg("fields", [field]);
    let users: Vec<Value> = call.send().await.ok()?;
    users.first()?[field].as_array()?.iter().map(Value::as_i64).collect()
}

/// For each model the groups of the records that let its records be read or limit them; `None` if the user may not know. A
/// model that has no such record is not there.
async fn lines(
    client: &Client,
    model: &'static str,
    field: &'static str,
    models: &BTreeMap<String, Option<i64>>,
) -> Option<BTreeMap<String, Vec<Value>>> {
    let ids: Option<BTreeMap<i64, &String>> = models.iter().map(|(name, id)| Some(((*id)?, name))).collect();
    let ids = ids?;
    let call = client.model(model).call("search_read").arg("domain", json!([["perm_read", "=", true]]));
    let rows: Vec<Value> = call.arg("fields", ["model_id", field]).send().await.ok()?;
    let mut found = BTreeMap::<String, Vec<Value>>::new();
    for row in &rows {
        if let Some(name) = row["model_id"][0].as_i64().and_then(|id| ids.get(&id)) {
            found.entry((*name).clone()).or_default().push(row[field].clone());
        }
    }
    Some(found)
}

/// Whether a right or a rule is one of the user's: its group, or one of its groups, or everybody's where it has none.
fn holds(of: &Value, groups: &BTreeSet<i64>) -> bool {
    let is_mine = |id: &Value| id.as_i64().is_some_and(|id| groups.contains(&id));
    match of {
        // `[7, "Sales / User"]`
        Value::Array(group) if group.get(1).is_some_and(Value::is_string) => is_mine(&group[0]),
        Value::Array(all) => all.is_empty() || all.iter().any(is_mine),
        _ => true,
    }
}

fn unreadable(all: usize, refused: Vec<String>, checkup: &mut Checkup) {
    if refused.is_empty() {
        checkup.ok("models", format!("{}, all of which this user may read", counted(all, "model")));
    } else {
        let what = format!("{} of {} this user may not read", refused.len(), counted(all, "model"));
        let remedy = "they are pinned with the fields that the user is told, and their records cannot be read: give the user a \
                      group that may, or `exclude` them";
        checkup.models("models", &what, refused, Some(remedy));
    }
}

/// One question for each model, of which there are few: they were named.
async fn ask_each(client: &Client, models: impl Iterator<Item = &String>, checkup: &mut Checkup) {
    let (mut all, mut refused, mut unknown) = (0, Vec::new(), Vec::new());
    for model in models {
        all += 1;
        match may_read(client, model).await {
            Ok(true) => {}
            Ok(false) => refused.push(model.clone()),
            Err(error) if error.kind() == ErrorKind::UnknownModel => unknown.push(model.clone()),
            Err(error) => return checkup.error("models", &error),
        }
    }
    if unknown.is_empty() {
        unreadable(all, refused, checkup);
    } else {
        let what = format!("this Odoo has no {}", unknown.join(", "));
        checkup.fail("models", what, "change `include`, or install the app that has them");
    }
}

async fn may_read(client: &Client, model: &str) -> Result<bool, Error> {
    let model = client.model(model.to_owned());
    let call = if client.version().has(Difference::HasAccess) {
        model.call("has_access").ids(Vec::<i64>::new()).arg("operation", "read")
    } else {
        model.call("check_access_rights").arg("operation", "read").arg("raise_exception", false)
    };
    call.send().await
}
