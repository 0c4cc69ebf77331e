//! Context, commands, bulk, import, external ids and access, against a real Odoo: the one that `ODOO_URL` and the other
//! variables name, with demo data.

use crate::own::records::{Partner, Tag, clean_up, demo, mark, named, on_every_wire};
use odoo_client::ops::Operation;
use odoo_client::{Client, Command, Context, Domain, ErrorKind, Id, Ids, Model, Values};
use serde_json::{Value, json};

const TAGS: &str = Tag::ODOO_NAME;

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_contexts_of_clients_and_calls() {
    on_every_wire(contexts_of_clients_and_calls).await;
}

async fn contexts_of_clients_and_calls(odoo: Client) {
    let mark = mark("context");
    clean_up(&odoo.clone(), &[TAGS], &mark.clone(), async move {
        odoo.create(named(&mark, "gone").set(Tag::ACTIVE, false)).await.unwrap();
        let own = || Tag::NAME.ilike(&mark);
        let all = odoo.with_context(Context::new().active_test(false));
        assert_eq!(odoo.search_count(own()).await.unwrap(), 0);
        assert_eq!(all.search_count(own()).await.unwrap(), 1);
        assert_eq!(all.uid(), odoo.uid());
        // The call's own context wins.
        let call = all.model(TAGS).call("search_count").arg("domain", own());
        let call = call.with_context(Context::new().active_test(true));
        assert_eq!(call.send::<u64>().await.unwrap(), 0);

        let users = odoo.model("res.users").call("read").ids([odoo.uid()]).arg("fields", ["company_id"]);
        let user: Value = users.send().await.unwrap();
        let company = user[0]["company_id"][0].as_i64().unwrap();
        let of_company = odoo.with_context(Context::new().company(company).tz("Europe/Brussels"));
        assert_eq!(of_company.context().get("allowed_company_ids"), Some(&json!([company])));
        of_company.search_count(Domain::<Partner>::all()).await.unwrap();
        let foreign = odoo.with_context(Context::new().companies([company, 999_999]));
        let error = foreign.model("res.company").call("search").arg("domain", json!([])).send::<Value>().await;
        // A company that the user does not have is noticed where the company counts, and not by all versions.
        assert!(error.is_ok() || error.unwrap_err().kind() == ErrorKind::Access);
    })
    .await;
}

