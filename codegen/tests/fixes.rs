//! Fixes: what is true of a field, whatever the server says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use odoo_codegen::{Error, Field, Fix, Model, Schema, Selection, Settings, built_in, fix_problems, generate};

/// A model with fields of some types.
fn schema(series: &str) -> Schema {
    let mut model = Model::default();
    model.fields.insert("id".to_owned(), Field::new("integer", "ID"));
    let link = Field { relation: Some("account.root".to_owned()), ..Field::new("many2one", "Root") };
    let state = Field {
        selection: Some(Selection(vec![("a".to_owned(), "A".to_owned())])),
        ..Field::new("selection", "State")
    };
    let activity = Field { related: Some("partner_id.activity_state".to_owned()), ..Field::new("char", "Activity") };
    let note = Field { help: Some("Old.".to_owned()), ..Field::new("char", "Note") };
    for (name, field) in [("root_id", link), ("state", state), ("activity_state", activity), ("x_note", note)] {
        model.fields.insert(name.to_owned(), field);
    }
    let mut schema = Schema { series: series.to_owned(), ..Schema::default() };
    schema.models.insert("x.model".to_owned(), model);
    schema
}

fn code(schema: &Schema, fixes: Vec<Fix>) -> Result<String, Error> {
    let mut settings = Settings::new("fixed");
    settings.fixes = fixes;
    Ok(tight(&generate(schema, &settings)?.remove("src/x/model.rs").unwrap()))
}

/// Without what depends on how long lines are.
fn tight(code: &str) -> String {
    code.split_whitespace().collect::<String>().replace(",>", ">")
}

fn fix(field: &str, change: impl FnOnce(&mut Fix)) -> Fix {
    let mut fix = Fix::new(format!("x.model.{field}"), "of reasons");
    change(&mut fix);
    fix
}

#[test]
fn code_is_made_as_fixes_say_and_its_docs_say_so() {
    let fixes = vec![
        fix("x_note", |fix| (fix.name, fix.help) = (Some("delivery_note".to_owned()), Some("New.".to_owned()))),
        fix("state", |fix| fix.ttype = Some("char".to_owned())),
    ];
    let code = code(&schema("17.0"), fixes).unwrap();
    for has in [
        "pub const DELIVERY_NOTE: odoo::Field<Self, odoo::kind::Char> = odoo::field(\"x_note\");",
        "pub delivery_note: Option<String>",
        "/// New.",
        "/// On the server it is called `x_note`.",
        "/// Not as the server says (`name`, `help`): of reasons",
        "pub const STATE: odoo::Field<Self, odoo::kind::Char> = odoo::field(\"state\");",
        "pub state: Option<String>",
    ] {
        assert!(code.contains(&tight(has)), "{has}\n{code}");
    }
    assert!(!code.contains("Old.") && !code.contains("enum State") && !code.contains("X_NOTE"), "{code}");
}

#[test]
fn what_a_field_cannot_do_is_told() {
    let fixes = vec![fix("x_note", |fix| {
        (fix.searchable, fix.sortable, fix.groupable) = (Some(false), Some(false), Some(false))
    })];
    assert!(code(&schema("17.0"), fixes).unwrap().contains("X_NOTE:odoo::Field<Self,odoo::kind::Char,odoo::Limited<"));
}

#[test]
fn the_generator_has_fixes_of_its_own() {
    let fixes = built_in(&schema("18.0"));
    let of = |name: &str| fixes.iter().find(|fix| fix.field == format!("x.model.{name}")).unwrap();
    assert_eq!(of("root_id").ttype.as_deref(), Some("json"));
    assert_eq!(of("activity_state").groupable, Some(false));
    assert_eq!(fixes.len(), 2);
    // The ids are numbers there.
    assert_eq!(built_in(&schema("17.0")).len(), 1);
    let code = code(&schema("18.0"), Vec::new()).unwrap();
    assert!(code.contains(&tight("/// Not as the server says (`type`): the ids of account.root are text")), "{code}");
    assert!(code.contains("pubroot_id:odoo::Json"), "{code}");
}

#[test]
fn a_fix_that_changes_nothing_or_cannot_be_is_refused() {
    let schema = schema("17.0");
    let name = |name: &str| Some(name.to_owned());
    for (fix, says) in [
        (Fix::new("x.gone.name", "x"), "is no field of the pin"),
        (Fix::new("name", "x"), "is no field of the pin"),
        (fix("gone", |fix| fix.name = name("a")), "is no field of the pin"),
        (fix("id", |fix| fix.name = name("a")), "is the `id`"),
        (fix("state", |_| {}), "is not changed"),
        (fix("state", |fix| fix.name = name("a b")), "cannot have that `name`"),
        (fix("state", |fix| fix.name = name("x_note")), "the model has a field of that name"),
        (fix("state", |fix| fix.name = name("state")), "has that `name` already"),
        (fix("state", |fix| fix.ttype = name("string")), "cannot have that `type`: there is binary, boolean"),
        (fix("state", |fix| fix.ttype = name("many2one")), "the server does not say what it points to"),
        (
            fix("x_note", |fix| fix.ttype = name("selection")),
            "the server does not say what it points to, or its values",
        ),
        (fix("x_note", |fix| fix.ttype = name("char")), "has that `type` already, as the server says"),
        (fix("x_note", |fix| fix.help = name("Old.")), "has that `help` already"),
        (fix("x_note", |fix| fix.sortable = Some(true)), "has that `sortable` already"),
    ] {
        let problems = fix_problems(&schema, std::slice::from_ref(&fix));
        assert!(problems.len() == 1 && problems[0].1.contains(says), "{problems:?}");
        let error = code(&schema, vec![fix]).unwrap_err();
        assert!(matches!(&error, Error::Fix { problem, .. } if problem.contains(says)), "{error}");
    }
    let twice = [fix("state", |fix| fix.name = name("a")), fix("state", |fix| fix.ttype = name("char"))];
    assert!(fix_problems(&schema, &twice)[0].1.contains("has another fix"));
    let same = [fix("state", |fix| fix.name = name("a")), fix("x_note", |fix| fix.name = name("a"))];
    assert_eq!(fix_problems(&schema, &same), [(1, "cannot be called as `x.model.state` is by another fix".to_owned())]);
}
