//! Writes against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name.

use std::io::{Read, Write};
use std::net::TcpStream;

use odoo_client::field::{ReadOnly, kind};
use odoo_client::version::Difference;
use odoo_client::{
    Binary, Client, Command, Date, Datetime, ErrorKind, Id, Model, Record, Reference, Timestamp, Values,
};
use serde_json::{Value, json};

use crate::own::records::on_every_wire;
use crate::own::relay::host;
use crate::own::session::{clean_up, client, mark};
use crate::support::models::{Country, Kind, Partner, Tag};

model! { Lead "crm.lead" {
    DATE_DEADLINE "date_deadline" kind::Date;
    DATE_OPEN "date_open" kind::Datetime, ReadOnly;
    ID "id" kind::Id, ReadOnly;
    DESCRIPTION "description" kind::Html;
    EXPECTED_REVENUE "expected_revenue" kind::Monetary;
    LEAD_PROPERTIES "lead_properties" kind::Properties;
    NAME "name" kind::Char;
    TEAM_ID "team_id" kind::Many2one<Team>;
} }

#[derive(Record)]
#[odoo(model = Lead)]
struct Dates {
    date_deadline: Option<Date>,
    date_open: Option<Datetime>,
}

#[derive(Record)]
#[odoo(model = Lead)]
struct Moment {
    date_open: Timestamp,
}

model! { Team "crm.team" {
    NAME "name" kind::Char;
    PROPERTIES "lead_properties_definition" kind::PropertiesDefinition;
} }

model! { Attachment "ir.attachment" {
    DATAS "datas" kind::Binary;
    NAME "name" kind::Char;
    RES_ID "res_id" kind::Many2oneReference;
    RES_MODEL "res_model" kind::Char;
} }

model! { Menu "ir.ui.menu" {
    ACTION "action" kind::Reference;
    ACTIVE "active" kind::Boolean;
    NAME "name" kind::Char;
} }

model! { Window "ir.actions.act_window" {} }

model! { Order "sale.order" {} }

/// One pixel.
const PNG: &[u8] = include_bytes!("../support/pixel.png");

