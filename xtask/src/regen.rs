//! `cargo odoo regen`: from a live Odoo or a pin to generated code.

mod made;
mod memory;
mod schema;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use odoo_codegen::Schema;

use self::made::{Made, Maker};
use self::memory::Memory;
use self::schema::{Asked, Found};
use crate::emulate;
use crate::lock::Lock;
use crate::outcome::Outcome;
use crate::pinned;
use crate::project::{Project, TargetsFolder};
use crate::report::Report;
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
  cargo odoo regen                          every target, from its pin or its server
  cargo odoo regen odoo19                   one target
  cargo odoo regen odoo19 --only 'sale.*'   pin the models of sales anew, leave the others
  cargo odoo regen --offline --check        fail if generated code is not what the pins say
  cargo odoo regen --emulate                the same work with an emulator of each pin in the place of its server
  cargo odoo regen odoo19 --check           fail if the server no longer fits the pin
  cargo odoo regen acme --series saas~18.3  pin the server anew after its upgrade, and say so in target.toml

A target's target.toml:
  series = \"18.0\"                            of the server; or a glob, or a list: [\"18.0\", \"saas~18.*\"]
  code = false                               pin only: a build script makes the code (odoo_codegen::build)
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
pub struct Args {
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
    /// Read an emulator of the target's own pin, rather than a server: all that regen does, on a machine with nothing else
    #[arg(long, conflicts_with_all = ["offline", "series"])]
    emulate: bool,
    /// Pin what this user sees, though the pin has more: labels, modules, or fields that others see
    #[arg(long)]
    allow_loss: bool,
    /// Do not ask for methods, which takes Odoo most of the time: they stay as they are pinned
    #[arg(long)]
    no_methods: bool,
    /// Ask for everything, also if the server (19 and later) says that nothing changed, and whether a field that is as pinned
    /// has a default: for new Python code without an update of its module, and for changed labels, languages and defaults
    #[arg(long, conflicts_with = "offline")]
    fresh: bool,
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
    #[command(flatten)]
    folder: TargetsFolder,
}

