//! How the commands get to the server of a target: `[connection]` of its target.toml, and the environment.

use std::collections::BTreeMap;
use std::env::VarError;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use odoo_client::ClientBuilder;
use odoo_client::client::EnvVars;
use reqwest::Url;

use crate::read_toml::{Problems, Section, Text};
use jiff::SignedDuration;

/// How to get to a server: without a target.toml as the environment says alone.
#[derive(Default)]
pub(crate) struct Connection {
    /// The variables that name it.
    pub(crate) names: EnvVars,
    /// The headers, and the variables that hold their values.
    headers: BTreeMap<String, String>,
    /// What target.toml itself says, in place of the variables of these names.
    said: BTreeMap<String, String>,
    /// The file of certificates that target.toml names.
    root_certificate: Option<PathBuf>,
    /// Whether nothing of the environment counts.
    is_alone: bool,
}

impl Connection {
    /// What the target.toml of a folder says. Texts are names of environment variables, but for times and the path of a file
    /// that everybody may read.
    pub(crate) fn read(mut section: Section<'_>, folder: &Path) -> Self {
        let mut names = EnvVars::default();
        let problems = section.problems;
        for (entry, name) in [
            ("url", &mut names.url),
            ("database", &mut names.database),
            ("user", &mut names.user),
            ("password", &mut names.password),
            ("api_key", &mut names.api_key),
            ("session_id", &mut names.session_id),
            ("client_certificate", &mut names.client_certificate),
            ("proxy", &mut names.proxy),
        ] {
            if let Some(given) = section.text(entry).filter(|given| is_variable(problems, entry, given)) {
                name.replace_range(.., given.text);
            }
        }
        let headers = section.named_texts("headers");
        let headers = headers.into_iter().filter(|(_, name)| is_variable(problems, "headers", name));
        let headers = headers.map(|(header, name)| (header.to_owned(), name.text.to_owned())).collect();
        let mut said = BTreeMap::new();
        for (entry, name) in [
            ("timeout", &names.timeout),
            ("connect_timeout", &names.connect_timeout),
            ("read_timeout", &names.read_timeout),
        ] {
            if let Some(time) = section.text(entry) {
                if !time.text.parse::<SignedDuration>().is_ok_and(|time| time.is_positive()) {
                    problems.add(time.at, format_args!("`{entry}` takes a time, such as \"90s\" or \"10m\""));
                }
                said.insert(name.clone(), time.text.to_owned());
            }
        }
        if let Some(calls) = section.number("max_concurrent_calls") {
            said.insert(names.max_concurrent_calls.clone(), calls.ceil().to_string());
        }
        if let Some(rate) = section.number("rate_limit") {
            said.insert(names.rate_limit.clone(), rate.to_string());
        }
        let root_certificate = section.text("root_certificate").map(|file| folder.join(file.text));
        section.end();
        Self { names, headers, said, root_certificate, is_alone: false }
    }

    /// That of the environment, but for what is said in place of the usual variables.
    pub(crate) fn saying(said: &BTreeMap<String, String>) -> Self {
        Self { said: said.clone(), ..Self::default() }
    }

    /// To a server of which this is all there is to know, whatever the environment says.
    pub(crate) fn only(said: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let said = said.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { said, is_alone: true, ..Self::default() }
    }

    /// What is said in place of a variable, or else what it holds.
    fn value(&self, name: &str) -> Option<String> {
        self.said.get(name).cloned().or_else(|| value(name).filter(|_| !self.is_alone))
    }

    /// Whether the environment names a server, or something in its place.
    pub(crate) fn is_set(&self) -> bool {
        self.value(&self.names.url).is_some()
    }

    /// Whether the environment names a session, which begins and ends elsewhere.
    pub(crate) fn has_session(&self) -> bool {
        self.value(&self.names.session_id).is_some()
    }

    /// Whether there is a password, and nothing that goes before it.
    pub(crate) fn has_password(&self) -> bool {
        let is_set = |name: &str| self.value(name).is_some();
        is_set(&self.names.password) && !is_set(&self.names.api_key) && !self.has_session()
    }

    /// How many requests are to be under way at a time, if that is said.
    pub(crate) fn max_concurrent_calls(&self) -> Option<usize> {
        self.value(&self.names.max_concurrent_calls)?.trim().parse().ok().filter(|calls| *calls > 0)
    }

    /// What makes the client of every command.
    pub(crate) fn client(&self) -> Result<ClientBuilder> {
        self.client_with(&self.names)
    }

