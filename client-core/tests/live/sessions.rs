//! Sessions and second factors against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name (an
//! administrator). What they create they delete, also when they fail.

use odoo_client::client::WireKind;
use odoo_client::{ErrorKind, Id};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::own::totp;
use crate::own::users::{builder, delete_user, finally, make_user, name, server};

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_session_is_handed_out_taken_up_and_ended() {
    let builder = builder();
    let first = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let id = first.session_id().expect("a session");
    assert!(!format!("{first:?} {builder:?}").contains(id.expose_secret()));

    let second = server().session(id.clone()).connect().await.unwrap();
    assert_eq!((second.wire(), second.uid(), second.database()), (WireKind::Session, first.uid(), first.database()));
    assert_eq!(second.user(), first.user());
    let info = second.session_info().await.unwrap();
    assert_eq!((info.uid, &*info.login, &*info.database), (first.uid(), first.user(), first.database()));
    assert_eq!(info.server_version.as_ref(), Some(first.version()));
    let me = second.model("res.users").call("read").ids([info.uid]).arg("fields", ["partner_id", "company_id"]);
    let me: Value = me.send().await.unwrap();
    assert_eq!(info.partner_id.map(Id::get), me[0]["partner_id"][0].as_i64());
    assert_eq!(info.company_id.map(Id::get), me[0]["company_id"][0].as_i64());
    assert!(info.companies.iter().any(|company| Some(company.id) == info.company_id));
    assert!(info.user_context.get("tz").is_some());

    // Another user's, or another database's, is none that was meant.
    let error = server().session(id.clone()).user("demo").connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");

    second.log_out().await.unwrap();
    assert!(second.session_id().is_none());
    let call = || second.model("res.country").call("search_count").arg("domain", json!([]));
    let error = call().send::<i64>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
    // What has but the id cannot go on ...
    let error = server().session(id).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
    // ... what knows the password can.
    let count: i64 = first.model("res.country").call("search_count").arg("domain", json!([])).send().await.unwrap();
    assert!(count > 200);
    first.log_out().await.unwrap();
    first.log_out().await.unwrap();
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_other_wires_begin_a_session_when_they_need_one() {
    let builder = builder();
    let odoo = builder.wire(WireKind::JsonRpc).connect().await.unwrap();
    assert!(odoo.session_id().is_none());
    assert_eq!(odoo.session_info().await.unwrap().uid, odoo.uid());
    assert!(odoo.session_id().is_some());
    odoo.log_out().await.unwrap();
    // Its calls need no session.
    let _: i64 = odoo.model("res.country").call("search_count").arg("domain", json!([])).send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_a_thousand_calls_share_one_login_when_the_session_has_ended() {
    let builder = builder();
    let admin = builder.clone().connect().await.unwrap();
    let login = name("flight");
    let uid = make_user(&admin, &login, "flight-Pass1").await;
    let test = {
        let admin = admin.clone();
        let builder = builder.user(&login).password("flight-Pass1").wire(WireKind::Session).max_concurrent_calls(16);
        async move {
            let odoo = builder.connect().await.unwrap();
            let logins = || async {
                let log = admin.model("res.users.log").call("search_count");
                log.arg("domain", json!([["create_uid", "=", uid]])).send::<i64>().await.unwrap()
            };
            assert_eq!(logins().await, 1);
            let ended = server().session(odoo.session_id().unwrap()).connect().await.unwrap();
            ended.log_out().await.unwrap();
            let tasks: Vec<_> = (0..1_000)
                .map(|_| {
                    let call = odoo.model("res.users").call("context_get");
                    tokio::spawn(call.send::<Value>())
                })
                .collect();
            for task in tasks {
                assert!(task.await.unwrap().unwrap()["lang"].is_string());
            }
            assert_eq!(logins().await, 2);
            odoo.log_out().await.unwrap();
        }
    };
    finally(test, delete_user(&admin, uid)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_a_login_that_fails_again_is_tried_once() {
    let builder = builder();
    let admin = builder.clone().connect().await.unwrap();
    let login = name("locked");
    let uid = make_user(&admin, &login, "locked-Pass1").await;
    let test = {
        let admin = admin.clone();
        async move {
            let odoo = builder.user(&login).password("locked-Pass1").wire(WireKind::Session).connect().await.unwrap();
            // A new password ends the sessions of the old one.
            let changed = json!({"password": "locked-Pass2"});
            admin.model("res.users").call("write").ids([uid]).arg("vals", changed).send::<bool>().await.unwrap();
            let tasks: Vec<_> =
                (0..8).map(|_| tokio::spawn(odoo.model("res.users").call("context_get").send::<Value>())).collect();
            for task in tasks {
                let error = task.await.unwrap().unwrap_err();
                assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::AccessDenied, false), "{error}");
            }
        }
    };
    finally(test, delete_user(&admin, uid)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_two_factor_authentication() {
    let builder = builder();
    let admin = builder.clone().connect().await.unwrap();
    let login = name("totp");
    let uid = make_user(&admin, &login, "totp-Pass1").await;
    let builder = builder.user(&login).password("totp-Pass1");
    let test = async move {
        let plain = builder.clone().wire(WireKind::Session).connect().await.unwrap();
        let secret = totp::enable(&plain, uid, "totp-Pass1").await;

        let error = builder.clone().wire(WireKind::Session).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TotpRequired, "{error}");
        let error = builder.clone().connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
        assert!(error.to_string().contains("totp"), "{error}");
        let error = totp::with_codes(&builder, |_| "000000".to_owned()).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
        let no_code = builder.clone().totp(|| async { Err("the device is at home".into()) });
        let error = no_code.connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TotpRequired, "{error}");

        // 19 takes each code once, and one was used to switch it on: the next one is good already.
        let odoo = totp::with_codes(&builder, move |n| totp::code(&secret, 1 + n)).connect().await.unwrap();
        assert_eq!((odoo.wire(), odoo.uid().get()), (WireKind::Session, uid));
        let info = odoo.session_info().await.unwrap();
        assert_eq!(info.uid.get(), uid);
        odoo.log_out().await.unwrap();
    };
    finally(test, delete_user(&admin, uid)).await;
}
