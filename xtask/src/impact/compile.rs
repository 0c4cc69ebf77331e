//! What the compiler says of packages, with other code in place of a generated crate.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use odoo_client::error::visible;
use serde::Deserialize;

use super::packages::Packages;

/// Says to this program that cargo runs it in place of the compiler.
const AS_COMPILER: &str = "ODOO_IMPACT_COMPILER";

/// Where cargo runs this program in place of the compiler: runs that, so that it tells of each use of what is deprecated, whatever
/// the code allows or forbids. (`RUSTFLAGS` would compile all dependencies anew, and undo what is configured elsewhere.)
pub(crate) fn as_compiler() -> Option<ExitCode> {
    std::env::var_os(AS_COMPILER)?;
    let mut arguments = std::env::args_os().skip(1);
    let status = Command::new(arguments.next()?).args(arguments).args(["--force-warn", "deprecated"]).status();
    let code = status.ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(ExitCode::from(code.unwrap_or(101)))
}

/// How packages are checked.
pub(super) struct Check<'a> {
    pub(super) packages: &'a Packages,
    /// A folder for what is compiled.
    pub(super) root: &'a Path,
    /// That of the code which stands in.
    pub(super) crates: &'a Path,
    pub(super) arguments: &'a [String],
}

/// What was compiled, by package and target.
type Unit = (String, String);

#[derive(Default)]
pub(super) struct Compiled {
    /// Whether cargo has come to its end without any error.
    pub(super) is_done: bool,
    pub(super) said: Vec<Said>,
    /// What compiled.
    pub(super) done: BTreeSet<Unit>,
}

impl Compiled {
    pub(super) fn errors(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(|said| said.is_error)
    }
}

/// An error, or a warning.
pub(super) struct Said {
    pub(super) unit: Unit,
    /// The name of the package.
    pub(super) package: String,
    pub(super) is_error: bool,
    pub(super) code: String,
    pub(super) text: String,
    /// The places that it is about, the one of it all first.
    pub(super) places: Vec<Place>,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.places.first() {
            write!(f, "{}:{}:{}: ", visible(&place.file), place.line, place.column)?;
        }
        write!(f, "{}", visible(&self.text))
    }
}

/// A place in the code of a package that somebody wrote.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end: (usize, usize),
    pub(super) is_primary: bool,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    target: Option<CargoTarget>,
    message: Option<Diagnostic>,
    success: Option<bool>,
}

#[derive(Deserialize)]
struct CargoTarget {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    level: String,
    code: Option<Code>,
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

/// Arguments with which the user says which packages.
const PACKAGES: [&str; 4] = ["-p", "--package", "--workspace", "--all"];
/// And of these, which targets.
const TARGETS: [&str; 10] = [
    "--lib",
    "--bin",
    "--bins",
    "--example",
    "--examples",
    "--test",
    "--tests",
    "--bench",
    "--benches",
    "--all-targets",
];

impl Check<'_> {
    pub(super) fn run(&self) -> Result<Compiled> {
        let says = |options: &[&str]| {
            let name = |argument: &String| argument.split('=').next().unwrap_or_default().to_owned();
            self.arguments.iter().any(|argument| options.contains(&&*name(argument)))
        };
        let mut cargo = self.packages.cargo("check");
        cargo.args(["--message-format=json", "--keep-going", "--target-dir"]).arg(self.root);
        // All that cargo knows by the name of the crate becomes this one, without a change of a manifest.
        cargo.arg("--config").arg(format!("paths=[{:?}]", self.crates.to_string_lossy()));
        if !says(&PACKAGES) {
            cargo.args(self.packages.members.keys().flat_map(|id| ["-p", id]));
        }
        if !says(&TARGETS) {
            cargo.arg("--all-targets");
        }
        cargo.args(self.arguments);
        let this = std::env::current_exe().context("this program does not know where it is")?;
        // A wrapper such as sccache would ask this program what compiler it is.
        cargo.env("RUSTC_WORKSPACE_WRAPPER", this).env(AS_COMPILER, "1").env("RUSTC_WRAPPER", "");
        let mut child = cargo
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run cargo")?;
        let stderr = child.stderr.take();
        let progress = std::thread::spawn(move || stderr.map(|stderr| show_progress(BufReader::new(stderr))));
        let mut compiled = Compiled::default();
        for line in BufReader::new(child.stdout.take().context("cargo has no output")?).lines() {
            let line = line.context("cannot read what cargo says")?;
            // What programs that cargo runs print is there as well.
            if let Ok(message) = serde_json::from_str::<Message>(&line) {
                self.take(&mut compiled, message);
            }
        }
        child.wait().context("cargo did not end")?;
        let _ = progress.join();
        Ok(compiled)
    }

    fn take(&self, compiled: &mut Compiled, message: Message) {
        if let Some(success) = message.success.filter(|_| message.reason == "build-finished") {
            compiled.is_done = success;
        }
        let (Some(package), Some(target)) = (message.package_id, message.target) else { return };
        let unit = (package, format!("{} {}", target.kind.first().map_or("", String::as_str), target.name));
        if message.reason == "compiler-artifact" {
            compiled.done.insert(unit);
            return;
        }
        let Some(diagnostic) = message.message else { return };
        let is_error = diagnostic.level.starts_with("error");
        // That it gives up is no error of its own.
        if is_error && diagnostic.spans.is_empty() && diagnostic.message.starts_with("aborting due to") {
            return;
        }
        let mut places = Vec::new();
        self.places(&diagnostic, &mut places);
        places.sort_by_key(|place| !place.is_primary);
        compiled.said.push(Said {
            package: target_package(&unit.0),
            unit,
            is_error,
            code: diagnostic.code.map(|code| code.code).unwrap_or_default(),
            text: diagnostic.message,
            places,
        });
    }

    fn places(&self, diagnostic: &Diagnostic, places: &mut Vec<Place>) {
        for span in &diagnostic.spans {
            let mut at = span;
            while !self.packages.has(&at.file_name)
                && let Some(expansion) = &at.expansion
            {
                at = &expansion.span;
            }
            if self.packages.has(&at.file_name) {
                places.push(Place {
                    file: at.file_name.clone(),
                    line: at.line_start,
                    column: at.column_start,
                    end: (at.line_end, at.column_end),
                    is_primary: span.is_primary,
                });
            }
        }
        for child in diagnostic.children.iter().filter(|child| child.level == "note") {
            let from = places.len();
            self.places(child, places);
            places[from..].iter_mut().for_each(|place| place.is_primary = false);
        }
    }
}

/// The name in the id of a package: `path+file:///home/me/shop#0.1.0`, `path+file:///home/me/shop#other@0.1.0`.
fn target_package(id: &str) -> String {
    let (path, rest) = id.rsplit_once('#').unwrap_or((id, ""));
    let name = rest.split_once('@').map(|(name, _)| name);
    name.or_else(|| path.rsplit('/').next()).unwrap_or_default().to_owned()
}

fn show_progress(lines: impl BufRead) {
    for line in lines.lines().map_while(Result::ok) {
        // How many warnings there are, and that errors are errors, is what the report is about.
        let is_sum = line.starts_with("warning: `") || line.starts_with("error: could not compile");
        if !is_sum && !line.trim().is_empty() && !line.starts_with("warning: build failed") {
            eprintln!("{}", visible(&line));
        }
    }
}
