//! The steps of a checkup, and what they look like.

use std::io::{IsTerminal, stdout};
use std::process::ExitCode;

use anyhow::Result;
use odoo_client::Error;
use odoo_client::error::visible;
use serde::Serialize;
use serde_json::json;

use crate::report::{Report, has_colours, print};

/// All steps in their order: those that come after a failure are not tried.
const STEPS: [&str; 12] =
    ["name", "connection", "tls", "odoo", "series", "database", "login", "key", "models", "rules", "wires", "api_doc"];

/// How many models a line names.
const NAMED: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Ok,
    Warning,
    Failed,
    NotTried,
}

#[derive(Serialize)]
struct Step {
    step: &'static str,
    status: Status,
    what: String,
    remedy: Option<String>,
    /// Those that `what` is about.
    models: Vec<String>,
}

/// What was found so far.
pub(crate) struct Checkup {
    steps: Vec<Step>,
    is_json: bool,
    has_marks: bool,
    has_colours: bool,
}

impl Checkup {
    pub(crate) fn new(is_json: bool) -> Self {
        Self { steps: Vec::new(), is_json, has_marks: stdout().is_terminal(), has_colours: has_colours(&stdout()) }
    }

    pub(super) fn ok(&mut self, step: &'static str, what: impl Into<String>) {
        self.add(step, Status::Ok, what.into(), None, Vec::new());
    }

    pub(super) fn warn(&mut self, step: &'static str, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(step, Status::Warning, what.into(), Some(remedy.into()), Vec::new());
    }

    pub(super) fn fail(&mut self, step: &'static str, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(step, Status::Failed, what.into(), Some(remedy.into()), Vec::new());
    }

    pub(super) fn skip(&mut self, step: &'static str, why: impl Into<String>) {
        self.add(step, Status::NotTried, why.into(), None, Vec::new());
    }

    /// A failure as the client tells it.
    pub(super) fn error(&mut self, step: &'static str, error: &Error) {
        let (what, remedy) = told(error);
        self.add(step, Status::Failed, what, remedy, Vec::new());
    }

    /// A line about models, which names some of them; with a remedy it is a warning.
    pub(super) fn models(&mut self, step: &'static str, what: &str, models: Vec<String>, remedy: Option<&str>) {
        let status = if remedy.is_some() { Status::Warning } else { Status::Ok };
        let mut what = format!("{what}: {}", models[..models.len().min(NAMED)].join(", "));
        if models.len() > NAMED {
            what.push_str(&format!(" and {} more (`cargo odoo doctor --json` names all)", models.len() - NAMED));
        }
        self.add(step, status, what, remedy.map(str::to_owned), models);
    }

    fn add(&mut self, step: &'static str, status: Status, what: String, remedy: Option<String>, models: Vec<String>) {
        let clean = |text: String| format!("{:#}", visible(&crate::as_run(&text)));
        let found = Step {
            step,
            status,
            what: clean(what),
            remedy: remedy.map(clean),
            models: models.into_iter().map(clean).collect(),
        };
        self.say(&self.lines(&found));
        self.steps.push(found);
    }

    /// For a person. That it cannot be shown does not change what is found.
    fn say(&self, line: &str) {
        if !self.is_json {
            let _ = print(&format!("{line}\n"));
        }
    }

    /// As a person sees it.
    fn lines(&self, Step { step, status, what, remedy, .. }: &Step) -> String {
        let (mark, words, colour) = match status {
            Status::Ok => ("✓", "ok", 32),
            Status::Warning => ("!", "warning", 33),
            Status::Failed => ("✗", "failed", 31),
            Status::NotTried => ("–", "not tried", 2),
        };
        let status = if self.has_marks { mark.to_owned() } else { format!("{words:<9}") };
        let indent = if self.has_marks { 15 } else { 23 };
        let status = if self.has_colours { format!("\x1b[{colour}m{status}\x1b[0m") } else { status };
        let remedy = remedy.iter().map(|remedy| format!("\n{:indent$}to do: {remedy}", ""));
        format!("{status}  {step:<10}  {what}{}", remedy.collect::<String>())
    }

    /// The verdict.
    pub(super) fn end(mut self, target: Option<&str>) -> Result<ExitCode> {
        let left: Vec<_> =
            STEPS.into_iter().filter(|step| !self.steps.iter().any(|found| found.step == *step)).collect();
        let is_well = !self.steps.iter().any(|step| step.status == Status::Failed);
        if !left.is_empty() {
            self.say(&format!("what comes after it was not tried: {}", left.join(", ")));
        }
        let warns = self.steps.iter().any(|step| step.status == Status::Warning);
        self.say(match (is_well, warns) {
            (true, false) => "all is well",
            (true, true) => "nothing failed: see the warnings",
            (false, _) => "something is wrong: see what failed first",
        });
        if self.is_json {
            let what = || "the steps before it come first".to_owned();
            let left = left.into_iter().map(|step| Step {
                step,
                status: Status::NotTried,
                what: what(),
                remedy: None,
                models: Vec::new(),
            });
            self.steps.extend(left);
            let report = json!({"target": target, "well": is_well, "steps": self.steps});
            Report::new(true).json(&report)?;
        }
        Ok(ExitCode::from(u8::from(!is_well)))
    }
}

/// What an error says, and its remedy apart.
pub(super) fn told(error: &Error) -> (String, Option<String>) {
    let text = error.to_string();
    let remedy = error.remedy().map(str::to_owned);
    let what = remedy.as_deref().and_then(|remedy| text.strip_suffix(remedy)?.strip_suffix("; "));
    (what.unwrap_or(&text).to_owned(), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_marks_and_colours_unless_it_is_to_have_none() {
        let mut checkup = Checkup { steps: Vec::new(), is_json: true, has_marks: true, has_colours: true };
        checkup.fail("name", "x has no address: \x1b[2J", "check it");
        checkup.ok("tls", "none");
        let shown = |checkup: &Checkup| checkup.steps.iter().map(|step| checkup.lines(step)).collect::<Vec<_>>();
        assert_eq!(
            shown(&checkup),
            [
                "\x1b[31m✗\x1b[0m  name        x has no address: \\u{1b}[2J\n               to do: check it",
                "\x1b[32m✓\x1b[0m  tls         none"
            ]
        );
        checkup.has_colours = false;
        assert_eq!(shown(&checkup)[1], "✓  tls         none");
        checkup.has_marks = false;
        assert_eq!(shown(&checkup)[1], "ok         tls         none");
    }
}
