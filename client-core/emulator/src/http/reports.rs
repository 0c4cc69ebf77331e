//! Reports: `/report/html/NAME/IDS` and its like, and `/report/download`, which says what went wrong.

use hyper::header::CONTENT_DISPOSITION;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::call::Request;
use super::pages;
use crate::Fault;
use crate::engine::Caller;
use crate::state::State;

/// A report, or `None` if the address is that of none.
pub(super) fn answer(state: &State, request: &Request, uid: i64) -> Option<Answer> {
    if request.path != "/report/download" {
        let (kind, name, ids) = read(&request.path)?;
        let context = request.form_value(&request.query, "context");
        return Some(match render(state, uid, kind, name, &ids, context) {
            Ok(answer) => answer,
            Err(_) => pages::internal_error(state.series),
        });
    }
    let data = request.form_value(&request.query, "data").unwrap_or_default();
    let data: Value = serde_json::from_str(&data).ok()?;
    let (kind, name, ids) = read(data[0].as_str()?.split('?').next()?)?;
    let context = request.form_value(&request.query, "context");
    Some(match render(state, uid, kind, name, &ids, context) {
        Ok(answer) => answer.with_header(CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}.{kind}")),
        Err(fault) => pages::fault_in_page(state.series, &fault),
    })
}

/// `/report/html/NAME/1,2`
fn read(path: &str) -> Option<(&str, &str, Vec<i64>)> {
    let (kind, rest) = path.strip_prefix("/report/")?.split_once('/')?;
    let (name, ids) = rest.rsplit_once('/')?;
    let ids = ids.split(',').map(|id| id.parse().ok()).collect::<Option<_>>()?;
    matches!(kind, "html" | "text" | "pdf").then_some((kind, name, ids))
}

fn render(
    state: &State,
    uid: i64,
    kind: &str,
    name: &str,
    ids: &[i64],
    context: Option<String>,
) -> Result<Answer, Fault> {
    let context: Map<String, Value> = context.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let bytes = state.world().engine.render(&Caller { uid, context }, name, ids, kind)?;
    let content_type = match kind {
        "html" => "text/html; charset=utf-8",
        "text" => "text/plain",
        _ => "application/pdf",
    };
    Ok(Answer::new(200, content_type, bytes))
}
