//! Rows and their values as JSON, and back: an answer of a web service, a request to one, a file that keeps rows.

use odoo_client::__rt::serde::Serialize;
use odoo_client::__rt::serde::de::DeserializeOwned;
use odoo_client::read::{Properties, records};
use odoo_client::{Datetime, Id, Ids, Json, Link, Many2one, Readable, Record, Reference};
use odoo19::res::{Country, Partner, partner};
use odoo19::sale::{Order, order};
use serde_json::{Value, json};

/// One order. Made by hand, in the forms that real servers answer: no recording has a whole row.
fn orders() -> (Vec<u8>, Vec<order::Row>) {
    let fields = <order::Row as odoo_client::__rt::Slots>::fields();
    let blank = |name: &str| match name {
        "id" => json!(7),
        "name" => json!("S00007"),
        "partner_id" => json!([14, "Azure \"Interior\""]),
        "state" => json!("sale"),
        "amount_total" => json!(0.1 + 0.2),
        "date_order" => json!("2026-01-31 12:00:00"),
        "order_line" | "tag_ids" => json!([3, 5]),
        "locked" => json!(true),
        _ => json!(false),
    };
    let plain: Vec<(String, Value)> = fields.split(' ').map(|name| (name.to_owned(), blank(name))).collect();
    // What is a number or a list is never `false`.
    let answer =
        |plain: &[(String, Value)]| Value::Array(vec![plain.iter().cloned().collect()]).to_string().into_bytes();
    let mut plain = plain;
    loop {
        let page = records::<order::Row>(&answer(&plain)).unwrap();
        if page.failures.is_empty() {
            return (answer(&plain), page.records);
        }
        for failure in page.failures {
            let of_field = plain.iter_mut().find(|(name, _)| *name == failure.field).unwrap();
            of_field.1 = if failure.expected == "any JSON" { json!(null) } else { json!(0) };
        }
    }
}

