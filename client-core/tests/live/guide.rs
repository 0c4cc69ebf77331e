//! Every operation of the guide (`src/guide.md`) over every wire of the server that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and
//! `ODOO_PASSWORD` name (an administrator). What it creates it deletes, also when it fails.
//! `live/guide_network.rs` makes the same calls through a proxy and a gateway.

use crate::own::guide::every_call_on_every_wire;
use crate::own::totp;
use crate::own::users::{delete_user, finally, make_user, server};
use odoo_client::client::WireKind;
use odoo_client::{Client, Context, ErrorKind};
use serde_json::json;

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_guide_on_every_wire() {
    every_call_on_every_wire("guide", |builder| builder).await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_guide_from_the_environment() {
    let variable = |name| std::env::var(name).unwrap();
    let odoo = Client::from_env().await.unwrap();
    assert_eq!((odoo.user(), odoo.database()), (&*variable("ODOO_USER"), &*variable("ODOO_DB")));
    assert_eq!(odoo.url(), variable("ODOO_URL").trim_end_matches('/'));
    assert!(odoo.uid().get() > 0);
    // Of a password that is all there is.
    assert_eq!((odoo.wire(), odoo.wire().removed_in().is_some()), (WireKind::JsonRpc, true));
}

/// There is one wire for it, the session; what it refuses is for `live/sessions.rs`.
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_guide_with_a_second_factor() {
    let builder = crate::own::users::builder();
    let admin = builder.clone().connect().await.unwrap();
    let login = crate::own::users::name("guide totp");
    let uid = make_user(&admin, &login, "guide-Pass1").await;
    let builder = builder.user(&login).password("guide-Pass1").wire(WireKind::Session);
    let test = async move {
        let secret = totp::enable(&builder.clone().connect().await.unwrap(), uid, "guide-Pass1").await;
        assert_eq!(builder.clone().connect().await.unwrap_err().kind(), ErrorKind::TotpRequired);
        // 19 takes each code once, and one was used to switch it on: the next one is good already.
        let odoo = totp::with_codes(&builder, move |n| totp::code(&secret, 1 + n));
        let odoo = odoo.with_context(Context::new().tz("Europe/Paris")).connect().await.unwrap();
        assert_eq!(odoo.uid().get(), uid);
        let me = odoo.model("res.users").call("read").ids([uid]).arg("fields", ["login"]);
        assert_eq!(me.send::<serde_json::Value>().await.unwrap(), json!([{"id": uid, "login": odoo.user()}]));
        let again = server().session(odoo.session_id().unwrap()).connect().await.unwrap();
        assert_eq!(again.uid().get(), uid);
        again.log_out().await.unwrap();
    };
    finally(test, delete_user(&admin, uid)).await;
}
