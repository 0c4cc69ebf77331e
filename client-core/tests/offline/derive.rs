//! `#[derive(Record)]`: what it reads, what it says of values that do not fit.

mod nested;

use odoo_client::field::{ReadOnly, kind};
use odoo_client::model::UnknownValue;
use odoo_client::read::{FromField, Mismatch, Page, Properties, Wire, records};
use odoo_client::{Date, Datetime, Field, Id, Ids, Json, Many2one, Readable, Record, Reference, Timestamp};
use serde_json::Value;

model! { Order "sale.order" {} }
model! { Partner "res.partner" {} }
model! { Line "sale.order.line" {} }

enum State {
    Draft,
    Sale,
    Unknown(UnknownValue),
}
odoo_client::__rt::selection! { State: 0 "draft" => Draft, 1 "sale" => Sale, }

impl Order {
    const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const NOTE: Field<Self, kind::Html> = Field::new("note");
    const ACTIVE: Field<Self, kind::Boolean> = Field::new("active");
    const SEQUENCE: Field<Self, kind::Integer> = Field::new("sequence");
    const AMOUNT: Field<Self, kind::Monetary> = Field::new("amount");
    const DATE: Field<Self, kind::Date> = Field::new("date");
    const DATE_ORDER: Field<Self, kind::Datetime> = Field::new("date_order");
    const STATE: Field<Self, kind::Selection<State>> = Field::new("state");
    const PARTNER_ID: Field<Self, kind::Many2one<Partner>> = Field::new("partner_id");
    const ORDER_LINE: Field<Self, kind::One2many<Line>> = Field::new("order_line");
    const LOGO: Field<Self, kind::Binary> = Field::new("logo");
    const SOURCE: Field<Self, kind::Reference> = Field::new("source");
    const RES_ID: Field<Self, kind::Many2oneReference> = Field::new("res_id");
    const PROPERTIES: Field<Self, kind::Properties> = Field::new("properties");
    const DATA: Field<Self, kind::Json> = Field::new("data");
    const TYPE: Field<Self, kind::Char> = Field::new("type");
    #[allow(non_upper_case_globals, reason = "as the generator spells it")]
    const X_STUDIO_GRu00f6u00dfE: Field<Self, kind::Char> = Field::new("x_studio_größe");
}
impl Partner {
    const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const CHILD_IDS: Field<Self, kind::One2many<Partner>> = Field::new("child_ids");
}
impl Line {
    const NAME: Field<Self, kind::Char> = Field::new("name");
    const PARTNER_ID: Field<Self, kind::Many2one<Partner>> = Field::new("partner_id");
}

fn read<R: Record>(json: &str) -> Page<R> {
    records(json.as_bytes()).unwrap()
}

fn one<R: Record>(json: &str) -> R {
    let Page { mut records, failures, .. } = read(json);
    assert_eq!(failures, []);
    records.pop().unwrap()
}

fn failure<R: Record>(json: &str) -> String {
    let page: Page<R> = read(json);
    assert!(page.records.is_empty());
    let shown: Vec<String> = page.failures.iter().map(ToString::to_string).collect();
    shown.join("; ")
}

/// All that can be empty, without an `Option` and with one.
#[derive(Record, Debug)]
#[odoo(model = Order)]
struct Full {
    id: Id<Order>,
    name: String,
    note: String,
    active: bool,
    sequence: i32,
    amount: f64,
    date: Date,
    date_order: Timestamp,
    state: State,
    partner_id: Many2one<Partner>,
    order_line: Ids<Line>,
    logo: Vec<u8>,
    source: Reference,
    res_id: i64,
    properties: Properties,
    data: Value,
    r#type: String,
    #[odoo(field = "x_studio_größe")]
    size: String,
}

#[derive(Record, Debug)]
#[odoo(model = Order)]
struct Sparse {
    // No id: it is known all the same.
    name: Option<String>,
    note: Option<String>,
    date: Option<Date>,
    date_order: Option<Timestamp>,
    state: Option<State>,
    partner_id: Option<Id<Partner>>,
    order_line: Vec<Id<Line>>,
    logo: Option<Vec<u8>>,
    source: Option<Reference>,
    res_id: Option<i64>,
    properties: Option<Properties>,
    data: Option<Json>,
    type_: Option<String>,
}

const FULL: &str = r#"[{"id": 7, "name": "S1", "note": "<p>é</p>", "active": false, "sequence": -3, "amount": 12.5,
    "date": "2026-01-31", "date_order": "2026-01-31 12:00:00", "state": "sale", "partner_id": [3, "Azure"],
    "order_line": [1, 2], "logo": "aGVsbG8=", "source": "res.partner,3", "res_id": 9, "properties": [{"name": "a1",
    "type": "char", "string": "Color", "value": "red"}, {"name": "a2", "type": "boolean", "string": "Is", "value": false},
    {"name": "a3", "type": "many2one", "string": "To", "value": false, "comodel": "res.partner"}],
    "data": {"a": [1.50]}, "type": "x", "x_studio_größe": "L"}]"#;

