//! Targets: the folders of `generated/` and what their `target.toml` asks for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use globset::{GlobBuilder, GlobMatcher};
use odoo_client::EnvVars;
use serde::Deserialize;

use crate::rows::{self, RowsToml};

/// One folder of `generated/`.
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// The series the server must have.
    pub(crate) series: String,
    pub(crate) models: Models,
    /// What whole rows have.
    pub(crate) rows: rows::Choice,
    pub(crate) connection: EnvVars,
}

/// `target.toml`, the only file of a target that a person writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetToml {
    series: String,
    #[serde(default)]
    models: ModelsToml,
    #[serde(default)]
    rows: RowsToml,
    #[serde(default)]
    connection: ConnectionToml,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelsToml {
    #[serde(default = "everything")]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ConnectionToml {
    url: Option<String>,
    database: Option<String>,
    user: Option<String>,
    password: Option<String>,
    api_key: Option<String>,
    session_id: Option<String>,
}

impl ConnectionToml {
    fn variables(self) -> Result<EnvVars> {
        let usual = EnvVars::default();
        Ok(EnvVars {
            url: variable("url", self.url, usual.url)?,
            database: variable("database", self.database, usual.database)?,
            user: variable("user", self.user, usual.user)?,
            password: variable("password", self.password, usual.password)?,
            api_key: variable("api_key", self.api_key, usual.api_key)?,
            session_id: variable("session_id", self.session_id, usual.session_id)?,
        })
    }
}

impl Default for ModelsToml {
    fn default() -> Self {
        Self { include: everything(), exclude: Vec::new() }
    }
}

fn everything() -> Vec<String> {
    vec!["*".to_owned()]
}

/// Which models a run is about.
#[derive(Debug)]
pub(crate) struct Models {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    /// From the command line: models must also match one of these.
    only: Option<Vec<Pattern>>,
}

/// A name or a glob of names.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self> {
        // In a model's name the dot is what the slash is in a path, but Odoo's users write `sale.*` for all below.
        let glob = GlobBuilder::new(text).literal_separator(false).build();
        let matcher = glob.with_context(|| format!("`{text}` is not a name or a glob of names"))?;
        Ok(Self { text: text.to_owned(), matcher: matcher.compile_matcher() })
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        self.matcher.is_match(name)
    }

    fn all(texts: &[String]) -> Result<Vec<Self>> {
        texts.iter().map(|text| Self::new(text)).collect()
    }

    /// The name, if this is one rather than a glob.
    fn as_name(&self) -> Option<&str> {
        (!self.text.contains(['*', '?', '[', '{'])).then_some(self.text.as_str())
    }
}

impl Models {
    pub(crate) fn new(include: &[String], exclude: &[String]) -> Result<Self> {
        Ok(Self { include: Pattern::all(include)?, exclude: Pattern::all(exclude)?, only: None })
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
    pub(crate) fn load(generated: &Path, name: &str) -> Result<Self> {
        // Before it becomes part of a path: the name of a package is one of a folder in any case.
        let valid = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
        if !valid || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(odoo_codegen::Error::PackageName { name: name.to_owned() }.into());
        }
        let folder = generated.join(name);
        let file = folder.join("target.toml");
        let text = fs::read_to_string(&file).with_context(|| {
            format!(
                "no target `{name}`: {} cannot be read (a target is a folder with a target.toml; copy that of another)",
                file.display()
            )
        })?;
        let toml: TargetToml =
            toml::from_str(&text).map_err(|error| anyhow!("{}: {}", file.display(), problem(&text, &error)))?;
        let wrong = || format!("{} is not right", file.display());
        let connection = toml.connection.variables().with_context(wrong)?;
        let models = Models::new(&toml.models.include, &toml.models.exclude).with_context(wrong)?;
        let rows = rows::Choice::new(toml.rows, &file, &text)?;
        Ok(Self { name: name.to_owned(), folder, series: toml.series, models, rows, connection })
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
                bail!("{} has no target: make a folder in it with a target.toml", generated.display());
            }
        }
        names.sort();
        names.dedup();
        names.iter().map(|name| Self::load(generated, name)).collect()
    }

    /// Whether the environment names a server for this target.
    pub(crate) fn is_connected(&self) -> bool {
        std::env::var(&self.connection.url).is_ok_and(|url| !url.trim().is_empty())
    }
}

/// The name of an environment variable; anything else may be a secret that someone put in the wrong place.
fn variable(entry: &str, given: Option<String>, usual: String) -> Result<String> {
    let name = given.unwrap_or(usual);
    let valid = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if name.is_empty() || !valid || name.starts_with(|c: char| c.is_ascii_digit()) {
        bail!(
            "[connection] holds names of environment variables in capitals, such as \"ODOO_URL\", never values: \
             `{entry}` is not such a name"
        );
    }
    Ok(name)
}

/// The line that a place in a text is in.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

/// What is wrong with a target.toml, without repeating its text: that may be a secret in the wrong place.
fn problem(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(String::new(), |span| format!("line {}: ", line_of(text, span.start)));
    // `invalid type: string "…", expected a map`
    let message = error.message();
    let expected = message.rfind("expected ").filter(|_| message.starts_with("invalid "));
    format!("{line}{}", &message[expected.unwrap_or(0)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(include: &[&str], exclude: &[&str], only: &[&str]) -> Models {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mut models = Models::new(&owned(include), &owned(exclude)).unwrap();
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

    #[test]
    fn a_value_in_place_of_a_variable_is_refused() {
        for value in ["https://odoo.example.com", "hunter2", "", "1A"] {
            let error = variable("url", Some(value.to_owned()), String::new()).unwrap_err().to_string();
            assert!(error.contains("never values") && (value.is_empty() || !error.contains(value)), "{error}");
        }
    }
}
