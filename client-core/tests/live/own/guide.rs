//! Every operation of the guide (`src/guide.md`), in its order. What they do in detail is for the other live tests.

use std::time::Duration;

use odoo_client::client::WireKind;
use odoo_client::field::kind;
use odoo_client::ops::{HttpMethod, Operation, ReportFormat, Upsert, UpsertChange};
use odoo_client::version::Difference;
use odoo_client::{Binary, Client, ClientBuilder, Context, Domain, ErrorKind, Id, RetryPolicy, Timestamp, Values};
use serde_json::{Value, json};

use crate::own::records::{Partner, Tag, clean_up, mark, named, on_every_wire_with};
use crate::own::users::server;

model! { Country "res.country" {} }

model! { View "ir.ui.view" {
    NAME_FIELD "name" kind::Char;
    ARCH_DB "arch_db" kind::Text;
} }

#[derive(odoo_client::Record)]
#[odoo(model = Tag)]
struct Row {
    id: Id<Tag>,
    name: String,
}

/// Makes all the calls of the guide over every wire that the server has. `way` is what it takes to reach it.
pub(crate) async fn every_call_on_every_wire(
    test: &str,
    way: impl Fn(ClientBuilder) -> ClientBuilder + Clone + Send + Sync + 'static,
) {
    let test = test.to_owned();
    on_every_wire_with(way.clone(), move |odoo, builder| {
        let (mark, way) = (mark(&format!("{test} {}", odoo.wire())), way.clone());
        async move {
            let own = mark.clone();
            clean_up(&odoo.clone(), &["res.partner", "res.partner.category", "ir.ui.view"], &mark, async move {
                connected(&odoo, builder, &way).await;
                untyped(&odoo, &own).await;
                typed(&odoo, &own).await;
                many(&odoo, &own).await;
                files(&odoo, &own).await;
                translations(&odoo, &own).await;
                sessions_and_keys(&odoo, &own, &way).await;
                errors(&odoo).await;
            })
            .await;
        }
    })
    .await;
}

/// `builder` made the client.
async fn connected(odoo: &Client, builder: ClientBuilder, way: &impl Fn(ClientBuilder) -> ClientBuilder) {
    assert!(odoo.uid().get() > 0 && !odoo.user().is_empty() && odoo.url().starts_with("http"));
    assert_eq!(odoo.wire().removed_in().is_some(), odoo.wire() == WireKind::JsonRpc);
    let names = way(server()).databases().await.unwrap();
    assert!(names.iter().any(|name| name == odoo.database()));
    let [user, password] = ["ODOO_USER", "ODOO_PASSWORD"].map(|name| std::env::var(name).unwrap());
    let by_hand = way(server().database(odoo.database()).user(user).password(password));
    assert_eq!(by_hand.connect().await.unwrap().uid(), odoo.uid());

    let slow = builder.clone().with_context(Context::new().lang("en_US").tz("Europe/Paris").companies([1_i64]));
    let slow = slow.timeout(Duration::from_secs(600)).connect_timeout(Duration::from_secs(5));
    let slow = slow.read_timeout(Duration::from_secs(300)).max_response_bytes(1 << 30);
    let slow = slow.retry(RetryPolicy::new().attempts(8)).max_concurrent_calls(4).rate_limit(20.0);
    let slow = slow.connect().await.unwrap();
    assert_eq!((slow.context().get("tz"), slow.uid()), (Some(&"Europe/Paris".into()), odoo.uid()));
    assert!(slow.search_count(Domain::<Country>::all()).await.unwrap() > 200);
    let hosted = builder.odoo_com().connect().await.unwrap();
    assert!(hosted.search_count(Domain::<Country>::all()).await.unwrap() > 200);
}

async fn untyped(odoo: &Client, mark: &str) {
    let partners = odoo.model("res.partner");
    let created: Value = partners.call("create").arg("vals_list", json!([{"name": mark}])).send().await.unwrap();
    assert_eq!(created.as_array().map(Vec::len), Some(1));
    let found: Vec<i64> =
        partners.call("search").arg("domain", json!([["name", "=", mark]])).arg("limit", 3).send().await.unwrap();
    let read = partners.call("read").ids(found.clone()).arg("fields", ["name"]).with_context(("lang", "en_US"));
    assert_eq!(read.send::<Value>().await.unwrap()[0]["name"], *mark);
    let write = partners.call("write").ids(found).arg("vals", json!({"comment": "vip"}));
    let write = write.idempotent().timeout(Duration::from_secs(60)).retry(RetryPolicy::never());
    assert!(write.send::<bool>().await.unwrap());
    let all = odoo.with_context(Context::new().active_test(false)).model("res.partner");
    assert!(all.call("search_count").arg("domain", json!([])).send::<i64>().await.unwrap() > 0);
}

