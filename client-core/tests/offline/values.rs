//! What is written, compared with and given to methods, as it goes out, and what is refused before it does.
//! `live/values_back.rs` is the same on real servers.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::support::emulator::{builder, start};
use odoo_client::error::Refusal;
use odoo_client::field::kind;
use odoo_client::model::{ToNumbers, UnknownValue};
use odoo_client::write::{Argument, Serialized, ToField};
use odoo_client::{
    Binary, Client, Command, Context, Date, Domain, Error, ErrorKind, Id, Ids, Link, Many2one, MethodCall, Model,
    Reference, Timestamp, Values,
};
use odoo_emulator::Emulator;
use serde_json::{Value, json};

model! { Order "sale.order" {
    NAME "name" kind::Char;
    PARTNER_ID "partner_id" kind::Many2one<Partner>;
    LINES "order_line" kind::One2many<Line>;
    TAGS "tag_ids" kind::Many2many<Partner>;
    STATE "state" kind::Selection<State>;
    DATE "date" kind::Date;
    TIME "time" kind::Datetime;
    TOTAL "total" kind::Monetary;
    COUNT "count" kind::Integer;
    DONE "done" kind::Boolean;
    REF "ref" kind::Reference;
    FILE "file" kind::Binary;
    DATA "data" kind::Json;
} }

model! { Line "sale.order.line" {
    PRICE "price_unit" kind::Float;
} }

model! { Partner "res.partner" {} }

pub(crate) enum State {
    Draft,
    Unknown(UnknownValue),
}
odoo_client::__rt::selection! { State: 0 "draft" => Draft, }

fn order() -> Values<Order> {
    Values::new()
}

fn sent(values: &Values<Order>) -> Value {
    serde_json::to_value(values).unwrap()
}

/// A server of orders with the method `action_confirm`.
async fn server() -> (Client, Emulator) {
    let emulator = start(19).await;
    emulator.on(Order::ODOO_NAME, "action_confirm", |_| Ok(json!([7]))).unwrap();
    let odoo = builder(&emulator).connect().await.unwrap();
    emulator.take_requests();
    (odoo, emulator)
}

fn assert_refused<T>(result: Result<T, Error>, place: &str) {
    let error = result.err().expect("it is refused");
    assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Encode, false), "{error}");
    assert!(error.to_string().contains(place), "{error}");
}

