//! `cargo odoo regen` against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name. It reads only, but for
//! an API key and a row of `ir.model` that it makes and takes away again.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use odoo_client::client::EnvVars;
use odoo_client::version::{Difference, ServerVersion};
use odoo_client::{Client, ClientBuilder, ErrorKind, Timestamp};
use odoo_codegen::{Schema, pin};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use support::{Folder, Run, texts};

const NAMED: [&str; 6] = ["ir.cron", "res.bank", "res.country", "res.partner", "res.partner.category", "res.users"];

/// A real server, and who talks to it.
struct Server {
    version: ServerVersion,
    series: String,
    variables: BTreeMap<String, String>,
}

impl Server {
    async fn new() -> Self {
        let names = EnvVars::default();
        let names = names.all().filter(|name| *name != names.session_id);
        let variables = names.filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?))).collect();
        let client = Client::from_env().await.unwrap();
        Self { version: client.version().clone(), series: client.version().series().to_owned(), variables }
    }

    /// As the ordinary user that demo data brings, where there is one.
    async fn into_demo(mut self) -> Option<Self> {
        let builder = ClientBuilder::server_from_env().unwrap().database(&self.variables["ODOO_DB"]);
        match builder.user("demo").password("demo").connect().await {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AccessDenied => {
                skipped("there is no user `demo` with the password `demo`");
                return None;
            }
            Err(error) => panic!("{error}"),
        }
        self.variables.remove("ODOO_API_KEY");
        self.variables.insert("ODOO_USER".to_owned(), "demo".to_owned());
        self.variables.insert("ODOO_PASSWORD".to_owned(), "demo".to_owned());
        Some(self)
    }

    fn folder(&self, test: &str, include: &[&str]) -> Folder {
        let folder = Folder::new(&format!("live-{test}"));
        folder.target(&self.series, include);
        folder
    }

    fn command(&self, folder: &Folder, args: &[&str]) -> Command {
        let mut command = folder.command(args);
        command.envs(&self.variables);
        command
    }

    /// Runs it, and looks that the secret is not shown. (A run that goes well has no reason to name the user either, so that
    /// this holds for `admin` with the password `admin`.)
    fn regen(&self, folder: &Folder, args: &[&str]) -> Run {
        let secret = ["ODOO_API_KEY", "ODOO_PASSWORD"].iter().find_map(|name| self.variables.get(*name)).unwrap();
        Run::of(&mut self.command(folder, args), secret)
    }
}

/// Says which test is passed over, and why.
fn skipped(why: &str) {
    eprintln!("skipped: {}: {why}", std::thread::current().name().unwrap_or_default());
}

