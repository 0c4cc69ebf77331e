//! Reads which methods the models of a live Odoo have, from Odoo's own API documentation (19.0 and later).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use odoo_client::version::Difference;
use odoo_client::{Client, ErrorKind};
use odoo_codegen::{ApiDoc, Method, Warning};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// With fewer models, what all of them have in common may be their own.
const MANY: usize = 50;

/// What is known of the methods of each model before any is asked about.
pub(crate) struct Documented {
    /// Models to ask about, and models that have but the methods of every model.
    models: BTreeMap<String, bool>,
    /// Why there is none at all.
    pub(crate) refused: Option<String>,
    /// Whether the fields in it are what `fields_get` says: it is in the language of the user, and pins are in English.
    pub(crate) has_fields: bool,
}

/// What the documentation tells of a model.
#[derive(Default)]
pub(crate) struct Told {
    /// `None` where the server does not tell.
    pub(crate) methods: Option<BTreeMap<String, Method>>,
    /// As `fields_get` has them, if it tells.
    pub(crate) fields: Option<Box<RawValue>>,
    pub(crate) warnings: Vec<Warning>,
}

impl Documented {
    /// Nothing, as this run is not to ask.
    pub(crate) fn not_asked() -> Self {
        Self { models: BTreeMap::new(), refused: Some("it was not asked".to_owned()), has_fields: false }
    }

    /// Asks for the index. The answer of a server that has none, or does not show it to this user, is that there is none; one
    /// that cannot answer for a moment ends the run.
    pub(crate) async fn read(client: &Client) -> Result<Self> {
        #[derive(Deserialize)]
        struct Index {
            models: Vec<Model>,
        }
        #[derive(Deserialize)]
        struct Model {
            model: String,
            methods: BTreeSet<String>,
        }
        if !client.version().has(Difference::ApiDoc) {
            return Ok(Self { models: BTreeMap::new(), refused: None, has_fields: false });
        }
        let index: Index = match client.api_doc(None).await {
            Ok(index) => index,
            Err(error) if passes(&error) => {
                return Err(anyhow!(error).context("cannot read the API documentation"));
            }
            Err(error) => {
                let why = match error.kind() {
                    ErrorKind::Access => format!("{} is not in the group Technical Documentation", client.user()),
                    ErrorKind::Config => "an API key over JSON-RPC opens no session: leave the user out".to_owned(),
                    _ if error.status() == Some(404) => "the module api_doc is not installed".to_owned(),
                    _ => error.to_string(),
                };
                return Ok(Self { models: BTreeMap::new(), refused: Some(why), has_fields: false });
            }
        };
        let mut all = index.models.iter().map(|model| &model.methods);
        let common = match all.next() {
            Some(first) if index.models.len() >= MANY => {
                all.fold(first.clone(), |common, methods| common.intersection(methods).cloned().collect())
            }
            _ => BTreeSet::new(),
        };
        let has_own = |model: &Model| model.methods.iter().any(|method| !common.contains(method));
        let models = index.models.iter().map(|model| (model.model.clone(), has_own(model))).collect();
        let context = client.model("res.users").call("context_get").send::<Value>().await;
        let has_fields = context.is_ok_and(|context| context["lang"] == "en_US");
        Ok(Self { models, refused: None, has_fields })
    }

    /// What it tells of a model. What the server cannot say of one model (a docstring can be too odd for it) is no reason to go
    /// without the others: then there is a warning.
    pub(crate) async fn of(&self, client: &Client, model: &str) -> Result<Told> {
        match self.models.get(model) {
            None => return Ok(Told::default()),
            Some(false) => return Ok(Told { methods: Some(BTreeMap::new()), ..Told::default() }),
            Some(true) => {}
        }
        match client.api_doc::<ApiDoc>(Some(model)).await {
            Ok(doc) => {
                let fields = doc.fields().filter(|_| self.has_fields).map(ToOwned::to_owned);
                let (methods, warnings) = doc.into_methods(model);
                Ok(Told { methods: Some(methods), fields, warnings })
            }
            Err(error) if passes(&error) => {
                Err(anyhow!(error).context(format!("cannot read the API documentation of {}", model.escape_debug())))
            }
            Err(error) => {
                let problem = format!("are not told by the server ({error})");
                let warning = Warning { model: model.to_owned(), field: Some("methods".to_owned()), problem };
                Ok(Told { warnings: vec![warning], ..Told::default() })
            }
        }
    }
}

/// Whether a failure says nothing of the server's mind: it may be another one the next time.
pub(crate) fn passes(error: &odoo_client::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Timeout | ErrorKind::RateLimited | ErrorKind::Protocol
    ) || matches!(error.status(), Some(429 | 502..=504))
}
