//! The call that groups, and its answer, in the forms that Odoo's versions have for them.
//!
//! Nothing here is generic over models or fields.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::client::Call;
use crate::read::slot::Mismatch;
use crate::version::Difference;
use crate::{Client, Error, ErrorKind};

/// What is to be grouped and how.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    model: &'static str,
    pub(super) keys: Vec<Key>,
    aggregates: Vec<Aggregate>,
    orders: Vec<(Column, bool)>,
    last: Option<Column>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

/// A key or an aggregate, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Key(usize),
    Aggregate(usize),
}

/// A field or path to group by.
#[derive(Clone, Debug)]
pub(super) struct Key {
    path: Cow<'static, str>,
    /// For dates.
    granularity: Option<&'static str>,
    /// Whether it is a many2many.
    is_many: bool,
}

/// What [`GroupBy`](super::GroupBy) hands over: nothing that a user could use.
#[derive(Debug)]
pub struct Spec(pub(super) Key);

#[derive(Clone, Debug)]
pub(super) struct Aggregate {
    pub(super) function: &'static str,
    pub(super) field: &'static str,
}

/// A group as it was answered, with the keys and values in the order asked for.
pub(super) struct Row {
    pub(super) keys: Vec<Value>,
    pub(super) values: Vec<Value>,
    pub(super) count: u64,
    pub(super) domain: Vec<Value>,
    /// Whether the domain has the filter in it.
    pub(super) is_filtered: bool,
}

impl Key {
    pub(super) fn new(path: Cow<'static, str>, granularity: Option<&'static str>, is_many: bool) -> Self {
        Self { path, granularity, is_many }
    }

    /// `date_order:month`
    fn spec(&self) -> String {
        match self.granularity {
            Some(granularity) => format!("{}:{granularity}", self.path),
            None => self.path.to_string(),
        }
    }
}

impl Plan {
    pub(super) fn new(model: &'static str) -> Self {
        let (keys, aggregates, orders) = Default::default();
        Self { model, keys, aggregates, orders, last: None, limit: None, offset: 0 }
    }

    pub(super) fn add_key(&mut self, spec: Spec) {
        self.last = Some(Column::Key(self.keys.len()));
        self.keys.push(spec.0);
    }

    pub(super) fn add_aggregate(&mut self, aggregate: Aggregate) {
        self.last = Some(Column::Aggregate(self.aggregates.len()));
        self.aggregates.push(aggregate);
    }

    pub(super) fn order_by_last(&mut self, is_descending: bool) {
        if let Some(last) = self.last {
            self.orders.retain(|(column, _)| *column != last);
            self.orders.push((last, is_descending));
        }
    }

    pub(super) async fn fetch(&self, client: &Client, domain: Value) -> Result<Vec<Row>, Error> {
        self.check(client)?;
        let is_formatted = client.version().has(Difference::FormattedReadGroup);
        let call = if is_formatted { self.formatted(client) } else { self.plain(client) };
        let rows: Vec<Map<String, Value>> = call.arg("domain", domain).send().await?;
        rows.into_iter().map(|row| self.row(row, is_formatted)).collect()
    }

