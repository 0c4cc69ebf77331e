//! What `cargo odoo verify` makes of servers that differ from the pin, or do not let everything be read: emulators of it. Errors
//! that no emulator has are raised in the words that 19.0 has for them, or the series that is named.

use std::time::Duration;

use crate::support::emulator::{builder, start};
use odoo_client::verify::{Options, Report, Target, Verdict, Why, verify};
use odoo_emulator::{Emulator, Failure, Fault};
use odoo19::res::{bank, partner_category};
use serde_json::{Value, json};

const TAG: &str = "res.partner.category";

/// A server with the tags 1 to `tags`, all of which have a color, and without banks.
async fn server(tags: i64) -> Emulator {
    let emulator = start(19).await;
    let tags: Value = (1..=tags).map(|id| json!({"id": id, "name": "x", "color": 2, "active": true})).collect();
    emulator.load(&json!({TAG: tags})).unwrap();
    emulator
}

/// How many users there are in the groups that may read banks, if the user may know.
fn members(emulator: &Emulator, members: Option<usize>) {
    let Some(members) = members else {
        return emulator.engine(|engine| engine.deny(2, "ir.model.access", &["read"])).unwrap();
    };
    emulator.on("ir.model.access", "search_read", |_| Ok(json!([{"id": 1, "group_id": [7, "A group"]}]))).unwrap();
    emulator.on("res.users", "search_count", move |_| Ok(json!(members))).unwrap();
}

/// What a read of banks comes to.
fn refuse_banks(emulator: &Emulator, (class, words): (&str, &str)) {
    emulator.fail(Failure::raises(Fault::new(class, words)).on("res.bank", "search_read").always()).unwrap();
}

/// What reading it comes to.
async fn read(emulator: &Emulator, options: Options) -> Report {
    let odoo = builder(emulator).connect().await.unwrap();
    emulator.take_requests();
    let targets = [Target::of::<bank::Row>(&[]), Target::of::<partner_category::Row>(&[])];
    let report = verify(&odoo, &odoo19::PIN, &targets, &options, |_| {}).await.unwrap();
    let requests = emulator.requests();
    let mut calls = requests.iter().filter(|request| request.model.is_some());
    assert!(
        calls.all(|call| call.kwargs["context"]["lang"] == "en_US"),
        "errors are told apart by their words: {requests:?}"
    );
    report
}

const DENIED: (&str, &str) = (
    "odoo.exceptions.AccessError",
    "You are not allowed to access 'Bank' (res.bank) records.\n\nThis operation is allowed for the following groups:\n\t- A group",
);

#[tokio::test]
async fn all_is_read_and_the_verdict_comes_first() {
    let report = read(&server(450).await, Options::default()).await;
    assert_eq!((report.verdict(), report.verdict().exit_status()), (Verdict::Fits, 0));
    assert_eq!((report.models, report.records), (2, 450));
    let shown = report.to_string();
    assert!(shown.starts_with("the pin fits\nread: 2 of 2 models, 450 records, "), "{shown}");
    assert!(!shown.contains("--verbose"), "nothing is hidden: {shown}");
}

#[tokio::test]
async fn what_nobody_can_read_does_not_count_against_the_pin() {
    let no_group =
        "You are not allowed to access 'Bank' (res.bank) records.\n\nNo group currently allows this operation.";
    for (banks, members, why) in [
        // 16.0 to 18.0; 14.0 and 19.0.
        (("builtins.ValueError", "Invalid field res.bank.id in leaf ('id', '>', 0)"), None, Why::NoTable),
        (("psycopg2.errors.UndefinedTable", "relation \"res_bank\" does not exist"), None, Why::NoTable),
        (("odoo.exceptions.AccessError", no_group), None, Why::NoGroup),
        (DENIED, Some(0), Why::NoUser),
        (("odoo.exceptions.UserError", "Filter on the Account or its Display Name instead"), None, Why::Fails),
    ] {
        let emulator = server(450).await;
        self::members(&emulator, members);
        refuse_banks(&emulator, banks);
        let report = read(&emulator, Options::default()).await;
        assert_eq!((report.verdict(), report.refused.len()), (Verdict::Fits, 1), "{banks:?}: {report:#}");
        assert_eq!((report.refused[0].why, report.models), (why, 1), "{banks:?}");
        // Counted, and named only where that is asked for.
        assert!(!report.to_string().contains("res.bank"), "{report}");
        assert!(format!("{report:#}").contains("res.bank: "), "{report:#}");
        assert!(report.to_json().contains("res.bank"));
    }
}

