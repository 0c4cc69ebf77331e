//! A program on two servers at once.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use odoo_client::client::WireKind;
use odoo_client::{Client, Error, SecretString};
use odoo_codegen::{Field, Schema, pin};
use odoo_emulator::{Emulator, Snapshot};
use serde_json::{Value, json};

use crate::calls::{call, class, told};
use crate::compare::{Ids, difference};
use crate::known;
use crate::program::Step;
use crate::shapes::{GIVEN, MODULE, Shape};

pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

/// A server, the emulator of its series, and a client for each.
pub(crate) struct Pair {
    live: Client,
    emulated: Client,
    emulator: Emulator,
    snapshot: Snapshot,
    pub(crate) series: (u32, u32),
    /// Records that are there on both sides, and that programs point to.
    given: BTreeMap<String, Vec<i64>>,
    pub(crate) shapes: Vec<Shape>,
    /// A language that is active beside English.
    pub(crate) other_lang: Option<String>,
    /// What was put into the emulator at the start.
    pub(crate) seeds: serde_json::Map<String, Value>,
}

/// The pin in a folder.
pub(crate) fn schema_of(folder: &Path) -> Schema {
    let mut files = BTreeMap::new();
    let mut add = |name: String| {
        let text = std::fs::read_to_string(folder.join("schema").join(&name)).expect("a file of the pin");
        files.insert(name, text);
    };
    add("pin.json".to_owned());
    for entry in std::fs::read_dir(folder.join("schema/models")).expect("the pin has models") {
        add(format!("models/{}", entry.expect("a file").file_name().display()));
    }
    pin::from_files(&files).expect("a pin")
}

/// The folder of the target of a series.
pub(crate) fn target(major: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../generated/odoo{major}"))
}

/// The first number of the records of the first model on the emulator, and how many numbers each model has.
const START: i64 = 5_000_000;
const SPAN: usize = 100_000;

/// What came of a program.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) calls: u64,
    /// Calls that both refused.
    pub(crate) refused: u64,
    pub(crate) difference: Option<Difference>,
    /// The steps with what the server answered.
    pub(crate) log: Vec<Value>,
}

/// Where the two went apart.
pub(crate) struct Difference {
    pub(crate) at: usize,
    pub(crate) what: String,
}

/// The ids of the n-th records of models, on the two sides.
pub(crate) type Records = HashMap<String, Vec<Option<(i64, i64)>>>;

