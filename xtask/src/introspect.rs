//! Reads the schema of a live Odoo.

mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use odoo_client::client::WireKind;
use odoo_client::error::visible;
use odoo_client::{Client, ErrorKind};
use odoo_codegen::{Schema, Warning};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use self::model::Asked;
use crate::connection::Connection;
use crate::methods::Documented;
use crate::progress::Progress;
use crate::report::counted;
use crate::target::Target;

/// How many requests are under way at a time if nothing is said: enough to keep the workers of a small server busy, and no more.
pub(crate) const CONCURRENT: usize = 4;

/// What a server told about itself.
pub(crate) struct Introspected {
    /// The models that this run is about.
    pub(crate) schema: Schema,
    pub(crate) warnings: Vec<Warning>,
    /// What could not be learnt, and does not matter to the code.
    pub(crate) notes: Vec<String>,
    /// Fields of the pin that this user was not shown, though the server may have them.
    pub(crate) unseen: Vec<String>,
    /// The models of which the server would not tell which required fields have defaults.
    pub(crate) without_defaults: Vec<String>,
    /// Why the methods of no model could be read, if that is so.
    pub(crate) methods_refused: Option<String>,
}

/// What is asked of a server.
pub(crate) struct Extent {
    pub(crate) methods: bool,
    /// Rather than to take from the pin what hardly ever is another, and fields from the documentation of methods.
    pub(crate) everything: bool,
    /// To compare it with the pin: that a model is gone which the target names is what is to be told.
    pub(crate) compares: bool,
}

/// A client of the server of `target`, which may be of another series than those the target is for only if that is said.
pub(crate) async fn connect(target: &Target, any_series: bool) -> Result<Client> {
    if target.connection.is_paced_by_default() {
        let slow = "one request a second, as Odoo asks of programs on its own hosting";
        eprintln!("{}: {slow} (`rate_limit` of [connection] says otherwise)", target.name);
    }
    let client = log_in(&target.connection).await?;
    let client =
        client.map_err(|error| anyhow!("{error}; `cargo odoo doctor {}` looks at it step by step", target.name))?;
    let series = client.version().series();
    if !any_series && !target.series.matches(series) {
        log_out(&client, &target.connection).await;
        bail!(
            "{} is Odoo {series}, but target {} is for {}: point {} at another server, or pin this one with `cargo odoo regen \
             {} --series '{series}'`",
            client.url(),
            target.name,
            target.series,
            target.connection.names.url,
            target.name,
        );
    }
    Ok(client)
}

/// With a password in a web session where one can begin: a call in it takes the server half as long or less (14.0 and 19.0).
async fn log_in(connection: &Connection) -> Result<Result<Client, odoo_client::Error>> {
    // Labels are part of the pin: the same for every user, whatever the user's language.
    let builder = || Ok::<_, anyhow::Error>(connection.client()?.with_context(("lang", "en_US")));
    if connection.has_password() {
        match builder()?.wire(WireKind::Session).connect().await {
            // What is given as a password may be an API key, and some servers show no more than JSON-RPC.
            Err(error) if !is_out_of_reach(&error) => {}
            outcome => return Ok(outcome),
        }
    }
    Ok(builder()?.connect().await)
}

fn is_out_of_reach(error: &odoo_client::Error) -> bool {
    matches!(error.kind(), ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Timeout | ErrorKind::RateLimited)
}

/// Ends the session that began here, if one did. If it does not end now, it does so by itself.
pub(crate) async fn log_out(client: &Client, connection: &Connection) {
    if client.session_id().is_some() && !connection.has_session() {
        let _ = client.log_out().await;
    }
}

