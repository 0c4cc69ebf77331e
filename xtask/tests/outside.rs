//! `cargo odoo` in a repository that is not this one: a folder with a Cargo.toml, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::replay::Replay;
use support::{PASSWORD, Run, variables};

/// Somebody's repository. It is removed in the end.
struct Repository(PathBuf);

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Repository {
    fn new(test: &str, manifest: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("odoo-outside-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let repository = Self(folder);
        repository.write("Cargo.toml", manifest);
        repository
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        let path = self.0.join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A program in a folder of it, with a server, if there is one, and without a network beyond this machine.
    fn run(&self, program: &str, folder: &str, url: Option<&str>, args: &[&str]) -> Run {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.0.join(folder)).env("NO_PROXY", "127.0.0.1");
        for variable in ["ODOO_URL", "ODOO_DB", "ODOO_USER", "ODOO_PASSWORD", "ODOO_API_KEY", "ODOO_SESSION_ID"] {
            command.env_remove(variable);
        }
        command.envs(url.into_iter().flat_map(variables));
        // Where another test compiles the same dependencies.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden/target");
        command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", target);
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        Run::of(&mut command, PASSWORD)
    }

    /// As cargo runs the installed command.
    fn odoo(&self, folder: &str, url: Option<&str>, args: &[&str]) -> Run {
        self.run(env!("CARGO_BIN_EXE_cargo-odoo"), folder, url, &[&["odoo"], args].concat())
    }

    /// The entry of the manifest of the target `acme`, once it is made.
    fn manifest(&self, folder: &str) -> String {
        let made = self.odoo("", None, &["regen", "--offline"]);
        assert_eq!(made.code, Some(0), "{made:?}");
        self.read(&format!("{folder}/acme/Cargo.toml"))
    }

    /// A pin of nothing, of which a crate can be made without a server.
    fn pin(&self, folder: &str) {
        self.write(&format!("{folder}/acme/target.toml"), "series = \"19.0\"\n");
        let schema = odoo_codegen::Schema { series: "19.0".to_owned(), ..odoo_codegen::Schema::default() };
        for (file, text) in odoo_codegen::pin::to_files(&schema).unwrap() {
            self.write(&format!("{folder}/acme/schema/{file}"), &text);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn an_empty_folder_becomes_a_program_that_reads_a_server() {
    let odoo = Replay::new(18);
    let client = root().join("client-core").to_str().unwrap().replace('\\', "/");
    let shop = Repository::new(
        "program",
        &format!(
            r#"[package]
name = "shop"
version = "1.0.0"
edition = "2021"
license = "LicenseRef-Shop"

[dependencies]
odoo-client = {{ path = "{client}", default-features = false, features = ["derive"] }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt"] }}

[workspace]

[profile.dev]
debug = false
"#
        ),
    );
    // The versions that are there offline.
    fs::copy(root().join("Cargo.lock"), shop.0.join("Cargo.lock")).unwrap();

    let new = ["new", "acme", "--models", "res.country", "res.country.group", "res.currency"];
    let made = shop.odoo("", Some(&odoo.url), &new);
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(made.stdout.contains("  cargo odoo regen acme "), "{made:?}");
    let pinned = shop.odoo("", Some(&odoo.url), &["regen", "acme"]);
    assert_eq!(pinned.code, Some(0), "{pinned:?}");
    let manifest = shop.read("generated/acme/Cargo.toml");
    for line in [
        "edition = \"2021\"",
        "license = \"LicenseRef-Shop\"",
        &format!("odoo-client = {{ path = \"{client}\", default-features = false }}"),
    ] {
        assert!(manifest.lines().any(|found| found == line), "{line}: {manifest}");
    }

    let own = shop.read("Cargo.toml");
    let own = own.replace("\ntokio = ", "\nacme = { path = \"generated/acme\", features = [\"res\"] }\ntokio = ");
    shop.write("Cargo.toml", &own);
    shop.write(
        "src/main.rs",
        r#"use acme::res::{country, Country};
use odoo_client::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let odoo = Client::from_env().await?;
    for country in odoo.query::<country::Row>().filter(Country::CODE.eq("AD")).fetch_all().await? {
        println!("{:?} in {:?}", country.name, country.currency_id.name());
    }
    Ok(())
}
"#,
    );
    let ran = shop.run("cargo", "", Some(&odoo.url), &["run", "--quiet"]);
    assert_eq!((ran.code, ran.stdout.trim()), (Some(0), r#"Some("Andorra") in Some("EUR")"#), "{ran:?}");
    // From a folder below, too.
    let verified = shop.odoo("src", Some(&odoo.url), &["verify", "acme", "--json"]);
    assert_eq!((verified.code, &verified.json()["verdict"]), (Some(0), &"fits".into()), "{verified:?}");

    let checked = shop.odoo("src", None, &["regen", "--offline", "--check"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    shop.write("generated/acme/src/lib.rs", "// mine\n");
    let checked = shop.odoo("", None, &["regen", "--offline", "--check"]);
    assert!(checked.code == Some(1) && checked.stderr.contains("run `cargo odoo regen acme --offline`"), "{checked:?}");
}

#[test]
fn the_manifest_says_where_targets_are_and_what_their_crates_say() {
    let shop = Repository::new(
        "metadata",
        r#"[workspace]
members = []

[workspace.package]
edition = "2021"
license = "MIT"

[workspace.dependencies]
odoo-client = { version = "0.1", features = ["decimal"] }

[workspace.metadata.odoo]
generated = "odoo"
"#,
    );
    shop.pin("odoo");
    let made = shop.manifest("odoo");
    for line in
        ["edition = \"2021\"", "license = \"MIT\"", "odoo-client = { version = \"0.1\", default-features = false }"]
    {
        assert!(made.contains(line), "{line}: {made}");
    }
    // What is said of the generated crates comes first.
    let own = shop.read("Cargo.toml");
    let said = "license = \"LicenseRef-Acme\"\nodoo-client = { git = \"https://git.example.com/o\", tag = \"v1\" }\n";
    shop.write("Cargo.toml", &format!("{own}{said}"));
    let made = shop.manifest("odoo");
    let line = "odoo-client = { git = \"https://git.example.com/o\", tag = \"v1\", default-features = false }";
    assert!(made.contains(line) && made.contains("license = \"LicenseRef-Acme\""), "{made}");
    // A path is that from the crate.
    shop.write("Cargo.toml", &own.replace("version = \"0.1\"", "path = \"../o/client-core\""));
    assert!(shop.manifest("odoo").contains("odoo-client = { path = \"../../../o/client-core\", "));

    let own = own.replace("generated = \"odoo\"\n", "");
    let says = |wrong: &str| {
        shop.write("Cargo.toml", &format!("{own}{wrong}\n"));
        let run = shop.odoo("", None, &["regen", "--offline"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        run.stderr
    };
    assert!(says("generated = 1").contains("Cargo.toml: `generated` of metadata.odoo takes a text"));
    let said = says("generated = \"odoo\"\nodoo-client = { features = [] }");
    assert!(said.contains("Cargo.toml: `odoo-client` needs a version, a path or a git address"), "{said}");
}

#[test]
fn without_a_manifest_it_takes_the_folder_by_name() {
    let shop = Repository::new("none", "");
    fs::remove_file(shop.0.join("Cargo.toml")).unwrap();
    let run = shop.odoo("", None, &["regen"]);
    assert!(run.code == Some(2) && run.stderr.contains("there is no Cargo.toml in "), "{run:?}");
    shop.pin("pins");
    let run = shop.odoo("", None, &["regen", "--offline", "--generated", "pins"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let made = shop.read("pins/acme/Cargo.toml");
    let version = env!("CARGO_PKG_VERSION");
    assert!(made.contains(&format!("odoo-client = {{ version = \"{version}\", default-features")), "{made}");
    assert!(made.contains("edition = \"2024\"") && !made.contains("license"), "{made}");
}

#[test]
fn of_a_pin_for_a_build_script_no_code_is_kept() {
    let shop = Repository::new("no-code", "[workspace]\n");
    shop.pin("generated");
    shop.manifest("generated");
    shop.write("generated/acme/target.toml", "series = \"19.0\"\ncode = false\n");
    let run = shop.odoo("", None, &["regen", "--offline", "--json"]);
    let (written, removed) = (&run.json()[0]["written"], &run.json()[0]["removed"]);
    assert_eq!(
        (written, removed),
        (&serde_json::json!([]), &serde_json::json!(["Cargo.toml", "examples/verify.rs", "src/lib.rs"]))
    );
    let run = shop.odoo("", Some("http://127.0.0.1:9"), &["verify", "acme"]);
    assert!(run.stderr.contains("target acme has `code = false`"), "{run:?}");
}

#[test]
fn what_is_only_of_this_workspace_does_not_show() {
    let shop = Repository::new("help", "[workspace]\n");
    let help = shop.odoo("", None, &["--help"]).stdout;
    assert!(help.contains("cargo odoo <COMMAND>") && help.contains("  regen "), "{help}");
    assert!(!help.contains("\n  live") && !help.contains("\n  bench") && !help.contains("xtask"), "{help}");
    let help = shop.odoo("", None, &["regen", "--help"]).stdout;
    assert!(help.contains("cargo odoo regen odoo19 --check"), "{help}");
}
