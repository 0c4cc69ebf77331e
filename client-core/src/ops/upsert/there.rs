//! What is on the server of some records.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::compare::FieldType;
use super::item::{Item, Key};
use super::of;
use crate::error::ErrorKind;
use crate::ops::external_id::split;
use crate::{Client, Error};

pub(super) type Row = Map<String, Value>;

/// What Odoo says of fields, by model.
#[derive(Default)]
pub(super) struct Known(HashMap<&'static str, HashMap<String, FieldType>>);

impl Known {
    pub(super) async fn learn(
        &mut self,
        client: &Client,
        model: &'static str,
        fields: BTreeSet<String>,
    ) -> Result<(), Error> {
        let types = self.0.entry(model).or_default();
        let new: Vec<String> = fields.into_iter().filter(|field| !types.contains_key(field)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let call = client.model(model).call("fields_get").arg("allfields", &new).arg("attributes", ["type", "digits"]);
        let about: Row = call.send().await?;
        types.extend(about.iter().map(|(field, about)| (field.clone(), FieldType::read(about))));
        Ok(())
    }

    pub(super) fn of(&self, model: &str, field: &str) -> Result<&FieldType, String> {
        let known = self.0.get(model).and_then(|types| types.get(field));
        known.ok_or_else(|| format!("{model} has no field `{field}`, or none for this user"))
    }
}

/// What is on the server.
pub(super) struct There {
    pub(super) xml_ids: HashMap<String, (String, i64)>,
    /// Records by natural key.
    natural: HashMap<(&'static str, String), Vec<i64>>,
    rows: HashMap<&'static str, HashMap<i64, Row>>,
    referred: HashMap<&'static str, HashSet<i64>>,
}

/// Records that are looked for.
pub(super) struct Wanted<'a> {
    pub(super) client: &'a Client,
    pub(super) model: &'static str,
    pub(super) items: &'a [Item],
    /// Which of the items.
    pub(super) open: &'a [usize],
}

impl Wanted<'_> {
    pub(super) fn line_models(&self) -> BTreeSet<&'static str> {
        self.open.iter().flat_map(|at| &self.items[*at].lines).map(|lines| lines.model).collect()
    }

    /// The fields of a model that records or lines set.
    pub(super) fn fields(&self, model: &str) -> BTreeSet<String> {
        let items = self.open.iter().map(|at| &self.items[*at]);
        let lines = items.clone().flat_map(|item| &item.lines).filter(|lines| lines.model == model);
        let own = items.filter(|_| model == self.model);
        let fields =
            own.clone().flat_map(Item::fields).chain(own.flat_map(|item| item.lines.iter().map(|lines| lines.field)));
        fields.chain(lines.flat_map(|lines| &lines.items).flat_map(Item::fields)).map(str::to_owned).collect()
    }

    pub(super) async fn look(&self) -> Result<There, Error> {
        let mut xml_ids = Vec::new();
        self.open.iter().for_each(|at| self.items[*at].xml_ids(self.model, &mut xml_ids));
        let pairs = xml_ids.iter().filter_map(|xml_id| split(xml_id).ok()).collect::<Vec<_>>();
        let xml_ids = self.client.look_up(&pairs).await?;
        let mut there = There { xml_ids, natural: HashMap::new(), rows: HashMap::new(), referred: HashMap::new() };
        self.look_for_keys(&mut there).await?;

        let mut wanted: BTreeMap<&'static str, BTreeSet<i64>> = BTreeMap::new();
        let mut referred: BTreeMap<&'static str, BTreeSet<i64>> = BTreeMap::new();
        for at in self.open {
            let item = &self.items[*at];
            wanted.entry(self.model).or_default().extend(there.id(item, self.model).ok().flatten());
            for lines in &item.lines {
                let ids = lines.items.iter().filter_map(|line| there.id(line, lines.model).ok().flatten());
                wanted.entry(lines.model).or_default().extend(ids);
            }
            for (_, model, xml_id) in
                item.lines.iter().flat_map(|lines| &lines.items).chain([item]).flat_map(|item| &item.refers)
            {
                let id = there.xml_ids.get(xml_id).filter(|(actual, _)| actual == model).map(|(_, id)| *id);
                referred.entry(*model).or_default().extend(id);
            }
        }
        for (model, ids) in wanted.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            let fields: Vec<String> = self.fields(model).into_iter().collect();
            let there_are: HashSet<i64> =
                if fields.is_empty() { self.existing(model, &ids).await? } else { HashSet::new() };
            let rows: Vec<Row> = if fields.is_empty() {
                there_are.into_iter().map(|id| Row::from_iter([("id".to_owned(), id.into())])).collect()
            } else {
                let call = self.client.model(model).call("read").ids(ids).arg("fields", fields);
                call.with_context(("bin_size", false)).send().await?
            };
            let by_id = rows.into_iter().filter_map(|row| Some((row.get("id")?.as_i64()?, row)));
            there.rows.insert(model, by_id.collect());
        }
        for (model, ids) in referred.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            there.referred.insert(model, self.existing(model, &ids).await?);
        }
        Ok(there)
    }

    async fn existing(&self, model: &'static str, ids: &BTreeSet<i64>) -> Result<HashSet<i64>, Error> {
        let call = self.client.model(model).call("search").arg("domain", json!([["id", "in", ids]]));
        Ok(call.with_context(("active_test", false)).send::<Vec<i64>>().await?.into_iter().collect())
    }

    async fn look_for_keys(&self, there: &mut There) -> Result<(), Error> {
        let mut keys: BTreeMap<&'static str, Vec<&Value>> = BTreeMap::new();
        for at in self.open {
            if let Key::Natural(field, value) = &self.items[*at].key {
                keys.entry(field).or_default().push(value);
            }
        }
        for (field, values) in keys {
            let call = self.client.model(self.model).call("search_read").arg("fields", [field]);
            let call = call.arg("domain", json!([[field, "in", values]])).with_context(("active_test", false));
            for row in call.send::<Vec<Row>>().await? {
                let value = match row.get(field) {
                    Some(Value::Array(pair)) => pair.first().cloned().unwrap_or_default(),
                    value => value.cloned().unwrap_or_default(),
                };
                if let Some(id) = row.get("id").and_then(Value::as_i64) {
                    there.natural.entry((field, value.to_string())).or_default().push(id);
                }
            }
        }
        Ok(())
    }
}

