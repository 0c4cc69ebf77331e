//! The pin: read as it was written, and refused when it was not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::error::Error as _;

use odoo_codegen::{Error, Schema, pin};

mod support;

fn files() -> (Schema, BTreeMap<String, String>) {
    let (mut schema, _) = support::schema();
    schema.modules = Some([("base".to_owned(), "19.0.1.3".to_owned())].into());
    let files = pin::to_files(&schema).unwrap();
    (schema, files)
}

fn read(files: &BTreeMap<String, String>) -> Result<Schema, Error> {
    pin::from_files(|file| {
        let missing = || Error::PinRead { file: file.to_owned(), source: std::io::ErrorKind::NotFound.into() };
        files.get(file).cloned().ok_or_else(missing)
    })
}

#[test]
fn a_pin_is_read_as_it_was_written() {
    let (schema, files) = files();
    assert_eq!(read(&files).unwrap(), schema);
    assert_eq!(pin::to_files(&read(&files).unwrap()).unwrap(), files);
    assert!(files.keys().all(|file| file == pin::PIN_FILE || file.starts_with("models/")));
    assert!(files.values().all(|text| text.ends_with("}\n") && !text.contains('\r')));
}

#[test]
fn a_pin_with_the_line_ends_of_windows_is_the_same() {
    let (schema, mut files) = files();
    for text in files.values_mut() {
        *text = text.replace('\n', "\r\n");
    }
    assert_eq!(read(&files).unwrap(), schema);
}

#[test]
fn a_pin_edited_by_hand_is_refused() {
    let (_, files) = files();
    let partner = pin::model_file("res.partner");
    type Edit = fn(&str) -> String;
    let edits: [(&str, Edit); 7] = [
        (&partner, |text| text.replacen("\"ref\"", "\"reference\"", 1)),
        (&partner, |text| text.replacen("\"label\": \"", "\"label\": \"My ", 1)),
        (&partner, |text| format!("{text}\n")),
        (pin::PIN_FILE, |text| text.replacen("    \"sale.order\",\n", "", 1)),
        (pin::PIN_FILE, |text| text.replacen("\"19.0\"", "\"19.1\"", 1)),
        (pin::PIN_FILE, |text| text.replacen("\"base\"", "\"bass\"", 1)),
        (pin::PIN_FILE, |text| text.replacen("{\n    \"base\": \"19.0.1.3\"\n  }", "null", 1)),
    ];
    for (file, edit) in edits {
        let mut edited = files.clone();
        edited.insert(file.to_owned(), edit(&files[file]));
        assert_ne!(edited[file], files[file], "{file}");
        let error = read(&edited).unwrap_err();
        assert!(matches!(error, Error::PinHash), "{file}: {error}");
    }
}

/// Odoo's monthly updates change nothing else, and no code depends on them.
#[test]
fn versions_of_modules_are_pinned_and_no_part_of_the_hash() {
    let (mut schema, before) = files();
    schema.modules = Some([("base".to_owned(), "19.0.1.4".to_owned())].into());
    let after = pin::to_files(&schema).unwrap();
    assert_ne!(after[pin::PIN_FILE], before[pin::PIN_FILE]);
    assert_eq!(pin::hash_of(&after[pin::PIN_FILE]).unwrap(), pin::hash_of(&before[pin::PIN_FILE]).unwrap());
    assert_eq!(read(&after).unwrap(), schema);
}

#[test]
fn what_a_pin_should_not_have_does_not_reach_the_terminal() {
    let (_, mut files) = files();
    let hidden = format!("a\\u001b[2J\\u202e{}", "b".repeat(100_000));
    let edited = files[pin::PIN_FILE].replacen('{', &format!("{{ \"{hidden}\": 1,"), 1);
    files.insert(pin::PIN_FILE.to_owned(), edited);
    let source = read(&files).unwrap_err().source().unwrap().to_string();
    assert!(source.starts_with("unknown field `a\\u{1b}[2J\\u{202e}b"), "{source}");
    assert!(source.len() < 500 && source.ends_with("at line 1 column 100020"), "{source}");
}

#[test]
fn a_pin_of_two_runs_is_refused() {
    let (mut schema, files) = files();
    schema.models.remove("res.partner");
    let mut mixed = files;
    mixed.insert(pin::PIN_FILE.to_owned(), pin::to_files(&schema).unwrap()[pin::PIN_FILE].clone());
    // The file of a model that the pin does not name is nobody's.
    assert_eq!(read(&mixed).unwrap(), schema);
    schema.models.get_mut("sale.order").unwrap().label = Some("Other".to_owned());
    mixed.insert(pin::PIN_FILE.to_owned(), pin::to_files(&schema).unwrap()[pin::PIN_FILE].clone());
    assert!(matches!(read(&mixed), Err(Error::PinHash)));
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
        let error = read(&later).unwrap_err();
        assert!(matches!(error, Error::PinFormat { found: f, .. } if f == found), "{error}");
        assert!(error.to_string().contains("cargo xtask regen"), "{error}");
    }
}

/// As the first versions of this generator wrote it.
#[test]
fn a_pin_of_the_first_form_is_read_and_written_anew() {
    let file =
        |path: &str| Ok::<_, Error>(std::fs::read_to_string(support::golden().join("../pin_1").join(path)).unwrap());
    let schema = pin::from_files(file).unwrap();
    assert_eq!((schema.models.len(), schema.models["res.bank"].methods.as_ref()), (1, None));
    let files = pin::to_files(&schema).unwrap();
    assert_eq!(read(&files).unwrap(), schema);
    assert!(files[pin::PIN_FILE].contains("\"format\": 3"));
    let edited = |path: &str| file(path).map(|text| text.replace("\"Name\"", "\"Nom\""));
    assert!(matches!(pin::from_files(edited), Err(Error::PinHash)));
}

#[test]
fn a_broken_pin_says_which_file() {
    let (_, files) = files();
    let file = pin::model_file("res.partner");
    for broken in ["", "{", "[]", "{\"fields\": {}, \"unheard_of\": 1}"] {
        let mut changed = files.clone();
        changed.insert(file.clone(), broken.to_owned());
        let error = read(&changed).unwrap_err();
        assert!(error.to_string().contains("schema/models/res.partner.json"), "{error}");
        assert!(error.source().is_some());
    }
    // A merge by git that nobody has put right.
    let mut merged = files.clone();
    merged.insert(file.clone(), format!("<<<<<<< HEAD\n{0}=======\n{0}>>>>>>> other\n", files[&file]));
    let error = read(&merged).unwrap_err().to_string();
    assert!(error.contains("schema/models/res.partner.json") && error.contains("a conflict of git"), "{error}");
    let mut missing = files;
    missing.remove(&file);
    let error = read(&missing).unwrap_err();
    assert!(error.to_string().contains("schema/models/res.partner.json could not be read"), "{error}");
}
