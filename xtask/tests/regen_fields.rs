//! `[fields]` and `[[fix]]` of a target.toml.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use odoo_codegen::Field;
use serde_json::json;
use support::odoo::{Answer, Odoo};
use support::{Folder, MODELS, schema, variables};

/// What a target.toml has behind its first four lines.
fn says(folder: &Folder, text: &str) {
    folder.target("19.0", &MODELS);
    let toml = folder.read("target.toml");
    assert_eq!(toml.lines().count(), 3);
    folder.write("target.toml", &format!("{toml}\n{text}"));
}

/// A server with a field that nobody wants: of a type that no generator knows, and with an id in its name.
fn server() -> Odoo {
    Odoo::with("19", |request, answer| {
        if let (true, Answer::Json(json)) = (request.is("res.bank", "fields_get"), answer) {
            json["result"]["x_plan2_id"] = json!({"type": "geo_polygon", "string": "Plan"});
            json["result"]["x_studio_tmp_1"] = json!({"type": "char", "string": "Tmp"});
        }
    })
}

const EXCLUDE: &str = "[fields]\nexclude = [\n\"res.bank.x_plan2_id\",\n\"*.x_studio_tmp_*\"]\n";

#[test]
fn excluded_fields_are_neither_pinned_nor_warned_of_nor_missed() {
    let odoo = server();
    let folder = Folder::with_target("exclude", "19.0");
    // The pin has them.
    let outcome = folder.regen_from(&odoo.url, &["--json"]).outcome();
    assert_eq!(outcome["warnings"].as_array().unwrap().len(), 1);
    says(&folder, EXCLUDE);
    let check = folder.regen(&["--offline", "--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    let outcome = folder.regen_from(&odoo.url, &["--json", "--strict"]).outcome();
    assert_eq!((outcome["changes"].as_array().unwrap().len(), &outcome["warnings"]), (2, &json!([])));
    let fields = folder.pinned().models["res.bank"].fields.clone();
    assert!(!fields.contains_key("x_plan2_id") && !fields.contains_key("x_studio_tmp_1") && fields.contains_key("bic"));
    assert!(!folder.read("src/res/bank.rs").contains("x_plan2_id"));
    assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, Some(0));
    assert_eq!(folder.regen(&["--offline", "--check"]).code, Some(0));
}

#[test]
fn fields_that_are_excluded_later_leave_the_pin_without_a_server() {
    let folder = Folder::with_pin("exclude-offline");
    says(&folder, "[fields]\nexclude = [\"res.bank.bic\"]\n");
    assert_eq!(folder.regen(&[]).code, Some(0));
    assert!(!folder.pinned().models["res.bank"].fields.contains_key("bic"));
}

#[test]
fn a_name_that_no_field_has_is_an_error_and_a_glob_is_not() {
    let folder = Folder::with_pin("exclude-gone");
    says(&folder, EXCLUDE);
    let odoo = Odoo::new("19");
    let said = folder.refused(folder.command(&[]).envs(variables(&odoo.url)));
    assert!(said.contains("acme/target.toml, line 7: in [fields], `res.bank.x_plan2_id` is no field"), "{said}");
    assert!(!said.contains("x_studio_tmp_"), "{said}");
    says(&folder, "[fields]\nexclude = [\"*.x_studio_tmp_*\"]\n");
    assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, folder.regen(&["--check"]).code);
}

#[test]
fn a_fix_changes_the_code_and_not_the_pin() {
    let odoo = Odoo::new("19");
    let folder = Folder::with_target("fix", "19.0");
    folder.regen_from(&odoo.url, &[]);
    let pin = folder.pinned();
    let fix = "[[fix]]\nfield = \"res.bank.bic\"\nname = \"swift\"\nhelp = \"As on the letter.\"\nbecause = \"we say so\"\n\
               [[fix]]\nfield = \"res.bank.country_code\"\ntype = \"json\"\nbecause = \"an app writes numbers\"\n";
    says(&folder, fix);
    // Though the server is as pinned, and a former run knows the files.
    let check = folder.regen_from(&odoo.url, &["--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    assert_eq!(folder.regen_from(&odoo.url, &[]).code, Some(0));
    let code = folder.read("src/res/bank.rs");
    assert!(code.contains("SWIFT: odoo::Field<Self, odoo::kind::Char> = odoo::field(\"bic\")"), "{code}");
    assert!(
        code.contains("/// As on the letter.") && code.contains("we say so") && code.contains("an app writes"),
        "{code}"
    );
    assert!(folder.read("src/res/mod.rs").contains("__RENAMED_FIELDS"));
    assert_eq!(folder.pinned(), pin);
    assert_eq!(folder.regen_from(&odoo.url, &["--check"]).code, Some(0));
}

#[test]
fn fixes_that_no_longer_apply_are_named_at_once_with_their_lines() {
    let folder = Folder::with_pin("fix-idle");
    let fix = |field: &str, rest: &str| format!("[[fix]]\nfield = \"{field}\"\nbecause = \"x\"\n{rest}\n");
    let text = fix("res.bank.gone", "name = \"a\"")
        + &fix("res.bank.bic", "type = \"char\"")
        + "[rows]\ninclude = [\"res.bank.b\"]\n";
    says(&folder, &text);
    let said = folder.refused(&mut folder.command(&[]));
    assert!(said.contains("acme/target.toml, line 5: in [[fix]], `res.bank.gone` is no field of the pin"), "{said}");
    assert!(said.contains("acme/target.toml, line 9: in [[fix]], `res.bank.bic` has that `type` already"), "{said}");
    assert!(said.contains("in [rows], `res.bank.b` is no field of the pin"), "{said}");
    // The server tells the truth now.
    let mut schema = schema("19", &MODELS);
    schema.models.get_mut("res.bank").unwrap().fields.insert("x".to_owned(), Field::new("json", "X"));
    folder.pin(&schema);
    says(&folder, &fix("res.bank.x", "type = \"json\""));
    assert!(
        folder.refused(&mut folder.command(&[])).contains("has that `type` already, as the server says: remove it")
    );
}

#[test]
fn a_fix_that_is_not_whole_is_a_mistake() {
    let folder = Folder::with_pin("fix-toml");
    says(&folder, "[[fix]]\nname = \"a\"\ntitle = \"b\"\nsortable = \"no\"\n");
    let said = folder.refused(&mut folder.command(&[]));
    for line in [
        "line 5: a [[fix]] without `field`: add one, such as field = \"res.partner.x_note\"",
        "line 5: a [[fix]] without `because`",
        "line 7: `title` is nothing that [[fix]] can have",
        "line 8: `sortable` takes true or false",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    folder.write("target.toml", "series = \"19.0\"\nfix = 1\n");
    assert!(folder.refused(&mut folder.command(&[])).contains("takes sections: [[fix]]"));
}
