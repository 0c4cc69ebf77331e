//! Commands on a relation that has an archived record: it is not seen, and so it stays.

use odoo_emulator::{Caller, Engine};
use serde_json::{Map, Value, json};

use crate::program::{Step, record};
use crate::run::{schema_of, target};

const PARTNER: &str = "res.partner";
const TAG: &str = "res.partner.category";

/// Commands to a tag of an active and an archived partner, called by `partner(0)` and `partner(1)`, and which of them it has then.
fn cases(partner: impl Fn(usize) -> Value) -> Vec<(Value, &'static [usize])> {
    let [active, archived] = [partner(0), partner(1)];
    vec![
        (json!([[5, 0, 0]]), &[1]),
        (json!([[6, 0, []]]), &[1]),
        (json!([[6, 0, [active]]]), &[0, 1]),
        (json!([[3, archived, 0]]), &[0, 1]),
        (json!([[4, archived, 0]]), &[0, 1]),
        (json!([[3, active, 0]]), &[1]),
    ]
}

pub(crate) fn program() -> Vec<Step> {
    let partner = |n| record(PARTNER, n);
    let step = |model, method: &'static str, on: Option<Vec<usize>>, argument| Step {
        creates: usize::from(method == "create"),
        ..Step { model, method, on, args: vec![argument], context: json!({}), skipped: false, creates: 0 }
    };
    let create = |model, values: Value| step(model, "create", None, ("vals_list", values));
    let mut steps =
        vec![create(PARTNER, json!({"name": "active"})), create(PARTNER, json!({"name": "archived", "active": false}))];
    for (n, (commands, _)) in cases(partner).into_iter().enumerate() {
        steps.push(create(TAG, json!({"name": "tag", "color": 1, "partner_ids": [[6, 0, [partner(0), partner(1)]]]})));
        steps.push(step(TAG, "write", Some(vec![n]), ("vals", json!({"partner_ids": commands}))));
        let read = step(TAG, "read", Some(vec![n]), ("fields", json!(["partner_ids"])));
        steps.push(Step { context: json!({"active_test": false}), ..read });
    }
    steps
}

/// As servers of all five series answered to the program.
#[test]
fn archived_records_stay_in_relations() {
    for major in [14, 16, 17, 18, 19] {
        let mut engine = Engine::new(&schema_of(&target(major)));
        let mut call = |model: &str, method: &str, args: Vec<Value>, context: Value| {
            let named = Map::from_iter([("context".to_owned(), context)]);
            engine.call(&Caller::new(2), model, method, args, named).expect("the call succeeds")
        };
        let partners = [true, false]
            .map(|active| call(PARTNER, "create", vec![json!({"name": "one", "active": active})], json!({})));
        for (commands, kept) in cases(|n| partners[n].clone()) {
            let tag = json!({"name": "tag", "partner_ids": [[6, 0, partners]]});
            let tag = call(TAG, "create", vec![tag], json!({}));
            call(TAG, "write", vec![json!([tag]), json!({"partner_ids": commands})], json!({}));
            let context = json!({"active_test": false});
            let read = call(TAG, "read", vec![json!([tag]), json!(["partner_ids"])], context);
            let mut left = read[0]["partner_ids"].as_array().expect("ids").clone();
            left.sort_unstable_by_key(Value::as_i64);
            let kept: Vec<_> = kept.iter().map(|n| partners[*n].clone()).collect();
            assert_eq!(left, kept, "{commands} on {major}.0");
        }
    }
}

/// As 19.0 answered: what is like nothing is whether there is any record, and an archived one is.
#[test]
fn a_pattern_of_nothing_sees_archived_records() {
    let mut engine = Engine::new(&schema_of(&target(19)));
    let mut call = |method: &str, argument: Value| {
        engine.call(&Caller::new(2), TAG, method, vec![argument], Map::new()).expect("the call succeeds")
    };
    let child = call("create", json!({"name": "child", "active": false}));
    let parent = call("create", json!({"name": "parent", "child_ids": [[4, child, 0]]}));
    let alone = call("create", json!({"name": "alone"}));
    let both = json!(["id", "in", [parent, alone]]);
    for (operator, found) in [("ilike", &parent), ("not ilike", &alone), ("=like", &alone), ("not =like", &parent)] {
        let ids = call("search", json!([both, ["child_ids", operator, ""]]));
        assert_eq!(ids, json!([found]), "{operator}");
    }
    // The parent of a tag is a many2one.
    let above = call("search", json!([both, ["parent_id", "ilike", ""]]));
    let none = call("search", json!([both, ["parent_id", "not ilike", ""]]));
    assert_eq!((above, none), (json!([]), json!([alone, parent])));
}
