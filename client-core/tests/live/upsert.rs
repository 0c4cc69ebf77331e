//! Records that are created once and changed after, on the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name
//! (an administrator). What they create they delete.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::own::records::{Partner, Tag, clean_up, mark, on_every_wire};
use crate::own::relay::{Request, host, listen};
use odoo_client::field::kind;
use odoo_client::ops::{Upsert, UpsertChange, UpsertReport};
use odoo_client::{Client, ClientBuilder, Command, Error, ErrorKind, Id, Model, RetryPolicy, Values};
use serde_json::{Value, json};

model! { Order "sale.order" {
    CLIENT_ORDER_REF "client_order_ref" kind::Char;
    PARTNER_ID "partner_id" kind::Many2one<Partner>;
    DATE_ORDER "date_order" kind::Datetime;
    ORDER_LINE "order_line" kind::One2many<Line>;
} }

model! { Line "sale.order.line" {
    PRODUCT_ID "product_id" kind::Many2one<Product>;
    QTY "product_uom_qty" kind::Float;
    PRICE_UNIT "price_unit" kind::Float;
} }

model! { Product "product.product" {} }

/// The module of a test's external ids.
fn module(mark: &str) -> String {
    mark.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

/// Deletes the external ids that outlast their records: of a module, and of natural keys that begin so.
async fn forget(odoo: &Client, module: &str, keys: &str) {
    let data = odoo.model("ir.model.data");
    let keys = format!("%\\_\\_ref\\_\\_odoo-client-{keys}-%");
    let own = json!(["|", ["module", "=", module], ["name", "=like", keys]]);
    let left: Vec<i64> = data.call("search").arg("domain", own).send().await.unwrap();
    data.call("unlink").ids(left).send::<bool>().await.unwrap();
}

fn counts<M>(report: &UpsertReport<M>) -> [usize; 4] {
    let count = |change| report.count(change);
    use UpsertChange::{Created, Unchanged, Updated};
    [count(Created), count(Updated), count(Unchanged), report.failed().count()]
}

fn tag(module: &str, mark: &str, number: i64, color: i64) -> Upsert<Tag> {
    let values = Values::new().set(Tag::NAME, format!("{mark} {number}")).set(Tag::COLOR, color);
    Upsert::xml_id(format!("{module}.tag_{number}"), values)
}

async fn dates(odoo: &Client, mark: &str) -> Value {
    let own = json!([["name", "=like", format!("{mark}%")]]);
    let call = odoo.model(Tag::ODOO_NAME).call("search_read").arg("domain", own).arg("fields", ["write_date"]);
    call.arg("order", "id").send().await.unwrap()
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_records_are_created_once_and_changed_after() {
    on_every_wire(|odoo| async move {
        let mark = mark("upsert");
        let module = module(&mark);
        let client = odoo.clone();
        let (own, kept) = (mark.clone(), module.clone());
        clean_up(&client, &[Tag::ODOO_NAME], &mark, async move {
            let (mark, module) = (own, kept);
            let tags = |color: fn(i64) -> i64| {
                let (mark, module) = (mark.clone(), module.clone());
                (0..30).map(move |number| tag(&module, &mark, number, color(number)))
            };
            let report = odoo.upsert_many(tags(|_| 3)).max_records(20).send().await.unwrap();
            assert_eq!(counts(&report), [30, 0, 0, 0], "{report}");
            let before = dates(&odoo, &mark).await;
            let again = odoo.upsert_many(tags(|_| 3)).send().await.unwrap();
            assert_eq!(counts(&again), [0, 0, 30, 0], "{again}");
            assert_eq!(dates(&odoo, &mark).await, before, "nothing was written");
            let changed = odoo.upsert_many(tags(|number| if number == 7 { 4 } else { 3 })).send().await.unwrap();
            assert_eq!(counts(&changed), [0, 1, 29, 0], "{changed}");
            let ids: Vec<Id<Tag>> = report.records.into_iter().map(|record| record.unwrap().id).collect();
            assert_eq!(changed.records.into_iter().map(|record| record.unwrap().id).collect::<Vec<_>>(), ids);

            // What is wrong with one is no other's fault.
            let dead = odoo.upsert(tag(&module, &mark, 90, 1)).await.unwrap().id;
            let data: Vec<i64> = {
                let own = json!([["module", "=", module], ["name", "=", "tag_90"]]);
                odoo.model("ir.model.data").call("search").arg("domain", own).send().await.unwrap()
            };
            let point = odoo.model("ir.model.data").call("write").ids(data).arg("vals", json!({"res_id": 999_999_999}));
            point.send::<bool>().await.unwrap();
            let named = |name: &str| Values::new().set(Tag::NAME, format!("{mark} {name}"));
            let wrong = vec![
                tag(&module, &mark, 90, 1),
                Upsert::xml_id("base.main_partner", named("other")),
                Upsert::xml_id(format!("{module}.child"), named("child"))
                    .refer(Tag::PARENT_ID, format!("{module}.nobody")),
                Upsert::xml_id(format!("{module}.wrong"), named("wrong")).refer(Tag::PARENT_ID, "base.main_partner"),
                Upsert::xml_id(format!("{module}.nameless"), Values::new().clear(Tag::NAME)),
                Upsert::xml_id("no external id", named("a")),
                Upsert::xml_id(format!("{module}.good"), named("good"))
                    .refer(Tag::PARENT_ID, format!("{module}.tag_1")),
                Upsert::xml_id(format!("{module}.good"), named("twice")),
            ];
            let report = odoo.upsert_many(wrong).send().await.unwrap();
            let kinds: Vec<_> = report.failed().map(|(at, error)| (at, error.kind())).collect();
            let expected = [
                (0, ErrorKind::Missing),
                (1, ErrorKind::Validation),
                (2, ErrorKind::Missing),
                (3, ErrorKind::Validation),
                (4, ErrorKind::Validation),
                (5, ErrorKind::Encode),
            ];
            assert_eq!(kinds, expected, "{:?}", report.records);
            let words: Vec<String> = report.failed().map(|(_, error)| error.to_string()).collect();
            assert!(words[0].contains("res.partner.category(999999999), which was deleted"), "{}", words[0]);
            assert!(words[1].contains("is of res.partner(1), and not of a res.partner.category"), "{}", words[1]);
            assert!(words[2].contains(".nobody`, and no record has that external id"), "{}", words[2]);
            assert_eq!(counts(&report), [1, 1, 0, 6], "{report}");
            odoo.delete(dead).await.unwrap();
        })
        .await;
        forget(&client, &module, "none").await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_natural_key_makes_one_record() {
    on_every_wire(|odoo| async move {
        let mark = mark("upsert ref");
        let (client, own) = (odoo.clone(), mark.clone());
        clean_up(&client, &[Partner::ODOO_NAME], &mark, async move {
            let mark = own;
            let key = format!("odoo-client-key-{} {}", std::process::id(), odoo.wire());
            let partner = |name: &str| {
                Upsert::by(Partner::REF, key.clone(), Values::new().set(Partner::NAME, format!("{mark} {name}")))
            };
            let first = odoo.upsert(partner("a")).await.unwrap();
            let same = odoo.upsert(partner("a")).await.unwrap();
            let other = odoo.upsert(partner("b")).await.unwrap();
            use UpsertChange::{Created, Unchanged, Updated};
            assert_eq!([first.change, same.change, other.change], [Created, Unchanged, Updated]);
            assert_eq!([same.id, other.id], [first.id; 2]);
            // Archived, it is found as well.
            odoo.model(Partner::ODOO_NAME)
                .call("write")
                .ids([first.id])
                .arg("vals", json!({"active": false}))
                .send::<bool>()
                .await
                .unwrap();
            assert_eq!(odoo.upsert(partner("d")).await.unwrap().id, first.id);
            // One that was made otherwise is found, and two are one too many.
            let copy =
                odoo.copy(first.id, Values::new().set(Partner::NAME, &*mark).set(Partner::REF, &*key)).await.unwrap();
            let error = odoo.upsert(partner("c")).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Ambiguous, "{error}");
            odoo.delete(first.id).await.unwrap();
            odoo.model(Partner::ODOO_NAME)
                .call("write")
                .ids([copy])
                .arg("vals", json!({"active": false}))
                .send::<bool>()
                .await
                .unwrap();
            assert_eq!(odoo.upsert(partner("c")).await.unwrap().id, copy);
        })
        .await;
        forget(&client, &module(&mark), "key").await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_an_order_with_lines_that_come_and_go() {
    on_every_wire(|odoo| async move {
        let products = odoo.model("product.product").call("search").arg("domain", json!([["sale_ok", "=", true]]));
        let products: Vec<i64> = products.arg("limit", 2).send().await.unwrap();
        let mark = mark("upsert order");
        let module = module(&mark);
        let customer =
            odoo.upsert(Upsert::xml_id(format!("{module}.customer"), Values::new().set(Partner::NAME, &*mark)));
        let customer = customer.await.unwrap().id;
        let line = |number: usize, quantity: f64| {
            let values = Values::new().set(Line::PRODUCT_ID, Id::new(products[number % 2])).set(Line::QTY, quantity);
            Upsert::xml_id(format!("{module}.line_{number}"), values.set(Line::PRICE_UNIT, 12.5))
        };
        let order = |lines: Vec<Upsert<Line>>| {
            let at = "2026-03-04T05:06:07Z".parse::<odoo_client::Timestamp>().unwrap();
            let values = Values::new().set(Order::CLIENT_ORDER_REF, &*mark).set(Order::DATE_ORDER, at);
            let order = Upsert::xml_id(format!("{module}.order"), values);
            order.refer(Order::PARTNER_ID, format!("{module}.customer")).lines(Order::ORDER_LINE, lines)
        };
        let lines = async |id: Id<Order>| {
            let call =
                odoo.model(Line::ODOO_NAME).call("search_read").arg("domain", json!([["order_id", "=", id.get()]]));
            let rows: Value =
                call.arg("fields", ["product_uom_qty", "price_unit"]).arg("order", "id").send().await.unwrap();
            let rows = rows.as_array().unwrap().iter();
            rows.map(|row| (row["product_uom_qty"].as_f64().unwrap(), row["price_unit"].as_f64().unwrap()))
                .collect::<Vec<_>>()
        };
        use UpsertChange::{Created, Unchanged, Updated};
        let outcome = async {
            let made = odoo.upsert(order(vec![line(1, 1.0), line(2, 2.0)])).await?;
            assert_eq!((made.change, lines(made.id).await), (Created, vec![(1.0, 12.5), (2.0, 12.5)]));
            let kept = odoo.model(Order::ODOO_NAME).call("read").ids([made.id]).arg("fields", ["date_order"]);
            assert_eq!(kept.send::<Value>().await?[0]["date_order"], "2026-03-04 05:06:07");
            assert_eq!(odoo.upsert(order(vec![line(1, 1.0), line(2, 2.0)])).await?.change, Unchanged);
            // Changed, left alone, added.
            let changed = odoo.upsert(order(vec![line(2, 5.0), line(3, 3.0)])).await?;
            assert_eq!((changed.id, changed.change), (made.id, Updated));
            assert_eq!(lines(made.id).await, [(1.0, 12.5), (5.0, 12.5), (3.0, 12.5)]);
            // And removed.
            let pruned = order(vec![line(2, 5.0), line(3, 3.0)]).prune(Order::ORDER_LINE);
            assert_eq!(odoo.upsert(pruned).await?.change, Updated);
            assert_eq!(lines(made.id).await, [(5.0, 12.5), (3.0, 12.5)]);
            let pruned = order(vec![line(2, 5.0), line(3, 3.0)]).prune(Order::ORDER_LINE);
            assert_eq!(odoo.upsert(pruned).await?.change, Unchanged);

            // A line of another order, one that was deleted, and values that the import does not take.
            let other = Upsert::xml_id(format!("{module}.other"), Values::new())
                .refer(Order::PARTNER_ID, format!("{module}.customer"));
            let error = odoo.upsert(other.lines(Order::ORDER_LINE, [line(2, 5.0)])).await.unwrap_err();
            assert!(error.to_string().contains("which is a line of another record"), "{error}");
            let mixed = Upsert::xml_id(format!("{module}.line_9"), Values::new().set(Line::QTY, 1.0));
            assert_eq!(odoo.upsert(order(vec![line(2, 5.0), mixed])).await.unwrap_err().kind(), ErrorKind::Encode);
            // The database deletes lines with their order, and tells nobody.
            odoo.model(Order::ODOO_NAME).call("unlink").ids([made.id]).send::<bool>().await?;
            let error = odoo.upsert(order(vec![line(2, 5.0)])).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Missing, "{error}");
            assert!(error.to_string().contains("which was deleted"), "{error}");
            Ok::<(), Error>(())
        };
        let outcome = outcome.await;
        let orders = odoo.model(Order::ODOO_NAME);
        let left: Vec<i64> =
            orders.call("search").arg("domain", json!([["partner_id", "=", customer.get()]])).send().await.unwrap();
        orders.call("unlink").ids(left).send::<bool>().await.unwrap();
        odoo.delete(customer).await.unwrap();
        forget(&odoo, &module, "none").await;
        outcome.unwrap();
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_two_at_once_make_one_record() {
    let odoo = Client::from_env().await.unwrap();
    let mark = mark("upsert race");
    let module = module(&mark);
    let (client, own, kept) = (odoo.clone(), mark.clone(), module.clone());
    clean_up(&client, &[Tag::ODOO_NAME, Partner::ODOO_NAME], &mark, async move {
        let (mark, module) = (own, kept);
        for round in 0..5 {
            let tags = || {
                let (mark, module) = (mark.clone(), module.clone());
                (0..10).map(move |number| tag(&module, &mark, round * 10 + number, 1))
            };
            let other = Client::from_env().await.unwrap();
            let (one, two) = tokio::join!(odoo.upsert_many(tags()).send(), other.upsert_many(tags()).send());
            let (one, two) = (one.unwrap(), two.unwrap());
            assert_eq!([one.failed().count(), two.failed().count()], [0, 0], "{one} {two}");
            let ids =
                |report: UpsertReport<Tag>| report.records.into_iter().map(|tag| tag.unwrap().id).collect::<Vec<_>>();
            assert_eq!(ids(one), ids(two));
            let key = format!("odoo-client-race-{}-{round}", std::process::id());
            let partner =
                || Upsert::by(Partner::REF, key.clone(), Values::new().set(Partner::NAME, format!("{mark} {round}")));
            let (one, two) = tokio::join!(odoo.upsert(partner()), other.upsert(partner()));
            assert_eq!(one.unwrap().id, two.unwrap().id);
        }
        let all: Value = dates(&odoo, &mark).await;
        assert_eq!(all.as_array().unwrap().len(), 50);
    })
    .await;
    forget(&client, &module, "race").await;
}

/// What becomes of answers that never come: 20 records, four transactions.
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_nothing_is_made_twice_where_answers_are_lost() {
    let Some(server) = host() else { return };
    let odoo = Client::from_env().await.unwrap();
    let mark = mark("upsert lost");
    let module = module(&mark);
    let (client, own, kept) = (odoo.clone(), mark.clone(), module.clone());
    clean_up(&client, &[Tag::ODOO_NAME], &mark, async move {
        let (mark, module) = (own, kept);
        // The answer to each other import is swallowed once it is done.
        let loads = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&loads);
        let address = listen(move |stream| {
            let Ok(request) = Request::read(&stream) else { return };
            let answer = request.answer_of(&server).unwrap();
            if !request.has("\"load\"") || count.fetch_add(1, Ordering::SeqCst) % 2 == 1 {
                let _ = (&stream).write_all(&answer);
            }
        });
        let tags = |from: i64| {
            let (mark, module) = (mark.clone(), module.clone());
            (from..from + 20).map(move |number| tag(&module, &mark, number, 1))
        };
        let builder = || ClientBuilder::from_env().unwrap().url(format!("http://{address}"));
        // Made again at once, as that does no harm.
        let patient = builder().retry(RetryPolicy::new().base_delay(Duration::from_millis(1))).connect().await.unwrap();
        let report = patient.upsert_many(tags(0)).max_records(5).send().await.unwrap();
        assert_eq!((counts(&report), loads.load(Ordering::SeqCst)), ([20, 0, 0, 0], 8), "{report}");

        // Or later.
        let hasty = builder().retry(RetryPolicy::never()).connect().await.unwrap();
        let rest = hasty.upsert_many(tags(100)).max_records(5).send().await.unwrap_err();
        assert!(rest.error.may_have_executed() && rest.report().records.is_empty(), "{rest}");
        let mut report = rest.resume().await;
        while let Err(rest) = report {
            report = rest.resume().await;
        }
        let report = report.unwrap();
        assert_eq!(counts(&report)[3], 0, "{report}");
        assert!(report.count(UpsertChange::Unchanged) >= 5, "what the lost ones made was found: {report}");
        assert_eq!(dates(&odoo, &mark).await.as_array().unwrap().len(), 40);
    })
    .await;
    forget(&client, &module, "none").await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_values_of_every_type_are_compared_and_imported() {
    on_every_wire(|odoo| async move {
        let mark = mark("upsert types");
        let module = module(&mark);
        let (client, own, kept) = (odoo.clone(), mark.clone(), module.clone());
        clean_up(&client, &[Partner::ODOO_NAME, Tag::ODOO_NAME], &mark, async move {
            let (mark, module) = (own, kept);
            let tags = odoo.create_many((0..2).map(|n| Values::new().set(Tag::NAME, format!("{mark} {n}")))).send().await.unwrap();
            let country = odoo.id_of::<crate::support::models::Country>("base.be").await.unwrap().unwrap();
            let partner = |city: &str, tags: &[Id<Tag>]| {
                let values = Values::new()
                    .set(Partner::NAME, format!("{mark} \u{e9} \"a\", b; c"))
                    .set(Partner::CATEGORY_ID, [Command::set(tags)])
                    .set_raw("city", city)
                    .set_raw("is_company", true)
                    .set_raw("active", false)
                    .set_raw("country_id", country.get())
                    .set_raw("type", "invoice")
                    .set_raw("partner_latitude", 50.123_456_7)
                    .set_raw("color", 7)
                    .set_raw("comment", "<p>fine</p>");
                Upsert::xml_id(format!("{module}.partner"), values)
            };
            use UpsertChange::{Created, Unchanged, Updated};
            let made = odoo.upsert(partner("Ghent", &tags)).await.unwrap();
            assert_eq!(made.change, Created);
            assert_eq!(odoo.upsert(partner("Ghent", &tags)).await.unwrap().change, Unchanged);
            assert_eq!(odoo.upsert(partner("", &tags[..1])).await.unwrap().change, Updated);
            assert_eq!(odoo.upsert(partner("", &tags[..1])).await.unwrap().change, Unchanged);
            assert_eq!(odoo.upsert(partner("", &[])).await.unwrap().change, Updated);
            let call = odoo.model(Partner::ODOO_NAME).call("read").ids([made.id]);
            let row: Value = call.arg("fields", ["city", "is_company", "active", "type", "category_id", "color"]).send().await.unwrap();
            let expected = json!([{"id": made.id.get(), "city": false, "is_company": true, "active": false, "type": "invoice",
                "category_id": [], "color": 7}]);
            assert_eq!(row, expected);
        })
        .await;
        forget(&client, &module, "none").await;
    })
    .await;
}
