//! Answers in the very form that Odoo gives them (seen on 14.0 and 19.0), which are read another way than other JSON is. The
//! records in them are made by hand.

use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Client, ErrorKind, Id, Record};

use crate::support::server::{Request, answer, builder, serve_calls};

model! { Partner "res.partner" {
    ID "id" kind::Id, ReadOnly;
    NAME "name" kind::Char;
    PARENT_ID "parent_id" kind::Many2one<Partner>;
    CHILD_IDS "child_ids" kind::One2many<Partner>;
} }

#[derive(Record, Debug)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "only shown")]
struct Contact {
    name: Option<String>,
    id: Id<Partner>,
    parent_id: Option<odoo_client::Many2one<Partner>>,
}

#[derive(Record, Debug)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "only shown")]
struct Company {
    name: String,
    child_ids: Vec<Contact>,
}

/// Answers of a made-up server of 19.0: of records with others in them what `web_search_read` answers.
fn text(request: &Request) -> &'static str {
    match request.params()["args"][4].as_str() {
        Some("web_search_read") => {
            r#"{"jsonrpc": "2.0", "id": 0, "result": {"length": 2, "records": [{"id": 1, "name": "A", "child_ids": [{"id": 3, "name": "\u00e9 \"C\"", "parent_id": {"id": 1, "display_name": "A"}}, {"id": 4, "name": false, "parent_id": false}]}, {"id": 2, "name": "B", "child_ids": []}]}}"#
        }
        _ => {
            r#"{"jsonrpc": "2.0", "id": 0, "result": [{"id": 3, "name": "\u00e9 \"C\"", "parent_id": [1, "A"]}, {"id": 4, "name": false, "parent_id": false}]}"#
        }
    }
}

/// What becomes of an answer on its way.
type Change = fn(&str) -> String;

async fn client(change: Change) -> Client {
    let url = serve_calls(move |request| answer(200, "application/json", &change(text(request))));
    builder(&url).connect().await.unwrap()
}

#[tokio::test]
async fn they_are_read_as_the_same_json_in_any_other_form() {
    let changes: [Change; 4] = [
        str::to_owned,
        |text| text.replace("\": ", "\" :\n"),
        |text| text.replacen("\"id\": 0, ", "", 1),
        |text| text.replace("}, {", "},{") + "\n",
    ];
    let mut seen = Vec::new();
    for change in changes {
        let odoo = client(change).await;
        let contacts = odoo.query::<Contact>().fetch_all().await.unwrap();
        let companies = odoo.query::<Company>().fetch_all().await.unwrap();
        assert_eq!((contacts.len(), companies.len(), companies[0].child_ids.len()), (2, 2, 2));
        seen.push(format!("{contacts:?} {companies:?}"));
    }
    assert!(seen[0].contains(r#"name: Some("é \"C\""), id: res.partner(3)"#), "{}", seen[0]);
    assert!(seen.iter().all(|other| *other == seen[0]), "{seen:#?}");
}

#[tokio::test]
async fn what_stands_behind_the_records_is_not_overlooked() {
    let changes: [(Change, ErrorKind); 3] = [
        (
            |text| {
                text[..text.len() - 1].to_owned()
                    + r#", "error": {"code": 200, "data": {"name": "odoo.exceptions.UserError"}}}"#
            },
            ErrorKind::User,
        ),
        (|text| text[..text.len() - 1].to_owned() + "]}", ErrorKind::Protocol),
        (|text| text.replacen("false}", "false]}", 1), ErrorKind::Protocol),
    ];
    for (change, kind) in changes {
        let odoo = client(change).await;
        assert_eq!(odoo.query::<Contact>().fetch_all().await.unwrap_err().kind(), kind);
        assert_eq!(odoo.query::<Company>().fetch_all().await.unwrap_err().kind(), kind);
    }
}
