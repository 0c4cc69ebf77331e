//! Upserts where something comes in between: answers that are lost after the write, another transaction, a record that is
//! refused. The server is made by hand and keeps what it is given; its words are those of 14 and 19. `tests/live/upsert.rs` has
//! real ones.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::models::Tag;
use crate::support::server::{builder, result, serve_calls};
use odoo_client::ops::{Upsert, UpsertChange};
use odoo_client::{Client, ErrorKind, RetryPolicy, Values};
use serde_json::{Value, json};

#[derive(Default)]
struct Shop {
    /// External id and name of the tags: the first is number 1.
    tags: Vec<(String, String)>,
    loads: usize,
    /// What comes of the imports, the first first; then they succeed.
    script: Vec<Act>,
}

#[derive(Clone, Copy)]
enum Act {
    /// It is done, and the connection ends.
    Lost,
    /// Another program does it.
    Conflict,
}

fn shop(script: Vec<Act>) -> (String, Arc<Mutex<Shop>>) {
    let shop = Arc::new(Mutex::new(Shop { script, ..Shop::default() }));
    let shared = Arc::clone(&shop);
    let url = serve_calls(move |request| {
        let mut params = request.params();
        let [model, method, args, kwargs] = [3, 4, 5, 6].map(|at| params["args"][at].take());
        let mut shop = shared.lock().unwrap();
        match (model.as_str().unwrap(), method.as_str().unwrap()) {
            ("ir.model.data", _) => {
                let rows = shop.tags.iter().enumerate().map(|(at, (xml_id, _))| {
                    json!({"id": 1, "module": "shop", "name": xml_id[5..], "model": "res.partner.category", "res_id": at + 1})
                });
                result(&rows.collect())
            }
            (_, "fields_get") => result(&json!({"name": {"type": "char"}})),
            (_, "read") => {
                let ids = args[0].as_array().unwrap().iter().map(|id| usize::try_from(id.as_u64().unwrap()).unwrap());
                result(&ids.map(|id| json!({"id": id, "name": shop.tags[id - 1].1})).collect())
            }
            _ => {
                let data = [&args[1], &kwargs["data"]].into_iter().find_map(Value::as_array).unwrap();
                shop.load(data)
            }
        }
    });
    (url, shop)
}

impl Shop {
    fn load(&mut self, data: &[Value]) -> Vec<u8> {
        let text = |cell: &Value| cell.as_str().unwrap().to_owned();
        self.loads += 1;
        let bad = data.iter().position(|row| row[1] == "");
        if let Some(at) = bad {
            let message = json!({"rows": {"from": at, "to": at}, "type": "error", "record": at, "field": "name",
                "message": "Missing required value for the field 'Name' (name)"});
            return result(&json!({"ids": false, "messages": [message], "nextrow": 0}));
        }
        let mut ids = Vec::new();
        for row in data {
            let (xml_id, name) = (text(&row[0]), text(&row[1]));
            let at = self.tags.iter().position(|(known, _)| *known == xml_id).unwrap_or(self.tags.len());
            self.tags.truncate(self.tags.len().max(at));
            if at == self.tags.len() {
                self.tags.push((xml_id, name))
            } else {
                self.tags[at].1 = name
            }
            ids.push(at + 1);
        }
        if self.script.is_empty() {
            return result(&json!({"ids": ids, "messages": [], "nextrow": 0}));
        }
        match self.script.remove(0) {
            Act::Lost => Vec::new(),
            Act::Conflict => {
                let message = |at: usize| {
                    json!({"rows": {"from": at, "to": at}, "record": at, "type": "error",
                        "message": "could not serialize access due to concurrent update\n"})
                };
                let messages: Vec<Value> = (0..data.len()).map(message).collect();
                result(&json!({"ids": false, "messages": messages, "nextrow": 0}))
            }
        }
    }
}

