//! Writes the files of a target: all of them or none, and only those that differ.

mod stage;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};

use self::stage::Stage;
pub(crate) use self::stage::{is_cut_off, recover};

/// The folders of a target that regen owns, with the file [`MANIFEST`]. Nothing else in it is touched.
const OWNED: [&str; 3] = ["examples", "schema", "src"];

const MANIFEST: &str = "Cargo.toml";

/// The difference between what should be there and what is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Paths below the target, with what to write.
    pub(crate) write: BTreeMap<String, String>,
    pub(crate) remove: Vec<String>,
    pub(crate) unchanged: usize,
}

impl Plan {
    /// Compares `wanted`, all files of the target by their path below it, with the folder.
    pub(crate) fn new(folder: &Path, wanted: BTreeMap<String, String>) -> Result<Self> {
        let mut there = generated(folder)?;
        let mut plan = Self::default();
        for (file, text) in wanted {
            // Somebody's own may be in its place.
            let found = there.remove(&file).map_or_else(|| fs::read(folder.join(&file)), Ok);
            match found {
                Ok(bytes) if is_same(&bytes, &text) => plan.unchanged += 1,
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot read {file} of {}", folder.display()));
                }
                _ => drop(plan.write.insert(file, text)),
            }
        }
        // What somebody put there is not ours to remove.
        plan.remove = there.into_keys().collect();
        Ok(plan)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }

    /// Makes the folder what it should be.
    ///
    /// Everything is first written beside the old files; then old ones are moved away and new ones in. A failure puts
    /// the old ones back, and a run that was killed in between is undone by [`recover`] in the next.
    pub(crate) fn apply(&self, folder: &Path) -> Result<()> {
        self.apply_with(folder, |from, to| fs::rename(from, to))
    }

    fn apply_with(&self, folder: &Path, rename: impl Fn(&Path, &Path) -> io::Result<()>) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let stage = Stage::new(folder);
        stage
            .prepare(&self.write, &self.remove)
            .with_context(|| format!("cannot write to {}", stage.root.display()))?;
        if let Err(error) = stage.swap(&self.write, &self.remove, rename) {
            recover(folder)?;
            return Err(error).with_context(|| format!("nothing was changed in {}", folder.display()));
        }
        stage.commit().with_context(|| format!("cannot remove {}", stage.root.display()))?;
        for owned in OWNED {
            remove_empty(&folder.join(owned));
        }
        Ok(())
    }
}

/// The files of a target that regen wrote, by their path below it.
pub(crate) fn generated(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut generated = BTreeMap::new();
    for file in found(folder)? {
        let bytes = read(folder, &file)?;
        if is_generated(&file, &bytes) {
            generated.insert(file, bytes);
        }
    }
    Ok(generated)
}

/// Whether a file holds this text, in whichever line ends a checkout has given it.
fn is_same(bytes: &[u8], text: &str) -> bool {
    bytes == text.as_bytes()
        || std::str::from_utf8(bytes).is_ok_and(|there| there.contains("\r\n") && there.replace("\r\n", "\n") == text)
}

/// The manifest and all files in the folders that regen owns, as sorted paths below the target.
fn found(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    if folder.join(MANIFEST).is_file() {
        found.push(MANIFEST.to_owned());
    }
    for owned in OWNED {
        let path = folder.join(owned);
        if path.is_symlink() {
            bail!("{} is a link: regen writes only inside its target; replace it by a folder", path.display());
        }
        list(folder, &path, &mut found)?;
    }
    found.sort();
    Ok(found)
}

/// All files below `at`, as paths below `folder` with `/`.
fn list(folder: &Path, at: &Path, found: &mut Vec<String>) -> Result<()> {
    let entries = match fs::read_dir(at) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| format!("cannot list {}", at.display()))?,
    };
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot list {}", at.display()))?;
        let path = entry.path();
        // A link is somebody's own: neither followed nor removed.
        let file_type = entry.file_type().with_context(|| format!("cannot look at {}", path.display()))?;
        if file_type.is_dir() {
            list(folder, &path, found)?;
        } else if file_type.is_file() {
            let below = path.strip_prefix(folder).unwrap_or(&path);
            let parts: Option<Vec<_>> = below.iter().map(|part| part.to_str()).collect();
            found.extend(parts.map(|parts| parts.join("/")));
        }
    }
    Ok(())
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>> {
    fs::read(folder.join(file)).with_context(|| format!("cannot read {file} of {}", folder.display()))
}

/// Whether regen wrote a file of the folders that it owns: code has its banner, and the pin its folder.
fn is_generated(file: &str, bytes: &[u8]) -> bool {
    match file.strip_prefix("schema/") {
        Some(pinned) => pinned.ends_with(".json"),
        None => [&b"// @generated by `cargo "[..], b"# @generated by `cargo "]
            .iter()
            .any(|banner| bytes.starts_with(banner)),
    }
}

