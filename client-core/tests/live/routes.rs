//! Routes: those of Odoo itself, and, on the server that `ODOO_ROUTES_URL` names, those of `auth_api_key` and of the addon in
//! `xtask/workspace/live/addons`. `cargo xtask live up 19` has such a server beside the other.

use std::time::Duration;

use crate::own::records::{Partner, Tag, clean_up, key_name, mark, on_every_wire};
use crate::own::skipped;
use odoo_client::client::WireKind;
use odoo_client::model::IrAttachment;
use odoo_client::ops::HttpMethod::{Get, Post, Put};
use odoo_client::{Client, ClientBuilder, Error, ErrorKind, Id, Model, Timestamp, Values};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// A builder for the server with the routes of tests, and the client of its administrator.
async fn routes() -> Option<(ClientBuilder, Client)> {
    let Ok(url) = std::env::var("ODOO_ROUTES_URL") else {
        skipped("ODOO_ROUTES_URL names no server with routes of the tests");
        return None;
    };
    let builder = Client::builder().url(url).database("routes").user("admin").password("admin");
    let admin = builder.clone().connect().await.unwrap();
    Some((builder, admin))
}

/// What the three routes answer to a client, each with its login as `HttpRequest` leaves it.
async fn stock(odoo: &Client) -> Result<Value, Error> {
    odoo.http(Get, "/live_routes/stock/A-1").query("lot", 7).send().await?.json().await
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_route_with_the_key_of_auth_api_key() {
    let Some((builder, admin)) = routes().await else { return };
    let mark = mark("auth_api_key");
    let key = format!("key-of-{}", std::process::id());
    clean_up(&admin.clone(), &["auth.api.key"], &mark.clone(), async move {
        let values = json!({"name": mark, "key": key, "user_id": admin.uid().get()});
        admin.model("auth.api.key").call("create").arg("vals_list", [values]).send::<Vec<i64>>().await.unwrap();
        for wire in [WireKind::JsonRpc, WireKind::Session] {
            let builder = builder.clone().wire(wire);
            let right = builder.clone().header("Api-Key", &*key).connect().await.unwrap();
            let expected = json!({"sku": "A-1", "login": "admin", "arguments": {"lot": "7"}});
            assert_eq!(stock(&right).await.unwrap(), expected);
            let one = builder.clone().connect().await.unwrap();
            let request = one.http(Get, "/live_routes/stock/A-1?lot=7").without_login().header("Api-Key", &*key);
            assert_eq!(request.send().await.unwrap().json::<Value>().await.unwrap(), expected);

            let missing = stock(&one).await.unwrap_err();
            let wrong = builder.header("Api-Key", "wrong-key-7").connect().await.unwrap();
            let wrong = stock(&wrong).await.unwrap_err();
            for error in [missing, wrong] {
                assert!(matches!(error.kind(), ErrorKind::AccessDenied | ErrorKind::Access), "{error}");
                assert_eq!(error.attempts(), 1);
                let shown = format!("{error} {error:?}");
                assert!(shown.contains("GET /live_routes/stock/A-1: "), "{shown}");
                assert!(!shown.contains("wrong-key-7") && !shown.contains("lot"), "{shown}");
            }
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_routes_with_a_bearer_key() {
    let Some((builder, admin)) = routes().await else { return };
    let keys = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let tomorrow = Timestamp::now() + Duration::from_secs(86_400);
    let key = keys.api_keys().create(&key_name(), Some(tomorrow)).await.unwrap();
    let id = key.id.unwrap();
    let outcome = tokio::spawn(async move {
        let bearer = format!("Bearer {}", key.key.expose_secret());
        // Over JSON-2 and, with an API key, over JSON-RPC the client's own key goes along.
        for wire in [WireKind::Json2, WireKind::JsonRpc] {
            let odoo = builder.clone().api_key(key.key.clone()).wire(wire).connect().await.unwrap();
            plain(&odoo).await;
            let order: Value = odoo.json_route("/live_routes/order").arg("number", "S-1").send().await.unwrap();
            assert_eq!(order, json!({"number": "S-1", "login": "admin", "arguments": {}}));
            let refused = odoo.json_route("/live_routes/order").arg("number", "refused").send::<Value>().await;
            let refused = refused.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::User, "{refused}");
            assert!(refused.to_string().starts_with("POST /live_routes/order: "), "{refused}");
        }
        let given = admin.http(Get, "/live_routes/echo").header("Authorization", &*bearer).send().await.unwrap();
        assert_eq!(given.json::<Value>().await.unwrap(), json!({"login": "admin", "arguments": {}}));
        for authorization in [None, Some("Bearer wrong-key-7")] {
            let plain = admin.http(Get, "/live_routes/echo").without_login();
            let order = admin.json_route("/live_routes/order").arg("number", "S-1").without_login();
            let (plain, order) = match authorization {
                Some(wrong) => (plain.header("Authorization", wrong), order.header("Authorization", wrong)),
                None => (plain, order),
            };
            for error in [plain.send().await.unwrap_err(), order.send::<Value>().await.unwrap_err()] {
                assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
                assert!(!format!("{error} {error:?}").contains("wrong-key-7"), "{error}");
                assert!(!error.may_have_executed(), "{error}");
            }
        }
    })
    .await;
    keys.api_keys().revoke([id]).await.unwrap();
    outcome.unwrap();
}

/// A route of `type="http"`, which echoes.
async fn plain(odoo: &Client) {
    let echo = |method| odoo.http(method, "/live_routes/echo");
    let sent: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let answer = echo(Put).header("Content-Type", "image/x-test").body(sent.clone()).send().await.unwrap();
    assert_eq!((answer.status(), answer.header("Content-Type")), (200, Some("image/x-test")));
    assert_eq!((answer.content_length(), answer.bytes().await.unwrap() == sent), (Some(3_000_000), true));
    let reader = std::io::Cursor::new(sent.clone());
    let mut answer = echo(Post).reader(2_000_000, reader).send().await.unwrap();
    let mut back = Vec::new();
    while let Some(piece) = answer.chunk().await.unwrap() {
        back.extend(piece);
    }
    assert!(back == sent[..2_000_000]);
    let json: Value = echo(Post).json(json!({"a": 1.5})).send().await.unwrap().json().await.unwrap();
    assert_eq!(json, json!({"a": 1.5}));

    let here: Value = echo(Get).query("refuse", "here").send().await.unwrap().json().await.unwrap();
    assert_eq!(here["arguments"], json!({"from": "here"}));
    for (refuse, kind, status) in
        [("access", ErrorKind::Access, 403), ("user", ErrorKind::User, 422), ("away", ErrorKind::Http, 303)]
    {
        let error = echo(Get).query("refuse", refuse).send().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)), "{error}");
        assert!(!error.may_have_executed() && !error.to_string().contains("secret"), "{error}");
    }
    let error = odoo.http(Get, "/live_routes/none").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Missing, Some(404)), "{error}");
    let error = odoo.json_route("/live_routes/none").send::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Missing, "{error}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_routes_of_odoo_itself() {
    on_every_wire(|odoo| async move {
        // For everybody, and for users of the inside.
        let version: Value = odoo.json_route("/web/webclient/version_info").send().await.unwrap();
        assert_eq!(version["server_version"], odoo.version().as_str());
        let info = odoo.json_route("/web/session/get_session_info").send::<Value>().await;
        if odoo.wire() == WireKind::Json2 {
            assert_eq!(info.unwrap_err().kind(), ErrorKind::SessionExpired);
            let error = odoo.http(Get, "/web").send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
            let error = odoo.download_stream(Id::new(1)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{error}");
            return;
        }
        assert_eq!(info.unwrap()["uid"], odoo.uid().get());
        // 18 and later redirect to `/odoo`.
        let page = match odoo.http(Get, "/web").send().await {
            // 16.0, when two ask at once for the first time: it makes the page's files, and finds those of the other.
            Err(error) if error.status() == Some(500) => odoo.http(Get, "/web").send().await,
            page => page,
        };
        assert!(page.unwrap().text().await.unwrap().contains("csrf_token"));
        let nowhere = odoo.http(Get, "/odoo-client/nowhere").send().await.unwrap_err();
        assert_eq!((nowhere.kind(), nowhere.status()), (ErrorKind::Missing, Some(404)), "{nowhere}");
        let nowhere = odoo.json_route("/odoo-client/nowhere").send::<Value>().await.unwrap_err();
        assert_eq!(nowhere.kind(), ErrorKind::Missing, "{nowhere}");
        // Without the token of a page.
        let forged = odoo.http(Post, "/web/binary/upload_attachment").form([("model", "res.partner")]).send().await;
        let forged = forged.unwrap_err();
        assert_eq!((forged.kind(), forged.may_have_executed()), (ErrorKind::User, false), "{forged}");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_attachments_go_both_ways_as_streams() {
    on_every_wire(|odoo| async move {
        let mark = mark("stream");
        clean_up(&odoo.clone(), &[IrAttachment::ODOO_NAME, Partner::ODOO_NAME], &mark.clone(), async move {
            let partner = odoo.create(Values::new().set(Partner::NAME, &*mark)).await.unwrap();
            let sent: Vec<u8> = (0..5_000_000_u32).map(|n| (n / 7).to_le_bytes()[0]).collect();
            let attached = odoo
                .attach_stream(partner, format!("{mark} é.bin"), 5_000_000, std::io::Cursor::new(sent.clone()))
                .await;
            if odoo.wire() == WireKind::Json2 {
                assert_eq!(attached.unwrap_err().kind(), ErrorKind::Config);
                return;
            }
            let attachment = attached.unwrap();
            let [file] = &odoo.attachments(partner).await.unwrap()[..] else { panic!("one file") };
            assert_eq!((file.id, &*file.name, file.size), (attachment, &*format!("{mark} é.bin"), 5_000_000));
            let mut pieces = odoo.download_stream(attachment).await.unwrap();
            assert_eq!(pieces.content_length(), Some(5_000_000));
            let mut came = Vec::new();
            while let Some(piece) = pieces.chunk().await.unwrap() {
                came.extend(piece);
            }
            assert!(came == sent && odoo.download(attachment).await.unwrap() == sent);

            let error = odoo.download_stream(Id::new(999_999_999)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Missing, "{error}");
            let short = odoo.attach_stream(partner, "short", 10, std::io::Cursor::new(b"five".to_vec())).await;
            let short = short.unwrap_err();
            assert!(short.to_string().contains("ended 6 bytes too early"), "{short}");
            let none = odoo.attach_stream(Id::<Tag>::new(999_999_999), "none", 4, std::io::Cursor::new(*b"five")).await;
            // 14 attaches it all the same.
            if let Ok(stray) = none {
                odoo.delete(stray).await.unwrap();
            }
        })
        .await;
    })
    .await;
}
