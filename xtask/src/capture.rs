//! `cargo odoo emulator capture`: rows of a live server for the emulator, without what is personal.

mod personal;
mod texts;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use odoo_client::Client;
use odoo_codegen::{Field, Schema};
use serde_json::{Map, Value, json};

use crate::introspect::may_not;
use crate::pattern::Pattern;
use crate::project::TargetsFolder;
use crate::report::{counted, plain_json, print};
use crate::target::Target;
use crate::{introspect, pinned};

/// How many records are read at a time.
const CHUNK: usize = 100;

/// Takes rows of a live server for the emulator, with what they point to, and without what is personal.
///
/// Reads the newest records of the models, and all records that these point to by a many2one, as the pin of the target has them.
/// Names, mails, phones, addresses and free texts are replaced by made-up ones; passwords, tokens, files and properties are left
/// out. What is personal is decided by the names and types of fields. The same words in any other text are replaced too, and
/// mails and telephone numbers by what they look like.
///
/// What that does not find: a person who is named in a title (of a task, of a product) and has no record in the capture, or not
/// by this very name; texts in selections and numbers; sums and dates, which are as they were. So look at the file before it
/// goes anywhere.
///
/// Exit status: 0 done; 2 when it could not be done.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo emulator capture acme --models 'sale.*' --rows 20 > shop.json
  cargo odoo emulator capture acme --models sale.order res.partner --out shop.json
  cargo odoo emulator acme --data shop.json -- cargo test")]
pub(crate) struct Args {
    /// A folder of generated/
    target: String,
    /// Names and globs of models
    #[arg(long, value_name = "GLOB", num_args = 1.., required = true)]
    models: Vec<String>,
    /// How many records of each, the newest
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    rows: u32,
    /// Write to this file rather than to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    folder: TargetsFolder,
}

/// Records by model and id.
type Captured = BTreeMap<String, BTreeMap<i64, Map<String, Value>>>;

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let project = args.folder.project()?;
    let target = Target::load(&project.generated, &args.target)?;
    if !target.connection.is_set() {
        bail!("{} is not set: capture reads a live Odoo", target.connection.names.url);
    }
    let Some((schema, _)) = pinned::read(&target.folder)? else {
        bail!("target {} has no pin yet: run `cargo odoo regen {}` first", target.name, target.name);
    };
    let wanted = Pattern::all(&args.models)?;
    let models: Vec<&String> =
        schema.models.keys().filter(|model| wanted.iter().any(|pattern| pattern.matches(model))).collect();
    if models.is_empty() {
        bail!("the pin of {} has no model that matches {}", target.name, args.models.join(", "));
    }
    let client = introspect::connect(&target, true).await?;
    let mut capture = Capture { client: &client, schema: &schema, captured: Captured::new(), refused: BTreeSet::new() };
    let taken = capture.newest_of(models, args.rows).await;
    introspect::log_out(&client, &target.connection).await;
    taken?;
    let Capture { captured, refused, .. } = capture;
    for model in &refused {
        eprintln!("{}: {model} cannot be read by this user, or has no table: left out", target.name);
    }
    let records: usize = captured.values().map(BTreeMap::len).sum();
    let (shown, of) = (counted(records, "record"), counted(captured.len(), "model"));
    let text = written(&personal::without(&schema, finished(&schema, captured))?);
    match &args.out {
        Some(file) => std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?,
        None => print(&text)?,
    }
    eprintln!("{}: {shown} of {of}", target.name);
    Ok(ExitCode::SUCCESS)
}

struct Capture<'a> {
    client: &'a Client,
    schema: &'a Schema,
    captured: Captured,
    /// The models that cannot be read.
    refused: BTreeSet<String>,
}

