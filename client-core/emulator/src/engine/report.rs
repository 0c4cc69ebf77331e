//! Reports: which there are, who may print them, and what a test answers for Odoo's templates.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::database::Engine;
use super::env::Env;
use super::methods::dispatch;
use super::rights::Rights;
use super::store::Row;
use crate::Fault;
use crate::series::Difference;

const REPORTS: &str = "ir.actions.report";

impl Engine {
    /// Prints a report as `html`, `text` or `pdf`: what a test answers for `_render_qweb_html` and the like.
    pub(crate) fn render(&mut self, caller: &Caller, name: &str, ids: &[i64], kind: &str) -> Result<Vec<u8>, Fault> {
        let printed = self.in_transaction(caller.uid, caller.context.clone(), |env| env.render(name, ids, kind))?;
        let text = printed.as_str().unwrap_or_default();
        if kind != "pdf" {
            return Ok(text.as_bytes().to_vec());
        }
        BASE64_STANDARD.decode(text).map_err(|_| Fault::value("a PDF is answered in base64"))
    }
}

impl Env<'_> {
    fn render(&mut self, name: &str, ids: &[i64], kind: &str) -> Result<Value, Fault> {
        let Some(of) = self.model_of_report(name) else { return Err(self.no_report(name)) };
        let method = |kind: &str| format!("_render_qweb_{kind}");
        let is_answered = |kind: &str| self.settings.handlers.contains_key(&(REPORTS.to_owned(), method(kind)));
        // A server without the program that makes them.
        if kind == "pdf" && !is_answered(kind) {
            return Err(Fault::user("Unable to find Wkhtmltopdf on this system. The PDF can not be created."));
        }
        // Both are made of the same template.
        let kind = if kind == "text" && !is_answered(kind) { "html" } else { kind };
        if !is_answered(kind) {
            return Err(Fault::not_emulated(
                format_args!("the report {name}"),
                format_args!("say what it is by `emulator.on(\"{REPORTS}\", \"{}\", |call| …)`", method(kind)),
            ));
        }
        if let Some((model, _)) = self.registry.model(&of) {
            Rights::check(self, model, "read")?;
            self.must_exist(model, ids)?;
        }
        dispatch(self, REPORTS, &method(kind), vec![json!(name), json!(ids)], Map::new())
    }

    /// The model whose records a report prints.
    fn model_of_report(&self, name: &str) -> Option<String> {
        let (reports, def) = self.registry.model(REPORTS)?;
        let [report_name, model] = ["report_name", "model"].map(|field| def.id_of(field));
        let text = |row: &Row, field| row.get(field?)?.as_text("").map(|text| text.to_string());
        let mut rows = self.store.table(reports).rows.values();
        text(rows.find(|row| text(row, report_name).as_deref() == Some(name))?, model)
    }

    fn no_report(&self, name: &str) -> Fault {
        if !self.has(Difference::ReportsByExternalId) {
            return Fault { arguments: vec![json!(false)], ..Fault::new("builtins.KeyError", "False") };
        }
        Fault::value(match name.contains('.') {
            true => format!("External ID not found in the system: {name}"),
            false => "not enough values to unpack (expected 2, got 1)".to_owned(),
        })
    }
}
