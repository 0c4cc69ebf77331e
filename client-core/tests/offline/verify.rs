//! What `cargo odoo verify` makes of servers that differ from the pin, or do not let everything be read. The records are
//! made by hand; the errors have the words that 19.0 has for them, or the series that is named.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::server::{answer, builder, result, serve_calls};
use odoo_client::__rt::Slots;
use odoo_client::verify::{Options, Report, Target, Verdict, Why, verify};
use odoo19::res::{bank, partner_category};
use serde_json::{Value, json};

/// A server with the tags 1 to `tags`, all of which have a color, and without banks.
#[derive(Clone, Default)]
struct Server {
    tags: i64,
    /// Fields of tags that the server does not tell of, and what it says of them.
    lacking: &'static [(&'static str, &'static str, &'static str)],
    /// What the color of each second tag is.
    color: Value,
    /// What a read of banks comes to.
    banks: Option<(&'static str, &'static str)>,
    /// How many users there are in the groups that may read banks, if the user may know.
    members: Option<usize>,
}

fn error(class: &str, words: &str) -> Vec<u8> {
    let data = json!({"name": class, "message": words, "debug": "Traceback", "arguments": [], "context": {}});
    let error = json!({"code": 0, "message": "Odoo Server Error", "data": data});
    answer(200, "application/json", &json!({"jsonrpc": "2.0", "id": 0, "error": error}).to_string())
}

impl Server {
    fn answer(&self, model: &str, method: &str, args: &Value, kwargs: &Value) -> Vec<u8> {
        let argument = |name: &str, at: usize| kwargs.get(name).unwrap_or(&args[at]).clone();
        match (model, method, self.members, self.banks) {
            ("ir.model.access", _, None, _) => error("odoo.exceptions.AccessError", "You are not allowed to access"),
            ("ir.model.access", ..) => result(&json!([{"id": 1, "group_id": [7, "A group"]}])),
            ("res.users", "search_count", members, _) => result(&json!(members)),
            ("res.bank", "fields_get", ..) => {
                result(&bank::Row::fields().split(' ').map(|field| (field.to_owned(), json!({}))).collect())
            }
            ("res.bank", _, _, Some((class, words))) => error(class, words),
            ("res.bank", ..) => result(&json!([])),
            (_, "fields_get", ..) => {
                let told = partner_category::Row::fields().split(' ');
                let told = told.filter(|field| !self.lacking.iter().any(|(lacking, ..)| lacking == field));
                result(&told.map(|field| (field.to_owned(), json!({}))).collect())
            }
            _ => {
                let fields = argument("fields", 1);
                let asked = |name: &str| fields.as_array().is_some_and(|fields| fields.contains(&json!(name)));
                if let Some((_, class, words)) = self.lacking.iter().find(|(field, ..)| asked(field)) {
                    return error(class, words);
                }
                let domain = argument("domain", 0);
                let mut ids: Vec<i64> = (1..=self.tags).filter(|id| holds(*id, &domain)).collect();
                if kwargs["order"] == "id desc" {
                    ids.reverse();
                }
                ids.truncate(kwargs["limit"].as_u64().map_or(usize::MAX, |limit| limit as usize));
                if method == "search" {
                    return result(&json!(ids));
                }
                let row = |id: i64| {
                    json!({"id": id, "active": true, "child_ids": [], "color": if id % 2 == 0 { self.color.clone() } else { json!(1) },
                        "create_date": false, "create_uid": false, "display_name": "x", "name": "x", "parent_id": false,
                        "parent_path": "1/", "partner_ids": [], "write_date": false, "write_uid": false})
                };
                let cut = |mut row: Value| {
                    row.as_object_mut().unwrap().retain(|name, _| name == "id" || asked(name));
                    row
                };
                result(&ids.into_iter().map(|id| cut(row(id))).collect())
            }
        }
    }

    /// What reading it comes to.
    async fn read(self, options: Options) -> Report {
        self.read_and_tell(options).await.0
    }

