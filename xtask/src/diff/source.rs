//! Where a schema to compare comes from.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use odoo_codegen::{Schema, pin};

use crate::introspect::{Extent, connect, introspect, log_out};
use crate::report::losses;
use crate::target::Target;
use crate::{pinned, store};

/// One side of a comparison.
pub(crate) struct Source {
    /// As it is shown.
    pub(crate) name: String,
    generated: PathBuf,
    place: Place,
}

enum Place {
    /// The pin of a target.
    Target(String),
    /// That of a commit.
    Revision { target: String, revision: String },
    /// The server of a target.
    Live(String),
    /// A folder with a pin in it.
    Folder(PathBuf),
}

impl Source {
    /// What an argument names. `live` is the server of the target that the other argument names.
    pub(crate) fn parse(generated: &Path, text: &str, other: Option<&str>) -> Result<Self> {
        let place = if text == "live" {
            let target = other.filter(|other| *other != "live" && !is_folder(generated, other));
            let Some(target) = target else { bail!("`live` is the server of a target: name that as the other one") };
            Place::Live(target.split('@').next().unwrap_or(target).to_owned())
        } else if is_folder(generated, text) {
            Place::Folder(PathBuf::from(text))
        } else if let Some((target, revision)) = text.split_once('@') {
            Place::Revision { target: target.to_owned(), revision: revision.to_owned() }
        } else {
            Place::Target(text.to_owned())
        };
        Ok(Self { name: text.to_owned(), generated: generated.to_owned(), place })
    }

    /// What it is compared with if nothing else is named.
    pub(crate) fn counterpart(&self, text: &str) -> Result<Self> {
        match &self.place {
            Place::Target(_) => Self::parse(&self.generated, "live", Some(text)),
            Place::Revision { target, .. } | Place::Live(target) => Self::parse(&self.generated, target, None),
            Place::Folder(_) => bail!("say what to compare {} with", self.name),
        }
    }

    pub(crate) async fn read(&self, with_methods: bool) -> Result<Schema> {
        match &self.place {
            Place::Folder(folder) => read_folder(folder),
            Place::Target(name) => {
                let target = Target::load(&self.generated, name)?;
                if store::is_cut_off(&target.folder) {
                    bail!("target {name}: a run was cut off: run `cargo odoo regen {name}` to undo what it left");
                }
                let read = pinned::read(&target.folder).with_context(|| format!("the pin of target {name}"))?;
                let Some((schema, _)) = read else {
                    bail!("target {name} has no pin yet: run `cargo odoo regen {name}`")
                };
                Ok(schema)
            }
            Place::Revision { target, revision } => read_revision(&self.generated, target, revision)
                .with_context(|| format!("cannot read the pin of target {target} at {revision}")),
            Place::Live(name) => {
                let target = Target::load(&self.generated, name)?;
                let pinned = pinned::read(&target.folder).ok().flatten().map(|(schema, _)| schema);
                let extent = Extent { methods: with_methods, everything: false, compares: true };
                let doing = || format!("the server of target {name}");
                let client = connect(&target, true).await.with_context(doing)?;
                let read = introspect(&client, &target, &extent, pinned.as_ref()).await.with_context(doing);
                log_out(&client, &target.connection).await;
                let read = read?;
                let lost = pinned.as_ref().map_or_else(Vec::new, |pinned| losses(pinned, &read.schema, &read.unseen));
                if !lost.is_empty() {
                    eprintln!("note: this user sees less than the pin has, which counts as gone: {}", lost.join(", "));
                }
                let mut schema = read.schema;
                if pinned.as_ref().is_some_and(|pinned| pinned.series == schema.series) {
                    pinned::keep_methods(pinned.as_ref(), &mut schema);
                }
                for note in read.notes {
                    eprintln!("note: {}", odoo_client::error::visible(&note));
                }
                Ok(schema)
            }
        }
    }
}

/// Whether an argument is a path, and not the name of a target.
fn is_folder(generated: &Path, text: &str) -> bool {
    text.contains(['/', '\\']) && !text.contains('@') || matches!(text, "." | "..") || {
        !generated.join(text).is_dir() && Path::new(text).join(pin::PIN_FILE).is_file()
    }
}

/// A folder with `pin.json`, or one with that in `schema/`.
fn read_folder(folder: &Path) -> Result<Schema> {
    let pinned = if folder.join(pin::PIN_FILE).is_file() { pinned::read_schema(folder) } else { pinned::read(folder) };
    let Some((schema, _)) = pinned.with_context(|| format!("the pin in {}", folder.display()))? else {
        bail!("{} has no pin: there is no {} in it", folder.display(), pin::PIN_FILE);
    };
    Ok(schema)
}

/// The pin of a target as a commit has it; the target may be gone since.
fn read_revision(generated: &Path, target: &str, revision: &str) -> Result<Schema> {
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(generated).args(args).stdin(Stdio::null());
        git
    };
    let commit = format!("{revision}^{{commit}}");
    let commit = output(&mut git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]))
        .with_context(|| format!("{revision} is no revision that git knows"))?;
    let folder = format!("./{target}/schema/");
    let listed = output(&mut git(&["ls-tree", "-r", "-z", commit.trim(), "--", &folder]))?;
    // `100644 blob HASH<tab>acme/schema/pin.json`
    let blobs: Vec<(&str, &str)> = listed
        .split('\0')
        .filter_map(|line| {
            let (about, path) = line.split_once('\t')?;
            Some((path.split_once("/schema/")?.1, about.rsplit(' ').next()?))
        })
        .filter(|(file, _)| file.ends_with(".json"))
        .collect();
    if blobs.is_empty() {
        bail!("there is none: the commit has no {folder}");
    }
    let mut git = git(&["cat-file", "--batch"]);
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot run git")?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let wanted: String = blobs.iter().map(|(_, hash)| format!("{hash}\n")).collect();
    let files = std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(wanted.as_bytes())));
        let mut stdout = BufReader::new(stdout.context("git has no output")?);
        let mut files = BTreeMap::new();
        for (file, hash) in &blobs {
            // `HASH blob SIZE`, the content, and a line's end.
            let mut about = String::new();
            stdout.read_line(&mut about)?;
            let size = about.trim().rsplit(' ').next().and_then(|size| size.parse().ok());
            let size: usize = size.with_context(|| format!("git does not give {hash}"))?;
            let mut bytes = vec![0; size + 1];
            stdout.read_exact(&mut bytes)?;
            bytes.pop();
            let text = String::from_utf8(bytes).with_context(|| format!("{file} is not UTF-8"))?;
            files.insert((*file).to_owned(), text);
        }
        anyhow::Ok(files)
    })?;
    child.wait().context("git did not end")?;
    Ok(pin::from_files(&files)?)
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().context("cannot run git")?;
    if !output.status.success() {
        bail!("git: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).context("git answers no UTF-8")
}
