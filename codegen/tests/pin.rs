//! The pin: read as it was written, and refused when it was not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::error::Error as _;

use odoo_codegen::{Error, Schema, Settings, generate, pin};

mod support;

fn files() -> (Schema, BTreeMap<String, String>) {
    let (mut schema, _) = support::schema();
    schema.modules = Some([("base".to_owned(), "19.0.1.3".to_owned())].into());
    let files = pin::to_files(&schema).unwrap();
    (schema, files)
}

#[test]
fn a_pin_is_read_as_it_was_written() {
    let (schema, files) = files();
    assert_eq!(pin::from_files(&files).unwrap(), schema);
    assert_eq!(pin::to_files(&pin::from_files(&files).unwrap()).unwrap(), files);
    assert!(files.keys().all(|file| file == pin::PIN_FILE || file.starts_with("models/")));
    assert!(files.values().all(|text| text.ends_with("}\n") && !text.contains('\r')));
}

#[test]
fn a_pin_with_the_line_ends_of_windows_is_the_same() {
    let (schema, mut files) = files();
    for text in files.values_mut() {
        *text = text.replace('\n', "\r\n");
    }
    assert_eq!(pin::from_files(&files).unwrap(), schema);
}

/// Nothing in `pin.json` would differ because other models are pinned: it is what all branches change.
#[test]
fn the_models_are_their_files() {
    let (mut schema, mut files) = files();
    let partner = pin::model_file("res.partner");
    let more = files.insert(pin::model_file("x.more"), files[&partner].clone());
    assert_eq!(more, None);
    schema.models.insert("x.more".to_owned(), schema.models["res.partner"].clone());
    assert_eq!(pin::from_files(&files).unwrap(), schema);
    assert_eq!(pin::to_files(&schema).unwrap(), files);
    files.remove(&partner);
    schema.models.remove("res.partner");
    assert_eq!(pin::to_files(&pin::from_files(&files).unwrap()).unwrap(), files);
    for name in ["../x", "X", "a b"] {
        let mut files = files.clone();
        files.insert(format!("models/{name}.json"), "{}".to_owned());
        assert!(matches!(pin::from_files(&files), Err(Error::ModelName { .. })), "{name}");
    }
}

#[test]
fn a_conflict_of_git_in_pin_json_is_settled_by_the_newer_versions() {
    let side =
        |modules: &str| format!("{{\n  \"format\": 4,\n  \"series\": \"19.0\",\n  \"modules\": {{{modules}}}\n}}\n");
    let conflict =
        |ours: &str, base: &str, theirs: &str| format!("<<<<<<< HEAD\n{ours}{base}=======\n{theirs}>>>>>>> b\n");
    let ours = side("\"base\": \"19.0.1.9\", \"sale\": \"19.0.2.0\"");
    let theirs = side("\"base\": \"19.0.1.10\", \"stock\": \"19.0.1.0\", \"sale\": \"19.0.1.11\"");
    let base = format!("||||||| a\n{}", side("\"base\": \"19.0.1.0\""));
    for base in ["", &base] {
        let settled = pin::settle(&conflict(&ours, base, &theirs)).unwrap().unwrap();
        let schema = pin::from_files(&[(pin::PIN_FILE.to_owned(), settled)].into()).unwrap();
        let modules: Vec<_> =
            schema.modules.iter().flatten().map(|(name, version)| format!("{name} {version}")).collect();
        assert_eq!(modules, ["base 19.0.1.10", "sale 19.0.2.0", "stock 19.0.1.0"]);
    }
    assert_eq!(pin::settle(&ours).unwrap(), None);
    // A pin of the former format on one side.
    let former = ours.replace("\"format\": 4", "\"format\": 3, \"hash\": \"x\", \"models\": [\"res.bank\"]");
    assert!(pin::settle(&conflict(&former, "", &theirs)).unwrap().unwrap().contains("\"format\": 4"));
    // Of two series there is no one pin, and not every conflict leaves two files.
    for theirs in [theirs.replace("19.0\"", "18.0\""), "{".to_owned(), String::new()] {
        let error = pin::settle(&conflict(&ours, "", &theirs)).unwrap_err();
        assert!(matches!(error, Error::PinConflict { .. }), "{error}");
    }
}