impl Pair {
    pub(crate) async fn new(wire: WireKind, key: Option<SecretString>) -> Self {
        let live = crate::live(wire, key).await;
        let series = (live.version().major(), live.version().minor());
        let folder = target(series.0);
        let emulator = Emulator::start(&folder).await.expect("the pin of the server's series is there");
        let schema = schema_of(&folder);
        let mut shapes = Shape::all(&schema);
        // Of models and fields that this server has: another database may have fewer apps.
        for shape in &mut shapes {
            let told = live.model(shape.model).call("fields_get").arg("attributes", ["type"]).send::<Value>().await;
            let told = told.unwrap_or_default();
            shape.fields.retain(|(name, _)| told.get(name).is_some());
        }
        shapes.retain(|shape| !shape.fields.is_empty());
        let mut given = BTreeMap::new();
        let mut seeds = serde_json::Map::new();
        let mut put = |model: &str, records: Value| {
            let ids = emulator.engine(|engine| engine.seed(model, &records)).expect("the emulator takes them");
            given.insert(model.to_owned(), ids);
            seeds.insert(model.to_owned(), records);
        };
        for (model, key, values) in GIVEN {
            let read = live.model(*model).call("search_read").arg("domain", json!([[key, "in", values]]));
            let pinned = schema.models.get(*model).map(|model| &model.fields);
            let fields = ["name", *key, "active", "default_code"].into_iter();
            let fields = fields.filter(|name| pinned.is_some_and(|pinned| pinned.contains_key(*name)));
            put(model, read.arg("fields", fields.collect::<Vec<_>>()).send().await.unwrap_or_else(|_| json!([])));
        }
        let langs = live.model("res.lang").call("search_read").arg("fields", ["code", "name", "active"]);
        let langs: Value = langs.send().await.expect("there are languages");
        let codes = langs.as_array().into_iter().flatten().filter_map(|lang| lang["code"].as_str());
        let other_lang = codes.filter(|code| *code != "en_US").map(str::to_owned).next();
        put("res.lang", langs);
        // What imports call countries by, and where the user's clocks are.
        let named = json!([["model", "=", "res.country"], ["name", "in", ["be", "fr"]]]);
        let data = live.model("ir.model.data").call("search_read").arg("domain", named);
        let data = data.arg("fields", ["name", "module", "model", "res_id"]);
        put("ir.model.data", data.send().await.expect("countries have external ids"));
        let users = live.model("res.users").call("read").ids([2]).arg("fields", ["tz"]);
        put("res.users", users.send().await.expect("there is an administrator"));
        // Searches by name, and conditions on what is not there, meet what others have made.
        for shape in &shapes {
            let names: Vec<_> =
                shape.fields.iter().filter(|(_, field)| is_seeded(field)).map(|(name, _)| name).collect();
            let read = live.model(shape.model).call("search_read").arg("domain", json!([])).arg("fields", names);
            let records: Value = read.with_context(("active_test", false)).send().await.expect("records are read");
            emulator.engine(|engine| engine.seed(shape.model, &records)).expect("the emulator takes them");
            seeds.insert(shape.model.to_owned(), records);
        }
        // Ids of the emulator are none that the server has, and each is of one model.
        for (shape, start) in shapes.iter().zip((START..).step_by(SPAN)) {
            emulator.engine(|engine| engine.start_ids_at(shape.model, start)).expect("the model is there");
        }
        let builder = Client::builder().url(emulator.url()).database(emulator.database());
        let builder = builder.user("admin");
        let builder = match wire {
            WireKind::Json2 => {
                let session = builder.clone().password("admin").wire(WireKind::Session).connect().await;
                let session = session.expect("the emulator is there");
                let tomorrow = jiff::Timestamp::now() + std::time::Duration::from_secs(86_400);
                builder.api_key(
                    session.api_keys().create("differential", Some(tomorrow)).await.expect("a key is made").key,
                )
            }
            _ => builder.password("admin"),
        };
        let emulated = builder.wire(wire).connect().await.expect("the emulator is there");
        let snapshot = emulator.snapshot();
        Self { live, emulated, emulator, snapshot, series, given, shapes, other_lang, seeds }
    }

    /// Two companies of the administrator, on both sides; `None` if there is but one.
    pub(crate) async fn companies(&mut self) -> Option<[i64; 2]> {
        let of_user = self.live.model("res.users").call("read").ids([2]).arg("fields", ["company_id", "company_ids"]);
        let of_user = of_user.send::<Value>().await.expect("there is an administrator")[0].take();
        let first = of_user["company_id"][0].as_i64()?;
        let second = of_user["company_ids"].as_array()?.iter().filter_map(Value::as_i64).find(|id| *id != first)?;
        let both = [first, second];
        let companies: Value = both.iter().map(|id| json!({"id": id, "name": "a company"})).collect();
        let user = json!({"id": 2, "company_id": first, "company_ids": both});
        self.emulator.load(&json!({"res.company": companies, "res.users": [user]})).expect("the emulator takes them");
        self.snapshot = self.emulator.snapshot();
        Some(both)
    }

