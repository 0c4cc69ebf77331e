//! What the files of a target are to be.
//!
//! To make them takes most of the time that a run takes itself. So it is kept beside what is built what they were made of, and that all
//! were as made; while both are so still, they are not made again.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use odoo_codegen::{Schema, Settings, generate, pin};
use sha2::{Digest, Sha256};

use super::memory::{self, hex};
use crate::fields::Fixes;
use crate::project::Project;
use crate::rows::Choice;
use crate::store::{self, Plan};
use crate::target::Target;

/// What the files of a target are made of beside its schema.
pub(super) struct Maker {
    settings: Settings,
    rows: Choice,
    fixes: Fixes,
    has_code: bool,
    /// Of the target.
    folder: PathBuf,
    /// Where is kept that they are as made.
    kept: Option<PathBuf>,
}

/// What was made.
pub(super) struct Made {
    pub(super) plan: Plan,
    /// Of all files, unless they are known to be as made.
    digest: Option<String>,
}

impl Maker {
    pub(super) fn of(project: &Project, target: &Target) -> Result<Self> {
        Ok(Self {
            settings: project.settings(&target.name)?,
            rows: target.rows.clone(),
            fixes: target.fixes.clone(),
            has_code: target.has_code,
            folder: target.folder.clone(),
            kept: memory::folder(project)
                .map(|folder| folder.join(format!("made-{}.txt", memory::name(&[&*target.folder.to_string_lossy()])))),
        })
    }

    /// Makes the files of a schema, and compares them with those that are there.
    pub(super) fn make(&self, schema: &Schema) -> Result<Made> {
        let files = self.files(schema)?;
        let digest = self.digest(files.iter().map(|(file, text)| (file.as_str(), text.as_bytes())));
        Ok(Made { plan: Plan::new(&self.folder, files)?, digest })
    }

    /// As [`Maker::make`] for the schema that is pinned.
    pub(super) fn make_of_pin(&self, pinned: &Schema) -> Result<Made> {
        let kept = self.kept.as_ref().and_then(|kept| fs::read_to_string(kept).ok());
        if let Some(kept) = kept {
            let there = store::generated(&self.folder)?;
            // A file of the pin that is a link is read, and not of these.
            let models = there.keys().filter(|file| file.starts_with("schema/models/")).count();
            let digest = || self.digest(there.iter().map(|(file, bytes)| (file.as_str(), bytes.as_slice())));
            if models == pinned.models.len() && digest() == Some(kept) {
                return Ok(Made { plan: Plan { unchanged: there.len(), ..Plan::default() }, digest: None });
            }
        }
        self.make(pinned)
    }

    /// Keeps that the files are as made. Where that cannot be, the next run makes them again.
    pub(super) fn keep(&self, made: &Made) {
        if let (Some(kept), Some(digest)) = (&self.kept, &made.digest) {
            let _ = memory::write(kept, digest);
        }
    }

    /// Of files, by their sorted paths, and all that they are made of.
    fn digest<'f>(&self, files: impl Iterator<Item = (&'f str, &'f [u8])>) -> Option<String> {
        let mut hash = Sha256::new();
        memory::hash_program(&mut hash).ok()?;
        hash.update(format!("{:?}\n", (&self.settings, &self.rows, &self.fixes, self.has_code)));
        memory::hash_files(&mut hash, files);
        Some(hex(&hash.finalize()))
    }

    /// Makes all files of a target, by their path below it.
    fn files(&self, schema: &Schema) -> Result<BTreeMap<String, String>> {
        let mut settings = self.settings.clone();
        let context = || format!("target {}", self.settings.package);
        // What is wrong with either is told at once.
        match (self.rows.of(schema), self.fixes.of(schema)) {
            (Ok(rows), Ok(fixes)) => (settings.rows, settings.fixes) = (rows, fixes),
            (Err(rows), Err(fixes)) => return Err(anyhow!("{rows}\n{fixes}")).with_context(context),
            (Err(error), _) | (_, Err(error)) => return Err(error).with_context(context),
        }
        let mut files = generate(schema, &settings).with_context(context)?;
        if !self.has_code {
            files.clear();
        }
        let pin = pin::to_files(schema).with_context(context)?;
        files.extend(pin.into_iter().map(|(file, text)| (format!("schema/{file}"), text)));
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use odoo_codegen::{Field, Model};

    use super::*;

    #[test]
    fn files_are_made_again_only_where_something_changed() {
        let folder = std::env::temp_dir().join(format!("odoo-made-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let maker = |edition: &str| {
            let mut settings = Settings::new("acme");
            edition.clone_into(&mut settings.edition);
            let (rows, fixes) = (Choice::default(), Fixes::default());
            let kept = Some(folder.join("built/odoo/made.txt"));
            Maker { settings, rows, fixes, has_code: true, folder: folder.join("acme"), kept }
        };
        let mut model = Model::default();
        model.fields.insert("name".to_owned(), Field::new("char", "Name"));
        let models = BTreeMap::from([("res.partner".to_owned(), model)]);
        let pinned = Schema { series: "19.0".to_owned(), models, ..Schema::default() };
        // Whether they were made, and how many differ.
        let run = |maker: &Maker| {
            let made = maker.make_of_pin(&pinned).unwrap();
            made.plan.apply(&maker.folder).unwrap();
            maker.keep(&made);
            (made.digest.is_some(), made.plan.write.len())
        };
        let first = run(&maker("2024"));
        assert!(first.0 && first.1 > 3, "{first:?}");
        assert_eq!(run(&maker("2024")), (false, 0));
        // What somebody put there is not of them.
        fs::write(folder.join("acme/src/mine.rs"), "fn mine() {}").unwrap();
        assert_eq!(run(&maker("2024")), (false, 0));
        assert_eq!(maker("2024").make_of_pin(&pinned).unwrap().plan.unchanged, first.1);
        // A pin with a model more, whose file is a link, has the same files.
        let mut linked = pinned.clone();
        linked.models.insert("res.bank".to_owned(), Model::default());
        assert!(maker("2024").make_of_pin(&linked).unwrap().digest.is_some());

        assert_eq!(run(&maker("2021")), (true, 1));
        let code = folder.join("acme/src/res/partner.rs");
        fs::write(&code, fs::read_to_string(&code).unwrap() + "\n").unwrap();
        assert_eq!(run(&maker("2021")), (true, 1));
        fs::remove_file(&code).unwrap();
        assert_eq!(run(&maker("2021")), (true, 1));
        assert_eq!(run(&maker("2021")), (false, 0));
        fs::remove_dir_all(&folder).unwrap();
    }
}
