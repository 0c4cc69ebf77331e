//! Two branches pin different things, and git merges them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::process::{Command, Output};

use odoo_codegen::{Field, Schema};
use support::{Folder, MODELS, PASSWORD, Run, schema};

/// The targets under version control, with the attributes that this repository gives them.
struct Repository {
    folder: Folder,
}

impl Repository {
    /// With the first of the three models pinned, on the branch `theirs` what one person does, and on the branch that is
    /// checked out what another does.
    fn new(test: &str, ours: impl Fn(&mut Schema), theirs: impl Fn(&mut Schema)) -> Self {
        let this = Self { folder: Folder::with_target(test, "19.0") };
        let attributes = include_str!("../../.gitattributes").replace("generated/", "/");
        std::fs::write(this.folder.path("../.gitattributes"), attributes).unwrap();
        this.git(&["init", "--quiet", "--initial-branch", "main"]);
        let mut first = schema("19", &MODELS[..1]);
        first.modules = Some([("base".to_owned(), "19.0.1.3".to_owned())].into());
        this.commit(&first);
        for (branch, change) in [("theirs", &theirs as &dyn Fn(&mut Schema)), ("ours", &ours)] {
            this.git(&["checkout", "--quiet", "-b", branch, "main"]);
            let mut changed = first.clone();
            change(&mut changed);
            this.commit(&changed);
        }
        this
    }

    fn run_git(&self, args: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.folder.path("..")).args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
        command.args(args).output().unwrap()
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.run_git(args);
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn commit(&self, schema: &Schema) {
        self.folder.pin(schema);
        assert_eq!(self.folder.regen(&["--offline"]).code, Some(0));
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "pin"]);
    }

    /// Merges the other branch, and gives the files in which there is a conflict.
    fn merge(&self) -> Vec<String> {
        self.run_git(&["merge", "--quiet", "--no-edit", "theirs"]);
        let unmerged = self.git(&["diff", "--name-only", "--diff-filter=U"]);
        unmerged.lines().filter_map(|file| file.strip_prefix("acme/")).map(str::to_owned).collect()
    }

    /// `regen --offline` leaves nothing to do.
    fn put_right(&self) -> Run {
        let run = self.folder.regen(&["--offline"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(self.folder.regen(&["--offline", "--check"]).code, Some(0));
        let marked = self.run_git(&["grep", "--quiet", "^<<<<<<< "]);
        assert_eq!(marked.status.code(), Some(1), "a conflict is left");
        run
    }
}

fn add(model: usize) -> impl Fn(&mut Schema) {
    move |to| to.models.extend(schema("19", &MODELS[model..=model]).models)
}

fn version(of: &'static str, version: &'static str) -> impl Fn(&mut Schema) {
    move |schema| drop(schema.modules.as_mut().unwrap().insert(of.to_owned(), version.to_owned()))
}

#[test]
fn branches_that_pinned_different_models_merge() {
    let repository = Repository::new("git-models", add(1), add(2));
    let conflicts = repository.merge();
    // Of the code, which is made anew; in a broken manifest cargo would not even start.
    assert!(conflicts.iter().all(|file| file.starts_with("src/") || file.starts_with("examples/")), "{conflicts:?}");
    assert_eq!(repository.folder.pinned(), {
        let mut all = schema("19", &MODELS);
        all.modules = Some([("base".to_owned(), "19.0.1.3".to_owned())].into());
        all
    });
    repository.put_right();
}

#[test]
fn branches_that_added_features_merge_to_a_manifest_that_cargo_reads() {
    let with = |model: &'static str| {
        move |to: &mut Schema| drop(to.models.insert(model.to_owned(), to.models[MODELS[0]].clone()))
    };
    let both = |schema: &mut Schema| {
        with("sale.order")(schema);
        with("survey.survey")(schema);
    };
    let repository = Repository::new("git-features", with("stock.move"), both);
    let conflicts = repository.merge();
    assert!(!conflicts.contains(&"Cargo.toml".to_owned()), "{conflicts:?}");
    let merged: toml::Table = repository.folder.read("Cargo.toml").parse().unwrap();
    let features: Vec<&String> = merged["features"].as_table().unwrap().keys().collect();
    for feature in ["res", "sale", "stock", "survey"] {
        assert!(features.iter().any(|name| *name == feature), "{features:?}");
    }
    repository.put_right();
}

#[test]
fn branches_that_changed_different_fields_of_a_model_merge() {
    let change = |field: &'static str, label: &'static str| {
        move |schema: &mut Schema| {
            schema.models.get_mut(MODELS[0]).unwrap().fields.get_mut(field).unwrap().label = label.to_owned();
        }
    };
    let repository = Repository::new("git-fields", change("active", "On"), change("zip", "Post code"));
    assert_eq!(repository.merge(), [""; 0]);
    repository.put_right();
    let fields = repository.folder.pinned().models[MODELS[0]].fields.clone();
    assert_eq!((&*fields["active"].label, &*fields["zip"].label), ("On", "Post code"));
}

#[test]
fn other_versions_of_the_same_module_are_put_right_offline() {
    let repository = Repository::new("git-versions", version("base", "19.0.1.10"), version("base", "19.0.1.9"));
    assert_eq!(repository.merge(), ["schema/pin.json"]);
    let check = repository.folder.regen(&["--offline", "--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    let run = repository.put_right();
    assert!(run.stderr.contains("schema/pin.json had a conflict of git"), "{run:?}");
    assert_eq!(repository.folder.pinned().modules.unwrap()["base"], "19.0.1.10");
}

#[test]
fn what_both_changed_is_left_to_a_person_and_said() {
    let field = |ttype: &'static str| {
        move |schema: &mut Schema| {
            schema.models.get_mut(MODELS[0]).unwrap().fields.insert("x_new".to_owned(), Field::new(ttype, "New"));
        }
    };
    let repository = Repository::new("git-both", field("char"), field("text"));
    let conflicts = repository.merge();
    assert!(conflicts.contains(&"schema/models/res.bank.json".to_owned()), "{conflicts:?}");
    let said = repository.folder.refused(&mut repository.folder.command(&["--offline"]));
    assert!(said.contains("schema/models/res.bank.json has a conflict of git in it: both sides changed it"), "{said}");
    repository.git(&["checkout", "--theirs", "acme/schema/models/res.bank.json"]);
    let run = Run::of(&mut repository.folder.command(&["--offline"]), PASSWORD);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(repository.folder.pinned().models[MODELS[0]].fields["x_new"].ttype, "text");
}
