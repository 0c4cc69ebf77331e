//! What goes wrong between a program and Odoo, on an emulator that has it go wrong: what the client does, and what is in
//! the database after it.

use std::time::Duration;

use odoo_client::client::WireKind;
use odoo_client::query::Period;
use odoo_client::{Client, Context, Date, ErrorKind, RetryPolicy, Values};
use odoo_emulator::{Emulator, Failure};
use serde_json::{Value, json};

use crate::support::emulator::{builder, calls, pin, start};
use crate::support::models::{Currency, Partner, Rate, Tag};
use crate::support::server::PASSWORD;

async fn count(odoo: &Client) -> u64 {
    odoo.search_count(odoo_client::Domain::<Tag>::all()).await.unwrap()
}

const WIRES: [WireKind; 2] = [WireKind::JsonRpc, WireKind::Session];

#[tokio::test]
async fn what_only_reads_is_asked_again() {
    for wire in WIRES {
        let emulator = start(19).await;
        let odoo = builder(&emulator).wire(wire).connect().await.unwrap();
        for failure in
            [Failure::bad_gateway(), Failure::too_many_requests(0), Failure::cut_before(), Failure::cut_after()]
        {
            emulator.take_requests();
            emulator.fail(failure.on("res.partner.category", "search_count")).unwrap();
            assert_eq!(count(&odoo).await, 0);
            assert_eq!(calls(&emulator, "search_count"), 2, "{wire}");
        }
    }
}

#[tokio::test]
async fn a_write_is_made_once_and_an_error_says_that_it_may_have_been() {
    for wire in WIRES {
        let emulator = start(19).await;
        let odoo = builder(&emulator).wire(wire).connect().await.unwrap();
        let empty = emulator.snapshot();
        for (failure, is_made) in
            [(Failure::bad_gateway(), false), (Failure::cut_before(), false), (Failure::cut_after(), true)]
        {
            emulator.reset(&empty);
            emulator.fail(failure.on("res.partner.category", "create")).unwrap();
            let error = odoo.create(Values::new().set(Tag::NAME, "blue")).await.unwrap_err();
            assert!(error.may_have_executed() && error.attempts() == 1, "{error}");
            assert_eq!((calls(&emulator, "create"), count(&odoo).await), (1, u64::from(is_made)), "{wire}: {error}");
        }
        // Refused by what stands in front of Odoo: nothing was done.
        emulator.reset(&empty);
        emulator.fail(Failure::too_many_requests(0).times(100)).unwrap();
        let error = odoo.create(Values::new().set(Tag::NAME, "blue")).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::RateLimited, false), "{error}");
    }
}

#[tokio::test]
async fn a_call_that_was_rolled_back_is_made_again_and_gives_up() {
    for series in [14, 19] {
        let emulator = start(series).await;
        let odoo = builder(&emulator).connect().await.unwrap();
        emulator.fail(Failure::serialization().on("res.partner.category", "create")).unwrap();
        let first = odoo.create(Values::new().set(Tag::NAME, "blue")).await.unwrap();
        assert_eq!((calls(&emulator, "create"), count(&odoo).await), (2, 1));
        odoo.delete(first).await.unwrap();
        emulator.fail(Failure::serialization().on("res.partner.category", "create").always()).unwrap();
        let error = odoo.create(Values::new().set(Tag::NAME, "blue")).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Conflict, false), "{error}");
        assert_eq!(count(&odoo).await, 0);
    }
}

#[tokio::test]
async fn a_session_that_the_server_forgot_is_begun_anew() {
    for series in [14, 19] {
        let emulator = start(series).await;
        let odoo = builder(&emulator).wire(WireKind::Session).connect().await.unwrap();
        emulator.fail(Failure::session_expired()).unwrap();
        odoo.create(Values::new().set(Tag::NAME, "blue")).await.unwrap();
        assert_eq!((count(&odoo).await, calls(&emulator, "create")), (1, 2), "{series}");
        // With the session alone there is no way back.
        let alone = Client::builder().url(emulator.url()).session(odoo.session_id().unwrap()).connect().await.unwrap();
        emulator.end_sessions();
        let call = alone.model("res.users").call("context_get").send::<Value>();
        assert_eq!(call.await.unwrap_err().kind(), ErrorKind::SessionExpired);
    }
}

