//! What Odoo answers that a client written from the documentation does not expect.
use odoo_client::__rt::{RowReader, Slots, rows};
use odoo_client::field::kind;
use odoo_client::model::UnknownValue;
use odoo_client::read::{Page, records};
use odoo_client::{
    Date, Datetime, Domain, Field, Id, Ids, Json, Link, Many2one, Reference, Selection, Timestamp, Values,
};

model! { Partner "res.partner" {} }

enum State {
    Draft,
    V1,
    Unknown(UnknownValue),
}
odoo_client::__rt::selection! { State: 0 "1" => V1, 1 "draft" => Draft, }

impl Partner {
    const STATE: Field<Self, kind::Selection<State>> = Field::new("state");
    const DATE: Field<Self, kind::Date> = Field::new("date");
    const TIME: Field<Self, kind::Datetime> = Field::new("time");
    const PARENT_ID: Field<Self, kind::Many2one<Self>> = Field::new("parent_id");
    const RES_ID: Field<Self, kind::Many2oneReference> = Field::new("res_id");
}

/// A row of one field, as a generated row is made.
macro_rules! one {
    ($row:ident, $value:ty) => {
        struct $row {
            value: $value,
        }
        impl Slots for $row {
            type Model = Partner;
            fn fields() -> &'static str {
                "value"
            }
            fn empty() -> Self {
                Self { value: <$value>::default() }
            }
            fn read(&self, row: &mut RowReader<'_>) -> Self {
                Self { value: row.value(&self.value) }
            }
        }
    };
}