    /// What this version cannot do, and would say in the words of Python or of SQL.
    fn check(&self, client: &Client) -> Result<(), Error> {
        let version = client.version();
        let refuse = |what: String, remedy: &'static str| {
            let what = format!("Odoo {} cannot {what}", version.series());
            Err(Error::new(ErrorKind::Unsupported, what).with_remedy(remedy))
        };
        for key in &self.keys {
            if !version.has(Difference::GroupByPath) && key.path.contains('.') {
                let remedy = "group by a field of the model, or by the first field of the path, and sum up the groups";
                return refuse(format!("group by the path `{}`", key.path), remedy);
            }
            if !version.has(Difference::GroupByMany2many) && key.is_many {
                return refuse(
                    format!("group by the many2many `{}`", key.path),
                    "read the records and group them here",
                );
            }
        }
        for Aggregate { function, field } in &self.aggregates {
            if !version.has(Difference::AggregatesOfKeys) && self.keys.iter().any(|key| key.path == *field) {
                let remedy = "leave it out, or do not group by the field";
                return refuse(format!("make the {function} of `{field}` in groups by `{field}`"), remedy);
            }
        }
        Ok(())
    }

    /// For `formatted_read_group`.
    fn formatted(&self, client: &Client) -> Call {
        let aggregates = (0..self.aggregates.len()).map(|at| self.formatted_name(at));
        let aggregates: Vec<String> = aggregates.chain(["__count".to_owned()]).collect();
        let call = client.model(self.model).call("formatted_read_group").arg("aggregates", aggregates);
        let call = match self.order(|at| self.formatted_name(at)) {
            order if order.is_empty() => call,
            order => call.arg("order", order),
        };
        self.limited(call, self.limit)
    }

    /// For `read_group`.
    fn plain(&self, client: &Client) -> Call {
        // Under names of our own: the same field may be there more than once.
        let fields = self.aggregates.iter().enumerate();
        let fields: Vec<String> =
            fields.map(|(at, Aggregate { function, field })| format!("a{at}:{function}({field})")).collect();
        // No fields would be all of them.
        let fields = if fields.is_empty() { vec!["__count".to_owned()] } else { fields };
        let call = client.model(self.model).call("read_group").arg("fields", fields).arg("lazy", false);
        let call = match self.order(|at| format!("a{at}")) {
            order if order.is_empty() => call,
            order => call.arg("orderby", order),
        };
        let needs_limit = self.offset > 0 && !client.version().has(Difference::GroupOffsetAlone);
        let limit = self.limit.or(needs_limit.then_some(i64::MAX.unsigned_abs()));
        self.limited(call, limit)
    }

    fn limited(&self, mut call: Call, limit: Option<u64>) -> Call {
        let keys: Vec<String> = self.keys.iter().map(Key::spec).collect();
        call = call.arg("groupby", keys);
        if let Some(limit) = limit {
            call = call.arg("limit", limit);
        }
        if self.offset > 0 {
            call = call.arg("offset", self.offset);
        }
        call
    }

    /// The orders asked for, and then the keys, so that it is the same each time.
    fn order(&self, aggregate: impl Fn(usize) -> String) -> String {
        if self.orders.is_empty() {
            return String::new();
        }
        let mut order = String::new();
        let keys = (0..self.keys.len()).map(Column::Key);
        let rest = keys.filter(|key| self.orders.iter().all(|(column, _)| column != key)).map(|key| (key, false));
        for (column, is_descending) in self.orders.iter().copied().chain(rest) {
            let name = match column {
                Column::Key(at) => self.keys.get(at).map(Key::spec).unwrap_or_default(),
                Column::Aggregate(at) => aggregate(at),
            };
            let comma = if order.is_empty() { "" } else { ", " };
            let direction = if is_descending { " desc" } else { "" };
            let _ = write!(order, "{comma}{name}{direction}");
        }
        order
    }

    fn formatted_name(&self, at: usize) -> String {
        self.aggregates.get(at).map(|Aggregate { function, field }| format!("{field}:{function}")).unwrap_or_default()
    }

    fn row(&self, mut row: Map<String, Value>, is_formatted: bool) -> Result<Row, Error> {
        let domain = if is_formatted { "__extra_domain" } else { "__domain" };
        let domain = match row.remove(domain) {
            Some(Value::Array(terms)) => Some(terms),
            _ => None,
        };
        let count = match row.get("__count").and_then(Value::as_u64) {
            Some(count) => count,
            None => {
                return Err(Error::decode(format!("{}: the server does not say how many are in a group", self.model)));
            }
        };
        let mut bounds = Vec::new();
        collect_bounds(domain.as_deref().unwrap_or_default(), &mut bounds);
        let mut bounds = bounds.into_iter();
        let mut keys = Vec::with_capacity(self.keys.len());
        for key in &self.keys {
            let value = row.get(&key.spec()).cloned().unwrap_or_default();
            let is_empty = matches!(value, Value::Bool(false) | Value::Null);
            keys.push(match key.granularity {
                // The value is a label in the user's language. Of the domain 17.0 and 18.0 have the filter first, which may be on
                // the same field, but say the ends elsewhere, too. In other series the ends come first, in the order of the keys.
                Some(_) if !is_empty => {
                    let range = row.get("__range").and_then(|ranges| ranges.get(key.spec()));
                    let found = match range {
                        Some(range) => Some([&range["from"], &range["to"]]),
                        None => {
                            let field = key.path.rsplit('.').next().unwrap_or_default();
                            bounds.find(|bounds| bounds.field == field).map(|bounds| [bounds.from, bounds.to])
                        }
                    };
                    found.map(|ends| ends.into_iter().cloned().collect()).unwrap_or(value)
                }
                _ => value,
            });
        }
        let values = (0..self.aggregates.len()).map(|at| {
            let name = if is_formatted { self.formatted_name(at) } else { format!("a{at}") };
            row.get(&name).cloned().unwrap_or_default()
        });
        let values = values.collect();
        Ok(Row {
            keys,
            values,
            count,
            is_filtered: domain.is_some() && !is_formatted,
            domain: domain.unwrap_or_default(),
        })
    }

    /// Says in which key or aggregate a value is not of its type. The aggregates are counted on after the keys.
    pub(super) fn named<T>(&self, read: Result<T, (usize, Mismatch)>, first: usize) -> Result<T, Error> {
        read.map_err(|(at, Mismatch(expected))| {
            let at = at + first;
            let name = match self.keys.get(at) {
                Some(key) => key.spec(),
                None => self.formatted_name(at.saturating_sub(self.keys.len())),
            };
            Error::decode(format!("groups of {}: {name}: expected {expected}", self.model))
                .with_remedy(Mismatch(expected).remedy())
        })
    }
}

/// The two conditions that make a period.
struct Bounds<'a> {
    field: &'a str,
    from: &'a Value,
    to: &'a Value,
}

/// Finds them in the order of the conditions, also inside of `any`, which 19 has for paths.
fn collect_bounds<'a>(terms: &'a [Value], bounds: &mut Vec<Bounds<'a>>) {
    let conditions: Vec<_> = terms.iter().filter_map(condition).collect();
    for (at, (field, operator, value)) in conditions.iter().enumerate() {
        match (*operator, value, conditions.get(at + 1)) {
            ("any", Value::Array(inner), _) => collect_bounds(inner, bounds),
            (">=", from, Some((same, "<", to))) if same == field => bounds.push(Bounds { field, from, to }),
            _ => {}
        }
    }
}

fn condition(term: &Value) -> Option<(&str, &str, &Value)> {
    match &term.as_array()?[..] {
        [field, operator, value] => Some((field.as_str()?, operator.as_str()?, value)),
        _ => None,
    }
}
