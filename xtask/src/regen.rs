//! `cargo xtask regen`: from a live Odoo or a pin to generated code.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use odoo_client::error::visible;
use odoo_codegen::diff::{Change, What, diff};
use odoo_codegen::{Schema, Settings, Warning, generate, pin};

use crate::fields::Fixes;
use crate::introspect::introspect;
use crate::lock::Lock;
use crate::outcome::Outcome;
use crate::pinned;
use crate::report::{Report, counted, losses};
use crate::rows::Choice;
use crate::stamp::Stamp;
use crate::store::{self, Plan};
use crate::target::{FailOn, Target};

/// Pins the schema of a live Odoo and writes the typed models of it.
///
/// With a connection in the environment (the variables that target.toml names: ODOO_URL, ODOO_DB, ODOO_USER, and
/// ODOO_PASSWORD or ODOO_API_KEY; with a key, Odoo 19 needs no user) the schema is read from the server and pinned first;
/// without one, code is written from the pin that is there. Nothing on disk changes unless everything succeeds.
///
/// Exit status: 0 done, or nothing to do; 1 with --check, when files would change; 2 when it could not be done.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask regen                          every target, from its pin or its server
  cargo xtask regen odoo19                   one target
  cargo xtask regen odoo19 --only 'sale.*'   pin the models of sales anew, leave the others
  cargo xtask regen --offline --check        fail if generated code is not what the pins say
  cargo xtask regen odoo19 --check           fail if the server no longer fits the pin
  cargo xtask regen acme --series saas~18.3  pin the server anew after its upgrade, and say so in target.toml

