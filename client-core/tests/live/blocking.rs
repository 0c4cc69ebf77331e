//! What [`odoo_client::blocking`] offers, over every wire of the server that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and
//! `ODOO_PASSWORD` name (an administrator). What it creates it deletes, also when it fails. What
//! the operations do in detail is for the tests of the async client, which does the work.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use crate::own::records::{Partner, Tag, key_name, mark, named};
use crate::own::users::server;
use odoo_client::blocking::Client;
use odoo_client::client::WireKind;
use odoo_client::field::kind;
use odoo_client::ops::{Operation, ReportFormat};
use odoo_client::version::Difference;
use odoo_client::{Binary, ClientBuilder, Context, Domain, ErrorKind, Id, RetryPolicy, Timestamp, Values};
use odoo19::res::{Lang, Users};
use serde_json::{Value, json};

model! { View "ir.ui.view" {
    NAME_FIELD "name" kind::Char;
    ARCH_DB "arch_db" kind::Text;
} }

#[derive(odoo_client::Record)]
#[odoo(model = Tag)]
struct Row {
    id: Id<Tag>,
    name: String,
    color: i64,
}

/// Runs `test` over each wire that the server has; afterwards deletes the records that begin with the mark it was given.
fn on_every_wire(what: &str, test: fn(&Client, &str)) {
    let builder = |wire| ClientBuilder::from_env().unwrap().wire(wire);
    let session = builder(WireKind::Session).connect_blocking().unwrap();
    let run = |odoo: &Client| {
        let mark = mark(&format!("{what} {}", odoo.wire()));
        let outcome = catch_unwind(AssertUnwindSafe(|| test(odoo, &mark)));
        for model in ["res.partner", "res.partner.category", "ir.ui.view"] {
            let own = json!([["name", "=like", format!("{mark}%")]]);
            let search = session.model(model).call("search").arg("domain", own).with_context(("active_test", false));
            let left: Vec<i64> = search.send().unwrap();
            session.model(model).call("unlink").ids(left).send::<bool>().unwrap();
        }
        outcome
    };
    let mut outcomes = vec![
        run(&builder(WireKind::JsonRpc).connect_blocking().unwrap()),
        run(&builder(WireKind::Session).connect_blocking().unwrap()),
    ];
    if session.version().has(Difference::Json2) {
        let key = session.api_keys().create(key_name(), end(&session)).unwrap();
        let id = key.id.expect("a name of its own");
        let json2 = builder(WireKind::Json2).api_key(key.key).connect_blocking();
        outcomes.push(json2.map(|json2| run(&json2)).unwrap_or_else(|error| Err(Box::new(error.to_string()))));
        session.api_keys().revoke([id]).unwrap();
    }
    session.log_out().unwrap();
    outcomes.into_iter().for_each(|outcome| outcome.unwrap_or_else(|panic| resume_unwind(panic)));
}

/// Tomorrow, where keys have an end.
fn end(odoo: &Client) -> Option<Timestamp> {
    odoo.version().has(Difference::KeysExpire).then(|| Timestamp::now() + Duration::from_secs(86_400))
}

#[test]
#[ignore = "needs ODOO_URL"]
fn live_blocking_calls() {
    on_every_wire("blocking calls", |odoo, mark| {
        let env = Client::from_env().unwrap();
        assert_eq!((odoo.uid(), odoo.user(), odoo.database()), (env.uid(), env.user(), env.database()));
        assert_eq!((odoo.url(), odoo.version()), (env.url(), env.version()));
        let names = server().databases_blocking().unwrap();
        assert!(names.iter().any(|name| name == odoo.database()));

        let partners = odoo.model("res.partner");
        assert_eq!(partners.name(), "res.partner");
        let ids: Vec<i64> = partners.call("create").arg("vals_list", json!([{"name": mark}])).send().unwrap();
        let write = partners.call("write").ids(ids.clone()).arg("vals", json!({"comment": "vip"}));
        let write = write.idempotent().timeout(Duration::from_secs(60)).retry(RetryPolicy::never());
        assert!(write.send::<bool>().unwrap());
        let read = partners.call("read").ids(ids).arg("fields", ["name"]).with_context(("lang", "en_US"));
        assert_eq!(read.send::<Value>().unwrap()[0]["name"], *mark);

        let tokyo = odoo.with_context(Context::new().tz("Asia/Tokyo"));
        assert_eq!(tokyo.context().get("tz"), Some(&"Asia/Tokyo".into()));
        assert!(odoo.context().get("tz") != tokyo.context().get("tz"));
        let error = partners.call("write").ids([999_999_999]).arg("vals", json!({"name": "x"})).send::<bool>();
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Missing);

        // Several threads at the same time, with the client that all of them share.
        std::thread::scope(|scope| {
            for code in ["BE", "FR", "DE", "US"] {
                scope.spawn(move || {
                    let call =
                        odoo.model("res.country").call("search_read").arg("domain", json!([["code", "=", code]]));
                    assert_eq!(call.arg("fields", ["code"]).send::<Value>().unwrap()[0]["code"], code);
                });
            }
        });

        if odoo.version().has(Difference::ApiDoc) {
            let languages: Vec<(String, String)> = odoo.call(Lang::get_installed().returns()).unwrap();
            assert!(languages.iter().any(|(code, _)| code == "en_US"), "{languages:?}");
            assert!(odoo.call(Users::has_group(&[odoo.uid().cast()], "base.group_user")).unwrap());
            assert!(odoo.api_doc::<Value>(Some("res.partner")).unwrap()["methods"].is_object());
        } else {
            let error = odoo.api_doc::<Value>(None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        }
    });
}

