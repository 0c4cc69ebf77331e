//! The packages that depend on a generated crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Those that depend on the crate of a target.
pub(super) struct Packages {
    /// The name of the generated crate, its manifest, and where its runtime is, if that is a folder.
    pub(super) generated: String,
    pub(super) crate_manifest: PathBuf,
    pub(super) client: Option<PathBuf>,
    /// Members of the workspace that depend on it: their ids and names.
    pub(super) members: BTreeMap<String, String>,
    /// The folders of all packages that do, members or not.
    pub(super) folders: Vec<PathBuf>,
    /// Their code, by its path.
    files: BTreeMap<PathBuf, String>,
    /// What of the workspace uses an Odoo, and is not asked for.
    pub(super) not_looked_at: Vec<String>,
    pub(super) workspace_root: PathBuf,
    pub(super) target_directory: PathBuf,
    manifest: PathBuf,
    _lock: LockFile,
}

/// Cargo.lock, which cargo writes where there is none, or an old one: as it was it is again in the end.
struct LockFile {
    path: PathBuf,
    was: Option<Vec<u8>>,
}

impl Drop for LockFile {
    fn drop(&mut self) {
        let (path, was) = (&self.path, &self.was);
        // What cannot be put back is what any command of cargo would have left.
        let _ = match (was, fs::read(path)) {
            (Some(was), Ok(is)) if *was != is => fs::write(path, was),
            (None, Ok(_)) => fs::remove_file(path),
            _ => Ok(()),
        };
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
    features: BTreeMap<String, Vec<String>>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(default, rename = "required-features")]
    required_features: Vec<String>,
}

impl Package {
    fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// Whether a build script makes models of a pin.
    fn makes_models(&self) -> bool {
        self.dependencies.iter().any(|one| one.name == "odoo-codegen" && one.kind.as_deref() == Some("build"))
    }

    /// The features that code of it depends on, and that nothing turns on.
    fn features_off(&self, files: &BTreeMap<PathBuf, String>) -> Vec<&str> {
        let mut on = BTreeSet::new();
        let mut next = vec!["default"];
        while let Some(feature) = next.pop() {
            if on.insert(feature) {
                next.extend(self.features.get(feature).into_iter().flatten().map(String::as_str));
            }
        }
        let own = || files.iter().filter(|(path, _)| path.starts_with(self.folder()));
        let is_used = |feature: &&str| {
            let named = format!("feature = \"{feature}\"");
            self.targets.iter().any(|target| target.required_features.iter().any(|one| one == feature))
                || own().any(|(_, text)| text.contains(&named))
        };
        self.features.keys().map(String::as_str).filter(|feature| !on.contains(feature)).filter(is_used).collect()
    }
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    path: Option<PathBuf>,
    /// `build`, `dev`, or none.
    kind: Option<String>,
}

