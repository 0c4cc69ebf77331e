//! One page for people who do not read code: search, filters, and no need of anything else.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Shown;
use super::summary::by_model;
use crate::report::{GRADES, proposal};

/// The page, with a place for the data.
const PAGE: &str = include_str!("page.html");

/// What stands in that place.
const PLACE: &str = "{\"here\": \"the data\"}";

pub(super) fn page(shown: &Shown) -> Result<String> {
    let mut reasons: Vec<&str> = Vec::new();
    let mut models = Vec::new();
    for (name, changes) in by_model(&shown.changes) {
        let changes: Vec<Value> = changes
            .into_iter()
            .map(|change| {
                let grade = GRADES.iter().position(|(grade, _)| *grade == change.grade).unwrap_or(0);
                let reason = reasons.iter().position(|reason| *reason == change.why()).unwrap_or_else(|| {
                    reasons.push(change.why());
                    reasons.len() - 1
                });
                let part = change.field.clone().or_else(|| Some(format!("{}()", change.method.as_ref()?)));
                let label = change.field.as_ref().and_then(|field| shown.labels.get(&format!("{name}.{field}")));
                let text = |text: &str| odoo_client::error::visible(text).to_string();
                let rename = change.rename.as_ref().map(|rename| text(&proposal(rename)));
                let part = part.map(|part| text(&part));
                json!([grade, part, label.map(|label| text(label)), change.says(), reason, rename])
            })
            .collect();
        let label = shown.labels.get(name).map(|label| odoo_client::error::visible(label).to_string());
        models.push(json!([name, label, changes]));
    }
    let data = json!({
        "title": shown.title(),
        "total": shown.counts.total(),
        "grades": GRADES.map(|(grade, _)| grade.to_string()),
        "reasons": reasons,
        "models": models,
    });
    let data = serde_json::to_string(&data).context("the changes are no JSON")?;
    // Within a script element that would end it; elsewhere in JSON it does not occur.
    let data = data.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Ok(PAGE.replacen(PLACE, &data, 1))
}

#[cfg(test)]
mod tests {
    use super::{PAGE, PLACE};

    #[test]
    fn the_page_has_one_place_for_data_and_asks_nobody_for_anything() {
        assert_eq!(PAGE.matches(PLACE).count(), 1);
        assert!(PAGE.contains("default-src 'none'"));
        for other in
            ["http:", "https:", "\"//", "innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", " src="]
        {
            assert!(!PAGE.contains(other), "{other}");
        }
    }
}