#[tokio::test]
async fn a_slow_answer_is_waited_for_and_no_longer() {
    let emulator = start(19).await;
    let slow =
        builder(&emulator).timeout(Duration::from_millis(50)).retry(RetryPolicy::never()).connect().await.unwrap();
    emulator.fail(Failure::latency(Duration::from_secs(60))).unwrap();
    let error = slow.search_count(odoo_client::Domain::<Tag>::all()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    emulator.fail(Failure::latency(Duration::from_millis(1))).unwrap();
    assert_eq!(count(&slow).await, 0);
}

#[tokio::test]
async fn a_field_that_was_renamed_is_an_error_that_names_it() {
    for series in [14, 19] {
        let emulator = start(series).await;
        let odoo = builder(&emulator).wire(WireKind::Session).connect().await.unwrap();
        let before = emulator.snapshot();
        let tag = odoo.create(Values::new().set(Tag::NAME, "blue").set(Tag::COLOR, 3)).await.unwrap();
        emulator.engine(|engine| engine.rename_field("res.partner.category", "color", "hue")).unwrap();
        let error = odoo.update(tag, Values::new().set(Tag::COLOR, 4)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownField, "{error}");
        assert!(error.to_string().contains("color"), "{error}");
        let read = odoo.model("res.partner.category").call("read").ids([tag]).arg("fields", ["hue"]);
        assert_eq!(read.send::<Value>().await.unwrap()[0]["hue"], 3);
        emulator.reset(&before);
        let fields = odoo.model("res.partner.category").call("fields_get").arg("allfields", ["color", "hue"]);
        let fields: Value = fields.send().await.unwrap();
        assert!(fields.get("color").is_some() && fields.get("hue").is_none());
        assert_eq!(count(&odoo).await, 0);
    }
}

#[tokio::test]
async fn a_field_that_differs_by_company_has_a_value_for_each() {
    for series in [14, 19] {
        let emulator = start(series).await;
        let companies = json!([{"id": 2, "name": "Other"}, {"id": 3, "name": "Nobody's"}]);
        emulator
            .load(&json!({"res.company": companies, "res.users": [{"id": 2, "company_id": 1, "company_ids": [1, 2]}]}))
            .unwrap();
        let odoo = builder(&emulator).connect().await.unwrap();
        let partner = odoo.create(Values::new().set(Partner::NAME, "Acme")).await.unwrap();
        let write = async |company: i64, barcode: &str| {
            let vals = json!({"barcode": barcode});
            let call = odoo.model("res.partner").call("write").ids([partner]).arg("vals", vals);
            call.with_context(Context::new().companies([company])).send::<bool>().await
        };
        let barcode = async |companies: [i64; 2]| {
            let read = odoo.model("res.partner").call("read").ids([partner]).arg("fields", ["barcode"]);
            let read: Value = read.with_context(Context::new().companies(companies)).send().await.unwrap();
            read[0]["barcode"].clone()
        };
        write(1, "one").await.unwrap();
        assert_eq!((barcode([1, 2]).await, barcode([2, 1]).await), (json!("one"), json!(false)));
        let before = emulator.snapshot();
        write(2, "two").await.unwrap();
        assert_eq!((barcode([1, 2]).await, barcode([2, 1]).await), (json!("one"), json!("two")));
        assert_eq!(write(3, "three").await.unwrap_err().kind(), ErrorKind::Access);
        emulator.reset(&before);
        assert_eq!((barcode([2, 1]).await, barcode([1, 2]).await), (json!(false), json!("one")));
    }
}

/// 17.0 and 18.0 put the filter before the ends of the period: one on the same field looks the same (by their source; the emulator
/// was compared with them).
#[tokio::test]
async fn a_period_is_that_of_the_group_and_not_that_of_the_filter() {
    let day = |year, month, day| Date::constant(year, month, day);
    for series in [14, 16, 17, 18, 19] {
        let emulator = start(series).await;
        let odoo = builder(&emulator).connect().await.unwrap();
        let currency = odoo.create(Currency::values().set(Currency::NAME, "XYZ").set_raw("symbol", "x")).await.unwrap();
        for name in [day(2023, 12, 31), day(2024, 1, 31), day(2024, 4, 1), day(2025, 1, 1)] {
            let rate = Rate::values().set(Rate::CURRENCY_ID, currency).set(Rate::NAME, name).set(Rate::RATE, 1.5);
            odoo.create(rate).await.unwrap();
        }
        let year = Rate::NAME.ge(day(2024, 1, 1)) & Rate::NAME.lt(day(2025, 1, 1));
        let group = odoo.group::<Rate>().filter(year & Rate::CURRENCY_ID.eq(currency));
        let groups = group.by(Rate::NAME.quarter()).by(Rate::NAME.month()).fetch_all().await.unwrap();
        let found: Vec<_> = groups.iter().map(|group| (group.key.0.unwrap(), group.key.1.unwrap())).collect();
        let period = |from, to| Period { from: day(2024, from, 1), to: day(2024, to, 1) };
        assert_eq!(found, [(period(1, 4), period(1, 2)), (period(4, 7), period(4, 5))], "{series}");
    }
}

#[tokio::test]
async fn a_method_answers_what_a_test_says_and_one_that_nobody_answers_says_how() {
    let emulator = start(19).await;
    let odoo = builder(&emulator).connect().await.unwrap();
    let partner = odoo.create(Values::new().set(Partner::NAME, "Acme")).await.unwrap();
    let post = || odoo.model("res.partner").call("message_post").ids([partner]).arg("body", "hello").send::<i64>();
    let error = post().await.unwrap_err();
    assert!(error.to_string().contains("emulator.on(\"res.partner\", \"message_post\""), "{error}");
    emulator
        .on("res.partner", "message_post", |call| {
            assert_eq!(call.kwargs["body"], "hello");
            call.call("res.partner", "write", vec![json!(call.ids()), json!({"comment": "posted"})])?;
            Ok(json!(7))
        })
        .unwrap();
    assert_eq!(post().await.unwrap(), 7);
    let [seen] = &emulator.requests()[emulator.requests().len() - 1..] else { panic!("one request") };
    assert_eq!((seen.model.as_deref(), seen.status), (Some("res.partner"), Some(200)));
    assert_eq!(seen.args, [json!([partner])]);
}

#[tokio::test]
async fn keys_have_ends_and_a_second_factor_is_wanted() {
    let emulator = start(19).await;
    let hour = Duration::from_secs(3_600);
    let now = odoo_client::Timestamp::now();
    let good = emulator.add_api_key("admin", Some(now + hour)).unwrap();
    let spent = emulator.add_api_key("admin", Some(now - hour)).unwrap();
    let with = |key: &str| Client::builder().url(emulator.url()).database(emulator.database()).api_key(key.to_owned());
    assert_eq!(with(&good).connect().await.unwrap().wire(), WireKind::Json2);
    assert_eq!(with(&spent).connect().await.unwrap_err().kind(), ErrorKind::AccessDenied);

    emulator.set_totp("admin", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap();
    let error = builder(&emulator).wire(WireKind::Session).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TotpRequired, "{error}");
    assert_eq!(builder(&emulator).connect().await.unwrap_err().kind(), ErrorKind::AccessDenied);
    let odoo = builder(&emulator).totp(|| async { Ok(code().into()) }).connect().await.unwrap();
    assert_eq!((odoo.wire(), odoo.uid().get()), (WireKind::Session, 2));
}

/// What a person's device shows now.
fn code() -> String {
    let secret = totp_rs::Secret::try_from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap();
    let now = u64::try_from(odoo_client::Timestamp::now().as_second()).unwrap();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(now).to_string()
}

#[tokio::test]
async fn what_was_asked_is_seen_without_secrets() {
    let emulator = start(19).await;
    let key = emulator.add_api_key("admin", None).unwrap();
    for wire in WIRES {
        let odoo = builder(&emulator).wire(wire).connect().await.unwrap();
        let _: Value = odoo.model("res.users").call("read").ids([2]).arg("fields", ["login"]).send().await.unwrap();
        let user = json!({"name": "x", "login": "x", "password": PASSWORD});
        let _ = odoo.model("res.users").call("create").arg("vals_list", user).send::<Value>().await;
    }
    let json2 = Client::builder().url(emulator.url()).database(emulator.database()).api_key(key.clone());
    json2.connect().await.unwrap();
    let seen = format!("{:?}", emulator.requests());
    assert!(seen.contains("\"admin\"") && seen.contains("\"login\""), "{seen}");
    assert!(!seen.contains(PASSWORD) && !seen.contains(&key) && !seen.contains("session_id"), "{seen}");
    assert!(!format!("{emulator:?} {:?}", emulator.snapshot()).contains(PASSWORD));
}

#[test]
fn it_needs_no_runtime_and_is_gone_when_it_is_dropped() {
    let emulators = [14, 19].map(|series| Emulator::builder(pin(series)).unwrap().start().unwrap());
    let address = |emulator: &Emulator| emulator.url().trim_start_matches("http://").to_owned();
    let addresses = emulators.each_ref().map(address);
    for address in &addresses {
        assert!(address.starts_with("127.0.0.1:"), "{address}");
        std::net::TcpStream::connect(address).unwrap();
    }
    drop(emulators);
    for address in addresses {
        std::net::TcpStream::connect(address).unwrap_err();
    }
}
