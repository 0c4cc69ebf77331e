//! The project that a command runs in: where its targets are, and what the manifests of its crates say.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use odoo_codegen::Settings;
use toml::{Table, Value};

use crate::connection::Connection;
use crate::target::Target;

/// Where the targets are.
#[derive(clap::Args, Default)]
pub(crate) struct TargetsFolder {
    /// The folder of the targets, if it is another than the `generated` of `[workspace.metadata.odoo]` in Cargo.toml
    #[arg(long, value_name = "DIR", global = true)]
    generated: Option<PathBuf>,
}

/// A project: the folder of its `Cargo.toml`, and what that says.
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    /// The folder of the targets.
    pub(crate) generated: PathBuf,
    manifest: Table,
}

/// What is read of an entry of `[dependencies]`. A path comes first: it is what cargo takes if there is one.
const SOURCES: [&str; 7] = ["path", "version", "registry", "git", "branch", "tag", "rev"];

impl TargetsFolder {
    /// The project of the folder in which the command was started.
    pub(crate) fn project(&self) -> Result<Project> {
        let here = std::env::current_dir().context("cannot tell the current folder")?;
        Project::find(&here, self.generated.as_deref())
    }

    /// How to get to the server of a target, or to that of the environment alone.
    pub(crate) fn connection(&self, target: Option<&str>) -> Result<Connection> {
        let Some(target) = target else { return Ok(Connection::default()) };
        Ok(Target::load(&self.project()?.generated, target)?.connection)
    }
}

impl Project {
    fn find(here: &Path, generated: Option<&Path>) -> Result<Self> {
        let (root, manifest) = match (read_manifest(here)?, generated) {
            (Some(found), _) => found,
            (None, Some(generated)) => (here.join(generated), Table::new()),
            (None, None) => bail!(
                "there is no Cargo.toml in {} or above it: run this in a cargo project, or name the folder of the targets with \
                 --generated",
                here.display()
            ),
        };
        let mut project = Self { generated: PathBuf::new(), root, manifest };
        project.generated = match generated {
            Some(folder) => plain(&here.join(folder)),
            None => plain(&project.root.join(project.said("generated")?.unwrap_or("generated"))),
        };
        Ok(project)
    }

    /// Where cargo builds, unless its configuration says otherwise; nowhere without a manifest.
    pub(crate) fn built(&self) -> Option<PathBuf> {
        let said = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
        (!self.manifest.is_empty()).then(|| said.map_or_else(|| self.root.join("target"), PathBuf::from))
    }

    /// What the manifest of a generated crate says beside what its pin does.
    pub(crate) fn settings(&self, target: &str) -> Result<Settings> {
        let mut settings = Settings::new(target);
        if let Some(client) = self.client() {
            settings.client = self.dependency(client, &self.generated.join(target))?;
        }
        settings.license = self.said("license")?.or_else(|| self.of_package("license")).map(str::to_owned);
        if let Some(edition) = self.said("edition")?.or_else(|| self.of_package("edition")) {
            edition.clone_into(&mut settings.edition);
        }
        Ok(settings)
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.manifest.get(*first)?, |value, key| value.get(key))
    }

    /// An entry for this program.
    fn metadata(&self, key: &str) -> Option<&Value> {
        let of = |table: &str| self.at(&[table, "metadata", "odoo", key]);
        of("workspace").or_else(|| of("package"))
    }

    fn said(&self, key: &str) -> Result<Option<&str>> {
        let Some(value) = self.metadata(key) else { return Ok(None) };
        value
            .as_str()
            .map(Some)
            .with_context(|| format!("{}: `{key}` of metadata.odoo takes a text", self.file().display()))
    }

    fn of_package(&self, key: &str) -> Option<&str> {
        let of = |path: &[&str]| self.at(path).and_then(Value::as_str);
        of(&["workspace", "package", key]).or_else(|| of(&["package", key]))
    }

    /// How the project itself depends on `odoo-client`.
    fn client(&self) -> Option<&Value> {
        let of = |path: &[&str]| self.at(path).filter(|value| value.get("workspace").is_none());
        self.metadata("odoo-client")
            .or_else(|| of(&["workspace", "dependencies", "odoo-client"]))
            .or_else(|| of(&["dependencies", "odoo-client"]))
    }

    /// A dependency of this project, as it is said in the folder of a target.
    fn dependency(&self, client: &Value, folder: &Path) -> Result<Vec<(String, String)>> {
        if let Some(version) = client.as_str() {
            return Ok(vec![("version".to_owned(), version.to_owned())]);
        }
        if let Some(path) = client.get("path").and_then(Value::as_str) {
            let path = from(folder, &self.root, Path::new(path));
            // Of Windows too.
            let path = path.to_str().context("the path of odoo-client is not UTF-8")?.replace('\\', "/");
            return Ok(vec![("path".to_owned(), path)]);
        }
        let entry = |key: &&str| Some(((*key).to_owned(), client.get(key)?.as_str()?.to_owned()));
        let entries: Vec<_> = SOURCES.iter().filter_map(entry).collect();
        if entries.is_empty() {
            bail!("{}: `odoo-client` needs a version, a path or a git address", self.file().display());
        }
        Ok(entries)
    }

    fn file(&self) -> PathBuf {
        self.root.join("Cargo.toml")
    }
}

/// The folder and the content of the manifest that a folder belongs to: the next one above that is of a workspace or says something
/// to this program, or else the next one. Those of generated crates are not of a project.
fn read_manifest(here: &Path) -> Result<Option<(PathBuf, Table)>> {
    let mut nearest = None;
    for folder in here.ancestors() {
        let file = folder.join("Cargo.toml");
        let text = match fs::read_to_string(&file) {
            Ok(text) if !text.starts_with("# @generated by `cargo ") => text,
            _ => continue,
        };
        let table: Table = text.parse().with_context(|| format!("cannot read {}", file.display()))?;
        let is_told = table.get("package").and_then(|package| package.get("metadata")?.get("odoo")).is_some();
        if is_told || table.contains_key("workspace") {
            return Ok(Some((folder.to_owned(), table)));
        }
        nearest = nearest.or_else(|| Some((folder.to_owned(), table)));
    }
    Ok(nearest)
}

/// A path that is said in `root`, as it is said in `folder`: the same on every machine if `folder` is in `root`.
fn from(folder: &Path, root: &Path, path: &Path) -> PathBuf {
    if path.is_absolute() {
        return path.to_owned();
    }
    match folder.strip_prefix(root) {
        Ok(below) => {
            let up = below.components().filter(|part| matches!(part, Component::Normal(_)));
            up.map(|_| Component::ParentDir.as_os_str()).collect::<PathBuf>().join(path)
        }
        Err(_) => root.join(path),
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}
