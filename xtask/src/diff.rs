//! `cargo odoo diff`: what is different between two Odoos, or between then and now.

mod html;
mod markdown;
pub(crate) mod source;
pub(crate) mod summary;
mod terminal;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;
use odoo_codegen::Schema;
use odoo_codegen::diff::{Change, Grade, diff};
use serde::Serialize;

use self::source::Source;
use self::summary::Counts;
use crate::pattern::Pattern;
use crate::project::TargetsFolder;
use crate::report::{Report, has_colours, print};

/// Lists what is different between two pins, by model, with what it does to code made for the first.
///
/// FROM and TO are targets (`odoo18`), revisions of a target's pin in git (`odoo19@HEAD~3`, `acme@v1.2`), `live` (the
/// server of the other one's target), or folders with a pin. Without TO, a target is compared with its server, and a revision
/// with the pin as it is now.
///
/// Exit status: 0 done, whatever is different; 2 when it could not be done. `cargo odoo regen --check` fails for differences.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo diff odoo18 odoo19                        between two targets
  cargo odoo diff acme@HEAD~3                          since three commits ago
  cargo odoo diff acme live --grade breaking           what the server would break
  cargo odoo diff odoo18 odoo19 --only 'sale.*'        some models
  cargo odoo diff odoo18 odoo19 --html /tmp/diff.html  one page, for people who do not read code")]
pub struct Args {
    /// What was before: a target, a revision of its pin, `live`, or a folder
    from: String,
    /// What is now
    to: Option<String>,
    /// Only models that match
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    only: Vec<String>,
    /// Only changes of this grade and of heavier ones
    #[arg(long, value_name = "GRADE", default_value = "safe", hide_default_value = true)]
    grade: Least,
    /// All of it in JSON on standard output
    #[arg(long, group = "form")]
    json: bool,
    /// A summary in Markdown on standard output, short enough for a comment on a pull request
    #[arg(long, group = "form")]
    markdown: bool,
    /// Write a page with search and filters that needs nothing else: no network, no other file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Do not ask a server for methods, which takes Odoo most of the time: they stay as they are pinned
    #[arg(long)]
    no_methods: bool,
    #[command(flatten)]
    folder: TargetsFolder,
}

/// The least grade that is shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Least {
    Breaking,
    Dangerous,
    Safe,
}

impl Least {
    fn grade(self) -> Grade {
        match self {
            Self::Breaking => Grade::Breaking,
            Self::Dangerous => Grade::Dangerous,
            Self::Safe => Grade::Safe,
        }
    }
}

/// What is shown: the two sides and their differences.
#[derive(Serialize)]
struct Shown {
    from: Side,
    to: Side,
    counts: Counts,
    changes: Vec<Change>,
    /// What Odoo calls models (`sale.order`) and fields (`sale.order.state`), now or before.
    #[serde(skip)]
    labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Side {
    /// As it was given: `odoo19@HEAD~3`.
    name: String,
    series: String,
}

impl Shown {
    /// `odoo18 (18.0) to odoo19 (19.0)`
    fn title(&self) -> String {
        let side = |side: &Side| format!("{} ({})", side.name, side.series);
        odoo_client::error::visible(&format!("{} to {}", side(&self.from), side(&self.to))).to_string()
    }
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let only: Vec<Pattern> = args.only.iter().map(|text| Pattern::new(text)).collect::<Result<_>>()?;
    let generated = args.folder.project()?.generated;
    let from = Source::parse(&generated, &args.from, args.to.as_deref())?;
    let to = match &args.to {
        Some(to) => Source::parse(&generated, to, Some(&args.from))?,
        None => from.counterpart(&args.from)?,
    };
    let is_shown = |change: &Change| {
        let model = change.model.as_deref();
        change.grade >= args.grade.grade()
            && (only.is_empty() || model.is_some_and(|model| only.iter().any(|only| only.matches(model))))
    };
    let (old, new) = (from.read(!args.no_methods).await?, to.read(!args.no_methods).await?);
    let mut changes = diff(&old, &new);
    changes.retain(is_shown);
    let side = |name: &str, series: &str| Side { name: name.to_owned(), series: series.to_owned() };
    let shown = Shown {
        from: side(&from.name, &old.series),
        to: side(&to.name, &new.series),
        counts: Counts::of(&changes),
        changes,
        labels: if args.html.is_some() { labels(&old, &new) } else { BTreeMap::new() },
    };
    if let Some(file) = &args.html {
        std::fs::write(file, html::page(&shown)?).with_context(|| format!("cannot write {}", file.display()))?;
        eprintln!("{} is written", file.display());
    }
    if args.json {
        Report::new(true).json(&shown)?;
    } else if args.markdown {
        print(&markdown::summary(&shown))?;
    } else if args.html.is_none() {
        print(&terminal::list(&shown, has_colours(&std::io::stdout())))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn labels(old: &Schema, new: &Schema) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for (name, model) in old.models.iter().chain(&new.models) {
        labels.extend(model.label.as_ref().map(|label| (name.clone(), label.clone())));
        labels.extend(model.fields.iter().map(|(field, f)| (format!("{name}.{field}"), f.label.clone())));
    }
    labels
}