/// Reads the models that `target` asks for.
///
/// What this user is not shown of `pinned` is looked up where the server tells.
pub(crate) async fn introspect(
    client: &Client,
    target: &Target,
    extent: &Extent,
    pinned: Option<&Schema>,
) -> Result<Introspected> {
    let series = client.version().series().to_owned();
    let mut notes = Vec::new();
    let named = pinned.filter(|_| extent.compares);
    let described = describe_models(client, target, named, &mut notes).await?;
    let modules = installed_modules(client, &mut notes).await?;
    // Of another series nothing is known.
    let known = pinned.filter(|pinned| !extent.everything && pinned.series == series);
    let mut schema = Schema { series, modules, models: BTreeMap::new() };
    let mut warnings = Vec::new();
    let mut documented = if extent.methods { Documented::read(client).await? } else { Documented::not_asked() };
    documented.has_fields &= !extent.everything;
    let methods_refused = documented.refused.clone();
    let mut without_defaults = Vec::new();

    let documented = Arc::new(documented);
    let progress = Progress::new(&format!("{}: reading models", target.name), described.len());
    let concurrent = target.connection.max_concurrent_calls().unwrap_or(CONCURRENT);
    let mut waiting = described.into_iter();
    let mut running: JoinSet<Result<Asked>> = JoinSet::new();
    let mut unusable = BTreeMap::new();
    loop {
        while running.len() < concurrent
            && let Some((name, described)) = waiting.next()
        {
            let known = known.and_then(|pinned| pinned.models.get(&name)).cloned();
            running.spawn(model::ask(client.clone(), Arc::clone(&documented), name, described, known));
        }
        let Some(done) = running.join_next().await else { break };
        match done.context("a task of the introspection failed")?? {
            Asked::Read(read) => {
                if read.hides_defaults {
                    without_defaults.push(read.name.clone());
                }
                schema.models.insert(read.name, read.model);
                warnings.extend(read.warnings);
            }
            Asked::Gone(model) => {
                let problem = "is listed in ir.model, but the server has no code for it: left out".to_owned();
                warnings.push(Warning { model, field: None, problem });
            }
            Asked::Unusable(model, why) => drop(unusable.insert(model, why)),
        }
        progress.step();
    }
    progress.finish();
    // Half a schema would be pinned as if the rest were gone.
    if !unusable.is_empty() {
        return Err(refuse(target, &unusable));
    }
    if schema.models.is_empty() {
        return Err(nothing(target));
    }
    if !target.models.is_narrowed() {
        target.fields.check(&schema)?;
    }
    let schema = if target.fields.is_in(&schema) { target.fields.without(&schema) } else { schema };
    warnings.retain(|warning| warning.field.as_ref().is_none_or(|field| !target.fields.holds(&warning.model, field)));
    let unseen = unseen(client, target, pinned, &schema).await?;
    warnings.sort();
    without_defaults.sort();
    Ok(Introspected { schema, warnings, notes, unseen, without_defaults, methods_refused })
}

/// The fields of the pin that this user was not shown, though the server may have them all the same: only `ir.model.fields`
/// tells, and not everybody may read it.
async fn unseen(client: &Client, target: &Target, pinned: Option<&Schema>, read: &Schema) -> Result<Vec<String>> {
    #[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    struct Name {
        model: String,
        name: String,
    }
    let mut missing = BTreeSet::new();
    for (model, was) in pinned.into_iter().flat_map(|pinned| &pinned.models) {
        let Some(is) = read.models.get(model) else { continue };
        let is_gone = |name: &&String| !is.fields.contains_key(*name) && !target.fields.holds(model, name);
        let gone = was.fields.keys().filter(is_gone);
        missing.extend(gone.map(|name| Name { model: model.clone(), name: name.clone() }));
    }
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let models: BTreeSet<_> = missing.iter().map(|field| &field.model).collect();
    let names: BTreeSet<_> = missing.iter().map(|field| &field.name).collect();
    let listed = client
        .model("ir.model.fields")
        .call("search_read")
        .arg("domain", json!([["model", "in", models], ["name", "in", names]]))
        .arg("fields", ["model", "name"])
        .send::<Vec<Name>>()
        .await;
    let unseen: BTreeSet<Name> = match listed {
        Ok(there) => there.into_iter().filter(|field| missing.contains(field)).collect(),
        Err(error) if may_not(&error) => missing,
        Err(error) => return Err(anyhow!(error).context("cannot look up whether fields of the pin are gone")),
    };
    Ok(unseen.iter().map(|field| format!("{}.{}", field.model, field.name)).collect())
}

/// What `ir.model` says of a model beside its fields.
#[derive(Default)]
struct Described {
    label: Option<String>,
    transient: bool,
    /// Whether `ir.model` has it at all, rather than that only the target names it.
    is_listed: bool,
}

