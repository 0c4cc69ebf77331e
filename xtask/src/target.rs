//! Targets: the folders of `generated/` and what their `target.toml` asks for.

mod series;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use odoo_codegen::diff::Grade;

use self::series::Series;
use crate::connection::Connection;
use crate::fields::{Excluded, Fixes};
use crate::pattern::Pattern;
use crate::read_toml::{Problems, Section};
use crate::rows;

/// One folder of `generated/`.
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// The file `target.toml`.
    pub(crate) text: String,
    /// Those that the server may have.
    pub(crate) series: Series,
    pub(crate) models: Models,
    /// What whole rows have.
    pub(crate) rows: rows::Choice,
    /// What is never pinned.
    pub(crate) fields: Excluded,
    /// Where the server is wrong.
    pub(crate) fixes: Fixes,
    pub(crate) connection: Connection,
    /// Which changes fail `regen --check`, if nobody says otherwise.
    pub(crate) fail_on: FailOn,
    /// Whether the code is kept beside the pin, rather than made by somebody's build script.
    pub(crate) has_code: bool,
}

/// The least grade of a change that fails a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// Code made for the pin stops compiling or fails when it runs
    Breaking,
    /// These, and code that compiles may act differently
    Dangerous,
    /// Anything that would be pinned or written anew
    Any,
}

impl FailOn {
    pub(crate) fn counts(self, grade: Grade) -> bool {
        match self {
            Self::Breaking => grade == Grade::Breaking,
            Self::Dangerous => grade >= Grade::Dangerous,
            Self::Any => true,
        }
    }

    fn read(root: &mut Section<'_>) -> Self {
        let Some(given) = root.text("fail_on") else { return Self::Any };
        Self::from_str(given.text, false).unwrap_or_else(|_| {
            root.problems.add(given.at, "`fail_on` takes \"breaking\", \"dangerous\" or \"any\"");
            Self::Any
        })
    }
}

/// Which models a run is about.
#[derive(Debug)]
pub(crate) struct Models {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    /// From the command line: models must also match one of these.
    only: Option<Vec<Pattern>>,
}

impl Models {
    fn read(mut section: Section<'_>) -> Self {
        let mut patterns = |key| {
            let listed = Pattern::listed(&mut section, key)?;
            Some(listed.into_iter().map(|(_, pattern)| pattern).collect::<Vec<_>>())
        };
        let (include, exclude) = (patterns("include"), patterns("exclude"));
        section.end();
        // That is a glob.
        let everything = || Pattern::all(&["*".to_owned()]).unwrap_or_default();
        Self { include: include.unwrap_or_else(everything), exclude: exclude.unwrap_or_default(), only: None }
    }

    pub(crate) fn narrow(&mut self, only: &[String]) -> Result<()> {
        if !only.is_empty() {
            self.only = Some(Pattern::all(only)?);
        }
        Ok(())
    }

    pub(crate) fn is_narrowed(&self) -> bool {
        self.only.is_some()
    }

    /// Whether this run is about a model.
    pub(crate) fn matches(&self, model: &str) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(model));
        any(&self.include) && !any(&self.exclude) && self.only.as_deref().is_none_or(any)
    }

    /// The entry `exclude` with these models in it as well.
    pub(crate) fn excluding<'a>(&'a self, models: impl Iterator<Item = &'a String>) -> String {
        let texts: Vec<_> = self.exclude.iter().map(|pattern| &pattern.text).chain(models).collect();
        format!("exclude = {texts:?}")
    }

    /// The models by name, if nothing but names was given: then nobody has to list the models of the server, which
    /// takes rights that an ordinary user does not have.
    pub(crate) fn names(&self) -> Option<Vec<String>> {
        let narrowest = self.only.as_ref().unwrap_or(&self.include);
        let names: Option<Vec<_>> = narrowest.iter().map(|pattern| pattern.as_name().map(str::to_owned)).collect();
        let mut names: Vec<_> = names?.into_iter().filter(|name| self.matches(name)).collect();
        names.sort();
        names.dedup();
        Some(names)
    }

    /// Names and globs that no model of the server matches: a typing error, or a model that is gone.
    pub(crate) fn unmatched<'a>(&'a self, models: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
        let wanted = self.only.as_ref().unwrap_or(&self.include);
        wanted
            .iter()
            .filter(|pattern| !models.clone().any(|model| pattern.matches(model)))
            .map(|pattern| pattern.text.as_str())
            .collect()
    }
}

