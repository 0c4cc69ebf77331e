//! A million records that are read for the first time, and a million changes of them: a page and a slice at a time. The server
//! makes them up.

use crate::support::models::Tag;
use crate::support::moving::time;
use crate::support::server::{answer, builder, result, serve_calls};
use odoo_client::{Id, Record};
use serde_json::json;

use crate::{alone, block_on, memory};

const RECORDS: i64 = 1_000_000;
/// So many are changed in a second.
const EACH_SECOND: i64 = 1_000;

#[derive(Record)]
#[odoo(model = Tag)]
struct Label {
    id: Id<Tag>,
    #[expect(dead_code, reason = "only read")]
    name: String,
}

/// A server on which record 1 is changed in second 0, and so on; all of them, if the domain says nothing else.
fn million() -> String {
    let second = |id: i64| time((id - 1) / EACH_SECOND * 1_000_000);
    serve_calls(move |request| {
        let mut args = request.params()["args"].take();
        let kwargs = args[6].take();
        // That of a `search` goes by position.
        let domain = if kwargs["domain"].is_array() { &kwargs["domain"] } else { &args[5][0] };
        let (mut first, mut last) = (1, RECORDS);
        for term in domain.as_array().into_iter().flatten() {
            match (term[0].as_str().unwrap(), term[1].as_str().unwrap(), &term[2]) {
                ("id", _, after) => first = first.max(after.as_i64().unwrap() + 1),
                (_, operator, date) => {
                    let begins = (0..=RECORDS / EACH_SECOND).find(|at| time(at * 1_000_000) == date.as_str().unwrap());
                    // Before all of them, or when one began.
                    let id = begins.map_or(1, |at| at * EACH_SECOND + 1);
                    if operator == "<" { last = last.min(id - 1) } else { first = first.max(id) }
                }
            }
        }
        let most = kwargs["limit"].as_i64().unwrap_or(RECORDS);
        let dates = kwargs["fields"] == json!(["write_date"]);
        if kwargs["order"] == "write_date desc, id desc" {
            return result(&json!([{"id": RECORDS, "write_date": second(RECORDS)}]));
        }
        let found = first..=last.min(first + most - 1);
        if !kwargs["fields"].is_array() {
            return result(&json!(found.collect::<Vec<_>>()));
        }
        let rows = found.map(|id| match dates {
            true => format!(r#"{{"id": {id}, "write_date": "{}"}}"#, second(id)),
            false => format!(r#"{{"id": {id}, "name": "tag {id}"}}"#),
        });
        let rows: Vec<String> = rows.collect();
        answer(200, "application/json", &format!(r#"{{"jsonrpc": "2.0", "id": 0, "result": [{}]}}"#, rows.join(",")))
    })
}

#[test]
fn a_million_records_and_changes_take_little_memory() {
    let _alone = alone();
    let odoo = block_on(builder(&million()).connect()).unwrap();
    let query = odoo.query::<Label>();
    let mut cursor = None;
    for first in [true, false] {
        let ((came, next), peak) = memory(|| {
            block_on(async {
                let (mut changes, mut came) =
                    (query.changes(cursor.clone()).overlap(std::time::Duration::from_secs(2_000)), 0);
                while let Some(label) = changes.next().await {
                    came += 1;
                    // In the order of the ids, which is that of the changes.
                    assert_eq!((label.unwrap().id.get() - came) % EACH_SECOND, 0);
                }
                (came, changes.cursor())
            })
        });
        assert_eq!(came, RECORDS);
        assert!(next.to_string().len() < 200_000);
        println!("{}: {peak} bytes, with what the server makes up", if first { "all" } else { "changes" });
        // A page of 5,000 is a megabyte of JSON at most; the server has it as a tree, too.
        assert!(peak < 16 << 20, "{peak}");
        cursor = Some(next);
    }
}
