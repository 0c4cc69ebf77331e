//! Steps as calls of one side or the other.

use odoo_client::{Client, Error, ErrorKind};
use serde_json::{Value, json};

use crate::program::Step;
use crate::run::Records;

impl Step {
    /// It, as a transcript has it.
    pub(crate) fn told(&self, outcome: Value) -> Value {
        let mut told = json!({"model": self.model, "method": self.method, "args": self.args, "creates": self.creates});
        told["on"] = json!(self.on);
        told["context"] = self.context.clone();
        told["outcome"] = outcome;
        told
    }

    /// The records that an answer says are created.
    pub(crate) fn created(&self, answer: &Value) -> Vec<i64> {
        match (self.method, answer) {
            ("name_create", Value::Array(pair)) => pair.first().and_then(Value::as_i64).into_iter().collect(),
            ("load", answer) => ids(&answer["ids"]),
            (_, answer) => ids(answer),
        }
    }

    /// Whether records are created that its answer does not name.
    pub(crate) fn may_create_more(&self) -> bool {
        self.method == "copy"
            || self.method == "load" && self.creates > 0
            || self.args.iter().any(|(_, value)| value.to_string().contains("[[0,0,"))
    }

    /// Ids and arguments with the numbers of one side; `None` if a record that they name was never created.
    pub(crate) fn on_side(&self, records: &Records, side: usize) -> Option<(Option<Vec<i64>>, Vec<Value>)> {
        let of = |model: &str, n: usize| -> Option<i64> {
            let (live, emulated) = (*records.get(model)?.get(n)?)?;
            Some(if side == 0 { live } else { emulated })
        };
        let on = match &self.on {
            Some(on) => Some(on.iter().map(|n| of(self.model, *n)).collect::<Option<Vec<_>>>()?),
            None => None,
        };
        let args = self.args.iter().map(|(_, value)| resolve(value, &of));
        Some((on, args.collect::<Option<_>>()?))
    }
}

fn ids(value: &Value) -> Vec<i64> {
    match value {
        Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
        id => id.as_i64().into_iter().collect(),
    }
}

fn resolve(value: &Value, of: &dyn Fn(&str, usize) -> Option<i64>) -> Option<Value> {
    Some(match value {
        Value::Object(map) => match (map.get("$"), map.get("text")) {
            (Some(named), _) => json!(of(named[0].as_str()?, usize::try_from(named[1].as_u64()?).ok()?)?),
            (None, Some(named)) if named.get("$").is_some() => json!(resolve(named, of)?.to_string()),
            _ => {
                let pairs = map.iter().map(|(key, value)| Some((key.clone(), resolve(value, of)?)));
                Value::Object(pairs.collect::<Option<_>>()?)
            }
        },
        // Of a list, records that are not there are left out.
        Value::Array(list) if list.iter().any(|value| value.get("$").is_some()) && list.len() > 3 => {
            let there: Vec<Value> = list.iter().filter_map(|value| resolve(value, of)).collect();
            // An empty list would be another condition.
            if there.is_empty() { json!([0]) } else { Value::Array(there) }
        }
        Value::Array(list) => list.iter().map(|value| resolve(value, of)).collect::<Option<_>>()?,
        other => other.clone(),
    })
}

pub(crate) async fn call(
    odoo: &Client,
    step: &Step,
    (on, args): &(Option<Vec<i64>>, Vec<Value>),
) -> Result<Value, Error> {
    let mut call = odoo.model(step.model).call(step.method);
    if let Some(ids) = on {
        call = call.ids(ids.clone());
    }
    for ((name, _), value) in step.args.iter().zip(args) {
        call = call.arg(*name, value);
    }
    if let Some(context) = step.context.as_object().filter(|context| !context.is_empty()) {
        call = call.with_context(context.clone());
    }
    call.send().await
}

pub(crate) fn class(error: &Error) -> String {
    error.server_exception().unwrap_or_default().to_owned()
}

pub(crate) fn told(error: &Error) -> String {
    let kind: ErrorKind = error.kind();
    format!("{kind:?} {}: {}", class(error), error.server_message().unwrap_or(&error.to_string()))
}