const EMPTY: &str = r#"[{"id": 7, "name": false, "note": false, "active": false, "sequence": 0, "amount": 0.0,
    "date": false, "date_order": false, "state": false, "partner_id": false, "order_line": [], "logo": false,
    "source": false, "res_id": false, "properties": false, "data": false, "type": false, "x_studio_größe": false}]"#;

#[test]
fn every_type_of_field_is_read() {
    let order: Full = one(FULL);
    assert_eq!((order.id, &*order.name, &*order.note), (Id::new(7), "S1", "<p>é</p>"));
    assert_eq!((order.active, order.sequence, order.amount, order.res_id), (false, -3, 12.5, 9));
    assert_eq!(
        (order.date.to_string(), order.date_order.to_string()),
        ("2026-01-31".into(), "2026-01-31T12:00:00Z".into())
    );
    assert_eq!((order.state, order.partner_id.name()), (State::Sale, Some("Azure")));
    assert_eq!((order.order_line.len(), &*order.logo, order.source.id()), (2, &b"hello"[..], 3));
    let [color, is, to] = order.properties.iter().collect::<Vec<_>>()[..] else { panic!("{:?}", order.properties) };
    assert_eq!(
        (color.name(), color.ttype(), color.string(), color.value()),
        ("a1", "char", "Color", Some(&"red".into()))
    );
    assert_eq!((is.value(), to.value(), to.get("comodel")), (Some(&false.into()), None, Some(&"res.partner".into())));
    assert_eq!(order.data, serde_json::json!({"a": [1.5]}));
    assert_eq!((&*order.r#type, &*order.size), ("x", "L"));

    let order: Sparse = one(FULL);
    assert_eq!((order.partner_id, order.order_line.len(), order.res_id), (Some(Id::new(3)), 2, Some(9)));
    assert_eq!((order.data.unwrap().get(), order.type_.as_deref()), (r#"{"a": [1.50]}"#, Some("x")));
    assert!(order.name.is_some() && order.note.is_some() && order.date.is_some() && order.date_order.is_some());
    assert!(order.state.is_some() && order.logo.is_some() && order.source.is_some() && order.properties.is_some());
}

#[test]
fn what_is_empty_is_none_and_without_an_option_an_error_that_names_it() {
    let order: Sparse = one(EMPTY);
    assert!(order.name.is_none() && order.note.is_none() && order.date.is_none() && order.date_order.is_none());
    assert!(order.state.is_none() && order.partner_id.is_none() && order.order_line.is_empty() && order.logo.is_none());
    assert!(order.source.is_none() && order.res_id.is_none() && order.properties.is_none() && order.data.is_none());
    assert!(order.type_.is_none());

    let page: Page<Full> = read(EMPTY);
    let named: Vec<_> = page.failures.iter().map(|failure| (&*failure.model, failure.id, &*failure.field)).collect();
    let of = |field| ("sale.order", Some(7), field);
    assert_eq!(
        named,
        [
            "name",
            "note",
            "date",
            "date_order",
            "state",
            "partner_id",
            "logo",
            "source",
            "res_id",
            "type",
            "x_studio_größe"
        ]
        .map(of)
    );
    assert_eq!(page.failures[0].to_string(), "sale.order(7).name: expected text, found false");
}

#[derive(Record, Debug)]
#[odoo(model = Order)]
struct Numbered {
    sequence: i32,
}

#[test]
fn one_bad_record_is_named_though_its_id_was_not_asked_for_and_costs_no_other() {
    let page: Page<Numbered> =
        read(r#"[{"sequence": 1, "id": 4}, {"id": 5, "sequence": 3000000000}, {"id": 6, "sequence": 2.0}]"#);
    assert_eq!(page.records.iter().map(|order| order.sequence).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        page.failures[0].to_string(),
        "sale.order(5).sequence: expected an integer of 32 bits, found 3000000000"
    );
    assert_eq!(
        failure::<Numbered>(r#"[{"id": 8}]"#),
        "sale.order(8).sequence: expected a value, but the answer does not have it"
    );
}

/// A type of the user's own.
#[derive(Debug, PartialEq)]
struct Upper(String);

impl FromField<kind::Char> for Upper {
    fn from_field(value: Wire<'_>) -> Result<Self, Mismatch> {
        let text = <String as FromField<kind::Char>>::from_field(value)?;
        if text.chars().all(char::is_uppercase) { Ok(Self(text)) } else { Err(Mismatch("capitals")) }
    }
}

#[derive(Record, Debug)]
#[odoo(model = Order)]
struct Own {
    name: Upper,
    #[odoo(field = "type")]
    kind: Option<Upper>,
}

#[test]
fn types_of_the_users_own_are_read() {
    let order: Own = one(r#"[{"name": "ABC", "type": false}]"#);
    assert_eq!((order.name, order.kind), (Upper("ABC".into()), None));
    assert_eq!(
        failure::<Own>(r#"[{"id": 1, "name": "abc", "type": "X"}]"#),
        r#"sale.order(1).name: expected capitals, found "abc""#
    );
}

#[test]
#[cfg(feature = "decimal")]
fn a_decimal_has_the_digits_of_the_json() {
    #[derive(Record)]
    #[odoo(model = Order)]
    struct Exact {
        amount: rust_decimal::Decimal,
    }
    for (json, shown) in [
        ("0.1", "0.1"),
        ("1234567890123456.78", "1234567890123456.78"),
        ("1e-07", "0.0000001"),
        ("5", "5"),
        ("-2.50", "-2.50"),
    ] {
        assert_eq!(one::<Exact>(&format!(r#"[{{"amount": {json}}}]"#)).amount.to_string(), shown);
    }
    for odd in ["false", r#""NaN""#, "NaN", "-Infinity", "1e99"] {
        let failure = failure::<Exact>(&format!(r#"[{{"id": 1, "amount": {odd}}}]"#));
        assert!(
            failure.contains("sale.order(1).amount: expected a number that a decimal can hold"),
            "{odd}: {failure}"
        );
    }
}

/// A [`Timestamp`] ends at 9999-12-30T22:00:00Z.
#[test]
fn a_timestamp_holds_what_it_can_and_names_the_type_that_holds_all() {
    #[derive(Record, Debug)]
    #[odoo(model = Order)]
    struct Late {
        date_order: Option<Timestamp>,
    }
    let json = |text: &str| format!(r#"[{{"id": 7, "date_order": "{text}"}}]"#);
    for (text, time) in [
        ("0001-01-01 00:00:00", "0001-01-01T00:00:00Z"),
        ("2026-01-31 12:00:00.123456", "2026-01-31T12:00:00.123456Z"),
        ("9999-12-30 22:00:00", "9999-12-30T22:00:00Z"),
    ] {
        assert_eq!(one::<Late>(&json(text)).date_order.unwrap().to_string(), time);
    }
    assert_eq!(one::<Late>(&json("9999-12-31 23:59:59")).date_order, Some(Timestamp::MAX));
    let page: Page<Late> = read(&json("9999-12-31 23:59:58"));
    let error = page.into_records().unwrap_err().to_string();
    assert!(error.contains("sale.order(7).date_order: ") && error.contains("9999-12-31 23:59:58"), "{error}");
    assert!(error.contains("read the field into an `odoo_client::Datetime`") && !error.contains("pin"), "{error}");

    #[derive(Record, Debug)]
    #[odoo(model = Order)]
    struct All {
        date_order: Datetime,
    }
    assert_eq!(one::<All>(&json("9999-12-31 23:59:58")).date_order.to_string(), "9999-12-31 23:59:58");
}

#[test]
#[cfg(all(feature = "chrono", feature = "time"))]
fn dates_are_read_into_the_types_of_other_libraries() {
    #[derive(Record)]
    #[odoo(model = Order)]
    struct Chrono {
        date: Option<chrono::NaiveDate>,
        date_order: chrono::DateTime<chrono::Utc>,
    }
    #[derive(Record)]
    #[odoo(model = Order)]
    struct Time {
        date: time::Date,
        date_order: Option<time::OffsetDateTime>,
    }
    let Chrono { date, date_order } = one(FULL);
    assert_eq!((date.unwrap().to_string(), date_order.timestamp()), ("2026-01-31".into(), 1_769_860_800));
    let Time { date, date_order } = one(FULL);
    assert_eq!((date.to_string(), date_order.unwrap().unix_timestamp()), ("2026-01-31".into(), 1_769_860_800));
    assert_eq!(one::<Time>(r#"[{"date": "2026-01-31", "date_order": false}]"#).date_order, None);
    for (date, second) in [("0001-01-01 00:00:00", -62_135_596_800), ("9999-12-31 23:59:59", 253_402_300_799)] {
        let json = format!(r#"[{{"date": "{}", "date_order": "{date}"}}]"#, &date[..10]);
        let (of_chrono, of_time) = (one::<Chrono>(&json), one::<Time>(&json));
        assert_eq!(
            (of_chrono.date_order.timestamp(), of_chrono.date.unwrap().to_string()),
            (second, date[..10].into())
        );
        assert_eq!(
            (of_time.date_order.unwrap().unix_timestamp(), of_time.date.to_string()),
            (second, date[..10].into())
        );
    }
    let fraction = r#"[{"date": "2026-01-31", "date_order": "2026-01-31 12:00:00.123456"}]"#;
    assert_eq!(one::<Chrono>(fraction).date_order.timestamp_micros(), 1_769_860_800_123_456);
    assert_eq!(one::<Time>(fraction).date_order.unwrap().microsecond(), 123_456);
    assert!(failure::<Time>(EMPTY).contains("sale.order(7).date: expected a date"));
}
