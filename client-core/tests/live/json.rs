//! Fields whose values are JSON, or point to a record of any model, written and read through typed values and records over
//! every wire of the server that `ODOO_URL` names; skipped without it. What the tests create they delete, also when they
//! fail. `live/values.rs` writes all other types, and properties.

use crate::own::records::{clean_up, mark, on_every_wire};
use crate::own::skipped;
use odoo_client::version::Difference;
use odoo_client::{Client, Command, Domain, Id, Json, Model, Record, Reference, Values};
use odoo19::account::AnalyticAccount;
use odoo19::ir::{ActionsActUrl, ActionsActWindow, Attachment, UiMenu};
use odoo19::product::Product;
use odoo19::res::{Country, Partner};
use odoo19::sale::{Order, OrderLine};
use serde_json::{Value, json};

/// `analytic_distribution` is checked and rounded by Odoo; `pickup_location_data` holds what one likes.
#[derive(Record)]
#[odoo(model = Order)]
struct Shipped {
    pickup_location_data: Option<Json>,
    order_line: Vec<Line>,
}

#[derive(Record)]
#[odoo(model = OrderLine)]
struct Line {
    id: Id<OrderLine>,
    analytic_distribution: Value,
}

/// Some record of the model.
async fn some<M: Model>(odoo: &Client, domain: Value) -> Id<M> {
    let search = odoo.model(M::ODOO_NAME).call("search").arg("domain", domain).arg("limit", 1);
    Id::new(search.send::<Vec<i64>>().await.unwrap()[0])
}