/// Of a struct of one's own, with serde's derive.
#[test]
fn an_inner_record_that_was_not_read_is_kept_as_what_is_known_of_it() {
    #[derive(Record, serde_derive::Serialize, serde_derive::Deserialize, Debug, Clone, PartialEq)]
    #[odoo(model = Partner)]
    #[serde(crate = "odoo_client::__rt::serde")]
    struct Named {
        name: String,
    }
    #[derive(Record, serde_derive::Serialize, serde_derive::Deserialize, Debug, PartialEq)]
    #[odoo(model = Partner)]
    #[serde(crate = "odoo_client::__rt::serde")]
    struct Contact {
        parent_id: Option<Readable<Named>>,
        child_ids: Vec<Readable<Named>>,
    }
    let sent = json!([
        {"parent_id": [7, "Azure \"Interior\""], "child_ids": [{"name": "Willie"}, 9]},
        {"parent_id": {"name": "Azure"}, "child_ids": []},
    ]);
    let rows = records::<Contact>(sent.to_string().as_bytes()).unwrap().into_records().unwrap();
    assert_eq!(serde_json::to_value(&rows).unwrap(), sent);
    assert_eq!(serde_json::from_value::<Vec<Contact>>(sent).unwrap(), rows);
    let unread = serde_json::from_value::<Readable<Named>>(json!([7, "Azure"])).unwrap();
    assert!(matches!(unread, Readable::Unreadable(to) if to.id() == Id::new(7) && to.name() == Some("Azure")));
    for wrong in [json!(false), json!("Azure"), json!({"nom": "Azure"}), json!([])] {
        assert!(serde_json::from_value::<Readable<Named>>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn a_row_is_what_the_server_sent_and_is_read_again_the_same() {
    let (answer, rows) = orders();
    let written = serde_json::to_value(&rows).unwrap();
    let sent: Value = serde_json::from_slice(&answer).unwrap();
    for (name, value) in sent[0].as_object().unwrap() {
        // An x2many without records is a list.
        if written[0][name] != json!([]) && !(value == &json!(0) && written[0][name] == json!(0.0)) {
            assert_eq!(&written[0][name], value, "{name}");
        }
    }
    assert_eq!(written[0]["partner_id"], json!([14, "Azure \"Interior\""]));
    assert_eq!(written[0]["date_order"], json!("2026-01-31 12:00:00"));
    assert_eq!(written[0]["client_order_ref"], json!(false));

    let read: Vec<order::Row> = serde_json::from_value(written).unwrap();
    assert_eq!(read, rows);
    assert_eq!(read[0].amount_total, 0.1 + 0.2);
    assert_eq!(format!("{read:?}"), format!("{rows:?}"));
}

#[test]
fn rows_differ_by_their_values_and_not_by_names_of_records() {
    let rows = orders().1;
    let mut other = rows[0].clone();
    assert_eq!(rows[0], other);
    other.partner_id = Link::from(Many2one::new(Id::new(14)));
    assert_eq!(rows[0], other);
    other.amount_total += 1.0;
    assert_ne!(rows[0], other);
}

/// With the bounds that `axum::Json` has for a body: a handler takes and gives any type like that.
fn handle<T: DeserializeOwned, R: Serialize>(body: &[u8], handler: impl Fn(T) -> R) -> Result<Vec<u8>, String> {
    let taken = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    serde_json::to_vec(&handler(taken)).map_err(|error| error.to_string())
}

#[test]
fn a_handler_takes_and_gives_rows() {
    let (answer, rows) = orders();
    let request = serde_json::to_vec(&rows).unwrap();
    let given = handle(&request, |orders: Vec<order::Row>| orders.into_iter().next().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<order::Row>(&given).unwrap(), rows[0]);
    // The server's own answer will do as well.
    let partners = handle(&answer, |orders: Vec<order::Row>| orders[0].partner_id.clone()).unwrap();
    assert_eq!(partners, br#"[14,"Azure \"Interior\""]"#);
    // What does not fit is named, and so is what cannot be written.
    let error = handle(br#"{"id": 7, "name": 5.5e3, "state": []}"#, |order: order::Row| order).unwrap_err();
    assert!(error.contains("sale.order(7).state: expected a selection value"), "{error}");
    assert!(error.contains("sale.order(7).partner_id: expected"), "{error}");
    // A database can hold floats that JSON has no number for.
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let given = handle(&request, |mut orders: Vec<order::Row>| {
            orders[0].amount_total = odd;
            orders.swap_remove(0)
        });
        let row: order::Row = serde_json::from_slice(&given.unwrap()).unwrap();
        assert_eq!(row.amount_total.to_string(), odd.to_string());
        assert!(row == row.clone() && row != rows[0]);
    }
}

#[test]
fn a_file_keeps_rows() {
    let rows = orders().1;
    let path = std::env::temp_dir().join(format!("odoo-client-rows-{}.json", std::process::id()));
    std::fs::write(&path, serde_json::to_vec_pretty(&rows).unwrap()).unwrap();
    let read: Vec<order::Row> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read, rows);
}

#[test]
fn values_are_as_on_the_wire() {
    fn both<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, json: &str) {
        assert_eq!(serde_json::to_string(value).unwrap(), json);
        assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
    }
    let acme: Many2one<Partner> = serde_json::from_str(r#"[7,"Acme"]"#).unwrap();
    assert_eq!(acme.name(), Some("Acme"));
    both(&acme, r#"[7,"Acme"]"#);
    both(&Many2one::<Country>::new(Id::new(7)), "[7,false]");
    both(&Id::<Partner>::new(7), "7");
    both(&Link::from(acme), r#"[7,"Acme"]"#);
    both(&Link::<Partner>::EMPTY, "false");
    both(&[Id::new(3), Id::new(5)].into_iter().collect::<Ids<Order>>(), "[3,5]");
    both(&Reference::to(Id::<Partner>::new(7)), r#""res.partner,7""#);
    let end: Datetime = "9999-12-31 23:59:59".parse().unwrap();
    both(&end, r#""9999-12-31 23:59:59""#);
    both(&order::State::Sale, r#""sale""#);
    both(&serde_json::from_str::<order::State>(r#""on hold""#).unwrap(), r#""on hold""#);
    both(&serde_json::from_str::<Json>(r#"{"a":[1,null]}"#).unwrap(), r#"{"a":[1,null]}"#);
    let properties = r#"[{"name":"a","type":"char","value":"b"}]"#;
    both(&serde_json::from_str::<Properties>(properties).unwrap(), properties);
    for none in ["false", "null", "\"7\""] {
        assert!(serde_json::from_str::<Many2one<Partner>>(none).is_err(), "{none}");
        assert!(serde_json::from_str::<Reference>(none).is_err(), "{none}");
    }
    both(&None::<partner::Row>, "null");
}
