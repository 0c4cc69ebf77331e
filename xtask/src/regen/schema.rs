//! The schema that a run writes code from: what the server says now, or what is pinned.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use odoo_client::Client;
use odoo_codegen::{Schema, Warning};

use super::Args;
use super::memory::{Kept, Memory};
use crate::introspect::{self, Extent, Introspected, introspect};
use crate::methods::passes;
use crate::pinned;
use crate::report::{Report, counted, losses};
use crate::target::Target;

/// A schema, and what there is to say about it.
pub(super) struct Found {
    pub(super) schema: Arc<Schema>,
    pub(super) warnings: Vec<Warning>,
    /// What came of asking a server, if one was asked.
    pub(super) asked: Option<Asked>,
}

pub(super) struct Asked {
    pub(super) client: Client,
    /// To be kept with the schema.
    pub(super) seen: Option<Kept>,
    /// Whether it said that nothing changed, and was asked for nothing else.
    pub(super) unchanged: bool,
}

/// What the server says, with what stays of the pin.
pub(super) async fn of_server(
    target: &Target,
    args: &Args,
    pinned: Option<&Arc<Schema>>,
    memory: Option<&Memory>,
    notes: &mut Vec<String>,
) -> Result<Found> {
    let client = introspect::connect(target, args.check).await?;
    let found = of_client(&client, target, args, pinned, memory, notes).await;
    introspect::log_out(&client, &target.connection).await;
    found
}

async fn of_client(
    client: &Client,
    target: &Target,
    args: &Args,
    pinned: Option<&Arc<Schema>>,
    memory: Option<&Memory>,
    notes: &mut Vec<String>,
) -> Result<Found> {
    // What these ask for is not all in the pin.
    let wants_all = args.fresh || args.verbose || target.models.is_narrowed();
    if let (Some(memory), Some(pinned), false) = (memory, pinned, wants_all)
        && pinned.series == client.version().series()
        && target.series.matches(&pinned.series)
        && let Some(kept) = memory.unchanged(client, pinned, !args.no_methods).await
    {
        notes.extend_from_slice(&kept.notes);
        let asked = Some(Asked { client: client.clone(), seen: None, unchanged: true });
        return Ok(Found { schema: Arc::clone(pinned), warnings: kept.warnings(), asked });
    }
    // Before anything is read: what changes meanwhile is seen the next time.
    let tag = match client.schema_tag().await {
        Err(error) if passes(&error) && !args.no_methods => {
            return Err(anyhow!(error).context("cannot read the API documentation"));
        }
        tag => tag.ok().filter(|_| !target.models.is_narrowed()),
    };
    let pinned = pinned.map(AsRef::as_ref);
    let extent = Extent { methods: !args.no_methods, everything: args.fresh, compares: args.check };
    let mut read = introspect(client, target, &extent, pinned).await?;
    if args.verbose && !read.without_defaults.is_empty() {
        let models = read.without_defaults.join(", ");
        notes
            .push(format!("the server does not tell the defaults of {models}: their docs say no more than `required`"));
    }
    let noted = notes.len();
    notes.append(&mut read.notes);
    if !args.allow_loss {
        refuse_loss(&read, pinned)?;
    }
    let is_of_another_series = match pinned {
        Some(pinned) if pinned.series != read.schema.series => true,
        // Server and pin are of one series: then it is target.toml that may be wrong.
        _ => {
            check_series(target, pinned)?;
            false
        }
    };
    if is_of_another_series && target.models.is_narrowed() {
        let was = pinned.map_or("", |pinned| &pinned.series);
        bail!("the pin is of Odoo {was}, and a pin cannot have models of two series: run without --only");
    }
    // Methods of another series are not known to be there.
    keep_methods(&mut read, pinned.filter(|_| !is_of_another_series), notes);
    if target.models.is_narrowed() {
        pinned::keep_others(target, pinned, &mut read.schema);
    }
    let seen = tag.map(|tag| Kept::new(&tag, !args.no_methods, &read.warnings, &notes[noted..]));
    let asked = Some(Asked { client: client.clone(), seen, unchanged: false });
    Ok(Found { schema: Arc::new(read.schema), warnings: read.warnings, asked })
}

/// What is pinned, where no server is to be asked.
pub(super) fn of_pin(target: &Target, args: &Args, pinned: Option<&Arc<Schema>>, report: &Report) -> Result<Found> {
    check_series(target, pinned.map(AsRef::as_ref))?;
    let names = &target.connection.names;
    if target.models.is_narrowed() {
        bail!("--only says which models to read from a server, and {} is not set", names.url);
    }
    let Some(pinned) = pinned else {
        bail!(
            "target {} has no pin yet: {}set {}, {}, {} and {} or {} to read it from a server",
            target.name,
            if args.offline { "run without --offline, and " } else { "" },
            names.url,
            names.database,
            names.user,
            names.password,
            names.api_key
        );
    };
    if !args.offline {
        report.say(&format!("{}: {} is not set, so the pin is taken as it is", target.name, names.url));
    }
    Ok(Found { schema: Arc::clone(pinned), warnings: Vec::new(), asked: None })
}

/// A user who sees less than the one who pinned would take it out of the pin.
fn refuse_loss(read: &Introspected, pinned: Option<&Schema>) -> Result<()> {
    let lost = pinned.map_or_else(Vec::new, |pinned| losses(pinned, &read.schema, &read.unseen));
    if !lost.is_empty() {
        bail!(
            "this user sees less than the pin has: {} would be lost; introspect as a user with the rights of the one who pinned \
             it, or give --allow-loss",
            lost.join(", ")
        );
    }
    Ok(())
}

/// Methods that the server does not tell stay as they were pinned.
fn keep_methods(read: &mut Introspected, pinned: Option<&Schema>, notes: &mut Vec<String>) {
    let kept = pinned::keep_methods(pinned, &mut read.schema);
    if let Some(why) = &read.methods_refused {
        let instead = match kept {
            0 => "no methods are pinned".to_owned(),
            kept => format!("those of {} stay as they were pinned", counted(kept, "model")),
        };
        notes.push(format!("the server does not tell its methods ({why}): {instead}"));
    } else if kept > 0 {
        let models = counted(kept, "model");
        notes.push(format!("the server does not tell the methods of {models}: they stay as they were pinned"));
    }
}

fn check_series(target: &Target, pinned: Option<&Schema>) -> Result<()> {
    if let Some(schema) = pinned
        && !target.series.matches(&schema.series)
    {
        bail!(
            "target {} is for Odoo {}, but its pin is of {}: change `series` back, or set {} and the like and run against the right \
             server",
            target.name,
            target.series,
            schema.series,
            target.connection.names.url
        );
    }
    Ok(())
}