/// Decodes one value, or says what was wrong with it.
macro_rules! decode {
    ($value:ty, $json:expr) => {{
        one!(Row, $value);
        let page: Page<Row> = records(format!(r#"[{{"value": {}}}]"#, $json).as_bytes()).unwrap();
        match page.records.into_iter().next() {
            Some(row) => Ok(row.value),
            None => Err(page.failures[0].to_string()),
        }
    }};
}

mod times;

fn written(values: &Values<Partner>) -> String {
    serde_json::to_string(values).unwrap()
}

#[test]
fn a_selection_value_of_an_app_installed_since_is_kept() {
    let state = decode!(Option<State>, r#""on hold""#).unwrap().unwrap();
    assert_eq!(state.as_unknown().map(UnknownValue::as_str), Some("on hold"));
    assert_eq!(written(&Values::new().set(Partner::STATE, state)), r#"{"state":"on hold"}"#);
    assert_eq!(decode!(Option<State>, r#""draft""#), Ok(Some(State::Draft)));
    assert_eq!(decode!(Option<State>, "false"), Ok(None));
}

#[test]
fn a_selection_value_can_be_a_number() {
    assert_eq!(decode!(Option<State>, "1"), Ok(Some(State::V1)));
    assert_eq!(decode!(Option<State>, "-7").unwrap().unwrap().as_str(), "-7");
    assert!(decode!(Option<State>, "[1]").is_err());
}

/// `web_icon_data`, `image_map` and other computed binary fields hold whatever their method returns.
#[test]
fn a_computed_binary_can_be_anything() {
    for json in ["false", "null", r#""aGVsbG8=""#, "[1, [2]]", r#"{"a": {"b": []}, "n": 12345678901234567890}"#] {
        assert_eq!(decode!(Json, json).unwrap().get(), json);
    }
}

#[test]
fn properties_are_a_list_of_objects() {
    let json = r#"[{"name": "p1", "type": "many2one", "comodel": "res.partner", "value": [7, "Azure"]}, {"name": "p2", "value": false}]"#;
    let properties: Vec<serde_json::Value> = decode!(Json, json).unwrap().parse().unwrap();
    assert_eq!(properties[0]["value"][0], 7);
    // An object of values, as `read` answers to `load=None`.
    assert_eq!(decode!(Json, r#"{"p1": 7}"#).unwrap().get(), r#"{"p1": 7}"#);
}

#[test]
fn a_many2one_comes_in_many_forms() {
    for (json, id, name) in [
        (r#"[7, "Azure"]"#, 7, Some("Azure")),
        // A name that the user may not read.
        ("[7, false]", 7, None),
        ("[7]", 7, None),
        // `load="_classic_write"` and computed fields.
        ("7", 7, None),
        // A specification.
        (r#"{"id": 7, "display_name": "Azure"}"#, 7, Some("Azure")),
        (r#"{"id": 7}"#, 7, None),
    ] {
        // As whole rows have it.
        let link = decode!(Link<Partner>, json).unwrap();
        assert_eq!((link.id().map(Id::get), link.name()), (Some(id), name), "{json}");
        let found = decode!(Option<Many2one<Partner>>, json).unwrap().unwrap();
        assert_eq!(link.get(), Some(found.clone()), "{json}");
        assert_eq!((found.id().get(), found.name()), (id, name), "{json}");
    }
    for json in ["false", "null"] {
        assert_eq!(decode!(Option<Many2one<Partner>>, json), Ok(None));
    }
    for json in ["[]", r#"["7", "Azure"]"#, r#"[7, "Azure", 1]"#, "true", r#""7""#, "{}", "[[7]]"] {
        assert!(decode!(Option<Many2one<Partner>>, json).unwrap_err().contains("expected a many2one"), "{json}");
    }
}

#[test]
fn a_reference_is_text_or_false() {
    assert_eq!(decode!(Option<Reference>, r#""res.partner,7""#), Ok(Some(Reference::to::<Partner>(Id::new(7)))));
    assert_eq!(decode!(Option<Reference>, "false"), Ok(None));
    assert!(decode!(Option<Reference>, r#""res.partner""#).is_err());
}

#[test]
fn ids_pass_32_bits() {
    const BIG: i64 = 5_000_000_000;
    assert_eq!(decode!(Id<Partner>, BIG), Ok(Id::new(BIG)));
    let ids = decode!(Ids<Partner>, format!("[{BIG}, 1]"));
    assert_eq!(ids, Ok([Id::new(BIG), Id::new(1)].into_iter().collect()));
    assert_eq!(decode!(Option<Many2one<Partner>>, format!(r#"[{BIG}, "x"]"#)).unwrap().unwrap().id().get(), BIG);
    let reference = decode!(Option<Reference>, format!(r#""res.partner,{BIG}""#)).unwrap().unwrap();
    assert_eq!((reference.id(), reference.to_string()), (BIG, format!("res.partner,{BIG}")));
    let values = Values::new().set(Partner::PARENT_ID, Id::<Partner>::new(BIG)).set(Partner::RES_ID, BIG);
    assert_eq!(written(&values), format!(r#"{{"parent_id":{BIG},"res_id":{BIG}}}"#));
}

/// Odoo writes integers past 32 bits as floats (`Integer.convert_to_read`), those of a `many2one_reference` as well.
#[test]
fn integers_past_32_bits_come_as_floats() {
    assert_eq!(decode!(i64, "5000000000.0"), Ok(5_000_000_000));
    assert_eq!(decode!(Option<i64>, "5000000000.0"), Ok(Some(5_000_000_000)));
    assert_eq!(decode!(Option<i64>, "false"), Ok(None));
    // Nothing is lost in silence.
    for json in ["1.5", "1e300", "9223372036854775808", "true", r#""1""#] {
        assert!(decode!(i64, json).is_err(), "{json}");
        assert!(decode!(Option<i64>, json).is_err(), "{json}");
    }
}

#[test]
fn one_odd_value_loses_one_record() {
    one!(Row, Option<Date>);
    let page: Page<Row> =
        records(br#"[{"value": false}, {"value": {"odd": [1]}}, {"value": "2026-01-31"}, {}]"#).unwrap();
    assert_eq!(page.records.len(), 2);
    let failures: Vec<_> = page.failures.iter().map(ToString::to_string).collect();
    assert!(failures[0].contains("res.partner") && failures[0].contains(".value: expected a date"), "{failures:?}");
    assert!(failures[0].contains("odd") && failures[1].contains("does not have it"), "{failures:?}");
}

/// Sums and products have up to 17 digits, and each counts: what is read is compared, and written back.
#[test]
fn floats_are_those_of_the_server_to_the_last_digit() {
    for text in ["3954.0899999999997", "11078.716110000003", "0.30000000000000004", "5e-324", "1.7976931348623157e308"]
    {
        assert_eq!(
            decode!(f64, text).map(|float| float.to_bits()),
            Ok(text.parse::<f64>().unwrap().to_bits()),
            "{text}"
        );
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(value.to_string().parse::<f64>(), text.parse(), "as groups and values without a type are read");
    }
}

// As 14 and 19 answer a float that is none in the database: Python's JSON.
#[test]
fn floats_that_are_no_numbers_are_read() {
    one!(Row, f64);
    let page: Page<Row> =
        records(br#"[{"value": 1.5}, {"value": NaN}, {"value": -Infinity}, {"value": Infinity}]"#).unwrap();
    let read: Vec<String> = page.records.iter().map(|row| row.value.to_string()).collect();
    assert_eq!((read.join(" "), page.failures.len()), ("1.5 NaN -inf inf".to_owned(), 0));
    // They are floats and nothing else, and only as a value.
    assert!(decode!(i64, "NaN").unwrap_err().contains("expected an integer"));
    assert!(decode!(Option<Date>, "Infinity").is_err() && decode!(f64, r#""nan""#).is_err());
    assert!(records::<Row>(b"[{\"value\": nan}]").is_err() && records::<Row>(b"[{NaN: 1}]").is_err());
}

/// As a server writes what is left of floats that were added up (seen on `stock.quant` of many databases).
#[cfg(feature = "decimal")]
#[test]
fn a_decimal_that_is_too_small_is_rounded() {
    use odoo_client::read::{FromField, Wire};
    use rust_decimal::Decimal;

    let read = |text| <Decimal as FromField<kind::Float>>::from_field(Wire::Raw(text)).map(|read| read.to_string());
    for (text, expected) in [
        ("1.4210854715202004e-14", "0.0000000000000142108547152020"),
        ("-5.551115123125783e-17", "-0.0000000000000000555111512313"),
        ("5e-324", "0.0000000000000000000000000000"),
        ("1e-07", "0.0000001"),
        ("1.25e+16", "12500000000000000"),
        ("0.30000000000000004", "0.30000000000000004"),
    ] {
        assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
    }
    for none in ["1e+300", "1e999999999", "-1e29", "false", "\"NaN\"", "\"1e-30\""] {
        assert!(read(none).is_err(), "{none}");
    }
}

/// A text that a terminal would obey, that turns itself around and that hides a part; and JSON of it.
const HIDDEN: &str = "a\u{9b}2J\u{202e}b\u{200b}\u{3164}c";

#[test]
fn nothing_that_is_shown_hides_anything() {
    let reference = decode!(Option<Reference>, format!("\"{HIDDEN},7\"")).unwrap();
    let json = decode!(Json, format!("[\"{HIDDEN}\"]")).unwrap();
    let odd = decode!(f64, format!("[\"{HIDDEN}\"]")).unwrap_err();
    let domains = [format!("[('{HIDDEN}')]"), format!("[{HIDDEN}]"), HIDDEN.into(), format!("[1{HIDDEN}]")];
    let domains = domains.map(|text| Domain::<Partner>::parse(&text).unwrap_err().to_string());
    for shown in [format!("{reference:?}"), format!("{json:?}"), odd].iter().chain(&domains) {
        assert!(shown.is_ascii(), "{}", shown.escape_debug());
    }
    assert_eq!(format!("{reference:?}"), "Some(a\\u{9b}2J\\u{202e}b\\u{200b}\\u{3164}c(7))");
}

#[test]
fn what_is_shown_of_a_long_text_is_short() {
    let word = "é".repeat(150_000);
    for text in [word.clone(), format!("[('a', '=', {word}"), format!("[{}", "1".repeat(300_000)), format!("{word}''")]
    {
        let error = Domain::<Partner>::parse(&text).unwrap_err();
        assert!(error.to_string().len() < 250 && format!("{error:?}").len() < 400, "{error}");
    }
    let odd = decode!(f64, format!("[\"{word}\"]")).unwrap_err();
    assert!(odd.len() < 300 && odd.contains('…') && odd.ends_with("é\"]"), "{odd}");
}

/// A row with a value of each type that generated rows have, read as they read it.
#[derive(Default)]
struct Whole {
    id: Id<Partner>,
    active: bool,
    color: i64,
    credit: f64,
    name: Option<String>,
    date: Option<Date>,
    time: Option<Datetime>,
    state: Option<State>,
    parent: Link<Partner>,
    children: Ids<Partner>,
    document: Option<Reference>,
    res_id: Option<i64>,
    extra: Json,
}

impl Slots for Whole {
    type Model = Partner;
    fn fields() -> &'static str {
        "id active color credit name date time state parent children document res_id extra"
    }
    fn empty() -> Self {
        Self::default()
    }
    fn read(&self, row: &mut RowReader<'_>) -> Self {
        Self {
            id: row.record_id(&self.id),
            active: row.boolean(&self.active),
            color: row.integer(&self.color),
            credit: row.float(&self.credit),
            name: row.text(&self.name),
            date: row.date(&self.date),
            time: row.datetime(&self.time),
            state: row.selection(&self.state),
            parent: row.link(&self.parent),
            children: row.links(&self.children),
            document: row.reference(&self.document),
            res_id: row.number(&self.res_id),
            extra: row.json(&self.extra),
        }
    }
}

impl std::fmt::Debug for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        rows::debug(self, f)
    }
}

// Made by hand: no model has a field of each type.
const FULL: &str = r#"{"id": 7, "active": true, "color": 3, "credit": 0.5, "name": "Caf\u00e9 \"x\"", "date": "2026-01-31",
    "time": "2026-01-31 12:00:00", "state": "on hold", "parent": [8, "Jos\u00e9"], "children": [9, 10],
    "document": "res.partner,11", "res_id": 12, "extra": {"a": [1.50]}}"#;

const EMPTY: &str = r#"{"id": 7, "active": false, "color": 0, "credit": 0.0, "name": false, "date": false, "time": false,
    "state": false, "parent": false, "children": [], "document": false, "res_id": false, "extra": false}"#;

#[test]
fn a_whole_row_is_copied_and_shown_with_all_that_is_in_it() {
    let page: Page<Whole> = records(format!("[{FULL}, {EMPTY}, {FULL}]").as_bytes()).unwrap();
    assert_eq!(page.failures, []);
    // The second is not what is left of the first.
    let shown: Vec<_> = page.records.iter().map(|row| format!("{row:?}")).collect();
    let full = "res.partner { id: 7, active: true, color: 3, credit: 0.5, name: \"Café \\\"x\\\"\", date: 2026-01-31, \
        time: 2026-01-31 12:00:00, state: \"on hold\", parent: (8, \"José\"), children: [9, 10], \
        document: \"res.partner,11\", res_id: 12, extra: {\"a\": [1.50]} }";
    let empty = "res.partner { id: 7, active: false, color: 0, credit: 0, name: None, date: None, time: None, state: None, \
        parent: None, children: [], document: None, res_id: None, extra: false }";
    assert_eq!(shown, [full, empty, full]);
    for (row, shown) in page.records.iter().zip(&shown) {
        assert_eq!(format!("{:?}", rows::clone(row)), *shown);
    }
    assert_eq!(rows::clone(&page.records[0]).children.len(), 2);
    assert_eq!(format!("{:?}", Whole::empty()), empty.replace("id: 7", "id: 0").replace("false }", "null }"));
}

#[test]
fn an_error_names_every_value_of_a_row_that_is_not_as_expected() {
    let odd = FULL.replace("true", "\"yes\"").replace("3,", "[3],").replace("[9, 10]", "[9, \"x\", 10]");
    let page: Page<Whole> = records(format!("[{odd}, {FULL}]").as_bytes()).unwrap();
    assert_eq!(page.records.len(), 1);
    let failures: Vec<_> = page.failures.iter().map(ToString::to_string).collect();
    assert_eq!(
        failures,
        [
            "res.partner(7).active: expected a boolean, found \"yes\"",
            "res.partner(7).color: expected an integer, found [3]",
            "res.partner(7).children: expected a list of ids, found [9,\"x\",10]",
        ]
    );
}
