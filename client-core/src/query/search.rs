//! A query without its types: what is sent, and what comes back.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::nested;
use crate::client::Call;
use crate::field::kind::{self, Kind};
use crate::model::json;
use crate::query::order::Term;
use crate::read::column::{Column, Columns};
use crate::read::decode::{self, DEEPEST, Read, Rows};
use crate::read::slot::Shape;
use crate::transport::{Boxed, Reply};
use crate::version::Difference;
use crate::{Client, Context, Error, ErrorKind, Model, Record};

pub(crate) struct Search {
    pub(crate) client: Client,
    pub(crate) model: &'static str,
    pub(crate) columns: Columns,
    pub(crate) domain: Value,
    /// Empty for the model's own.
    pub(crate) order: String,
    pub(crate) id_order: Option<IdOrder>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: u64,
    pub(crate) context: Context,
}

/// An order in which the id of one record tells where the next ones begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdOrder {
    /// No order was wanted, so that any will do.
    Any,
    Ascending,
    Descending,
}

/// Whether records in this order can be asked for by the id of the last one.
pub(crate) fn id_order(terms: &[Term]) -> Option<IdOrder> {
    match terms.first() {
        None => Some(IdOrder::Any),
        // No two records have the same id, so what comes behind it in the order does not matter.
        Some(term) if term.field == "id" => {
            Some(if term.is_descending { IdOrder::Descending } else { IdOrder::Ascending })
        }
        Some(_) => None,
    }
}

/// Which of the records are wanted.
#[derive(Clone)]
pub(crate) enum Part {
    All,
    /// In the order of the ids; those behind this one, if there is one.
    Behind(Option<i64>),
    /// These, in this order, whatever the domain says.
    Ids(Vec<i64>),
}

impl Search {
    /// All records of a model.
    pub(crate) fn of<R: Record>(client: &Client) -> Self {
        Self::all(client, R::Model::ODOO_NAME, R::columns())
    }

    fn all(client: &Client, model: &'static str, columns: Columns) -> Self {
        Self {
            client: client.clone(),
            model,
            columns,
            domain: json!([]),
            order: String::new(),
            id_order: Some(IdOrder::Any),
            limit: None,
            offset: 0,
            context: Context::new(),
        }
    }

    /// The same, with these conditions as well.
    pub(crate) fn also(&self, conditions: Vec<Value>) -> Self {
        let mut search = self.copy();
        // A domain is one expression, so others behind it mean that all must hold.
        search.domain.as_array_mut().into_iter().for_each(|terms| terms.extend(conditions.iter().cloned()));
        search
    }

    pub(crate) fn copy(&self) -> Self {
        Self {
            client: self.client.clone(),
            columns: self.columns.clone(),
            domain: self.domain.clone(),
            order: self.order.clone(),
            context: self.context.clone(),
            ..*self
        }
    }

    /// The limit, if there may be no more than so many.
    pub(crate) fn limit_of(&self, at_most: Option<u64>) -> Option<u64> {
        self.limit.into_iter().chain(at_most).min()
    }

    pub(crate) async fn count(&self) -> Result<u64, Error> {
        self.call("search_count").arg("domain", &self.domain).send().await
    }

    pub(crate) async fn ids(&self, at_most: Option<u64>) -> Result<Vec<i64>, Error> {
        let limit = self.limit_of(at_most);
        if limit == Some(0) { Ok(Vec::new()) } else { self.ids_of(&Part::All, limit).await }
    }

    pub(crate) async fn ids_of(&self, part: &Part, limit: Option<u64>) -> Result<Vec<i64>, Error> {
        self.part(self.call("search"), part, limit).send().await
    }

    /// All of it, if it is not nothing from the start.
    pub(crate) async fn fetch(self, at_most: Option<u64>) -> Result<Option<Found>, Error> {
        let limit = self.limit_of(at_most);
        // To Odoo a limit of 0 is none.
        if limit == Some(0) { Ok(None) } else { self.read(Part::All, limit).await.map(Some) }
    }

    pub(crate) async fn read(&self, part: Part, limit: Option<u64>) -> Result<Found, Error> {
        let at_most = match &part {
            Part::Ids(ids) => Some(ids.len() as u64),
            Part::All | Part::Behind(_) => limit,
        };
        Ok(Found { answer: self.answer(part, limit).await?, at_most })
    }

