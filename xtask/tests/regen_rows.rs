//! `[rows]` of a target.toml: what whole rows have.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod support;

use support::odoo::Odoo;
use support::{Folder, MODELS};

/// A target with the pin of the three models, and this in its target.toml behind four lines.
fn with_rows(test: &str, rows: &str) -> Folder {
    let folder = Folder::with_pin(test);
    let image = odoo_codegen::Field::new("binary", "Image");
    let mut schema = support::schema("19", &MODELS);
    schema.models.get_mut("res.bank").unwrap().fields.insert("image".to_owned(), image);
    folder.pin(&schema);
    choose(&folder, rows);
    folder
}

fn choose(folder: &Folder, rows: &str) {
    folder.target("19.0", &MODELS);
    let toml = folder.read("target.toml");
    assert_eq!(toml.lines().count(), 3);
    folder.write("target.toml", &format!("{toml}\n{rows}"));
}

/// Whether the row of `res.bank` has a field.
fn has(folder: &Folder, field: &str) -> bool {
    folder.read("src/res/bank.rs").contains(&format!("    pub {field}: "))
}

#[test]
fn names_and_globs_add_to_rows_and_take_from_them() {
    let folder = Folder::with_pin("rows");
    folder.regen(&[]);
    assert!(!has(&folder, "country_code") && has(&folder, "phone") && has(&folder, "street2"));
    let pin = folder.read("schema/pin.json");
    choose(&folder, "[rows]\ninclude = [\"res.bank.country_c*\"]\nexclude = [\"res.bank.phone\", \"res.*.street*\"]\n");
    assert_eq!(folder.regen(&[]).code, Some(0));
    assert!(has(&folder, "country_code") && !has(&folder, "phone") && !has(&folder, "street2"));
    // `verify --all-fields` reads what is not in the row.
    let verify = folder.read("examples/verify.rs");
    assert!(verify.contains("\"phone\"") && !verify.contains("\"country_code\""), "{verify}");
    assert_eq!(folder.read("schema/pin.json"), pin);
    assert_eq!(folder.regen(&["--check"]).code, Some(0));
}

#[test]
fn what_makes_no_difference_is_named_with_its_line_and_the_way_out() {
    for (rows, line, says) in [
        (
            "include = [\n\"res.bank.country_code\",\n\"res.bank.nmae\"]",
            8,
            "`res.bank.nmae` is no field of the pin: mend or",
        ),
        ("include = [\"res.bank\"]", 6, "names are `model.field`"),
        ("include = [\"res.bank.name\"]", 6, "`res.bank.name` is in the row anyway: remove the entry"),
        ("exclude = [\"res.bank.country_code\"]", 6, "`res.bank.country_code` is not in the row anyway"),
        (
            "include = [\"res.bank.im*\"]",
            6,
            "`res.bank.im*` is binary, and rows have no such fields: remove the entry, and read",
        ),
        ("exclude = [\"*.id\"]", 6, "`*.id` is the `id`, which every row has"),
        (
            "include = [\"res.bank.country_code\"]\nexclude = [\"res.bank.country_code\"]",
            6,
            "`res.bank.country_code` is excluded as well: remove one of the two entries",
        ),
    ] {
        let folder = with_rows("rows-idle", &format!("[rows]\n{rows}\n"));
        let said = folder.refused(&mut folder.command(&[]));
        assert!(said.contains(&format!("acme/target.toml, line {line}: in [rows], ")) && said.contains(says), "{said}");
    }
}

#[test]
fn all_that_makes_no_difference_is_named_at_once() {
    let folder = with_rows("rows-idle-all", "[rows]\ninclude = [\"res.bank.a\"]\nexclude = [\"res.bank.b\"]\n");
    let said = folder.refused(&mut folder.command(&[]));
    assert!(
        said.contains("line 6: in [rows], `res.bank.a`") && said.contains("line 7: in [rows], `res.bank.b`"),
        "{said}"
    );
}

#[test]
fn another_choice_is_seen_though_the_server_is_as_pinned() {
    let odoo = Odoo::new("19");
    let folder = Folder::with_target("rows-live", "19.0");
    folder.regen_from(&odoo.url, &[]);
    choose(&folder, "[rows]\ninclude = [\"res.bank.country_code\"]\n");
    let check = folder.regen_from(&odoo.url, &["--json", "--check"]);
    assert_eq!((check.code, &check.json()[0]["changes"]), (Some(1), &serde_json::json!([])), "{check:?}");
    folder.regen_from(&odoo.url, &[]);
    assert!(has(&folder, "country_code"));
}