A target's target.toml:
  series = \"18.0\"                            of the server; or a glob, or a list: [\"18.0\", \"saas~18.*\"]
  [models]                                   names and globs; all models without it
  include = [\"res.*\", \"sale.*\"]
  exclude = [\"sale.report\"]
  [rows]                                     what whole rows have more and less than stored fields; the pin is the same
  include = [\"account.account.code\", \"sale.*.x_studio_*\"]
  exclude = [\"res.partner.comment\"]
  [fields]                                   names and globs of fields that are never pinned
  exclude = [\"*.x_studio_tmp_*\"]
  [[fix]]                                    what is true of a field, whatever the server says; also type, searchable,
  field = \"res.partner.x_studio_8g3\"         sortable, groupable. One that changes nothing any more is an error
  name = \"delivery_note\"
  help = \"What the driver has to know.\"
  because = \"Studio named it\"
  [connection]                               names of environment variables, never values, in place of the usual ones
  url = \"ACME_URL\"                         also database, user, password, api_key, session_id, client_certificate, proxy
  headers = { Api-Key = \"ACME_GATEWAY\" }   what a gateway in front of the server wants to see
  root_certificate = \"company-ca.pem\"      a file in the folder of the target
  timeout = \"10m\"                          also connect_timeout, read_timeout
  max_concurrent_calls = 2
  rate_limit = 5                             requests a second; *.odoo.com has 1 if nothing is said")]
pub(crate) struct Args {
    /// Folders of generated/; all of them if none is given
    targets: Vec<String>,
    /// Read only models that match; the rest of the pin stays as it is
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    only: Vec<String>,
    /// Fail on anything odd in the schema, such as a field of an unknown type
    #[arg(long)]
    strict: bool,
    /// Pin the server anew though it is of this other series now, and write that into target.toml
    #[arg(long, value_name = "SERIES", conflicts_with_all = ["only", "offline", "check"])]
    series: Option<String>,
    /// Write code from the pin, whatever the environment says
    #[arg(long, conflicts_with = "only")]
    offline: bool,
    /// Pin what this user sees, though the pin has more: labels, modules, or fields that others see
    #[arg(long)]
    allow_loss: bool,
    /// Do not ask for methods, which takes Odoo minutes: they stay as they are pinned
    #[arg(long)]
    no_methods: bool,
    /// Also say what was odd and nobody can act on, such as models without a word on their defaults
    #[arg(long, short)]
    verbose: bool,
    /// Write nothing; say what would change and fail if anything would
    #[arg(long)]
    check: bool,
    /// With --check, which changes of the schema fail it; `any` unless target.toml has `fail_on`
    #[arg(long, value_name = "GRADE", requires = "check")]
    fail_on: Option<FailOn>,
    /// With --check in CI, say what changed where a pull request shows it: as commands of GitHub, or in GitLab's
    /// gl-code-quality-report.json
    #[arg(long, requires = "check")]
    annotate: bool,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
    /// The folder of the targets
    #[arg(long, value_name = "DIR", default_value_os_t = crate::workspace().join("generated"), hide_default_value = true)]
    generated: PathBuf,
    /// The folder of the stamps
    #[arg(long, value_name = "DIR", hide = true)]
    stamps: Option<PathBuf>,
}

/// A target with everything that is to be done to it.
struct Prepared {
    target: Target,
    plan: Plan,
    /// What the stamp of the files that were made says, and the stamp.
    stamp: Option<(String, Stamp)>,
    outcome: Outcome,
    /// Held until all is done.
    _lock: Lock,
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let report = Report::new(args.json);
    if args.series.is_some() && args.targets.len() != 1 {
        bail!("--series says of one target which series it is of now: name that target");
    }
    // Every target is prepared before any is written.
    let mut prepared = Vec::new();
    for mut target in Target::load_all(&args.generated, &args.targets)? {
        target.models.narrow(&args.only)?;
        let lock = if args.check { Lock::shared(&target.folder) } else { Lock::exclusive(&target.folder) };
        let lock = lock.with_context(|| format!("target {}: nothing was changed", target.name))?;
        if !args.check {
            store::recover(&target.folder)?;
        } else if store::is_cut_off(&target.folder) {
            bail!("target {}: a former run was cut off: run `cargo xtask regen {0}` to undo what it left", target.name);
        }
        prepared.push(prepare(target, lock, &args, &report).await?);
    }
    let mut differs = false;
    let mut outcomes = Vec::new();
    for Prepared { target, plan, stamp, outcome, _lock } in prepared {
        // A module's new version alone is no reason to pin anew.
        let only_updates = !outcome.updates.is_empty()
            && outcome.changes.is_empty()
            && plan.remove.is_empty()
            && plan.write.keys().all(|file| file == "schema/pin.json");
        let is_other = !plan.is_empty() && !only_updates;
        differs |= match args.fail_on.unwrap_or(target.fail_on) {
            FailOn::Any => is_other,
            // Code that is not what its pin makes is no matter of grades.
            fail_on => {
                is_other && (outcome.changes.is_empty() || outcome.changes.iter().any(|c| fail_on.counts(c.grade)))
            }
        };
        if !args.check {
            plan.apply(&target.folder)?;
        }
        if let Some((text, stamp)) = stamp
            && (!args.check || plan.is_empty())
        {
            // Without it the next run only takes longer.
            let _ = stamp.write(&text);
        }
        report.outcome(&outcome, args.check, is_other);
        outcomes.push(outcome);
    }
    if args.annotate {
        crate::annotate::annotate(&args.generated, &outcomes)?;
    }
    report.json(&outcomes)?;
    Ok(if args.check && differs { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

async fn prepare(mut target: Target, lock: Lock, args: &Args, report: &Report) -> Result<Prepared> {
    let mut notes = Vec::new();
    let mut warnings: Vec<Warning> = Vec::new();
    let live = !args.offline && target.connection.is_set();
    // Without a server the question is what this program makes of the pin: no stamp answers that.
    let stamp = live.then(|| Stamp::new(args.stamps.as_deref(), &target.name, target.choices())).flatten();
    let pinned = match read_pin(&target, &mut notes) {
        // To read all of it from the server is the remedy, so that must work.
        Err(error) if live && !target.models.is_narrowed() => {
            notes.push(format!("pinned anew: {error:#}"));
            None
        }
        pinned => pinned?,
    }
    .map(Arc::new);
    let target_toml = match &args.series {
        Some(_) if !live => bail!("--series pins what a server says, and {} is not set", target.connection.names.url),
        Some(series) => target.change_series(series).with_context(|| format!("target {}", target.name))?,
        None => None,
    };
    if !live {
        check_series(&target, pinned.as_deref())?;
    }
    // A server is nearly always as it was pinned: while it answers, the files of the pin are made, unless they are known.
    let ahead = pinned.clone().filter(|_| live).map(|pinned| {
        let (stamp, name, folder) = (stamp.clone(), target.name.clone(), target.folder.clone());
        let (rows, fixes) = (target.rows.clone(), target.fixes.clone());
        tokio::task::spawn_blocking(move || match stamp.and_then(|stamp| stamp.vouches_for(&folder)) {
            Some(unchanged) => Ok(Files::Known(unchanged)),
            None => files(&name, &rows, &fixes, &pinned).map(Files::Made),
        })
    });
    let schema = if live {
        let read = introspect(&target, !args.no_methods, args.check, pinned.as_deref())
            .await
            .with_context(|| format!("target {}: nothing was changed", target.name))?;
        warnings = read.warnings;
        notes.extend(read.notes);
        if args.verbose && !read.without_defaults.is_empty() {
            let models = read.without_defaults.join(", ");
            notes.push(format!(
                "the server does not tell the defaults of {models}: their docs say no more than `required`"
            ));
        }
        if let (Some(pinned), false) = (&pinned, args.allow_loss) {
            let lost = losses(pinned, &read.schema, &read.unseen);
            if !lost.is_empty() {
                bail!(
                    "target {}: nothing was changed, because this user sees less than the pin has: {} would be lost; \
                     introspect as a user with the rights of the one who pinned it, or give --allow-loss",
                    target.name,
                    lost.join(", ")
                );
            }
        }
        let mut schema = read.schema;
        let was_series = pinned.as_ref().map(|pinned| &pinned.series).filter(|was| **was != schema.series);
        if let (Some(was), true) = (was_series, target.models.is_narrowed()) {
            bail!(
                "target {}: nothing was changed, because the pin is of Odoo {was}, and a pin cannot have models of two series: run \
                 without --only",
                target.name
            );
        }
        if was_series.is_none() {
            // Server and pin are of one series: then it is target.toml that is wrong.
            check_series(&target, pinned.as_deref())?;
        }
        // Those of another series are not known to be there.
        let kept = if was_series.is_some() { 0 } else { pinned::keep_methods(pinned.as_deref(), &mut schema) };
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
        if target.models.is_narrowed() {
            pinned::keep_others(&target, pinned.as_deref(), &mut schema);
        }
        Arc::new(schema)
    } else {
        if target.models.is_narrowed() {
            bail!("--only says which models to read from a server, and {} is not set", target.connection.names.url);
        }
        let Some(pinned) = pinned.clone() else {
            bail!(
                "target {} has no pin yet: {}set {}, {}, {} and {} or {} to read it from a server",
                target.name,
                if args.offline { "run without --offline, and " } else { "" },
                target.connection.names.url,
                target.connection.names.database,
                target.connection.names.user,
                target.connection.names.password,
                target.connection.names.api_key
            );
        };
        if !args.offline {
            report.say(&format!(
                "{}: {} is not set, so the pin is taken as it is",
                target.name, target.connection.names.url
            ));
        }
        pinned
    };
    let schema = if target.fields.is_in(&schema) { Arc::new(target.fields.without(&schema)) } else { schema };
    if args.strict && !warnings.is_empty() {
        let lines: Vec<_> = warnings.iter().map(|warning| format!("\n  {warning}")).collect();
        bail!("target {}: nothing was changed, because --strict was given and{}", target.name, lines.concat());
    }

    let files = match ahead {
        Some(ahead) if pinned.as_ref() == Some(&schema) => ahead.await.context("a task of the generator failed")??,
        _ => Files::Made(files(&target.name, &target.rows, &target.fixes, &schema)?),
    };
    let (mut plan, stamp, made) = match files {
        Files::Known(unchanged) => (Plan { unchanged, ..Plan::default() }, None, false),
        Files::Made(wanted) => {
            let stamp = stamp.and_then(|stamp| Some((stamp.text(&wanted)?, stamp)));
            (Plan::new(&target.folder, wanted)?, stamp, true)
        }
    };
    plan.write.extend(target_toml.map(|text| ("target.toml".to_owned(), text)));
    let changes = pinned.as_deref().map_or_else(Vec::new, |pinned| diff(pinned, &schema));
    let (updates, changes): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|change| change.what == What::ModuleVersion);
    let updates: Vec<_> = updates.iter().map(update).collect();
    if !updates.is_empty() {
        notes.push(format!("modules of another version than pinned: {}", updates.join(", ")));
    }
    let outcome = Outcome {
        target: target.name.clone(),
        source: if live { "server" } else { "pin" },
        series: schema.series.clone(),
        models: schema.models.len(),
        fields: schema.models.values().map(|model| model.fields.len()).sum(),
        methods: schema.models.values().flat_map(|model| &model.methods).map(BTreeMap::len).sum(),
        changes,
        updates,
        written: plan.write.keys().cloned().collect(),
        removed: plan.remove.clone(),
        unchanged: plan.unchanged,
        made,
        warnings: warnings.iter().map(Warning::to_string).collect(),
        notes: notes.iter().map(|note| visible(note).to_string()).collect(),
    };
    Ok(Prepared { target, plan, stamp, outcome, _lock: lock })
}

/// `sale 19.0.1.2 -> 19.0.1.3`
fn update(change: &Change) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let text = format!("{} {} -> {}", change.items.concat(), part(&change.before), part(&change.after));
    visible(&text).to_string()
}

/// The files of a target.
enum Files {
    /// A former run left them all as they should be: so many.
    Known(usize),
    Made(BTreeMap<String, String>),
}

/// Makes all files of a target, by their path below it.
fn files(target: &str, rows: &Choice, fixes: &Fixes, schema: &Schema) -> Result<BTreeMap<String, String>> {
    let context = || format!("target {target}");
    let mut settings = Settings::new(target);
    // What is wrong with either is told at once.
    match (rows.of(schema), fixes.of(schema)) {
        (Ok(rows), Ok(fixes)) => (settings.rows, settings.fixes) = (rows, fixes),
        (Err(rows), Err(fixes)) => return Err(anyhow!("{rows}\n{fixes}")).with_context(context),
        (Err(error), _) | (_, Err(error)) => return Err(error).with_context(context),
    }
    let mut files = generate(schema, &settings).with_context(context)?;
    let pin = pin::to_files(schema).with_context(context)?;
    files.extend(pin.into_iter().map(|(file, text)| (format!("schema/{file}"), text)));
    Ok(files)
}

fn read_pin(target: &Target, notes: &mut Vec<String>) -> Result<Option<Schema>> {
    let pinned = pinned::read(&target.folder).with_context(|| format!("the pin of target {}", target.name))?;
    Ok(pinned.map(|(schema, note)| {
        notes.extend(note);
        schema
    }))
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
