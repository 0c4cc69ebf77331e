//! Asks the server about one model.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use odoo_client::{Client, ErrorKind};
use odoo_codegen::{ATTRIBUTES, Model, Warning, keep_defaults, read_fields_get, set_defaults, wanting_defaults};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::Described;
use crate::methods::{Documented, passes};

/// What came of it.
pub(super) enum Asked {
    Read(Box<Read>),
    /// `ir.model` has a row of this name, and nothing else of the server knows it: its app is gone.
    Gone(String),
    /// The model, and why it cannot be pinned: for what the server said, or for its name.
    Unusable(String, String),
}

/// One model as it was read.
pub(super) struct Read {
    pub(super) name: String,
    pub(super) model: Model,
    pub(super) warnings: Vec<Warning>,
    /// Whether the server would not tell which required fields have defaults.
    pub(super) hides_defaults: bool,
}

/// Reads a model. What is pinned of it, if that is known, spares a question.
///
/// # Errors
///
/// What is not for this model to blame: a server that is not there, say.
pub(super) async fn ask(
    client: Client,
    documented: Arc<Documented>,
    name: String,
    described: Described,
    known: Option<Model>,
) -> Result<Asked> {
    let told = documented.of(&client, &name).await?;
    let answer = match told.fields {
        Some(fields) => fields,
        None => match fields_get(&client, &name, &described).await? {
            Ok(answer) => answer,
            Err(without) => return Ok(without),
        },
    };
    // `parse` is compiled with serde_json, for speed: to deserialise a `Value` at once takes longer, in a dev build.
    let answer: Value = answer.get().parse().with_context(|| doing(&name))?;
    let (mut model, mut warnings) = match read_fields_get(&name, &answer) {
        Ok(read) => read,
        Err(error) => return Ok(Asked::Unusable(name, error.to_string())),
    };
    model.label = described.label;
    model.transient = described.transient;
    let is_known = known.is_some_and(|known| keep_defaults(&name, &mut model, &known));
    let hides_defaults = !is_known && !read_defaults(&client, &name, &mut model).await?;
    model.methods = told.methods;
    warnings.extend(told.warnings);
    Ok(Asked::Read(Box::new(Read { name, model, warnings, hides_defaults })))
}

fn doing(name: &str) -> String {
    format!("cannot read the fields of {}", name.escape_debug())
}

/// The fields of a model, or what came instead.
async fn fields_get(client: &Client, name: &str, described: &Described) -> Result<Result<Box<RawValue>, Asked>> {
    match client.model(name.to_owned()).call("fields_get").arg("attributes", ATTRIBUTES).send().await {
        Ok(answer) => Ok(Ok(answer)),
        Err(error) if error.kind() == ErrorKind::UnknownModel && described.is_listed => {
            Ok(Err(Asked::Gone(name.to_owned())))
        }
        Err(error) if is_of_all(&error) => Err(anyhow!(error).context(doing(name))),
        Err(error) => Ok(Err(Asked::Unusable(name.to_owned(), format!("{:#}", anyhow!(error))))),
    }
}

/// Whether a failure would be the same for every other model.
fn is_of_all(error: &odoo_client::Error) -> bool {
    passes(error)
        || matches!(
            error.kind(),
            ErrorKind::Config
                | ErrorKind::NotOdoo
                | ErrorKind::AccessDenied
                | ErrorKind::SessionExpired
                | ErrorKind::UnknownDatabase
        )
}

/// Whether each required field has a default, for this user; `false` if the server would not tell: some models, wizards
/// mostly, have no defaults without the records they are about.
async fn read_defaults(client: &Client, name: &str, model: &mut Model) -> Result<bool> {
    let fields = wanting_defaults(name, model);
    if fields.is_empty() {
        return Ok(true);
    }
    match client.model(name.to_owned()).call("default_get").arg("fields", fields).send::<Map<String, Value>>().await {
        Ok(answer) => set_defaults(name, model, &answer),
        Err(error) if passes(&error) => {
            return Err(anyhow!(error).context(format!("cannot read the defaults of {}", name.escape_debug())));
        }
        Err(_) => return Ok(false),
    }
    Ok(true)
}