    /// What asks a server for what it tells anybody.
    pub(crate) fn server(&self) -> Result<ClientBuilder> {
        let said = self.said()?;
        Ok(ClientBuilder::server_from_variables(&self.names, |name| self.look_up(&said, name))?)
    }

    /// What makes the client of every command, with other variables for who logs in.
    pub(crate) fn client_with(&self, names: &EnvVars) -> Result<ClientBuilder> {
        let said = self.said()?;
        Ok(ClientBuilder::from_variables(names, |name| self.look_up(&said, name))?)
    }

    /// The environment of a program that connects as the commands do, with [`Client::from_env`](odoo_client::Client::from_env):
    /// what each of the usual variables is to hold.
    pub(crate) fn environment(&self) -> Result<Vec<(String, Option<std::ffi::OsString>)>> {
        let said = self.said()?;
        let usual = EnvVars::default();
        let pairs = self.names.all().zip(usual.all());
        let of_environment = |name: &str| std::env::var_os(name).filter(|_| !self.is_alone);
        let value = |name: &str| said.get(name).map(Into::into).or_else(|| of_environment(name));
        let mut environment: Vec<_> = pairs.map(|(name, usual)| (usual.to_owned(), value(name))).collect();
        // It may run in another folder.
        for (name, file) in &mut environment {
            if let (true, Some(path)) = (*name == usual.root_certificate || *name == usual.client_certificate, &file) {
                *file = std::path::absolute(path).ok().map(Into::into).or(file.take());
            }
        }
        Ok(environment)
    }

    /// Has a command connect as the commands do.
    pub(crate) fn set_in(&self, command: &mut Command) -> Result<()> {
        for (name, value) in self.environment()? {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Ok(())
    }

    /// What holds in place of variables.
    fn said(&self) -> Result<BTreeMap<String, String>> {
        let mut said = self.said.clone();
        if !self.headers.is_empty() {
            let mut lines = value(&self.names.headers).into_iter().collect::<Vec<_>>();
            for (header, name) in &self.headers {
                let value = std::env::var(name).map_err(|error| match error {
                    VarError::NotPresent => "is not set",
                    VarError::NotUnicode(_) => "is not UTF-8",
                });
                match value {
                    Ok(value) if !value.contains('\n') => lines.push(format!("{header}: {value}")),
                    Ok(_) => bail!("{name}, for the header `{header}`, has more than one line"),
                    Err(problem) => bail!("{name}, for the header `{header}`, {problem}"),
                }
            }
            said.insert(self.names.headers.clone(), lines.join("\n"));
        }
        if let Some(file) = &self.root_certificate {
            // Here it is known who names it.
            std::fs::metadata(file)
                .with_context(|| format!("`root_certificate` of target.toml: {}", file.display()))?;
            said.insert(self.names.root_certificate.clone(), file.display().to_string());
        }
        if self.is_paced_by_default() {
            // As `ClientBuilder::odoo_com`.
            let names = [&self.names.max_concurrent_calls, &self.names.rate_limit];
            said.extend(names.map(|name| (name.clone(), "1".to_owned())));
        }
        Ok(said)
    }

    /// What is said in place of a variable, or else what it holds.
    fn look_up(&self, said: &BTreeMap<String, String>, name: &str) -> Result<String, VarError> {
        match said.get(name) {
            Some(value) => Ok(value.clone()),
            None if self.is_alone => Err(VarError::NotPresent),
            None => std::env::var(name),
        }
    }

    /// Whether the server is one of Odoo's own hosting, which wants few requests, and nobody says how many.
    pub(crate) fn is_paced_by_default(&self) -> bool {
        let url = self.value(&self.names.url).and_then(|url| Url::parse(url.trim()).ok());
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let limits = [&self.names.max_concurrent_calls, &self.names.rate_limit];
        (host == "odoo.com" || host.ends_with(".odoo.com")) && limits.into_iter().all(|name| self.value(name).is_none())
    }
}

/// A variable that is set to something.
pub(crate) fn value(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Whether this is the name of an environment variable; anything else may be a secret that someone put in the wrong place.
fn is_variable(problems: &Problems<'_>, entry: &str, Text { text, at }: &Text<'_>) -> bool {
    let valid = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && text.starts_with(|c: char| !c.is_ascii_digit());
    if !valid {
        problems.add(
            *at,
            format_args!(
                "`{entry}` is not the name of an environment variable: [connection] holds names in capitals, such as \
                 \"ODOO_URL\", never values"
            ),
        );
    }
    valid
}