/// A target with everything that is to be done to it.
struct Prepared {
    target: Target,
    schema: Arc<Schema>,
    made: Made,
    maker: Arc<Maker>,
    outcome: Outcome,
    asked: Option<Asked>,
    memory: Option<Memory>,
    /// Held until all is done.
    _lock: Lock,
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let report = Report::new(args.json);
    if args.series.is_some() && args.targets.len() != 1 {
        bail!("--series says of one target which series it is of now: name that target");
    }
    let project = args.folder.project()?;
    // Every target is prepared before any is written.
    let mut prepared = Vec::new();
    for mut target in Target::load_all(&project.generated, &args.targets)? {
        target.models.narrow(&args.only)?;
        prepared.push(prepare(&project, target, &args, &report).await?);
    }
    let mut differs = false;
    let mut outcomes = Vec::new();
    for Prepared { target, schema, made, maker, outcome, asked, memory, _lock } in prepared {
        let plan = &made.plan;
        let is_other = is_other(plan, &outcome);
        differs |= is_other && fails(args.fail_on.unwrap_or(target.fail_on), &outcome);
        if !args.check {
            plan.apply(&target.folder)?;
        }
        if !args.check || plan.is_empty() {
            maker.keep(&made);
        }
        if let (Some(memory), Some(Asked { client, seen: Some(seen), .. })) = (memory, asked) {
            memory.keep(&client, &schema, seen);
        }
        report.outcome(&outcome, args.check, is_other);
        outcomes.push(outcome);
    }
    if args.annotate {
        crate::annotate::annotate(&project, &outcomes)?;
    }
    report.json(&outcomes)?;
    Ok(if args.check && differs { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Whether anything would be written but a module's new version, which alone is no reason to pin anew.
fn is_other(plan: &Plan, outcome: &Outcome) -> bool {
    let only_updates = !outcome.updates.is_empty()
        && outcome.changes.is_empty()
        && plan.remove.is_empty()
        && plan.write.keys().all(|file| file == "schema/pin.json");
    !plan.is_empty() && !only_updates
}

/// Whether a difference fails a check that is to fail on changes of some grade.
fn fails(fail_on: FailOn, outcome: &Outcome) -> bool {
    // Code that is not what its pin makes is no matter of grades.
    outcome.changes.is_empty() || outcome.changes.iter().any(|change| fail_on.counts(change.grade))
}

/// Finds out what is to be done to a target, and changes nothing but what a run that was cut off has left.
async fn prepare(project: &Project, mut target: Target, args: &Args, report: &Report) -> Result<Prepared> {
    let doing = format!("target {}: nothing was changed", target.name);
    let lock = lock(&target, args).with_context(|| doing.clone())?;
    let mut notes = Vec::new();
    let is_live = args.emulate || (!args.offline && target.connection.is_set());
    let pinned = read_pin(&target, is_live, &mut notes)?.map(Arc::new);
    // It is gone when this is done.
    let emulator = if args.emulate { Some(emulate::start(&target, pinned.clone())?) } else { None };
    if let Some(emulator) = &emulator {
        target.connection = emulate::connection(emulator);
    }
    let target_toml = change_series(&mut target, is_live, args)?;

    let maker = Arc::new(Maker::of(project, &target)?);
    // A server is nearly always as it was pinned: while it answers, the files of the pin are made.
    let ahead = pinned.clone().filter(|_| is_live).map(|pinned| {
        let maker = Arc::clone(&maker);
        tokio::task::spawn_blocking(move || maker.make_of_pin(&pinned))
    });
    // An emulator is another one each time.
    let memory = Memory::of(project, &target).filter(|_| !args.emulate);
    let Found { mut schema, warnings, asked } = if is_live {
        let found = schema::of_server(&target, args, pinned.as_ref(), memory.as_ref(), &mut notes).await;
        found.with_context(|| doing.clone())?
    } else {
        schema::of_pin(&target, args, pinned.as_ref(), report)?
    };
    if target.fields.is_in(&schema) {
        schema = Arc::new(target.fields.without(&schema));
    }
    if args.strict && !warnings.is_empty() {
        let lines: Vec<_> = warnings.iter().map(|warning| format!("\n  {warning}")).collect();
        bail!("{doing}, because --strict was given and{}", lines.concat());
    }
    let mut made = match ahead {
        _ if pinned.as_ref() != Some(&schema) => maker.make(&schema)?,
        Some(ahead) => ahead.await.context("a task of the generator failed")??,
        None => maker.make_of_pin(&schema)?,
    };

    made.plan.write.extend(target_toml.map(|text| ("target.toml".to_owned(), text)));
    let source = match (is_live, &emulator) {
        (false, _) => "pin",
        (true, None) => "server",
        (true, Some(_)) => "emulator",
    };
    let mut outcome = Outcome::of(&target.name, source, pinned.as_deref(), &schema, &made.plan, &warnings, notes);
    outcome.server_unchanged = asked.as_ref().is_some_and(|asked| asked.unchanged);
    Ok(Prepared { target, schema, made, maker, outcome, asked, memory, _lock: lock })
}

/// Keeps other runs away, and undoes what one has left that was cut off.
fn lock(target: &Target, args: &Args) -> Result<Lock> {
    let lock = if args.check { Lock::shared(&target.folder)? } else { Lock::exclusive(&target.folder)? };
    if !args.check {
        store::recover(&target.folder)?;
    } else if store::is_cut_off(&target.folder) {
        bail!("a former run was cut off: run `cargo odoo regen {}` to undo what it left", target.name);
    }
    Ok(lock)
}

fn read_pin(target: &Target, is_live: bool, notes: &mut Vec<String>) -> Result<Option<Schema>> {
    match pinned::read(&target.folder).with_context(|| format!("the pin of target {}", target.name)) {
        Ok(pinned) => Ok(pinned.map(|(schema, note)| {
            notes.extend(note);
            schema
        })),
        // To read all of it from the server is the remedy, so that must work.
        Err(error) if is_live && !target.models.is_narrowed() => {
            notes.push(format!("pinned anew: {error:#}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// With `--series`, the target is of that series from here on; gives the target.toml that says so, if it does not yet.
fn change_series(target: &mut Target, is_live: bool, args: &Args) -> Result<Option<String>> {
    match &args.series {
        Some(_) if !is_live => {
            bail!("--series pins what a server says, and {} is not set", target.connection.names.url)
        }
        Some(series) => target.change_series(series).with_context(|| format!("target {}", target.name)),
        None => Ok(None),
    }
}