#[tokio::test]
async fn what_this_user_may_not_read_is_not_verified() {
    for members in [None, Some(3)] {
        let emulator = server(450).await;
        self::members(&emulator, members);
        refuse_banks(&emulator, DENIED);
        let report = read(&emulator, Options::default()).await;
        assert_eq!((report.verdict(), report.verdict().exit_status()), (Verdict::NotVerified, 3), "{report}");
        let shown = report.to_string();
        assert!(
            shown.starts_with("not verified: what was read fits, and there is more\nread: 1 of 2 models"),
            "{shown}"
        );
        assert!(shown.contains("this user may not read: 1 model and 0 fields"), "{shown}");
    }
    let empty = server(0).await;
    members(&empty, None);
    refuse_banks(&empty, DENIED);
    assert_eq!(read(&empty, Options::default()).await.verdict(), Verdict::NotVerified);
}

#[tokio::test]
async fn all_missing_fields_of_a_model_are_told_and_the_rest_of_it_is_read() {
    let emulator = server(450).await;
    emulator
        .engine(|engine| {
            engine.remove_field(TAG, "color")?;
            engine.remove_field(TAG, "parent_path")?;
            engine.deny_field(2, TAG, "partner_ids")
        })
        .unwrap();
    let report = read(&emulator, Options::default()).await;
    let missing: Vec<_> = report.missing.iter().map(|missing| missing.field.as_deref()).collect();
    assert_eq!(missing, [Some("color"), Some("parent_path")], "{report}");
    let unread: Vec<_> = report.unread.iter().map(|unread| unread.field.as_deref()).collect();
    assert_eq!(unread, [Some("partner_ids")], "{report}");
    assert_eq!((report.verdict(), report.records, report.failures.len()), (Verdict::DoesNotFit, 450, 0), "{report}");
    // They are named whether that is asked for or not.
    assert!(report.to_string().contains("  res.partner.category.color: ValueError: Invalid field"), "{report}");
}

#[tokio::test]
async fn a_retyped_field_is_one_line_with_a_count_and_an_example() {
    let emulator = server(450).await;
    emulator
        .on(TAG, "search_read", |call| {
            let mut tags = call.inherited()?;
            for tag in tags.as_array_mut().unwrap().iter_mut().filter(|tag| tag["id"].as_i64().unwrap() % 2 == 0) {
                tag["color"] = json!("red");
            }
            Ok(tags)
        })
        .unwrap();
    let report = read(&emulator, Options::default()).await;
    assert_eq!((report.verdict(), report.verdict().exit_status()), (Verdict::DoesNotFit, 1));
    assert_eq!((report.records, report.failures.len(), report.failures[0].records), (450, 1, 225), "{report}");
    let shown = report.to_string();
    assert!(shown.starts_with("the pin does not fit"), "{shown}");
    assert!(shown.contains("  225 records, such as res.partner.category(2).color: expected "), "{shown}");
}

#[tokio::test]
async fn a_sample_has_the_newest_the_oldest_and_the_same_random_ones_for_the_same_seed() {
    let emulator = server(10_000).await;
    let sample = async |seed| {
        let mut options = Options::default();
        (options.sample, options.seed) = (Some(30), seed);
        let report = read(&emulator, options).await;
        let requests = emulator.requests().into_iter();
        let reads =
            requests.filter(|call| [&call.model, &call.method] == [&Some(TAG.to_owned()), &Some("search_read".into())]);
        let domain =
            |mut call: odoo_emulator::SeenRequest| call.kwargs.remove("domain").unwrap_or_else(|| call.args.remove(0));
        (report, reads.map(domain).collect::<Vec<Value>>())
    };
    let (report, domains) = sample(7).await;
    assert_eq!((report.verdict(), report.records), (Verdict::Fits, 30), "{report}");
    assert_eq!(domains[..2], [json!([["id", ">", 0]]), json!([["id", ">", 0], ["id", "<", 9991]])]);
    let between: Vec<i64> = serde_json::from_value(domains[2][0][2].clone()).unwrap();
    assert!(between.len() == 10 && between.iter().all(|id| (11..9991).contains(id)), "{between:?}");
    assert!(report.to_string().contains("a sample: up to 30 records of each model, `--seed 7`"), "{report}");
    assert_eq!(domains, sample(7).await.1);
    assert_ne!(domains, sample(8).await.1);
    // Of a few records all are read.
    let mut options = Options::default();
    options.sample = Some(1000);
    assert_eq!(read(&server(450).await, options).await.records, 450);
}

#[tokio::test]
async fn what_the_time_was_not_enough_for_is_not_verified() {
    let mut options = Options::default();
    options.time_limit = Some(Duration::ZERO);
    let report = read(&server(450).await, options).await;
    assert_eq!((report.verdict(), report.models, report.unreached.len()), (Verdict::NotVerified, 0, 2), "{report}");
    assert!(report.to_string().starts_with("not verified: nothing was read"), "{report}");
}