async fn shipped(odoo: &Client, order: Id<Order>) -> Shipped {
    odoo.query().filter(Order::ID.eq(order)).one().await.unwrap()
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_json_is_written_and_read() {
    on_every_wire(|odoo| async move {
        // The pin of 14 has no field of these types, and this is why.
        let json = json!([["ttype", "in", ["json", "properties", "properties_definition"]]]);
        let fields = odoo.model("ir.model.fields").call("search_count").arg("domain", json);
        let fields: u64 = fields.send().await.unwrap();
        assert_eq!(fields > 0, odoo.version().has(Difference::JsonAndProperties), "{fields}");
        if odoo.fields_get::<Order>(["pickup_location_data"], ["type"]).await.unwrap().is_empty() {
            return skipped("sale.order has no field `pickup_location_data`, which came with 18.0");
        }
        let mark = mark("json");
        clean_up(&odoo.clone(), &["sale.order", "res.partner"], &mark.clone(), async move {
            let account = some::<AnalyticAccount>(&odoo, json!([])).await.get().to_string();
            let product: Id<Product> = some(&odoo, json!([["sale_ok", "=", true]])).await;
            let customer = odoo.create(Partner::values().set(Partner::NAME, &mark)).await.unwrap();
            let place =
                json!({"name": "é 漢 \"'", "deep": [{"a": [1, 2.5, -3, null, true, {}]}, []], "id": 12345678901_i64});
            let line = OrderLine::values().set(OrderLine::PRODUCT_ID, product);
            let line = line.set(OrderLine::ANALYTIC_DISTRIBUTION, json!({&*account: 40.5}));
            let order = Order::values().set(Order::NAME, &mark).set(Order::PARTNER_ID, customer);
            let order = order.set(Order::ORDER_LINE, [Command::create(line)]);
            let order = odoo.create(order.set(Order::PICKUP_LOCATION_DATA, place.clone())).await.unwrap();

            let read = shipped(&odoo, order).await;
            assert_eq!(read.pickup_location_data.unwrap().parse::<Value>().unwrap(), place);
            let [line] = &read.order_line[..] else { panic!("{} lines", read.order_line.len()) };
            assert_eq!(line.analytic_distribution, json!({&*account: 40.5}));

            // What is no object at all, and another share.
            let data = Values::new().set(Order::PICKUP_LOCATION_DATA, json!(["x"]));
            let shares =
                Command::update(line.id, Values::new().set(OrderLine::ANALYTIC_DISTRIBUTION, json!({account: 100})));
            odoo.update(order, data.set(Order::ORDER_LINE, [shares])).await.unwrap();
            let read = shipped(&odoo, order).await;
            assert_eq!(read.pickup_location_data.unwrap().get().replace(' ', ""), "[\"x\"]");
            let share = read.order_line[0].analytic_distribution.as_object().unwrap().values().next().unwrap();
            assert_eq!(share.as_f64(), Some(100.0));

            let nothing = Values::new().clear(OrderLine::ANALYTIC_DISTRIBUTION);
            odoo.update(order, Values::new().clear(Order::PICKUP_LOCATION_DATA)).await.unwrap();
            odoo.update(line.id, nothing).await.unwrap();
            let read = shipped(&odoo, order).await;
            assert_eq!(read.pickup_location_data, None);
            assert_eq!(read.order_line[0].analytic_distribution, json!(false));
        })
        .await;
    })
    .await;
}

#[derive(Record)]
#[odoo(model = UiMenu)]
struct Entry {
    action: Option<Reference>,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_references_are_written_and_read() {
    on_every_wire(|odoo| async move {
        let mark = mark("reference");
        let test = {
            let (odoo, mark) = (odoo.clone(), mark.clone());
            async move {
                let window: Id<ActionsActWindow> = some(&odoo, json!([])).await;
                let page: Id<ActionsActUrl> = some(&odoo, json!([])).await;
                // Hidden from the menus of those who use this Odoo.
                let menu = UiMenu::values().set(UiMenu::NAME, &mark).set(UiMenu::ACTIVE, false);
                let menu = odoo.create(menu.set(UiMenu::ACTION, Reference::to(window))).await.unwrap();
                let action = async || odoo.read::<Entry>([menu]).await.unwrap().remove(0).action;
                let read = action().await.unwrap();
                assert_eq!((read.get::<ActionsActWindow>(), read.get::<ActionsActUrl>()), (Some(window), None));
                assert_eq!((read.model(), read.id()), ("ir.actions.act_window", window.get()));

                odoo.update(menu, Values::new().set(UiMenu::ACTION, Reference::to(page))).await.unwrap();
                assert_eq!(action().await, Some(Reference::to(page)));
                odoo.update(menu, Values::new().clear(UiMenu::ACTION)).await.unwrap();
                assert_eq!(action().await, None);
            }
        };
        let outcome = tokio::spawn(test).await;
        // Of menus a search finds only those that the user is shown, without this entry of the context.
        let all = odoo.with_context(odoo_client::Context::new().active_test(false).lang("en_US"));
        let left = all.model("ir.ui.menu").call("search").arg("domain", json!([["name", "=", mark]]));
        let left: Vec<i64> = left.with_context(("ir.ui.menu.full_list", true)).send().await.unwrap();
        assert!(!left.is_empty() || outcome.is_err());
        all.model("ir.ui.menu").call("unlink").ids(left).send::<bool>().await.unwrap();
        outcome.unwrap();
    })
    .await;
}

#[derive(Record)]
#[odoo(model = Attachment)]
struct Attached {
    res_model: Option<String>,
    res_id: Option<i64>,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_ids_of_any_model_are_written_and_read() {
    on_every_wire(|odoo| async move {
        let mark = mark("res_id");
        clean_up(&odoo.clone(), &["ir.attachment", "res.partner"], &mark.clone(), async move {
            let partner = odoo.create(Partner::values().set(Partner::NAME, &mark)).await.unwrap();
            let belgium = odoo.search(Country::CODE.eq("BE")).await.unwrap()[0];
            let file = Attachment::values().set(Attachment::NAME, &mark).set(Attachment::RES_MODEL, "res.partner");
            let file = odoo.create(file.set(Attachment::RES_ID, partner.get())).await.unwrap();
            let points_to = async || {
                let read = odoo.read::<Attached>([file]).await.unwrap().remove(0);
                (read.res_model, read.res_id)
            };
            assert_eq!(points_to().await, (Some("res.partner".to_owned()), Some(partner.get())));
            let of_partner: Domain<Attachment> =
                Attachment::RES_MODEL.eq("res.partner") & Attachment::RES_ID.eq(partner.get());
            assert_eq!(odoo.search(of_partner).await.unwrap(), [file]);

            let country =
                Values::new().set(Attachment::RES_MODEL, "res.country").set(Attachment::RES_ID, belgium.get());
            odoo.update(file, country).await.unwrap();
            assert_eq!(points_to().await, (Some("res.country".to_owned()), Some(belgium.get())));
            odoo.update(file, Values::new().clear(Attachment::RES_MODEL).clear(Attachment::RES_ID)).await.unwrap();
            let (model, id) = points_to().await;
            assert_eq!((model, id.unwrap_or_default()), (None, 0));
        })
        .await;
    })
    .await;
}