fn tags() -> impl Iterator<Item = Upsert<Tag>> {
    (0..6).map(|n| Upsert::xml_id(format!("shop.tag_{n}"), Values::new().set(Tag::NAME, format!("tag {n}"))))
}

async fn connect(url: &str, retry: RetryPolicy) -> Client {
    builder(url).retry(retry.base_delay(Duration::from_millis(1))).connect().await.unwrap()
}

fn names(shop: &Mutex<Shop>) -> Vec<String> {
    shop.lock().unwrap().tags.iter().map(|(_, name)| name.clone()).collect()
}

fn expected() -> Vec<String> {
    (0..6).map(|n| format!("tag {n}")).collect()
}

#[tokio::test]
async fn what_was_done_and_not_answered_is_not_done_twice() {
    let (url, shop) = shop(vec![Act::Lost, Act::Lost]);
    let odoo = connect(&url, RetryPolicy::new()).await;
    let report = odoo.upsert_many(tags()).max_records(3).send().await.unwrap();
    assert_eq!(
        (report.to_string().as_str(), names(&shop)),
        ("6 created, 0 updated, 0 unchanged, 0 failed", expected())
    );
    assert_eq!(shop.lock().unwrap().loads, 4);

    let (url, shop) = self::shop(vec![Act::Lost]);
    let odoo = connect(&url, RetryPolicy::never()).await;
    let rest = odoo.upsert_many(tags()).max_records(3).send().await.unwrap_err();
    assert!(rest.error.may_have_executed() && rest.error.is_retryable(), "{rest}");
    assert!(rest.to_string().starts_with("0 created, 0 updated, 0 unchanged, 0 failed, and then: "), "{rest}");
    let report = rest.resume().await.unwrap();
    assert_eq!((report.count(UpsertChange::Unchanged), report.count(UpsertChange::Created)), (3, 3), "{report}");
    let mut made = names(&shop);
    made.sort();
    assert_eq!(made, expected());
}

#[tokio::test]
async fn what_another_made_at_the_same_moment_is_found() {
    let (url, shop) = shop(vec![Act::Conflict]);
    let odoo = connect(&url, RetryPolicy::never()).await;
    let report = odoo.upsert_many(tags()).send().await.unwrap();
    assert_eq!((report.count(UpsertChange::Unchanged), names(&shop)), (6, expected()), "{report}");
    let (url, _) = self::shop(vec![Act::Conflict; 100]);
    let odoo = connect(&url, RetryPolicy::never()).await;
    // Each time another name is there.
    let changing = Upsert::xml_id("shop.tag_0", Values::<Tag>::new().set(Tag::NAME, "x"));
    assert_eq!(odoo.upsert(changing).await.unwrap().change, UpsertChange::Unchanged);
}

#[tokio::test]
async fn what_is_refused_keeps_no_other_from_being_made() {
    let (url, shop) = shop(Vec::new());
    let odoo = connect(&url, RetryPolicy::never()).await;
    let mut all: Vec<Upsert<Tag>> = tags().collect();
    all[2] = Upsert::xml_id("shop.tag_2", Values::new().clear(Tag::NAME));
    all[4] = Upsert::xml_id("nonsense", Values::new().set(Tag::NAME, "x"));
    all[5] = Upsert::by(Tag::NAME, "a\nb", Values::new().set_raw("nope", f64::NAN));
    let report = odoo.upsert_many(all).send().await.unwrap();
    let failed: Vec<_> = report.failed().map(|(at, error)| (at, error.kind())).collect();
    assert_eq!(failed, [(2, ErrorKind::Validation), (4, ErrorKind::Encode), (5, ErrorKind::Encode)], "{report}");
    let refused = report.records[2].as_ref().unwrap_err().to_string();
    assert!(refused.starts_with("`shop.tag_2`: the server refuses the values; the server says: Missing"), "{refused}");
    assert_eq!((names(&shop), shop.lock().unwrap().loads), (vec!["tag 0".into(), "tag 1".into(), "tag 3".into()], 2));
}