    fn answer(&self, part: Part, limit: Option<u64>) -> Boxed<'_, Answered> {
        Box::pin(self.answered(part, limit))
    }

    async fn answered(&self, part: Part, limit: Option<u64>) -> Result<Answered, Error> {
        if let Part::Ids(ids) = &part
            && self.columns.iter().all(|column| column.name == "id")
        {
            return self.existing(ids).await;
        }
        let is_nested = self.columns.iter().any(|column| column.nested.is_some());
        let mut context = self.context.clone();
        ask_for_bytes(&self.columns, &mut context, &mut Vec::new());
        let call = |method| self.client.model(self.model).call(method).with_context(context.clone());
        if is_nested && self.client.version().has(Difference::Specifications) {
            let specification = specification(self.model, &self.columns, DEEPEST)?;
            let answer = if let Part::Ids(ids) = &part {
                let call = call("web_read").ids(ids.clone()).arg("specification", specification);
                call.send_reply().await.map(Answered::List)
            } else {
                // Beyond a limit it would count all the others; told to count no further than 1, it does not.
                let call = call("web_search_read").arg("specification", specification).arg("count_limit", 1);
                self.part(call, &part, limit).send_reply().await.map(Answered::Object)
            };
            match answer {
                // One inner record that the user may not read fails all of it (seen on 19.0): it is read as before 17.0.
                Err(error) if nested::is_unreadable(&error) => {}
                answer => return answer,
            }
        }
        let names = crate::read::column::names(&self.columns);
        let call = match part {
            Part::Ids(ids) => call("read").ids(ids),
            part => self.part(call("search_read"), &part, limit),
        };
        let reply = call.arg("fields", names).send_reply().await?;
        if !is_nested {
            return Ok(Answered::List(reply));
        }
        let rows = reply.read_as()?;
        nested::fill(&self.client, &context, &self.columns, rows, DEEPEST).await.map(Answered::Text)
    }

    /// Of these ids those that a record has. To a `read` of nothing but ids Odoo gives back any, without a look at the
    /// database (seen on 14 and 19).
    async fn existing(&self, ids: &[i64]) -> Result<Answered, Error> {
        let call = self.call("search").arg("domain", json!([["id", "in", ids]])).with_context(("active_test", false));
        let mut found: Vec<i64> = call.send().await?;
        found.sort_unstable();
        let rows = ids.iter().filter(|id| found.binary_search(id).is_ok()).map(|id| json!({"id": id}));
        Ok(Answered::Text(rows.collect::<Value>().to_string()))
    }

    fn call(&self, method: &'static str) -> Call {
        self.client.model(self.model).call(method).with_context(self.context.clone())
    }

    fn part(&self, mut call: Call, part: &Part, limit: Option<u64>) -> Call {
        let mut domain = self.domain.clone();
        let mut offset = self.offset;
        let mut order = &*self.order;
        if let Part::Behind(last) = part {
            let (by_id, operator) = match self.id_order {
                Some(IdOrder::Descending) => ("id desc", "<"),
                _ => ("id", ">"),
            };
            order = by_id;
            if let Some(last) = last {
                // A domain is one expression, so another one behind it means that both must hold.
                domain.as_array_mut().into_iter().for_each(|terms| terms.push(json!(["id", operator, last])));
                offset = 0;
            }
        }
        call = call.arg("domain", domain);
        if !order.is_empty() {
            call = call.arg("order", order);
        }
        if let Some(limit) = limit {
            call = call.arg("limit", limit);
        }
        if offset > 0 {
            call = call.arg("offset", offset);
        }
        call
    }
}

/// Of a binary field Odoo gives the size (`14.85 Kb`) where the context has `bin_size`, or `bin_size_` with its name. Who
/// reads the field into bytes wants those, whatever the context of the client or the query says.
fn ask_for_bytes(columns: &[Column], context: &mut Context, seen: &mut Vec<fn() -> Columns>) {
    for column in columns {
        // As it came, it is whatever was asked for.
        if column.types == kind::Binary::TYPES && column.shape != Shape::Raw {
            context.insert("bin_size".to_owned(), &false);
            context.insert(format!("bin_size_{}", column.name), &false);
        }
        // A record can contain its like.
        if let Some(nested) = &column.nested
            && !seen.iter().any(|seen| std::ptr::fn_addr_eq(*seen, nested.columns))
        {
            seen.push(nested.columns);
            ask_for_bytes(&(nested.columns)(), context, seen);
        }
    }
}

/// What a server is asked for: `{"name": {}, "country_id": {"fields": {"code": {}}}}`.
fn specification(model: &str, columns: &[Column], depth: usize) -> Result<Map<String, Value>, Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| nested::too_deep(model))?;
    let mut wanted = Map::new();
    if columns.is_empty() {
        // As in a list of names.
        wanted.insert("id".to_owned(), json!({}));
    }
    for column in columns {
        let of_field = match (&column.nested, column.shape) {
            (Some(nested), _) => json!({"fields": specification(nested.model, &(nested.columns)(), depth)?}),
            // Without this there would only be its id.
            (None, Shape::Pair) => json!({"fields": {"display_name": {}}}),
            (None, _) => json!({}),
        };
        wanted.insert(column.name.to_owned(), of_field);
    }
    Ok(wanted)
}

