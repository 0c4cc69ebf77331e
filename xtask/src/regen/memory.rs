//! What a server said its schema is when that was last as pinned. Asked whether it would still say so, it answers in some
//! milliseconds.
//!
//! It is of a database and a user, so it is no part of the pin: it lies beside what is built, and is gone with it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Result;
use odoo_client::Client;
use odoo_client::ops::SchemaTag;
use odoo_codegen::{Schema, Warning, pin};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::project::Project;
use crate::target::Target;

/// What is kept of a run.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    tag: String,
    /// Of what it is about: the schema, target.toml and this program.
    of: String,
    /// Whether that the methods are as pinned is known, too.
    methods: bool,
    warnings: Vec<(String, Option<String>, String)>,
    pub(super) notes: Vec<String>,
}

impl Kept {
    pub(super) fn new(tag: &SchemaTag, methods: bool, warnings: &[Warning], notes: &[String]) -> Self {
        let of_warning = |w: &Warning| (w.model.clone(), w.field.clone(), w.problem.clone());
        let warnings = warnings.iter().map(of_warning).collect();
        Self { tag: tag.to_string(), of: String::new(), methods, warnings, notes: notes.to_vec() }
    }

    pub(super) fn warnings(&self) -> Vec<Warning> {
        let warnings = self.warnings.iter().cloned();
        warnings.map(|(model, field, problem)| Warning { model, field, problem }).collect()
    }
}

/// Where it is kept.
pub(super) struct Memory {
    folder: PathBuf,
    target: PathBuf,
    /// The file target.toml, as this run has read it.
    target_toml: String,
}

impl Memory {
    pub(super) fn of(project: &Project, target: &Target) -> Option<Self> {
        Some(Self { folder: folder(project)?, target: target.folder.clone(), target_toml: target.text.clone() })
    }

    /// What is kept of this schema, while the server says that nothing changed since.
    pub(super) async fn unchanged(&self, client: &Client, pinned: &Schema, methods: bool) -> Option<Kept> {
        let text = fs::read_to_string(self.file(client)).ok()?;
        let kept: Kept = serde_json::from_str(&text).ok()?;
        let holds = (kept.methods || !methods) && self.digest(pinned).is_ok_and(|digest| digest == kept.of);
        // A server that cannot say is asked for everything.
        let is_unchanged = holds && client.schema_unchanged(&SchemaTag::new(&kept.tag)).await.unwrap_or(false);
        is_unchanged.then_some(kept)
    }

    /// Keeps that the server said this schema. Where that cannot be, the next run asks for everything.
    pub(super) fn keep(&self, client: &Client, schema: &Schema, mut kept: Kept) {
        let mut write = || {
            kept.of = self.digest(schema)?;
            Ok(write(&self.file(client), &serde_json::to_string(&kept)?)?)
        };
        let _: Result<()> = write();
    }

    /// One for each target, database and user, without their names.
    fn file(&self, client: &Client) -> PathBuf {
        let of = [&*self.target.to_string_lossy(), client.url(), client.database(), client.user()];
        self.folder.join(format!("schema-{}.json", name(&of)))
    }

    /// Of nothing that could be another by now: files may be edited while a server answers.
    fn digest(&self, schema: &Schema) -> Result<String> {
        let mut hash = Sha256::new();
        hash_program(&mut hash)?;
        hash_files(&mut hash, [("target.toml", self.target_toml.as_bytes())]);
        let files = pin::to_files(schema)?;
        hash_files(&mut hash, files.iter().map(|(file, text)| (file.as_str(), text.as_bytes())));
        Ok(hex(&hash.finalize()))
    }
}

/// Where runs keep what they know.
pub(super) fn folder(project: &Project) -> Option<PathBuf> {
    Some(project.built()?.join("odoo"))
}

/// Writes a file of that folder.
pub(super) fn write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
        // It may be elsewhere than git is told.
        fs::write(folder.join(".gitignore"), "*\n")?;
    }
    fs::write(file, text)
}

/// A name that tells what a file is of, without naming it.
pub(super) fn name(of: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in of {
        hash.update(part);
        hash.update([0]);
    }
    hex(&hash.finalize()[..8])
}

/// What another program would know of a target says nothing to this one.
pub(super) fn hash_program(hash: &mut Sha256) -> io::Result<()> {
    hash.update(format!("{} {}\n", env!("CARGO_PKG_VERSION"), build(&std::env::current_exe()?)?));
    Ok(())
}

/// Tells one build of a program from another: to read all of it would take longer than what it is asked for.
fn build(program: &Path) -> io::Result<String> {
    let about = fs::metadata(program)?;
    let built = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    // Who copies or packs programs may set the time of all of them to the same.
    #[cfg(unix)]
    let placed = {
        use std::os::unix::fs::MetadataExt;
        (about.ino(), about.ctime(), about.ctime_nsec())
    };
    #[cfg(not(unix))]
    let placed = about.created().ok();
    Ok(format!("{program:?} {} {built:?} {placed:?}", about.len()))
}

pub(super) fn hash_files<'f>(hash: &mut Sha256, files: impl IntoIterator<Item = (&'f str, &'f [u8])>) {
    for (file, bytes) in files {
        hash.update(format!("{file}\n{}\n", bytes.len()));
        hash.update(bytes);
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_of_the_same_size_and_time_is_another_one() {
        let program = std::env::temp_dir().join(format!("odoo-build-{}", std::process::id()));
        let put = |text: &str| {
            let _ = fs::remove_file(&program);
            fs::write(&program, text).unwrap();
            fs::File::options().write(true).open(&program).unwrap().set_modified(UNIX_EPOCH).unwrap();
            build(&program).unwrap()
        };
        let first = put("one");
        assert_eq!(build(&program).unwrap(), first);
        assert_ne!(put("two"), first);
        fs::remove_file(&program).unwrap();
    }
}