impl Capture<'_> {
    async fn newest_of(&mut self, models: Vec<&String>, rows: u32) -> Result<()> {
        for model in models {
            self.newest(model, rows).await?;
        }
        Ok(())
    }

    /// The newest records of a model, and what they point to.
    async fn newest(&mut self, model: &str, rows: u32) -> Result<()> {
        let search = self.client.model(model.to_owned()).call("search").arg("domain", json!([]));
        let ids = search.arg("order", "id desc").arg("limit", rows).send::<Vec<i64>>().await;
        let mut waiting = VecDeque::new();
        match ids {
            Ok(ids) => waiting.push_back((model.to_owned(), ids.into_iter().collect::<BTreeSet<_>>())),
            Err(error) => return self.refuse(model, &error),
        }
        while let Some((model, ids)) = waiting.pop_front() {
            let known = self.captured.get(&model);
            let new: Vec<i64> =
                ids.into_iter().filter(|id| known.is_none_or(|known| !known.contains_key(id))).collect();
            let mut pointed: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
            for chunk in new.chunks(CHUNK) {
                self.read(&model, chunk, &mut pointed).await?;
            }
            waiting.extend(pointed);
        }
        Ok(())
    }

    async fn read(&mut self, model: &str, ids: &[i64], pointed: &mut BTreeMap<String, BTreeSet<i64>>) -> Result<()> {
        let Some(pinned) = self.schema.models.get(model).filter(|_| !self.refused.contains(model)) else {
            return Ok(());
        };
        let fields = pinned.fields.iter().filter(|(name, field)| is_captured(name, field));
        let fields: Vec<&String> = fields.map(|(name, _)| name).collect();
        let read = self.client.model(model.to_owned()).call("read").ids(ids.to_vec()).arg("fields", fields);
        let rows = match read.send::<Vec<Map<String, Value>>>().await {
            Ok(rows) => rows,
            Err(error) => return self.refuse(model, &error),
        };
        for mut row in rows {
            let Some(id) = row.get("id").and_then(Value::as_i64) else { continue };
            for (name, value) in &mut row {
                let Some(field) = pinned.fields.get(name) else { continue };
                if let ("many2one", Some(relation), Some(to)) = (&*field.ttype, &field.relation, value[0].as_i64()) {
                    pointed.entry(relation.clone()).or_default().insert(to);
                    // The name of the other record is that of somebody.
                    *value = json!(to);
                }
            }
            self.captured.entry(model.to_owned()).or_default().insert(id, row);
        }
        Ok(())
    }

    fn refuse(&mut self, model: &str, error: &odoo_client::Error) -> Result<()> {
        if !may_not(error) && error.kind() != odoo_client::ErrorKind::Server {
            bail!("cannot read {model}: {error}");
        }
        self.refused.insert(model.to_owned());
        Ok(())
    }
}

/// Whether a field is of the database, and may be in a file.
fn is_captured(name: &str, field: &Field) -> bool {
    let is_kept = !matches!(
        field.ttype.as_str(),
        "binary" | "one2many" | "json" | "properties" | "properties_definition" | "serialized"
    );
    name == "id" || (field.stored && is_kept && !personal::is_secret(name))
}

/// The records, without what points to one that is not among them.
fn finished(schema: &Schema, mut captured: Captured) -> Captured {
    let ids: BTreeMap<String, BTreeSet<i64>> =
        captured.iter().map(|(model, rows)| (model.clone(), rows.keys().copied().collect())).collect();
    let has = |model: &str, id: i64| ids.get(model).is_some_and(|ids| ids.contains(&id));
    for (model, rows) in &mut captured {
        let fields = &schema.models[model].fields;
        for (name, value) in rows.values_mut().flatten() {
            let Some(field) = fields.get(name) else { continue };
            match (&*field.ttype, &field.relation) {
                ("many2one", Some(relation)) if value.as_i64().is_some_and(|id| !has(relation, id)) => {
                    *value = json!(false)
                }
                ("many2many", Some(relation)) => {
                    if let Some(list) = value.as_array_mut() {
                        list.retain(|id| id.as_i64().is_some_and(|id| has(relation, id)));
                    }
                }
                ("reference", _) => {
                    let of = value.as_str().and_then(|text| text.split_once(','));
                    if !of.is_some_and(|(model, id)| id.parse().is_ok_and(|id| has(model, id))) {
                        *value = json!(false);
                    }
                }
                _ => {}
            }
        }
    }
    captured
}

/// As JSON, a line for each record.
fn written(captured: &Captured) -> String {
    let models = captured.iter().map(|(model, rows)| {
        let rows: Vec<_> = rows.values().map(|row| format!("    {}", Value::Object(row.clone()))).collect();
        format!("  {}: [\n{}\n  ]", json!(model), rows.join(",\n"))
    });
    plain_json(&format!("{{\n{}\n}}\n", models.collect::<Vec<_>>().join(",\n")))
}