    /// Runs a program on both sides, until they differ, and removes what it made.
    pub(crate) async fn run(&self, steps: &[Step]) -> Outcome {
        let mut records = Records::new();
        for (model, ids) in &self.given {
            records.insert(model.clone(), ids.iter().map(|id| Some((*id, *id))).collect());
        }
        let mut made: Vec<(&'static str, i64)> = Vec::new();
        let outcome = self.walk(steps, &mut records, &mut made).await;
        self.clean(&made).await;
        if steps.iter().any(|step| step.method == "load") {
            self.clean_external_ids().await;
        }
        self.emulator.reset(&self.snapshot);
        outcome
    }

    async fn walk(&self, steps: &[Step], records: &mut Records, made: &mut Vec<(&'static str, i64)>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut more = Ids::new();
        for (at, step) in steps.iter().enumerate() {
            let mut ids = more.clone();
            for (live, emulated) in records.values().flatten().flatten() {
                ids.entry(*live).or_default().push(*emulated);
            }
            let ready = (!step.skipped).then(|| Some((step.on_side(records, 0)?, step.on_side(records, 1)?))).flatten();
            let Some((of_live, of_emulated)) = ready else {
                let slots = records.entry(step.model.to_owned()).or_default();
                slots.extend(std::iter::repeat_n(None, step.creates));
                outcome.log.push(step.told(json!({})));
                continue;
            };
            let live = call(&self.live, step, &of_live).await;
            let emulated = call(&self.emulated, step, &of_emulated).await;
            outcome.calls += 1;
            outcome.log.push(step.told(match &live {
                Ok(answer) => json!({"answer": answer}),
                Err(error) => json!({"error": class(error), "message": error.server_message()}),
            }));
            let what = match (&live, &emulated) {
                (Ok(live), Ok(emulated)) if step.creates > 0 => {
                    let [of_live, of_emulated] = [live, emulated].map(|answer| step.created(answer));
                    made.extend(of_live.iter().map(|id| (step.model, *id)));
                    let is_odd = of_live.len() != of_emulated.len();
                    for (live, emulated) in of_live.iter().zip(&of_emulated) {
                        ids.entry(*live).or_default().push(*emulated);
                    }
                    let mut created: Vec<_> = of_live.into_iter().zip(of_emulated).map(Some).collect();
                    created.resize(step.creates, None);
                    records.entry(step.model.to_owned()).or_default().extend(created);
                    if is_odd {
                        Some(format!("{live} and {emulated}"))
                    } else {
                        difference(live, emulated, &ids, known::open(step, self.series))
                    }
                }
                (Ok(live), Ok(emulated)) => difference(live, emulated, &ids, known::open(step, self.series)),
                (Err(live), Err(emulated)) => {
                    outcome.refused += 1;
                    are_different(live, emulated, &ids).then(|| format!("{} and {}", told(live), told(emulated)))
                }
                (Ok(live), Err(emulated)) => {
                    if step.creates > 0 {
                        made.extend(step.created(live).into_iter().map(|id| (step.model, id)));
                    }
                    Some(format!("{live} and {}", told(emulated)))
                }
                (Err(live), Ok(emulated)) => Some(format!("{} and {emulated}", told(live))),
            };
            if step.creates > 0 && !(live.is_ok() && emulated.is_ok()) {
                let slots = records.entry(step.model.to_owned()).or_default();
                slots.extend(std::iter::repeat_n(None, step.creates));
            }
            if live.is_ok() && emulated.is_ok() && step.may_create_more() {
                let about: Vec<(i64, i64)> = if step.creates > 0 {
                    let [live, emulated] =
                        [&live, &emulated].map(|made| made.as_ref().map(|made| step.created(made)).unwrap_or_default());
                    // An import may meet a record twice.
                    let mut about: Vec<(i64, i64)> = live.into_iter().zip(emulated).collect();
                    about.dedup();
                    about
                } else {
                    of_live.0.iter().flatten().copied().zip(of_emulated.0.iter().flatten().copied()).collect()
                };
                for (live, emulated) in &about {
                    ids.entry(*live).or_default().push(*emulated);
                }
                self.find(step, &about, &mut ids, made).await;
                for (live, emulated) in ids {
                    more.entry(live).or_default().extend(emulated);
                }
            }
            if let Some(what) = what {
                let what =
                    format!("the server and the emulator of {} differ in {step}: {what}", self.live.version().series());
                outcome.difference = Some(Difference { at, what });
                break;
            }
        }
        outcome
    }

    /// What commands and copies have created: records in the relations of those that the step was about, which nobody knows yet.
    async fn find(&self, step: &Step, about: &[(i64, i64)], ids: &mut Ids, made: &mut Vec<(&'static str, i64)>) {
        let Some(shape) = self.shapes.iter().find(|shape| shape.model == step.model) else { return };
        for (name, field) in &shape.fields {
            let mut targets = self.shapes.iter().zip((START..).step_by(SPAN));
            let target = targets
                .find(|(shape, _)| field.ttype.ends_with("2many") && Some(shape.model) == field.relation.as_deref());
            let Some((target, start)) = target else { continue };
            // Records of other models may have the same number on the server.
            let is_of_target = |known: &i64| (start..start + SPAN as i64).contains(known);
            // By the record that they belong to, as the order in which a batch is created is anybody's.
            let mut found = [Vec::new(), Vec::new()];
            for (side, odoo) in [&self.live, &self.emulated].into_iter().enumerate() {
                let on: Vec<i64> =
                    about.iter().map(|(live, emulated)| if side == 0 { *live } else { *emulated }).collect();
                let read = odoo.model(step.model).call("read").ids(on.clone()).arg("fields", [name]);
                let records = read.with_context(("active_test", false)).send::<Vec<Value>>().await.unwrap_or_default();
                for id in on {
                    let record = records.iter().find(|record| record["id"] == id);
                    let mut new: Vec<i64> = record
                        .and_then(|record| record[name].as_array())
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_i64)
                        .filter(|id| {
                            if side == 0 {
                                !ids.get(id).is_some_and(|known| known.iter().any(is_of_target))
                            } else {
                                !ids.values().flatten().any(|known| known == id)
                            }
                        })
                        .collect();
                    new.sort_unstable();
                    new.retain(|id| !found[side].contains(id));
                    found[side].extend(new);
                }
            }
            made.extend(found[0].iter().map(|id| (target.model, *id)));
            for (live, emulated) in found[0].iter().zip(&found[1]) {
                ids.entry(*live).or_default().push(*emulated);
            }
        }
    }

    /// Removes what imports called records by.
    async fn clean_external_ids(&self) {
        let data = self.live.model("ir.model.data");
        let domain = json!([["module", "=", MODULE]]);
        let found = data.call("search").arg("domain", domain).send::<Vec<i64>>().await;
        if let Ok(found) = found
            && !found.is_empty()
        {
            let _ = data.call("unlink").ids(found).send::<Value>().await;
        }
    }

    /// Removes what was created.
    async fn clean(&self, made: &[(&'static str, i64)]) {
        for _ in 0..2 {
            for shape in self.shapes.iter().rev() {
                let ids: Vec<i64> = made.iter().filter(|(model, _)| *model == shape.model).map(|(_, id)| *id).collect();
                // One by one: those that are gone already must not keep the others.
                for id in ids {
                    let _ = self.live.model(shape.model).call("unlink").ids([id]).send::<Value>().await;
                }
            }
        }
    }
}

/// Whether records that are there are given to the emulator with this field: pictures are large.
fn is_seeded(field: &Field) -> bool {
    field.stored && field.ttype != "binary"
}

/// Whether two errors are not the same: in their kind, their exception, or their words.
fn are_different(live: &Error, emulated: &Error, ids: &Ids) -> bool {
    let words = [live, emulated].map(|error| error.server_message().unwrap_or_default().to_owned());
    // The client tells what a `KeyError` is of by the traceback, and that of the emulator is always of a field.
    let is_told = class(live) == "builtins.KeyError" || words.iter().all(|words| known::is_circle(words));
    let is_other_kind = live.kind() != emulated.kind() && !is_told;
    is_other_kind || known::differ((&class(live), &words[0]), (&class(emulated), &words[1]), ids)
}