/// The models of this run, with what `ir.model` says of them where the user may read it. One that is `named` by a pin was there.
async fn describe_models(
    client: &Client,
    target: &Target,
    named: Option<&Schema>,
    notes: &mut Vec<String>,
) -> Result<Vec<(String, Described)>> {
    #[derive(Deserialize)]
    struct Row {
        model: String,
        name: Value,
        transient: bool,
    }
    let names = target.models.names();
    if names.as_ref().is_some_and(Vec::is_empty) {
        return Err(nothing(target));
    }
    let domain = match &names {
        Some(names) => json!([["model", "in", names]]),
        None => json!([]),
    };
    // Its other fields must not be asked for: computing `count` fails on some databases.
    let listed = client
        .model("ir.model")
        .call("search_read")
        .arg("domain", domain)
        .arg("fields", ["model", "name", "transient"])
        .arg("order", "model")
        .send::<Vec<Row>>()
        .await;
    let rows = match (listed, &names) {
        (Ok(rows), _) => rows,
        (Err(error), Some(names)) if may_not(&error) => {
            notes.push(format!(
                "{} may not read ir.model: the {} named models are pinned without their labels",
                client.user(),
                names.len()
            ));
            return Ok(names.iter().map(|name| (name.clone(), Described::default())).collect());
        }
        (Err(error), None) if may_not(&error) => {
            return Err(anyhow!(error).context(format!(
                "{} may not list the models of this Odoo, which globs need: name the models in {} (names alone need no \
                 such right), or introspect as a user with the Access Rights group",
                client.user(),
                target.folder.join("target.toml").display(),
            )));
        }
        (Err(error), _) => return Err(anyhow!(error).context("cannot list the models")),
    };
    let were_there = named.into_iter().flat_map(|pinned| pinned.models.keys()).map(String::as_str);
    let unmatched = target.models.unmatched(rows.iter().map(|row| row.model.as_str()).chain(were_there));
    if !unmatched.is_empty() {
        bail!(
            "this Odoo has no model that matches {}: is an app missing, or the name mistyped? Change `include` in {} or \
             `--only`",
            unmatched.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
            target.folder.join("target.toml").display(),
        );
    }
    let rows = rows.into_iter().filter(|row| target.models.matches(&row.model));
    let described: Vec<_> = rows
        .map(|row| {
            let label = row.name.as_str().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
            (row.model, Described { label, transient: row.transient, is_listed: true })
        })
        .collect();
    if described.is_empty() { Err(nothing(target)) } else { Ok(described) }
}

/// What to do about models that cannot be introspected.
fn refuse(target: &Target, unusable: &BTreeMap<String, String>) -> anyhow::Error {
    let lines = unusable.iter().map(|(model, why)| format!("\n  {}: {}", visible(model), why.replace('\n', "\n    ")));
    anyhow!(
        "{} cannot be introspected:{}\nthe others can: to leave {} out, put in {}\n  [models]\n  {}",
        counted(unusable.len(), "model"),
        lines.collect::<String>(),
        if unusable.len() == 1 { "it" } else { "these" },
        target.folder.join("target.toml").display(),
        target.models.excluding(unusable.keys()),
    )
}

/// An empty pin, or a run that does nothing and says that it is done, is never what was meant.
fn nothing(target: &Target) -> anyhow::Error {
    anyhow!(
        "there is no model to read: of what `include` in {} asks for, `exclude` and `--only` leave nothing",
        target.folder.join("target.toml").display()
    )
}

/// Whether the server says that the user may not do this. Without detail, an Odoo 14 with several databases answers
/// with status 500; a proxy's 502 says nothing about rights, and must not cost the pin its labels.
pub(crate) fn may_not(error: &odoo_client::Error) -> bool {
    error.kind() == ErrorKind::Access || (error.kind() == ErrorKind::Http && error.status() == Some(500))
}

async fn installed_modules(client: &Client, notes: &mut Vec<String>) -> Result<Option<BTreeMap<String, String>>> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        latest_version: Value,
    }
    let rows = client
        .model("ir.module.module")
        .call("search_read")
        .arg("domain", json!([["state", "=", "installed"]]))
        .arg("fields", ["name", "latest_version"])
        .send::<Vec<Row>>()
        .await;
    match rows {
        Ok(rows) => {
            let version = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            Ok(Some(rows.into_iter().map(|row| (row.name, version(&row.latest_version))).collect()))
        }
        Err(error) if may_not(&error) => {
            notes.push(format!("{} may not read ir.module.module: the pin does not say which apps", client.user()));
            Ok(None)
        }
        Err(error) => Err(anyhow!(error).context("cannot list the installed modules")),
    }
}