impl Packages {
    pub(super) fn find(target: &str, manifest: &Path, arguments: &[String]) -> Result<Self> {
        let manifest = std::path::absolute(manifest).with_context(|| format!("no path: {}", manifest.display()))?;
        // This one asks for nothing and writes nothing.
        let root = metadata(&manifest, &["--no-deps"])?.workspace_root;
        let path = root.join("Cargo.lock");
        let lock = LockFile { was: fs::read(&path).ok(), path };
        let network = arguments.iter().map(String::as_str);
        let network = network.filter(|argument| matches!(*argument, "--offline" | "--locked" | "--frozen"));
        let given: Vec<&str> = ["--all-features"].into_iter().chain(network).collect();
        let all = metadata(&manifest, &given)?;

        let members = || all.packages.iter().filter(|package| all.workspace_members.contains(&package.id));
        let scripts = members().filter(|package| package.makes_models());
        let mut not_looked_at: Vec<String> = scripts
            .map(|package| {
                format!("{}, whose build script makes its models: regen, and `cargo check` tells", package.name)
            })
            .collect();
        let nobody = || {
            let others = not_looked_at.iter().map(|other| format!("\nnot looked at: {other}"));
            format!(
                "no package of {} depends on `{target}`: name the manifest of one that does with --manifest-path{}",
                root.display(),
                others.collect::<String>()
            )
        };
        let generated = all.packages.iter().find(|package| package.name == target).with_context(nobody)?;
        let mut depend: BTreeSet<&str> = BTreeSet::from([&*generated.id]);
        loop {
            let on_one = |package: &&Package| {
                package.dependencies.iter().any(|dependency| {
                    let is_it = |other: &&Package| {
                        depend.contains(&*other.id)
                            && other.name == dependency.name
                            && (other.id == generated.id || dependency.path.as_deref() == Some(other.folder()))
                    };
                    all.packages.iter().any(|other| is_it(&other))
                })
            };
            let more: Vec<&str> = all
                .packages
                .iter()
                .filter(|package| !depend.contains(&*package.id))
                .filter(on_one)
                .map(|package| &*package.id)
                .collect();
            if more.is_empty() {
                break;
            }
            depend.extend(more);
        }
        depend.remove(&*generated.id);
        let users = || all.packages.iter().filter(|package| depend.contains(&*package.id));
        let used_by = || members().filter(|package| depend.contains(&*package.id));
        if used_by().next().is_none() {
            bail!(nobody());
        }
        let folders: Vec<PathBuf> = users().map(|user| user.folder().to_owned()).collect();
        let mut files = Vec::new();
        for folder in &folders {
            code_below(folder, &all.target_directory, &mut files);
        }
        let files = BTreeMap::from_iter(files);
        let says_features = |argument: &String| {
            ["-F", "--features", "--all-features", "--no-default-features"].iter().any(|one| argument.starts_with(one))
        };
        if !arguments.iter().any(says_features) {
            not_looked_at.extend(used_by().filter_map(|package| {
                let off = package.features_off(&files).join(", ");
                let name = &package.name;
                (!off.is_empty()).then(|| format!("{name} with its features {off}: `-- --all-features` turns them on"))
            }));
        }
        let client = generated.dependencies.iter().find(|dependency| dependency.name == "odoo-client");
        Ok(Self {
            crate_manifest: generated.manifest_path.clone(),
            client: client.and_then(|client| client.path.clone()),
            members: used_by().map(|user| (user.id.clone(), user.name.clone())).collect(),
            folders,
            files,
            not_looked_at,
            generated: target.to_owned(),
            workspace_root: all.workspace_root,
            target_directory: all.target_directory,
            manifest,
            _lock: lock,
        })
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&PathBuf, &String)> {
        self.files.iter()
    }

    /// `shop and shop-admin`
    pub(super) fn names(&self) -> String {
        self.members.values().map(String::as_str).collect::<Vec<_>>().join(" and ")
    }

    /// A target of a package, for people: `lib shop`, or `test prices of shop`.
    pub(super) fn unit(&self, package: &str, target: &str) -> String {
        match self.members.get(package) {
            Some(name) => format!("{target} of {name}"),
            None => target.to_owned(),
        }
    }

    /// Cargo, where it finds the configuration of the workspace.
    pub(super) fn cargo(&self, command: &str) -> Command {
        cargo(&self.manifest, command)
    }

    /// Where a file is, as cargo names it.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.workspace_root.join(file)
    }

    /// Whether somebody wrote a file, rather than the generator or a macro.
    pub(super) fn has(&self, file: &str) -> bool {
        let path = self.path(file);
        !path.starts_with(&self.target_directory) && self.folders.iter().any(|folder| path.starts_with(folder))
    }
}

/// All code below a folder, but for that of targets.
fn code_below(folder: &Path, without: &Path, files: &mut Vec<(PathBuf, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_own = path != without && !path.join("target.toml").exists() && !path.is_symlink();
        if path.is_dir() && is_own {
            code_below(&path, without, files);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(text) = fs::read_to_string(&path)
        {
            files.push((path, text));
        }
    }
}

fn cargo(manifest: &Path, command: &str) -> Command {
    let mut cargo = crate::cargo(manifest.parent().unwrap_or(manifest));
    cargo.arg(command).arg("--manifest-path").arg(manifest);
    cargo
}

fn metadata(manifest: &Path, arguments: &[&str]) -> Result<Metadata> {
    let output = cargo(manifest, "metadata").args(["--format-version", "1"]).args(arguments).output();
    let output = output.context("cannot run cargo")?;
    if !output.status.success() {
        bail!("cargo metadata of {}: {}", manifest.display(), String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("what cargo metadata says is not understood")
}