async fn read<M: Model>(odoo: &Client, id: Id<M>, fields: &[&str]) -> Value {
    let rows: Vec<Value> = odoo.model(M::ODOO_NAME).call("read").ids([id]).arg("fields", fields).send().await.unwrap();
    rows.into_iter().next().unwrap()
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_every_type_is_written_and_cleared() {
    let odoo = client().await;
    let mark = mark("types");
    clean_up(&odoo.clone(), &["res.partner", "res.partner.category"], &mark.clone(), async move {
        let belgium = odoo.search(Country::CODE.eq("BE")).await.unwrap()[0];
        let tag = odoo.create(Tag::values().set(Tag::NAME, format!("{mark} tag"))).await.unwrap();
        let name = format!("{mark} é 漢 \"' <b>\\");
        let child = Partner::values().set(Partner::NAME, format!("{mark} child"));
        let values = Partner::values()
            .set(Partner::NAME, &name)
            .set(Partner::COLOR, 7)
            .set(Partner::PARTNER_LATITUDE, 50.84667)
            .set(Partner::IS_COMPANY, true)
            .set(Partner::TYPE, Kind::Other)
            .set(Partner::COUNTRY_ID, belgium)
            .set(Partner::COMMENT, "<p>vip</p>")
            .set(Partner::CATEGORY_ID, [Command::link(tag)])
            .set(Partner::CHILD_IDS, [Command::create(child)])
            .set(Partner::IMAGE_1920, Binary(PNG));
        let id = odoo.create(values).await.unwrap();
        let fields =
            ["name", "color", "partner_latitude", "is_company", "type", "country_id", "comment", "category_id"];
        let row = read(&odoo, id, &fields).await;
        assert_eq!((&row["name"], &row["color"], &row["type"]), (&json!(name), &json!(7), &json!("other")));
        assert_eq!((&row["partner_latitude"], &row["is_company"]), (&json!(50.84667), &json!(true)));
        assert_eq!((&row["country_id"][0], &row["category_id"]), (&json!(belgium), &json!([tag])));
        assert!(row["comment"].as_str().unwrap().contains("vip"), "{row}");
        let others = read(&odoo, id, &["child_ids", "image_1920"]).await;
        assert_eq!(others["child_ids"].as_array().unwrap().len(), 1);
        assert!(others["image_1920"].as_str().unwrap().len() > 50);

        let values =
            Partner::values().clear(Partner::COLOR).clear(Partner::PARTNER_LATITUDE).clear(Partner::IS_COMPANY);
        let values = values.clear(Partner::TYPE).clear(Partner::COUNTRY_ID).clear(Partner::COMMENT);
        let values = values.clear(Partner::CATEGORY_ID).clear(Partner::CHILD_IDS).clear(Partner::IMAGE_1920);
        odoo.update(id, values).await.unwrap();
        let row = read(&odoo, id, &fields).await;
        // What is not named is left alone.
        assert_eq!(row["name"], json!(name));
        assert_eq!((&row["color"], row["partner_latitude"].as_f64()), (&json!(0), Some(0.0)));
        for field in ["is_company", "type", "country_id", "comment"] {
            assert_eq!(row[field], json!(false), "{field}");
        }
        assert_eq!(row["category_id"], json!([]));
        let others = read(&odoo, id, &["child_ids", "image_1920"]).await;
        assert_eq!((&others["child_ids"], &others["image_1920"]), (&json!([]), &json!(false)));

        let copy = odoo.copy(id, Partner::values().set(Partner::NAME, format!("{mark} copy"))).await.unwrap();
        assert_eq!(read(&odoo, copy, &["name"]).await["name"], json!(format!("{mark} copy")));
        odoo.delete([id, copy]).await.unwrap();
        assert_eq!(odoo.search_count(Partner::ID.is_in([id, copy])).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_dates_money_references_and_properties_are_written() {
    let odoo = client().await;
    if odoo.model("crm.lead").call("search_count").arg("domain", json!([])).send::<u64>().await.is_err() {
        crate::own::skipped("no CRM in this database");
        return;
    }
    let mark = mark("more types");
    let models = ["crm.lead", "crm.team", "ir.attachment", "ir.ui.menu"];
    clean_up(&odoo.clone(), &models, &mark.clone(), async move {
        let team = odoo.create(Team::values().set(Team::NAME, format!("{mark} team"))).await.unwrap();
        let lead = Lead::values().set(Lead::NAME, format!("{mark} lead")).set(Lead::EXPECTED_REVENUE, 1234.56);
        let lead = lead.set(Lead::DATE_DEADLINE, Date::constant(2024, 2, 29)).set(Lead::TEAM_ID, team);
        let lead = odoo.create(lead.set(Lead::DESCRIPTION, "<p>a</p>")).await.unwrap();
        // Readonly, and taken all the same; a fraction of a second is not kept.
        let open: Timestamp = "2024-02-29T23:59:59.75Z".parse().unwrap();
        odoo.update(lead, Values::new().set_readonly(Lead::DATE_OPEN, open)).await.unwrap();
        let row = read(&odoo, lead, &["expected_revenue", "date_deadline", "date_open", "team_id"]).await;
        assert_eq!((&row["expected_revenue"], &row["date_deadline"]), (&json!(1234.56), &json!("2024-02-29")));
        assert_eq!((&row["date_open"], &row["team_id"][0]), (&json!("2024-02-29 23:59:59"), &json!(team)));
        for (time, date) in [(Datetime::MAX, Date::constant(9999, 12, 31)), (Datetime::MIN, Date::constant(1, 1, 1))] {
            let values = Values::new().set_readonly(Lead::DATE_OPEN, time).set(Lead::DATE_DEADLINE, date);
            odoo.update(lead, values).await.unwrap();
            // To `=` of the last datetime 19.0 raises an OverflowError.
            let is_it = Lead::DATE_OPEN.ge(time) & Lead::DATE_OPEN.le(time) & Lead::DATE_DEADLINE.eq(date);
            let is_it = is_it & Lead::ID.eq(lead);
            let of_lead: Dates = odoo.query().filter(is_it).one().await.unwrap();
            assert_eq!((of_lead.date_open, of_lead.date_deadline), (Some(time), Some(date)));
        }
        odoo.update(lead, Values::new().set_readonly(Lead::DATE_OPEN, Timestamp::MAX)).await.unwrap();
        let without_end = Lead::ID.eq(lead) & Lead::DATE_OPEN.ge(Timestamp::MAX);
        assert_eq!(odoo.query::<Moment>().filter(without_end).one().await.unwrap().date_open, Timestamp::MAX);
        odoo.update(lead, Values::new().clear(Lead::DATE_DEADLINE).clear(Lead::EXPECTED_REVENUE)).await.unwrap();
        let row = read(&odoo, lead, &["expected_revenue", "date_deadline"]).await;
        assert_eq!((row["expected_revenue"].as_f64(), &row["date_deadline"]), (Some(0.0), &json!(false)));

        if odoo.version().has(Difference::JsonAndProperties) {
            let definition = json!([{"name": "aa11", "type": "integer", "string": "N"}]);
            odoo.update(team, Values::new().set(Team::PROPERTIES, definition)).await.unwrap();
            odoo.update(
                lead,
                Values::new().set(Lead::LEAD_PROPERTIES, json!([{"name": "aa11", "type": "integer", "value": 5}])),
            )
            .await
            .unwrap();
            let row = read(&odoo, lead, &["lead_properties"]).await;
            assert_eq!(
                (&row["lead_properties"][0]["name"], &row["lead_properties"][0]["value"]),
                (&json!("aa11"), &json!(5))
            );
        }

        let file =
            Attachment::values().set(Attachment::NAME, format!("{mark} file")).set(Attachment::DATAS, Binary(b"hi"));
        let file = file.set(Attachment::RES_MODEL, "crm.lead").set(Attachment::RES_ID, lead.get());
        let file = odoo.create(file).await.unwrap();
        let row = read(&odoo, file, &["datas", "res_id", "res_model"]).await;
        assert_eq!(
            (&row["datas"], &row["res_id"], &row["res_model"]),
            (&json!("aGk="), &json!(lead), &json!("crm.lead"))
        );

        let window: Vec<i64> =
            odoo.model(Window::ODOO_NAME).call("search").arg("domain", json!([])).arg("limit", 1).send().await.unwrap();
        let action = Reference::to::<Window>(Id::new(window[0]));
        let menu = Menu::values().set(Menu::NAME, format!("{mark} menu")).set(Menu::ACTIVE, false);
        let menu = odoo.create(menu.set(Menu::ACTION, action.clone())).await.unwrap();
        assert_eq!(read(&odoo, menu, &["action"]).await["action"], json!(action.to_string()));
        odoo.update(menu, Menu::values().clear(Menu::ACTION)).await.unwrap();
        assert_eq!(read(&odoo, menu, &["action"]).await["action"], json!(false));
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_refused_create_names_the_field_it_lacks() {
    let odoo = client().await;
    let error = odoo.create(Tag::values().set(Tag::COLOR, 1)).await.unwrap_err();
    assert_eq!((error.kind(), error.missing_field()), (ErrorKind::Validation, Some("name")), "{error}");
    // Without the traceback Odoo's words tell it.
    let words = error.server_message().unwrap();
    assert!(words.contains("(name)") && words.contains("mandatory field"), "{words}");
    if odoo.model("sale.order").call("search_count").arg("domain", json!([])).send::<u64>().await.is_ok() {
        let error = odoo.create(Order::values()).await.unwrap_err();
        assert_eq!((error.kind(), error.missing_field()), (ErrorKind::Validation, Some("partner_id")), "{error}");
    }
    // A rule of the model, not of the database.
    let error = odoo.create(Partner::values()).await.unwrap_err();
    assert_eq!((error.kind(), error.missing_field()), (ErrorKind::Validation, None), "{error}");
}

#[derive(Values)]
#[odoo(model = Partner)]
struct Contact {
    name: String,
    color: Option<i64>,
    email: Option<Option<String>>,
    #[odoo(field = "ref")]
    number: Option<String>,
    category_id: Vec<Command<Tag>>,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_struct_is_written() {
    let odoo = client().await;
    let mark = mark("struct");
    clean_up(&odoo.clone(), &["res.partner"], &mark.clone(), async move {
        let contact = |at: u32| Contact {
            name: format!("{mark} {at}"),
            color: Some(3),
            email: Some(Some("a@example.com".into())),
            number: Some("A-1".into()),
            category_id: vec![],
        };
        let id = odoo.create(contact(1)).await.unwrap();
        let change = Contact { color: None, email: Some(None), number: None, ..contact(2) };
        odoo.update([id], change).await.unwrap();
        let row = read(&odoo, id, &["name", "color", "email", "ref"]).await;
        let expected = json!({"id": id, "name": format!("{mark} 2"), "color": 3, "email": false, "ref": "A-1"});
        assert_eq!(row, expected);

        let ids = odoo.create_many((3..8).map(contact)).max_records(2).send().await.unwrap();
        odoo.update_many(ids.clone(), Partner::values().set(Partner::COLOR, 9)).send().await.unwrap();
        assert_eq!(odoo.search_count(Partner::ID.is_in(ids.clone()) & Partner::COLOR.eq(9)).await.unwrap(), 5);
        odoo.delete_many(ids).send().await.unwrap();
    })
    .await;
}

model! { Machine "resource.resource" {
    NAME "name" kind::Char;
    TIME_EFFICIENCY "time_efficiency" kind::Float;
} }

#[derive(Record)]
#[odoo(model = Machine)]
struct Efficiency {
    time_efficiency: f64,
}

/// Creates a machine over `/jsonrpc` as Python would, with what is no JSON.
fn create_by_hand(odoo: &Client, host: &str, name: &str, efficiency: &str) {
    let [database, password] = ["ODOO_DB", "ODOO_PASSWORD"].map(|name| std::env::var(name).unwrap());
    let body = format!(
        r#"{{"jsonrpc": "2.0", "params": {{"service": "object", "method": "execute_kw", "args": ["{database}", {},
        "{password}", "resource.resource", "create", [{{"name": "{name}", "time_efficiency": {efficiency}}}]]}}}}"#,
        odoo.uid()
    );
    let mut head = format!("host: {host}\r\ncontent-type: application/json\r\nconnection: close");
    for header in std::env::var("ODOO_HEADERS").iter().flat_map(|headers| headers.lines()) {
        head += &format!("\r\n{header}");
    }
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "POST /jsonrpc HTTP/1.0\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"result\": "), "{answer}");
}

// Seen on 14 and 19: what Python's parser takes, PostgreSQL stores and Python's `json` writes again.
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_floats_that_are_no_numbers_are_read() {
    on_every_wire(floats_that_are_no_numbers_are_read).await;
}

async fn floats_that_are_no_numbers_are_read(odoo: Client) {
    let Some(host) = host() else { return };
    let mark = mark("efficiency");
    let test = {
        let (odoo, mark) = (odoo.clone(), mark.clone());
        async move {
            for (at, (number, shown)) in [("NaN", "NaN"), ("Infinity", "inf")].into_iter().enumerate() {
                let name = format!("{mark} {at}");
                create_by_hand(&odoo, &host, &name, number);
                let machines = odoo.query::<Efficiency>().filter(Machine::NAME.eq(&*name));
                assert_eq!(machines.one().await.unwrap().time_efficiency.to_string(), shown);
                let groups = odoo.group::<Machine>().by(Machine::NAME).sum(Machine::TIME_EFFICIENCY);
                let groups = groups.filter(Machine::NAME.eq(&*name)).fetch_all().await.unwrap();
                assert_eq!(groups[0].value.to_string(), shown);
                // JSON has no such number: untyped it is its name.
                let call = odoo.model("resource.resource").call("search_read").arg("fields", ["time_efficiency"]);
                let untyped: Value = call.arg("domain", json!([["name", "=", name]])).send().await.unwrap();
                assert_eq!(untyped[0]["time_efficiency"], number);
            }
        }
    };
    clean_up(&odoo, &["resource.resource"], &mark, test).await;
}