    /// The ids that were asked for as well.
    async fn read_and_tell(self, options: Options) -> (Report, Vec<Value>) {
        let domains = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&domains);
        let url = serve_calls(move |request| {
            let params = request.params();
            let [model, method] = [3, 4].map(|at| params["args"][at].as_str().unwrap().to_owned());
            let (args, kwargs) = (&params["args"][5], &params["args"][6]);
            if model == "res.partner.category" && method == "search_read" {
                seen.lock().unwrap().push(kwargs.get("domain").unwrap_or(&args[0]).clone());
            }
            assert_eq!(kwargs["context"]["lang"], "en_US", "errors are told apart by their words");
            self.answer(&model, &method, args, kwargs)
        });
        let odoo = builder(&url).connect().await.unwrap();
        let targets = [Target::of::<bank::Row>(&[]), Target::of::<partner_category::Row>(&[])];
        let report = verify(&odoo, &odoo19::PIN, &targets, &options, |_| {}).await.unwrap();
        let domains = domains.lock().unwrap().clone();
        (report, domains)
    }
}

fn holds(id: i64, domain: &Value) -> bool {
    domain.as_array().unwrap().iter().all(|leaf| match leaf[1].as_str().unwrap() {
        ">" => id > leaf[2].as_i64().unwrap(),
        "<" => id < leaf[2].as_i64().unwrap(),
        "in" => leaf[2].as_array().unwrap().contains(&json!(id)),
        other => panic!("{other}"),
    })
}

fn server() -> Server {
    Server { tags: 450, color: json!(2), ..Server::default() }
}

const DENIED: (&str, &str) = (
    "odoo.exceptions.AccessError",
    "You are not allowed to access 'Bank' (res.bank) records.\n\nThis operation is allowed for the following groups:\n\t- A group",
);

#[tokio::test]
async fn all_is_read_and_the_verdict_comes_first() {
    let report = server().read(Options::default()).await;
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
        let report = Server { banks: Some(banks), members, ..server() }.read(Options::default()).await;
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
        let report = Server { banks: Some(DENIED), members, ..server() }.read(Options::default()).await;
        assert_eq!((report.verdict(), report.verdict().exit_status()), (Verdict::NotVerified, 3), "{report}");
        let shown = report.to_string();
        assert!(
            shown.starts_with("not verified: what was read fits, and there is more\nread: 1 of 2 models"),
            "{shown}"
        );
        assert!(shown.contains("this user may not read: 1 model and 0 fields"), "{shown}");
    }
    let report = Server { tags: 0, banks: Some(DENIED), ..server() }.read(Options::default()).await;
    assert_eq!(report.verdict(), Verdict::NotVerified);
}

#[tokio::test]
async fn all_missing_fields_of_a_model_are_told_and_the_rest_of_it_is_read() {
    let lacking: &[_] = &[
        ("color", "builtins.ValueError", "Invalid field 'color' on 'res.partner.category'"),
        ("parent_path", "builtins.ValueError", "Invalid field 'parent_path' on 'res.partner.category'"),
        (
            "partner_ids",
            "odoo.exceptions.AccessError",
            "You do not have enough rights to access the field \"partner_ids\"",
        ),
    ];
    let report = Server { lacking, ..server() }.read(Options::default()).await;
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
    let report = Server { color: json!("red"), ..server() }.read(Options::default()).await;
    assert_eq!((report.verdict(), report.verdict().exit_status()), (Verdict::DoesNotFit, 1));
    assert_eq!((report.records, report.failures.len(), report.failures[0].records), (450, 1, 225), "{report}");
    let shown = report.to_string();
    assert!(shown.starts_with("the pin does not fit"), "{shown}");
    assert!(shown.contains("  225 records, such as res.partner.category(2).color: expected "), "{shown}");
}

#[tokio::test]
async fn a_sample_has_the_newest_the_oldest_and_the_same_random_ones_for_the_same_seed() {
    let sample = |seed| {
        let mut options = Options::default();
        (options.sample, options.seed) = (Some(30), seed);
        Server { tags: 10_000, ..server() }.read_and_tell(options)
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
    assert_eq!(server().read(options).await.records, 450);
}

#[tokio::test]
async fn what_the_time_was_not_enough_for_is_not_verified() {
    let mut options = Options::default();
    options.time_limit = Some(Duration::ZERO);
    let report = server().read(options).await;
    assert_eq!((report.verdict(), report.models, report.unreached.len()), (Verdict::NotVerified, 0, 2), "{report}");
    assert!(report.to_string().starts_with("not verified: nothing was read"), "{report}");
}