#[tokio::test]
async fn numbers_that_json_does_not_have_are_refused_before_anything_is_sent() {
    let (odoo, emulator) = server().await;
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let values = || order().set(Order::NAME, "a").set(Order::TOTAL, odd).set(Order::COUNT, 1);
        let line = || Values::new().set(Line::PRICE, odd);
        assert_refused(odoo.create(values()).await, "sale.order.total: JSON has no number");
        assert_refused(odoo.update(Id::new(7), values()).await, "sale.order.total");
        assert_refused(odoo.copy(Id::new(7), values()).await, "sale.order.total");
        assert_refused(odoo.create_many([order(), values()]).send().await.map_err(Error::from), "sale.order.total");
        assert_refused(odoo.update_many(Id::new(7), values()).send().await.map_err(Error::from), "sale.order.total");
        // In commands it is the field of the line that is named.
        let lines = order().set(Order::LINES, [Command::clear(), Command::create(line())]);
        assert_refused(odoo.create(lines).await, "sale.order.line.price_unit");
        let lines = order().set(Order::LINES, vec![Command::update(Id::new(3), line())]);
        assert_refused(odoo.update(Id::new(7), lines).await, "sale.order.line.price_unit");
        assert_refused(odoo.create(order().set_raw("x_weight", odd)).await, "sale.order.x_weight");

        // Wherever in a domain it is.
        let plain = || Order::NAME.eq("a");
        for domain in [
            Order::TOTAL.gt(odd),
            plain() & Order::TOTAL.is_in([1.0, odd]),
            Domain::any_of([Order::TOTAL.eq(odd), Domain::all()]),
            !(plain() | Order::TOTAL.ne(odd)),
            Domain::raw("total", ">", odd),
        ] {
            assert_refused(odoo.search(domain.clone()).await, "total: JSON has no number");
            assert_refused(odoo.search_count(domain.clone()).await, "total");
            assert_refused(odoo.name_search("a", domain.clone(), 1).await, "total");
            assert_refused(odoo.group::<Order>().filter(domain.clone()).fetch_all().await, "total");
            assert!(serde_json::to_string(&domain).is_err() && domain.to_string().contains("JSON has no number"));
        }
        let lines = Order::LINES.any(Line::PRICE.eq(odd));
        assert_eq!(lines.refusal().unwrap().to_string().find("sale.order.line.price_unit"), Some(0));
        let path = Order::LINES.dot(Line::PRICE).eq(odd);
        assert_eq!(path.refusal().unwrap().to_string().find("sale.order.order_line.price_unit"), Some(0));

        // In any argument, however deep.
        let call = || odoo.model("sale.order").call("action_confirm");
        assert_refused(
            call().arg("k", odd).send::<Value>().await,
            "sale.order.action_confirm(): the argument `k` cannot be sent",
        );
        assert_refused(call().arg("k", vec![Some(("a", odd))]).send::<Value>().await, "`k`");
        assert_refused(call().arg("k", BTreeMap::from([("a", [1.0, odd])])).send::<Value>().await, "`k`");
        assert_refused(call().arg("k", values()).send::<Value>().await, "sale.order.total");
        assert_refused(call().arg("k", Order::TOTAL.eq(odd)).send::<Value>().await, "sale.order.total");
        assert_refused(call().arg("k", Serialized(HashMap::from([("a", (1, odd))]))).send::<Value>().await, "`k`");
        assert_refused(call().with_context(("default_total", odd)).send::<Value>().await, "`default_total`");
        let french = odoo.with_context(Context::new().set("default_total", odd).lang("fr_FR"));
        assert_refused(french.model("sale.order").call("action_confirm").send::<Value>().await, "`default_total`");
        let typed =
            |value: &dyn Argument| MethodCall::<Value>::on("action_confirm", Id::<Order>::new(7), &[("k", value)]);
        assert_refused(odoo.call(typed(&odd)).await, "sale.order.action_confirm([7]): the argument `k`");
        assert_refused(odoo.call(typed(&1).arg("other", [odd])).await, "the argument `other`");
    }
    assert_eq!(emulator.requests(), []);
}

#[test]
fn what_is_refused_stays_so_and_is_not_shown_as_something_else() {
    let values = order().set(Order::TOTAL, f64::NAN).set(Order::TOTAL, 1.0);
    assert!(serde_json::to_string(&values).is_err() && !values.is_empty());
    assert_eq!((values.get("total"), values.refusal().unwrap().to_string()), (None, format!("{values:?}")));
    let command = Command::create(Values::new().set(Line::PRICE, f64::NAN));
    assert!(serde_json::to_string(&command).is_err() && format!("{command:?}").contains("price_unit"));
}

#[test]
fn a_date_before_the_first_year_is_refused() {
    let values = order().set(Order::DATE, Date::constant(0, 12, 31));
    assert_eq!(values.refusal().unwrap().to_string(), "sale.order.date: Odoo has the years 1 to 9999 only");
    assert_eq!(sent(&order().set(Order::DATE, Date::constant(1, 1, 1))), json!({"date": "0001-01-01"}));
}