impl There {
    /// The record of a key, if there is one.
    pub(super) fn id(&self, item: &Item, model: &str) -> Result<Option<i64>, Error> {
        if let Key::Natural(field, value) = &item.key {
            match self.natural.get(&(*field, value.to_string())).map(Vec::as_slice) {
                Some([id]) => return Ok(Some(*id)),
                Some(several) if several.len() > 1 => {
                    let what = format!("{} records of {model} have it: {several:?}", several.len());
                    return Err(of(&item.key, ErrorKind::Ambiguous, what)
                        .with_remedy("give them different values, or give the record an external id"));
                }
                _ => {}
            }
        }
        match self.xml_ids.get(&item.key.xml_id(model)) {
            None => Ok(None),
            Some((actual, id)) if actual == model => Ok(Some(*id)),
            Some((actual, id)) => {
                let what = format!("that external id is of {actual}({id}), and not of a {model}");
                Err(of(&item.key, ErrorKind::Validation, what).with_remedy("give the record another external id"))
            }
        }
    }

    /// The values that are kept of it.
    pub(super) fn row(&self, item: &Item, model: &str, id: i64) -> Result<&Row, Error> {
        self.rows.get(model).and_then(|rows| rows.get(&id)).ok_or_else(|| {
            let what =
                format!("that external id is of {model}({id}), which was deleted, or which the user may not read");
            of(&item.key, ErrorKind::Missing, what).with_remedy(
                "delete the external id (`ir.model.data`) to have the record created anew, or give it another one",
            )
        })
    }

    /// What an item sets, with what it refers to.
    pub(super) fn wanted(&self, item: &Item) -> Result<Row, Error> {
        let mut wanted = item.values.as_ref().ok().and_then(Value::as_object).cloned().unwrap_or_default();
        for (field, model, xml_id) in &item.refers {
            let id = match self.xml_ids.get(xml_id) {
                Some((actual, id)) if actual == model => *id,
                Some((actual, id)) => {
                    let what = format!("`{field}` refers to `{xml_id}`, which is {actual}({id}), and not a {model}");
                    return Err(of(&item.key, ErrorKind::Validation, what));
                }
                None => {
                    let what = format!("`{field}` refers to `{xml_id}`, and no record has that external id");
                    return Err(of(&item.key, ErrorKind::Missing, what).with_remedy("create that record first"));
                }
            };
            if !self.referred.get(model).is_some_and(|ids| ids.contains(&id)) {
                let what = format!("`{field}` refers to `{xml_id}`, which is {model}({id}), and that was deleted");
                return Err(of(&item.key, ErrorKind::Missing, what));
            }
            wanted.insert((*field).to_owned(), id.into());
        }
        Ok(wanted)
    }
}