/// Records that a server sent, not yet decoded.
pub(crate) struct Found {
    answer: Answered,
    /// How many there are at most, if that was said.
    at_most: Option<u64>,
}

enum Answered {
    /// A list of records.
    List(Reply),
    /// `{"length": …, "records": […]}`.
    Object(Reply),
    /// A list of records that was put together here.
    Text(String),
}

impl Found {
    pub(crate) fn read(&self, mut rows: Rows<'_>) -> Result<Read, Error> {
        rows.at_most = self.at_most;
        match &self.answer {
            Answered::List(reply) => read_rows(reply, rows, false),
            Answered::Object(reply) => read_rows(reply, rows, true),
            Answered::Text(json) => {
                decode::rows(json.as_bytes(), rows).map_err(|error| Error::decode(error.to_string()))
            }
        }
    }

    /// The same, within what is left of the time that the call had.
    pub(crate) fn read_now(&self, mut rows: Rows<'_>) -> Result<Read, Error> {
        rows.until = match &self.answer {
            Answered::List(reply) | Answered::Object(reply) => reply.limit().end(),
            Answered::Text(_) => None,
        };
        self.read(rows)
    }

    /// A hash of each record as it was sent.
    pub(crate) fn hashes(&self) -> Result<Vec<u64>, Error> {
        fn hash(rows: Vec<&RawValue>) -> Vec<u64> {
            rows.into_iter().map(|row| json::hash(row.get())).collect()
        }
        match &self.answer {
            Answered::List(reply) => reply.read(PhantomData).map(hash),
            Answered::Object(reply) => reply.read(ListedRaw).map(hash),
            Answered::Text(json) => {
                serde_json::from_str(json).map(hash).map_err(|error| Error::decode(error.to_string()))
            }
        }
    }

    /// The size of the JSON.
    pub(crate) fn len(&self) -> usize {
        match &self.answer {
            Answered::List(reply) | Answered::Object(reply) => reply.len(),
            Answered::Text(json) => json.len(),
        }
    }
}

/// Reads the rows of an answer, which are the answer or within an object: no more than were asked for, and no longer than
/// there is time.
pub(crate) fn read_rows(reply: &Reply, mut rows: Rows<'_>, in_object: bool) -> Result<Read, Error> {
    if rows.have_trees() {
        reply.check_memory()?;
    }
    let usual = reply.usual_result().and_then(|result| rows.usual(if in_object { listed(result)? } else { result }));
    let outcome = loop {
        match usual.map_or_else(|| reply.read(Listed { rows: rows.reborrow(), in_object }), Ok) {
            Err(error) if reply.mend(&error) => {}
            outcome => break outcome,
        }
    };
    outcome.and_then(|read| match rows.at_most {
        _ if read.is_late => Err(reply.late_error()),
        Some(at_most) if read.rows as u64 > at_most => {
            let what = format!("{at_most} records were asked for, and the server answers {}", read.rows);
            Err(reply.name_call(Error::new(ErrorKind::Protocol, what).executed()))
        }
        _ => Ok(read),
    })
}

/// The records in an answer of `web_search_read` as Odoo writes it.
fn listed(result: &str) -> Option<&str> {
    let (length, records) = result.strip_prefix("{\"length\": ")?.strip_suffix('}')?.split_once(", \"records\": ")?;
    serde_json::from_str::<u64>(length).ok().map(|_| records)
}

/// The seed for the answer of `web_search_read`, whose records are not read.
struct ListedRaw;

impl<'de> DeserializeSeed<'de> for ListedRaw {
    type Value = Vec<&'de RawValue>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        let mut map = HashMap::<Cow<'de, str>, &'de RawValue>::deserialize(json)?;
        let records = map.remove("records").ok_or_else(|| serde::de::Error::missing_field("records"))?;
        serde_json::from_str(records.get()).map_err(serde::de::Error::custom)
    }
}

/// The seed for a list of records, or for the answer of `web_search_read`.
struct Listed<'a> {
    rows: Rows<'a>,
    in_object: bool,
}

impl<'de> DeserializeSeed<'de> for Listed<'_> {
    type Value = Read;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Read, D::Error> {
        if self.in_object { json.deserialize_map(self) } else { self.rows.deserialize(json) }
    }
}

impl<'de> Visitor<'de> for Listed<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `records`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        let (mut rows, mut read) = (Some(self.rows), None);
        while let Some(key) = map.next_key::<String>()? {
            match rows.take_if(|_| key == "records") {
                Some(rows) => read = Some(map.next_value_seed(rows)?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        read.ok_or_else(|| serde::de::Error::missing_field("records"))
    }
}
