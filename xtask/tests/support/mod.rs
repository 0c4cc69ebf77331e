//! Runs the commands as a user does: the built program, a folder of targets of its own, an environment of its own.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

pub(crate) mod gateway;
pub(crate) mod odoo;
pub(crate) mod replay;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use odoo_codegen::{Schema, pin, read_fields_get};
use serde_json::Value;

/// The password that tests without a real server log in with. No run may show it, whatever happens.
pub(crate) const PASSWORD: &str = "hunter2-the-secret";

/// The target of most tests.
pub(crate) const TARGET: &str = "acme";

/// Three small models, named in alphabetical order.
pub(crate) const MODELS: [&str; 3] = ["res.bank", "res.country.group", "res.partner.category"];

/// The sentences about the changes of an outcome.
pub(crate) fn texts(outcome: &Value) -> Vec<&str> {
    outcome["changes"].as_array().unwrap().iter().map(|change| change["text"].as_str().unwrap()).collect()
}

/// A folder of targets that is removed in the end.
pub(crate) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_dir_all(self.built());
    }
}

/// What is in a folder, and when each part of it was last touched.
type Tree = BTreeMap<String, (SystemTime, Vec<u8>)>;

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("odoo-xtask-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// With [`TARGET`] in it, for the three models by name.
    pub(crate) fn with_target(test: &str, series: &str) -> Self {
        let folder = Self::new(test);
        folder.target(series, &MODELS);
        folder
    }

    /// With the pin of the three models in it as well.
    pub(crate) fn with_pin(test: &str) -> Self {
        let folder = Self::with_target(test, "19.0");
        folder.pin(&schema("19", &MODELS));
        folder
    }

    /// Whoever reads a server with this gives up soon: of a server that is down, nine attempts take half a minute.
    pub(crate) fn impatient(self) -> Self {
        self.write("target.toml", &(self.read("target.toml") + "[connection]\ntimeout = \"5s\"\n"));
        self
    }

    pub(crate) fn target(&self, series: &str, include: &[&str]) {
        self.write("target.toml", &format!("series = {series:?}\n[models]\ninclude = {include:?}\n"));
    }

    pub(crate) fn pin(&self, schema: &Schema) {
        let _ = fs::remove_dir_all(self.path("schema"));
        for (file, text) in pin::to_files(schema).unwrap() {
            self.write(&format!("schema/{file}"), &text);
        }
    }

    /// The place of a file of the target.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(TARGET).join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        let path = self.path(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// What is pinned.
    pub(crate) fn pinned(&self) -> Schema {
        let own = |file: &String| file.starts_with(&format!("{TARGET}/schema/")) && file.ends_with(".json");
        let files = self.files().into_iter().filter(own).map(|file| {
            let file = file.split_once("/schema/").unwrap().1.to_owned();
            let text = self.read(&format!("schema/{file}"));
            (file, text)
        });
        pin::from_files(&files.collect()).unwrap()
    }

    pub(crate) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        add(&self.0, &self.0, &mut tree);
        tree
    }

    /// The paths of all files.
    pub(crate) fn files(&self) -> BTreeSet<String> {
        self.tree().into_keys().filter(|path| self.0.join(path).is_file()).collect()
    }

    /// `cargo odoo regen` with this folder as that of the targets; nothing in the environment leads to a server.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
        command.args(["regen", "--generated"]).arg(&self.0).args(args);
        for variable in
            ["ODOO_URL", "ODOO_DB", "ODOO_USER", "ODOO_PASSWORD", "ODOO_API_KEY", "ODOO_SESSION_ID", "NO_COLOR"]
        {
            command.env_remove(variable);
        }
        // A proxy of the machine has no part in talks with this machine.
        command.env("NO_PROXY", "127.0.0.1");
        command.env("CARGO_TARGET_DIR", self.built());
        command
    }

    /// Where a build would be. It is not in the folder: what runs keep there is no part of a target.
    pub(crate) fn built(&self) -> PathBuf {
        self.0.with_extension("built")
    }

    pub(crate) fn regen(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args), PASSWORD)
    }

    /// With a server, as `admin`.
    pub(crate) fn regen_from(&self, url: &str, args: &[&str]) -> Run {
        Run::of(self.command(args).envs(variables(url)), PASSWORD)
    }

    /// What a run that must fail says, after a look that it changed nothing.
    pub(crate) fn refused(&self, command: &mut Command) -> String {
        let before = self.tree();
        let run = Run::of(command, PASSWORD);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert_eq!(run.stdout, "", "{run:?}");
        assert!(run.stderr.contains("error: "), "{run:?}");
        assert_eq!(names(&before), names(&self.tree()), "{run:?}");
        assert!(before == self.tree(), "something was written\n{run:?}");
        run.stderr
    }
}

fn names(tree: &Tree) -> Vec<&String> {
    tree.keys().collect()
}

fn add(root: &Path, at: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let modified = fs::symlink_metadata(&path).unwrap().modified().unwrap();
        let content = if path.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        tree.insert(name, (modified, content));
        if path.is_dir() {
            add(root, &path, tree);
        }
    }
}

/// The environment that leads to a server of a test.
pub(crate) fn variables(url: &str) -> [(&str, &str); 4] {
    [("ODOO_URL", url), ("ODOO_DB", "apps"), ("ODOO_USER", "admin"), ("ODOO_PASSWORD", PASSWORD)]
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Runs a command, and sees to what holds for every run: no password, no escape sequences.
    pub(crate) fn of(command: &mut Command, password: &str) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run = Self { code: status.code(), stdout: text(stdout), stderr: text(stderr) };
        for shown in [&run.stdout, &run.stderr] {
            assert!(!shown.contains(password), "the password is shown: {shown}");
            assert!(
                !shown.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')),
                "control characters: {shown:?}"
            );
        }
        run
    }

    /// The report, of a run with `--json`.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The report on the only target, of a run with `--json` that went well.
    pub(crate) fn outcome(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        let mut outcomes = self.json();
        assert_eq!(outcomes.as_array().map(Vec::len), Some(1), "{self:?}");
        outcomes[0].take()
    }
}

/// A schema of recorded models.
pub(crate) fn schema(series: &str, models: &[&str]) -> Schema {
    let recorded = odoo::recorded(series);
    let read = |model: &&str| {
        let (model_read, warnings) = read_fields_get(model, &recorded["fields_get"][model]["result"]).unwrap();
        assert_eq!(warnings, []);
        ((*model).to_owned(), model_read)
    };
    Schema { series: format!("{series}.0"), modules: None, models: models.iter().map(read).collect() }
}
