//! A server with one model whose records change: made by hand, as real transactions cannot be told when to end. What it makes
//! of conditions on `write_date` is what 14 and 19 have in common.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::server::{Request, result, serve_calls};

/// A record; its time in microseconds since a day in 2026.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) micros: i64,
    pub(crate) color: i64,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) rows: Vec<Row>,
    pub(crate) requests: usize,
    /// What the user may not read: left out behind the limit, as Odoo does it with `mail.message`.
    pub(crate) hidden: Vec<i64>,
    /// Called before each answer.
    pub(crate) before: Option<Before>,
}

type Before = Box<dyn FnMut(&mut Vec<Row>) + Send>;
pub(crate) type Shared = Arc<Mutex<State>>;

/// Starts one.
pub(crate) fn moving(rows: Vec<Row>) -> (String, Shared) {
    let state: Shared = Arc::new(Mutex::new(State { rows, ..State::default() }));
    let shared = Arc::clone(&state);
    (serve_calls(move |request| answer(&mut shared.lock().unwrap(), request)), state)
}

/// To the second, as on the wire.
pub(crate) fn time(micros: i64) -> String {
    let second = micros.div_euclid(1_000_000);
    format!("2026-11-{:02} {:02}:{:02}:{:02}", 1 + second / 86_400, second / 3_600 % 24, second / 60 % 60, second % 60)
}

fn answer(state: &mut State, request: &Request) -> Vec<u8> {
    state.requests += 1;
    if let Some(mut before) = state.before.take() {
        before(&mut state.rows);
        state.before = Some(before);
    }
    let mut params = request.params();
    let (method, kwargs) = (params["args"][4].take(), params["args"][6].take());
    let positional = params["args"][5].take();
    if method == "read" {
        let wanted: Vec<i64> = serde_json::from_value(positional[0].clone()).unwrap();
        let rows = wanted.iter().filter_map(|id| state.rows.iter().find(|row| row.id == *id));
        return result(&rows.map(|row| json!({"id": row.id, "color": row.color})).collect());
    }
    let domain = if kwargs["domain"].is_array() { &kwargs["domain"] } else { &positional[0] };
    let conditions = domain.as_array().unwrap();
    let mut found: Vec<&Row> = state.rows.iter().filter(|row| conditions.iter().all(|term| holds(row, term))).collect();
    match kwargs["order"].as_str() {
        Some("write_date desc, id desc") => found.sort_by_key(|row| std::cmp::Reverse((row.micros, row.id))),
        Some("write_date, id") => found.sort_by_key(|row| (row.micros, row.id)),
        _ => found.sort_by_key(|row| row.id),
    }
    if let Some(limit) = kwargs["limit"].as_u64() {
        found.truncate(usize::try_from(limit).unwrap());
    }
    found.retain(|row| !state.hidden.contains(&row.id));
    let ids = || found.iter().map(|row| row.id);
    result(&match method.as_str().unwrap() {
        "search" => json!(ids().collect::<Vec<_>>()),
        "formatted_read_group" => json!([{"__count": found.len(), "id:sum": ids().sum::<i64>()}]),
        _ if kwargs["fields"] == json!(["write_date"]) => {
            found.iter().map(|row| json!({"id": row.id, "write_date": time(row.micros)})).collect()
        }
        _ => found.iter().map(|row| json!({"id": row.id, "color": row.color})).collect(),
    })
}

fn holds(row: &Row, term: &Value) -> bool {
    let (operator, operand) = (term[1].as_str().unwrap(), &term[2]);
    let order = match term[0].as_str().unwrap() {
        "id" if operator == "in" => {
            return operand.as_array().unwrap().binary_search_by_key(&row.id, |id| id.as_i64().unwrap()).is_ok();
        }
        "id" => row.id.cmp(&operand.as_i64().unwrap()),
        _ => time(row.micros).as_str().cmp(operand.as_str().unwrap()),
    };
    match operator {
        ">=" => order.is_ge(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        _ => order.is_gt(),
    }
}