impl Target {
    /// Before it becomes part of a path: the name of a package is one of a folder in any case.
    pub(crate) fn check_name(name: &str) -> Result<()> {
        let valid = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
        if !valid || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(odoo_codegen::Error::PackageName { name: name.to_owned() }.into());
        }
        Ok(())
    }

    pub(crate) fn load(generated: &Path, name: &str) -> Result<Self> {
        Self::check_name(name)?;
        let folder = generated.join(name);
        let file = folder.join("target.toml");
        let text = fs::read_to_string(&file).with_context(|| {
            format!(
                "no target `{name}`: {} cannot be read (a target is a folder with a target.toml: `cargo odoo new` makes one)",
                file.display()
            )
        })?;
        let problems = Problems::of(&file, &text);
        let table = problems.parse();
        let mut root = Section::root(&problems, &table);
        let series = Series::read(&mut root);
        if !table.contains_key("series") {
            problems.add(0, "there is no `series`: say which Odoo this is for, such as series = \"18.0\"");
        }
        let fail_on = FailOn::read(&mut root);
        let has_code = root.flag("code").unwrap_or(true);
        let models = Models::read(root.section("models", "[models]"));
        let rows = rows::Choice::read(root.section("rows", "[rows]"));
        let fields = Excluded::read(root.section("fields", "[fields]"));
        let fixes = Fixes::read(root.sections("fix", "[[fix]]"));
        let connection = Connection::read(root.section("connection", "[connection]"), &folder);
        root.end();
        problems.end()?;
        let name = name.to_owned();
        Ok(Self { name, folder, text, series, models, rows, fields, fixes, connection, fail_on, has_code })
    }

    /// Takes another series, and gives the `target.toml` that names it; none, if this one does.
    pub(crate) fn change_series(&mut self, new: &str) -> Result<Option<String>> {
        self.series.change(&self.text, new)
    }

    /// The named targets, or all there are.
    pub(crate) fn load_all(generated: &Path, names: &[String]) -> Result<Vec<Self>> {
        let mut names = names.to_vec();
        if names.is_empty() {
            let entries = fs::read_dir(generated).with_context(|| format!("cannot list {}", generated.display()))?;
            for entry in entries {
                let entry = entry.with_context(|| format!("cannot list {}", generated.display()))?;
                if entry.path().join("target.toml").is_file() {
                    names.extend(entry.file_name().into_string().ok());
                }
            }
            if names.is_empty() {
                bail!("{} has no target: make one with `cargo odoo new`", generated.display());
            }
        }
        names.sort();
        names.dedup();
        // What is wrong with any of them is told at once.
        let (mut targets, mut wrong) = (Vec::new(), Vec::new());
        for name in &names {
            match Self::load(generated, name) {
                Ok(target) => targets.push(target),
                Err(error) => wrong.push(format!("{error:#}")),
            }
        }
        if wrong.is_empty() { Ok(targets) } else { bail!(wrong.join("\n")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(include: &[&str], exclude: &[&str], only: &[&str]) -> Models {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let all = |texts: &[&str]| Pattern::all(&owned(texts)).unwrap();
        let mut models = Models { include: all(include), exclude: all(exclude), only: None };
        models.narrow(&owned(only)).unwrap();
        models
    }

    #[test]
    fn filters_filter() {
        for (include, exclude, only, model, expected) in [
            (&["*"][..], &[][..], &[][..], "sale.order.line", true),
            (&["sale.*"], &[], &[], "sale.order.line", true),
            (&["sale.*"], &[], &[], "res.partner", false),
            // Exclusions hold with nothing but the usual inclusion of everything.
            (&["*"], &["sale.*"], &[], "sale.order", false),
            (&["sale.order"], &["sale.*"], &[], "sale.order", false),
            (&["*"], &[], &["res.partner"], "res.partner", true),
            (&["*"], &[], &["res.partner"], "res.partner.bank", false),
            (&["*"], &["res.*"], &["res.partner"], "res.partner", false),
        ] {
            let models = models(include, exclude, only);
            assert_eq!(models.matches(model), expected, "{models:?} {model}");
        }
    }

    #[test]
    fn names_alone_need_no_list_of_models() {
        assert_eq!(models(&["b.c", "a.b"], &[], &[]).names().unwrap(), ["a.b", "b.c"]);
        assert_eq!(models(&["*"], &["a.c"], &["a.b", "a.c"]).names().unwrap(), ["a.b"]);
        assert!(models(&["a.*"], &[], &[]).names().is_none());
    }
}