#[test]
fn a_type_of_ones_own_can_refuse() {
    struct Percent(f64);
    impl ToField<kind::Float> for Percent {
        fn to_json(self) -> Result<Value, Refusal> {
            if self.0 > 100.0 { Err(Refusal::new("more than 100 %")) } else { ToField::<kind::Float>::to_json(self.0) }
        }
    }
    let refused = Values::<Line>::new().set(Line::PRICE, Some(Percent(101.0)));
    assert_eq!(refused.refusal().unwrap().to_string(), "sale.order.line.price_unit: more than 100 %");
    assert_eq!(serde_json::to_string(&Values::new().set(Line::PRICE, Percent(5.0))).unwrap(), r#"{"price_unit":5.0}"#);
}

#[test]
fn what_a_row_holds_is_written_back() {
    let partner = Many2one::<Partner>::new(Id::new(7));
    let (link, nobody) = (Link::from(partner.clone()), Link::<Partner>::EMPTY);
    for values in [
        order().set(Order::PARTNER_ID, &link),
        order().set(Order::PARTNER_ID, link.clone()),
        order().set(Order::PARTNER_ID, &partner),
        order().set(Order::PARTNER_ID, link.id()),
        order().set(Order::PARTNER_ID, Some(partner)),
    ] {
        assert_eq!(sent(&values), json!({"partner_id": 7}));
    }
    for values in [
        order().set(Order::PARTNER_ID, &nobody),
        order().set(Order::PARTNER_ID, nobody.id()),
        order().set(Order::PARTNER_ID, nobody.get()),
    ] {
        assert_eq!(sent(&values), json!({"partner_id": false}));
    }

    let ids: Ids<Partner> = [Id::new(3), Id::new(5)].into_iter().collect();
    let list: Vec<Id<Partner>> = ids.iter().collect();
    for values in [
        order().set(Order::TAGS, &ids),
        order().set(Order::TAGS, ids.clone()),
        order().set(Order::TAGS, &list),
        order().set(Order::TAGS, &*list),
        order().set(Order::TAGS, [Id::new(3), Id::new(5)]),
        order().set(Order::TAGS, [Command::set(&list)]),
        order().set(Order::TAGS, list.clone()),
    ] {
        assert_eq!(sent(&values), json!({"tag_ids": [[6, 0, [3, 5]]]}));
    }
    assert_eq!(sent(&order().set(Order::LINES, Ids::EMPTY)), json!({"order_line": [[6, 0, []]]}));

    let time: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
    let reference = Reference::to(Id::<Partner>::new(7));
    let full = order()
        .set(Order::NAME, Some("a"))
        .set(Order::STATE, Some(State::Draft))
        .set(Order::DATE, Some(Date::constant(2026, 1, 31)))
        .set(Order::TIME, Some(time))
        .set(Order::TOTAL, Some(1.5))
        .set(Order::COUNT, Some(3))
        .set(Order::DONE, Some(true))
        .set(Order::REF, Some(&reference))
        .set(Order::FILE, Some(b"hello".to_vec()))
        .set(Order::DATA, Some(json!({"a": 1})));
    assert_eq!(
        sent(&full),
        json!({"name": "a", "state": "draft", "date": "2026-01-31", "time": "2026-01-31 12:00:00", "total": 1.5,
            "count": 3, "done": true, "ref": "res.partner,7", "file": "aGVsbG8=", "data": {"a": 1}})
    );
    let empty = order()
        .set(Order::NAME, None::<Cow<'_, str>>)
        .set(Order::STATE, None::<State>)
        .set(Order::DATE, None::<Date>)
        .set(Order::TIME, None::<Timestamp>)
        .set(Order::TOTAL, None::<f64>)
        .set(Order::REF, None::<Reference>)
        .set(Order::FILE, None::<Vec<u8>>);
    assert!(sent(&empty).as_object().unwrap().values().all(|value| *value == json!(false)));
}

#[test]
fn filters_take_the_same() {
    let text = |domain: Domain<Order>| domain.to_string();
    assert_eq!(text(Order::NAME.eq(None::<String>)), "[('name', '=', False)]");
    assert_eq!(text(Order::PARTNER_ID.eq(&Link::EMPTY)), "[('partner_id', '=', False)]");
    assert_eq!(text(Order::PARTNER_ID.ne(Some(Id::new(7)))), "[('partner_id', '!=', 7)]");
    assert_eq!(text(Order::STATE.is_in([Some(State::Draft), None])), "[('state', 'in', ['draft', False])]");
    assert_eq!(text(Order::DATE.gt(Some(Date::constant(2026, 1, 31)))), "[('date', '>', '2026-01-31')]");
    let refused = Order::DATE.gt(None::<Date>);
    assert!(refused.refusal().unwrap().to_string().starts_with("sale.order.date: nothing is `>` no value"));

    let pattern = String::from("a%");
    for domain in [
        Order::NAME.ilike(&pattern),
        Order::NAME.ilike(&*pattern),
        Order::NAME.ilike(pattern.clone()),
        Order::NAME.ilike(Cow::from("a%")),
    ] {
        assert_eq!(text(domain), "[('name', 'ilike', 'a%')]");
    }
}

#[tokio::test]
async fn arguments_are_the_json_that_a_write_sends() {
    let (odoo, emulator) = server().await;
    let time: Timestamp = "2026-01-31T12:00:00.5Z".parse().unwrap();
    let ids: Ids<Partner> = [Id::new(3), Id::new(5)].into_iter().collect();
    let cases: Vec<(Box<dyn Argument>, Value)> = vec![
        (Box::new(Date::constant(2026, 1, 31)), json!("2026-01-31")),
        (Box::new(time), json!("2026-01-31 12:00:00")),
        (Box::new([(Some(time), "a")]), json!([["2026-01-31 12:00:00", "a"]])),
        (Box::new(State::Draft), json!("draft")),
        (Box::new(vec![Some(State::Draft), None]), json!(["draft", null])),
        (Box::new(Id::<Partner>::new(7)), json!(7)),
        (Box::new(Many2one::<Partner>::new(Id::new(7))), json!(7)),
        (Box::new(Link::<Partner>::EMPTY), json!(false)),
        (Box::new(ids), json!([3, 5])),
        (Box::new(Reference::to(Id::<Partner>::new(7))), json!("res.partner,7")),
        (Box::new(b"hello".to_vec()), json!("aGVsbG8=")),
        (Box::new(Binary(b"hello")), json!("aGVsbG8=")),
        (Box::new(Order::NAME.eq("a")), json!([["name", "=", "a"]])),
        (Box::new(order().set(Order::DATE, Date::constant(2026, 1, 31))), json!({"date": "2026-01-31"})),
        (Box::new([Command::<Partner>::link(Id::new(7))]), json!([[4, 7, 0]])),
        (Box::new(BTreeMap::from([("b", Date::constant(2026, 1, 31))])), json!({"b": "2026-01-31"})),
        (Box::new(Vec::<i64>::new()), json!([])),
        (Box::new(HashMap::<String, i64>::new()), json!({})),
        (Box::new(json!({"a": [1, null, "b"]})), json!({"a": [1, null, "b"]})),
        (Box::new(1.5_f32), json!(1.5)),
        (Box::new(u64::MAX), json!(u64::MAX)),
        (Box::new(Serialized([Some(1.5), None])), json!([1.5, null])),
    ];
    for (argument, expected) in cases {
        assert_eq!(argument.to_json().unwrap(), expected);
        odoo.call(MethodCall::<Value>::of::<Order>("action_confirm", &[("k", &*argument)])).await.unwrap();
        let [call] = &emulator.take_requests()[..] else { panic!("one call") };
        assert_eq!(json!([call.args, call.kwargs]), json!([[], {"k": expected}]));
    }
    // Untyped calls take them in the same way, and their context too.
    let call = odoo
        .model("sale.order")
        .call("action_confirm")
        .arg("day", Date::constant(2026, 1, 31))
        .arg("state", State::Draft);
    call.with_context(("default_time", time)).send::<Value>().await.unwrap();
    let kwargs = json!({"day": "2026-01-31", "state": "draft", "context": {"default_time": "2026-01-31 12:00:00"}});
    assert_eq!(json!(emulator.requests()[0].kwargs), kwargs);
}

#[test]
fn one_record_is_given_as_several_are() {
    fn numbers<V>(ids: impl ToNumbers<V>) -> Vec<i64> {
        ids.to_numbers()
    }
    assert_eq!(numbers(7), numbers([7]));
    assert_eq!(numbers(Id::<Partner>::new(7)), numbers(vec![Id::<Partner>::new(7)]));
    assert_eq!(numbers((3..5).map(Id::<Partner>::new)), numbers(3_i64..5));
}

#[test]
fn no_list_of_records_empties_the_relation() {
    let tags = |tags: Option<Vec<Id<Partner>>>| sent(&order().set(Order::TAGS, tags));
    assert_eq!(tags(None), json!({"tag_ids": false}));
    assert_eq!(tags(Some(vec![Id::new(3)])), json!({"tag_ids": [[6, 0, [3]]]}));
    let lines = order().set(Order::LINES, Some([Command::<Line>::link(Id::new(3))]));
    assert_eq!(sent(&lines), json!({"order_line": [[4, 3, 0]]}));
}

#[cfg(feature = "decimal")]
#[test]
fn a_decimal_is_sent_digit_by_digit_or_not_at_all() {
    use rust_decimal::Decimal;

    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    for (given, expected) in [
        ("19.99", "19.99"),
        ("-0.1", "-0.1"),
        ("19.990", "19.99"),
        ("12345678901234.56", "12345678901234.56"),
        ("5", "5.0"),
        ("0.0000001", "1e-7"),
        ("0.30000000000000004", "0.30000000000000004"),
    ] {
        let values = order().set(Order::TOTAL, decimal(given));
        assert_eq!(serde_json::to_string(&values).unwrap(), format!(r#"{{"total":{expected}}}"#));
        assert_eq!(serde_json::to_string(&decimal(given).to_argument()).unwrap(), expected);
    }
    assert_eq!(Order::TOTAL.ge(decimal("19.99")).to_string(), "[('total', '>=', 19.99)]");
    for odd in ["1234567890123456.78", "9007199254740993", "0.3333333333333333333333333333"] {
        let refusal = order().set(Order::TOTAL, decimal(odd)).refusal().unwrap().to_string();
        assert!(refusal.starts_with(&format!("sale.order.total: `{odd}` has more digits")), "{refusal}");
    }
    assert!(Order::TOTAL.eq(Decimal::MAX).refusal().is_some() && Order::TOTAL.eq(Decimal::MIN).refusal().is_some());

    trait ToArgument {
        fn to_argument(&self) -> Value;
    }
    impl ToArgument for Decimal {
        fn to_argument(&self) -> Value {
            Argument::to_json(self).unwrap()
        }
    }
}

#[cfg(feature = "chrono")]
#[test]
fn dates_and_times_of_chrono() {
    use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};

    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    assert_eq!(sent(&order().set(Order::DATE, Some(day(2026, 1, 31)))), json!({"date": "2026-01-31"}));
    assert_eq!(sent(&order().set(Order::DATE, day(9999, 12, 31))), json!({"date": "9999-12-31"}));
    assert_eq!(sent(&order().set(Order::DATE, day(1, 1, 1))), json!({"date": "0001-01-01"}));
    assert!(order().set(Order::DATE, day(0, 12, 31)).refusal().is_some());
    assert!(order().set(Order::DATE, day(10_000, 1, 1)).refusal().is_some());

    let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let brussels = FixedOffset::east_opt(7_200).unwrap().with_ymd_and_hms(2026, 1, 1, 1, 0, 0).unwrap();
    assert_eq!(sent(&order().set(Order::TIME, brussels)), json!({"time": "2025-12-31 23:00:00"}));
    assert_eq!(Order::TIME.lt(utc("2026-01-31T12:00:00.9Z")).to_string(), "[('time', '<', '2026-01-31 12:00:00')]");
    for (given, written) in
        [("9999-12-31T23:59:59Z", "9999-12-31 23:59:59"), ("0001-01-01T00:00:00Z", "0001-01-01 00:00:00")]
    {
        assert_eq!(sent(&order().set(Order::TIME, utc(given))), json!({"time": written}));
        assert_eq!(Argument::to_json(&utc(given)), Ok(json!(written)));
    }
    assert!(order().set(Order::TIME, utc("+10000-01-01T00:00:00Z")).refusal().is_some());
}

#[cfg(feature = "time")]
#[test]
fn dates_and_times_of_time() {
    use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

    let day = |year, month, day| Date::from_calendar_date(year, month, day).unwrap();
    assert_eq!(sent(&order().set(Order::DATE, Some(day(2026, Month::January, 31)))), json!({"date": "2026-01-31"}));
    assert_eq!(sent(&order().set(Order::DATE, day(1, Month::January, 1))), json!({"date": "0001-01-01"}));
    assert!(order().set(Order::DATE, day(0, Month::December, 31)).refusal().is_some());

    let end = OffsetDateTime::new_utc(day(9999, Month::December, 31), Time::from_hms(23, 59, 59).unwrap());
    assert_eq!(sent(&order().set(Order::TIME, end)), json!({"time": "9999-12-31 23:59:59"}));
    assert_eq!(Argument::to_json(&end), Ok(json!("9999-12-31 23:59:59")));
    // An hour later, said in the time of a place to the east of it.
    let late = end.replace_offset(UtcOffset::from_hms(-1, 0, 0).unwrap());
    assert!(order().set(Order::TIME, late).refusal().is_some());
    let east = OffsetDateTime::new_in_offset(
        day(2026, Month::January, 1),
        Time::from_hms(1, 0, 0).unwrap(),
        UtcOffset::from_hms(2, 0, 0).unwrap(),
    );
    assert_eq!(sent(&order().set(Order::TIME, east)), json!({"time": "2025-12-31 23:00:00"}));
}
