//! Says what changed where a pull request shows it: beside the file of the pin that would change.
//!
//! GitHub takes [commands](https://docs.github.com/actions/reference/workflow-commands-for-github-actions) from what a step
//! writes, GitLab a [report](https://docs.gitlab.com/ci/testing/code_quality/) that a job keeps as `codequality`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use odoo_codegen::diff::{Change, Grade};
use odoo_codegen::pin;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::outcome::Outcome;
use crate::project::Project;
use crate::report::told;

/// The file that GitLab is told of.
const REPORT: &str = "gl-code-quality-report.json";

/// So many of each kind does GitHub show of a step.
const SHOWN: usize = 10;

/// Annotates for the CI that runs this.
pub(crate) fn annotate(project: &Project, outcomes: &[Outcome]) -> Result<()> {
    let is_set = |variable: &str| std::env::var_os(variable).is_some_and(|value| value == "true");
    let changes = outcomes.iter().flat_map(|outcome| outcome.changes.iter().map(move |change| (outcome, change)));
    let placed: Vec<_> = changes.map(|(outcome, change)| Place::of(project, &outcome.target, change)).collect();
    if is_set("GITHUB_ACTIONS") {
        for (grade, level) in [(Grade::Breaking, "error"), (Grade::Dangerous, "warning")] {
            for place in placed.iter().filter(|place| place.change.grade == grade).take(SHOWN) {
                eprintln!("{}", place.command(level));
            }
        }
    } else if is_set("GITLAB_CI") {
        let report: Vec<_> = placed.iter().map(Place::entry).collect();
        let text = serde_json::to_string_pretty(&report).context("the annotations are not JSON")?;
        fs::write(REPORT, text).with_context(|| format!("cannot write {REPORT}"))?;
        eprintln!("{REPORT} is written: keep it as `artifacts: reports: codequality`");
    } else {
        eprintln!("nothing is annotated: --annotate is for CI, where GITHUB_ACTIONS or GITLAB_CI is `true`");
    }
    Ok(())
}

/// A change, and where in the pin it is.
struct Place<'c> {
    change: &'c Change,
    path: String,
    line: usize,
}

impl<'c> Place<'c> {
    fn of(project: &Project, target: &str, change: &'c Change) -> Self {
        let file = change.model.as_deref().map_or_else(|| pin::PIN_FILE.to_owned(), pin::model_file);
        let path = project.generated.join(target).join("schema").join(file);
        let name = change.field.as_ref().or(change.method.as_ref());
        let line = name.and_then(|name| {
            let text = fs::read_to_string(&path).ok()?;
            Some(text.lines().position(|line| line.trim_start().starts_with(&format!("\"{name}\": ")))? + 1)
        });
        // As the repository names it.
        let relative = path.strip_prefix(&project.root).map(PathBuf::from).unwrap_or(path);
        Self { change, path: relative.to_string_lossy().replace('\\', "/"), line: line.unwrap_or(1) }
    }

    fn text(&self) -> String {
        format!("{}. {}", told(self.change), self.change.why())
    }

    /// A command for GitHub.
    fn command(&self, level: &str) -> String {
        let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
        let title = format!("{} change of the Odoo", self.change.grade);
        let (path, line) = (property(&self.path), self.line);
        format!("::{level} file={path},line={line},title={}::{}", property(&title), escaped(&self.text()))
    }

    /// An entry of GitLab's report.
    fn entry(&self) -> serde_json::Value {
        let severity = match self.change.grade {
            Grade::Breaking => "critical",
            Grade::Dangerous => "major",
            Grade::Safe => "info",
        };
        let mut fingerprint = String::new();
        for byte in Sha256::digest(format!("{}\n{}", self.path, self.text())) {
            fingerprint.push_str(&format!("{byte:02x}"));
        }
        json!({
            "description": self.text(),
            "check_name": self.change.what.name(),
            "fingerprint": fingerprint,
            "severity": severity,
            "location": {"path": self.path, "lines": {"begin": self.line}},
        })
    }
}