/// Removes the empty folders below `at`, and `at` itself if nothing is left. One that cannot be removed does no harm.
fn remove_empty(at: &Path) {
    if let Ok(entries) = fs::read_dir(at) {
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                remove_empty(&entry.path());
            }
        }
        // Fails where something is left in it, which is what keeps that.
        let _ = fs::remove_dir(at);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::stage::make_parent;
    use super::*;

    const BANNER: &str = "// @generated by `cargo odoo regen t` from its pin in schema/. Do not edit.\n";

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("odoo-store-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn files(&self) -> BTreeMap<String, String> {
            let mut found = Vec::new();
            list(&self.0, &self.0, &mut found).unwrap();
            found.into_iter().map(|file| (file.clone(), fs::read_to_string(self.0.join(file)).unwrap())).collect()
        }

        fn apply(&self, wanted: &BTreeMap<String, String>) {
            Plan::new(&self.0, wanted.clone()).unwrap().apply(&self.0).unwrap();
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
        list.iter().map(|(file, text)| ((*file).to_owned(), format!("{BANNER}{text}"))).collect()
    }

    fn old() -> BTreeMap<String, String> {
        files(&[("Cargo.toml", "1"), ("src/a/x.rs", "1"), ("src/gone/y.rs", "1"), ("schema/models/m.json", "1")])
    }

    fn new() -> BTreeMap<String, String> {
        files(&[("Cargo.toml", "1"), ("src/a/x.rs", "2"), ("src/b/z.rs", "2"), ("schema/models/m.json", "2")])
    }

    #[test]
    fn writes_what_differs_and_removes_what_is_gone() {
        let folder = Folder::new("writes");
        folder.apply(&old());
        let plan = Plan::new(&folder.0, new()).unwrap();
        assert_eq!(plan.write.keys().collect::<Vec<_>>(), ["schema/models/m.json", "src/a/x.rs", "src/b/z.rs"]);
        assert_eq!((plan.remove.as_slice(), plan.unchanged), (["src/gone/y.rs".to_owned()].as_slice(), 1));
        plan.apply(&folder.0).unwrap();
        assert_eq!(folder.files(), new());
        assert!(!folder.0.join("src/gone").exists(), "an empty folder is left");
        assert!(Plan::new(&folder.0, new()).unwrap().is_empty());
    }

    #[test]
    fn what_a_person_wrote_stays() {
        let folder = Folder::new("person");
        let own = [("target.toml", "x"), ("notes.md", "x"), ("src/mine.rs", "fn mine() {}")];
        for (file, text) in own {
            make_parent(&folder.0.join(file)).unwrap();
            fs::write(folder.0.join(file), text).unwrap();
        }
        folder.apply(&old());
        folder.apply(&BTreeMap::new());
        let left = folder.files();
        assert!(own.iter().all(|(file, text)| left[*file] == *text), "{left:?}");
    }

    #[test]
    fn a_failure_at_any_point_leaves_the_old_state() {
        let folder = Folder::new("failure");
        folder.apply(&old());
        let steps = std::cell::Cell::new(0);
        for fail_at in 0.. {
            steps.set(0);
            let plan = Plan::new(&folder.0, new()).unwrap();
            let outcome = plan.apply_with(&folder.0, |from, to| {
                steps.set(steps.get() + 1);
                if steps.get() > fail_at { Err(io::Error::other("disk on fire")) } else { fs::rename(from, to) }
            });
            if outcome.is_ok() {
                assert!(fail_at >= 4, "the failure was never reached");
                break;
            }
            assert_eq!(folder.files(), old(), "after {fail_at} steps");
        }
        assert_eq!(folder.files(), new());
    }

    #[test]
    fn a_run_killed_at_any_point_is_undone_by_the_next() {
        let folder = Folder::new("killed");
        folder.apply(&old());
        for killed_after in 0..6 {
            let plan = Plan::new(&folder.0, new()).unwrap();
            let stage = Stage::new(&folder.0);
            stage.prepare(&plan.write, &plan.remove).unwrap();
            let steps = std::cell::Cell::new(0);
            // As killed: the error goes nowhere, nothing is put back.
            let _ = stage.swap(&plan.write, &plan.remove, |from, to| {
                steps.set(steps.get() + 1);
                if steps.get() > killed_after { Err(io::Error::other("killed")) } else { fs::rename(from, to) }
            });
            recover(&folder.0).unwrap();
            assert_eq!(folder.files(), old(), "killed after {killed_after} steps");
        }
    }

    #[test]
    fn an_undoing_that_was_killed_is_gone_on_with() {
        let folder = Folder::new("undoing");
        folder.apply(&old());
        let plan = Plan::new(&folder.0, new()).unwrap();
        let stage = Stage::new(&folder.0);
        stage.prepare(&plan.write, &plan.remove).unwrap();
        stage.swap(&plan.write, &plan.remove, |from, to| fs::rename(from, to)).unwrap();
        fs::remove_file(folder.0.join("src/b/z.rs")).unwrap();
        fs::rename(stage.old_file("src/gone/y.rs"), folder.0.join("src/gone/y.rs")).unwrap();
        recover(&folder.0).unwrap();
        assert_eq!(folder.files(), old());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_target_is_refused() {
        let folder = Folder::new("link");
        let elsewhere = Folder::new("elsewhere");
        std::os::unix::fs::symlink(&elsewhere.0, folder.0.join("src")).unwrap();
        let error = Plan::new(&folder.0, new()).unwrap_err().to_string();
        assert!(error.contains("is a link"), "{error}");
    }
}