async fn read(odoo: &Client, model: &'static str, id: i64, field: &'static str) -> Value {
    let mut rows: Value = odoo.model(model).call("read").ids([id]).arg("fields", [field]).send().await.unwrap();
    rows[0][field].take()
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_commands_do_to_x2many_fields_what_they_say() {
    on_every_wire(commands_do_to_x2many_fields_what_they_say).await;
}

async fn commands_do_to_x2many_fields_what_they_say(odoo: Client) {
    let mark = mark("commands");
    clean_up(&odoo.clone(), &["res.partner", TAGS], &mark.clone(), async move {
        let a = odoo.create(named(&mark, "a")).await.unwrap();
        let b = odoo.create(named(&mark, "b")).await.unwrap();
        let tags = [Command::link(a), Command::create(named(&mark, "c"))];
        let child = |name: &str| Values::new().set(Partner::NAME, format!("{mark} {name}"));
        let partner = odoo
            .create(
                Values::new()
                    .set(Partner::NAME, format!("{mark} parent"))
                    .set(Partner::CATEGORY_ID, tags)
                    .set(Partner::CHILD_IDS, vec![Command::create(child("one")), Command::create(child("two"))]),
            )
            .await
            .unwrap();
        let of = |field| read(&odoo, "res.partner", partner.get(), field);
        let tags = async || -> Vec<i64> {
            let mut ids: Vec<i64> = serde_json::from_value(of("category_id").await).unwrap();
            ids.sort_unstable();
            ids
        };
        let write = async |command| {
            odoo.update([partner], Values::new().set(Partner::CATEGORY_ID, [command])).await.unwrap();
            tags().await
        };
        let first = tags().await;
        assert_eq!((first.len(), first[0]), (2, a.get()));
        let c = Id::<Tag>::new(first[1]);
        assert_eq!(write(Command::unlink(a)).await, [c.get()]);
        assert_eq!(write(Command::set([a, b])).await, [a.get(), b.get()]);
        assert_eq!(write(Command::update(a, named(&mark, "renamed"))).await, [a.get(), b.get()]);
        assert_eq!(read(&odoo, TAGS, a.get(), "name").await, format!("{mark} renamed"));
        assert_eq!(write(Command::delete(b)).await, [a.get()]);
        assert_eq!(odoo.search_count(Tag::NAME.eq(format!("{mark} b"))).await.unwrap(), 0);
        assert_eq!(write(Command::clear()).await, [0_i64; 0]);
        // Unlinked, not deleted.
        assert_eq!(odoo.search_count(Tag::NAME.ilike(&mark)).await.unwrap(), 2);

        let children: Vec<i64> = serde_json::from_value(of("child_ids").await).unwrap();
        let [one, two] = children[..] else { panic!("{children:?}") };
        let lines = [Command::update(Id::new(one), child("uno")), Command::delete(Id::new(two))];
        odoo.update([partner], Values::new().set(Partner::CHILD_IDS, lines)).await.unwrap();
        assert_eq!(of("child_ids").await, json!([one]));
        assert_eq!(read(&odoo, "res.partner", one, "name").await, format!("{mark} uno"));
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_many_records_in_chunks_and_where_it_stopped() {
    on_every_wire(many_records_in_chunks_and_where_it_stopped).await;
}

async fn many_records_in_chunks_and_where_it_stopped(odoo: Client) {
    let mark = mark("bulk");
    clean_up(&odoo.clone(), &["res.partner", TAGS], &mark.clone(), async move {
        let tags = (0..25_i64).map(|n| named(&mark, &n.to_string()).set(Tag::COLOR, n % 12));
        let ids = odoo.create_many(tags).max_records(10).send().await.unwrap();
        let rows = odoo.model(TAGS).call("read").ids(ids.clone()).arg("fields", ["name"]);
        let rows: Value = rows.send().await.unwrap();
        for (n, id) in ids.iter().enumerate() {
            assert_eq!((&rows[n]["id"], &rows[n]["name"]), (&json!(id), &json!(format!("{mark} {n}"))));
        }

        odoo.update_many(ids.clone(), Values::new().set(Tag::COLOR, 11_i64)).max_records(7).send().await.unwrap();
        assert_eq!(odoo.search_count(Tag::NAME.ilike(&mark) & Tag::COLOR.eq(11_i64)).await.unwrap(), 25);

        // The fourth partner has no name: the chunk of the third and fourth is refused as a whole.
        let partners = (0..6).map(|n| match n {
            3 => Values::new(),
            n => Values::new().set(Partner::NAME, format!("{mark} {n}")),
        });
        let mut report = odoo.create_many(partners).max_records(2).send().await.unwrap_err();
        assert_eq!((report.created.len(), report.in_doubt.len(), report.left.len()), (2, 0, 4), "{report:?}");
        assert_eq!(report.error.kind(), ErrorKind::Validation);
        assert_eq!(odoo.search_count(Partner::NAME.ilike(&mark)).await.unwrap(), 2);
        report.left[1] = Values::new().set(Partner::NAME, format!("{mark} 3"));
        let ids = report.resume(&odoo).await.unwrap();
        let names: Value =
            odoo.model("res.partner").call("read").ids(ids.clone()).arg("fields", ["name"]).send().await.unwrap();
        let names: Vec<&str> = names.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, (0..6).map(|n| format!("{mark} {n}")).collect::<Vec<_>>());

        let nobody = Id::new(999_999_999);
        let some = [ids[0], ids[1], nobody, ids[2], ids[3]];
        let report = odoo
            .update_many(some, Values::new().set(Partner::NAME, format!("{mark} x")))
            .max_records(2)
            .send()
            .await
            .unwrap_err();
        assert_eq!((report.done.len(), report.in_doubt.len(), report.left.len()), (2, 0, 3), "{report:?}");
        assert_eq!(report.error.kind(), ErrorKind::Missing);
        // Whether deleting what is gone is an error is up to the model: here it is, and the chunk's other one stays.
        let report = odoo.delete_many(some).max_records(2).send().await.unwrap_err();
        assert_eq!((&report.done[..], &report.left[..]), (&some[..2], &some[2..]), "{report:?}");
        assert_eq!(report.error.kind(), ErrorKind::Missing);
        assert_eq!(odoo.search_count(Partner::ID.eq(ids[2])).await.unwrap(), 1);
        odoo.delete([] as [Id<Partner>; 0]).await.unwrap();
        let tag = odoo.create(named(&mark, "gone")).await.unwrap();
        odoo.delete([tag]).await.unwrap();
        odoo.delete([tag, Id::new(999_999_999)]).await.unwrap();
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_load_creates_updates_and_refuses_row_by_row() {
    on_every_wire(load_creates_updates_and_refuses_row_by_row).await;
}

async fn load_creates_updates_and_refuses_row_by_row(odoo: Client) {
    let mark = mark("load");
    clean_up(&odoo.clone(), &["res.partner", TAGS], &mark.clone(), async move {
        let xml_id = |name: &str| format!("odoo_client_{}.load_{name}", std::process::id());
        let name = |name: &str| format!("{mark} {name}");
        let columns = ["id", "name", "color"];
        let load = async |rows: [[String; 3]; 2]| odoo.load::<Tag, _, _>(columns, rows).await.unwrap();
        let row = |id: &str, color: &str| [xml_id(id), name(id), color.to_owned()];

        let first = load([row("a", "3"), row("b", "4")]).await.into_result().unwrap();
        let again = load([[xml_id("a"), name("a2"), "5".into()], row("c", "6")]).await.into_result().unwrap();
        assert_eq!((first.len(), again.len(), first[0]), (2, 2, again[0]));
        assert_eq!(read(&odoo, TAGS, first[0].get(), "name").await, name("a2"));

        // Both ways, by position, and what there is none of.
        let asked = [xml_id("c"), xml_id("none"), xml_id("b")];
        assert_eq!(odoo.ids_of::<Tag>(&asked).await.unwrap(), [Some(again[1]), None, Some(first[1])]);
        let plain = odoo.create(named(&mark, "plain")).await.unwrap();
        let known = odoo.xml_ids_of([first[1], plain, again[1], Id::new(999_999_999)]).await.unwrap();
        assert_eq!(known, [Some(xml_id("b")), None, Some(xml_id("c")), None]);

        let refused = load([row("d", "no number"), row("e", "1")]).await;
        assert!(refused.ids.is_empty(), "{refused:?}");
        let message = &refused.messages[0];
        assert_eq!((message.is_error, message.first_row, message.field.as_deref()), (true, 0, Some("color")));
        assert!(message.text.contains("no number"), "{message:?}");
        let error = refused.into_result().unwrap_err();
        assert_eq!((error.kind(), error.method()), (ErrorKind::Validation, Some("load")), "{error}");
        assert!(error.to_string().contains("row 0: "), "{error}");
        assert_eq!(odoo.id_of::<Tag>(&xml_id("e")).await.unwrap(), None);

        // An external id of another model: 14 would overwrite the tag with the partner's number.
        let stolen = [["base.main_partner".to_owned(), name("stolen")]];
        let outcome = odoo.load::<Tag, _, _>(["id", "name"], stolen).await;
        let error = outcome.and_then(odoo_client::ops::Loaded::into_result).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
        assert!(
            error.to_string().contains("base.main_partner") && error.to_string().contains("res.partner"),
            "{error}"
        );
        let partner: Option<Id<Partner>> = odoo.id_of("base.main_partner").await.unwrap();
        assert_eq!(partner, Some(Id::new(1)));
        assert_eq!(odoo.search_count(Tag::NAME.eq(name("stolen"))).await.unwrap(), 0);
        let error = odoo.load::<Tag, _, _>(["id", "nope"], [["", "x"]]).await.unwrap_err();
        assert_eq!((error.kind(), error.method()), (ErrorKind::UnknownField, Some("load")), "{error}");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_lines_without_an_external_id_are_doubled_by_a_second_load() {
    on_every_wire(lines_without_an_external_id_are_doubled_by_a_second_load).await;
}

async fn lines_without_an_external_id_are_doubled_by_a_second_load(odoo: Client) {
    let mark = mark("lines");
    clean_up(&odoo.clone(), &["res.partner"], &mark.clone(), async move {
        let partners = odoo.model("res.partner");
        for (line, twice) in [(None, 4), (Some("line"), 2)] {
            let xml_id = |name: &str| format!("odoo_client_{}.{name}_{}", std::process::id(), line.is_some());
            // Contacts of a company: lines of a record without further conditions.
            let mut columns = vec!["id", "name", "child_ids/name"];
            let mut rows = vec![vec![xml_id("company"), format!("{mark} company")], vec![String::new(); 2]];
            for (at, row) in rows.iter_mut().enumerate() {
                row.push(format!("{mark} contact {at}"));
                row.extend(line.map(|line| xml_id(&format!("{line}_{at}"))));
            }
            columns.extend(line.map(|_| "child_ids/id"));
            let mut company = Vec::new();
            for _ in 0..2 {
                company =
                    odoo.load::<Partner, _, _>(columns.clone(), rows.clone()).await.unwrap().into_result().unwrap();
            }
            let read = partners.call("read").ids(company).arg("fields", ["child_ids"]);
            let read: Value = read.send().await.unwrap();
            assert_eq!(read[0]["child_ids"].as_array().unwrap().len(), twice, "{read}");
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_external_ids_for_everybody() {
    on_every_wire(external_ids_for_everybody).await;
}

async fn external_ids_for_everybody(admin: Client) {
    for odoo in [admin, demo().await] {
        let ids = odoo.ids_of::<Partner>(["base.main_partner", "base.no_such_partner"]).await.unwrap();
        assert_eq!(ids, [Some(Id::new(1)), None], "{odoo:?}");
        let error = odoo.id_of::<Tag>("base.main_partner").await.unwrap_err();
        assert!(error.to_string().contains("that of res.partner(1), not of a res.partner.category"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(odoo.id_of::<Tag>("main_partner").await.unwrap_err().kind(), ErrorKind::Encode);
        assert_eq!(odoo.xml_ids_of([Id::<Partner>::new(1)]).await.unwrap(), [Some("base.main_partner".to_owned())]);
        assert!(odoo.xml_ids_of([] as [Id<Partner>; 0]).await.unwrap().is_empty());
        // Archived: the partner of the system's own user.
        let root: Option<Id<Partner>> = odoo.id_of("base.partner_root").await.unwrap();
        assert!(root.is_some(), "{odoo:?}");
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_names_defaults_fields_and_copies() {
    on_every_wire(names_defaults_fields_and_copies).await;
}

async fn names_defaults_fields_and_copies(odoo: Client) {
    let mark = mark("names");
    clean_up(&odoo.clone(), &[TAGS], &mark.clone(), async move {
        let a = odoo.create(named(&mark, "a").set(Tag::COLOR, 5_i64)).await.unwrap();
        let b = odoo.create(named(&mark, "b").set(Tag::COLOR, 6_i64)).await.unwrap();
        let found = odoo.name_search(&mark, Tag::COLOR.ge(0_i64), 10).await.unwrap();
        assert_eq!(found.iter().map(odoo_client::Many2one::id).collect::<Vec<_>>(), [a, b]);
        assert_eq!(found[0].name(), Some(&*format!("{mark} a")));
        assert_eq!(odoo.name_search(&mark, Tag::COLOR.eq(6_i64), 10).await.unwrap().len(), 1);
        assert_eq!(odoo.name_search(&mark, Domain::<Tag>::all(), 1).await.unwrap().len(), 1);

        let copy = odoo.copy(a, named(&mark, "copy")).await.unwrap();
        assert!(copy != a);
        assert_eq!(read(&odoo, TAGS, copy.get(), "color").await, 5);
        assert_eq!(read(&odoo, TAGS, copy.get(), "name").await, format!("{mark} copy"));
        let error = odoo.copy(Id::<Tag>::new(999_999_999), Values::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing, "{error}");

        let defaults = odoo.default_get::<Tag>(["active", "name"]).await.unwrap();
        assert_eq!((defaults.get("active"), defaults.get("name")), (Some(&json!(true)), None));
        let with = odoo.with_context(Context::new().set("default_name", "x"));
        assert_eq!(with.default_get::<Tag>(["name"]).await.unwrap().get("name"), Some(&json!("x")));

        let fields = odoo.fields_get::<Tag>(["name", "parent_id"], ["type", "relation"]).await.unwrap();
        assert_eq!(fields.len(), 2);
        assert_eq!((&fields["name"]["type"], &fields["parent_id"]["relation"]), (&json!("char"), &json!(TAGS)));
        let all = odoo.fields_get::<Tag>([""; 0], [""; 0]).await.unwrap();
        assert!(all.len() > 10 && all["name"].len() > 5, "{all:?}");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_access_of_two_users() {
    on_every_wire(access_of_two_users).await;
}

async fn access_of_two_users(admin: Client) {
    model! { Parameter "ir.config_parameter" {} }
    model! { Country "res.country" {} }
    let demo = demo().await;
    let (partner, country) = ([Id::<Partner>::new(1)], [Id::<Country>::new(1)]);
    for operation in [Operation::Read, Operation::Write, Operation::Create, Operation::Unlink] {
        assert!(admin.has_access(operation, partner).await.unwrap(), "{operation}");
        assert!(admin.has_access(operation, Ids::<Parameter>::EMPTY).await.unwrap(), "{operation}");
        assert!(!demo.has_access(operation, Ids::<Parameter>::EMPTY).await.unwrap(), "{operation}");
        assert_eq!(demo.has_access(operation, country).await.unwrap(), operation == Operation::Read, "{operation}");
    }
    assert!(demo.has_access(Operation::Read, partner).await.unwrap());
}
