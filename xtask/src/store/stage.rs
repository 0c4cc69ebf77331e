//! Moves files of a target in and out: all of them or none, whatever stops a run.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Where a run prepares its files, inside the target so that moving them is renaming.
const STAGE: &str = ".regen";

/// Marks in the journal: a file that was not there before, and one that was.
const CREATE: &str = "create";
const REPLACE: &str = "replace";

/// Undoes what a run that was killed left half done. Does nothing if there is nothing to undo.
pub(crate) fn recover(folder: &Path) -> Result<()> {
    let stage = Stage::new(folder);
    if !stage.root.exists() {
        return Ok(());
    }
    stage.undo().with_context(|| {
        format!("a former run was cut off, and what it left in {} cannot be undone", stage.root.display())
    })
}

/// Whether a run was killed while it moved files: then neither pin nor code is whole before [`recover`].
pub(crate) fn is_cut_off(folder: &Path) -> bool {
    Stage::new(folder).journal().exists()
}

/// The work folder of a run: `new/` with what to move in, `old/` with what was moved away, and while that is going on,
/// `journal` with the paths.
pub(super) struct Stage {
    folder: PathBuf,
    pub(super) root: PathBuf,
}

impl Stage {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), root: folder.join(STAGE) }
    }

    fn new_file(&self, file: &str) -> PathBuf {
        self.root.join("new").join(file)
    }

    pub(super) fn old_file(&self, file: &str) -> PathBuf {
        self.root.join("old").join(file)
    }

    fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    pub(super) fn prepare(&self, write: &BTreeMap<String, String>, remove: &[String]) -> io::Result<()> {
        let mut journal = String::new();
        for (file, text) in write {
            let path = self.new_file(file);
            make_parent(&path)?;
            fs::write(path, text)?;
            let was_there = self.folder.join(file).exists();
            journal += &format!("{} {file}\n", if was_there { REPLACE } else { CREATE });
        }
        journal.extend(remove.iter().map(|file| format!("{REPLACE} {file}\n")));
        fs::create_dir_all(&self.root)?;
        // Complete or absent: a journal cut short would undo half.
        let draft = self.root.join("journal.new");
        let mut file = File::create(&draft)?;
        file.write_all(journal.as_bytes())?;
        file.sync_all()?;
        fs::rename(draft, self.journal())
    }

    pub(super) fn swap(
        &self,
        write: &BTreeMap<String, String>,
        remove: &[String],
        rename: impl Fn(&Path, &Path) -> io::Result<()>,
    ) -> Result<()> {
        for file in write.keys().chain(remove) {
            let (place, old) = (self.folder.join(file), self.old_file(file));
            let moved = if write.contains_key(file) {
                // The new file takes the old one's place in one step. Without its Cargo.toml a target would keep cargo
                // from starting, and with cargo the command that undoes what a killed run left.
                keep(&place, &old)
                    .and_then(|()| make_parent(&place))
                    .and_then(|()| rename(&self.new_file(file), &place))
            } else {
                make_parent(&old).and_then(|()| rename(&place, &old))
            };
            moved.with_context(|| format!("cannot write or remove {file}"))?;
        }
        Ok(())
    }

    /// From here on the new files count.
    pub(super) fn commit(&self) -> io::Result<()> {
        fs::remove_file(self.journal())?;
        fs::remove_dir_all(&self.root)
    }

    fn undo(&self) -> io::Result<()> {
        // Without a journal nothing was moved yet, or everything was.
        let journal = match fs::read_to_string(self.journal()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            journal => journal?,
        };
        for line in journal.lines() {
            match line.split_once(' ') {
                Some((CREATE, file)) if !self.new_file(file).exists() => {
                    // It is gone where an undoing was cut off as well.
                    fs::remove_file(self.folder.join(file)).or_else(|error| match error.kind() {
                        io::ErrorKind::NotFound => Ok(()),
                        _ => Err(error),
                    })?;
                }
                Some((REPLACE, file)) if self.old_file(file).exists() => {
                    fs::rename(self.old_file(file), self.folder.join(file))?;
                }
                _ => {}
            }
        }
        if !journal.is_empty() {
            fs::remove_file(self.journal())?;
        }
        fs::remove_dir_all(&self.root)
    }
}

/// Keeps a second name of a file, or a copy where the file system has no such thing; of what is not there, nothing.
fn keep(place: &Path, old: &Path) -> io::Result<()> {
    make_parent(old)?;
    match fs::hard_link(place, old) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) => fs::copy(place, old).map(drop),
        Ok(()) => Ok(()),
    }
}

pub(super) fn make_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}