async fn typed(odoo: &Client, mark: &str) {
    let acme = odoo.create(named(mark, "acme")).await.unwrap();
    odoo.update(acme, Values::new().set(Tag::COLOR, 3_i64)).await.unwrap();
    let twin = odoo.copy(acme, named(mark, "twin")).await.unwrap();
    let query = odoo.query::<Row>().filter(Tag::NAME.ilike(mark)).order_by(Tag::NAME.asc());
    let ids = [acme, twin];
    assert_eq!(query.fetch_all().await.unwrap().iter().map(|row| row.id).collect::<Vec<_>>(), ids);
    assert_eq!(query.first().await.unwrap().unwrap().name, format!("{mark} acme"));
    assert_eq!((query.count().await.unwrap(), query.exists().await.unwrap()), (2, true));
    assert_eq!(query.ids().await.unwrap(), ids);
    assert_eq!(query.clone().filter(Tag::NAME.eq(format!("{mark} twin"))).one().await.unwrap().id, twin);
    assert_eq!(query.clone().limit(10).offset(1).fetch_page().await.unwrap().records.len(), 1);
    let mut stream = query.page_size(1).stream();
    let mut streamed = 0;
    while let Some(row) = stream.next().await {
        row.unwrap();
        streamed += 1;
    }
    assert_eq!(streamed, 2);
    assert_eq!(odoo.read::<Row>(ids).await.unwrap().len(), 2);
    assert_eq!(odoo.get::<Row>(acme).await.unwrap().unwrap().id, acme);
    assert!(odoo.read_page::<Row>([acme]).await.unwrap().failures.is_empty());
    assert_eq!(odoo.search(Tag::NAME.eq(format!("{mark} acme"))).await.unwrap(), [acme]);
    assert!(odoo.search_count(Domain::<Tag>::all()).await.unwrap() >= 2);
    let colours = odoo.group::<Tag>().filter(Tag::NAME.ilike(mark)).by(Tag::COLOR).fetch_all().await.unwrap();
    assert!(colours.iter().any(|group| group.count > 0));
    let found = odoo.name_search::<Tag>(mark, Domain::all(), 10).await.unwrap();
    assert_eq!(found.len(), 2);
    assert!(odoo.default_get::<Tag>(["active"]).await.unwrap().get("active").is_some());
    assert_eq!(odoo.fields_get::<Tag>(["name"], ["type"]).await.unwrap()["name"]["type"], "char");
    assert!(odoo.has_access(Operation::Unlink, ids).await.unwrap());
    assert!(odoo.check::<Row>().await.unwrap().is_ok());
    odoo.delete(ids).await.unwrap();
    assert!(odoo.get::<Row>(acme).await.unwrap().is_none());
    if odoo.version().has(Difference::ApiDoc) {
        let doc: Value = odoo.api_doc(Some("res.partner")).await.unwrap();
        assert!(doc["methods"].is_object());
    }
    let about: Value = odoo.json_route("/web/webclient/version_info").without_login().send().await.unwrap();
    assert_eq!(about["server_version"], odoo.version().as_str());
    assert_eq!(odoo.http(HttpMethod::Get, "/logo.png").without_login().send().await.unwrap().status(), 200);
    let version: Value = odoo.service("common", "version", [(); 0]).await.unwrap();
    assert_eq!(version["server_serie"], odoo.version().series());
}

