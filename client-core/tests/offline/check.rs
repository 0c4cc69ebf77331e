//! What a check makes of what servers say. The answers are those of real ones, cut down to a few fields; `live/rights.rs` asks
//! these themselves.

use std::sync::{Arc, Mutex};

use crate::support::server::{answer, builder, result, serve_calls};
use odoo_client::field::kind;
use odoo_client::ops::Problem;
use odoo_client::{Client, ErrorKind, Record};
use serde_json::{Value, json};

model! { Partner "res.partner" {
    NAME "name" kind::Char;
    SIGNUP_TYPE "signup_type" kind::Char;
    IS_IN_CALL "is_in_call" kind::Boolean;
    GONE "gone" kind::Integer;
} }

#[derive(Record)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "no record is read")]
struct Customer {
    name: String,
    signup_type: Option<String>,
    gone: i64,
    is_in_call: bool,
}

/// A server to whose user `res.partner` has nothing but a name, and which refuses a read of these fields as `refuse` has it.
async fn server(refuse: fn(&[&str]) -> Option<(&'static str, String)>) -> (Client, Arc<Mutex<Vec<String>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    let url = serve_calls(move |request| {
        let params = request.params();
        let method = params["args"][4].as_str().unwrap();
        seen.lock().unwrap().push(method.to_owned());
        match method {
            "fields_get" => result(&json!({"id": {"type": "integer"}, "name": {"type": "char"}})),
            "has_access" => result(&json!(true)),
            "read" => {
                let fields: Vec<_> =
                    params["args"][6]["fields"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
                refuse(&fields).map_or_else(|| result(&json!([])), |(class, words)| raised(class, &words))
            }
            _ => panic!("{params}"),
        }
    });
    (builder(&url).connect().await.unwrap(), calls)
}

fn raised(class: &str, words: &str) -> Vec<u8> {
    let data = json!({"name": class, "message": words, "debug": "Traceback", "arguments": [words], "context": {}});
    let error: Value = json!({"code": 0, "message": "Odoo Server Error", "data": data});
    answer(200, "application/json", &json!({"jsonrpc": "2.0", "id": 0, "error": error}).to_string())
}

async fn problems(odoo: &Client) -> Vec<(Option<&'static str>, Problem)> {
    odoo.check::<Customer>().await.unwrap().misfits.into_iter().map(|misfit| (misfit.field, misfit.problem)).collect()
}

const TOLD_APART: [(Option<&str>, Problem); 3] = [
    (Some("gone"), Problem::Gone),
    (Some("is_in_call"), Problem::Unreadable),
    (Some("signup_type"), Problem::Unreadable),
];

#[tokio::test]
async fn fields_that_14_does_not_show_are_told_apart() {
    let (odoo, calls) = server(|fields| {
        let hidden: Vec<_> = fields.iter().filter(|field| **field != "gone").collect();
        if hidden.is_empty() {
            return (!fields.is_empty())
                .then(|| ("builtins.ValueError", "Invalid field 'gone' on model 'res.partner'".to_owned()));
        }
        let lines: Vec<_> =
            hidden.iter().map(|f| format!("- {f} (allowed for groups 'Administration / Access Rights')")).collect();
        let words = format!(
            "The requested operation can not be completed due to security restrictions.\n\nDocument type: Contact \
             (res.partner)\nOperation: read\nUser: 8\nFields:\n{}",
            lines.join("\n")
        );
        Some(("odoo.exceptions.AccessError", words))
    })
    .await;
    assert_eq!(problems(&odoo).await, TOLD_APART);
    assert_eq!(*calls.lock().unwrap(), ["fields_get", "has_access", "read", "read"]);
}

#[tokio::test]
async fn and_those_of_19_one_by_one() {
    let (odoo, _) = server(|fields| match fields.first()? {
        &"gone" => Some(("builtins.ValueError", "Invalid field 'gone' on 'res.partner'".to_owned())),
        hidden => {
            let words = format!(
                "You do not have enough rights to access the field \"{hidden}\" on Contact (res.partner). Please contact your \
                 system administrator.\n\nOperation: read"
            );
            Some(("odoo.exceptions.AccessError", words))
        }
    })
    .await;
    assert_eq!(problems(&odoo).await, TOLD_APART);
}

/// Made up: no server was seen that refuses without a name.
#[tokio::test]
async fn what_the_server_does_not_tell_apart_is_said_to_be_either() {
    let (odoo, _) = server(|_| Some(("odoo.exceptions.AccessError", "You may not.".to_owned()))).await;
    let fields = problems(&odoo).await;
    assert_eq!(fields.len(), 3);
    assert!(fields.iter().all(|(_, problem)| *problem == Problem::NotShown), "{fields:?}");
    let check = odoo.check::<Customer>().await.unwrap();
    assert!(
        check.to_string().starts_with("res.partner.gone: the model has no such field, or this user has no right"),
        "{check}"
    );
}

#[tokio::test]
async fn what_fits_takes_two_requests_and_no_read() {
    #[derive(Record)]
    #[odoo(model = Partner)]
    #[expect(dead_code, reason = "no record is read")]
    struct Named {
        name: String,
    }
    let (odoo, calls) = server(|_| None).await;
    let check = odoo.check::<Named>().await.unwrap();
    assert!(check.is_ok(), "{check}");
    check.into_result().unwrap();
    assert_eq!(*calls.lock().unwrap(), ["fields_get", "has_access"]);
}

/// The error of a struct that contains itself is that of reading it.
#[tokio::test]
async fn an_endless_record_is_refused() {
    model! { Node "x_node" {
        CHILD_IDS "child_ids" kind::One2many<Node>;
    } }
    #[derive(Record)]
    #[odoo(model = Node)]
    #[expect(dead_code, reason = "no record is read")]
    struct Tree {
        child_ids: Vec<Tree>,
    }
    let (odoo, calls) = server(|_| None).await;
    assert_eq!(odoo.check::<Tree>().await.unwrap_err().kind(), ErrorKind::Config);
    assert!(calls.lock().unwrap().is_empty());
}