/// Odoo's monthly updates change nothing else.
#[test]
fn no_code_depends_on_versions_of_modules() {
    let (mut schema, before) = files();
    let code = generate(&schema, &Settings::new("golden")).unwrap();
    schema.modules = Some([("base".to_owned(), "19.0.1.4".to_owned())].into());
    let after = pin::to_files(&schema).unwrap();
    assert_ne!(after[pin::PIN_FILE], before[pin::PIN_FILE]);
    assert!(generate(&schema, &Settings::new("golden")).unwrap() == code);
}

#[test]
fn what_a_pin_should_not_have_does_not_reach_the_terminal() {
    let (_, mut files) = files();
    let hidden = format!("a\\u001b[2J\\u202e{}", "b".repeat(100_000));
    let edited = files[pin::PIN_FILE].replacen('{', &format!("{{ \"{hidden}\": 1,"), 1);
    files.insert(pin::PIN_FILE.to_owned(), edited);
    let source = pin::from_files(&files).unwrap_err().source().unwrap().to_string();
    assert!(source.starts_with("unknown field `a\\u{1b}[2J\\u{202e}b"), "{source}");
    assert!(source.len() < 500 && source.ends_with("at line 1 column 100020"), "{source}");
}

#[test]
fn a_pin_of_another_form_is_refused_before_it_is_read() {
    let (_, files) = files();
    let ours = format!("\"format\": {}", pin::FORMAT);
    for (other, found) in [
        ("\"format\": 9, \"later\": true", Some(9)),
        ("\"format\": 0", Some(0)),
        ("\"format\": \"1\"", None),
        ("\"f\": 1", None),
    ] {
        let mut later = files.clone();
        later.insert(pin::PIN_FILE.to_owned(), files[pin::PIN_FILE].replace(&ours, other));
        let error = pin::from_files(&later).unwrap_err();
        assert!(matches!(error, Error::PinFormat { found: f, .. } if f == found), "{error}");
        assert!(error.to_string().contains("cargo odoo regen"), "{error}");
    }
}

/// As the first versions of this generator wrote it: a file of a model that is not listed there is none of the pin.
#[test]
fn a_pin_of_the_first_form_is_read_and_written_anew() {
    let mut files = support::read_tree(&support::golden().join("../pin_1"));
    files.insert(pin::model_file("x.other"), "{}".to_owned());
    let schema = pin::from_files(&files).unwrap();
    assert_eq!((schema.models.len(), schema.models["res.bank"].methods.as_ref()), (1, None));
    let files = pin::to_files(&schema).unwrap();
    assert_eq!(pin::from_files(&files).unwrap(), schema);
    assert!(files[pin::PIN_FILE].contains("\"format\": 4") && !files[pin::PIN_FILE].contains("hash"));
}

#[test]
fn a_broken_pin_says_which_file() {
    let (_, files) = files();
    let file = pin::model_file("res.partner");
    for broken in ["", "{", "[]", "{\"fields\": {}, \"unheard_of\": 1}"] {
        let mut changed = files.clone();
        changed.insert(file.clone(), broken.to_owned());
        let error = pin::from_files(&changed).unwrap_err();
        assert!(error.to_string().contains("schema/models/res.partner.json"), "{error}");
        assert!(error.source().is_some());
    }
    // A merge by git that nobody has put right.
    let mut merged = files.clone();
    merged.insert(file.clone(), format!("<<<<<<< HEAD\n{0}=======\n{0}>>>>>>> other\n", files[&file]));
    let error = pin::from_files(&merged).unwrap_err().to_string();
    assert!(error.contains("schema/models/res.partner.json") && error.contains("a conflict of git"), "{error}");
    let mut missing = files;
    missing.remove(pin::PIN_FILE);
    let error = pin::from_files(&missing).unwrap_err();
    assert!(error.to_string().contains("schema/pin.json could not be read"), "{error}");
}
