//! Each kind of change, on small pins made by hand: `tests/diff/before.json` and `after.json`, compared both ways.
//!
//! `BLESS=1 cargo test -p odoo-codegen --test diff` writes `tests/diff/changes.txt` anew; review what changed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use odoo_codegen::diff::{Change, Grade, Sure, What, diff, with_gone};
use odoo_codegen::{Field, Model, Schema, Settings, generate};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff").join(name)
}

/// As the files of a pin hold it, in one. (Selections have an order, which `serde_json::Value` would not keep.)
#[derive(serde::Deserialize)]
struct Small {
    series: String,
    modules: BTreeMap<String, String>,
    models: BTreeMap<String, Model>,
}

fn schema(name: &str) -> Schema {
    let text = std::fs::read_to_string(file(name)).unwrap();
    let Small { series, modules, models } = serde_json::from_str(&text).unwrap();
    Schema { series, modules: Some(modules), models }
}

fn lines(title: &str, changes: &[Change]) -> String {
    let line = |change: &Change| format!("{:9} {:24} {change}\n", change.grade, change.what.name());
    format!("{title}\n\n{}", changes.iter().map(line).collect::<String>())
}

#[test]
fn each_kind_of_change_is_found_and_said() {
    let (before, after) = (schema("before.json"), schema("after.json"));
    let unread = Schema { modules: None, ..before.clone() };
    let (there, back) = (diff(&before, &after), diff(&after, &before));
    let (lost, found) = (diff(&before, &unread), diff(&unread, &before));
    let text = [("before to after", &there), ("after to before", &back), ("no modules", &lost), ("modules", &found)]
        .map(|(title, changes)| lines(title, changes))
        .join("\n");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file("changes.txt"), &text).unwrap();
    }
    let expected = std::fs::read_to_string(file("changes.txt")).unwrap().replace("\r\n", "\n");
    assert!(expected == text, "BLESS=1 writes tests/diff/changes.txt anew:\n{text}");
    let seen: BTreeSet<What> = [there, back, lost, found].iter().flatten().map(|change| change.what).collect();
    let unseen: Vec<_> = What::ALL.iter().filter(|what| !seen.contains(what)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

/// What `cargo odoo impact` asks the compiler with.
#[test]
fn the_compiler_can_tell_where_code_uses_what_changes() {
    let (before, after) = (schema("before.json"), schema("after.json"));
    for (old, new) in [(&before, &after), (&after, &before)] {
        let changes = diff(old, new);
        let mut settings = Settings::new("acme");
        for (at, change) in changes.iter().enumerate() {
            for item in change.code(old) {
                settings.deprecated.entry(item).or_default().push_str(&format!("#{at}#"));
            }
        }
        let code = generate(old, &settings).unwrap().into_values().collect::<String>();
        for (at, change) in changes.iter().enumerate() {
            let is_marked = code.contains(&format!("#{at}#"));
            // A series and a module are nothing that code names.
            assert_eq!(is_marked, change.grade > Grade::Safe && change.model.is_some(), "{change}");
        }
        // And which of that is an error, though all it names is there.
        let both = with_gone(old, new);
        let left: Vec<_> = diff(old, &both).into_iter().filter(|change| change.what.is_gone()).collect();
        assert!(left.iter().all(|change| change.what == What::RowGone), "{left:?}");
        let others = |changes: Vec<Change>| -> Vec<String> {
            let of_both = changes.into_iter().filter(|change| !change.what.is_gone() && change.rename.is_none());
            of_both.filter(|change| change.what != What::ValueOrder).map(|change| change.to_string()).collect()
        };
        assert_eq!(others(diff(old, &both)), others(changes));
    }
}

fn model(fields: &[(&str, Field)]) -> Schema {
    let fields = fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
    let models: BTreeMap<String, Model> = [("x.model".to_owned(), Model { fields, ..Model::default() })].into();
    Schema { series: "19.0".to_owned(), models, ..Schema::default() }
}

#[test]
fn two_candidates_are_never_one_proposal() {
    let old = model(&[("x_ref", Field::new("char", "Reference"))]);
    let one = model(&[("x_reference", Field::new("char", "Reference"))]);
    let rename = diff(&old, &one)[0].rename.clone().unwrap();
    assert_eq!((rename.to.as_str(), rename.sure, rename.others.len()), ("x_reference", Sure::Likely, 0));
    let two = model(&[("x_code", Field::new("char", "Reference")), ("x_note", Field::new("char", "Reference"))]);
    let changes = diff(&old, &two);
    let rename = changes.iter().find_map(|change| change.rename.clone()).unwrap();
    assert_eq!((rename.to.as_str(), rename.sure), ("x_code", Sure::Possible));
    assert_eq!(rename.others, ["x_note"]);
    // The other way round, it is doubtful which of the two has the name.
    let changes = diff(&two, &old);
    let renames: Vec<_> = changes.iter().filter_map(|change| change.rename.clone()).collect();
    assert_eq!((renames.len(), renames[0].sure), (1, Sure::Possible));
    assert!(renames[0].evidence.contains(&"but x_note may be it as well".to_owned()), "{renames:?}");
    // Another type is another field.
    let other = model(&[("x_reference", Field::new("integer", "Reference"))]);
    assert!(diff(&old, &other).iter().all(|change| change.rename.is_none()));
}

/// As a hostile server may have it: nothing takes quadratic time.
#[test]
fn very_many_fields_alike_are_told_apart_in_no_time() {
    let many = |prefix: &str| {
        let name = |at: usize| (format!("x_{prefix}_{at}"), Field::new("char", "The same"));
        let fields = (0..20_000).map(name).collect();
        let models = [("x.model".to_owned(), Model { fields, ..Model::default() })].into();
        Schema { series: "19.0".to_owned(), models, ..Schema::default() }
    };
    let changes = diff(&many("a"), &many("b"));
    assert_eq!(changes.len(), 40_000);
}

#[test]
fn what_a_server_made_up_is_shown_and_not_obeyed() {
    let hostile = "\u{1b}[31m{0}\u{202e}";
    let (old, new) = (model(&[("x", Field::new("char", "A"))]), model(&[("x", Field::new(hostile, hostile))]));
    for change in diff(&old, &new) {
        let text = change.to_string();
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && text.contains("{0}"), "{text}");
    }
}