async fn many(odoo: &Client, mark: &str) {
    let tags = (0..5).map(|n| named(mark, &format!("tag {n}")));
    let ids = odoo.create_many(tags).max_records(2).max_bytes(100_000).send().await.unwrap();
    assert_eq!(ids.len(), 5);
    let update = odoo.update_many(ids.clone(), Values::new().set(Tag::COLOR, 3_i64));
    update.max_records(3).idempotent().send().await.unwrap();
    odoo.delete_many(ids).send().await.unwrap();

    let xml_id = format!("__import__.{}", mark.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    let upserted = odoo.upsert(Upsert::xml_id(&*xml_id, named(mark, "upserted"))).await.unwrap();
    assert_eq!(upserted.change, UpsertChange::Created);
    let report = odoo.upsert_many([Upsert::xml_id(&*xml_id, named(mark, "upserted"))]).send().await.unwrap();
    assert_eq!(report.count(UpsertChange::Unchanged), 1, "{report}");
    let rows = [[xml_id.clone(), format!("{mark} loaded")]];
    let loaded = odoo.load::<Tag, _, _>(["id", "name"], rows).await.unwrap().into_result().unwrap();
    assert_eq!(odoo.id_of::<Tag>(&xml_id).await.unwrap(), Some(loaded[0]));
    odoo.delete(loaded).await.unwrap();

    let both = odoo.ids_of::<Country>(["base.be", "base.fr"]).await.unwrap();
    let names = odoo.xml_ids_of(both.into_iter().flatten()).await.unwrap();
    assert_eq!(names, [Some("base.be".to_owned()), Some("base.fr".to_owned())]);
}

async fn files(odoo: &Client, mark: &str) {
    let partner = odoo.create(Values::new().set(Partner::NAME, format!("{mark} files"))).await.unwrap();
    let note = odoo.attach(partner, "note.txt", b"call back").await.unwrap();
    assert_eq!(odoo.attachments(partner).await.unwrap()[0].size, 9);
    assert_eq!(odoo.download(note).await.unwrap(), b"call back");
    // A picture of one point.
    let image = b"GIF87a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    odoo.update(partner, Values::new().set(Partner::IMAGE_1920, Binary(image))).await.unwrap();
    assert!(odoo.read_binary(partner, Partner::IMAGE_1920).await.unwrap().is_some());

    let printed = odoo.report("base.report_irmodulereference", [1_i64], ReportFormat::Html).await;
    if odoo.wire() == WireKind::Json2 {
        assert_eq!(printed.unwrap_err().kind(), ErrorKind::Config);
    } else {
        assert!(printed.unwrap().trim_ascii_start().starts_with(b"<"));
    }
}

async fn translations(odoo: &Client, mark: &str) {
    let tag = odoo.create(named(mark, "translated")).await.unwrap();
    odoo.write_translations(tag, Tag::NAME, [("en_US", Some(&format!("{mark} in English")))]).await.unwrap();
    let all = odoo.translations(tag, Tag::NAME).await.unwrap();
    assert!(all.iter().any(|translation| translation.lang == "en_US"), "{all:?}");

    let values = Values::<View>::new().set(View::NAME_FIELD, mark).set_raw("type", "qweb");
    let view = odoo.create(values.set_raw("arch", "<t><p>World</p></t>")).await.unwrap();
    let written = odoo.write_term_translations(view, View::ARCH_DB, "en_US", [("no such term", "x")]).await;
    // Before 16 Odoo translates terms only where there is another language; tests/live/ops_files.rs looks closer.
    let langs: i64 = odoo.model("res.lang").call("search_count").arg("domain", json!([])).send().await.unwrap();
    if langs == 1 && !odoo.version().has(Difference::TranslationsInRecord) {
        assert_eq!(written.unwrap_err().kind(), ErrorKind::User);
    } else {
        written.unwrap();
    }
}

async fn sessions_and_keys(odoo: &Client, mark: &str, way: &impl Fn(ClientBuilder) -> ClientBuilder) {
    let keys = odoo.api_keys();
    keys.list().await.unwrap();
    keys.list_all().await.unwrap();
    let end = odoo.version().has(Difference::KeysExpire).then(|| Timestamp::now() + Duration::from_secs(86_400));
    if odoo.wire() == WireKind::Json2 {
        assert_eq!(odoo.session_info().await.unwrap_err().kind(), ErrorKind::Config);
        assert_eq!(keys.create(mark, end).await.unwrap_err().kind(), ErrorKind::Config);
        assert!(odoo.session_id().is_none());
        return;
    }
    assert_eq!(odoo.session_info().await.unwrap().uid, odoo.uid());
    let new = keys.create(mark, end).await.unwrap();
    let rotation = keys.rotate(new.id.unwrap(), None).await.unwrap();
    assert!(rotation.new_key().id.is_some());
    let newer = rotation.finish().await.unwrap();
    keys.rotate(newer.id.unwrap(), None).await.unwrap().cancel().await.unwrap();
    keys.password(std::env::var("ODOO_PASSWORD").unwrap()).revoke(newer.id).await.unwrap();
    let again = way(server().session(odoo.session_id().unwrap()));
    let again = again.connect().await.unwrap();
    again.log_out().await.unwrap();
}

async fn errors(odoo: &Client) {
    let write = odoo.model("res.partner").call("write").ids([999_999_999]).arg("vals", json!({"name": "x"}));
    let error = write.send::<bool>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.ids(), error.model()),
        (ErrorKind::Missing, &[999_999_999][..], Some("res.partner"))
    );
    assert!(error.server_message().is_some() && !error.may_have_executed() && !error.is_retryable());
    assert_eq!(error.attempts(), 1);
}
