//! `cargo odoo diff`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use std::process::Command;

use odoo_codegen::{Field, Schema};
use serde_json::json;
use support::odoo::{Answer, Odoo};
use support::{Folder, MODELS, PASSWORD, Run, schema, texts, variables};

/// A copy of the pin of the other tests, in which a field has another name and one another type.
fn changed() -> Schema {
    let mut schema = schema("19", &MODELS);
    let bank = schema.models.get_mut("res.bank").unwrap();
    let bic = bank.fields.remove("bic").unwrap();
    bank.fields.insert("bic_code".to_owned(), bic);
    bank.fields.get_mut("street2").unwrap().ttype = "text".to_owned();
    bank.fields.insert("x_note".to_owned(), Field::new("char", "Note"));
    schema
}

fn command(folder: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-odoo"));
    command.args(["diff", "--generated"]).arg(folder.path("..")).args(args).env("NO_PROXY", "127.0.0.1");
    for variable in ["ODOO_URL", "ODOO_DB", "ODOO_USER", "ODOO_PASSWORD", "ODOO_API_KEY", "ODOO_SESSION_ID"] {
        command.env_remove(variable);
    }
    command
}

fn diff(folder: &Folder, args: &[&str]) -> Run {
    let run = Run::of(&mut command(folder, args), PASSWORD);
    assert_eq!(run.code, Some(0), "{run:?}");
    run
}

/// Two targets: `acme` as it was, and `other` as it is.
fn two(test: &str) -> Folder {
    let folder = Folder::with_pin(test);
    folder.write("../other/target.toml", "series = \"19.0\"\n");
    for (file, text) in odoo_codegen::pin::to_files(&changed()).unwrap() {
        folder.write(&format!("../other/schema/{file}"), &text);
    }
    folder
}

#[test]
fn two_targets_are_told_apart() {
    let folder = two("diff-two");
    let run = diff(&folder, &["acme", "other"]);
    let expected = "\
acme (19.0) to other (19.0): 4 changes: 2 breaking, 0 dangerous, 2 safe; 1 rename proposed

res.bank
  breaking  bic (char) is gone
            likely bic_code now (the same label, the same help, a like name)
  breaking  street2 its type was char and is now text
  safe      bic_code (char) is new
  safe      x_note (char) is new

acme (19.0) to other (19.0): 4 changes: 2 breaking, 0 dangerous, 2 safe; 1 rename proposed
";
    assert_eq!(run.stdout, expected);
    let run = diff(&folder, &["acme", "other", "--json", "--grade", "breaking"]);
    let outcome = run.json();
    assert_eq!(outcome["counts"], json!({"breaking": 2, "dangerous": 0, "safe": 0, "renames": 1}));
    assert_eq!(
        (&outcome["from"], &outcome["to"]["name"]),
        (&json!({"name": "acme", "series": "19.0"}), &json!("other"))
    );
    assert_eq!(texts(&outcome), ["res.bank.bic (char) is gone", "res.bank.street2: its type was char and is now text"]);
    let rename = &outcome["changes"][0]["rename"];
    assert_eq!((&rename["to"], &rename["sure"]), (&json!("bic_code"), &json!("likely")), "{rename}");
    assert!(diff(&folder, &["acme", "other", "--only", "res.c*"]).stdout.contains(": 0 changes"));
    assert!(diff(&folder, &["acme", "acme"]).stdout.contains(": 0 changes"));
    // A folder with a pin.
    let path = folder.path("../other/schema");
    let run = diff(&folder, &["acme", path.to_str().unwrap(), "--grade", "breaking"]);
    assert!(run.stdout.contains("2 changes: 2 breaking"), "{run:?}");
}

#[test]
fn a_revision_is_compared_with_the_pin_as_it_is_now() {
    let folder = two("diff-git");
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder.path("..")).args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(args);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "First"]);
    git(&["tag", "v1"]);
    assert!(diff(&folder, &["acme@HEAD"]).stdout.contains("acme@HEAD (19.0) to acme (19.0): 0 changes"));
    folder.pin(&changed());
    let run = diff(&folder, &["acme@v1"]);
    assert!(run.stdout.contains("acme@v1 (19.0) to acme (19.0): 4 changes"), "{run:?}");
    // A target that is no more.
    std::fs::remove_dir_all(folder.path("../other")).unwrap();
    git(&["add", "."]);
    git(&["commit", "-qm", "Second"]);
    assert!(diff(&folder, &["other@HEAD~1", "acme"]).stdout.contains(": 0 changes"));
    for (revision, says) in [
        ("other@HEAD", "there is none: the commit has no ./other/schema/"),
        ("acme@v9", "v9 is no revision that git knows"),
        ("acme@--all", "--all is no revision that git knows"),
    ] {
        let run = Run::of(&mut command(&folder, &[revision, "acme"]), PASSWORD);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
    }
}

#[test]
fn a_target_is_compared_with_its_server() {
    let folder = Folder::with_target("diff-live", "19.0");
    let odoo = Odoo::new("19");
    folder.regen_from(&odoo.url, &[]);
    let other = Odoo::with("19", |request, answer| {
        if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), answer) {
            json["result"]["bic"]["type"] = json!("text");
        }
    });
    let before = folder.tree();
    for args in [&["acme"][..], &["acme", "live"], &["live", "acme"]] {
        let run = Run::of(command(&folder, args).envs(variables(&other.url)), PASSWORD);
        assert!(run.stdout.contains("1 change: 1 breaking") && run.code == Some(0), "{run:?}");
        let run = Run::of(command(&folder, args).envs(variables(&odoo.url)), PASSWORD);
        assert!(run.stdout.contains(": 0 changes"), "{run:?}");
    }
    assert!(before == folder.tree(), "it wrote");
    // Each run ends the session that it began.
    let counts = ["session", "destroy"].map(|method| odoo.calls("", method).len());
    assert_eq!(counts, [4, 4]);
    let run = Run::of(&mut command(&folder, &["live", "live"]), PASSWORD);
    assert!(run.code == Some(2) && run.stderr.contains("`live` is the server of a target"), "{run:?}");
}

#[test]
fn labels_of_a_hostile_server_stay_text() {
    let folder = Folder::with_pin("diff-hostile");
    let mut schema = schema("19", &MODELS);
    let bank = schema.models.get_mut("res.bank").unwrap();
    let hostile = "</script><script>alert(1)</script><!-- @everyone [x](https://example.com) \u{1b}[31m\u{202e}";
    bank.label = Some(hostile.to_owned());
    bank.fields.get_mut("bic").unwrap().label = hostile.to_owned();
    let path = folder.path("../other");
    for (file, text) in odoo_codegen::pin::to_files(&schema).unwrap() {
        folder.write(&format!("../other/{file}"), &text);
    }
    let page = folder.path("../page.html");
    diff(&folder, &["acme", path.to_str().unwrap(), "--html", page.to_str().unwrap()]);
    let html = std::fs::read_to_string(page).unwrap();
    assert_eq!((html.matches("<script").count(), html.matches("</script>").count()), (2, 2));
    assert!(html.contains("alert(1)") && !html.contains('\u{1b}') && !html.contains('\u{202e}'));
    let markdown = diff(&folder, &["acme", path.to_str().unwrap(), "--markdown"]).stdout;
    assert!(markdown.contains("<details><summary>2 safe</summary>"), "{markdown}");
    assert!(
        !markdown.contains("<script>") && !markdown.contains("@everyone") && !markdown.contains("://"),
        "{markdown}"
    );
}
