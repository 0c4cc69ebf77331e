//! The committed pins, told apart: how long it takes, which known renames are proposed, and changes checked by hand.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use odoo_codegen::diff::{Change, Rename, diff};
use odoo_codegen::{Schema, pin};

static PINS: LazyLock<BTreeMap<&str, Schema>> = LazyLock::new(|| {
    ["odoo14", "odoo16", "odoo17", "odoo18", "odoo19"].into_iter().map(|target| (target, read(target))).collect()
});

fn read(target: &str) -> Schema {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated").join(target).join("schema");
    let read = |file: String| (file.clone(), std::fs::read_to_string(folder.join(file)).unwrap());
    let models = std::fs::read_dir(folder.join("models")).unwrap();
    let models = models.map(|entry| format!("models/{}", entry.unwrap().file_name().to_str().unwrap()));
    pin::from_files(&models.chain([pin::PIN_FILE.to_owned()]).map(read).collect()).unwrap()
}

fn data(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff").join(file)).unwrap()
}

fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' ').collect())
}

/// The proposal for a model, or for a field of one.
fn proposal<'c>(changes: &'c [Change], model: &str, field: Option<&str>) -> Option<&'c Rename> {
    let of = |change: &&Change| change.model.as_deref() == Some(model) && change.field.as_deref() == field;
    if let Some(change) = changes.iter().filter(of).find(|change| change.rename.is_some()) {
        return change.rename.as_ref();
    }
    // A field of a model that was renamed itself.
    let field = field?;
    proposal(changes, model, None)?.fields.get(field)
}

/// How many of the renames of a file are proposed, how many others are instead, and how many are not.
fn measure(file: &str) -> [usize; 3] {
    let text = data(file);
    let mut changes: BTreeMap<(&str, &str), Vec<Change>> = BTreeMap::new();
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    for line in lines(&text) {
        let [from, to, model, field, name, ..] = line[..] else { panic!("{line:?}") };
        let changes = changes.entry((from, to)).or_insert_with(|| diff(&PINS[from], &PINS[to]));
        match proposal(changes, model, (field != "-").then_some(field)) {
            Some(rename) if rename.to == name => right += 1,
            Some(rename) => {
                wrong += 1;
                println!("wrong: {model} {field} is {name}, not {rename:?}");
            }
            None => {
                missed += 1;
                println!("missed: {model} {field} is {name}");
            }
        }
    }
    for ((from, to), changes) in &changes {
        let proposed = changes.iter().filter(|change| change.rename.is_some()).count();
        println!("{from} to {to}: {} changes, {proposed} renames proposed", changes.len());
    }
    println!("{file}: {right} found, {wrong} wrong, {missed} not proposed");
    [right, wrong, missed]
}

/// `cargo test -p odoo-codegen --test diff_pins renames -- --nocapture` shows the figures, and what is not found.
#[test]
fn known_renames_are_proposed() {
    let [right, wrong, missed] = measure("renames.txt");
    let all = right + wrong + missed;
    assert!(all >= 50 && right * 100 >= all * 80, "{right} of {all}");
    assert!(wrong * 100 <= (right + wrong) * 5, "{wrong} wrong of {}", right + wrong);
}

/// What is to be expected of others. No weight may be changed for these, or they say nothing any more.
#[test]
fn renames_that_no_weight_was_set_by_are_proposed_too() {
    let [right, wrong, missed] = measure("renames_held_out.txt");
    let all = right + wrong + missed;
    assert!(all >= 30 && right * 100 >= all * 60, "{right} of {all}");
    assert!(wrong * 100 <= (right + wrong) * 5, "{wrong} wrong of {}", right + wrong);
}

#[test]
fn changes_checked_by_hand_have_their_grades() {
    let text = data("checked.txt");
    let mut grades: BTreeMap<&str, usize> = BTreeMap::new();
    let mut changes: BTreeMap<(&str, &str), Vec<Change>> = BTreeMap::new();
    for line in lines(&text) {
        let [from, to, model, field, what, grade, ..] = line[..] else { panic!("{line:?}") };
        let changes = changes.entry((from, to)).or_insert_with(|| diff(&PINS[from], &PINS[to]));
        let field = (field != "-").then_some(field);
        let of = |change: &&Change| change.model.as_deref() == Some(model) && change.field.as_deref() == field;
        let found: Vec<_> =
            changes.iter().filter(of).map(|change| (change.what.name(), change.grade.to_string())).collect();
        assert!(found.contains(&(what, grade.to_owned())), "{line:?}: {found:?}");
        *grades.entry(grade).or_default() += 1;
    }
    assert_eq!(grades, [("breaking", 10), ("dangerous", 10), ("safe", 10)].into());
}

#[test]
fn pins_differ_from_others_and_not_from_themselves() {
    for (target, schema) in &*PINS {
        assert_eq!(diff(schema, schema), [], "{target}");
    }
    // One field among 743 models.
    let mut other = PINS["odoo19"].clone();
    let order = other.models.get_mut("sale.order").unwrap();
    let name = order.fields.remove("client_order_ref").unwrap();
    order.fields.insert("customer_reference".to_owned(), name);
    let changes = diff(&PINS["odoo19"], &other);
    let [gone, new] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(gone.to_string(), "sale.order.client_order_ref (char) is gone");
    assert_eq!(new.to_string(), "sale.order.customer_reference (char) is new");
    assert_eq!(gone.rename.as_ref().map(|rename| rename.to.as_str()), Some("customer_reference"));
}