fn pinned(folder: &Folder) -> Schema {
    folder.pinned()
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_named_models_are_pinned_once() {
    let server = Server::new().await;
    let folder = server.folder("named", &NAMED);
    let run = server.regen(&folder, &["--json", "--strict"]);
    let outcome = run.outcome();
    assert_eq!((&outcome["source"], &outcome["models"]), (&json!("server"), &json!(NAMED.len())));
    assert_eq!(outcome["series"], *server.series);
    let schema = pinned(&folder);
    assert_eq!(schema.models.keys().collect::<Vec<_>>(), NAMED);
    assert!(schema.models["res.partner"].fields.len() > 50, "{run:?}");
    assert_eq!(schema.models["res.partner"].fields["category_id"].relation.as_deref(), Some("res.partner.category"));
    let users = &schema.models["res.users"].fields;
    assert!(users.contains_key("login") && !users.keys().any(|name| name.starts_with("in_group_")), "{users:?}");
    assert!(folder.read("src/res/partner_category.rs").contains("pub const PARTNER_IDS"));

    let before = folder.tree();
    let outcome = server.regen(&folder, &["--json"]).outcome();
    assert_eq!((&outcome["written"], &outcome["removed"], &outcome["changes"]), (&json!([]), &json!([]), &json!([])));
    assert_eq!(server.regen(&folder, &["--check"]).code, Some(0));
    // Other tests may make models meanwhile.
    let is_told = |_| server.regen(&folder, &["--check", "--json"]).outcome()["server_unchanged"] == true;
    assert!(!server.version.has(Difference::ApiDoc) || (0..5).any(is_told));
    // Without a server, from what was pinned.
    assert_eq!(folder.regen(&["--check"]).code, Some(0));
    assert!(before == folder.tree(), "a run after the first wrote");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_only_narrows_and_leaves_the_rest_as_it_was_pinned() {
    let server = Server::new().await;
    let folder = server.folder("only", &NAMED);
    server.regen(&folder, &[]);
    // As if the server had changed since: what is read is made right, what is not read stays.
    let whole = pinned(&folder);
    let mut older = whole.clone();
    for model in ["res.bank", "res.country"] {
        older.models.get_mut(model).unwrap().fields.remove("name");
    }
    folder.pin(&older);
    let outcome = server.regen(&folder, &["--json", "--only", "res.b*", "ir.cron"]).outcome();
    assert_eq!(texts(&outcome), ["res.bank.name (char) is new, and a new record must be given it"]);
    older.models.insert("res.bank".to_owned(), whole.models["res.bank"].clone());
    assert_eq!(pinned(&folder), older);
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_an_ordinary_user_pins_named_models() {
    let server = Server::new().await;
    let named = ["res.bank", "res.partner", "res.partner.category", "res.users"];
    let all = server.folder("all-fields", &named);
    server.regen(&all, &[]);
    let Some(demo) = server.into_demo().await else { return };
    let some = demo.folder("some-fields", &named);
    let run = Run::of(&mut demo.command(&some, &[]), support::PASSWORD);
    assert_eq!(run.code, Some(0), "{run:?}");
    let (all, some) = (pinned(&all), pinned(&some));
    for model in named {
        let (all, some) = (&all.models[model].fields, &some.models[model].fields);
        assert!(some.contains_key("name") && some.keys().all(|field| all.contains_key(field)), "{model}");
    }
    let fields = |schema: &Schema| schema.models.values().map(|model| model.fields.len()).sum::<usize>();
    assert!(fields(&some) < fields(&all), "demo sees as much as an administrator");
}

/// A pin does not tell which wire it was read over, nor with which credential: methods and defaults included.
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_every_credential_gives_the_same_pin() {
    let server = Server::new().await;
    if server.variables.contains_key("ODOO_API_KEY") {
        return skipped("an API key makes no other");
    }
    let named = ["res.bank", "res.lang", "res.users", "res.device"];
    // It came with 18.0.
    let devices: u64 = Client::from_env()
        .await
        .unwrap()
        .model("ir.model")
        .call("search_count")
        .arg("domain", json!([["model", "=", "res.device"]]))
        .send()
        .await
        .unwrap();
    let named = if devices == 0 { &named[..3] } else { &named[..] };
    let with_password = server.folder("password-pin", named);
    server.regen(&with_password, &[]);
    let schema = pinned(&with_password);
    let has_group = schema.models["res.users"].methods.as_ref().and_then(|methods| methods.get("has_group"));
    if !server.version.has(Difference::ApiDoc) {
        assert!(schema.models.values().all(|model| model.methods.is_none()));
    } else {
        let has_group = has_group.unwrap();
        assert_eq!((has_group.returns.as_deref(), has_group.readonly), (Some("bool"), true));
        assert!(!schema.models["res.users"].methods.as_ref().unwrap().contains_key("search_read"));
        assert_eq!(schema.models["res.bank"].methods.as_ref().map(BTreeMap::len), Some(0));
    }
    assert_eq!(schema.models["res.bank"].fields["name"].default, Some(false));
    assert_eq!(schema.models["res.users"].fields["company_id"].default, Some(true));

    let same = |folder: &Folder, variable: &str, secret: &str| {
        let mut command = folder.command(&[]);
        let is_secret = |name: &str| ["ODOO_USER", "ODOO_PASSWORD", "ODOO_API_KEY"].contains(&name);
        command.envs(server.variables.iter().filter(|(name, _)| !is_secret(name)));
        let run = Run::of(command.env(variable, secret), secret);
        assert_eq!(run.code, Some(0), "{run:?}");
        for (file, text) in pin::to_files(&schema).unwrap() {
            assert_eq!(folder.read(&format!("schema/{file}")), text, "{variable}: {file}");
        }
    };
    let odoo = Client::from_env().await.unwrap();
    odoo.session_info().await.unwrap();
    let session = odoo.session_id().unwrap();
    same(&server.folder("session-pin", named), "ODOO_SESSION_ID", session.expose_secret());
    odoo.log_out().await.unwrap();
    if server.version.has(Difference::Json2) {
        let odoo = Client::from_env().await.unwrap();
        let tomorrow = Timestamp::now() + Duration::from_secs(24 * 60 * 60);
        let key = odoo.api_keys().create("odoo-client live regen", Some(tomorrow)).await.unwrap();
        let folder = server.folder("key-pin", named);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            same(&folder, "ODOO_API_KEY", key.key.expose_secret());
        }));
        odoo.api_keys().revoke(key.id).await.unwrap();
        outcome.unwrap();
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_an_ordinary_user_does_not_shrink_the_pin_of_another() {
    let server = Server::new().await;
    let named = ["res.partner", "res.users"];
    let folder = server.folder("shrink", &named);
    server.regen(&folder, &[]);
    let before = pinned(&folder);
    let Some(demo) = server.into_demo().await else { return };
    let said = folder.refused(&mut demo.command(&folder, &[]));
    assert!(said.contains("would be lost"), "{said}");
    assert_eq!(said.contains("the labels of 2 models"), demo.version.has(Difference::ModelsListedByAdmin), "{said}");
    let run = Run::of(&mut demo.command(&folder, &["--allow-loss"]), support::PASSWORD);
    assert_eq!(run.code, Some(0), "{run:?}");
    let keeps_methods = run.stderr.contains("those of 2 models stay as they were pinned");
    assert_eq!(keeps_methods, demo.version.has(Difference::ApiDoc), "{run:?}");
    let after = pinned(&folder);
    for model in named {
        assert_eq!(after.models[model].methods, before.models[model].methods);
        assert!(after.models[model].fields.len() < before.models[model].fields.len());
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_globs_take_the_right_to_list_models() {
    let server = Server::new().await;
    let Some(demo) = server.into_demo().await else { return };
    let folder = demo.folder("globs", &["res.bank*", "res.country*"]);
    let run = Run::of(&mut demo.command(&folder, &["--json"]), support::PASSWORD);
    if run.code == Some(0) {
        assert!(!demo.version.has(Difference::ModelsListedByAdmin), "{run:?}");
        assert!(pinned(&folder).models.contains_key("res.country.state"));
        return;
    }
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("demo may not list the models of this Odoo, which globs need"), "{run:?}");
    assert!(run.stderr.contains("the server says: You are not allowed to access"), "{run:?}");
    assert_eq!(folder.files().len(), 1, "{run:?}");
}

/// The row is as an app leaves it whose code is gone. (One with capitals in its name cannot be made: 14.0 and 19.0 refuse it.)
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_model_that_only_ir_model_has_is_left_out_with_a_warning() {
    let server = Server::new().await;
    let odoo = Client::from_env().await.unwrap();
    let rows = odoo.model("ir.model");
    // Without a field: 19.0 could not take one away again.
    let values = json!({"model": "x.gone.live", "name": "Gone", "state": "base", "field_id": []});
    let row: Vec<i64> = rows.call("create").arg("vals_list", [values]).send().await.unwrap();
    let folder = server.folder("gone", &["res.bank", "x.gone.*"]);
    let runs = [&["--json"][..], &["--strict"], &["--check"]].map(|args| server.regen(&folder, args));
    // Odoo takes its own rows away where a module is uninstalled, and marks that so.
    let removed = rows.call("unlink").ids(row).with_context(("_force_unlink", true)).send::<bool>().await;
    assert!(removed.unwrap());
    let [outcome, strict, check] = runs;
    let outcome = outcome.outcome();
    let warning = "x.gone.live is listed in ir.model, but the server has no code for it: left out";
    assert_eq!((&outcome["models"], &outcome["warnings"]), (&json!(1), &json!([warning])));
    assert_eq!((strict.code, check.code), (Some(2), Some(0)));
    assert!(strict.stderr.contains(warning), "{strict:?}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_what_the_server_is_not_or_has_not_is_an_error() {
    let server = Server::new().await;
    let folder = server.folder("refused", &["res.bank"]);
    server.regen(&folder, &[]);
    let refused = |args: &[&str]| folder.refused(&mut server.command(&folder, args));
    folder.target(&server.series, &["res.bank", "res.bnak", "bnak.*"]);
    let said = refused(&[]);
    assert!(said.contains("this Odoo has no model that matches `res.bnak`, `bnak.*`"), "{said}");
    let said = refused(&["--only", "res.bnak"]);
    assert!(said.contains("no model that matches `res.bnak`"), "{said}");
    folder.target("9.0", &["res.bank"]);
    std::fs::remove_dir_all(folder.path("schema")).unwrap();
    let said = refused(&[]);
    let expected = format!("is Odoo {}, but target acme is for 9.0: point ODOO_URL at another server", server.series);
    assert!(said.contains(&expected), "{said}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_model_that_an_ordinary_user_asks_for_in_vain_is_named() {
    let server = Server::new().await;
    let Some(demo) = server.into_demo().await else { return };
    let folder = demo.folder("in-vain", &["res.bank", "res.bnak"]);
    let said = folder.refused(&mut demo.command(&folder, &[]));
    assert!(said.contains("res.bnak") && !said.contains("res.bank."), "{said}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_wrong_password_is_refused_and_not_shown() {
    let server = Server::new().await;
    let folder = server.folder("password", &["res.bank"]);
    let mut command = server.command(&folder, &[]);
    let said = folder.refused(command.env_remove("ODOO_API_KEY").env("ODOO_PASSWORD", support::PASSWORD));
    assert!(said.contains("the server refuses the user or the password"), "{said}");
    let mut command = server.command(&folder, &[]);
    let said = folder.refused(command.env("ODOO_DB", "no-such-database"));
    assert!(said.contains("no-such-database"), "{said}");
}

/// Values of the whole report are those of the pin.
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_modules_of_the_pin_are_those_of_the_server() {
    let server = Server::new().await;
    let folder = server.folder("modules", &["res.bank"]);
    server.regen(&folder, &[]);
    let client = Client::from_env().await.unwrap();
    let installed: Vec<Value> = client
        .model("ir.module.module")
        .call("search_read")
        .arg("domain", json!([["state", "=", "installed"]]))
        .arg("fields", ["name", "latest_version"])
        .send()
        .await
        .unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let installed: BTreeMap<_, _> =
        installed.iter().map(|module| (text(&module["name"]), text(&module["latest_version"]))).collect();
    assert!(installed.contains_key("base"));
    assert_eq!(pinned(&folder).modules, Some(installed));
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_doctor_finds_what_is_wrong() {
    let server = Server::new().await;
    let folder = server.folder("doctor", &NAMED);
    let doctor = |more: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
        command.args(["doctor", support::TARGET, "--json", "--generated"]).arg(folder.path(".."));
        command.envs(server.variables.iter()).env_remove("ODOO_SESSION_ID").envs(more.iter().copied());
        let run = Run::of(&mut command, "no password");
        let failed = run.json()["steps"].as_array().unwrap().iter().find(|step| step["status"] == "failed").cloned();
        (run.code, failed.map_or(Value::Null, |step| step["step"].clone()), run.json())
    };
    let (code, failed, report) = doctor(&[]);
    assert_eq!((code, failed), (Some(0), Value::Null), "{report}");
    let step = |name: &str| report["steps"].as_array().unwrap().iter().find(|step| step["step"] == name).unwrap();
    assert_eq!(step("models")["what"], "6 models, all of which this user may read");
    // Of the administrator as well: those of companies.
    assert!(step("rules")["models"].as_array().unwrap().contains(&json!("res.partner")), "{report}");

    for (wrong, step) in [
        (&[("ODOO_DB", "no-such-database")][..], "database"),
        (&[("ODOO_PASSWORD", "wrong"), ("ODOO_API_KEY", "")], "login"),
        (&[("ODOO_API_KEY", "0123456789abcdef0123456789abcdef01234567")], "login"),
        (&[("ODOO_USER", ""), ("ODOO_API_KEY", "")], "login"),
    ] {
        let (code, failed, report) = doctor(wrong);
        assert_eq!((code, failed), (Some(1), json!(step)), "{wrong:?}: {report}");
    }
}