#[test]
#[ignore = "needs ODOO_URL"]
fn live_blocking_records() {
    on_every_wire("blocking records", |odoo, mark| {
        let acme = odoo.create(named(mark, "acme").set(Tag::COLOR, 1_i64)).unwrap();
        odoo.update(acme, Values::new().set(Tag::COLOR, 3_i64)).unwrap();
        let twin = odoo.copy(acme, named(mark, "twin")).unwrap();
        let ids = [acme, twin];

        let query = odoo.query::<Row>().filter(Tag::NAME.ilike(mark)).order_by(Tag::NAME.asc());
        let query = query.active_test(true).with_context(("lang", "en_US")).with_context(Context::new().tz("UTC"));
        let rows = query.fetch_all().unwrap();
        assert_eq!(rows.iter().map(|row| (row.id, row.color)).collect::<Vec<_>>(), [(acme, 3), (twin, 3)]);
        assert_eq!(query.first().unwrap().unwrap().name, format!("{mark} acme"));
        assert_eq!((query.count().unwrap(), query.exists().unwrap(), query.ids().unwrap()), (2, true, ids.to_vec()));
        assert_eq!(query.clone().filter(Tag::NAME.eq(format!("{mark} twin"))).one().unwrap().id, twin);
        assert_eq!(query.clone().one().err().unwrap().kind(), ErrorKind::Ambiguous);
        assert_eq!(query.clone().limit(10).offset(1).fetch_page().unwrap().records[0].id, twin);

        assert_eq!(odoo.read::<Row>(ids).unwrap().len(), 2);
        assert!(odoo.read_page::<Row>([acme]).unwrap().failures.is_empty());
        assert_eq!(odoo.search(Tag::NAME.eq(format!("{mark} acme"))).unwrap(), [acme]);
        assert_eq!(odoo.search_count(Tag::NAME.ilike(mark)).unwrap(), 2);
        let parents = odoo.group::<Tag>().filter(Tag::NAME.ilike(mark)).by(Tag::PARENT_ID).desc().limit(5).offset(0);
        let parents = parents.sum(Tag::COLOR).count_distinct(Tag::NAME).fetch_all().unwrap();
        let [none] = &parents[..] else { panic!("{} groups", parents.len()) };
        assert_eq!((none.key.is_none(), none.value, none.count), (true, (6, 2), 2));
        assert_eq!(odoo.name_search::<Tag>(mark, Domain::all(), 10).unwrap().len(), 2);
        assert!(odoo.default_get::<Tag>(["active"]).unwrap().get("active").is_some());
        assert_eq!(odoo.fields_get::<Tag>(["name"], ["type"]).unwrap()["name"]["type"], "char");
        assert!(odoo.has_access(Operation::Unlink, ids).unwrap());
        assert!(odoo.check::<Row>().unwrap().is_ok());
        odoo.delete(ids).unwrap();
        assert_eq!(odoo.search_count(Tag::ID.is_in(ids)).unwrap(), 0);
    });
}

