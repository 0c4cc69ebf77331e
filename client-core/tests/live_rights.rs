//! What a user with fewer rights is told, against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name (an
//! administrator); skipped without `ODOO_URL`. The user is the test's own, and deleted also when it fails.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

#[path = "live_wires_support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use odoo_client::{Client, ErrorKind, WireKind};
use serde_json::{Value, json};

use support::{builder, delete_user, finally, make_key, make_user, name};

/// Runs a test as an ordinary user, over every wire that the server has.
async fn as_ordinary_user<T>(test: impl Fn(Client, Client) -> T + Send + Sync + 'static)
where
    T: Future<Output = ()> + Send,
{
    let Some(builder) = builder() else { return };
    let admin = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let login = name("rights");
    let user = make_user(&admin, &login, "rights of its own").await;
    let all = {
        let (admin, builder) = (admin.clone(), builder.user(login).password("rights of its own"));
        async move {
            let session = builder.clone().wire(WireKind::Session).connect().await.unwrap();
            test(admin.clone(), builder.clone().wire(WireKind::JsonRpc).connect().await.unwrap()).await;
            if session.version().major() >= 19 {
                let key = make_key(&session, "rights").await.key;
                test(admin.clone(), builder.api_key(key).wire(WireKind::Json2).connect().await.unwrap()).await;
            }
            test(admin, session).await;
        }
    };
    finally(all, delete_user(&admin, user)).await;
}

async fn fields(odoo: &Client, model: &'static str) -> BTreeMap<String, Value> {
    odoo.model(model).call("fields_get").arg("attributes", ["type"]).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn live_refused_and_unknown_fields_are_data() {
    as_ordinary_user(|admin, odoo| async move {
        let seen = fields(&odoo, "res.partner").await;
        let hidden: Vec<_> =
            fields(&admin, "res.partner").await.into_keys().filter(|field| !seen.contains_key(field)).take(2).collect();
        assert_eq!(hidden.len(), 2, "an ordinary user sees all");

        let read = async |fields: Value| {
            let call = odoo.model("res.partner").call("search_read").arg("domain", json!([])).arg("limit", 1);
            call.arg("fields", fields).send::<Value>().await.unwrap_err()
        };
        let error = read(json!(["name", hidden[0], hidden[1]])).await;
        assert_eq!((error.kind(), error.fields_model()), (ErrorKind::Access, Some("res.partner")), "{error}");
        // From 19 on one at a time.
        let named = if odoo.version().major() < 19 { 2 } else { 1 };
        assert_eq!(error.fields(), hidden[..named], "{error}");
        let remedy = error.remedy().unwrap();
        assert!(remedy.contains("derive(Record)") && remedy.contains("cargo xtask regen"), "{remedy}");

        let error = read(json!(["name", "gone", "lost"])).await;
        assert_eq!((error.kind(), error.fields(), error.fields_model()), unknown("gone"), "{error}");
        assert!(error.remedy().unwrap().contains("regen --check"), "{error}");

        let partners = odoo.model("res.partner");
        let error = partners
            .call("search")
            .arg("domain", json!([["parent_id.gone", "=", 1]]))
            .send::<Value>()
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.fields(), error.fields_model()), unknown("gone"), "{error}");
        let write = admin.model("res.partner").call("write").ids([1]).arg("vals", json!({"gone": 1}));
        let error = write.send::<bool>().await.unwrap_err();
        assert_eq!((error.kind(), error.fields(), error.fields_model()), unknown("gone"), "{error}");

        let error = odoo
            .model("ir.config_parameter")
            .call("search")
            .arg("domain", json!([]))
            .send::<Value>()
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.fields(), error.fields_model()), (ErrorKind::Access, vec![], None), "{error}");
    })
    .await;
}

fn unknown(field: &'static str) -> (ErrorKind, Vec<&'static str>, Option<&'static str>) {
    (ErrorKind::UnknownField, vec![field], Some("res.partner"))
}