#[test]
#[ignore = "needs ODOO_URL"]
fn live_blocking_many_records_and_streams() {
    on_every_wire("blocking many", |odoo, mark| {
        let tags = (0..7).map(|n| named(mark, &n.to_string()).set(Tag::COLOR, n));
        let ids = odoo.create_many(tags).max_records(3).max_bytes(100_000).send().unwrap();
        assert_eq!(ids.len(), 7);

        let own = odoo.query::<Row>().filter(Tag::NAME.ilike(mark));
        for query in [own.clone(), own.clone().order_by(Tag::COLOR.desc())] {
            let mut colors: Vec<i64> = query.page_size(2).stream().map(|row| row.unwrap().color).collect();
            if colors[0] == 6 {
                colors.reverse();
            }
            assert_eq!(colors, [0, 1, 2, 3, 4, 5, 6]);
        }
        // One that is not read to its end.
        assert_eq!(own.limit(5).page_size(2).stream().nth(2).unwrap().unwrap().color, 2);

        let update = odoo.update_many(ids.clone(), Values::new().set(Tag::COLOR, 9_i64));
        update.max_records(4).idempotent().send().unwrap();
        assert_eq!(odoo.search_count(Tag::ID.is_in(ids.clone()) & Tag::COLOR.eq(9)).unwrap(), 7);
        odoo.delete_many(ids.clone()).send().unwrap();
        assert_eq!(odoo.search_count(Tag::ID.is_in(ids)).unwrap(), 0);

        let xml_id = format!("__import__.{}", mark.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
        let rows = [[xml_id.clone(), format!("{mark} loaded")]];
        let loaded = odoo.load::<Tag, _, _>(["id", "name"], rows).unwrap().into_result().unwrap();
        assert_eq!(odoo.id_of::<Tag>(&xml_id).unwrap(), Some(loaded[0]));
        assert_eq!(odoo.ids_of::<Tag>([&*xml_id, "base.no_such_tag"]).unwrap(), [Some(loaded[0]), None]);
        assert_eq!(odoo.xml_ids_of(loaded.clone()).unwrap(), [Some(xml_id)]);
        odoo.delete(loaded).unwrap();
    });
}

#[test]
#[ignore = "needs ODOO_URL"]
fn live_blocking_files_and_translations() {
    on_every_wire("blocking files", |odoo, mark| {
        let partner = odoo.create(Values::new().set(Partner::NAME, format!("{mark} files"))).unwrap();
        let note = odoo.attach(partner, "note.txt", b"call back").unwrap();
        assert_eq!(odoo.attachments(partner).unwrap()[0].size, 9);
        assert_eq!(odoo.download(note).unwrap(), b"call back");
        assert_eq!(odoo.read_binary(partner, Partner::IMAGE_1920).unwrap(), None);
        let image = include_bytes!("../support/pixel.png");
        odoo.update(partner, Values::new().set(Partner::IMAGE_1920, Binary(image))).unwrap();
        assert!(odoo.read_binary(partner, Partner::IMAGE_1920).unwrap().is_some());

        let printed = odoo.report("base.report_irmodulereference", [1_i64], ReportFormat::Html);
        match odoo.wire() {
            WireKind::Json2 => assert_eq!(printed.unwrap_err().kind(), ErrorKind::Config),
            _ => assert!(String::from_utf8(printed.unwrap()).unwrap().contains("<html")),
        }

        let tag = odoo.create(named(mark, "translated")).unwrap();
        odoo.write_translations(tag, Tag::NAME, [("en_US", Some(&format!("{mark} in English")))]).unwrap();
        let all = odoo.translations(tag, Tag::NAME).unwrap();
        assert!(all.iter().any(|translation| translation.lang == "en_US"), "{all:?}");
        let values = Values::<View>::new().set(View::NAME_FIELD, mark).set_raw("type", "qweb");
        let view = odoo.create(values.set_raw("arch", "<t><p>World</p></t>")).unwrap();
        let error = odoo.write_term_translations(view, View::ARCH_DB, "xx_XX", [("World", "Monde")]).unwrap_err();
        assert!(!error.may_have_executed(), "{error}");
    });
}

#[test]
#[ignore = "needs ODOO_URL"]
fn live_blocking_sessions_and_keys() {
    on_every_wire("blocking keys", |odoo, mark| {
        let keys = odoo.api_keys();
        if odoo.wire() == WireKind::Json2 {
            assert_eq!(odoo.session_info().unwrap_err().kind(), ErrorKind::Config);
            assert!(odoo.session_id().is_none());
            return;
        }
        assert_eq!(odoo.session_info().unwrap().uid, odoo.uid());
        let new = keys.create(mark, end(odoo)).unwrap();
        let rotation = keys.rotate(new.id.unwrap(), None).unwrap();
        assert_ne!(rotation.new_key().id, new.id);
        let newer = rotation.finish().unwrap();
        keys.rotate(newer.id.unwrap(), None).unwrap().cancel().unwrap();
        for listed in [keys.list().unwrap(), keys.list_all().unwrap()] {
            let own = listed.into_iter().filter(|key| key.name.starts_with(mark)).map(|key| Some(key.id));
            assert_eq!(own.collect::<Vec<_>>(), [newer.id]);
        }
        keys.password(std::env::var("ODOO_PASSWORD").unwrap()).revoke(newer.id).unwrap();
        let again = server().session(odoo.session_id().unwrap()).connect_blocking().unwrap();
        assert_eq!((again.wire(), again.uid()), (WireKind::Session, odoo.uid()));
        again.log_out().unwrap();
        let error = again.model("res.users").call("context_get").send::<Value>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
    });
}
